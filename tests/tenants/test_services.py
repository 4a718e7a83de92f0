"""What people do with tenants and members: allowed, recorded, and refused with a reason."""

import io
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from freezegun import freeze_time
from PIL import Image

from tenants import services
from tenants.errors import (
    AlreadyMember,
    Forbidden,
    InvitationInvalid,
    LastAdmin,
    PictureRefused,
    Refused,
    RoleNotOffered,
    WrongAccount,
)
from tenants.invitations import hashed
from tenants.models import (
    AuditEvent,
    EmergencyAccess,
    HostName,
    Invitation,
    OutboxMessage,
    Tenant,
    TenantKind,
    User,
)
from tenants.permissions import reach
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.tenants import TenantFactory, UserFactory, county, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Tenant:
    return TenantFactory.create()


@pytest.fixture
def admin(town: Tenant) -> User:
    return member(town, Role.MUNICIPAL_ADMIN)


def audits(tenant: Tenant) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    with acting_for([tenant.pk]):
        rows = AuditEvent.objects.filter(tenant=tenant).order_by("pk")
        return list(rows.values_list("action", "before", "after"))


def token_for(tenant: Tenant, email: str) -> str:
    """The token as only the mail has it."""
    with acting_for([tenant.pk]):
        body = OutboxMessage.objects.filter(recipient=email).latest("pk").body
    found = re.search(r"/einladung/([\w-]+)/", body)
    assert found
    return found[1]


def invited(tenant: Tenant, actor: User, email: str = "new@example.org", **fields: Any) -> str:
    services.invite_member(tenant, actor=actor, email=email, **{"roles": {Role.PLANNER}, **fields})
    return token_for(tenant, email.lower())


# --- invitations


def test_invited_person_gets_a_login_and_the_roles(town: Tenant, admin: User) -> None:
    token = invited(town, admin, "New@Example.org", roles={Role.PLANNER, Role.EDITOR})
    user = services.register_invited(token, name="Neu", password="four words make sense")
    assert (user.email, user.name, user.check_password("four words make sense")) == (
        "new@example.org",
        "Neu",
        True,
    )
    assert reach(user).roles[town.pk] == {Role.PLANNER, Role.EDITOR}
    assert [action for action, _, _ in audits(town)] == ["invite", "accept_invitation"]
    assert audits(town)[1][1:] == ({"roles": []}, {"roles": ["editor", "planner"]})


def test_token_is_only_in_the_mail(town: Tenant, admin: User) -> None:
    token = invited(town, admin)
    row = Invitation.objects.get()
    assert row.token_hash == hashed(token)
    with connection.cursor() as cursor:
        for table in ("tenants_invitation", "tenants_auditevent"):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{token}%"])  # noqa: S608
            assert cursor.fetchone() == (0,)
    with acting_for([town.pk]):
        assert OutboxMessage.objects.get().confidential


def test_invitation_works_once_and_not_after_two_weeks(town: Tenant, admin: User) -> None:
    used, late = invited(town, admin, "a@example.org"), invited(town, admin, "b@example.org")
    services.register_invited(used, name="A", password="four words make sense")
    with pytest.raises(InvitationInvalid):
        services.register_invited(used, name="A", password="four words make sense")
    with freeze_time(timezone.now() + timedelta(days=14, seconds=1)), pytest.raises(InvitationInvalid):
        services.register_invited(late, name="B", password="four words make sense")
    assert not User.objects.filter(email="b@example.org").exists()


def test_revoked_replaced_and_foreign_tokens_open_nothing(town: Tenant, admin: User) -> None:
    first = invited(town, admin)
    second = invited(town, admin)
    for token in (first, "guessed", second[:-1]):
        with pytest.raises(InvitationInvalid):
            services.register_invited(token, name="X", password="four words make sense")
    services.revoke_invitation(Invitation.objects.latest("pk"), actor=admin)
    with pytest.raises(InvitationInvalid):
        services.register_invited(second, name="X", password="four words make sense")


def test_existing_person_joins_with_the_invited_account_alone(town: Tenant, admin: User) -> None:
    carla = member(TenantFactory.create(), Role.PLANNER)
    token = invited(town, admin, carla.email.upper())
    with pytest.raises(WrongAccount):
        services.accept_invitation(token, user=UserFactory.create())
    with pytest.raises(InvitationInvalid):  # nobody sets a new password for an existing account
        services.register_invited(token, name="Thief", password="four words make sense")
    services.accept_invitation(token, user=carla)
    assert len(reach(carla, active_id=town.pk).roles) == 1
    assert carla.memberships.count() == 2


