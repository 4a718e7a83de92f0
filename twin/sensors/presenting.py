"""A series as its page shows it: chart, words, table of days."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from django.utils.formats import date_format, get_format, number_format
from django.utils.translation import gettext as _

from twin.sensors import queries, wording
from twin.sensors.charts import Chart, Frame, bar_chart, line_chart
from twin.sensors.checking import pause
from twin.sensors.feeds import demo, lfulg, pegelonline
from twin.sensors.feeds.moments import LOCAL
from twin.sensors.models import AlarmStage, DayValue, FeedKind, QuantityKind, Series, Station
from twin.sensors.queries import Gaps

MONTH, YEAR, ALL = "31", "365", "alle"
SPANS = (MONTH, YEAR, ALL)
SOURCES = {FeedKind.PEGELONLINE: pegelonline.SOURCE, FeedKind.LFULG: lfulg.SOURCE, FeedKind.DEMO: demo.SOURCE}
MOST_DAYS = 400  # in the table; the others are in the CSV file
_LABELS = 6  # on the time axis; more don't fit on a phone
_DAY = timedelta(days=1)
Expected = tuple[datetime, float, bool]  # when, how much, whether it is an estimate
_OLD = 4  # so many times the usual pause without a value is old


def span_words(span: str) -> str:
    return {MONTH: _("31 days"), YEAR: _("One year"), ALL: _("Everything")}[span]


@dataclass(frozen=True)
class Shown:
    """One series. days: newest first; summed: what a bar stands for, where there are bars; old: whether the last value is."""

    series: Series
    chart: Chart
    days: list[DayValue]
    stages: list[AlarmStage]
    expected: list[Expected]
    gaps: Gaps
    suspects: int
    trend: str
    summed: str
    old: bool

    @property
    def title(self) -> str:
        """Of chart and table."""
        words = {"series": self.series, "unit": self.series.unit, "station": self.series.station}
        return _("%(series)s in %(unit)s, %(station)s") % words

    @property
    def gaps_in_words(self) -> str:
        hours = self.gaps.longest / timedelta(hours=1)
        words = {"number": self.gaps.number, "hours": number_format(hours, decimal_pos=1)}
        return _("%(number)s in these 31 days; the longest has %(hours)s hours") % words

    @property
    def stage_in_words(self) -> str:
        return wording.stage_in_words(self.series.stage) if self.stages else ""

    @property
    def latest(self) -> str:
        return in_unit(self.series.latest_value, self.series)

    @property
    def height(self) -> str:
        """Of the water, where the gauge's zero is known."""
        series = self.series
        if series.zero is None or series.latest_value is None or series.unit != "cm":
            return ""
        return f"{number_format(series.zero + series.latest_value / 100, decimal_pos=2)} {series.datum}"


def in_unit(value: float | None, series: Series) -> str:
    if value is None:
        return ""
    return f"{number_format(value, decimal_pos=0 if value == round(value) else 1)} {series.unit}"


def is_old(series: Series, now: datetime) -> bool:
    return series.latest_at is None or now - series.latest_at > _OLD * pause(series.minutes)


def source_of(station: Station) -> str:
    return SOURCES.get(FeedKind(station.feed), str(station.tenant))


def show(series: Series, *, span: str, now: datetime) -> Shown:
    start, end = extent(series, span, now=now)
    stages = list(AlarmStage.objects.filter(series=series).order_by("number"))
    expected = upcoming(series, now=now) if span == MONTH else []
    days = queries.days(series, start=start, end=end).reverse()
    gaps, suspects = queries.Gaps(), 0
    if span == MONTH:
        gaps = queries.gaps(series, start=start, end=end)
        suspects = queries.values(series, start=start, end=end).filter(is_suspect=True).count()
    return Shown(
        series=series,
        chart=_chart(series, start=start, end=end, stages=stages, expected=expected),
        days=list(days[: MOST_DAYS + 1]),
        stages=stages,
        expected=expected,
        gaps=gaps,
        suspects=suspects,
        trend=wording.trend(series.rise, series.quantity),
        summed=_summed(series, end - start),
        old=is_old(series, now),
    )


def _chart(
    series: Series, *, start: datetime, end: datetime, stages: list[AlarmStage], expected: list[Expected]
) -> Chart:
    last = max([end, *(at for at, _value, _estimate in expected)])
    frame = Frame(
        start=start,
        end=last,
        gap=max(pause(series.minutes), 2 * queries.step(start, end)),
        marks=_marks(start, last),
        stages=[(stage.level, wording.stage_in_words(stage.number)) for stage in stages],
        now=end,
        said=_written,
    )
    if series.quantity == QuantityKind.RAIN:
        each = queries.bar(start, end)
        sums = queries.sums(series, start=start, end=end)
        begun, over = (sums[0].at, sums[-1].at + each) if sums else (start, end)
        return bar_chart(sums, replace(frame, start=min(start, begun), end=max(end, over)), each=each)
    points = queries.curve(series, start=start, end=end)
    return line_chart(points, frame, expected=[(at, value) for at, value, _estimate in expected])


def _written(value: float) -> str:
    """As short as it is, with the separator of the language."""
    return f"{value:g}".replace(".", get_format("DECIMAL_SEPARATOR"))


def _summed(series: Series, span: timedelta) -> str:
    if series.quantity != QuantityKind.RAIN:
        return ""
    return _("Sums of months") if queries.is_coarse(span) else _("Sums of days")


def extent(series: Series, span: str, *, now: datetime) -> tuple[datetime, datetime]:
    """From when to when a span reaches."""
    if span == ALL:
        return min(queries.first_moment(series) or now, now - 31 * _DAY), now
    return now - int(span) * _DAY, now


def upcoming(series: Series, *, now: datetime) -> list[Expected]:
    """The forecast from now on."""
    rows = [(datetime.fromisoformat(at), value, estimate) for at, value, estimate in series.forecast]
    return sorted(row for row in rows if row[0] > now)


def _marks(start: datetime, end: datetime) -> list[tuple[datetime, str]]:
    """Beginnings of days, months or years, as many as fit."""
    first = start.astimezone(LOCAL).date() + _DAY
    number = (end.astimezone(LOCAL).date() - first).days + 1
    days = [first + n * _DAY for n in range(number)]
    if number > 1000:
        days, words = [day for day in days if (day.month, day.day) == (1, 1)], "Y"
    elif number > 92:
        days, words = [day for day in days if day.day == 1], "M Y"
    else:
        words = "j. N"
    every = max(1, -(-len(days) // _LABELS))
    return [(datetime.combine(day, time(), LOCAL), date_format(day, words)) for day in days[::every]]
