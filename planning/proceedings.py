"""The legal procedure of one plan, out of the steps recorded and the dates its newest file states."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from planning import rechtsstand
from planning.models import (
    Development,
    Fassung,
    FassungKind,
    Plan,
    PlanObject,
    PlanVersion,
    ProcedureStep,
    StepDocument,
)
from planning.rechtsstand import Attributes
from planning.steps import Case, Entry, Standing, Step, Track, in_order, standing_of
from planning.xplanung import satzungen
from tenants.models import PrivateFile

_NEEDS_APPROVAL = {
    Development.DEVELOPED: False,
    Development.PARALLEL: False,
    Development.AHEAD: True,
    Development.STANDALONE: True,
    Development.EARLY: True,
}
_TRACKS = {"1000": Track.FULL, "2000": Track.SIMPLIFIED, "3000": Track.ACCELERATED}
_MISSED = timedelta(days=14)
_PROGRESS = {standing: place for place, standing in enumerate(Standing)}


@dataclass(frozen=True)
class Difference:
    """An attribute that the file states otherwise than the steps. now, wanted: code or days as the file writes them."""

    name: str
    now: tuple[str, ...]
    wanted: tuple[str, ...]


def case_of(plan: Plan) -> Case:
    stated = _TRACKS.get(plan.procedure_kind, Track.FULL)
    track = Track(plan.track) if plan.track else stated
    approval: bool | None = _NEEDS_APPROVAL.get(plan.development)  # type: ignore[call-overload]
    if plan.plan_type == "FP" or track is Track.BY_LAW:
        approval = plan.plan_type == "FP"
    basis = satzungen.basis_of_plan(plan.plan_type, {}, name=plan.name)
    freezes = basis is not None and basis.paragraph == "14"
    return Case(plan.plan_type, track, plan.on_project, approval, freezes)


def current_steps(plan: Plan) -> list[ProcedureStep]:
    """Steps as they stand after all corrections, in the order of their days."""
    rows = plan.proceduresteps.filter(is_current=True, is_void=False).select_related("created_by")
    return list(rows.order_by("on", "pk"))


def stated(plan: Plan, steps: Iterable[ProcedureStep], version: PlanVersion | None) -> list[Entry]:
    """What only the file says: dates of steps that nobody recorded."""
    if version is None:
        return []
    again = {Step.REPEATED_PUBLICATION: Step.PUBLICATION, Step.REPEATED_BODIES: Step.BODIES}
    known = {again.get(Step(row.kind), Step(row.kind)) for row in steps}
    found = rechtsstand.entries_in(
        version.header.get("dates", {}), plan_type=plan.plan_type, version=version.xplan_version
    )
    return [entry for entry in found if entry.step not in known]


def entries_of(plan: Plan, steps: Sequence[ProcedureStep], version: PlanVersion | None) -> list[Entry]:
    """All that is known, recorded or stated, in its order."""
    return in_order([*(row.as_entry for row in steps), *stated(plan, steps, version)])


def standing_at(plan: Plan, entries: Sequence[Entry], *, on: date) -> tuple[Standing, bool]:
    """How far the plan is, and whether that is certain; a file whose Rechtsstand is further than the steps is hearsay."""
    found = standing_of(entries, on=on)
    said = _said(plan, plan.current_version)
    if _PROGRESS[said] > _PROGRESS[found]:
        return said, False
    behind = [entry for entry in entries if entry.on <= on]
    return found, bool(behind) and behind[-1].certain


def fassung_kind(standing: Standing) -> FassungKind:
    """Which Fassung of a plan the newest version most likely is, by how far the plan is."""
    if standing in (Standing.PREPARED, Standing.INITIATED, Standing.EARLY):
        return FassungKind.PRELIMINARY
    if standing in (Standing.DRAFT, Standing.PUBLISHED, Standing.WEIGHED, Standing.DISCONTINUED):
        return FassungKind.DRAFT
    return FassungKind.ADOPTED


def _said(plan: Plan, version: PlanVersion | None) -> Standing:
    code = version.header.get("legal_status", "") if version else plan.legal_status
    return rechtsstand.standing_by(plan.plan_type, code)


def refresh(plan: Plan, *, on: date) -> None:
    """Bring the plan's place on the board up to date."""
    entries = entries_of(plan, current_steps(plan), plan.current_version)
    plan.standing, plan.standing_certain = standing_at(plan, entries, on=on)
    Plan.objects.filter(pk=plan.pk).update(standing=plan.standing, standing_certain=plan.standing_certain)


def refresh_reached(*, on: date) -> None:
    """Each night: plans whose planned step has come, also after nights without a worker, and those nothing is known of yet."""
    reached = ProcedureStep.objects.filter(is_current=True, on__gt=on - _MISSED, on__lte=on)
    plans = Plan.objects.filter(Q(pk__in=reached.values("plan")) | Q(standing=Standing.PREPARED.value))
    for plan in plans.select_related("current_version"):
        refresh(plan, on=on)


def wanted(
    plan: Plan, steps: Sequence[ProcedureStep], version: PlanVersion, *, on: date
) -> rechtsstand.Attributes:
    """What the certain steps up to this day want the file to say. It never goes back behind its own Rechtsstand."""
    certain = [entry for entry in (row.as_entry for row in steps) if entry.certain and entry.on <= on]
    entries = in_order([*certain, *stated(plan, steps, version)])
    found = rechtsstand.attributes(
        entries,
        plan_type=plan.plan_type,
        version=version.xplan_version,
        track=Track(plan.track) if plan.track else None,
    )
    if certain and _PROGRESS[_said(plan, version)] <= _PROGRESS[standing_of(entries, on=on)]:
        return found
    values = {name: value for name, value in found.plan.items() if name != "rechtsstand"}
    return Attributes(values, found.bereich)


def differences(version: PlanVersion, attributes: Attributes) -> list[Difference]:
    """Where the file says something else than the attributes wanted."""
    header = version.header
    now: dict[str, Any] = {
        "rechtsstand": header.get("legal_status"),
        "verfahren": header.get("procedure_kind"),
        **header.get("dates", {}),
    }
    pairs = [(name, _texts(now.get(name)), _texts(value)) for name, value in attributes.plan.items()]
    for name, value in attributes.bereich.items():
        stated_codes = {code for row in bereiche(version) for code in _texts(row.properties.get(name))}
        pairs.append((name, tuple(sorted(stated_codes)), (value,)))
    return [Difference(*pair) for pair in pairs if pair[1] != pair[2]]


def open_to_public(version: PlanVersion) -> None:
    """With the plan its steps are public, with their open papers; the Fassungen of this version are published, so they freeze."""
    steps = ProcedureStep.objects.filter(plan=version.plan_id, is_current=True, is_void=False)
    steps.update(is_public=True)
    papers = StepDocument.objects.filter(plan=version.plan_id, is_internal=False, step__is_void=False)
    papers.update(is_public=True)
    PrivateFile.objects.filter(pk__in=papers.values("file")).update(is_public=True)
    freeze(Fassung.objects.filter(version=version))


def freeze(fassungen: QuerySet[Fassung]) -> None:
    """They are published: from now on nobody changes them."""
    fassungen.filter(frozen_at__isnull=True).update(frozen_at=timezone.now())
    fassungen.update(is_public=True)


def bereiche(version: PlanVersion) -> list[PlanObject]:
    return list(version.plan_objects.filter(feature_type__endswith="_Bereich").order_by("position"))


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(map(str, value))
    return (str(value),) if value else ()