def test_deactivated_person_comes_back_by_invitation(town: Tenant, admin: User) -> None:
    gone = UserFactory.create(is_active=False)
    user = services.register_invited(
        invited(town, admin, gone.email), name="Back", password="four words make sense"
    )
    assert (user.pk, user.is_active) == (gone.pk, True)


def test_only_who_may_invites_and_only_to_roles_that_exist(town: Tenant, admin: User) -> None:
    for actor in (member(town, Role.PLANNER), member(TenantFactory.create(), Role.MUNICIPAL_ADMIN)):
        with pytest.raises(Forbidden):
            invited(town, actor)
    for roles in ({Role.COUNTY_ADMIN}, {Role.PLANNER, Role.COUNTY_ANALYST}, set()):
        with pytest.raises(RoleNotOffered):
            invited(town, admin, roles=roles)
    with pytest.raises(AlreadyMember):
        invited(town, admin, admin.email)
    with pytest.raises(ValidationError):
        services.invite_member(town, actor=admin, email="a@b\nBcc: c@d", roles={Role.PLANNER})
    assert not Invitation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_accept_once() -> None:
    town = TenantFactory.create()
    token = invited(town, member(town, Role.MUNICIPAL_ADMIN))
    outcomes: list[str] = []

    def click() -> None:
        try:
            services.register_invited(token, name="N", password="four words make sense")
            outcomes.append("in")
        except InvitationInvalid:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "refused"]


# --- roles


def test_roles_are_added_and_taken_and_recorded(town: Tenant, admin: User) -> None:
    anna = member(town, Role.PLANNER, Role.EDITOR)
    services.change_role(anna, tenant=town, roles={Role.PLANNER, Role.MODERATOR}, actor=admin)
    assert reach(anna).roles[town.pk] == {Role.PLANNER, Role.MODERATOR}
    assert audits(town) == [
        ("change_role", {"roles": ["editor", "planner"]}, {"roles": ["moderator", "planner"]})
    ]


def test_last_admin_stays(town: Tenant, admin: User) -> None:
    with pytest.raises(LastAdmin):
        services.change_role(admin, tenant=town, roles={Role.PLANNER}, actor=admin)
    with pytest.raises(LastAdmin):
        services.deactivate_member(admin, tenant=town, actor=admin)
    assert reach(admin).roles[town.pk] == {Role.MUNICIPAL_ADMIN}
    member(town, Role.MUNICIPAL_ADMIN)
    services.change_role(admin, tenant=town, roles={Role.PLANNER}, actor=admin)
    with pytest.raises(Forbidden):
        again = User.objects.get(pk=admin.pk)
        services.change_role(again, tenant=town, roles={Role.MUNICIPAL_ADMIN}, actor=again)


def test_nobody_changes_roles_elsewhere(town: Tenant, admin: User) -> None:
    other = TenantFactory.create()
    carla, stranger = member(other, Role.PLANNER), UserFactory.create()
    with pytest.raises(Forbidden):
        services.change_role(carla, tenant=other, roles={Role.EDITOR}, actor=admin)
    with pytest.raises(Forbidden):  # nobody joins without an invitation
        services.change_role(stranger, tenant=town, roles={Role.EDITOR}, actor=admin)


def test_removed_member_is_out_at_once_and_deactivated_when_nothing_is_left(
    town: Tenant, admin: User
) -> None:
    anna, both = member(town, Role.PLANNER), member(town, Role.PLANNER)
    both.memberships.create(tenant=TenantFactory.create(), role=Role.PLANNER)
    for person in (anna, both):
        services.deactivate_member(person, tenant=town, actor=admin)
        assert town.pk not in reach(person).scope.read
    assert [User.objects.get(pk=person.pk).is_active for person in (anna, both)] == [False, True]
    assert audits(town)[0] == ("deactivate_member", {"roles": ["planner"]}, {"roles": []})


# --- tenants


