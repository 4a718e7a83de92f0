"""Phases and categories of a procedure as somebody wants them, as far as nobody relies on what would change."""

from datetime import datetime

from django.db.models import Q

from participation import phases
from participation.drafts import PhaseDates
from participation.errors import IllegalChange
from participation.models import Category, Phase, Procedure
from planning import proceedings
from planning.models import Fassung, PlanDocument


def add_phase(procedure: Procedure, dates: PhaseDates) -> None:
    Phase.objects.create(
        tenant_id=procedure.tenant_id,
        procedure=procedure,
        kind=dates.kind.value,
        audience=phases.RULES[dates.kind].audience.value,
        period=dates.period,
        is_public=procedure.is_public,
    )


def put_phases(procedure: Procedure, wanted: tuple[PhaseDates, ...], *, at: datetime) -> None:
    kept = {dates.key: dates for dates in wanted if dates.key is not None}
    present = list(procedure.phases.select_for_update())
    if kept.keys() - {phase.pk for phase in present}:
        raise IllegalChange("phase_unknown")
    for phase in present:
        dates = kept.get(phase.pk)
        if dates is None:
            _remove_phase(phase, at)
        elif (dates.kind, *dates.period) != (phase.kind, phase.period.lower, phase.period.upper):
            _move_phase(phase, dates, at=at)
    for dates in wanted:
        if dates.key is None:
            add_phase(procedure, dates)


def _remove_phase(phase: Phase, at: datetime) -> None:
    if phase.period.lower <= at or phase.statements.exists():
        raise IllegalChange("phase_begun")
    phase.delete()


def _move_phase(phase: Phase, dates: PhaseDates, *, at: datetime) -> None:
    start, end = dates.period
    if phase.period.upper <= at:
        raise IllegalChange("phase_over")
    if phase.period.lower <= at and ((dates.kind, start) != (phase.kind, phase.period.lower) or end <= at):
        raise IllegalChange("phase_begun")
    phase.kind, phase.audience = dates.kind.value, phases.RULES[dates.kind].audience.value
    phase.period = (start, end)
    phase.save(update_fields=["kind", "audience", "period"])


def bind_phases(procedure: Procedure, *, at: datetime) -> None:
    """Phases of a public procedure are about the version it shows and its Fassung, and stay so once begun; published with
    them, the Fassung freezes."""
    if procedure.plan_version_id is None:
        return
    fassung = Fassung.objects.filter(version=procedure.plan_version_id).order_by("-dated_on", "-pk").first()
    if fassung is not None:
        proceedings.freeze(Fassung.objects.filter(pk=fassung.pk))
    open_ones = procedure.phases.filter(Q(plan_version__isnull=True) | Q(period__startswith__gt=at))
    open_ones.update(plan_version=procedure.plan_version_id, fassung=fassung)


# § 3 Abs. 2 BauGB: the notice names the kinds of environmental information, which are collected from the documents.
LAID_OUT = frozenset({phases.Kind.DRAFT_PUBLIC.value, phases.Kind.REPEATED_PUBLIC.value})


def refuse_untagged(procedure: Procedure, *, at: datetime) -> None:
    """Raise IllegalChange when the plan is to be laid out with a document of which nobody has said what it tells of the environment."""
    ahead = procedure.phases.filter(kind__in=LAID_OUT, period__endswith__gt=at)
    if procedure.plan_version_id is None or not ahead.exists():
        return
    if PlanDocument.objects.filter(version=procedure.plan_version_id).untagged().exists():
        raise IllegalChange("documents_untagged")


def put_categories(procedure: Procedure, names: tuple[str, ...]) -> None:
    """Categories in use stay, also when they are no longer named."""
    unused = procedure.categorys.exclude(name__in=names).exclude(
        pk__in=procedure.statements.filter(category__isnull=False).values("category")
    )
    unused.delete()
    for name in names:
        Category.objects.get_or_create(
            tenant_id=procedure.tenant_id,
            procedure=procedure,
            name=name,
            defaults={"is_public": procedure.is_public},
        )
