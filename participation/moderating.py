"""What staff do with statements. Moderation decides on publication alone, and removes nothing."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from participation import notifications, phases, publication
from participation.drafts import clean_text
from participation.errors import IllegalChange, NoConsent, NotBeforeDecision, ReasonMissing
from participation.models import (
    Answer,
    Category,
    ModerationAct,
    ModerationRecord,
    Publication,
    Question,
    Statement,
    Submitter,
)
from tenants.events import audit, state_of, used
from tenants.models import User
from tenants.permissions import require


def act_on(statement: Statement, act: str, *, user: User, reason: str) -> None:
    """An act of moderation by its name, as people choose it. Raises NoConsent, ReasonMissing, NothingToUndo."""
    at = timezone.now()
    if act == ModerationAct.UNDO:
        undo_moderation(statement, actor=user, at=at)
    elif act in {ModerationAct.PUBLISH, ModerationAct.HIDE, ModerationAct.ASK}:
        moderate(statement, act=ModerationAct(act), actor=user, at=at, reason=reason)
    else:
        raise ReasonMissing


@transaction.atomic
def moderate(
    statement: Statement, *, act: ModerationAct, actor: User, at: datetime, reason: str = ""
) -> ModerationRecord:
    """Publish, hide (with a reason) or ask back (the reason is the question). Raises NoConsent, ReasonMissing."""
    require(actor, "moderate", statement)
    statement = _locked(statement)
    reason = reason.strip()
    if act == ModerationAct.PUBLISH and not statement.publication_consent:
        raise NoConsent
    if act != ModerationAct.PUBLISH and not reason:
        raise ReasonMissing
    if act == ModerationAct.ASK:
        _ask(statement, reason, actor=actor, at=at)
    after = AFTER.get(act, Publication(statement.publication))
    row = publication.record(statement, act, after=after, at=at, actor=actor, reason=reason[:500])
    used("statement_moderated", tenant=statement.tenant, actor=actor, at=at)
    return row


AFTER = {ModerationAct.PUBLISH: Publication.PUBLISHED, ModerationAct.HIDE: Publication.HIDDEN}


@transaction.atomic
def undo_moderation(statement: Statement, *, actor: User, at: datetime) -> ModerationRecord:
    """Take back the last decision about publication. Raises NothingToUndo, NoConsent."""
    require(actor, "moderate", statement)
    return publication.undo(_locked(statement), actor=actor, at=at)


def _locked(statement: Statement) -> Statement:
    row: Statement = (
        Statement.objects.select_for_update(of=("self",)).select_related("tenant").get(pk=statement.pk)
    )
    return row


def _ask(statement: Statement, text: str, *, actor: User, at: datetime) -> None:
    question: Question = Question.objects.create(
        tenant=statement.tenant, statement=statement, text=text, asked_at=at, asked_by=actor
    )
    notifications.send_question(question, submitter=Submitter.objects.get(statement=statement))


@transaction.atomic
def answer_statement(statement: Statement, *, text: str, actor: User, at: datetime) -> Answer:
    """Answer officially; everybody reads it beside the published statement. Raises NotBeforeDecision in a formal phase."""
    require(actor, "answer", statement)
    phase = statement.phase
    if phases.Right.ANSWER not in phases.rights(
        phase.rule_kind, who=phases.Who.PLANNER, moment=phase.moment(at)
    ):
        raise NotBeforeDecision
    answer: Answer = Answer.objects.create(
        tenant=statement.tenant,
        statement=statement,
        text=clean_text(text),
        answered_at=at,
        answered_by=actor,
        is_public=_locked(statement).is_public,
    )
    publication.renew(statement.procedure_id)
    audit("answer_statement", tenant_id=statement.tenant_id, thing=statement, actor=actor)
    used("statement_weighed", tenant=statement.tenant, actor=actor, at=at)
    return answer


@transaction.atomic
def sort_statement(statement: Statement, *, category: Category | None, actor: User) -> None:
    """Put a statement under another topic of its procedure."""
    require(actor, "moderate", statement)
    if category is not None and category.procedure_id != statement.procedure_id:
        raise IllegalChange("category_unknown")
    before = state_of(statement, "category")
    statement.category = category
    statement.save(update_fields=["category"])
    publication.renew(statement.procedure_id)
    audit(
        "sort_statement",
        tenant_id=statement.tenant_id,
        thing=statement,
        actor=actor,
        before=before,
        after=state_of(statement, "category"),
    )
