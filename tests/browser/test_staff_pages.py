"""The ground's staff pages in a real browser: signing in by keyboard and button, every page without a violation that axe sees."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tenants import services
from tenants.models import Job, JobState, OutboxMessage, Tenant, User
from tenants.roles import FOR_COUNTY, FOR_MUNICIPALITY, Role
from tenants.scope import acting_for
from tests.browser.conftest import Check, Shot
from tests.factories.tenants import TenantFactory, county, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"
SQUEEZED = "[...document.querySelectorAll('.kern-btn:has(.kern-label > .kern-sr-only)')].filter(one => one.clientWidth <= 48).length"  # fmt: skip


def sign_in(page: Page, person: User) -> None:
    page.goto(reverse("account_login"))
    page.fill("[name=login]", person.email)
    page.fill("[name=password]", PASSWORD)
    page.click("form.kz-form button[type=submit]")
    page.wait_for_url(f"**{reverse('work')}")


def town_with_people() -> tuple[Tenant, User]:
    town = TenantFactory.create(name="Meißen")
    admin = member(town, *FOR_MUNICIPALITY, name="Anna Amtfrau")
    member(town, Role.PLANNER)
    services.invite_member(town, actor=admin, email="neu@example.org", roles={Role.EDITOR})
    return town, admin


def visit(page: Page, names: list[str], check: Check, shot: Shot, *, size: str) -> None:
    for name in names:
        response = page.goto(reverse(name))
        assert response is not None
        assert response.status == 200
        check(page)
        if name != "work":  # every way begins alike
            assert page.locator(".kz-crumbs a").first.get_attribute("href") == reverse("work")
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{name} is wider than the screen"
        assert page.evaluate(SQUEEZED) == 0, f"{name} has a button narrower than its words"
        shot(page, f"staff-{name}-{size}")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_town_pages(size: str, request: pytest.FixtureRequest, axe: Check, screenshot: Shot) -> None:
    page: Page = request.getfixturevalue(size)
    town, admin = town_with_people()
    with acting_for([town.pk], [town.pk]):
        job = Job.objects.create(
            tenant=town, task="t", title="Import", state=JobState.RUNNING, share_done=0.4
        )
    sign_in(page, admin)
    visit(
        page,
        ["work", "people", "invite", "brand", "host_names", "audit_log", "profile"],
        axe,
        screenshot,
        size=size,
    )
    page.goto(reverse("job", args=[job.public_id]))
    axe(page)
    screenshot(page, f"staff-job-{size}")


def test_administration_is_one_word_in_the_navigation(desktop: Page, axe: Check, screenshot: Shot) -> None:
    """Opened with the keyboard; all that a person with every role reaches stands in one line."""
    _, admin = town_with_people()
    sign_in(desktop, admin)
    desktop.goto(reverse("people"))
    word = desktop.locator(".kz-nav summary")
    expect(word).to_have_attribute("aria-current", "true")
    word.press("Enter")
    axe(desktop)
    screenshot(desktop, "staff-administration-desktop")
    lines = "new Set([...document.querySelectorAll('.kz-nav__link')].map(one => one.getBoundingClientRect().bottom)).size"
    assert desktop.evaluate(lines) == 1
    here = desktop.locator(".kz-nav [aria-current=page]")
    assert here.get_attribute("href") == reverse("people")
    desktop.locator(f".kz-nav a[href='{reverse('brand')}']").click()
    desktop.wait_for_url(f"**{reverse('brand')}")


def test_county_and_operator_pages(desktop: Page, axe: Check, screenshot: Shot) -> None:
    town_with_people()
    sign_in(desktop, member(county(), *FOR_COUNTY, is_superuser=True))
    visit(
        desktop, ["work", "tenant_list", "create_tenant", "emergency_access"], axe, screenshot, size="desktop"
    )


def test_invited_person_registers_on_a_phone(phone: Page, axe: Check, screenshot: Shot) -> None:
    town, _ = town_with_people()
    with acting_for([town.pk]):
        found = re.search(r"/einladung/[\w-]+/", OutboxMessage.objects.get().body)
    assert found
    phone.goto(found[0])
    axe(phone)
    screenshot(phone, "staff-invitation-phone")
    phone.fill("[name=name]", "Nina Neu")
    phone.fill("[name=password]", "four words make sense")
    phone.click("form.kz-form button.kern-btn--primary")
    phone.wait_for_url(f"**{reverse('work')}")
    assert User.objects.get(email="neu@example.org").memberships.get().role == Role.EDITOR


def test_colour_is_written_or_picked(desktop: Page) -> None:
    town, admin = town_with_people()
    sign_in(desktop, admin)
    desktop.goto(reverse("brand"))
    written, picker = desktop.locator("[name=colour]"), desktop.locator("input[type=color]")
    expect(picker).to_have_value(town.colour)
    written.fill("#7A1A1A")
    expect(picker).to_have_value("#7a1a1a")
    picker.fill("#1a7a1a")
    expect(written).to_have_value("#1a7a1a")
