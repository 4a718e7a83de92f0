"""Mails leave exactly once, after commit, and are tried again when the mail server is away."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.conf import LazySettings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone

from tenants import files, outbox
from tenants.models import OutboxMessage, Tenant
from tenants.scope import acting_for, working_for
from tests.factories.tenants import TenantFactory

pytestmark = pytest.mark.django_db(transaction=True)


class SlowServer(EmailBackend):
    """Takes its time, so that two workers meet at the same mail."""

    def send_messages(self, messages: Any) -> int:
        threading.Event().wait(0.5)
        return super().send_messages(messages)


class AwayServer(EmailBackend):
    """A mail server that can't be reached."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("nobody listens")


@pytest.fixture(autouse=True)
def _own_queue() -> Iterator[None]:
    before, current_app.conf.task_default_queue = current_app.conf.task_default_queue, "test-outbox"
    yield
    with current_app.connection_for_write() as broker:
        broker.default_channel.queue_delete("test-outbox")  # type: ignore[attr-defined]
    current_app.conf.task_default_queue = before


@pytest.fixture
def tenant() -> Tenant:
    return TenantFactory.create()


def queued(tenant: Tenant, key: str = "k", **fields: Any) -> OutboxMessage:
    parts = {"recipient": "a@example.org", "subject": "About\nthis", "body": "Text", **fields}
    with acting_for([tenant.pk], [tenant.pk]):
        return outbox.post(tenant, key=key, **parts)


def stored(message: OutboxMessage) -> OutboxMessage:
    with acting_for([message.tenant_id]):
        return OutboxMessage.objects.get(pk=message.pk)


def deliver(message: OutboxMessage) -> bool:
    with working_for([message.tenant_id], [message.tenant_id]):
        return outbox.deliver(message.pk)


def test_mail_goes_out_once(tenant: Tenant) -> None:
    message = queued(tenant)
    assert [deliver(message), deliver(message)] == [True, False]
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["a@example.org"], "About this", "Text")
    assert str(message.message_id) in sent.extra_headers["Message-ID"]


def test_two_workers_send_it_once(tenant: Tenant, settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "tests.tenants.test_outbox.SlowServer"
    message, results = queued(tenant), []

    def worker() -> None:
        try:
            results.append(deliver(message))
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, True]
    assert len(mail.outbox) == 1


def test_same_key_is_one_mail_per_tenant(tenant: Tenant) -> None:
    other = TenantFactory.create()
    assert queued(tenant).pk == queued(tenant, subject="again").pk
    assert queued(other).pk != queued(tenant).pk


def test_same_key_at_once_is_one_mail(tenant: Tenant) -> None:
    made: list[int] = []
    start = threading.Barrier(2)

    def service() -> None:
        try:
            start.wait()
            made.append(queued(tenant, "race").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=service) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 2
    assert len(set(made)) == 1


def test_mail_of_an_undone_act_does_not_exist(tenant: Tenant) -> None:
    with pytest.raises(ValueError, match="undo"), acting_for([tenant.pk], [tenant.pk]):
        outbox.post(tenant, key="k", recipient="a@example.org", subject="s", body="b")
        raise ValueError("undo")
    with acting_for([tenant.pk]):
        assert OutboxMessage.objects.count() == 0


def test_unreachable_server_is_tried_again_later(tenant: Tenant, settings: LazySettings) -> None:
    message = queued(tenant)
    settings.EMAIL_BACKEND = "tests.tenants.test_outbox.AwayServer"
    assert deliver(message) is False
    waiting, now = stored(message), timezone.now()
    assert (waiting.attempts, waiting.last_error, waiting.sent_at) == (1, "nobody listens", None)
    with acting_for([tenant.pk], [tenant.pk]):
        assert outbox.due(now) == []
        assert outbox.due(now + outbox.FIRST_PAUSE) == [message.pk]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert deliver(message) is True


def test_pauses_between_attempts_cover_a_night(tenant: Tenant) -> None:
    pauses = [outbox.FIRST_PAUSE * 2**number for number in range(outbox.MAX_ATTEMPTS - 1)]
    assert sum(pauses, timedelta()) > timedelta(hours=12)


def test_malformed_address_is_given_up_and_stops_nobody(tenant: Tenant) -> None:
    message = queued(tenant, recipient="a@example.org\nBcc: b@example.org")
    for _ in range(outbox.MAX_ATTEMPTS):
        assert deliver(message) is False
    assert stored(message).attempts == outbox.MAX_ATTEMPTS
    assert deliver(message) is False
    assert mail.outbox == []


def test_secret_text_is_emptied_once_it_is_sent(tenant: Tenant) -> None:
    open_, secret = queued(tenant, "open"), queued(tenant, "secret", confidential=True)
    deliver(open_), deliver(secret)
    assert {sent.body for sent in mail.outbox} == {"Text"}
    assert (stored(open_).body, stored(secret).body) == ("Text", "")


def test_attachment_is_sent(tenant: Tenant) -> None:
    with acting_for([tenant.pk], [tenant.pk]):
        file = files.store([b"%PDF-"], tenant=tenant, name="receipt.pdf", content_type="application/pdf")
    deliver(queued(tenant, attachment=file))
    assert mail.outbox[0].attachments[0][:2] == ("receipt.pdf", b"%PDF-")
