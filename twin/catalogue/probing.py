"""Whether registered services do their work: asked on schedule, written down, told when it does not for long."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber, TruncHour
from django.utils.translation import gettext as _

from tenants.errors import FetchFailed
from tenants.fetching import ask
from twin.catalogue import alerting, refusals
from twin.catalogue.capabilities import probes, reading
from twin.catalogue.capabilities.errors import Unreadable
from twin.catalogue.capabilities.probes import Box, Check
from twin.catalogue.gathering import ACCEPT, REDIRECTS
from twin.catalogue.harvesting import FILE
from twin.catalogue.models import Probe, Record, Source
from twin.catalogue.scheduling import due

SECONDS = 20.0  # who waits longer for a map has closed it
_OK = 200
_KEPT = timedelta(days=31)  # the page shows thirty days
_ALL_KEPT = timedelta(days=2)
_LAYERS = 3


def due_for_probe(at: datetime) -> QuerySet[Source]:
    return due(_watched(), at=at, last="probed_at", every="probe_minutes", unit=timedelta(minutes=1))


def due_for_harvest(at: datetime) -> QuerySet[Source]:
    return due(_watched(), at=at, last="harvested_at", every="harvest_hours", unit=timedelta(hours=1))


def _watched() -> QuerySet[Source]:
    rows: QuerySet[Source] = Source.objects.filter(active=True).exclude(url__startswith=FILE)
    return rows


def probe(source: Source, *, at: datetime) -> list[Probe]:
    """Ask a service whether it answers and does its work; its state and who has to know of it follow."""
    found = [_looked(source, probes.first(source.kind, source.url), at)]
    if found[0].ok and (check := _second(source)):
        found.append(_looked(source, check, at))
    _conclude(source, found, at=at)
    return found


def _second(source: Source) -> Check | None:
    rows = Record.objects.filter(source=source, is_gone=False, parent__isnull=False)
    rows = rows.exclude(service={}).exclude(service__has_key="group").order_by("foreign__position", "pk")
    layers = list(rows.only("service", "extent")[:_LAYERS])
    return probes.second(source.kind, [row.service for row in layers], box=_box(layers), srid=settings.TWIN_SRID)  # fmt: skip


def _box(layers: list[Record]) -> Box:
    """What of the first layer lies in the county, or all of it; the county where it does not say."""
    west, south, east, north = map(float, settings.MAP_EXTENT)
    own = layers[0].extent.extent if layers and layers[0].extent else None
    if own is None:
        return west, south, east, north
    inside = max(west, own[0]), max(south, own[1]), min(east, own[2]), min(north, own[3])
    return inside if inside[0] < inside[2] and inside[1] < inside[3] else own


def _looked(source: Source, check: Check, at: datetime) -> Probe:
    row = Probe(tenant_id=source.tenant_id, source=source, at=at, check_name=check.name, milliseconds=0, is_public=source.is_public)  # fmt: skip
    try:
        answer = ask(check.url, seconds=SECONDS, most=reading.MOST, redirects=REDIRECTS, accept=ACCEPT)
    except FetchFailed as error:
        row.ok, row.message = False, refusals.unfetched(error)
        row.milliseconds = int(SECONDS * 1000) if error.reason == "slow" else 0
        return row
    row.status, row.milliseconds = answer.status, answer.milliseconds
    row.message = "" if answer.status == _OK else refusals.status(answer.status)
    if not row.message:
        try:
            check.judge(answer.body)
        except Unreadable as error:
            row.message = refusals.unread(error)
    row.ok = not row.message
    return row


@transaction.atomic
def _conclude(source: Source, found: list[Probe], *, at: datetime) -> None:
    row = Source.objects.select_for_update().filter(pk=source.pk).first()
    if row is None:
        return  # removed meanwhile
    Probe.objects.bulk_create(found)
    failed = next((one for one in found if not one.ok), None)
    row.is_up, row.probed_at = failed is None, at
    row.failures = row.failures + 1 if failed else 0
    if failed and row.failures >= alerting.AFTER and row.told_at is None:
        alerting.tell_failure(row, failed)
        row.told_at = at
    elif not failed and row.told_at is not None:
        alerting.tell_return(row, since=row.told_at, at=at)
        row.told_at = None
    row.save(update_fields=["is_up", "probed_at", "failures", "told_at"])


def tidy(at: datetime) -> None:
    """Remove probes that no page shows, and of older good ones all but the first of each hour."""
    Probe.objects.filter(at__lt=at - _KEPT).delete()
    old = Probe.objects.filter(ok=True, at__lt=at - _ALL_KEPT)
    number = Window(RowNumber(), partition_by=[F("source"), F("check_name"), TruncHour("at")], order_by="at")
    extra = old.annotate(number=number).filter(number__gt=1).values_list("pk", flat=True)
    Probe.objects.filter(pk__in=list(extra)).delete()


def words_of(name: str) -> str:
    """A check in words."""
    words = {
        "capabilities": _("Description of the service"),
        "map": _("Map of 64 × 64 pixels"),
        "feature": _("One feature"),
        "items": _("One feature"),
        "query": _("One feature"),
        "entities": _("One entity"),
    }
    return words.get(name, name)
