"""The three indicators against tables worked out by hand.

Month judged: June 2026. Last day 30.06.2026; 90 days back, that day included, begin on 02.04.2026
(29 days of April + 31 of May + 30 of June); the 12 months begin on 01.07.2025.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from twin.indicators.formulas import (
    BERLIN,
    Actor,
    Delivery,
    Event,
    Missing,
    Month,
    Municipality,
    Run,
    active,
    day_in_berlin,
    delivery,
    growth,
    share,
    suppressed,
    use,
)

JUNE = Month(2026, 6)
START = date(2020, 1, 1)
BIG, SMALL, THIRD = "14627140", "14627230", "14627310"


def town(
    ags: str, population: int = 9_000, *, since: date = START, until: date | None = None
) -> Municipality:
    return Municipality(ags=ags, population=population, active_from=since, active_until=until)


def at(day: str, clock: str = "12:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=BERLIN)


def did(
    day: str, user: str, ags: str = BIG, *, productive: bool = True, actor: Actor = Actor.MUNICIPAL
) -> Event:
    return Event(at=at(day), ags=ags, user=user, productive=productive, actor=actor)


def test_month_reads_only_its_own_form() -> None:
    assert Month.parse("2026-02").last_day == date(2026, 2, 28)
    assert Month.parse("2024-02").last_day == date(2024, 2, 29)
    assert str(Month(2026, 1).back(1)) == "2025-12"
    assert Month(2026, 6).back(12) == Month(2025, 6)
    assert Month.containing(datetime(2026, 5, 31, 22, 0, tzinfo=UTC)) == JUNE  # midnight in Berlin
    for wrong in ("2026-6", "2026-13", "26-06", "2026-06-01", ""):
        with pytest.raises(ValueError):
            Month.parse(wrong)


def test_day_is_the_berlin_day() -> None:
    assert day_in_berlin(datetime(2026, 6, 30, 22, 0, tzinfo=UTC)) == date(2026, 7, 1)  # summer time, UTC+2
    assert day_in_berlin(datetime(2026, 12, 31, 22, 59, tzinfo=UTC)) == date(
        2026, 12, 31
    )  # winter time, UTC+1
    with pytest.raises(ValueError):
        day_in_berlin(datetime(2026, 6, 30))  # noqa: DTZ001  the naive moment is the case


# population, events, (users, days, missing) in 90 days, (users, days, missing) in 12 months
USERS, DAYS = Missing.USERS, Missing.DAYS
USE_TABLE: list[tuple[str, int, list[Event], tuple[object, ...], tuple[object, ...]]] = [
    ("nothing happened", 9_000, [], (0, 0, (USERS, DAYS)), (0, 0, (USERS, DAYS))),
    (
        "two users, two days",
        9_000,
        [did("2026-04-02", "a"), did("2026-06-30", "b")],
        (2, 2, ()),
        (2, 2, ()),
    ),
    (
        "first event one day too early for 90 days, not for 12 months",
        9_000,
        [did("2026-04-01", "a"), did("2026-06-30", "b")],
        (1, 1, (USERS, DAYS)),
        (2, 2, ()),
    ),
    (
        "12 months begin on 1 July",
        9_000,
        [did("2025-06-30", "a"), did("2025-07-01", "b")],
        (0, 0, (USERS, DAYS)),
        (1, 1, (USERS, DAYS)),
    ),
    (
        "one user is enough below 5,000",
        4_999,
        [did("2026-05-04", "a"), did("2026-05-05", "a")],
        (1, 2, ()),
        (1, 2, ()),
    ),
    (
        "one user is too few at 5,000",
        5_000,
        [did("2026-05-04", "a"), did("2026-05-05", "a")],
        (1, 2, (USERS,)),
        (1, 2, (USERS,)),
    ),
    (
        "two events on one day are one day",
        9_000,
        [did("2026-05-04", "a"), did("2026-05-04", "b")],
        (2, 1, (DAYS,)),
        (2, 1, (DAYS,)),
    ),
    (
        "a visit counts a user but no day",
        9_000,
        [did("2026-05-04", "a"), did("2026-05-05", "a"), did("2026-05-06", "b", productive=False)],
        (2, 2, ()),
        (2, 2, ()),
    ),
    (
        "county staff and service accounts are left out",
        9_000,
        [
            did("2026-05-04", "a"),
            did("2026-05-05", "c", actor=Actor.COUNTY),
            did("2026-05-06", "s", actor=Actor.SERVICE),
        ],
        (1, 1, (USERS, DAYS)),
        (1, 1, (USERS, DAYS)),
    ),
    (
        "after the month's last day is too late",
        9_000,
        [did("2026-06-30", "a"), did("2026-07-01", "b")],
        (1, 1, (USERS, DAYS)),
        (1, 1, (USERS, DAYS)),
    ),
]


@pytest.mark.parametrize(
    ("population", "events", "recent", "year"),
    [row[1:] for row in USE_TABLE],
    ids=[row[0] for row in USE_TABLE],
)
def test_use_of_a_municipality(
    population: int, events: Sequence[Event], recent: tuple[object, ...], year: tuple[object, ...]
) -> None:
    result = use([town(BIG, population)], events, JUNE)
    found = result.by_municipality[BIG]
    assert (found.users, found.days, found.missing) == recent
    assert (found.year_users, found.year_days, found.year_missing) == year
    assert result.reached == (0 if recent[2] else 1)
    assert result.year_reached == (0 if year[2] else 1)


def test_use_counts_the_last_minute_in_berlin_not_in_utc() -> None:
    first = Event(
        at=datetime(2026, 4, 1, 22, 0, tzinfo=UTC), ags=BIG, user="a", productive=True
    )  # 02.04. 00:00
    last = Event(
        at=datetime(2026, 6, 30, 21, 59, tzinfo=UTC), ags=BIG, user="b", productive=True
    )  # 30.06. 23:59
    late = Event(
        at=datetime(2026, 6, 30, 22, 0, tzinfo=UTC), ags=BIG, user="c", productive=True
    )  # 01.07. 00:00
    assert use([town(BIG)], [first, last, late], JUNE).by_municipality[BIG].users == 2


def test_use_of_the_county() -> None:
    # BIG reaches it (2 users, 2 days); SMALL has 1,500 inhabitants and reaches it with one user; THIRD has one day only;
    # the fourth began on 01.07. and the fifth ended on 30.06., so both stand outside N = 3.
    towns = [
        Municipality(BIG, 28_000, START, onboarded_on=date(2025, 3, 1), trained_on=date(2026, 6, 30)),
        Municipality(SMALL, 1_500, START, onboarded_on=date(2026, 7, 1)),
        town(THIRD),
        town("14627999", since=date(2026, 7, 1)),
        town("14627998", until=date(2026, 6, 30)),
    ]
    events = [
        *(did("2026-05-04", "a"), did("2026-05-05", "b")),
        *(did("2026-05-04", "c", SMALL), did("2026-06-05", "c", SMALL)),
        *(did("2026-05-04", "d", THIRD), did("2026-05-04", "a", THIRD)),
        *(did("2026-05-04", "e", "14627998"), did("2026-05-05", "f", "14627998")),
    ]
    result = use(towns, events, JUNE)
    assert (result.reached, result.of) == (2, 3)
    assert share(result.reached, result.of) == pytest.approx(2 / 3)
    assert (result.onboarded, result.trained) == (1, 1)
    assert result.users == 4  # a, b, c, d; user a serves two municipalities and is one person
    assert result.by_municipality[THIRD].missing == (DAYS,)


GOOD = Delivery(
    ags=BIG,
    record="r1",
    checked_on=date(2026, 6, 15),
    violations=0,
    reachable=True,
    data_version=date(2026, 6, 1),
)


def record(name: str = "r1", **facts: Any) -> Delivery:
    return replace(GOOD, record=name, **facts)


WRONG, GONE, OLD, NONE = Missing.VIOLATIONS, Missing.UNREACHABLE, Missing.OUTDATED, Missing.RECORD
# 30.06.2026 minus 365 days is 30.06.2025; minus 30 days is 31.05.2026
DELIVERY_TABLE: list[tuple[str, list[Delivery], tuple[Missing, ...]]] = [
    ("no record", [], (NONE,)),
    ("all is well", [record()], ()),
    ("365 days old", [record(data_version=date(2025, 6, 30))], ()),
    ("366 days old", [record(data_version=date(2025, 6, 29))], (OLD,)),
    ("monthly, 30 days old", [record(frequency_days=30, data_version=date(2026, 5, 31))], ()),
    ("monthly, 31 days old", [record(frequency_days=30, data_version=date(2026, 5, 30))], (OLD,)),
    ("every second year, 366 days old", [record(frequency_days=730, data_version=date(2025, 6, 29))], ()),
    ("one violation", [record(violations=1)], (WRONG,)),
    ("not reachable", [record(reachable=False)], (GONE,)),
    (
        "all is wrong",
        [record(violations=2, reachable=False, data_version=date(2020, 1, 1))],
        (WRONG, GONE, OLD),
    ),
    ("plan in force, never confirmed", [record(in_force=True)], (OLD,)),
    (
        "old plan in force, confirmed",
        [record(in_force=True, data_version=date(2004, 1, 1), confirmed_on=date(2025, 6, 30))],
        (),
    ),
    ("plan in force, confirmation lapsed", [record(in_force=True, confirmed_on=date(2025, 6, 29))], (OLD,)),
    ("one good record is enough", [record(violations=9), record("r2")], ()),
    ("two half-good records are none", [record(violations=1), record("r2", reachable=False)], (GONE,)),
    (
        "the later check replaces the earlier",
        [record(), record(checked_on=date(2026, 6, 16), reachable=False)],
        (GONE,),
    ),
    (
        "order of arrival does not matter",
        [record(checked_on=date(2026, 6, 16), reachable=False), record()],
        (GONE,),
    ),
    ("a check after the month's end is not yet known", [record(checked_on=date(2026, 7, 1))], (NONE,)),
    ("the county's delivery is not its own", [record(by_county=True)], (NONE,)),
]


@pytest.mark.parametrize(
    ("deliveries", "missing"), [row[1:] for row in DELIVERY_TABLE], ids=[row[0] for row in DELIVERY_TABLE]
)
def test_delivery_of_a_municipality(deliveries: Sequence[Delivery], missing: tuple[Missing, ...]) -> None:
    result = delivery([town(BIG)], deliveries, JUNE)
    assert result.by_municipality[BIG] == missing
    assert result.reached == (0 if missing else 1)


def test_delivery_by_the_county_counts_apart() -> None:
    # BIG: own and by the county. SMALL: by the county only. THIRD: by the county, but outdated.
    deliveries = [
        record(),
        record("k1", by_county=True),
        record("k2", ags=SMALL, by_county=True),
        record("k3", ags=THIRD, by_county=True, data_version=date(2020, 1, 1)),
    ]
    result = delivery([town(BIG), town(SMALL), town(THIRD)], deliveries, JUNE)
    assert (result.of, result.reached, result.by_county) == (3, 1, 2)


def ran(day: str, use_case: str, ags: str = BIG, actor: Actor = Actor.MUNICIPAL) -> Run:
    return Run(at=at(day), ags=ags, use_case=use_case, actor=actor)


def test_growth_over_a_year() -> None:
    # June 2026 (02.04. to 30.06.): BIG rain, BIG flood, SMALL rain, THIRD rain  -> 4 pairs, 2 use cases, rain is cross-municipal
    # June 2025 (02.04. to 30.06.): BIG rain, SMALL solar                        -> 2 pairs
    # growth 4 / 2 - 1 = 1.0; new: all but (BIG, rain) = 3
    runs = [
        *(ran("2026-04-02", "rain"), ran("2026-05-02", "rain"), ran("2026-06-30", "flood")),
        *(ran("2026-05-02", "rain", SMALL), ran("2026-05-02", "rain", THIRD)),
        *(ran("2025-04-02", "rain"), ran("2025-06-30", "solar", SMALL)),
        *(
            ran("2026-04-01", "noise"),
            ran("2026-07-01", "heat"),
            ran("2025-07-01", "heat"),
        ),  # outside both windows
        *(
            ran("2026-05-02", "heat", actor=Actor.COUNTY),
            ran("2026-05-02", "heat", "14627999"),
        ),  # not counted, not in N
    ]
    result = growth([town(BIG), town(SMALL), town(THIRD)], runs, JUNE)
    assert (result.pairs, result.pairs_year_before, result.growth) == (4, 2, 1.0)
    assert (result.new_pairs, result.use_cases, result.cross_municipal) == (3, 2, 1)
    assert result.by_municipality == {BIG: ("flood", "rain"), SMALL: ("rain",), THIRD: ("rain",)}


@pytest.mark.parametrize(
    ("runs", "expected"),
    [([], None), ([ran("2026-05-01", "rain")], None), ([ran("2025-05-01", "rain")], -1.0)],
    ids=["never", "no year before", "all gone"],
)
def test_growth_without_one_side(runs: list[Run], expected: float | None) -> None:
    assert growth([town(BIG)], runs, JUNE).growth == expected


def test_small_counts_of_people_are_suppressed() -> None:
    assert [suppressed(people) for people in (0, 1, 2, 3, 40)] == [None, None, None, 3, 40]


def test_share_of_nothing_is_none() -> None:
    assert share(0, 0) is None
    assert use([], [], JUNE).of == 0


def test_active_counts_an_ags_once() -> None:
    assert [m.ags for m in active([town(SMALL), town(BIG), town(BIG)], JUNE)] == [BIG, SMALL]
