"""A phase shows the edition of the plan that it was held on, on every page that speaks of it, whatever the plan became since."""

from datetime import date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation import queries
from participation.drafts import StatementData
from participation.models import Procedure
from participation.phases import Kind
from participation.services import publish_procedure, submit_statement
from planning.models import Plan, PlanObject
from planning.recording import name_fassung
from tenants.models import Tenant, User
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.participation import add_phase, make_procedure, make_statement
from tests.factories.planning import add_version, make_plan
from tests.participation.test_pages import signed_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


def repeated(tenant: Tenant, planner: User, *, second: datetime) -> Procedure:
    """A first phase of 20 days, 30 days ago, on version 1 ("Entwurf"); a second one on version 2, which is public since 8 days."""
    now = timezone.now()
    plan = make_plan(tenant, public=True, objects=1)
    procedure = make_procedure(tenant, plan=plan, kind=Kind.EARLY_PUBLIC, start=now - 30 * DAY, end=now - 10 * DAY, public=False)  # fmt: skip
    with acting_for([tenant.pk], [tenant.pk]):
        assert plan.current_version is not None
        name_fassung(plan.current_version, actor=planner, kind="draft", dated_on=date(2026, 2, 1))
        publish_procedure(procedure, actor=planner, at=now - 31 * DAY)
        add_version(plan, public=True, objects=2)
        procedure.refresh_from_db()
    add_phase(procedure, Kind.CONSULTATION, start=second, end=second + 20 * DAY)
    with acting_for([tenant.pk], [tenant.pk]):
        publish_procedure(procedure, actor=planner, at=now - 7 * DAY)
    return procedure


def plan_of(procedure: Procedure) -> Plan:
    found: Plan = Plan.objects.get(procedures=procedure)
    return found


def version_shown(procedure: Procedure) -> str:
    page = Client().get(procedure.get_absolute_url()).content.decode()
    plan = plan_of(procedure)
    address = reverse("planning:features", args=[plan.public_id])
    return next(number for number in "12" if f'data-features="{address}?version={number}"' in page)


def test_published_anew_only_phases_yet_to_begin_take_the_newer_version(tenant: Tenant, planner: User) -> None:  # fmt: skip
    procedure = repeated(tenant, planner, second=timezone.now() + 5 * DAY)
    first, second = procedure.phases.order_by("period")
    assert (first.plan_version.number, str(first.fassung)) == (1, "Entwurf")
    assert (second.plan_version.number, second.fassung) == (2, None)


def test_everybody_sees_the_edition_of_the_phase_that_began_last(tenant: Tenant, planner: User) -> None:
    coming = repeated(tenant, planner, second=timezone.now() + 5 * DAY)
    running = repeated(tenant, planner, second=timezone.now() - 2 * DAY)
    assert (version_shown(coming), version_shown(running)) == ("1", "2")
    page = Client().get(coming.get_absolute_url()).content.decode()
    plan = plan_of(coming).get_absolute_url()
    assert f'href="{plan}?version=1">Der Plan in dieser Phase: Entwurf vom 01.02.2026</a>' in page
    assert f'href="{plan}?version=2">Der Plan in dieser Phase: Version 2</a>' in page
    assert f'href="{plan}">Zur neuesten Fassung</a>' in page
    assert "Zur neuesten Fassung" not in Client().get(running.get_absolute_url()).content.decode()


def test_the_form_offers_the_objects_of_that_edition(tenant: Tenant, planner: User) -> None:
    coming = repeated(tenant, planner, second=timezone.now() + 5 * DAY)
    running = repeated(tenant, planner, second=timezone.now() - 2 * DAY)
    counts = [
        len(Client().get(reverse("participation:objects", args=[one.public_id])).json()["features"])
        for one in (coming, running)
    ]
    assert counts == [1, 2]


def test_a_statement_names_its_object_with_the_edition(tenant: Tenant, planner: User) -> None:
    procedure = repeated(tenant, planner, second=timezone.now() - 2 * DAY)
    with acting_for([tenant.pk], [tenant.pk]):
        before = PlanObject.objects.get(plan=procedure.plan_id, version__number=1)
    statement = make_statement(procedure, plan_object=before, phase=procedure.phases.order_by("period")[0])
    page = signed_in(tenant, Role.MODERATOR).get(statement.get_absolute_url()).content.decode()
    assert "(Entwurf vom 01.02.2026)" in page
    assert '/objekte.geojson?version=1"' in page


def test_a_form_opened_before_the_next_phase_began_is_taken(tenant: Tenant, planner: User) -> None:
    procedure = repeated(tenant, planner, second=timezone.now() - 2 * DAY)
    before = PlanObject.objects.get(plan=procedure.plan_id, version__number=1)
    data = StatementData("Bitte mehr Bäume.", plan_object_id=before.pk)
    receipt = submit_statement(procedure, data=data, at=timezone.now())
    with acting_for([tenant.pk]):
        assert receipt.statement.anchors.get().plan_object == before


def test_a_planner_is_told_that_the_plan_went_on(tenant: Tenant, planner: User) -> None:
    procedure = repeated(tenant, planner, second=timezone.now() + 5 * DAY)
    work = reverse("participation:procedure_work", args=[procedure.public_id])
    staff = signed_in(tenant, Role.PLANNER)
    assert "data-outdated" not in staff.get(work).content.decode()
    with acting_for([tenant.pk], [tenant.pk]):
        add_version(plan_of(procedure), public=True)
    assert "data-outdated" in staff.get(work).content.decode()
    staff.post(reverse("participation:procedure_publish", args=[procedure.public_id]))
    assert "data-outdated" not in staff.get(work).content.decode()
    with acting_for([tenant.pk]):
        assert [phase.plan_version.number for phase in procedure.phases.order_by("period")] == [1, 3]


def test_a_withdrawn_plan_is_led_to_no_more(tenant: Tenant, planner: User) -> None:
    procedure = repeated(tenant, planner, second=timezone.now() - 2 * DAY)
    with acting_for([tenant.pk], [tenant.pk]):
        Plan.objects.filter(procedures=procedure).update(is_public=False)
        for version in plan_of(procedure).planversions.all():
            version.is_public = False
            version.save()
    page = Client().get(procedure.get_absolute_url())
    assert (page.status_code, "?version=" in page.content.decode()) == (200, False)
    assert queries.version_at(Procedure.objects.get(pk=procedure.pk), at=timezone.now()) is None
