"""The legal procedure in a real Chromium: a planner records a publication too short, corrects it, freezes a Fassung, reads board and dates."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from planning import recording
from planning.models import Plan, ProcedureStep
from planning.recording import StepData
from planning.steps import Standing
from tenants.models import Tenant, User
from tenants.permissions import reach
from tenants.roles import Role
from tenants.scope import acting_for, within
from tests.browser.conftest import Check, Shot
from tests.browser.test_plans import sign_in
from tests.factories.planning import make_plan
from tests.factories.tenants import TenantFactory, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    return found


@pytest.fixture
def planner(tenant: Tenant) -> User:
    return member(tenant, Role.PLANNER)


def enter(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        one = page.locator(f"main [name={name}]")
        if one.evaluate("node => node.tagName") == "SELECT":
            one.select_option(value)
        else:
            one.fill(value)


def send(page: Page) -> None:
    page.click("main form button.kern-btn--primary")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_planner_follows_a_publication_on_the_timeline(
    desktop: Page, address: str, tenant: Tenant, planner: User, axe: Check, screenshot: Shot
) -> None:
    plan = make_plan(tenant, legal_status="", dates={"aufstellungsbeschlussDatum": ["2026-01-20"]})
    sign_in(desktop, planner, address)
    desktop.goto(plan.get_absolute_url())
    desktop.click(f"a[href='{reverse('planning:lifecycle', args=[plan.public_id])}']")
    # what the file alone states is confirmed
    hearsay = desktop.locator("[data-step=initiation]")
    hearsay.locator("a[href*='kind=initiation']").click()
    axe(desktop)
    enter(desktop, number="7/26", body="Stadtrat")
    send(desktop)
    # a publication too short, on the way to the next step
    desktop.click("[data-next=draft_decision] a")
    enter(desktop, on="2026-02-10")
    send(desktop)
    desktop.click("[data-next=publication] a")
    enter(desktop, on="2026-03-02", until="2026-03-20", announced_on="2026-02-20")
    send(desktop)
    expect(desktop.locator("[data-step=publication] [data-problem=too_short]")).to_be_visible()
    expect(desktop.locator("[data-next=weighing]")).to_be_visible()
    expect(desktop.locator("[data-next=publication]")).to_have_count(0)  # once is enough
    axe(desktop)
    screenshot(desktop, "plan-lifecycle-too-short")
    # corrected, with a reason; the history keeps the first
    desktop.click("[data-step=publication] a[href*='/schritte/']:not([href$='/dokument/'])")
    enter(desktop, until="2026-04-02", reason="Die Frist wurde verlängert.")
    axe(desktop)
    send(desktop)
    expect(desktop.locator("[data-step=publication]")).to_be_visible()
    expect(desktop.locator("[data-problem=too_short]")).to_have_count(0)
    desktop.click("[data-step=publication] a[href*='/schritte/']:not([href$='/dokument/'])")
    expect(desktop.locator("[data-revision]")).to_have_count(2)
    axe(desktop)
    screenshot(desktop, "plan-step-history")
    desktop.go_back()
    # the newest version becomes the draft, and is frozen
    enter(desktop, kind="draft", dated_on="2026-02-10")
    send(desktop)
    desktop.click("[data-fassung=draft] button")
    expect(desktop.locator("[data-fassung=draft] .kern-badge--success")).to_be_visible()
    axe(desktop)
    screenshot(desktop, "plan-lifecycle")
    with acting_for([tenant.pk]):
        assert Plan.objects.get().standing == Standing.PUBLISHED
        assert ProcedureStep.objects.filter(kind="publication").count() == 2


def test_board_dates_and_calendar_address_on_a_phone(
    phone: Page, desktop: Page, address: str, tenant: Tenant, planner: User, axe: Check, screenshot: Shot
) -> None:
    plans = [make_plan(tenant, legal_status="", plan_type="FP" if number == 7 else "BP") for number in range(8)]  # fmt: skip
    kinds = ["initiation", "early_public", "draft_decision", "publication", "adoption", "announcement"]
    with within(reach(planner).scope):
        for number, plan in enumerate(plans):
            for month, kind in enumerate(kinds[: 1 + number % len(kinds)]):
                until = date(2026, month + 2, 27) if kind in ("early_public", "publication") else None
                step = StepData(kind, date(2026, month + 1, 20), until=until)
                recording.record_step(plan, step, actor=planner)
    sign_in(phone, planner, address)
    sign_in(desktop, planner, address)
    pages = {
        "plan-board": reverse("planning:board"),
        "plan-board-one": reverse("planning:board") + "?standing=initiated",
        "plan-agenda": reverse("planning:agenda") + "?month=2026-04",
        "plan-calendar-address": reverse("planning:calendar_address"),
        "plan-lifecycle": reverse("planning:lifecycle", args=[plans[5].public_id]),
    }
    for name, url in pages.items():
        phone.goto(url)
        assert fits(phone), name
        axe(phone)
        screenshot(phone, f"{name}-phone")
    phone.goto(pages["plan-board"])
    phone.locator("[data-kind=FP]").tap()
    phone.wait_for_url("**plan_type=FP**")
    expect(phone.locator("[data-plan]")).to_have_count(1)
    desktop.goto(pages["plan-board"])
    expect(desktop.locator("[data-standing=initiated] [data-plan]")).to_have_count(2)
    expect(desktop.locator("[data-standing=in_force] [data-plan]")).to_have_count(1)
    axe(desktop)
    screenshot(desktop, "plan-board")
    desktop.goto(pages["plan-calendar-address"])
    send(desktop)
    expect(desktop.locator("[data-feed]")).to_be_visible()
    axe(desktop)
    desktop.goto(pages["plan-agenda"])
    axe(desktop)
    screenshot(desktop, "plan-agenda")
