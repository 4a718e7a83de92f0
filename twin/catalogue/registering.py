"""What a person does with foreign services: register, harvest, open to the public, remove."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tenants import events
from tenants.models import Job, Tenant, User
from tenants.permissions import require
from twin.catalogue import harvesting
from twin.catalogue.capabilities.description import Description
from twin.catalogue.models import Harvest, Probe, Record, Source
from twin.catalogue.refusals import SourceRefused

ACTS = {True: "publish_source", False: "withdraw_source"}
_LONGEST = 1000  # characters of an address


def register_source(
    tenant: Tenant, description: Description, *, actor: User | None, title: str = "", use: str = "overlay"
) -> Source:
    """A service that was looked at becomes a source of the tenant, and is harvested. Raises SourceRefused.

    actor: None on the command line, which harvests by itself.
    """
    if actor is not None:
        require(actor, "harvest", tenant)
    refuse_unfit(description.url)
    with transaction.atomic():
        source, created = Source.objects.get_or_create(
            tenant=tenant,
            kind=description.kind,
            url=description.url,
            defaults={"title": title or description.title, "use": use},
        )
        if actor is None:
            return source
        if not created:
            raise SourceRefused(_("This service is registered already: %s") % source)
        after = {"title": source.title, "kind": source.kind, "url": source.url}
        events.audit("register_source", tenant_id=tenant.pk, thing=source, actor=actor, after=after)
        request_harvest(source, actor=actor)
    return source


def refuse_unfit(url: str) -> None:
    if not url or len(url) > _LONGEST:
        raise SourceRefused(_("The address of the service is missing or too long."))


def request_harvest(source: Source, *, actor: User) -> Job:
    """Have the worker read a source anew; where it is at it already, that job goes on."""
    require(actor, "harvest", source)
    running = Job.objects.filter(tenant=source.tenant_id, task=harvesting.TASK, params__source=source.pk)
    job = running.filter(state__in=("queued", "running")).first()
    return job or harvesting.start(source, actor=actor)


@transaction.atomic
def change_source(source: Source, *, actor: User, **values: Any) -> None:
    """values: title, use, active, harvest_hours, probe_minutes."""
    require(actor, "harvest", source)
    before = events.state_of(source, *values)
    for name, value in values.items():
        setattr(source, name, value)
    source.save(update_fields=list(values))
    events.audit("change_source", tenant_id=source.tenant_id, thing=source, actor=actor, before=before, after=values)  # fmt: skip


@transaction.atomic
def open_source(source: Source, *, actor: User, public: bool) -> None:
    """Show a source with its records and its state to everybody, or to nobody outside any more."""
    require(actor, "publish_dataset", source)
    source = Source.objects.select_for_update().get(pk=source.pk)
    if source.is_public == public:
        return
    source.is_public = public
    source.save(update_fields=["is_public"])
    Record.objects.filter(source=source).update(is_public=public)
    Probe.objects.filter(source=source).update(is_public=public)
    events.audit(
        ACTS[public], tenant_id=source.tenant_id, thing=source, actor=actor, after={"is_public": public}
    )


@transaction.atomic
def remove_source(source: Source, *, actor: User) -> None:
    """With its records and its history; the service itself knows nothing of it."""
    require(actor, "harvest", source)
    before = events.state_of(source, "title", "kind", "url")
    events.audit("remove_source", tenant_id=source.tenant_id, thing=source, actor=actor, before=before)
    Probe.objects.filter(source=source)._raw_delete("default")
    Harvest.objects.filter(source=source)._raw_delete("default")
    Record.objects.filter(source=source).update(parent=None)
    Record.objects.filter(source=source).delete()
    source.delete()
