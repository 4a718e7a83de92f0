"""The work page: each role's tasks, all of them for who holds all roles, nothing of other towns."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.models import Statement
from planning.models import ProcedureStep
from tenants.models import Job, Tenant, TenantKind, User
from tenants.permissions import share
from tenants.roles import FOR_COUNTY, FOR_MUNICIPALITY, Role, Share
from tenants.scope import acting_for
from tests.factories.participation import make_procedure, make_statement
from tests.factories.planning import make_plan
from tests.factories.tenants import TenantFactory, UserFactory, county, member
from twin.portal.work import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Tenant:
    return TenantFactory.create()


def busy(tenant: Tenant, times: int = 1) -> None:
    """Something to do for every role."""
    for _ in range(times):
        make_plan(tenant)
        make_procedure(tenant, public=False)
        make_statement(make_procedure(tenant), publication_consent=True)
    with acting_for([tenant.pk], [tenant.pk]):
        Job.objects.create(tenant=tenant, task="t", title="Import")


def work(person: User) -> dict[str, Task]:
    """Tasks by the address where they are done (or the first row's)."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.get(reverse("work"))
    assert response.status_code == 200
    return {task.url or "jobs": task for task in response.context["tasks"]}


def test_each_role_has_its_tasks(town: Tenant) -> None:
    busy(town)
    busy(TenantFactory.create(), times=2)
    plans, queue, procedures = (
        reverse(name) for name in ("planning:plans", "participation:queue", "participation:procedures")
    )
    assert set(work(member(town, Role.EDITOR))) == {"jobs"}
    assert set(work(member(town, Role.MODERATOR))) == {"jobs", queue}
    assert set(work(member(town, Role.PLANNER))) == {"jobs", queue, plans, procedures}
    everything = work(member(town, *FOR_MUNICIPALITY))
    assert set(everything) == {"jobs", queue, plans, procedures}
    assert {task.count for task in everything.values()} == {1}


def test_planner_sees_the_dates_of_the_next_two_weeks(town: Tenant) -> None:
    planner, today = member(town, Role.PLANNER), timezone.localdate()
    plan, foreign = make_plan(town), make_plan(TenantFactory.create())
    for row in (plan, foreign):
        with acting_for([row.tenant_id], [row.tenant_id]):
            for days in (3, 15):
                ProcedureStep.objects.create(
                    tenant=row.tenant, plan=row, kind="adoption", on=today + timedelta(days=days)
                )
    found = work(planner)[reverse("planning:agenda")]
    assert (found.count, [url for _label, url in found.rows]) == (
        1,
        [reverse("planning:lifecycle", args=[plan.public_id])],
    )


def test_period_that_began_before_tells_its_end(town: Tenant) -> None:
    planner, today = member(town, Role.PLANNER), timezone.localdate()
    first, last = today - timedelta(days=12), today + timedelta(days=20)
    plan = make_plan(town)
    with acting_for([town.pk], [town.pk]):
        ProcedureStep.objects.create(tenant=town, plan=plan, kind="publication", on=first, until=last)
    ((label, _url),) = work(planner)[reverse("planning:agenda")].rows
    assert label.startswith(f"{first:%d.%m.%Y} – {last:%d.%m.%Y}: ")


def test_county_sees_figures_and_towns_and_no_draft(town: Tenant) -> None:
    busy(town)
    found = work(member(county(), *FOR_COUNTY))
    assert set(found) == {reverse("tenant_list")}
    assert [label for label, _ in found[reverse("tenant_list")].rows] == [town.name]


def test_association_works_for_its_members() -> None:
    association = TenantFactory.create(kind=TenantKind.ASSOCIATION)
    busy(TenantFactory.create(association=association))
    assert work(member(association, Role.MODERATOR))[reverse("participation:queue")].count == 1


def test_bureau_without_a_tenant_finds_the_plan_shared_with_it(town: Tenant) -> None:
    bureau, plan = UserFactory.create(), make_plan(town)
    make_plan(town)
    share(plan, holder=bureau, as_=Share.EXTERNAL_PLANNER)
    (found,) = work(bureau).values()
    assert (found.count, [label for label, _ in found.rows]) == (1, [str(plan)])
    assert work(UserFactory.create()) == {}


def test_body_without_a_tenant_finds_the_procedure_shared_with_it(town: Tenant) -> None:
    make_procedure(town)
    shared, body = make_procedure(town), UserFactory.create()
    share(shared, holder=body, as_=Share.BODY)
    (found,) = work(body).values()
    assert found.rows == ((str(shared), reverse("participation:procedure", args=[shared.public_id])),)


@pytest.mark.parametrize(("role", "offered"), [(Role.EDITOR, True), (Role.PLANNER, False)])
def test_editor_is_led_to_the_web_pages(town: Tenant, role: Role, offered: bool) -> None:
    client = Client()
    client.force_login(member(town, role), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("work")).content.decode()
    assert (f'href="{reverse("wagtailadmin_home")}"' in page) is offered


def test_page_costs_the_same_with_one_and_with_many(
    town: Tenant, django_assert_max_num_queries: object
) -> None:
    person = member(town, *FOR_MUNICIPALITY)
    busy(town, times=6)
    with django_assert_max_num_queries(45):  # type: ignore[operator]
        found = work(person)
    assert found[reverse("participation:queue")].count == 6
    with acting_for([town.pk]):
        assert Statement.objects.count() == 6