def test_county_sets_up_a_town_and_invites_its_administrator() -> None:
    landkreis = county()
    bert = member(landkreis, Role.COUNTY_ADMIN)
    town = services.create_tenant(
        {"kind": TenantKind.MUNICIPALITY, "name": "Glaubitz", "slug": "glaubitz", "ags": "14627060"},
        by=landkreis,
        actor=bert,
        first_admin="chef@example.org",
    )
    assert town.group.name == "tenant:glaubitz"
    user = services.register_invited(
        token_for(town, "chef@example.org"), name="C", password="four words make sense"
    )
    assert reach(user).roles == {town.pk: {Role.MUNICIPAL_ADMIN}}
    assert [action for action, _, _ in audits(landkreis)] == ["create_tenant"]
    assert [action for action, _, _ in audits(town)] == ["create_tenant", "invite", "accept_invitation"]
    with pytest.raises(Forbidden):  # the town runs itself from now on
        services.invite_member(
            town, actor=bert, by=landkreis, email="x@example.org", roles={Role.MUNICIPAL_ADMIN}
        )


@pytest.mark.parametrize("role", [Role.COUNTY_ANALYST, Role.MUNICIPAL_ADMIN])
def test_others_set_up_no_town(role: Role) -> None:
    landkreis = county()
    actor = member(landkreis if role == Role.COUNTY_ANALYST else TenantFactory.create(), role)
    with pytest.raises(Forbidden):
        services.create_tenant(
            {"kind": TenantKind.MUNICIPALITY, "name": "X", "slug": "x"}, by=landkreis, actor=actor
        )
    assert not Tenant.objects.filter(slug="x").exists()


@pytest.mark.parametrize(
    "facts",
    [{"ags": "1462706"}, {"ars": "abc"}, {"slug": "Über uns"}, {"kind": "planet"}, {"slug": "landkreis"}],
)
def test_malformed_facts_set_up_no_town(facts: dict[str, str]) -> None:
    landkreis = county()
    good = {"kind": TenantKind.MUNICIPALITY, "name": "X", "slug": "x"}
    with pytest.raises(ValidationError):
        services.create_tenant({**good, **facts}, by=landkreis, actor=member(landkreis, Role.COUNTY_ADMIN))
    assert Tenant.objects.count() == 1


def test_onboarding_shows_in_both_audits(town: Tenant) -> None:
    landkreis = county()
    services.mark_onboarded(
        town, by=landkreis, actor=member(landkreis, Role.COUNTY_ADMIN), on=timezone.localdate()
    )
    for tenant in (town, landkreis):
        ((action, before, after),) = audits(tenant)
        assert (action, before) == ("change_tenant", {"onboarded_on": None})
        assert after == {"onboarded_on": timezone.localdate().isoformat()}


def test_operator_invites_the_first_administrator_of_the_county_and_no_second(operator: User) -> None:
    landkreis = county()
    call_command("invite_admin", "landkreis", "chef@example.org")
    token = token_for(landkreis, "chef@example.org")
    chef = services.register_invited(token, name="C", password="four words make sense")
    assert reach(chef).roles == {landkreis.pk: {Role.COUNTY_ADMIN}}
    for arguments in (("landkreis", "x@example.org"), ("nowhere", "x@example.org"), ("landkreis", "no mail")):
        with pytest.raises(CommandError):
            call_command("invite_admin", *arguments)
    assert Invitation.objects.count() == 1


# --- appearance


def picture(
    form: str, size: tuple[int, int] = (2000, 1000), *, mode: str = "RGB", **options: Any
) -> io.BytesIO:
    target = io.BytesIO()
    Image.new(mode, size, "#aa0000").save(target, form, **options)
    target.seek(0)
    return target


