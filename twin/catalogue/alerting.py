"""Mails to a tenant's administrators when a service fails for long, and when it is back; each once."""

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tenants import outbox
from tenants.models import Tenant, User
from tenants.roles import ADMINS
from twin.catalogue.models import Probe, Source

AFTER = 3  # failures in a row: one alone is often a restart


def tell_failure(source: Source, failed: Probe) -> None:
    with translation.override(settings.LANGUAGE_CODE):  # nobody knows the recipients'
        subject = _("Service does not answer: %s") % source
        words = {"source": source, "message": failed.message, "number": source.failures}
        body = _("The service “%(source)s” failed %(number)s times in a row. Last: %(message)s") % words
        _post(source, f"source-down:{source.pk}:{failed.at.isoformat()}", subject=subject, body=body)


def tell_return(source: Source, *, since: datetime, at: datetime) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Service answers again: %s") % source
        words = {"source": source, "since": date_format(localtime(since), "SHORT_DATETIME_FORMAT")}
        body = _("The service “%(source)s” answers again. You were told of its failure on %(since)s.") % words
        _post(source, f"source-up:{source.pk}:{at.isoformat()}", subject=subject, body=body)


def _post(source: Source, key: str, *, subject: str, body: str) -> None:
    text = f"{body}\n\n{settings.BASE_URL}{source.get_absolute_url()}\n{source.url}"
    post_to_admins(source.tenant, key, subject=subject, body=text)


def post_to_admins(tenant: Tenant, key: str, *, subject: str, body: str) -> None:
    """One mail to each, once for a key."""
    held = {"memberships__tenant": tenant, "memberships__role__in": ADMINS}
    for person in User.objects.filter(is_active=True, **held).distinct():
        outbox.post(tenant, key=f"{key}:{person.pk}", recipient=person.email, subject=subject, body=body)
