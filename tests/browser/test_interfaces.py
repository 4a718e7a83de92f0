"""The interfaces' pages for people: a table and a map in step, readable on a phone, without a fault of accessibility."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Check, Shot
from tests.factories.catalogue import make_dataset
from tests.factories.tenants import TenantFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_features_are_shown_in_table_and_map(
    desktop: Page, phone: Page, axe: Check, screenshot: Shot
) -> None:
    make_dataset(TenantFactory.create(slug="stadt", name="Stadt"), public=True, features=30, slug="baeume")
    for page, name in ((desktop, "desktop"), (phone, "phone")):
        page.goto("/ogc/collections/stadt.baeume/items")
        expect(page.locator("[data-kz-features-map]")).to_have_attribute("data-drawn", "25")
        expect(page.get_by_role("status").first).to_have_text("25 von 30 Objekten")
        row = page.locator('[data-kz-feature="3"]')
        row.hover()
        expect(row).to_have_attribute("aria-current", "")
        axe(page)
        screenshot(page, f"interfaces-items-{name}")
    desktop.get_by_role("link", name="Weitere Objekte").click()
    expect(desktop.locator("tbody tr")).to_have_count(5)
    for path in (
        "/ogc/",
        "/ogc/collections",
        "/ogc/collections/stadt.baeume",
        "/ogc/collections/stadt.baeume/tiles",
        "/ogc/api",
    ):
        desktop.goto(path)
        axe(desktop)
        screenshot(desktop, f"interfaces{path.replace('/', '-')}")
