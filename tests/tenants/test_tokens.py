"""Access tokens: a program reads what its person reads, where programs read, as long as it may."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from tenants import tokens
from tenants.errors import Refused
from tenants.models import ApiToken, AuditEvent, Membership, Tenant, User
from tenants.permissions import share
from tenants.roles import Role, Share
from tenants.scope import acting_for
from tests.factories.catalogue import make_dataset
from tests.factories.tenants import TenantFactory, UserFactory, member

pytestmark = pytest.mark.django_db
INSIDE = "/ogc/collections/stadt.intern/items"


@pytest.fixture
def town() -> Tenant:
    tenant: Tenant = TenantFactory.create(slug="stadt")
    make_dataset(tenant, slug="intern", features=2)
    return tenant


@pytest.fixture
def person(town: Tenant) -> User:
    return member(town, Role.PLANNER)


def ask(secret: str, path: str = INSIDE, **headers: str) -> Any:
    return Client().get(path, headers={"Authorization": f"Bearer {secret}", **headers})


def make(person: User, town: Tenant | None, **options: Any) -> str:
    return tokens.make_token(person, tenant=town, **{"name": "QGIS", "days": 30, **options})


def test_token_reads_internal_data_and_its_use_is_told(town: Tenant, person: User) -> None:
    secret = make(person, town)
    response = ask(secret)
    assert (response.status_code, response.json()["numberReturned"]) == (200, 2)
    assert response["Cache-Control"] == "private, no-cache"
    assert "Authorization" in response["Vary"]
    used = ApiToken.objects.get().last_used_at
    assert used is not None and timezone.now() - used < timedelta(minutes=1)
    assert Client().get(INSIDE).status_code == 404


def test_only_the_hash_is_kept(town: Tenant, person: User) -> None:
    secret = make(person, town)
    assert re.fullmatch(r"kz_[\w-]{43}", secret)
    assert secret not in str(ApiToken.objects.values().get())


@pytest.mark.parametrize("secret", ["", "kz_", "x" * 5000, "kz_\u00e4", "' OR 1=1 --"])
def test_unknown_token_is_refused_and_not_taken_for_nobody(town: Tenant, secret: str) -> None:
    response = ask(secret, "/ogc/")
    assert (response.status_code, response["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')
    assert (response["Content-Type"], response["Access-Control-Allow-Origin"]) == (
        "application/problem+json",
        "*",
    )


def test_expired_token_opens_nothing(town: Tenant, person: User) -> None:
    secret = make(person, town)
    with freeze_time(timezone.now() + timedelta(days=30, minutes=1)):
        assert ask(secret).status_code == 401


def test_token_ends_with_membership_and_person(town: Tenant, person: User) -> None:
    other = TenantFactory.create()
    Membership.objects.create(user=person, tenant=other, role=Role.EDITOR)
    secret = make(person, town)
    Membership.objects.filter(user=person, tenant=town).delete()
    assert ask(secret).status_code == 401
    second = make(person, other)
    assert ask(second).status_code == 404
    person.is_active = False
    person.save()
    assert ask(second).status_code == 401


def test_token_reads_in_the_tenant_it_was_made_for(town: Tenant, person: User) -> None:
    other = TenantFactory.create(name="Aaa", slug="aaa")  # the first by name
    make_dataset(other, slug="intern")
    Membership.objects.create(user=person, tenant=other, role=Role.EDITOR)
    assert ask(make(person, town)).status_code == 200
    assert ask(make(person, other)).status_code == 404
    assert ask(make(person, other), "/ogc/collections/aaa.intern/items").status_code == 200


def test_token_opens_no_other_tenant_when_its_own_has_ended(town: Tenant, person: User) -> None:
    other = TenantFactory.create(name="A vor allen", slug="andere")
    person.memberships.create(tenant=other, role=Role.PLANNER)
    make_dataset(other, slug="intern", features=1)
    secret, without = make(person, town), make(person, None)
    elsewhere = INSIDE.replace("stadt", "andere")
    assert ask(secret, elsewhere).status_code == 404
    assert ask(without, elsewhere).status_code == 404
    Tenant.objects.filter(pk=town.pk).update(active=False)
    assert ask(secret, elsewhere).status_code == 401


def test_bureau_without_a_tenant_reads_what_is_shared_with_it(town: Tenant) -> None:
    bureau = UserFactory.create()
    secret = make(bureau, None)
    assert ask(secret).status_code == 404
    dataset = make_dataset(town, slug="geteilt")
    share(dataset, holder=bureau, as_=Share.READER)
    assert ask(secret, "/ogc/collections/stadt.geteilt/items").status_code == 200


def test_token_opens_no_pages_for_people(town: Tenant, person: User) -> None:
    response = ask(make(person, town), reverse("profile"))
    assert (response.status_code, response["Location"]) == (
        302,
        f"{reverse('account_login')}?next={reverse('profile')}",
    )


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_page_makes_a_token_shows_it_once_and_revokes_it(town: Tenant, person: User) -> None:
    client = as_(person)
    made = client.post(reverse("tokens"), {"name": "Masterportal", "days": "90"})
    (secret,) = re.findall(r"<code data-token>(kz_[\w-]+)</code>", made.content.decode())
    assert "no-store" in made["Cache-Control"]
    assert ask(secret).status_code == 200
    listed = client.get(reverse("tokens")).content.decode()
    assert "Masterportal" in listed and secret not in listed
    token = ApiToken.objects.get()
    assert (
        as_(member(town, Role.MUNICIPAL_ADMIN)).post(reverse("revoke_token", args=[token.pk])).status_code
        == 404
    )
    assert client.post(reverse("revoke_token", args=[token.pk])).status_code == 302
    assert ask(secret).status_code == 401
    with acting_for([town.pk]):
        acts = list(AuditEvent.objects.order_by("pk").values_list("action", "label", "actor_id"))
    assert acts == [("make_token", "Masterportal", person.pk), ("revoke_token", "Masterportal", person.pk)]


def test_token_only_reads_unless_its_person_says_otherwise(person: User) -> None:
    for extra in ({}, {"may_write": "on"}):
        as_(person).post(reverse("tokens"), {"name": "Programm", "days": "30", **extra})
    assert list(ApiToken.objects.order_by("pk").values_list("may_write", flat=True)) == [False, True]
    assert as_(person).get(reverse("tokens")).content.decode().count("darf ändern") == 1


def test_nobody_hoards_tokens(town: Tenant, person: User) -> None:
    for _number in range(tokens.MOST):
        make(person, town)
    with pytest.raises(Refused):
        make(person, town)
    answer = as_(person).post(reverse("tokens"), {"name": "noch einer", "days": "30"})
    assert "zwanzig Zugriffsschlüssel" in answer.content.decode()


def test_each_token_and_each_address_has_its_share(town: Tenant, person: User, settings: Any) -> None:
    settings.OGC_PER_MINUTE = 2
    secret = make(person, town)
    with freeze_time(timezone.now() + timedelta(days=1)):  # a minute of its own
        strangers = [Client().get("/ogc/conformance", REMOTE_ADDR="192.0.2.7") for _number in range(3)]
        assert [one.status_code for one in strangers] == [200, 200, 429]
        assert (strangers[2]["Retry-After"], strangers[2]["Content-Type"]) == (
            "60",
            "application/problem+json",
        )
        assert Client().get("/ogc/conformance", REMOTE_ADDR="192.0.2.8").status_code == 200
        assert [ask(secret, "/ogc/conformance").status_code for _number in range(11)] == [200] * 10 + [429]
