"""The county's analyst reads the cockpit: target, map, use cases, down to one municipality and back."""

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from tenants.models import Tenant
from tenants.roles import Role
from tenants.scope import acting_for
from tests.browser.conftest import Check, Shot
from tests.browser.journey import sign_in
from tests.factories.indicators import CountySnapshotFactory, MunicipalitySnapshotFactory
from tests.factories.tenants import TenantFactory, county, member
from twin.indicators.formulas import Month
from twin.indicators.models import Target

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIGURES = {
    "municipalities": 3,
    "use_year_reached": 2,
    "onboarded": 3,
    "trained": 2,
    "delivery_reached": 0,
    "delivery_by_county": 1,
    "pairs": 3,
    "pairs_year_before": 2,
    "use_cases": 1,
    "cross_municipal": 1,
}


@pytest.fixture
def kreis() -> Tenant:
    """Eight months, three municipalities side by side, one target."""
    found = county()
    towns = [
        TenantFactory.create(
            name=name,
            boundary=MultiPolygon(Polygon.from_bbox((west, 5_660_000, west + 9_000, 5_670_000)), srid=25833),
        )
        for name, west in (("Ahausen", 380_000), ("Bedorf", 390_000), ("Cehain", 400_000))
    ]
    now, ids = Month.containing(timezone.now()), [found.pk, *(town.pk for town in towns)]
    with acting_for(ids, ids):
        for back in range(8):
            month = str(now.back(back))
            CountySnapshotFactory.create(tenant=found, month=month, use_reached=1 + (back < 4), **FIGURES)
            for number, town in enumerate(towns):
                MunicipalitySnapshotFactory.create(
                    tenant=town,
                    month=month,
                    use_missing=["users"] if number > (back < 4) else [],
                    use_cases=["heavy-rain"],
                )
        Target.objects.create(tenant=found, indicator="use", percent=90, months=24, start=str(now.back(3)))
    return found


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_analyst_reads_the_cockpit(
    size: str, kreis: Tenant, request: pytest.FixtureRequest, axe: Check, screenshot: Shot
) -> None:
    page: Page = request.getfixturevalue(size)
    sign_in(page, member(kreis, Role.COUNTY_ANALYST))
    page.goto(reverse("cockpit"))
    expect(page.locator("#use")).to_contain_text("3 von 3")
    expect(page.locator("[data-kz-features-map]")).to_have_attribute("data-drawn", "3")
    axe(page)
    screenshot(page, f"cockpit-{size}")
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0
    page.select_option("#map", "delivery")
    page.locator(".kz-filter button").click()
    expect(page.locator("#map")).to_have_value("delivery")
    row = page.locator("tr", has=page.get_by_role("link", name="Cehain"))
    expect(row).to_contain_text("Zu wenige")
    row.get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Cehain")
    axe(page)
    screenshot(page, f"cockpit-town-{size}")
