"""Who reaches what: the role table, associations, inactive people and tenants, single shares, break-glass."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from tenants.errors import Forbidden
from tenants.models import EmergencyAccess, Job, Tenant, TenantKind, User
from tenants.permissions import can, memberships, reach, require
from tenants.roles import ACTIONS, FOR_COUNTY, FOR_MUNICIPALITY, Role, actions_of
from tenants.scope import Scope
from tests.factories.tenants import TenantFactory, UserFactory, county, member

pytestmark = pytest.mark.django_db

ADMINISTERING = {"invite", "change_role", "brand", "audit", "configure"}


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (Role.COUNTY_ADMIN, ADMINISTERING | {"create_tenant", "see_indicators"}, {"import_plan", "moderate"}),
        (Role.COUNTY_ANALYST, {"view", "see_indicators"}, ADMINISTERING | {"create_tenant", "import_plan"}),
        (Role.MUNICIPAL_ADMIN, ADMINISTERING | {"edit_pages"}, {"create_tenant", "import_plan", "moderate"}),
        (Role.PLANNER, {"import_plan", "publish_plan", "open_procedure", "share"}, ADMINISTERING),
        (Role.EDITOR, {"view", "edit_pages"}, ADMINISTERING | {"moderate", "read_statements"}),
        (Role.MODERATOR, {"read_statements", "moderate"}, ADMINISTERING | {"open_procedure", "import_plan"}),
    ],
)
def test_role_allows_its_actions_and_no_other(role: Role, may: set[str], may_not: set[str]) -> None:
    assert may <= ACTIONS[role]
    assert not may_not & ACTIONS[role]


def test_every_role_has_actions_and_a_place() -> None:
    assert set(ACTIONS) == set(Role) == FOR_COUNTY | FOR_MUNICIPALITY
    assert actions_of(frozenset()) == frozenset()
    assert actions_of(frozenset({Role.EDITOR, Role.MODERATOR})) == {
        "view",
        "edit_pages",
        "read_statements",
        "moderate",
    }


def test_person_acts_for_one_tenant_at_a_time() -> None:
    first, second = TenantFactory.create(name="A"), TenantFactory.create(name="B")
    anna = member(second, Role.PLANNER)
    anna.memberships.create(tenant=first, role=Role.EDITOR)
    assert list(memberships(anna)) == [first, second]
    assert reach(anna).active == first
    there = reach(anna, active_id=second.pk)
    assert (there.active, there.scope.read, there.scope.write) == (second, (second.pk,), (second.pk,))


def test_foreign_tenant_in_the_session_opens_nothing() -> None:
    own, foreign = TenantFactory.create(), TenantFactory.create()
    assert reach(member(own, Role.PLANNER), active_id=foreign.pk).active == own
    assert reach(UserFactory.create(), active_id=foreign.pk).scope.read == ()


def test_who_only_looks_writes_nothing() -> None:
    landkreis = county()
    assert reach(member(landkreis, Role.COUNTY_ANALYST)).scope.write == ()
    assert reach(member(landkreis, Role.COUNTY_ADMIN)).scope.write == (landkreis.pk,)


def test_association_acts_for_its_active_members_alone() -> None:
    association = TenantFactory.create(kind=TenantKind.ASSOCIATION)
    member_town, left = (
        TenantFactory.create(association=association),
        TenantFactory.create(association=association, active=False),
    )
    other = TenantFactory.create()
    anna = member(association, Role.PLANNER)
    assert set(reach(anna).scope.write) == {association.pk, member_town.pk}
    assert can(anna, "import_plan", member_town)
    assert not can(anna, "import_plan", left)
    assert not can(anna, "import_plan", other)
    town_planner = member(member_town, Role.PLANNER)
    assert not can(town_planner, "view", association)


@pytest.mark.parametrize("broken", ["person", "tenant"])
def test_inactive_person_or_tenant_reaches_nothing(broken: str) -> None:
    tenant = TenantFactory.create(active=broken != "tenant")
    anna = member(tenant, Role.PLANNER, is_active=broken != "person")
    assert (reach(anna).active, reach(anna).scope.read, reach(anna).scope.write) == (None, (), ())
    assert not can(anna, "view", tenant)


def test_nobody_reaches_nothing() -> None:
    tenant = TenantFactory.create()
    assert reach(AnonymousUser()).scope == Scope()
    assert not can(AnonymousUser(), "view", tenant)
    with pytest.raises(Forbidden):
        require(AnonymousUser(), "view", tenant)


def test_operator_reaches_nothing_without_break_glass(django_assert_max_num_queries: object) -> None:
    tenant, job = TenantFactory.create(), Job()
    operator: User = UserFactory.create(is_superuser=True, is_staff=True)
    job.tenant = tenant
    assert reach(operator).scope.read == ()
    assert not can(operator, "view", tenant)
    assert not can(operator, "view", job)


@pytest.mark.parametrize(
    ("opened", "expires", "superuser", "open_"),
    [(-1, 1, True, True), (-2, -1, True, False), (1, 2, True, False), (-1, 1, False, False)],
)
def test_break_glass_holds_in_its_time_for_operators(
    opened: int, expires: int, superuser: bool, open_: bool
) -> None:
    tenant, operator = TenantFactory.create(), UserFactory.create(is_superuser=superuser)
    now = timezone.now()
    EmergencyAccess.objects.create(
        tenant=tenant,
        operator=operator,
        reason="Restore of a lost plan",
        opened_at=now + timedelta(hours=opened),
        expires_at=now + timedelta(hours=expires),
    )
    assert reach(operator).scope.read == ((tenant.pk,) if open_ else ())


def test_role_in_one_tenant_is_none_in_another() -> None:
    own, other = TenantFactory.create(), TenantFactory.create()
    anna = member(own, *Role)
    for action in {action for allowed in ACTIONS.values() for action in allowed}:
        assert can(anna, action, own)
        assert not can(anna, action, other)


def test_county_sees_no_town(db: None) -> None:
    town: Tenant = TenantFactory.create()
    bert = member(county(), *FOR_COUNTY)
    assert town.pk not in reach(bert).scope.read
    assert not can(bert, "view", town)
