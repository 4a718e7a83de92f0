"""Reads: what the public sees, and what moderators work through. Each takes what the wall lets through, and sorts it."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from participation.models import (
    Anchor,
    Phase,
    Procedure,
    ProcedureQuerySet,
    Question,
    StatementQuerySet,
)
from participation.phases import Audience, Moment, Who, shortfall, takes
from participation.search import matching
from planning.deadlines import Shortfall
from planning.models import PlanObject, PlanVersion
from planning.queries import content_of, measured

CURRENT, COMING, PAST = "current", "coming", "past"


def published(procedure: Procedure, *, text: str = "", category_id: int | None = None) -> StatementQuerySet:
    """Published statements, newest first; without the search columns."""
    rows: StatementQuerySet = procedure.statements.published().filter(matching(text))
    if category_id is not None:
        rows = rows.filter(category_id=category_id)
    return rows.select_related("category").prefetch_related("answers")


def published_places(procedure: Procedure, *, text: str = "", category_id: int | None = None) -> Any:
    """Anchors of published statements that lie somewhere: (public id, start of the text, geometry or the plan object's)."""
    rows = Anchor.objects.filter(statement__procedure=procedure, statement__is_public=True, is_public=True)
    rows = rows.filter(matching(text, prefix="statement__"))
    if category_id is not None:
        rows = rows.filter(statement__category_id=category_id)
    return rows.filter(Q(geometry__isnull=False) | Q(plan_object__isnull=False)).order_by("-statement_id")


def with_open_question() -> Exists:
    return Exists(Question.objects.filter(statement=OuterRef("pk"), replied_at__isnull=True))


def waiting(rows: StatementQuerySet) -> StatementQuerySet:
    """Those a moderator decides on next, oldest first: with consent, undecided, no question open."""
    return (
        rows.pending()
        .filter(publication_consent=True)
        .exclude(with_open_question())
        .order_by("received_at", "id")
    )


def for_public(rows: ProcedureQuerySet) -> ProcedureQuerySet:
    """Public procedures with phases, for lists."""
    return rows.filter(is_public=True).select_related("tenant", "plan").prefetch_related("phases")


def state_of(procedure: Procedure, *, at: datetime) -> str:
    """current, coming or past, by the phases for the public."""
    moments = {phase.moment(at) for phase in phases_for(procedure, Audience.PUBLIC)}
    if Moment.IN in moments:
        return CURRENT
    return COMING if Moment.BEFORE in moments else PAST


def phases_for(procedure: Procedure, audience: Audience) -> list[Phase]:
    return [phase for phase in procedure.phases.all() if phase.audience == audience.value]


def phase_at(procedure: Procedure, *, at: datetime) -> Phase | None:
    """The phase of the public that would take a statement now."""
    spans = [phase.span for phase in phases_for(procedure, Audience.PUBLIC)]
    decided = procedure.decided_at is not None and procedure.decided_at <= at
    choice = takes(spans, who=Who.PUBLIC, at=at, decided=decided)
    return next((phase for phase in procedure.phases.all() if choice and phase.pk == choice.key), None)


def version_key_at(procedure: Procedure, *, at: datetime) -> int | None:
    """Of the version of the plan that the public reads then: that of the phase which began last, before any the procedure's."""
    begun = [phase for phase in phases_for(procedure, Audience.PUBLIC) if phase.period.lower <= at]
    last = max(begun, key=lambda phase: phase.period.lower, default=None)
    bound: int | None = last.plan_version_id if last else None
    return bound or procedure.plan_version_id


def version_at(procedure: Procedure, *, at: datetime) -> PlanVersion | None:
    """See version_key_at; None on a free topic, and where it isn't open to who asks."""
    rows = PlanVersion.objects.defer("area", "frame", "header")
    found: PlanVersion | None = rows.filter(pk=version_key_at(procedure, at=at)).first()
    return found


def is_outdated(procedure: Procedure) -> bool:
    """Whether its plan was published anew since, while people can still take part."""
    newest = procedure.plan.published_version_id if procedure.plan else None
    open_still = procedure.is_public and procedure.decided_at is None
    return open_still and newest is not None and newest != procedure.plan_version_id


def plan_objects(version: PlanVersion | None) -> Any:
    """Objects of a version that lie somewhere, with their sizes, without their XML."""
    if version is None:
        return PlanObject.objects.none()
    return measured(content_of(version)).filter(geometry__isnull=False)


def shortfalls(procedure: Procedure) -> list[tuple[Phase, Shortfall]]:
    """Phases that are shorter than the law wants."""
    found = [
        (phase, shortfall(phase.rule_kind, first_day=phase.first_day, last_day=phase.last_day))
        for phase in procedure.phases.all()
    ]
    return [(phase, short) for phase, short in found if short is not None]


def counts(rows: Any) -> dict[str, int]:
    """How many statements are undecided, published and hidden."""
    return dict(rows.order_by().values_list("publication").annotate(Count("pk")))


def statement_for_staff(rows: StatementQuerySet) -> StatementQuerySet:
    """With all that a moderator's page shows, in a constant number of queries."""
    found: StatementQuerySet = rows.select_related(
        "procedure", "phase", "category", "tenant"
    ).prefetch_related(
        "anchors__plan_object__version", "submitters", "questions", "answers", "moderationrecords__actor"
    )
    return found
