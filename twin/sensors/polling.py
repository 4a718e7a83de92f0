"""Asking the sources of gauges: on schedule, calmly where one does not answer, and told when that lasts."""

import json
import time
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Least
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
from twin.sensors.feeds.reading import SeriesReading, Since, StationReading, Unanswered, Unreadable
from twin.sensors.models import AlarmStage, FeedKind, Series, Station
from twin.sensors.quantities import QUANTITIES
from twin.sensors.wording import unreadable

SECONDS = 20.0  # for all that is asked of a source at once
MOST = 8 << 20  # bytes; a minute value for 31 days is some 3 MB
EVERY = 15  # minutes
LONGEST = 240  # minutes, between two attempts at a source that is down
GERMANY = (5.5, 47.0, 15.5, 55.5)  # west, south, east, north in degrees
TOLD_AFTER = 3  # failures in a row: one alone is often a restart


class NoSuchGauge(SourceRefused):
    """The source answers, and knows no gauge with this number."""


class NoSuchStages(SourceRefused):
    """The State's service answers, and knows no gauge with the number that alarm stages are asked by."""


def sources() -> tuple[FeedKind, ...]:
    """Whose gauges can be registered here."""
    return (FeedKind.PEGELONLINE, FeedKind.LFULG, *((FeedKind.DEMO,) if settings.DEMO else ()))


def due_for_poll(at: datetime) -> QuerySet[Station]:
    rows = Station.objects.filter(active=True, feed__in=sources(), tenant__active=True)
    return due(rows, at=at, last="polled_at", every="pause_minutes", unit=timedelta(minutes=1))


def read(feed: str, number: str, *, since: Since, now: datetime) -> StationReading:
    """Within SECONDS, since somebody may wait for it. Raises SourceRefused with the reason in words; NoSuchGauge."""
    get = partial(_get, until=time.monotonic() + SECONDS)
    try:
        if feed == FeedKind.PEGELONLINE:
            return pegelonline.read(settings.PEGELONLINE_URL, number, since=since, now=now, get=get)
        if feed == FeedKind.LFULG:
            return lfulg.read(settings.LFULG_URL, number, get=get)
        if feed == FeedKind.DEMO:
            return demo.read(number, since=since, now=now)
    except Unreadable as error:
        raise (NoSuchGauge if error.reason == "number" else SourceRefused)(unreadable(error)) from error
    except Unanswered as error:
        raise SourceRefused(str(error)) from error
    raise ValueError(feed)  # an own sensor sends


def _get(url: str, *, until: float) -> Any:
    """The JSON document at an address. Raises Unanswered, Unreadable."""
    try:
        answer = ask(url, seconds=until - time.monotonic(), most=MOST)
    except FetchFailed as error:
        raise Unanswered(refusals.unfetched(error)) from error
    if answer.status == HTTPStatus.NOT_FOUND:
        raise Unreadable("number")
    if answer.status != HTTPStatus.OK:
        raise Unanswered(refusals.status(answer.status))
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise Unreadable("json") from None


def poll(station: Station, *, now: datetime) -> None:
    """Ask for what is new since the last values. Why that failed stands with the station, whose values stay."""
    latest = Series.objects.filter(station=station).values_list("quantity", "latest_at")
    since = {quantity: at for quantity, at in latest if at is not None}
    with translation.override(settings.LANGUAGE_CODE):
        error = ""
        try:
            found = read(station.feed, station.number, since=since, now=now)
            take(station, found, stages=_stages_now(station, found, now=now), now=now)
        except SourceRefused as refused:
            error = str(refused)
        _conclude(station, error, now=now)


Stages = tuple[float, ...]


def stages_by(number: str, *, now: datetime) -> Stages | None:
    """Alarm stages of the water level that the State's service has for a gauge; None: unknown just now. Raises NoSuchStages."""
    try:
        return stages_in(read(FeedKind.LFULG, number, since={}, now=now))
    except NoSuchGauge as error:
        raise NoSuchStages(_("LfULG Sachsen knows no gauge with the number %s, so it tells no alarm stages.") % number) from error  # fmt: skip
    except SourceRefused:
        return None  # those read before stay; the values are here in any case


def stages_in(found: StationReading) -> Stages:
    """Of the water level."""
    return next((each.stages for each in found.series if each.quantity == "W"), ())


def _stages_now(station: Station, found: StationReading, *, now: datetime) -> Stages | None:
    """A number that was known and is no longer leaves the stages that were read by it."""
    with suppress(NoSuchStages):
        return stages_by(station.stages_number, now=now) if station.stages_number else stages_in(found)
    return None


@transaction.atomic
def take(station: Station, found: StationReading, *, stages: Stages | None, now: datetime) -> None:
    """What was read becomes rows. stages: of the water level; None: they stay as they are."""
    row = Station.objects.select_for_update(no_key=True).filter(pk=station.pk).first()
    if row is None:
        return  # removed meanwhile
    if row.place is None and found.longitude is not None and found.latitude is not None:
        row.place = station.place = place_of(found.longitude, found.latitude)
        row.save(update_fields=["place"])
    for each in found.series:
        series, _created = Series.objects.get_or_create(
            tenant_id=row.tenant_id,
            station=row,
            quantity=each.quantity,
            defaults={"unit": each.unit, "is_public": row.is_public},
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
    """A forecast that can't be had now leaves the one before; of it what no water can reach is left out."""
    told: dict[str, Any] = {"unit": each.unit, "zero": each.zero, "datum": each.datum, "minutes": min(max(each.minutes, 1), 1440)}  # fmt: skip
    if each.forecast is not None:
        bounds = QUANTITIES[each.quantity]
        expected = [one for one in each.forecast if bounds.lowest <= one.value <= bounds.highest]
        told["forecast"] = [[one.at.isoformat(), one.value, one.estimate] for one in expected]
        told["forecast_at"] = each.forecast_at
    Series.objects.filter(pk=series.pk).update(**told)


@transaction.atomic
def set_stages(series: Series, stages: Stages) -> None:
    """As the source has them now; those that mean nothing are told of and not used. A stage that there is no more is no longer reached."""
    usable = usable_stages(stages)
    series = Series.objects.select_for_update().get(pk=series.pk)
    Series.objects.filter(pk=series.pk).update(
        placeholder=bool(stages) and not usable, stage=Least(F("stage"), len(usable))
    )
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
    rows = Station.objects.select_for_update(of=("self",)).select_related("tenant")
    row = rows.filter(pk=station.pk).first()
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
