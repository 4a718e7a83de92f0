"""The county's three indicators, as pure functions over plain records.

I1 use, I2 delivery, I3 growth. All days are civil days in Europe/Berlin; a month is judged on its last day.
The denominator N is the number of municipalities (by AGS) active on that day. What county staff and service
accounts do is left out. Source: the county's indicator definitions, quoted sentence by sentence below.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
WINDOW_DAYS = 90  # "in the last 90", the month's last day included
CURRENT_DAYS = 365  # "data version within 365 days", "yearly confirmation"
SMALL_POPULATION = 5_000  # "one below 5,000 inhabitants"
SUPPRESS_BELOW = 3  # "counts of people below 3 suppressed"


class Actor(StrEnum):
    """On whose behalf an event came about; only MUNICIPAL and PUBLIC actors move an indicator."""

    MUNICIPAL = "municipal"
    PUBLIC = "public"
    COUNTY = "county"
    SERVICE = "service"


COUNTED = frozenset({Actor.MUNICIPAL, Actor.PUBLIC})


class Missing(StrEnum):
    """What a municipality lacks; pages turn the codes into words."""

    USERS = "users"
    DAYS = "days"
    RECORD = "record"
    VIOLATIONS = "violations"
    UNREACHABLE = "unreachable"
    OUTDATED = "outdated"


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month in Berlin."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read `YYYY-MM`. Raises ValueError for anything else."""
        day = datetime.strptime(text, "%Y-%m").replace(tzinfo=BERLIN)
        if text != f"{day:%Y-%m}":
            raise ValueError(text)
        return cls(day.year, day.month)

    @classmethod
    def containing(cls, at: datetime) -> "Month":
        """The month in Berlin at an aware moment."""
        day = day_in_berlin(at)
        return cls(day.year, day.month)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def back(self, months: int) -> "Month":
        index = self.year * 12 + self.month - 1 - months
        return Month(index // 12, index % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@dataclass(frozen=True, slots=True)
class Municipality:
    """ags: eight digits. active_until is the first day on which it no longer takes part."""

    ags: str
    population: int
    active_from: date
    active_until: date | None = None
    onboarded_on: date | None = None
    trained_on: date | None = None

    def is_active(self, on: date) -> bool:
        return self.active_from <= on and (self.active_until is None or on < self.active_until)

    @property
    def users_needed(self) -> int:
        return 1 if self.population < SMALL_POPULATION else 2


@dataclass(frozen=True, slots=True)
class Event:
    """One use of the twin. ags: the municipality served, not the one that employs the user. at: aware."""

    at: datetime
    ags: str
    user: str
    productive: bool
    actor: Actor = Actor.MUNICIPAL


@dataclass(frozen=True, slots=True)
class Delivery:
    """One check of one catalogue record; a later check of the same record replaces an earlier one.

    data_version: date of the data, or of a plan in force. frequency_days: the stated update frequency, if any.
    in_force: the record is a plan in force, which stays current by confirmed_on instead of by data_version.
    """

    ags: str
    record: str
    checked_on: date
    violations: int
    reachable: bool
    data_version: date
    frequency_days: int | None = None
    in_force: bool = False
    confirmed_on: date | None = None
    by_county: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """A completed run of a use case for a municipality."""

    at: datetime
    ags: str
    use_case: str
    actor: Actor = Actor.MUNICIPAL


@dataclass(frozen=True, slots=True)
class Use:
    """I1 of one municipality: distinct users and days with a productive event, per window."""

    users: int
    days: int
    year_users: int
    year_days: int
    missing: tuple[Missing, ...]
    year_missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class UseIndicator:
    """I1: `reached` of `of` municipalities in 90 days, `year_reached` in 12 months."""

    of: int
    reached: int
    year_reached: int
    onboarded: int
    trained: int
    users: int
    by_municipality: Mapping[str, Use] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeliveryIndicator:
    """I2: `reached` by own records; `by_county` municipalities served by the county on their behalf, apart."""

    of: int
    reached: int
    by_county: int
    by_municipality: Mapping[str, tuple[Missing, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GrowthIndicator:
    """I3: pairs (municipality, use case) now and a year before; growth is None where a year before there were none. by_municipality:
    the use cases that each of them uses."""

    pairs: int
    pairs_year_before: int
    growth: float | None
    new_pairs: int
    use_cases: int
    cross_municipal: int
    by_municipality: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def day_in_berlin(at: datetime) -> date:
    """The civil day of an aware moment. Raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError("naive datetime")
    return at.astimezone(BERLIN).date()


def share(reached: int, of: int) -> float | None:
    """A share between 0 and 1, or None where there is nothing to share."""
    return reached / of if of else None


def suppressed(people: int) -> int | None:
    """A count of people, or None where it is so small that it could point at somebody."""
    return people if people >= SUPPRESS_BELOW else None


def active(municipalities: Iterable[Municipality], month: Month) -> list[Municipality]:
    """N: one entry per AGS, ordered by AGS."""
    last = month.last_day
    return sorted({m.ags: m for m in municipalities if m.is_active(last)}.values(), key=lambda m: m.ags)


def use(municipalities: Iterable[Municipality], events: Iterable[Event], month: Month) -> UseIndicator:
    """I1. "share of N with >= 2 distinct users (one below 5,000 inhabitants) and >= 1 productive event on >= 2 days
    in the last 90; an event credits the municipality served; a 12-month figure stands beside it."
    Users are counted over all their events, days over productive ones."""
    members = active(municipalities, month)
    last = month.last_day
    counted = [e for e in events if e.actor in COUNTED]
    recent = _by_ags(counted, last - timedelta(days=WINDOW_DAYS - 1), last)
    year = _by_ags(counted, month.back(12).last_day + timedelta(days=1), last)
    by = {m.ags: _use_of(m, recent.get(m.ags, ()), year.get(m.ags, ())) for m in members}
    return UseIndicator(
        of=len(members),
        reached=sum(not u.missing for u in by.values()),
        year_reached=sum(not u.year_missing for u in by.values()),
        onboarded=sum(m.onboarded_on is not None and m.onboarded_on <= last for m in members),
        trained=sum(m.trained_on is not None and m.trained_on <= last for m in members),
        users=len({e.user for ags in by for e in recent.get(ags, ())}),
        by_municipality=by,
    )


def _by_ags(events: Iterable[Event], first: date, last: date) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for event in events:
        if first <= day_in_berlin(event.at) <= last:
            found.setdefault(event.ags, []).append(event)
    return found


def _use_of(municipality: Municipality, recent: Iterable[Event], year: Iterable[Event]) -> Use:
    users, days = _users_and_days(recent)
    year_users, year_days = _users_and_days(year)
    return Use(
        users=users,
        days=days,
        year_users=year_users,
        year_days=year_days,
        missing=_use_missing(municipality, users, days),
        year_missing=_use_missing(municipality, year_users, year_days),
    )


def _users_and_days(events: Iterable[Event]) -> tuple[int, int]:
    listed = list(events)
    return len({e.user for e in listed}), len({day_in_berlin(e.at) for e in listed if e.productive})


def _use_missing(municipality: Municipality, users: int, days: int) -> tuple[Missing, ...]:
    lacking = [(Missing.USERS, users < municipality.users_needed), (Missing.DAYS, days < 2)]
    return tuple(code for code, is_missing in lacking if is_missing)


def delivery(
    municipalities: Iterable[Municipality], deliveries: Iterable[Delivery], month: Month
) -> DeliveryIndicator:
    """I2. "share of N with >= 1 catalogue record of its own, 0 SHACL violations, reachable distribution, data version
    within 365 days or its stated frequency (plans in force count after a yearly confirmation). Deliveries by the
    county on behalf count apart." One record has to meet all conditions at once."""
    members = active(municipalities, month)
    last = month.last_day
    latest = _latest(d for d in deliveries if d.checked_on <= last)
    own = {m.ags: [d for d in latest if d.ags == m.ags and not d.by_county] for m in members}
    behalf = {d.ags for d in latest if d.by_county and not _delivery_missing(d, last)}
    by = {ags: _best([_delivery_missing(d, last) for d in found]) for ags, found in own.items()}
    return DeliveryIndicator(
        of=len(members),
        reached=sum(not missing for missing in by.values()),
        by_county=sum(ags in behalf for ags in own),
        by_municipality=by,
    )


def _latest(deliveries: Iterable[Delivery]) -> list[Delivery]:
    return list({(d.ags, d.record): d for d in sorted(deliveries, key=lambda d: d.checked_on)}.values())


def _best(found: list[tuple[Missing, ...]]) -> tuple[Missing, ...]:
    return min(found, key=lambda missing: (len(missing), missing), default=(Missing.RECORD,))


def _delivery_missing(record: Delivery, on: date) -> tuple[Missing, ...]:
    lacking = [
        (Missing.VIOLATIONS, record.violations > 0),
        (Missing.UNREACHABLE, not record.reachable),
        (Missing.OUTDATED, not _is_current(record, on)),
    ]
    return tuple(code for code, is_missing in lacking if is_missing)


def _is_current(record: Delivery, on: date) -> bool:
    if record.in_force:
        return record.confirmed_on is not None and (on - record.confirmed_on).days <= CURRENT_DAYS
    return (on - record.data_version).days <= (record.frequency_days or CURRENT_DAYS)


def growth(municipalities: Iterable[Municipality], runs: Iterable[Run], month: Month) -> GrowthIndicator:
    """I3. "U(M) = distinct (tenant, use case) with >= 1 completed run in 90 days; growth U(M)/U(M-12) - 1; new pairs;
    distinct use-case types; cross-municipal use cases." New pairs are those of U(M) that U(M-12) lacks; a use case is
    cross-municipal when at least two municipalities ran it in the window."""
    listed = list(municipalities)
    counted = [r for r in runs if r.actor in COUNTED]
    now, before = (_pairs(listed, counted, m) for m in (month, month.back(12)))
    use_cases = [use_case for _, use_case in now]
    return GrowthIndicator(
        pairs=len(now),
        pairs_year_before=len(before),
        growth=len(now) / len(before) - 1 if before else None,
        new_pairs=len(now - before),
        use_cases=len(set(use_cases)),
        cross_municipal=sum(use_cases.count(name) > 1 for name in set(use_cases)),
        by_municipality={
            m.ags: tuple(sorted(name for ags, name in now if ags == m.ags)) for m in active(listed, month)
        },
    )


def _pairs(municipalities: list[Municipality], runs: list[Run], month: Month) -> set[tuple[str, str]]:
    last = month.last_day
    first = last - timedelta(days=WINDOW_DAYS - 1)
    members = {m.ags for m in active(municipalities, month)}
    return {(r.ags, r.use_case) for r in runs if r.ags in members and first <= day_in_berlin(r.at) <= last}
