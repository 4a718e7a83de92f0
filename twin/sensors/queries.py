"""Reads of series: curves for charts, tables, gaps."""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.gis.geos import Polygon
from django.db import connection
from django.db.models import Count, F, Prefetch, QuerySet, Sum
from django.db.models.functions import TruncMonth

from tenants.permissions import Person
from twin.sensors.charts import Point
from twin.sensors.checking import pause
from twin.sensors.feeds.moments import LOCAL
from twin.sensors.models import DayValue, Observation, QuantityKind, Series, Station

BUCKETS = 640  # of a chart: its width in pixels
MOST_STATIONS = 500  # on a map
MOST_ZEROS = 20  # that a model is compared with
SEA_LEVEL = re.compile(r"\b(NHN|NN|HN)\b")  # these differ by less than 0.3 m in Saxony
_DAY = timedelta(days=1)
FINE = timedelta(days=92)  # what is longer is drawn from days
# The index `observation_moment` holds all of it. The series is one that the asker sees, and the wall judges each row once more.
_CURVE = """
    SELECT floor(extract(epoch FROM at) / %(width)s)::bigint AS bucket, min(value), max(value)
    FROM sensors_observation
    WHERE series_id = %(series)s AND at >= %(start)s AND at < %(end)s AND NOT is_suspect
    GROUP BY bucket ORDER BY bucket
"""
_DAYS = """
    SELECT min(day) AS first, min(low), max(high) FROM sensors_dayvalue
    WHERE series_id = %(series)s AND day BETWEEN %(first)s AND %(last)s
    GROUP BY (day - %(first)s) / %(width)s ORDER BY first
"""
_GAPS = """
    SELECT count(*), max(later - at) FROM (
        SELECT at, lead(at, 1, %(end)s) OVER (ORDER BY at) AS later FROM sensors_observation
        WHERE series_id = %(series)s AND at >= %(start)s AND at < %(end)s AND NOT is_suspect
    ) AS pairs WHERE later - at > make_interval(secs => %(pause)s)
"""


def stations(person: Person) -> QuerySet[Station]:
    """All that the person sees, by water and name."""
    return with_series(Station.objects.visible_to(person).filter(tenant__active=True))


def zeros(box: Polygon) -> list[tuple[str, float, float, float]]:
    """Of gauges in the box that the scope lets see: name (empty where it is not public), east, north, zero in m above sea level."""
    rows = Series.objects.filter(quantity=QuantityKind.LEVEL, station__tenant__active=True)
    found = rows.filter(station__place__coveredby=box).select_related("station").order_by("pk")[:MOST_ZEROS]
    told = ((each.station.name if each.station.is_public else "", each.station.place, each.zero, each.datum) for each in found)  # fmt: skip
    return [
        (name, place.x, place.y, zero)
        for name, place, zero, datum in told
        if place is not None and zero is not None and SEA_LEVEL.search(datum)
    ]


def with_series(rows: QuerySet[Station]) -> QuerySet[Station]:
    """With their series, and how many alarm stages each has (levels); two queries, whatever there is."""
    series = Series.objects.annotate(levels=Count("alarmstages")).order_by("pk")
    found = (
        rows.select_related("tenant").defer("tenant__boundary").prefetch_related(Prefetch("series", series))
    )
    return found.order_by("water", "name", "pk")


def curve(series: Series, *, start: datetime, end: datetime) -> list[Point]:
    """Lowest and highest believed value of each pixel; of more than three months from those of days."""
    width = step(start, end)
    if width < _DAY:
        asked = {"width": width.total_seconds(), "series": series.pk, "start": start, "end": end}
        return [Point(datetime.fromtimestamp(number * width.total_seconds(), LOCAL), low, high) for number, low, high in _rows(_CURVE, asked)]  # fmt: skip
    first, last = _local_days(start, end)
    asked = {"width": width.days, "series": series.pk, "first": first, "last": last}
    return [
        Point(datetime.combine(day, time(12), LOCAL), low, high) for day, low, high in _rows(_DAYS, asked)
    ]


def step(start: datetime, end: datetime) -> timedelta:
    """The time that a pixel stands for."""
    if is_coarse(end - start):
        return _DAY * math.ceil((end - start) / _DAY / BUCKETS)
    return max((end - start) / BUCKETS, timedelta(minutes=1))


def is_coarse(span: timedelta) -> bool:
    """Whether days are too many to be told one by one."""
    return span > FINE


def bar(start: datetime, end: datetime) -> timedelta:
    """The time that a sum stands for; of months the shortest, so that no bar lies on the next."""
    return timedelta(days=28) if is_coarse(end - start) else _DAY


def sums(series: Series, *, start: datetime, end: datetime) -> list[Point]:
    """What came together on each day, of more than three months in each month."""
    rows = days(series, start=start, end=end)
    months = (
        rows.annotate(first=TruncMonth("day")).values("first").annotate(sum=Sum("total")).order_by("first")
    )
    daily = rows.annotate(first=F("day"), sum=F("total"))
    found = (months if is_coarse(end - start) else daily).values_list("first", "sum")
    return [Point(datetime.combine(day, time(), LOCAL), 0.0, total) for day, total in found]


def _rows(sql: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return list(cursor.fetchall())


def _local_days(start: datetime, end: datetime) -> tuple[date, date]:
    return start.astimezone(LOCAL).date(), end.astimezone(LOCAL).date()


def days(series: Series, *, start: datetime, end: datetime) -> QuerySet[DayValue]:
    """Of the local days that the time touches, by day."""
    rows: QuerySet[DayValue] = DayValue.objects.filter(
        series=series, day__range=_local_days(start, end)
    ).order_by("day")
    return rows


def values(series: Series, *, start: datetime, end: datetime) -> QuerySet[Observation]:
    """All measured values, those in doubt included, by time."""
    rows: QuerySet[Observation] = Observation.objects.filter(series=series, at__gte=start, at__lt=end)
    return rows.order_by("at")


def first_moment(series: Series) -> datetime | None:
    found: datetime | None = Observation.objects.filter(series=series).order_by("at").values_list("at", flat=True).first()  # fmt: skip
    return found


@dataclass(frozen=True)
class Gaps:
    number: int = 0
    longest: timedelta = timedelta()


def gaps(series: Series, *, start: datetime, end: datetime) -> Gaps:
    """Where values are missing between two, or since the last one. What lies before the first value is no gap."""
    asked = {"series": series.pk, "start": start, "end": end, "pause": pause(series.minutes).total_seconds()}
    ((number, longest),) = _rows(_GAPS, asked)
    return Gaps(number, longest or timedelta())
