"""Reads of series: curves for charts, tables, gaps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import connection
from django.db.models import Count, Prefetch, QuerySet

from tenants.permissions import Person
from twin.sensors.charts import Point
from twin.sensors.checking import pause
from twin.sensors.feeds.moments import LOCAL
from twin.sensors.models import DayValue, Observation, Series, Station

BUCKETS = 640  # of a chart: its width in pixels
MOST_STATIONS = 500  # in a list
FINE = timedelta(days=92)  # what is longer is drawn from days
# The index `observation_moment` holds all of it. The series is one that the asker sees, and the wall judges each row once more.
_CURVE = """
    SELECT floor(extract(epoch FROM at) / %(width)s)::bigint AS bucket, min(value), max(value)
    FROM sensors_observation
    WHERE series_id = %(series)s AND at >= %(start)s AND at < %(end)s AND NOT is_suspect
    GROUP BY bucket ORDER BY bucket
"""
_GAPS = """
    SELECT count(*), max(later - at) FROM (
        SELECT at, lead(at, 1, %(end)s) OVER (ORDER BY at) AS later FROM sensors_observation
        WHERE series_id = %(series)s AND at >= %(start)s AND at < %(end)s AND NOT is_suspect
    ) AS pairs WHERE later - at > make_interval(secs => %(pause)s)
"""


def stations(person: Person) -> QuerySet[Station]:
    """With their series, and how many alarm stages each has; two queries, whatever there is."""
    series = Series.objects.annotate(levels=Count("alarmstages")).order_by("pk")
    rows = Station.objects.visible_to(person).select_related("tenant").defer("tenant__boundary")
    found: QuerySet[Station] = rows.prefetch_related(Prefetch("series", series)).order_by(
        "water", "name", "pk"
    )
    return found


def curve(series: Series, *, start: datetime, end: datetime) -> list[Point]:
    """Lowest and highest believed value of each pixel; of more than three months those of each day."""
    if end - start > FINE:
        return list(_days(series, start=start, end=end))
    width = max((end - start).total_seconds() / BUCKETS, 60.0)
    with connection.cursor() as cursor:
        cursor.execute(_CURVE, {"width": width, "series": series.pk, "start": start, "end": end})
        return [
            Point(datetime.fromtimestamp(bucket * width, LOCAL), low, high) for bucket, low, high in cursor
        ]


def _days(series: Series, *, start: datetime, end: datetime) -> Iterator[Point]:
    for day, low, high in days(series, start=start, end=end).values_list("day", "low", "high"):
        yield Point(datetime.combine(day, time(12), LOCAL), low, high)


def days(series: Series, *, start: datetime, end: datetime) -> QuerySet[DayValue]:
    """Of the local days that the time touches, by day."""
    within = (start.astimezone(LOCAL).date(), end.astimezone(LOCAL).date())
    rows: QuerySet[DayValue] = DayValue.objects.filter(series=series, day__range=within).order_by("day")
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
    number: int
    longest: timedelta


def gaps(series: Series, *, start: datetime, end: datetime) -> Gaps:
    """Where values are missing between two, or since the last one. What lies before the first value is no gap."""
    with connection.cursor() as cursor:
        cursor.execute(
            _GAPS,
            {"series": series.pk, "start": start, "end": end, "pause": pause(series.minutes).total_seconds()},
        )
        number, longest = cursor.fetchone() or (0, None)
    return Gaps(number, longest or timedelta())
