"""Exposure and infrastructure in a real Chromium: asked, read on map and tables, also on a phone; no violation axe can see."""

from pathlib import Path

import pytest
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from playwright.sync_api import Page, expect

from tenants.models import Tenant
from tenants.roles import Role
from tests.browser.conftest import Check, Shot
from tests.browser.test_plans import sign_in
from tests.factories.tenants import TenantFactory, member
from tests.twin.usecases.exposure.conftest import box, sample
from twin.analysis import tasks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_water_authority_sees_who_is_affected(
    desktop: Page, phone: Page, tmp_path: Path, axe: Check, screenshot: Shot, address: str
) -> None:  # fmt: skip
    around = MultiPolygon(GEOSGeometry(box(0, 0, 100, 100).wkt, srid=25833), srid=25833)
    town: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140", boundary=around)
    data = sample(town, tmp_path)
    sign_in(desktop, member(town, Role.PLANNER), address)
    desktop.goto("/analysen/")
    desktop.click("main >> text=Betroffenheit: wer und was im Wasser steht")
    axe(desktop)
    screenshot(desktop, "exposure-form")
    for name, dataset in data.items():
        desktop.select_option(f"[name={name}]", dataset)
    desktop.fill("[name=inhabitants]", "460")
    desktop.click("button:has-text('Rechnen')")
    tasks.take_turn(tenant_id=town.pk, job_id=0)
    desktop.wait_for_selector("[data-kz-features-map]:not([data-drawn='0'])")  # by itself
    desktop.wait_for_load_state("networkidle")  # tiles that come move what is below the map
    desktop.hover("tr[data-kz-feature=e1]")
    expect(desktop.locator("tr[data-kz-feature=e1][aria-current]")).to_have_count(1)
    expect(desktop.locator("main")).to_contain_text("Zwischen 34.000 und 130.000 EUR")
    axe(desktop)
    screenshot(desktop, "exposure-result")
    desktop.click("button:has-text('Veröffentlichen')")
    phone.goto(desktop.url)
    phone.wait_for_selector("[data-kz-features-map]:not([data-drawn='0'])")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(phone)
    screenshot(phone, "exposure-phone")
    # who reaches the facilities, today and with this water on the roads
    desktop.goto("/analysen/")
    desktop.click("main >> text=Infrastruktur: wer was wie schnell erreicht")
    axe(desktop)
    for name in ("facilities", "roads", "raster"):
        desktop.select_option(f"[name={name}]", data[name])
    desktop.select_option("[name=homes]", data["buildings"])
    desktop.click("button:has-text('Rechnen')")
    tasks.take_turn(tenant_id=town.pk, job_id=0)
    desktop.wait_for_selector("[data-kz-features-map]:not([data-drawn='0'])")
    desktop.wait_for_load_state("networkidle")  # tiles that come move what is below the map
    desktop.hover("tr[data-kz-feature=e1]")
    expect(desktop.locator("tr[data-kz-feature=e1][aria-current]")).to_have_count(1)
    axe(desktop)
    screenshot(desktop, "infrastructure-result")
