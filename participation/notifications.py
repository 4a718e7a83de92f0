"""Mails of participation; they go through the outbox, in the transaction of the act they speak of."""

from datetime import date

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participation import queries
from participation.models import Question, Statement, Submitter
from participation.receipts import readable
from tenants import outbox
from tenants.models import Tenant, User
from tenants.roles import Role

CONFIRMATION = "participation.confirmation"  # salt of the signature


def status_link(receipt: str, secret: str) -> str:
    """The secret stands in the fragment: browsers send it to no server, so it gets into no log and no Referer."""
    return f"{settings.BASE_URL}{reverse('participation:status')}?nr={receipt}#{secret}"


def confirmation_token(submitter: Submitter) -> str:
    """Proves the address and nothing else; signed, so nothing has to be stored."""
    claims = {"tenant": submitter.tenant_id, "submitter": submitter.pk}
    return signing.dumps(claims, salt=CONFIRMATION)


def send_receipt(statement: Statement, *, submitter: Submitter, secret: str) -> None:
    """In the submitter's language, whoever acts."""
    with translation.override(submitter.language):
        subject = _("Receipt %s: your statement") % statement.receipt
        lines = _receipt_lines(statement, submitter=submitter, secret=secret)
    outbox.post(
        statement.tenant,
        key=f"participation.receipt:{statement.pk}",
        recipient=submitter.email,
        subject=subject,
        body="\n\n".join(lines),
        confidential=True,
    )


def _receipt_lines(statement: Statement, *, submitter: Submitter, secret: str) -> list[str]:
    confirm = reverse("participation:confirm", args=[confirmation_token(submitter)])
    received = localtime(statement.received_at)
    return [
        _("Your statement on “%s” has been received.") % statement.procedure.title,
        _("Received: %s") % date_format(received, "DATETIME_FORMAT"),
        _("Receipt number: %s") % statement.receipt,
        _("Secret: %s") % readable(secret),
        _("See what became of it, answer questions, take back your consent to publication:"),
        status_link(statement.receipt, secret),
        _("Please keep this mail: the receipt number opens nothing without the secret."),
        _("Confirm that this address is yours. Your statement counts without it, too:"),
        f"{settings.BASE_URL}{confirm}",
    ]


def send_question(question: Question, *, submitter: Submitter) -> None:
    """Only where an address is known; the question stands on the status page for everybody else."""
    statement = question.statement
    if not submitter.email:
        return
    with translation.override(submitter.language):
        subject = _("Question about your statement %s") % statement.receipt
        lines = [
            _("There is a question about your statement %s.") % statement.receipt,
            question.text,
            _("Please reply on the status page. You need your receipt number and your secret:"),
            f"{settings.BASE_URL}{reverse('participation:status')}?nr={statement.receipt}",
        ]
    outbox.post(
        statement.tenant,
        key=f"participation.question:{question.pk}",
        recipient=submitter.email,
        subject=subject,
        body="\n\n".join(lines),
    )


def remind_moderators(tenant: Tenant, *, on: date) -> None:
    """One mail a day to each moderator while statements wait, however often this is called. Needs the tenant's scope."""
    waiting = queries.waiting(Statement.objects.filter(tenant=tenant)).count()
    if not waiting:
        return
    with translation.override(settings.LANGUAGE_CODE):
        subject = ngettext("%d new statement", "%d new statements", waiting) % waiting
        body = _("They wait for a decision about publication:")
        for moderator in moderators_of(tenant):
            outbox.post(
                tenant,
                key=f"participation.digest:{on}:{moderator.pk}",
                recipient=moderator.email,
                subject=f"{tenant.name}: {subject}",
                body=f"{body}\n\n{settings.BASE_URL}{reverse('participation:queue')}",
            )


def moderators_of(tenant: Tenant) -> QuerySet[User]:
    """Who moderates; the planners where a town has no moderator."""
    rows = User.objects.filter(is_active=True, is_service=False).distinct()
    moderators = rows.filter(memberships__tenant=tenant, memberships__role=Role.MODERATOR)
    return moderators or rows.filter(memberships__tenant=tenant, memberships__role=Role.PLANNER)
