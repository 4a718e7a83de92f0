"""How reliable services were: hours without a failure, day by day.

Hours, because good probes are thinned out after a while and failures are not: the share of probes would fall with age.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Avg, Count, Q
from django.db.models.functions import TruncDate, TruncHour
from django.utils.timezone import make_aware

from twin.catalogue.models import Probe

DAYS = 30


@dataclass(frozen=True)
class Day:
    """hours: that were watched; bad: of these, with a failure; milliseconds: of good answers, on average."""

    on: date
    hours: int = 0
    bad: int = 0
    milliseconds: int | None = None

    @property
    def percent(self) -> float | None:
        return 100 * (self.hours - self.bad) / self.hours if self.hours else None

    @property
    def level(self) -> str:
        """none, good, part or bad"""
        if not self.hours:
            return "none"
        return "good" if not self.bad else "bad" if self.bad == self.hours else "part"


@dataclass(frozen=True)
class History:
    """Of one service, oldest day first."""

    days: tuple[Day, ...]

    @property
    def percent(self) -> float | None:
        hours = sum(day.hours for day in self.days)
        return 100 * (hours - sum(day.bad for day in self.days)) / hours if hours else None

    @property
    def failures(self) -> list[date]:
        return [day.on for day in self.days if day.bad]

    @property
    def milliseconds(self) -> int | None:
        found = [(day.milliseconds, day.hours) for day in self.days if day.milliseconds is not None]
        hours = sum(weight for _, weight in found)
        return round(sum(value * weight for value, weight in found) / hours) if hours else None


def histories(sources: Iterable[int], *, today: date) -> dict[int, History]:
    """Of each of the sources, the last DAYS days; one query."""
    ids = list(sources)
    first = today - timedelta(days=DAYS - 1)
    rows = Probe.objects.filter(source__in=ids, at__gte=make_aware(datetime.combine(first, time.min)))
    hours = Count(TruncHour("at"), distinct=True)
    bad = Count(TruncHour("at"), distinct=True, filter=Q(ok=False))
    counted = rows.annotate(day=TruncDate("at")).values("source", "day").annotate(hours=hours, bad=bad, mean=Avg("milliseconds", filter=Q(ok=True)))  # fmt: skip
    found = {
        (row["source"], row["day"]): Day(
            row["day"], row["hours"], row["bad"], None if row["mean"] is None else round(row["mean"])
        )
        for row in counted.order_by()
    }
    days = [first + timedelta(days=number) for number in range(DAYS)]
    return {pk: History(tuple(found.get((pk, day), Day(day)) for day in days)) for pk in ids}
