"""The report of a check in a real Chromium: from the finding to its spot on the map and back, check again, compare; phone first."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from planning import tasks, validating
from planning.importing import Order, import_file
from planning.models import Plan, PlanVersion
from tenants.models import Tenant
from tenants.roles import Role
from tenants.scope import acting_for, working_for
from tests.browser.conftest import Check, Shot
from tests.browser.test_plans import sign_in, tenant
from tests.factories import xplanung as samples
from tests.factories.tenants import member
from tests.tenants.test_jobs import queue

__all__ = ["queue", "tenant"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

V = "6.0"


def square(x: int, y: int, *, size: int = 30) -> str:
    corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)]
    return " ".join(f"{east} {north}" for east, north in corners)


def zones(count: int) -> list[str]:
    """Areas beside each other that each break rules; every third also refers to nothing."""
    return [
        samples.area(
            V,
            gml_id=f"BT_{number}",
            geometry=samples.polygon(square(400_000 + 33 * (number % 3), 5_660_000 + 33 * (number // 3 % 3)), gml_id=f"P_{number}"),
            bereich_id="GONE" if number % 3 == 0 else "PLAN_1_B",
        ).replace("<xplan:flaechenschluss>true", "<xplan:flaechenschluss>false")
        for number in range(2, count + 2)
    ]  # fmt: skip


def delivered(tenant: Tenant, folder: object, *areas: str) -> Plan:
    """A file with these areas, imported; its full check is still to come."""
    path = folder / "plan.gml"  # type: ignore[operator]
    path.write_bytes(samples.document(V, samples.plan(V), samples.bereich(V), *areas))
    with working_for([tenant.pk], [tenant.pk]):
        (report,) = import_file(path, name="plan.gml", order=Order(tenant, None))
        assert report.ok, report.findings
    (plan,) = report.plans
    return plan


def check(plan: Plan) -> None:
    """What the worker does."""
    with acting_for([plan.tenant_id]):
        version = PlanVersion.objects.filter(plan=plan).order_by("-number")[0]
        job = validating.latest_job(version)
    assert job is not None
    tasks.check_version(tenant_id=plan.tenant_id, job_id=job.pk)


def test_planner_follows_the_check_to_the_spot_of_a_finding(
    desktop: Page, address: str, tenant: Tenant, axe: Check, screenshot: Shot, queue: str, tmp_path: object
) -> None:
    plan = delivered(tenant, tmp_path, *zones(20))
    sign_in(desktop, member(tenant, Role.PLANNER), address)
    desktop.goto(reverse("planning:findings", args=[plan.public_id]))
    desktop.wait_for_selector("[data-kz-job]")
    axe(desktop)
    screenshot(desktop, "report-running")
    check(plan)  # the page learns of it by itself
    desktop.wait_for_selector("[data-kz-findings-map][data-drawn='27']")
    axe(desktop)
    assert desktop.inner_text(".ol-scale-line-inner").endswith(" m")  # the plan, not the county
    screenshot(desktop, "report")
    expect(desktop.locator("[data-repeated] [data-kz-show]").first).to_be_hidden()
    desktop.locator("[data-repeated] summary").first.focus()
    desktop.keyboard.press("Enter")
    axe(desktop)
    screenshot(desktop, "report-repeated")
    link = desktop.locator("[data-kz-show]").first
    chosen = link.get_attribute("data-kz-show")
    link.focus()
    desktop.keyboard.press("Enter")
    desktop.wait_for_selector(f"[data-kz-findings-map][data-chosen='{chosen}']")
    expect(desktop.locator(f"[data-kz-finding='{chosen}']")).to_have_attribute("aria-current", "true")
    expect(desktop.locator("[data-map-info]")).to_be_visible()
    assert desktop.evaluate("document.activeElement.hasAttribute('data-map-view')")
    desktop.wait_for_timeout(600)  # the map moves for a quarter of a second
    axe(desktop)
    screenshot(desktop, "report-spot")
    desktop.locator("[data-map-info] a").first.click()
    desktop.wait_for_url(f"**#finding-{chosen}")
    desktop.select_option("select[name=stage]", "references")
    desktop.wait_for_url("**stage=references**")
    rules = desktop.locator("[data-rule]").evaluate_all("rows => rows.map(row => row.dataset.rule)")
    assert set(rules) == {"reference.unresolved"}


def test_report_and_comparison_on_a_phone(
    phone: Page, address: str, tenant: Tenant, axe: Check, screenshot: Shot, queue: str, tmp_path: object
) -> None:
    plan = delivered(tenant, tmp_path, *zones(3))
    check(plan)
    delivered(tenant, tmp_path, *zones(5)[1:])
    check(plan)
    sign_in(phone, member(tenant, Role.PLANNER), address)
    pages = {
        "report-phone": reverse("planning:findings", args=[plan.public_id]),
        "report-comparison-phone": reverse("planning:findings_compared", args=[plan.public_id]),
    }
    for name, url in pages.items():
        phone.goto(url)
        if phone.locator("[data-kz-findings-map]").count():
            phone.wait_for_selector("[data-kz-findings-map][data-drawn]")
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        axe(phone)
        screenshot(phone, name)
    phone.goto(pages["report-phone"])
    phone.wait_for_selector("[data-kz-findings-map][data-drawn]")
    phone.locator("[data-repeated] summary").last.tap()
    phone.locator("[data-repeated] [data-kz-show]").last.tap()
    phone.wait_for_selector("[data-chosen]")
    phone.wait_for_timeout(600)
    assert phone.evaluate(
        "document.querySelector('[data-map-view]').getBoundingClientRect().top < innerHeight"
    )
    screenshot(phone, "report-spot-phone")
