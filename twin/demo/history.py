"""An invented history of use: who would have done what in which town. Pure and deterministic; rows are made elsewhere.

Towns join one after another, the larger ones first; some stop again, some have one active person only. No framework.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from twin.demo.geography import Place
from twin.indicators.formulas import BERLIN, Month

MONTHS = 14
USE_CASES = ("plan-check", "heavy-rain", "flow-paths")  # short names of the folders in twin/usecases
KINDS = ("signed_in", "plan_changed", "statement_weighed", "plan_created", "use_case_run")
WEIGHTS = (5, 4, 3, 1, 3)
PIONEERING = (3, 3, 2, 1, 9)  # the first month: everybody tries the use cases


@dataclass(frozen=True, slots=True)
class Career:
    """How a town takes to the twin; months are counted from the first of the history. `left`: it stopped in that month."""

    place: Place
    joined: int
    left: int
    people: int
    pace: int  # events in a month


@dataclass(frozen=True, slots=True)
class Use:
    """One event. person: 0 or 1, the town's first or second."""

    ags: str
    person: int
    kind: str
    use_case: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Check:
    """One monthly check of the town's catalogue record."""

    ags: str
    on: date
    violations: int
    reachable: bool
    data_version: date
    by_county: bool


def months(on: date) -> list[Month]:
    """The months of the history; the last is the one of `on`, which still runs."""
    last = Month(on.year, on.month)
    return [last.back(back) for back in range(MONTHS - 1, -1, -1)]


def careers(places: Sequence[Place]) -> list[Career]:
    ranked = sorted(places, key=lambda place: (-place.population, place.ags))
    return [_career(place, rank) for rank, place in enumerate(ranked)]


def _career(place: Place, rank: int) -> Career:
    joined = max(0, (rank - 6) // 2)  # eight pioneers, then two a month
    return Career(
        place=place,
        joined=joined,
        left=joined + 6 if rank % 9 == 4 else MONTHS,
        people=1 if rank % 7 == 3 else 2,
        pace=5 + Random(place.ags).randrange(6),  # noqa: S311 - an invented history, not a secret
    )


def uses(career: Career, *, on: date) -> Iterator[Use]:
    """The town's events up to the evening before `on`, in order of time within each month."""
    listed = months(on)
    for index in range(career.joined, min(career.left, MONTHS)):
        yield from _uses_in(career, listed[index], index=index, before=on)


def _uses_in(career: Career, month: Month, *, index: int, before: date) -> Iterator[Use]:
    chance = Random(f"{career.place.ags} {month}")  # noqa: S311
    moments = sorted(_working_hour(chance, month) for _ in range(career.pace))
    for at in moments:
        kind = chance.choices(KINDS, WEIGHTS if index else PIONEERING)[0]
        use_case = chance.choice(USE_CASES[: 2 + index // 6]) if kind == "use_case_run" else ""
        person = chance.randrange(career.people)
        if at.date() < before:
            yield Use(career.place.ags, person, kind, use_case, at)


def _working_hour(chance: Random, month: Month) -> datetime:
    """A moment on a Monday to Friday between 8 and 17 o'clock."""
    day = date(month.year, month.month, 1 + chance.randrange(month.last_day.day))
    while day.weekday() > 4:  # Saturday, Sunday
        day = day - timedelta(days=2) if day.day > 2 else day + timedelta(days=2)
    return datetime.combine(day, time(8 + chance.randrange(9), chance.randrange(60)), tzinfo=BERLIN)


def checks(career: Career, *, on: date) -> Iterator[Check]:
    """From the second month after joining, checked on each 2nd; the first check finds mistakes, some sources fail later."""
    chance = Random(f"{career.place.ags} checks")  # noqa: S311
    for index, month in enumerate(months(on)):
        day = date(month.year, month.month, 2)
        age = index - career.joined - 2
        broken = chance.random() < 0.12
        if age >= 0 and day < on:
            yield Check(
                ags=career.place.ags,
                on=day,
                violations=3 if age == 0 else 0,
                reachable=not broken,
                data_version=day - timedelta(days=30 * (age % 6) + 10),
                by_county=career.people == 1,
            )


def onboarded_on(career: Career, *, on: date) -> date:
    month = months(on)[career.joined]
    return date(month.year, month.month, 1)


def trained_on(career: Career, *, on: date) -> date | None:
    """Three weeks after joining; towns that stopped again were never trained."""
    trained = onboarded_on(career, on=on) + timedelta(days=21)
    return trained if career.left == MONTHS and trained < on else None
