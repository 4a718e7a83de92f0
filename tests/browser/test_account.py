"""The pages of the account library in our frame: signed out, signed in, with a second factor."""

import pytest
from playwright.sync_api import Page

from tenants.models import User
from tests.browser.conftest import Check, Shot

pytestmark = pytest.mark.browser
PASSWORD = "a long enough secret"


def sign_in(page: Page) -> None:
    User.objects.create_user("anna@example.org", PASSWORD, name="Anna Beispiel")
    page.goto("/konto/login/")
    page.fill("input[name=login]", "anna@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.click("form.kz-form button[type=submit]")


def test_signed_out_pages_are_accessible(desktop: Page, axe: Check, screenshot: Shot) -> None:
    for path in ("login", "password/reset"):
        desktop.goto(f"/konto/{path}/")
        axe(desktop)
        screenshot(desktop, f"account-{path.replace('/', '-')}")


def test_wrong_password_is_said_at_the_field(desktop: Page, axe: Check) -> None:
    desktop.goto("/konto/login/")
    desktop.click("form.kz-form button[type=submit]")
    assert desktop.locator("[data-kz-error-summary]").count() == 1
    axe(desktop)


def test_signed_in_pages_are_accessible(desktop: Page, axe: Check, screenshot: Shot) -> None:
    sign_in(desktop)
    for path in ("email", "password/change", "2fa", "2fa/totp/activate"):
        desktop.goto(f"/konto/{path}/")
        axe(desktop)
        screenshot(desktop, f"account-{path.replace('/', '-')}")
