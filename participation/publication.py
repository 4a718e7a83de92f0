"""The publication of a statement: every change is written down beside it, and its place and answers follow."""

from datetime import datetime

from participation.errors import NoConsent, NothingToUndo
from participation.models import ModerationAct, ModerationRecord, Procedure, Publication, Statement
from tenants import kept
from tenants.events import audit, state_of
from tenants.models import User

DECISIONS = (ModerationAct.PUBLISH, ModerationAct.HIDE)
ACTS = {  # as the tenant's records name them; what a submitter takes back is no act of the administration
    ModerationAct.PUBLISH: "publish_statement",
    ModerationAct.HIDE: "hide_statement",
    ModerationAct.ASK: "ask_statement",
    ModerationAct.UNDO: "undo_moderation",
}
SHOWN = ("publication", "publication_reason")


def generation(procedure: Procedure) -> str:
    """Changes with everything that the public reads of a procedure's statements; see tenants.kept."""
    return kept.generation(_name(procedure.pk))


def renew(procedure_id: int) -> None:
    kept.renew(_name(procedure_id))


def _name(procedure_id: int) -> str:
    return f"published-{procedure_id}"


def record(  # noqa: PLR0913 - one record has these parts
    statement: Statement,
    act: ModerationAct,
    *,
    after: Publication,
    at: datetime,
    actor: User | None,
    reason: str = "",
    undoes: ModerationRecord | None = None,
) -> ModerationRecord:
    """Write an act down and put it into effect. statement: a locked row."""
    row: ModerationRecord = ModerationRecord.objects.create(
        tenant_id=statement.tenant_id,
        statement=statement,
        act=act,
        reason=reason,
        before=statement.publication,
        before_reason=statement.publication_reason,
        after=after,
        undoes=undoes,
        at=at,
        actor=actor,
    )
    shown = state_of(statement, *SHOWN)
    statement.publication = after
    statement.publication_reason = reason if after == Publication.HIDDEN else ""
    statement.is_public = after == Publication.PUBLISHED
    statement.save(update_fields=["publication", "publication_reason", "publication_consent", "is_public"])
    statement.anchors.update(is_public=statement.is_public)
    statement.answers.update(is_public=statement.is_public)
    renew(statement.procedure_id)
    if act in ACTS:
        after_it = state_of(statement, *SHOWN)
        audit(
            ACTS[act],
            tenant_id=statement.tenant_id,
            thing=statement,
            actor=actor,
            before=shown,
            after=after_it,
        )
    return row


def undo(statement: Statement, *, actor: User, at: datetime) -> ModerationRecord:
    """Go back to before the last decision. A question can't be unasked: its mail may be read already.

    Raises NothingToUndo, or NoConsent when the statement would be public again without its submitter's consent.
    """
    last: ModerationRecord | None = statement.moderationrecords.exclude(act=ModerationAct.ASK).first()
    if last is None or last.act not in DECISIONS:
        raise NothingToUndo
    if last.before == Publication.PUBLISHED and not statement.publication_consent:
        raise NoConsent
    return record(
        statement,
        ModerationAct.UNDO,
        after=Publication(last.before),
        at=at,
        actor=actor,
        reason=last.before_reason,
        undoes=last,
    )