WORDS = {"name": "Meißen", "colour": "#1a4b7a", "contact": "Markt 1"}


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_coat_of_arms_is_drawn_anew(town: Tenant, admin: User, form: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "<script>alert(1)</script>"
    services.brand_tenant(town, actor=admin, words=WORDS, coat_of_arms=picture(form, exif=exif))
    town.refresh_from_db()
    with town.coat_of_arms.open() as file:
        content = file.read()
    assert content.startswith(b"\x89PNG")
    assert b"script" not in content
    assert max(Image.open(io.BytesIO(content)).size) == 1024
    ((action, before, after),) = audits(town)
    assert (action, before["name"], after["name"]) == ("brand", before["name"], "Meißen")
    assert after["coat_of_arms"] == town.coat_of_arms.name


@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
        b"<html><script>alert(1)</script></html>",
        b"",
        picture("PNG").getvalue()[:100],
        picture("GIF").getvalue(),
        b"\x89PNG\r\n\x1a\n" + b"\0" * 200,
        b"x" * (5 * 1024**2 + 1),
        picture("PNG", (9000, 9000), mode="1").getvalue(),
    ],
    ids=["svg", "html", "empty", "cut", "gif", "fake", "large", "bomb"],
)
def test_what_is_no_picture_is_refused(
    town: Tenant, admin: User, content: bytes, settings: LazySettings
) -> None:
    with pytest.raises(PictureRefused):
        services.brand_tenant(town, actor=admin, words=WORDS, coat_of_arms=io.BytesIO(content))
    town.refresh_from_db()
    assert not town.coat_of_arms
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_colour_without_contrast_is_refused(town: Tenant, admin: User) -> None:
    with pytest.raises(Refused):
        services.brand_tenant(town, actor=admin, words={**WORDS, "colour": "#ffee00"})
    for malformed in ("red", "#12345", "#1a4b7a;}body{display:none"):
        with pytest.raises((ValueError, ValidationError)):
            services.brand_tenant(town, actor=admin, words={**WORDS, "colour": malformed})


def test_appearance_is_the_administrators(town: Tenant) -> None:
    for actor in (member(town, Role.PLANNER), member(TenantFactory.create(), Role.MUNICIPAL_ADMIN)):
        with pytest.raises(Forbidden):
            services.brand_tenant(town, actor=actor, words=WORDS)


def test_host_name_is_added_once_and_never_the_platforms_own(
    town: Tenant, admin: User, settings: LazySettings
) -> None:
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://twin.example.de", [".example.de"]
    services.add_host_name(town, "Plan.Example.de", actor=admin)
    with pytest.raises(ValidationError):
        services.add_host_name(town, "plan.example.de", actor=admin)
    for host in ("twin.example.de", "plan.elsewhere.de"):
        with pytest.raises(Refused):
            services.add_host_name(town, host, actor=admin)
    services.remove_host_name(HostName.objects.get(), actor=admin)
    assert [action for action, _, _ in audits(town)] == ["add_host_name", "remove_host_name"]


# --- break-glass


@pytest.fixture
def operator() -> Iterator[User]:
    yield UserFactory.create(is_superuser=True, is_staff=True)


def test_break_glass_opens_shows_in_the_towns_audit_and_closes(town: Tenant, operator: User) -> None:
    access = services.open_emergency_access(
        town, operator=operator, reason="Plan file can't be opened", duration=timedelta(hours=1)
    )
    assert reach(operator).scope.read == (town.pk,)
    ((action, _, after),) = audits(town)
    assert (action, after["reason"]) == ("open_emergency_access", "Plan file can't be opened")
    with freeze_time(timezone.now() + timedelta(hours=1, seconds=1)):
        assert reach(operator).scope.read == ()
    services.close_emergency_access(access, operator=operator)
    assert reach(operator).scope.read == ()
    assert audits(town)[1][0] == "close_emergency_access"


@pytest.mark.parametrize(
    ("reason", "hours"), [("short", 1), ("long enough a reason", 25), ("long enough", 0)]
)
def test_break_glass_needs_a_reason_and_an_end(town: Tenant, operator: User, reason: str, hours: int) -> None:
    with pytest.raises(Refused):
        services.open_emergency_access(
            town, operator=operator, reason=reason, duration=timedelta(hours=hours)
        )
    assert not EmergencyAccess.objects.exists()


def test_break_glass_is_for_operators(town: Tenant) -> None:
    with pytest.raises(Forbidden):
        services.open_emergency_access(
            town,
            operator=member(county(), Role.COUNTY_ADMIN),
            reason="curious about it",
            duration=timedelta(hours=1),
        )


def test_tenants_stand_in_german_order() -> None:
    """Umlauts as their vowels, not after z (DIN 5007)."""
    names = ["Gröditz", "Großenhain", "Käbschütztal", "Klipphausen", "Zeithain"]
    for name in reversed(names):
        TenantFactory.create(name=name)
    assert list(Tenant.objects.values_list("name", flat=True)) == names
