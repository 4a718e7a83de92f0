"""Formal phases of a public participation are steps of the plan's legal procedure: recorded with it, moved with it, voided with it.

What somebody has recorded by hand stays; a step that speaks of the same days is not recorded twice.
"""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from participation.models import Phase, Procedure
from participation.phases import Kind
from planning.models import Plan, ProcedureStep
from planning.proceedings import current_steps
from planning.recording import StepData, correct_step, record_step
from planning.steps import Step
from tenants.models import User
from tenants.permissions import can

STEPS: Mapping[str, Step] = {
    Kind.EARLY_PUBLIC.value: Step.EARLY_PUBLIC,
    Kind.EARLY_BODIES.value: Step.EARLY_BODIES,
    Kind.DRAFT_PUBLIC.value: Step.PUBLICATION,
    Kind.DRAFT_BODIES.value: Step.BODIES,
    Kind.REPEATED_PUBLIC.value: Step.REPEATED_PUBLICATION,
    Kind.REPEATED_BODIES.value: Step.REPEATED_BODIES,
    Kind.SIMPLIFIED_PUBLIC.value: Step.AFFECTED_PUBLIC,
    Kind.SIMPLIFIED_BODIES.value: Step.AFFECTED_BODIES,
}


def steps_of(procedure: Procedure) -> set[UUID]:
    return set(procedure.phases.filter(step__isnull=False).values_list("step", flat=True))


def record(procedure: Procedure, *, actor: User, before: set[UUID] | None = None) -> None:
    """Bring the plan's steps up to the phases; nothing for somebody who may not change the plan. before: steps whose phases may be gone."""
    plan = procedure.plan
    if plan is None or not can(actor, "change_plan", plan):
        return
    known = {row.entry: row for row in current_steps(plan)}
    for phase in procedure.phases.filter(kind__in=STEPS):
        if phase.step is None:
            _record(phase, plan, known=known, actor=actor)
        elif phase.step in known:
            _move(known[phase.step], phase, actor=actor)
    gone = (before or set()) - steps_of(procedure)
    for row in (known[entry] for entry in gone & known.keys()):
        reason = _("The phase was taken out of the participation.")
        correct_step(row, _as_data(row), actor=actor, reason=reason, void=True)


def _record(phase: Phase, plan: Plan, *, known: Mapping[UUID, ProcedureStep], actor: User) -> None:
    step, first, last = STEPS[phase.kind].value, phase.first_day, phase.last_day
    said = any(
        row.kind == step and row.on <= last and (row.until or row.on) >= first for row in known.values()
    )
    if not said:
        row = record_step(plan, StepData(step, on=first, until=last), actor=actor)
        Phase.objects.filter(pk=phase.pk).update(step=row.entry)


def _move(row: ProcedureStep, phase: Phase, *, actor: User) -> None:
    days = phase.first_day, phase.last_day
    if (row.on, row.until) != days:
        moved = replace(_as_data(row), on=days[0], until=days[1])
        correct_step(row, moved, actor=actor, reason=_("The phase was moved in the participation."))


def _as_data(row: ProcedureStep) -> StepData:
    return StepData(row.kind, row.on, row.until, row.announced_on, row.number, row.body, row.note, row.source)
