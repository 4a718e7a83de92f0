"""Signing in: lock-out, no enumeration, second factor, mails by the outbox, single sign-on for the known alone."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import LazySettings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from tenants import services
from tenants.adapters import SocialAdapter
from tenants.models import AuditEvent, OutboxMessage, Tenant, User
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.tenants import TenantFactory, UserFactory, member

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests() -> None:
    cache.clear()


@pytest.fixture
def town() -> Tenant:
    return TenantFactory.create()


@pytest.fixture
def anna(town: Tenant) -> User:
    return member(town, Role.MUNICIPAL_ADMIN)


def sign_in(client: Client, email: str, password: str = PASSWORD, address: str = "192.0.2.1") -> HttpResponse:
    return client.post(reverse("account_login"), {"login": email, "password": password}, REMOTE_ADDR=address)  # type: ignore[return-value]


def is_in(client: Client) -> bool:
    return client.get(reverse("profile")).status_code == 200


def mails(tenant: Tenant) -> list[OutboxMessage]:
    with acting_for([tenant.pk]):
        return list(OutboxMessage.objects.order_by("pk"))


def test_right_password_opens_the_work_page(client: Client, anna: User) -> None:
    response = sign_in(client, anna.email.upper())
    assert (response.status_code, response["Location"]) == (302, reverse("work"))
    assert is_in(client)


def test_signing_out_needs_a_post(client: Client, anna: User) -> None:
    sign_in(client, anna.email)
    assert client.get(reverse("account_logout")).status_code == 200
    assert is_in(client)
    client.post(reverse("account_logout"))
    assert not is_in(client)


def test_session_ends_after_a_working_day(client: Client, anna: User) -> None:
    sign_in(client, anna.email)
    with freeze_time(timezone.now() + timedelta(hours=12, minutes=1)):
        assert not is_in(client)


def test_too_many_wrong_passwords_lock_this_address_out_and_no_other(
    client: Client, anna: User, settings: LazySettings
) -> None:
    statuses = [sign_in(client, anna.email, "wrong").status_code for _ in range(settings.AXES_FAILURE_LIMIT)]
    assert statuses == [200] * (settings.AXES_FAILURE_LIMIT - 1) + [429]
    locked = sign_in(client, anna.email)
    assert locked.status_code == 429
    assert str(settings.AXES_COOLOFF_TIME.seconds // 60).encode() in locked.content
    assert not is_in(client)
    assert sign_in(client, anna.email, address="198.51.100.7").status_code == 302
    with freeze_time(timezone.now() + settings.AXES_COOLOFF_TIME + timedelta(seconds=1)):
        assert sign_in(Client(), anna.email).status_code == 302


def test_stranger_does_not_learn_who_has_an_account(client: Client, anna: User) -> None:
    def shown(response: HttpResponse, email: str) -> bytes:
        return re.sub(
            rb'(csrfmiddlewaretoken" value="|nonce=")[^"]+',
            b"",
            response.content.replace(email.encode(), b""),
        )

    known, unknown = anna.email, "nobody@example.org"
    inactive = UserFactory.create(is_active=False).email
    for address, field in ((reverse("account_login"), "login"), (reverse("account_reset_password"), "email")):
        pages = []
        for email in (known, unknown, inactive):
            response = client.post(address, {field: email, "password": "wrong"}, follow=True)
            pages.append((response.status_code, shown(response, email)))  # type: ignore[arg-type]
        assert pages[0] == pages[1] == pages[2]


def test_password_reset_mail_leaves_by_the_outbox_and_works_once(
    client: Client, anna: User, town: Tenant
) -> None:
    client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert mails(town) == []
    client.post(reverse("account_reset_password"), {"email": anna.email})
    (mail,) = mails(town)
    assert (mail.recipient, mail.confidential) == (anna.email, True)
    found = re.search(r"https?://[^/]+(/konto/password/reset/key/\S+)", mail.body)
    assert found
    form = client.get(found[1], follow=True)
    new = {"password1": "another horse battery", "password2": "another horse battery"}
    assert client.post(form.redirect_chain[-1][0], new).status_code == 302
    assert sign_in(client, anna.email, "another horse battery").status_code == 302
    assert own_acts(town, anna) == ["change_password"]
    again = Client().get(found[1], follow=True)
    assert "password1" not in again.content.decode()


@pytest.mark.parametrize("weak", ["short", "123456789012", "manchesterunited", "{email}"])
def test_weak_password_is_refused(client: Client, anna: User, weak: str) -> None:
    sign_in(client, anna.email)
    weak = weak.format(email=anna.email)
    change = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    assert client.post(reverse("account_change_password"), change).status_code == 200
    assert User.objects.get(pk=anna.pk).check_password(PASSWORD)


def test_nobody_signs_up(client: Client) -> None:
    new = {"email": "new@example.org", "password1": "four words make sense"}
    assert client.post(reverse("account_signup"), new).status_code == 200
    assert not User.objects.filter(email="new@example.org").exists()


def own_acts(tenant: Tenant, person: User) -> list[str]:
    """What the tenant's records say of a person's own account, oldest first; no value of a secret."""
    with acting_for([tenant.pk]):
        rows = AuditEvent.objects.filter(actor=person, kind="tenants.User").order_by("pk")
        assert all(row.before == row.after == {} for row in rows)
        return [row.action for row in rows]


def code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_second_factor_is_asked_for_and_its_secret_lies_encrypted(
    client: Client, anna: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    sign_in(client, anna.email)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    stored = Authenticator.objects.get(user=anna, type=Authenticator.Type.TOTP)
    assert secret not in str(stored.data)
    assert TOTP(stored).validate_code("000000x") is False
    other = Client()
    assert sign_in(other, anna.email)["Location"] == reverse("mfa_authenticate")
    assert not is_in(other)
    recovery = Authenticator.objects.get(user=anna, type=Authenticator.Type.RECOVERY_CODES).wrap()
    unused = recovery.get_unused_codes()[0]
    assert other.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert not is_in(other)
    other.post(reverse("mfa_authenticate"), {"code": unused})
    assert is_in(other)
    client.post(reverse("mfa_deactivate_totp"))
    assert own_acts(anna.memberships.get().tenant, anna) == ["add_second_factor", "remove_second_factor"]


# --- single sign-on


def arriving(email: str, *, verified: bool = True) -> SocialLogin:
    from allauth.account.models import EmailAddress  # noqa: PLC0415

    return SocialLogin(
        user=User(email=email),
        account=SocialAccount(provider="sso", uid="1"),
        email_addresses=[EmailAddress(email=email, verified=verified, primary=True)],
    )


def test_single_sign_on_is_for_the_invited(town: Tenant, anna: User, rf: RequestFactory) -> None:
    services.invite_member(town, actor=anna, email="new@example.org", roles={Role.PLANNER})
    adapter, request = SocialAdapter(), rf.get("/")
    assert adapter.is_open_for_signup(request, arriving("new@example.org"))
    assert not adapter.is_open_for_signup(request, arriving("new@example.org", verified=False))
    assert not adapter.is_open_for_signup(request, arriving("stranger@example.org"))
    with freeze_time(timezone.now() + timedelta(days=15)):
        assert not adapter.is_open_for_signup(request, arriving("new@example.org"))


def test_single_sign_on_button_appears_by_configuration(client: Client, settings: LazySettings) -> None:
    assert b"/konto/oidc/" not in client.get(reverse("account_login")).content
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "sso",
                    "name": "Verwaltungskonto",
                    "client_id": "twin",
                    "secret": "s",
                    "settings": {"server_url": "https://sso.example.de"},
                }
            ]
        }
    }
    page = client.get(reverse("account_login")).content.decode()
    assert "/konto/oidc/sso/login/" in page
    assert "Verwaltungskonto" in page
