"""Asking the sources of gauges: on schedule, calmly where one does not answer, and told when that lasts."""

import json
import time
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tenants.errors import FetchFailed
from tenants.fetching import ask
from twin.catalogue import alerting, refusals
from twin.catalogue.refusals import SourceRefused
from twin.catalogue.scheduling import due
from twin.sensors import storing
from twin.sensors.checking import usable_stages
from twin.sensors.feeds import demo, lfulg, pegelonline
from twin.sensors.feeds.reading import SeriesReading, StationReading, Unreadable
from twin.sensors.models import AlarmStage, FeedKind, Series, Station
from twin.sensors.wording import unreadable

SECONDS = 20.0  # for all that is asked of a source at once
MOST = 8 << 20  # bytes; a minute value for 31 days is some 3 MB
EVERY = 15  # minutes
LONGEST = 240  # minutes, between two attempts at a source that is down
GERMANY = (5.5, 47.0, 15.5, 55.5)  # west, south, east, north in degrees
TOLD_AFTER = 3  # failures in a row: one alone is often a restart


def sources() -> tuple[FeedKind, ...]:
    """Whose gauges can be registered here."""
    return (FeedKind.PEGELONLINE, FeedKind.LFULG, *((FeedKind.DEMO,) if settings.DEMO else ()))


def due_for_poll(at: datetime) -> QuerySet[Station]:
    rows = Station.objects.filter(active=True, feed__in=sources())
    return due(rows, at=at, last="polled_at", every="pause_minutes", unit=timedelta(minutes=1))


def read(feed: str, number: str, *, since: datetime | None, now: datetime) -> StationReading:
    """Within SECONDS, since somebody may wait for it. Raises SourceRefused with the reason in words."""
    get = partial(_get, until=time.monotonic() + SECONDS)
    try:
        if feed == FeedKind.PEGELONLINE:
            return pegelonline.read(settings.PEGELONLINE_URL, number, since=since, now=now, get=get)
        if feed == FeedKind.LFULG:
            return lfulg.read(settings.LFULG_URL, number, get=get)
        return demo.read(number, since=since, now=now)
    except Unreadable as error:
        raise SourceRefused(unreadable(error)) from error


def _get(url: str, *, until: float) -> Any:
    """The JSON document at an address. Raises SourceRefused, Unreadable."""
    try:
        answer = ask(url, seconds=until - time.monotonic(), most=MOST)
    except FetchFailed as error:
        raise SourceRefused(refusals.unfetched(error)) from error
    if answer.status == HTTPStatus.NOT_FOUND:
        raise Unreadable("number")
    if answer.status != HTTPStatus.OK:
        raise SourceRefused(refusals.status(answer.status))
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise Unreadable("json") from None


def poll(station: Station, *, now: datetime) -> None:
    """Ask for what is new since the last values. Why that failed stands with the station, whose values stay."""
    latest = Series.objects.filter(station=station).aggregate(oldest=Min("latest_at"))
    with translation.override(settings.LANGUAGE_CODE):
        error = ""
        try:
            found = read(station.feed, station.number, since=latest["oldest"], now=now)
            take(station, found, stages=stages_of(station, found, now=now), now=now)
        except SourceRefused as refused:
            error = str(refused)
        _conclude(station, error, now=now)


def stages_of(station: Station, found: StationReading, *, now: datetime) -> tuple[float, ...] | None:
    """Alarm stages of the water level: of the reading, or those that the State's service has for the gauge; None: unknown just now."""
    try:
        told = (
            read(FeedKind.LFULG, station.stages_number, since=None, now=now)
            if station.stages_number
            else found
        )
    except SourceRefused:
        return None  # those read before stay; the values are here in any case
    return next((each.stages for each in told.series if each.quantity == "W"), ())


