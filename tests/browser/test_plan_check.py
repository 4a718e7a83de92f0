"""Plan check in a real Chromium: from the plan's page to hints on the map and the checklist; no violation axe can see."""

import pytest
from playwright.sync_api import Page, expect

from tenants.models import Tenant
from tenants.roles import Role
from tests.browser.conftest import Check, Shot
from tests.browser.test_plans import sign_in
from tests.factories.tenants import TenantFactory, county, member
from tests.twin.usecases.plan_check.conftest import FLOODED, area, areas, village
from twin.analysis import tasks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_planner_checks_a_plan(
    desktop: Page, phone: Page, axe: Check, screenshot: Shot, address: str
) -> None:
    town: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    areas(county(), "floodplain", area(*FLOODED), public=True, title="Überschwemmungsgebiet Elbe")
    areas(town, "landscape", area(300, 0, 400, 100), title="Elbtal")
    plan = village(town, number="7/26", name="Am Weinberg")
    sign_in(desktop, member(town, Role.PLANNER), address)
    desktop.goto(plan.get_absolute_url())
    desktop.click("text=Prüfhinweise zur Bauleitplanung: zu diesem Plan fragen")
    expect(desktop.locator("[name=plan]")).to_have_value(str(plan.public_id))
    axe(desktop)
    screenshot(desktop, "plan-check-form")
    desktop.fill("[name=near]", "nah")
    desktop.click("button:has-text('Rechnen')")
    expect(desktop.locator("[data-kz-error-summary]")).to_contain_text("Zahl")
    desktop.fill("[name=near]", "50")
    desktop.click("button:has-text('Rechnen')")
    desktop.wait_for_selector("[data-kz-job]")
    tasks.take_turn(tenant_id=town.pk, job_id=0)
    desktop.wait_for_selector("[data-kz-features-map][data-drawn='4']")  # by itself
    expect(desktop.locator("tr[data-kz-feature=h1]")).to_contain_text("steht entgegen")
    desktop.hover("tr[data-kz-feature=h1]")
    expect(desktop.locator("tr[data-kz-feature=h1][aria-current]")).to_have_count(1)
    axe(desktop)
    screenshot(desktop, "plan-check-result")
    desktop.click("button:has-text('Veröffentlichen')")
    phone.goto(desktop.url)
    phone.wait_for_selector("[data-kz-features-map][data-drawn='4']")
    expect(phone.locator("main")).to_contain_text("Nr. 9")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(phone)
    screenshot(phone, "plan-check-phone")
