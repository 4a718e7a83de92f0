"""Formal phases of a public participation are steps of the plan's legal procedure."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from participation.drafts import PhaseDates, ProcedureData
from participation.models import Procedure
from participation.phases import Kind
from participation.services import change_procedure, open_procedure, publish_procedure
from planning.models import Plan, ProcedureStep
from planning.recording import StepData, record_step
from planning.steps import Step
from tenants.models import Tenant, User
from tenants.scope import acting_for
from tests.factories.participation import START
from tests.factories.planning import make_plan

pytestmark = pytest.mark.django_db
DRAFT = PhaseDates(Kind.DRAFT_PUBLIC, date(2026, 3, 2), date(2026, 4, 3))
BODIES = PhaseDates(Kind.DRAFT_BODIES, date(2026, 3, 2), date(2026, 4, 7))
IDEAS = PhaseDates(Kind.IDEAS, date(2026, 2, 2), date(2026, 2, 20))
BEFORE = START - timedelta(days=20)


@pytest.fixture
def plan(tenant: Tenant) -> Plan:
    return make_plan(tenant, public=True)


def held(plan: Plan, planner: User, *phases: PhaseDates) -> Procedure:
    with acting_for([plan.tenant_id], [plan.tenant_id]):
        data = ProcedureData("Am Weinberg", plan=plan, phases=phases)
        procedure = open_procedure(plan.tenant, data=data, actor=planner)
        publish_procedure(procedure, actor=planner, at=BEFORE)
        procedure.refresh_from_db()
    return procedure


def changed(procedure: Procedure, planner: User, *phases: PhaseDates) -> None:
    with acting_for([procedure.tenant_id], [procedure.tenant_id]):
        data = ProcedureData("Am Weinberg", plan=procedure.plan, phases=phases)
        change_procedure(procedure, data=data, actor=planner, at=BEFORE)


def steps(plan: Plan, **wanted: Any) -> list[tuple[str, date, date | None]]:
    with acting_for([plan.tenant_id]):
        rows = ProcedureStep.objects.filter(plan=plan, is_current=True, is_void=False, **wanted)
        return list(rows.order_by("on", "kind").values_list("kind", "on", "until"))


def test_published_phases_are_steps_of_the_plan(plan: Plan, planner: User) -> None:
    held(plan, planner, IDEAS, DRAFT, BODIES)
    assert steps(plan) == [
        (Step.BODIES.value, date(2026, 3, 2), date(2026, 4, 7)),
        (Step.PUBLICATION.value, date(2026, 3, 2), date(2026, 4, 3)),
    ]
    assert steps(plan, is_public=True) == steps(plan)


def test_a_moved_phase_moves_its_step_and_leaves_a_trace(plan: Plan, planner: User) -> None:
    procedure = held(plan, planner, DRAFT)
    moved = replace(DRAFT, last_day=date(2026, 4, 17))
    with acting_for([plan.tenant_id]):
        key = procedure.phases.get().pk
    changed(procedure, planner, replace(moved, key=key))
    assert steps(plan) == [(Step.PUBLICATION.value, date(2026, 3, 2), date(2026, 4, 17))]
    with acting_for([plan.tenant_id]):
        assert [row.revision for row in ProcedureStep.objects.filter(plan=plan).order_by("pk")] == [1, 2]


def test_a_phase_taken_out_voids_its_step(plan: Plan, planner: User) -> None:
    procedure = held(plan, planner, DRAFT, BODIES)
    with acting_for([plan.tenant_id]):
        key = procedure.phases.get(kind=Kind.DRAFT_PUBLIC.value).pk
    changed(procedure, planner, replace(DRAFT, key=key))
    assert steps(plan) == [(Step.PUBLICATION.value, date(2026, 3, 2), date(2026, 4, 3))]


def test_what_was_recorded_by_hand_is_not_recorded_twice(plan: Plan, planner: User) -> None:
    by_hand = StepData(Step.PUBLICATION.value, on=date(2026, 3, 3), until=date(2026, 4, 2), number="12/26")
    with acting_for([plan.tenant_id], [plan.tenant_id]):
        record_step(plan, by_hand, actor=planner)
    procedure = held(plan, planner, DRAFT)
    assert steps(plan) == [(Step.PUBLICATION.value, date(2026, 3, 3), date(2026, 4, 2))]
    changed(procedure, planner)
    assert steps(plan) == [(Step.PUBLICATION.value, date(2026, 3, 3), date(2026, 4, 2))]


def test_free_topics_and_unpublished_procedures_touch_no_plan(plan: Plan, planner: User) -> None:
    with acting_for([plan.tenant_id], [plan.tenant_id]):
        open_procedure(
            plan.tenant, data=ProcedureData("Am Weinberg", plan=plan, phases=(DRAFT,)), actor=planner
        )
    assert steps(plan) == []
