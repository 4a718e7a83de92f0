"""Readings -> rows: values that are new or corrected, the days they fall into, and what the series says of itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Count, Max, Min, Sum
from django.db.models.functions import TruncDate
from django.utils.timezone import localdate

from twin.sensors import alarming, checking
from twin.sensors.feeds.moments import LOCAL
from twin.sensors.feeds.reading import Value
from twin.sensors.models import DayValue, Observation, ObservationQuerySet, Series
from twin.sensors.quantities import QUANTITIES

_KEPT = timedelta(days=366 * 10)  # older values are taken for a clock that was never set
_TREND = timedelta(hours=3)
_CHUNK = 2_000
_DAY = timedelta(days=1)


@dataclass
class Stored:
    """What became of values: new, corrected (another value at a moment known), refused (impossible ones), in doubt."""

    new: int = 0
    corrected: int = 0
    refused: int = 0
    suspect: int = 0


@transaction.atomic
def store(series: Series, values: Iterable[Value], *, now: datetime) -> Stored:
    """The same again changes nothing, so a source may be asked for hours that are here already. Nothing is kept of a series that is gone."""
    # not the row of its town as well: all that the town writes points to that
    rows = Series.objects.select_for_update(of=("self",))
    row = rows.select_related("station", "tenant").filter(pk=series.pk).first()
    if row is None:
        return Stored()
    found = checking.sort_out(values, QUANTITIES[row.quantity], now=now, oldest=now - _KEPT)
    told = Stored(refused=found.refused)
    judged = [pair for piece in checking.together(found.values) for pair in _take(row, piece, told)]
    if judged:
        _tell(row)
        alarming.judge(row, [one for one, doubt in judged if not doubt], now=now)
    return told


def _take(series: Series, values: Sequence[Value], told: Stored) -> list[tuple[Value, bool]]:
    """Values that lie together, by time: what is new or another now, with its doubt."""
    window = _window(series, values[0].at, values[-1].at)
    merged = {at: value for at, (value, _suspect) in window.items()}
    merged |= {one.at: one.value for one in values}
    ordered = [Value(at, merged[at]) for at in sorted(merged)]
    earlier = Observation.objects.filter(series=series, at__lt=ordered[0].at).order_by("-at")
    last, good = _first(earlier), _first(earlier.believed())
    doubts = checking.suspects(ordered, QUANTITIES[series.quantity], last=last, good=good)
    judged = [(one, doubt) for one, doubt in zip(ordered, doubts, strict=True) if window.get(one.at) != (one.value, doubt)]  # fmt: skip
    told.new += sum(one.at not in window for one, _doubt in judged)
    told.corrected += sum(one.at in window and window[one.at][0] != one.value for one, _doubt in judged)
    told.suspect += sum(doubt for _one, doubt in judged)
    if judged:
        _write(series, judged)
        _sum_up(series, [one for one, _doubt in judged])
    return judged


def _window(series: Series, first: datetime, last: datetime) -> dict[datetime, tuple[float, bool]]:
    rows = Observation.objects.filter(series=series, at__range=(first, last))
    return {at: (value, suspect) for at, value, suspect in rows.values_list("at", "value", "is_suspect")}


def _first(rows: ObservationQuerySet) -> Value | None:
    found = rows.first()
    return Value(found.at, found.value) if found else None


def _write(series: Series, judged: Sequence[tuple[Value, bool]]) -> None:
    rows = [
        Observation(tenant_id=series.tenant_id, series=series, at=one.at, value=one.value, is_suspect=doubt, is_public=series.is_public)
        for one, doubt in judged
    ]  # fmt: skip
    Observation.objects.bulk_create(
        rows,
        batch_size=_CHUNK,
        update_conflicts=True,
        unique_fields=["series", "at", "tenant"],
        update_fields=["value", "is_suspect"],
    )


def _sum_up(series: Series, touched: Sequence[Value]) -> None:
    """Days that values fell into, computed anew from all their values."""
    first, last = localdate(touched[0].at, LOCAL), localdate(touched[-1].at, LOCAL)
    start, end = (datetime.combine(day, time(), LOCAL) for day in (first, last + _DAY))
    rows = Observation.objects.believed().filter(series=series, at__gte=start, at__lt=end)
    days = rows.values(day=TruncDate("at", tzinfo=LOCAL)).annotate(
        low=Min("value"), high=Max("value"), total=Sum("value"), number=Count("pk")
    )
    DayValue.objects.filter(
        series=series, day__range=(first, last)
    ).delete()  # one may hold nothing believed now
    DayValue.objects.bulk_create(
        [
            DayValue(tenant_id=series.tenant_id, series=series, is_public=series.is_public, **day)
            for day in days.order_by("day")
        ],
        batch_size=_CHUNK,
    )


def _tell(series: Series) -> None:
    """The last believed value and how fast it rises."""
    believed = Observation.objects.believed().filter(series=series)
    latest = believed.order_by("-at").first()
    series.latest_at = latest.at if latest else None
    series.latest_value = latest.value if latest else None
    series.rise = None
    if latest:
        earlier = believed.filter(at__gte=latest.at - _TREND, at__lt=latest.at).order_by("at").first()
        if earlier:
            series.rise = (latest.value - earlier.value) / ((latest.at - earlier.at) / timedelta(hours=1))
    series.save(update_fields=["latest_at", "latest_value", "rise"])
