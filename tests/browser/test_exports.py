"""Downloads of a plan and its way into the state's portal, in a real Chromium."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tenants.models import Tenant
from tenants.roles import Role
from tests.browser.conftest import PHONE, Check, Shot
from tests.browser.test_plans import sign_in
from tests.factories.planning import make_plan
from tests.factories.tenants import TenantFactory, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_planner_keeps_the_portal_s_address(
    desktop: Page, address: str, axe: Check, screenshot: Shot
) -> None:
    tenant: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    plan = make_plan(tenant, public=True, objects=3)
    sign_in(desktop, member(tenant, Role.PLANNER), address)
    desktop.goto(plan.get_absolute_url())
    desktop.click(f"a[href='{reverse('planning:portal', args=[plan.public_id])}']")
    axe(desktop)
    screenshot(desktop, "landesportal")
    desktop.fill("[name=portal_url]", "https://portal.example.org/plan/7")
    desktop.click("main form button.kern-btn--primary")
    expect(desktop.locator("a[href='https://portal.example.org/plan/7']")).to_be_visible()
    desktop.set_viewport_size(PHONE)
    desktop.wait_for_selector("[data-drawn]")
    assert desktop.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(desktop)
    screenshot(desktop, "plan-downloads-phone")
