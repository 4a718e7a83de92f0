"""The catalogue in a real Chromium: search, narrow, look at the map, read an entry; no violation axe can see."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Page, expect

from tenants.models import Tenant
from tenants.roles import Role
from tenants.scope import acting_for
from tests.browser.conftest import Check, Shot
from tests.browser.test_plans import sign_in
from tests.factories.catalogue import make_dataset
from tests.factories.records import BARE, make_record
from tests.factories.tenants import TenantFactory, member
from twin.catalogue.models import Record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town() -> Tenant:
    cache.clear()
    found: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    make_record(found, "Baumkataster")
    make_record(found, "Radverkehrsnetz", themes=["TRAN"], description="Wege " * 80, licence="cc-zero")
    make_record(found, "Stadtplan", kind="service", themes=["REGI"], service={"type": "WMS", "url": "https://example.org/wms", "layer": "plan"}, distributions=[])  # fmt: skip
    make_record(found, "Ohne alles", **BARE)
    return found


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_search_narrows_by_choice_and_by_map(
    desktop: Page, town: Tenant, axe: Check, screenshot: Shot
) -> None:
    desktop.goto(reverse("catalogue:records"))
    desktop.wait_for_selector("[data-drawn='3']")
    expect(desktop.locator("[data-kz-record]")).to_have_count(4)
    axe(desktop)
    screenshot(desktop, "catalogue")
    desktop.select_option("select[name=theme]", "TRAN")  # sends itself
    expect(desktop.locator("[data-kz-record]")).to_have_count(1)
    desktop.click("text=Zurücksetzen")
    desktop.wait_for_selector("[data-drawn='3']")
    desktop.click("[data-map-search-here] button")
    desktop.wait_for_url("**bbox=**")
    expect(desktop.locator("[data-kz-record]")).to_have_count(3)
    desktop.wait_for_selector("[data-drawn='3']")
    desktop.focus("[data-map-view]")
    desktop.keyboard.press("Enter")
    axe(desktop)
    desktop.click("text=überall suchen")
    expect(desktop.locator("[data-kz-record]")).to_have_count(4)


def test_entry_says_what_there_is_and_where(
    desktop: Page, phone: Page, town: Tenant, axe: Check, screenshot: Shot
) -> None:
    with acting_for([town.pk]):
        addresses = {row.title: row.get_absolute_url() for row in Record.objects.all()}
    for page, name in ((desktop, "catalogue-entry"), (phone, "catalogue-entry-phone")):
        page.goto(addresses["Baumkataster"])
        page.wait_for_selector("[data-drawn]")
        axe(page)
        screenshot(page, name)
        assert fits(page)
    desktop.goto(addresses["Ohne alles"])
    axe(desktop)
    phone.goto(reverse("catalogue:records"))
    phone.wait_for_selector("[data-drawn]")
    axe(phone)
    screenshot(phone, "catalogue-phone")
    assert fits(phone)


def test_town_describes_its_own_data(
    desktop: Page, town: Tenant, address: str, axe: Check, screenshot: Shot
) -> None:
    dataset = make_dataset(town, title="Spielplätze", public=True)
    with acting_for([town.pk]):
        record = Record.objects.get(dataset=dataset)
    sign_in(desktop, member(town, Role.PLANNER), address)
    desktop.goto(record.get_absolute_url())
    desktop.click("text=Beschreibung ändern")
    axe(desktop)
    screenshot(desktop, "catalogue-describe")
    desktop.fill("textarea[name=description]", "Alle Spielplätze der Stadt.")
    desktop.check("input[value=SOCI]")
    desktop.select_option("select[name=licence]", "")
    desktop.click("main form button.kern-btn--primary")
    expect(desktop.locator("main")).to_contain_text("Öffentliche Daten brauchen eine Lizenz.")
    axe(desktop)
    desktop.select_option("select[name=licence]", "cc-by/4.0")
    desktop.click("main form button.kern-btn--primary")
    expect(desktop.locator("main")).to_contain_text("Alle Spielplätze der Stadt.")
    axe(desktop)
