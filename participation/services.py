"""What people do in a participation: open and change procedures, say something, see what became of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils.timezone import localtime

from participation import notifications, phases, proceeding, publication, receipts, scheduling
from participation.drafts import Checked, ProcedureData, StatementData, check, clean_text, plain
from participation.errors import (
    ConfirmationInvalid,
    IllegalChange,
    NotOpen,
)
from participation.models import (
    Anchor,
    Answer,
    ModerationAct,
    ModerationRecord,
    Phase,
    Procedure,
    Publication,
    Question,
    ReceiptCounter,
    Statement,
    Submitter,
)
from planning.models import Plan, PlanVersion
from tenants.events import audit, state_of, used
from tenants.models import Tenant, User
from tenants.permissions import can, require
from tenants.scope import acting_for

CONFIRM_WITHIN = timedelta(days=60)
INFORMAL_KEPT = timedelta(days=365)  # names and addresses of informal statements, after their phase's end


# --- procedures


@transaction.atomic
def open_procedure(tenant: Tenant, *, data: ProcedureData, actor: User) -> Procedure:
    """Create a procedure that only the tenant sees yet, bound to the plan's public version (its newest, if none is public)."""
    require(actor, "open_procedure", tenant)
    procedure: Procedure = Procedure.objects.create(
        tenant=tenant,
        title=data.title,
        summary=data.summary,
        plan=data.plan,
        plan_version=_version_of(data.plan),
        created_by=actor,
    )
    ReceiptCounter.objects.create(tenant=tenant, procedure=procedure)
    for dates in data.phases:
        scheduling.add_phase(procedure, dates)
    scheduling.put_categories(procedure, data.categories)
    audit("open_procedure", tenant_id=tenant.pk, thing=procedure, actor=actor, after=_state(procedure))
    used("procedure_opened", tenant=tenant, actor=actor)
    return procedure


@transaction.atomic
def change_procedure(procedure: Procedure, *, data: ProcedureData, actor: User, at: datetime) -> None:
    """Change words, phases and categories. Raises IllegalChange when people rely on what would change.

    A public procedure keeps its plan; a phase that ended stays as it is, a running one can only get another last day, today
    or later, and none that has statements is removed.
    """
    require(actor, "change_procedure", procedure)
    procedure = Procedure.objects.select_for_update().get(pk=procedure.pk)
    before = _state(procedure)
    if procedure.is_public and data.plan != procedure.plan:
        raise IllegalChange("plan_bound")
    if data.plan != procedure.plan:
        procedure.plan, procedure.plan_version = data.plan, _version_of(data.plan)
    procedure.title, procedure.summary = data.title, data.summary
    procedure.save(update_fields=["title", "summary", "plan", "plan_version"])
    recorded = proceeding.steps_of(procedure)
    scheduling.put_phases(procedure, data.phases, at=at)
    if procedure.is_public:
        scheduling.refuse_untagged(procedure, at=at)
        scheduling.bind_phases(procedure, at=at)
        proceeding.record(procedure, actor=actor, before=recorded)
    scheduling.put_categories(procedure, data.categories)
    publication.renew(procedure.pk)
    audit(
        "change_procedure",
        tenant_id=procedure.tenant_id,
        thing=procedure,
        actor=actor,
        before=before,
        after=_state(procedure),
    )


@transaction.atomic
def publish_procedure(procedure: Procedure, *, actor: User, at: datetime) -> None:
    """Show the procedure to everybody, with the plan's public version; done again, phases yet to begin take its newer one.

    Raises IllegalChange without a phase, or while its plan is not public."""
    require(actor, "change_procedure", procedure)
    procedure = Procedure.objects.select_for_update().get(pk=procedure.pk)
    if not procedure.phases.exists():
        raise IllegalChange("no_phase")
    if procedure.plan is not None:
        if procedure.plan.published_version_id is None:
            raise IllegalChange("plan_not_public")
        procedure.plan_version = procedure.plan.published_version
    _show(procedure, at)
    proceeding.record(procedure, actor=actor)
    publication.renew(procedure.pk)
    audit("publish_procedure", tenant_id=procedure.tenant_id, thing=procedure, actor=actor)