@transaction.atomic
def take(station: Station, found: StationReading, *, stages: tuple[float, ...] | None, now: datetime) -> None:
    """What was read becomes rows. stages: of the water level; None: they stay as they are."""
    if station.place is None and found.longitude is not None and found.latitude is not None:
        station.place = place_of(found.longitude, found.latitude)
        station.save(update_fields=["place"])
    for each in found.series:
        series, created = Series.objects.get_or_create(
            tenant_id=station.tenant_id,
            station=station,
            quantity=each.quantity,
            defaults={"unit": each.unit, "is_public": station.is_public},
        )
        _describe(series, each)
        if each.quantity == "W" and stages is not None:
            set_stages(series, stages)
        storing.store(series, each.values, now=now)


def place_of(longitude: float, latitude: float) -> Point | None:
    """From degrees; nothing where that is not in Germany."""
    west, south, east, north = GERMANY
    if not (west <= longitude <= east and south <= latitude <= north):
        return None
    place = Point(longitude, latitude, srid=4326)
    place.transform(settings.TWIN_SRID)
    return place


def _describe(series: Series, each: SeriesReading) -> None:
    Series.objects.filter(pk=series.pk).update(
        unit=each.unit,
        zero=each.zero,
        datum=each.datum,
        minutes=min(max(each.minutes, 1), 1440),
        forecast=[[one.at.isoformat(), one.value, one.estimate] for one in each.forecast],
        forecast_at=each.forecast_at,
    )


def set_stages(series: Series, stages: tuple[float, ...]) -> None:
    """As the source has them now; those that mean nothing are told of and not used."""
    usable = usable_stages(stages)
    Series.objects.filter(pk=series.pk).update(placeholder=bool(stages) and not usable)
    rows = AlarmStage.objects.filter(series=series).order_by("number")
    if tuple(rows.values_list("level", flat=True)) == usable:
        return
    rows.delete()
    AlarmStage.objects.bulk_create(
        AlarmStage(tenant_id=series.tenant_id, series=series, number=number, level=level, is_public=series.is_public)
        for number, level in enumerate(usable, start=1)
    )  # fmt: skip


@transaction.atomic
def _conclude(station: Station, error: str, *, now: datetime) -> None:
    row = Station.objects.select_for_update().select_related("tenant").filter(pk=station.pk).first()
    if row is None:
        return  # removed meanwhile
    row.error = error
    row.failures = row.failures + 1 if error else 0
    row.pause_minutes = min(EVERY << min(row.failures, 4), LONGEST)
    if error:
        row.failing_since = row.failing_since or now
        if row.failures >= TOLD_AFTER and row.told_at is None:
            _tell_failure(row)
            row.told_at = now
    else:
        if row.told_at is not None:
            _tell_return(row, now=now)
        row.failing_since = row.told_at = None
    row.save(update_fields=["error", "failures", "pause_minutes", "failing_since", "told_at"])


def _tell_failure(station: Station) -> None:
    subject = _("Gauge is not answered for: %s") % station
    words = {"station": station, "message": station.error, "number": station.failures}
    body = _("The source of “%(station)s” failed %(number)s times in a row. Last: %(message)s It is asked on, at longer and longer intervals.") % words  # fmt: skip
    _post(station, f"gauge-down:{station.pk}:{station.failing_since}", subject=subject, body=body)


def _tell_return(station: Station, *, now: datetime) -> None:
    subject = _("Gauge is answered for again: %s") % station
    since = date_format(localtime(station.failing_since or now), "SHORT_DATETIME_FORMAT")
    body = _("The source of “%(station)s” answers again. It had failed since %(since)s.") % {"station": station, "since": since}  # fmt: skip
    _post(station, f"gauge-up:{station.pk}:{now.isoformat()}", subject=subject, body=body)


def _post(station: Station, key: str, *, subject: str, body: str) -> None:
    text = f"{body}\n\n{settings.BASE_URL}{station.get_absolute_url()}"
    alerting.post_to_admins(station.tenant, key, subject=subject, body=text)
