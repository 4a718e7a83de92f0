"""A hint map in a real Chromium: asked, read on the map with both its legends; no violation axe can see."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tenants.models import Tenant
from tenants.roles import Role
from tests.browser.conftest import Check, Shot
from tests.browser.test_plans import sign_in
from tests.factories import elevation
from tests.factories.tenants import TenantFactory, member
from tests.twin.hydro import conftest as compiled
from twin.analysis import tasks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["compiled"]


def test_a_planner_sees_where_water_gathers_and_runs(
    desktop: Page, phone: Page, tmp_path: Path, axe: Check, screenshot: Shot, address: str
) -> None:  # fmt: skip
    town: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    elevation.model(town, tmp_path)
    sign_in(desktop, member(town, Role.PLANNER), address)
    desktop.goto("/analysen/")
    desktop.click("main >> text=Senken und Fließwege")
    axe(desktop)
    desktop.select_option("[name=elevation]", label="Geländemodell (Meißen)")
    desktop.fill("[name=catchment]", "0,1")
    desktop.click("button:has-text('Rechnen')")
    tasks.take_turn(tenant_id=town.pk, job_id=0)
    desktop.wait_for_selector(
        "[data-kz-features-map][data-rasters-shown='1']:not([data-drawn='0'])"
    )  # by itself
    desktop.hover("tr[data-kz-feature=s1]")
    expect(desktop.locator("tr[data-kz-feature=s1][aria-current]")).to_have_count(1)
    axe(desktop)
    screenshot(desktop, "flow-paths-result")
    desktop.click("button:has-text('Veröffentlichen')")
    phone.goto(desktop.url)
    phone.wait_for_selector("[data-kz-features-map][data-rasters-shown='1']")
    expect(phone.locator("main")).to_contain_text("Fließweg, Einzugsgebiet 0,1–1 ha")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(phone)
    screenshot(phone, "flow-paths-phone")