@transaction.atomic
def decide_procedure(procedure: Procedure, *, actor: User, at: datetime) -> None:
    """Record that the council decided, or that an informal procedure is closed: no statement is taken any more, answers are free."""
    require(actor, "change_procedure", procedure)
    if Procedure.objects.filter(pk=procedure.pk, decided_at__isnull=True).update(decided_at=at) == 0:
        raise IllegalChange("decided")
    audit(
        "decide_procedure",
        tenant_id=procedure.tenant_id,
        thing=procedure,
        actor=actor,
        after={"decided_at": at},
    )


def _version_of(plan: Plan | None) -> PlanVersion | None:
    return (plan.published_version or plan.current_version) if plan else None


def _show(procedure: Procedure, at: datetime) -> None:
    procedure.is_public = True
    procedure.published_at = procedure.published_at or at
    procedure.save(update_fields=["is_public", "published_at", "plan_version"])
    scheduling.refuse_untagged(procedure, at=at)
    procedure.phases.update(is_public=True)
    scheduling.bind_phases(procedure, at=at)
    procedure.categorys.update(is_public=True)


def _state(procedure: Procedure) -> dict[str, object]:
    return {
        **state_of(procedure, "title", "summary", "plan", "plan_version"),
        "phases": [state_of(phase, "kind", "first_day", "last_day") for phase in procedure.phases.all()],
        "categories": [category.name for category in procedure.categorys.all()],
    }


