"""Citizen and moderator in a real Chromium: phone and keyboard, draft, receipt by its link, queue."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from participation.models import Procedure, Statement
from tenants.models import Tenant, User
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.participation import make_procedure, make_statement, spot
from tests.factories.planning import make_plan
from tests.factories.tenants import TenantFactory, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def running(tenant: Tenant, **fields: Any) -> Procedure:
    cache.clear()
    now = timezone.now()
    return make_procedure(tenant, start=now - timedelta(days=5), end=now + timedelta(days=5), **fields)


def test_citizen_comments_on_a_phone_and_opens_the_status_by_link(
    phone: Page, axe: Any, screenshot: Any
) -> None:
    tenant = TenantFactory.create()
    plan = make_plan(tenant, public=True, objects=3)
    procedure = running(tenant, plan=plan, categories=("Verkehr", "Natur"))
    phone.goto(reverse("participation:submit", args=[procedure.public_id]))
    phone.locator("#id_text").fill("Bitte den Radweg breiter.")
    phone.wait_for_timeout(500)
    phone.reload()
    expect(phone.locator("#id_text")).to_have_value("Bitte den Radweg breiter.")
    expect(phone.locator("[data-kz-draft-restored]")).to_be_visible()
    expect(phone.locator("[data-kz-anchor][data-drawn]")).to_have_count(1)
    expect(phone.locator("input[name=proof]")).not_to_have_value("", timeout=20_000)
    axe(phone)
    screenshot(phone, "stellungnahme-telefon")
    phone.locator("[data-kz-anchor] [data-map-view], [data-kz-anchor] .kz-map__view").first.focus()
    phone.keyboard.press("Enter")
    expect(phone.locator("#id_place")).not_to_have_value("")
    phone.locator("#id_publication_consent").check()
    phone.locator("form[data-kz-draft] button.kern-btn--primary").click()
    expect(phone.locator("#receipt-number")).to_be_visible()
    axe(phone)
    screenshot(phone, "quittung-telefon")
    link = phone.locator("p > a[href*='#']").get_attribute("href") or ""
    phone.context.clear_cookies()
    phone.goto(link.replace("http://localhost:8000", ""))
    expect(phone.locator("[data-publication=pending]")).to_be_visible()
    assert "#" not in phone.url
    axe(phone)
    with acting_for([tenant.pk]):
        statement = Statement.objects.get()
        assert statement.text == "Bitte den Radweg breiter."
        assert statement.anchors.get().geometry.geom_type == "Point"
    phone.goto(reverse("participation:submit", args=[procedure.public_id]))
    expect(phone.locator("#id_text")).to_have_value("")


def test_public_page_shows_map_and_list(desktop: Page, axe: Any, screenshot: Any) -> None:
    tenant = TenantFactory.create()
    procedure = running(tenant, categories=("Verkehr",))
    for n in range(3):
        make_statement(
            procedure, text=f"Nummer {n}: mehr Grün am Hang.", published=True, place=spot(386_000 + 900 * n)
        )
    desktop.goto(procedure.get_absolute_url())
    expect(desktop.locator("[data-kz-statements-map][data-drawn], [data-drawn]").first).to_be_visible()
    expect(desktop.locator("[data-kz-statement]")).to_have_count(3)
    axe(desktop)
    screenshot(desktop, "stellungnahmen")


def test_moderator_publishes_by_keyboard(desktop: Page, axe: Any, screenshot: Any) -> None:
    tenant = TenantFactory.create()
    procedure = make_procedure(tenant)
    statement = make_statement(
        procedure, text="Herr Schulze, Tel. 03521 725000, parkt immer dort.", publication_consent=True
    )
    moderator = member(tenant, Role.MODERATOR)
    sign_in(desktop, moderator)
    desktop.goto(reverse("participation:queue"))
    expect(desktop.locator("mark")).to_have_count(2)
    axe(desktop)
    screenshot(desktop, "moderation")
    desktop.keyboard.press("p")
    expect(desktop.locator(".kz-empty")).to_be_visible()
    axe(desktop)
    with acting_for([tenant.pk]):
        assert Statement.objects.get(pk=statement.pk).is_public
    for name in ("procedures", "statements"):
        desktop.goto(reverse(f"participation:{name}"))
        axe(desktop)


def test_single_keys_of_the_queue(desktop: Page, axe: Any) -> None:
    """Not on the map, which has keys of its own; undo has one; who has put all off is not told that all is done."""
    tenant = TenantFactory.create()
    place = Point(390_000, 5_670_000, srid=25833)
    procedure = make_procedure(tenant)
    statement = make_statement(procedure, text="Hier fehlt eine Bank.", place=place, publication_consent=True)
    sign_in(desktop, member(tenant, Role.MODERATOR))
    desktop.goto(reverse("participation:queue"))
    desktop.wait_for_selector("[data-kz-statements-map][data-drawn]")
    desktop.locator("[data-map-view]").focus()
    for key in "phrn":
        desktop.keyboard.press(key)
    expect(desktop.locator("[data-map-view]")).to_be_focused()
    with acting_for([tenant.pk]):
        assert not Statement.objects.get(pk=statement.pk).is_public
    desktop.reload()
    desktop.keyboard.press("n")
    desktop.wait_for_url(re.compile("skip="))
    expect(desktop.locator(".kz-empty a")).to_have_attribute("href", reverse("participation:queue"))
    axe(desktop)
    desktop.locator(".kz-empty a").press("Enter")
    desktop.wait_for_selector("[data-kz-key=p]")
    desktop.keyboard.press("p")
    desktop.wait_for_selector("form[data-last]")
    desktop.keyboard.press("u")
    desktop.wait_for_selector("[data-kz-key=p]")
    with acting_for([tenant.pk]):
        assert not Statement.objects.get(pk=statement.pk).is_public


def sign_in(page: Page, user: User) -> None:
    page.goto(reverse("account_login"))
    page.locator("input[name=login]").fill(user.email)
    page.locator("input[name=password]").fill("correct horse battery")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "login" not in url)


def test_planner_opens_a_procedure(desktop: Page, axe: Any, screenshot: Any) -> None:
    tenant = TenantFactory.create()
    planner = member(tenant, Role.PLANNER)
    sign_in(desktop, planner)
    desktop.goto(reverse("participation:procedure_new"))
    axe(desktop)
    desktop.locator("#id_title").fill("Am Weinberg")
    desktop.locator("#id_phases-0-kind").select_option("draft_public")
    desktop.locator("#id_phases-0-first_day").fill("2027-02-01")
    desktop.locator("#id_phases-0-last_day").fill("2027-03-01")
    screenshot(desktop, "verfahren-anlegen")
    desktop.locator("main button.kern-btn--primary").last.click()
    expect(desktop.locator("[data-shortfall=draft_public]")).to_be_visible()
    axe(desktop)
    screenshot(desktop, "verfahren")
