"""Plan information in a real Chromium: asked by map, by numbers and by a file; no violation axe can see."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.urls import reverse
from playwright.sync_api import Page, expect

from planning.models import Address, CaptureStatement, Plan
from tenants.models import Tenant
from tenants.roles import Role
from tenants.scope import acting_for
from tests.browser.conftest import Check, Shot
from tests.browser.test_lifecycle import fits
from tests.browser.test_plans import sign_in
from tests.factories.planning import add_object, make_plan, square
from tests.factories.tenants import TenantFactory, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAVE = "main form .kz-form__actions button.kern-btn--primary"
X, Y = 397_000, 5_676_500  # the middle of the county, where the map opens


@pytest.fixture
def town() -> Tenant:
    found: Tenant = TenantFactory.create(
        name="Meißen",
        slug="meissen",
        ags="14627140",
        boundary=MultiPolygon(square(X - 20_000, Y - 20_000, size=40_000), srid=25833),
    )
    with acting_for([found.pk], [found.pk]):
        CaptureStatement.objects.create(tenant=found, kind="bp", captured="partly", as_of=date(2026, 1, 31), note="Pläne vor 1990 fehlen.")  # fmt: skip
    return found


@pytest.fixture
def plans(town: Tenant) -> tuple[Plan, Plan]:
    """A plan over everything, and a repeal of its western half."""
    old = _plan(town, square(X - 20_000, Y - 20_000, size=40_000), name="Am Weinberg")
    new = _plan(
        town,
        square(X - 20_000, Y - 20_000, size=19_950),
        name="Teilaufhebung Am Weinberg",
        amends=old,
        amendment="repeal",
    )
    return old, new


def _plan(town: Tenant, area: GEOSGeometry, **columns: Any) -> Plan:
    plan = make_plan(
        town,
        public=True,
        area=MultiPolygon(area, srid=25833),
        legal_status="4000",
        valid_from=date(2015, 3, 4),
        **columns,
    )
    version = plan.current_version
    assert version is not None
    with acting_for([town.pk], [town.pk]):
        add_object(
            version, 1, geometry=area, flaechenschluss=True, rechtscharakter="1000", gml_id=f"WA_{plan.pk}"
        )
    return plan


def test_somebody_asks_by_the_map(
    desktop: Page, plans: tuple[Plan, Plan], axe: Check, screenshot: Shot
) -> None:
    old, _new = plans
    desktop.goto(reverse("planning:auskunft"))
    desktop.wait_for_selector("[data-kz-anchor][data-drawn]")
    axe(desktop)
    screenshot(desktop, "auskunft-frage")
    desktop.locator("[data-map-view]").focus()
    for _step in range(2):  # from the whole county the map comes closer first
        desktop.keyboard.press("Enter")
        expect(desktop.locator("[data-map-status]")).to_contain_text("die Karte ist näher gekommen")
        assert desktop.locator("[name=umriss]").input_value() == ""
    desktop.keyboard.press("Enter")  # the crosshair's place
    desktop.click("main form button.kern-btn--primary")
    desktop.wait_for_selector(f"[data-plan='{old.public_id}']")
    assert "punkt=" in desktop.url
    expect(desktop.locator(f"[data-provision='WA_{old.pk}']")).to_be_visible()
    desktop.wait_for_selector("[data-kz-anchor][data-drawn]")
    axe(desktop)
    screenshot(desktop, "auskunft-antwort")


def test_a_parcel_from_a_file_on_a_phone(
    phone: Page, plans: tuple[Plan, Plan], axe: Check, screenshot: Shot, tmp_path: Path
) -> None:
    old, new = plans
    file = tmp_path / "flurstueck.geojson"
    file.write_text(
        str(shapely.to_geojson(shapely.box(X - 20_000 + 19_930, Y - 100, X - 20_000 + 19_970, Y - 75)))
    )
    phone.goto(f"{reverse('planning:auskunft')}?ort=meissen")
    phone.set_input_files("input[type=file]", [file])
    phone.click("main form button.kern-btn--primary")
    phone.wait_for_selector(f"[data-plan='{old.public_id}']")
    expect(phone.locator("article[data-plan]")).to_have_count(2)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(phone)
    screenshot(phone, "auskunft-flurstueck-phone")
    with phone.expect_response(lambda response: response.request.method == "POST") as sent:
        phone.click("button[name=f][value=json]")
    assert {each["id"] for each in sent.value.json()["plans"]} == {str(old.public_id), str(new.public_id)}


def test_numbers_the_wrong_way_round_are_proposed(
    phone: Page, plans: tuple[Plan, Plan], axe: Check, screenshot: Shot
) -> None:
    phone.goto(reverse("planning:auskunft"))
    phone.fill("[name=suche]", f"{Y} {X}")
    phone.click("main form button.kern-btn--primary")
    expect(phone.locator("[data-kz-error-summary]")).to_contain_text(f"{X}, {Y}")
    axe(phone)
    screenshot(phone, "auskunft-vertauscht-phone")


def test_the_register(
    desktop: Page, phone: Page, plans: tuple[Plan, Plan], axe: Check, screenshot: Shot
) -> None:
    for page, name in ((desktop, "register"), (phone, "register-phone")):
        page.goto(reverse("planning:registers"))
        axe(page)
        page.goto(reverse("planning:register", args=["meissen"]))
        expect(page.locator("tr[data-plan]")).to_have_count(2)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        axe(page)
        screenshot(page, name)


def test_columns_of_own_addresses_are_chosen_on_a_phone(
    phone: Page, address: str, town: Tenant, axe: Check, screenshot: Shot
) -> None:
    sign_in(phone, member(town, Role.MUNICIPAL_ADMIN), address)
    phone.goto(reverse("planning:addresses"))
    axe(phone)
    text = f"Gasse;Nr;R;H\nMarkt;1;{X};{Y}\nMarkt;2;{X};west\n"
    phone.set_input_files("main [name=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": text.encode()})  # fmt: skip
    phone.click(SAVE)
    expect(phone.locator("#preview ~ * td")).to_have_count(8)
    for field, column in (("street", "Gasse"), ("easting", "R"), ("northing", "H")):
        phone.select_option(f"main [name={field}]", column)
    phone.click(SAVE)
    phone.wait_for_selector("#faults")
    assert fits(phone)
    axe(phone)
    screenshot(phone, "address-columns-phone")
    phone.check("main [name=skip]")
    phone.click(SAVE)
    phone.wait_for_selector("main .kern-alert--success")
    axe(phone)
    assert [(one.street, one.number) for one in Address.objects.all()] == [("Markt", "1")]


def test_the_list_of_towns_uses_the_width_of_the_page(desktop: Page, address: str) -> None:
    TenantFactory.create_batch(8)
    desktop.goto(reverse("planning:registers"))
    edges = desktop.locator(".kz-towns a").evaluate_all("links => links.map(link => Math.round(link.getBoundingClientRect().x))")  # fmt: skip
    assert len(set(edges)) > 1
