"""The pages of the account library in our frame: signed out, signed in, with a second factor."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page, expect

from tenants.models import User
from tests.browser.conftest import Check, Shot

pytestmark = pytest.mark.browser
PASSWORD = "a long enough secret"


def sign_in(page: Page) -> None:
    user = User.objects.create_user("anna@example.org", PASSWORD, name="Anna Beispiel")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
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
    expect(desktop.locator("[data-kz-error-summary]")).to_have_count(1)
    axe(desktop)


def test_signed_in_pages_are_accessible(desktop: Page, axe: Check, screenshot: Shot) -> None:
    sign_in(desktop)
    for path in ("email", "password/change", "2fa", "2fa/totp/activate"):
        desktop.goto(f"/konto/{path}/")
        axe(desktop)
        screenshot(desktop, f"account-{path.replace('/', '-')}")


def test_second_factor_is_set_up_and_asked_for_on_a_phone(phone: Page, axe: Check, screenshot: Shot) -> None:
    sign_in(phone)
    phone.goto("/konto/2fa/")
    axe(phone)
    phone.click("a[href$='/2fa/totp/activate/']")
    axe(phone)  # who is signed in says the password once more
    phone.fill("input[name=password]", PASSWORD)
    phone.click("main form button[type=submit]")
    phone.wait_for_selector("#authenticator_secret")
    axe(phone)
    screenshot(phone, "account-totp-phone")
    secret = phone.input_value("#authenticator_secret")
    # Of the counters that are valid now the last: it stays valid for as long as the test may take.
    counter = list(yield_hotp_counters_from_time())[-1]
    phone.fill("input[name=code]", format_hotp_value(hotp_value(secret, counter)))
    phone.click("main form button[type=submit]")
    phone.wait_for_url("**/2fa/recovery-codes/")
    axe(phone)
    screenshot(phone, "account-recovery-codes-phone")
    user = User.objects.get(email="anna@example.org")
    recovery = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES).wrap()
    codes = recovery.get_unused_codes()
    assert codes[0] in phone.input_value("#recovery_codes")
    phone.context.clear_cookies()
    phone.goto("/konto/login/")
    phone.fill("input[name=login]", user.email)
    phone.fill("input[name=password]", PASSWORD)
    phone.click("form.kz-form button[type=submit]")
    phone.wait_for_url("**/2fa/authenticate/")
    axe(phone)
    phone.fill("input[name=code]", codes[0])
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/arbeit/**")
