"""Mails that leave after commit. A message is a row of the transaction it speaks of, so it exists if and only if that happened."""

from datetime import datetime, timedelta
from functools import partial

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tenants import files
from tenants.models import OutboxMessage, PrivateFile, Tenant

MAX_ATTEMPTS = 12
FIRST_PAUSE = timedelta(
    seconds=30
)  # doubled after each failure: the last of 12 attempts comes after 17 hours


def post(  # noqa: PLR0913 - a mail has these parts
    tenant: Tenant,
    *,
    key: str,
    recipient: str,
    subject: str,
    body: str,
    attachment: PrivateFile | None = None,
    confidential: bool = False,
) -> OutboxMessage:
    """Queue one mail; a second call with the same key of the same tenant changes nothing.

    confidential: the body holds a secret (a link that opens something) and is emptied once it was sent or given up.
    """
    message, created = OutboxMessage.objects.get_or_create(
        tenant=tenant,
        key=key,
        defaults={
            "recipient": recipient,
            "subject": " ".join(subject.split())[:300],
            "body": body,
            "attachment": attachment,
            "confidential": confidential,
        },
    )
    if created:
        transaction.on_commit(partial(announce, message))
    return message


def announce(message: OutboxMessage) -> None:
    """Ask the worker to send; by name, because tasks import this module."""
    current_app.send_task(
        "tenants.tasks.send_mail", kwargs={"tenant_id": message.tenant_id, "message_id": message.pk}
    )


@transaction.atomic
def deliver(message_id: int) -> bool:
    """Send one queued mail; False when it was sent already or is being sent by another worker.

    The row is locked while sending, and the Message-ID stays the same at a repeat, so a mail server can drop the only double
    that remains possible: a crash between its "accepted" and our commit.
    """
    message = (
        OutboxMessage.objects.select_for_update(skip_locked=True)
        .filter(pk=message_id, sent_at__isnull=True)
        .first()
    )
    if message is None or message.attempts >= MAX_ATTEMPTS:
        return False
    mail = EmailMessage(
        message.subject,
        message.body,
        settings.DEFAULT_FROM_EMAIL,
        [message.recipient],
        headers={"Message-ID": f"<{message.message_id}@kreiszwilling>", "Auto-Submitted": "auto-generated"},
    )
    if message.attachment is not None:
        mail.attach(
            message.attachment.name,
            files.path_of(message.attachment).read_bytes(),
            message.attachment.content_type,
        )
    message.attempts += 1
    try:
        mail.send()
    except (
        OSError,
        ValueError,
    ) as error:  # smtplib's errors are OSErrors, a malformed address is a ValueError
        message.last_error = str(error)
        message.retry_at = timezone.now() + FIRST_PAUSE * 2 ** (message.attempts - 1)
    else:
        message.sent_at = timezone.now()
    if message.confidential and (message.sent_at or message.attempts >= MAX_ATTEMPTS):
        message.body = ""
    message.save(update_fields=["attempts", "last_error", "sent_at", "retry_at", "body"])
    return message.sent_at is not None


def due(at: datetime) -> list[int]:
    """Ids of mails to be tried (again) now; at most 500, oldest first."""
    rows = OutboxMessage.objects.filter(sent_at__isnull=True, attempts__lt=MAX_ATTEMPTS)
    rows = rows.filter(Q(retry_at__isnull=True) | Q(retry_at__lte=at))
    return list(rows.order_by("created_at").values_list("pk", flat=True)[:500])
