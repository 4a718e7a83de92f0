"""What a tenant says of its own data: asked as little as possible, the rest follows from the data and from what was said before."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants import events
from tenants.errors import Refused
from tenants.models import Tenant, User
from tenants.permissions import require
from twin.catalogue.models import Dataset, Frequency, Record
from twin.catalogue.offers import offers_of

ASKED = (
    "title",
    "description",
    "themes",
    "licence",
    "frequency",
    "keywords",
    "attribution",
    "contact_name",
    "contact_email",
    "contact_url",
    "lineage",
    "time_start",
    "time_end",
)
KEPT = ("publisher", "licence", "attribution", "contact_name", "contact_email", "contact_url", "language")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HOURS = ((1, Frequency.CONT), (24, Frequency.DAILY), (168, Frequency.WEEKLY), (744, Frequency.MONTHLY))


def defaults_for(tenant: Tenant) -> dict[str, Any]:
    """What the tenant said of its last dataset; at first its name, and the mail address of its contact."""
    last = Record.objects.filter(tenant=tenant, dataset__isnull=False).order_by("-changed_at").first()
    if last is not None:
        return {name: getattr(last, name) for name in KEPT}
    mail = _MAIL.search(tenant.contact)
    return {
        "publisher": tenant.name,
        "contact_name": tenant.name,
        "contact_email": mail.group() if mail else "",
    }


@transaction.atomic
def record_of(dataset: Dataset) -> Record:
    """The dataset's entry, begun with the tenant's defaults where there is none yet."""
    found: Record | None = Record.objects.filter(dataset=dataset).first()
    if found is None:
        found = Record.objects.create(
            tenant=dataset.tenant,
            dataset=dataset,
            identifier=str(dataset.public_id),
            title=dataset.title,
            **defaults_for(dataset.tenant),
        )
    return found


@transaction.atomic
def derive(dataset: Dataset) -> Record:
    """Take over what follows from the current version: extent, dates, formats, how often it is refreshed. After each delivery."""
    record, version = record_of(dataset), dataset.current_version
    if version is not None:
        record.extent, record.modified = version.extent, version.created_at
        record.time_start = (
            timezone.localdate(version.time_start) if version.time_start else record.time_start
        )
        record.time_end = timezone.localdate(version.time_end) if version.time_end else record.time_end
        formats = {offer.format for offer in offers_of(dataset) if offer.format}
        record.distributions = [{"format": name} for name in sorted(formats)]
    if dataset.refresh_hours and not record.frequency:
        hours = dataset.refresh_hours
        record.frequency = next((code for most, code in _HOURS if hours <= most), Frequency.IRREG)
    if dataset.published_at and not record.issued:
        record.issued = timezone.localdate(dataset.published_at)
    record.is_public = dataset.is_public
    record.save()
    return record


@transaction.atomic
def describe_record(record: Record, values: Mapping[str, Any], *, actor: User) -> None:
    """values: of ASKED. Raises Refused where public data would have no licence."""
    require(actor, "change_dataset", record)
    if record.is_public and not values["licence"]:
        raise Refused(_("Public data need a licence."))
    before = events.state_of(record, *ASKED)
    for name in ASKED:
        setattr(record, name, values[name])
    record.save()
    if record.dataset is not None and record.dataset.title != record.title:
        record.dataset.title = record.title[:300]
        record.dataset.save(update_fields=["title", "changed_at"])
    after = events.state_of(record, *ASKED)
    changed = [name for name in ASKED if before[name] != after[name]]
    events.audit(
        "describe_record",
        tenant_id=record.tenant_id,
        thing=record,
        actor=actor,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