# --- statements


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the submitter gets; the secret exists here and in the mail only."""

    statement: Statement
    number: str
    secret: str


def submit_statement(
    procedure: Procedure, *, data: StatementData, at: datetime, user: User | None = None
) -> Receipt:
    """Take a statement into the file: with it, everything is received; a mail confirmation only proves the address.

    procedure: as read in this transaction, with its phases. at: the moment it reached us. Raises StatementRefused, or NotOpen when no phase takes it; late in a formal phase it is
    accepted and stamped. Opens the tenant's scope for exactly this act, because the submitter has none.
    """
    as_body = user is not None and can(user, "submit_as_body", procedure)
    with acting_for([procedure.tenant_id], [procedure.tenant_id]):
        phase, late = _phase_for(procedure, who=phases.Who.BODY if as_body else phases.Who.PUBLIC, at=at)
        checked = check(data, procedure)
        secret = receipts.new_secret()
        statement = Statement(
            pk=Statement.objects.reserve_key(),
            tenant_id=procedure.tenant_id,
            procedure=procedure,
            phase=phase,
            secret_hash=receipts.hash_of(secret),
            text=checked.text,
            received_at=at,
            is_late=late,
            from_body=as_body,
            category=checked.category,
            publication_consent=data.publication_consent,
        )
        submitter = _keep_parts(statement, data, checked=checked, user=user)
        # The counter's row stays locked until commit, and everybody who sends waits for it: the number comes last.
        statement.number = ReceiptCounter.objects.next_number(procedure)
        statement.save(force_insert=True)
        if submitter.email:
            notifications.send_receipt(statement, submitter=submitter, secret=secret)
    return Receipt(statement, statement.receipt, secret)


def _phase_for(procedure: Procedure, *, who: phases.Who, at: datetime) -> tuple[Phase, bool]:
    decided = procedure.decided_at is not None and procedure.decided_at <= at
    if procedure.is_public or who is phases.Who.BODY:
        listed = {phase.pk: phase for phase in procedure.phases.all()}
        spans = [phase.span for phase in listed.values()]
        if choice := phases.takes(spans, who=who, at=at, decided=decided):
            return listed[choice.key], choice.late
    raise NotOpen


def _keep_parts(
    statement: Statement, data: StatementData, *, checked: Checked, user: User | None
) -> Submitter:
    purge_on = None
    if not statement.phase.rule.formal:
        purge_on = (localtime(statement.phase.period.upper) + INFORMAL_KEPT).date()
    submitter: Submitter = Submitter.objects.create(
        tenant_id=statement.tenant_id,
        statement=statement,
        name=plain(data.name),
        email=plain(data.email),
        postal_address=plain(data.postal_address),
        user=user,
        language=data.language,
        purge_on=purge_on,
    )
    if checked.geometry is not None or checked.plan_object is not None:
        Anchor.objects.create(
            tenant_id=statement.tenant_id,
            statement=statement,
            geometry=checked.geometry,
            plan_object=checked.plan_object,
        )
    return submitter


def confirm_mail(token: str, *, at: datetime) -> None:
    """Note that the address exists. Raises ConfirmationInvalid."""
    try:
        claims = signing.loads(token, salt=notifications.CONFIRMATION, max_age=CONFIRM_WITHIN)
    except signing.BadSignature as error:
        raise ConfirmationInvalid from error
    scope = [claims["tenant"]]
    with acting_for(scope, scope):
        rows = Submitter.objects.filter(pk=claims["submitter"]).exclude(email="")
        if not rows.exists():
            raise ConfirmationInvalid
        rows.filter(confirmed_at__isnull=True).update(confirmed_at=at)


# --- what the holder of a receipt may do


@dataclass(frozen=True, slots=True)
class Status:
    """What became of a statement, for who holds its secret."""

    statement: Statement
    anchor: Anchor | None
    questions: tuple[Question, ...]
    answers: tuple[Answer, ...]
    records: tuple[ModerationRecord, ...]
    has_confirmed_mail: bool | None  # None: no address was given


@contextmanager
def _opened(number: str, secret: str) -> Iterator[Statement | None]:
    """The statement inside its tenant's scope; None alike for a wrong number, a wrong secret and nonsense."""
    found = receipts.parse(number) or receipts.Number(0, 0, 0)
    with acting_for([found.tenant_id], [found.tenant_id]):
        rows = Statement.objects.select_related("procedure", "phase", "tenant", "category")
        statement = rows.filter(procedure_id=found.procedure_id, number=found.number).first()
        right = receipts.opens(secret, statement.secret_hash if statement else None)
        yield statement if right else None


def status_of(number: str, secret: str) -> Status | None:
    with _opened(number, secret) as statement:
        if statement is None:
            return None
        submitter = Submitter.objects.get(statement=statement)
        return Status(
            statement=statement,
            anchor=statement.anchors.select_related("plan_object__version").first(),
            questions=tuple(statement.questions.all()),
            answers=tuple(statement.answers.all()),
            records=tuple(statement.moderationrecords.all()),
            has_confirmed_mail=submitter.confirmed_at is not None if submitter.email else None,
        )


def revoke_publication(number: str, secret: str, *, at: datetime) -> bool:
    """Take back the consent to publication; the file keeps the statement. False when number and secret open nothing."""
    with _opened(number, secret) as statement:
        if statement is None:
            return False
        statement = Statement.objects.select_for_update().get(pk=statement.pk)
        if statement.publication_consent:
            statement.publication_consent = False
            shown = statement.publication == Publication.PUBLISHED
            after = Publication.HIDDEN if shown else Publication(statement.publication)
            publication.record(statement, ModerationAct.REVOKE, after=after, at=at, actor=None)
    return True


def reply_to_question(question_id: int, *, number: str, secret: str, text: str, at: datetime) -> bool:
    """Reply to an ask-back, once. False when number and secret open nothing or there is no such open question."""
    with _opened(number, secret) as statement:
        if statement is None:
            return False
        rows = Question.objects.filter(pk=question_id, statement=statement, replied_at__isnull=True)
        return bool(rows.update(reply=clean_text(text), replied_at=at))
