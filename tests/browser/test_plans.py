"""Pages of plans in a real Chromium: upload with the worker's report, map, object, sharing; no violation axe can see."""

import time
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from playwright.sync_api import Page, expect

from planning import tasks
from planning.models import Plan
from tenants.models import Job, Tenant, User
from tenants.roles import Role
from tenants.scope import acting_for
from tests.browser.conftest import DESKTOP, Check, Opener, Shot
from tests.factories import xplanung as samples
from tests.factories.planning import make_plan
from tests.factories.tenants import TenantFactory, member
from tests.tenants.test_jobs import queue

__all__ = ["queue"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

V = "6.0"
OBJECTS = 3000
USABLE = 2.0  # seconds until the map of a plan of 3,000 objects is drawn


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    return found


def sign_in(page: Page, user: User, address: str) -> None:
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.save()
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key or "", "url": address}]
    )


def test_planner_uploads_confirms_publishes_and_shares(
    desktop: Page,
    address: str,
    tenant: Tenant,
    axe: Check,
    screenshot: Shot,
    tmp_path: Path,
    queue: str,
) -> None:
    sign_in(desktop, member(tenant, Role.PLANNER), address)
    plan_file = tmp_path / "weinberg.gml"
    plan_file.write_bytes(samples.simple_plan(V))
    desktop.goto(reverse("planning:upload"))
    axe(desktop)
    desktop.set_input_files("input[type=file]", [plan_file])
    expect(desktop.locator("[data-kz-files]")).to_contain_text("weinberg.gml")
    screenshot(desktop, "plan-upload")
    desktop.click("main form button.kern-btn--primary")
    desktop.wait_for_selector("[data-kz-job]")
    axe(desktop)
    with acting_for([tenant.pk]):
        job = Job.objects.get()
    tasks.import_upload(tenant_id=tenant.pk, job_id=job.pk)  # the page learns of it by itself
    desktop.wait_for_selector("main a[href^='/plaene/'] >> text=Am Weinberg")
    axe(desktop)
    screenshot(desktop, "plan-import-report")
    desktop.click("main a[href^='/plaene/'] >> text=Am Weinberg")
    desktop.wait_for_selector("[data-drawn]")
    axe(desktop)
    screenshot(desktop, "plan-draft")
    for name in ("share", "publish"):
        with acting_for([tenant.pk]):
            url = reverse(f"planning:{name}", args=[Plan.objects.get().public_id])
        desktop.goto(url)
        axe(desktop)
    desktop.click("main form button.kern-btn--primary")
    desktop.wait_for_selector("[data-drawn]")
    assert Plan.objects.count() == 1  # without any scope: it is public


def test_pages_of_a_public_plan_on_a_phone(phone: Page, tenant: Tenant, axe: Check, screenshot: Shot) -> None:
    plan = make_plan(tenant, public=True, objects=5)
    row = plan.planobjects.order_by("position")[0]
    pages = {
        "plan-list": reverse("planning:plans"),
        "plan": plan.get_absolute_url(),
        "plan-objects": reverse("planning:objects", args=[plan.public_id]),
        "plan-object": reverse("planning:object", args=[plan.public_id, row.gml_id]),
        "plan-print": reverse("planning:print", args=[plan.public_id]),
    }
    for name, url in pages.items():
        phone.goto(url)
        if phone.locator("[data-kz-plan-map]").count():
            phone.wait_for_selector("[data-drawn]")
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        axe(phone)
        screenshot(phone, f"{name}-phone")


@pytest.mark.alone
def test_plan_of_three_thousand_objects_is_usable_in_two_seconds(
    opener: Opener, tenant: Tenant, screenshot: Shot
) -> None:
    plan = make_plan(tenant, public=True, objects=OBJECTS)
    seconds = []
    for _ in range(3):  # the best of three: others may share the machine
        page = opener(viewport=DESKTOP).new_page()
        page.goto(reverse("planning:plans"))  # fonts and styles are known from the page before
        started = time.monotonic()
        page.goto(plan.get_absolute_url(), wait_until="commit")
        page.wait_for_selector("[data-drawn]")
        seconds.append(time.monotonic() - started)
        assert page.get_attribute("[data-kz-plan-map]", "data-drawn") == str(OBJECTS)
    screenshot(page, "plan-3000")
    assert min(seconds) < USABLE
