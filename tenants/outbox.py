"""Mails that leave after commit. A message is a row of the transaction it speaks of, so it exists if and only if that happened."""

from functools import partial

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from tenants import files
from tenants.models import OutboxMessage, PrivateFile, Tenant

MAX_ATTEMPTS = 10


def post(  # noqa: PLR0913 - a mail has these parts
    tenant: Tenant,
    *,
    key: str,
    recipient: str,
    subject: str,
    body: str,
    attachment: PrivateFile | None = None,
) -> OutboxMessage:
    """Queue one mail; a second call with the same key of the same tenant changes nothing."""
    message, created = OutboxMessage.objects.get_or_create(
        tenant=tenant,
        key=key,
        defaults={
            "recipient": recipient,
            "subject": " ".join(subject.split())[:300],
            "body": body,
            "attachment": attachment,
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
        OSError
    ) as error:  # smtplib's errors are OSErrors; the row stays unsent and the sweeper tries again
        message.last_error = str(error)
    else:
        message.sent_at = timezone.now()
    message.save(update_fields=["attempts", "last_error", "sent_at"])
    return message.sent_at is not None
