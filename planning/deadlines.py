"""The law's periods as dated rules, and the calendar days that follow from them.

Pure. Days are civil days and belong to the period in full. A rule holds for a period that begins on `since` or after, up to
`until`: what began under the old law is finished under it (§ 233 Abs. 1 BauGB). `verified` is False where the rule stands
here from memory: it is then shown as "zu prüfen". Of the days on which laws began, 1 January 2007 and 30 October 2025 are from memory.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import holidays

LAND = "SN"  # whose public holidays count, ISO 3166-2 after "DE-": § 1 SächsSFG; Fronleichnam only in towns outside our county
_SATURDAY = 5


class Term(StrEnum):
    """What a period is for."""

    EARLY = "early"
    NOTICE = "notice"
    PUBLICATION = "publication"
    BODIES = "bodies"
    REPEATED = "repeated"
    SIMPLIFIED = "simplified"
    FP_APPROVAL = "fp_approval"
    BP_APPROVAL = "bp_approval"
    OBJECTIONS = "objections"
    FORM_DEFECTS = "form_defects"
    JUDICIAL_REVIEW = "judicial_review"
    CONSENT = "consent"
    CONSENT_HEARING = "consent_hearing"
    HOUSING = "housing"
    FREEZE = "freeze"
    FREEZE_EXTENDED = "freeze_extended"


class Bound(StrEnum):
    """What the length of a period means."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BEFORE = "before"  # so long before an event
    FICTION = "fiction"  # silence counts as consent afterwards
    LAPSE = "lapse"  # a right ends afterwards
    WINDOW = "window"  # no period of anybody: the law itself may be used between two days alone
    REASONABLE = "reasonable"  # "angemessen": the law names no number


class Counting(StrEnum):
    WHOLE_DAYS = (
        "whole_days"  # the first day counts: § 187 Abs. 2, § 188 Abs. 2 BGB; GmS-OGB 06.07.1972, 2/71
    )
    AFTER_EVENT = "after_event"  # the day of the event does not: § 187 Abs. 1 BGB


class Shift(StrEnum):
    """Whether an end on a Saturday, Sunday or public holiday moves to the next working day (§ 193 BGB, § 31 Abs. 3 VwVfG)."""

    RULED = "ruled"  # a court said so: OVG Koblenz, 8 C 12180/99, for plans laid out in the town hall
    NEVER = "never"  # a Satzung ends by itself: § 193 BGB is about what people have to do
    OPEN = "open"  # disputed or not read up: both days are named, the later one is the safe one


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of one version of the law. Of `months` and `days` the later end counts."""

    term: Term
    paragraph: str
    since: date
    until: date | None = None
    months: int = 0
    days: int = 0
    bound: Bound = Bound.AT_LEAST
    counting: Counting = Counting.AFTER_EVENT
    shift: Shift = Shift.OPEN
    verified: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """first_day and last_day belong to the period. `shifted`: the working day that an end on a day of rest may move to."""

    rule: Rule
    first_day: date
    last_day: date
    shifted: date

    @property
    def is_shifted(self) -> bool:
        return self.shifted != self.last_day


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A period shorter than the law allows and its earliest last day; `doubtful`: only if an end on a day of rest moves."""

    earliest_last_day: date
    rule: Rule
    doubtful: bool = False


_BAUGB = date(1990, 10, 3)  # in Saxony; before, GDR law held
_EAG = date(2004, 7, 20)  # Europarechtsanpassungsgesetz Bau
_INNER = date(2007, 1, 1)  # Gesetz zur Erleichterung von Planungsvorhaben für die Innenentwicklung
_UVP = date(2017, 5, 13)  # Gesetz zur Umsetzung der Richtlinie 2014/52/EU im Städtebaurecht
_DIGITAL = date(2023, 7, 7)  # Gesetz zur Stärkung der Digitalisierung im Bauleitplanverfahren
_TURBO = date(2025, 10, 30)  # BGBl. 2025 I Nr. 257
_DAY = timedelta(days=1)
_WHOLE, _RULED = Counting.WHOLE_DAYS, Shift.RULED


def _laid_out(term: Term, paragraph: str, since: date) -> tuple[Rule, ...]:
    """One month; since 2017 at least 30 days; since 2023 in the internet."""
    old = Shift.RULED if term is Term.PUBLICATION else Shift.OPEN
    return (
        Rule(term, paragraph, since, _UVP - _DAY, months=1, counting=_WHOLE, shift=old),
        Rule(term, paragraph, _UVP, _DIGITAL - _DAY, months=1, days=30, counting=_WHOLE, shift=old),
        Rule(term, paragraph, _DIGITAL, None, months=1, days=30, counting=_WHOLE, verified=True, source="BauGB 2023"),
    )  # fmt: skip


RULES: tuple[Rule, ...] = (
    Rule(
        Term.EARLY, "§ 3 Abs. 1, § 4 Abs. 1 BauGB", _BAUGB,
        bound=Bound.REASONABLE, counting=_WHOLE, verified=True, source="Planungshilfen Bayern, 5.2",
    ),
    Rule(
        Term.NOTICE, "§ 3 Abs. 2 Satz 2 BauGB", _BAUGB, _DIGITAL - _DAY,
        days=7, bound=Bound.BEFORE, verified=True, source="OVG Lüneburg 30.08.1982, 6 C 12/80",
    ),
    Rule(
        Term.NOTICE, "§ 3 Abs. 2 Satz 4 BauGB", _DIGITAL,
        days=0, bound=Bound.BEFORE, verified=True, source="BauGB 2023",
    ),
    *_laid_out(Term.PUBLICATION, "§ 3 Abs. 2 BauGB", _BAUGB),
    *_laid_out(Term.BODIES, "§ 4 Abs. 2 BauGB", _EAG),
    Rule(Term.REPEATED, "§ 4a Abs. 3 BauGB", _EAG, bound=Bound.REASONABLE, counting=_WHOLE),
    Rule(Term.SIMPLIFIED, "§ 13 Abs. 2 BauGB", _BAUGB, bound=Bound.REASONABLE, counting=_WHOLE),
    Rule(Term.FP_APPROVAL, "§ 6 Abs. 4 BauGB", _BAUGB, _DIGITAL, months=3, bound=Bound.FICTION),
    Rule(
        Term.FP_APPROVAL, "§ 6 Abs. 4 BauGB", _DIGITAL + _DAY,  # § 245f: applications received *after* 7 July 2023
        months=1, bound=Bound.FICTION, verified=True, source="BauGB 2023, § 245f",
    ),
    Rule(Term.BP_APPROVAL, "§ 10 Abs. 2, § 6 Abs. 4 BauGB", _BAUGB, _DIGITAL, months=3, bound=Bound.FICTION),
    Rule(Term.BP_APPROVAL, "§ 10 Abs. 2, § 6 Abs. 4 BauGB", _DIGITAL + _DAY, months=1, bound=Bound.FICTION),
    Rule(
        Term.OBJECTIONS, "§ 215 Abs. 1 BauGB", _EAG, _INNER - _DAY,
        months=24, bound=Bound.LAPSE, verified=True, source="BauGB 2004",
    ),
    Rule(
        Term.OBJECTIONS, "§ 215 Abs. 1 BauGB", _INNER,
        months=12, bound=Bound.LAPSE, verified=True, source="BauGB",
    ),
    Rule(
        Term.FORM_DEFECTS, "§ 4 Abs. 4 SächsGemO", date(1993, 5, 1),
        months=12, bound=Bound.LAPSE, verified=True, source="SächsGemO",
    ),
    Rule(Term.JUDICIAL_REVIEW, "§ 47 Abs. 2 VwGO", _INNER, months=12, bound=Bound.LAPSE),
    Rule(
        Term.CONSENT, "§ 36a Abs. 1 BauGB", _TURBO,
        months=3, bound=Bound.FICTION, verified=True, source="BGBl. 2025 I Nr. 257",
    ),
    Rule(
        Term.CONSENT_HEARING, "§ 36a Abs. 2 BauGB", _TURBO,
        months=1, bound=Bound.AT_MOST, counting=_WHOLE, verified=True, source="BGBl. 2025 I Nr. 257",
    ),
    Rule(
        Term.HOUSING, "§ 246e BauGB", _TURBO, date(2030, 12, 31),
        bound=Bound.WINDOW, verified=True, source="BGBl. 2025 I Nr. 257",
    ),
    Rule(Term.FREEZE, "§ 17 Abs. 1 Satz 1 BauGB", _BAUGB, months=24, bound=Bound.LAPSE, shift=Shift.NEVER),
    Rule(Term.FREEZE_EXTENDED, "§ 17 Abs. 1 Satz 3 BauGB", _BAUGB, months=36, bound=Bound.LAPSE, shift=Shift.NEVER),
)  # fmt: skip


def rule_for(term: Term, on: date) -> Rule | None:
    """The rule that holds for a period beginning, or an event happening, on this day; None where we know none."""
    held = (rule for rule in RULES if rule.term is term and rule.since <= on)
    return next((rule for rule in held if rule.until is None or on <= rule.until), None)


def deadline(term: Term, on: date) -> Deadline | None:
    """The period that begins with this day (WHOLE_DAYS) or follows the event of this day. None where the law names no number."""
    rule = rule_for(term, on)
    if rule is None or rule.bound in (Bound.REASONABLE, Bound.BEFORE, Bound.WINDOW):
        return None
    whole = rule.counting is Counting.WHOLE_DAYS
    last = max(_by_months(on, rule.months, whole=whole), on + timedelta(days=rule.days) - whole * _DAY)
    shifted = last if rule.shift is Shift.NEVER else next_working_day(last)
    return Deadline(rule, on if whole else on + _DAY, last, shifted)


def _by_months(day: date, months: int, *, whole: bool) -> date:
    """The last day of so many months (§ 188 Abs. 2, 3 BGB); of a period of days alone a day that is never later."""
    if not months:
        return day - _DAY
    index = day.year * 12 + day.month - 1 + months
    try:
        same_number = date(index // 12, index % 12 + 1, day.day)
    except ValueError:  # 31 January + 1 month: the month's last day
        return date((index + 1) // 12, (index + 1) % 12 + 1, 1) - _DAY
    return same_number - whole * _DAY


def shortfall(term: Term, *, first_day: date, last_day: date) -> Shortfall | None:
    """Whether a period is shorter (AT_LEAST) than the law allows, or ends on a day of rest so that one may call it too short."""
    found = deadline(term, first_day)
    if found is None or found.rule.bound is not Bound.AT_LEAST or last_day >= found.shifted:
        return None
    needed = found.shifted if found.rule.shift is Shift.RULED else found.last_day
    if last_day < needed:
        return Shortfall(needed, found.rule)
    return Shortfall(found.shifted, found.rule, doubtful=True)


def is_verified(term: Term) -> bool:
    """Whether the newest rule was read, not remembered."""
    return max((rule for rule in RULES if rule.term is term), key=lambda rule: rule.since).verified


def latest_notice(first_day: date) -> tuple[date, Rule] | None:
    """The last day on which a publication that begins on `first_day` may be announced; the day of the notice does not count."""
    rule = rule_for(Term.NOTICE, first_day)
    return (first_day - timedelta(days=rule.days + 1), rule) if rule else None


def consent_deadline(received: date, *, hearing: tuple[date, date] | None = None) -> Deadline | None:
    """When the town's consent to a building project counts as given (§ 36a BauGB).

    hearing: first and last day of a hearing of the public; the period grows by its length, at most by what Abs. 2 allows.
    """
    found = deadline(Term.CONSENT, received)
    if found is None or hearing is None:
        return found
    longest = deadline(Term.CONSENT_HEARING, hearing[0])
    end = min(hearing[1], longest.last_day) if longest else hearing[1]
    last = found.last_day + (end - hearing[0]) + _DAY
    return Deadline(found.rule, found.first_day, last, next_working_day(last))


@cache
def _holidays(year: int, land: str) -> dict[date, str]:
    return dict(holidays.country_holidays("DE", subdiv=land, years=year, language="de").items())


def holiday(day: date, *, land: str = LAND) -> str:
    """Name of the public holiday, empty on other days."""
    return _holidays(day.year, land).get(day, "")


def is_day_of_rest(day: date, *, land: str = LAND) -> bool:
    """A Saturday, a Sunday or a public holiday."""
    return day.weekday() >= _SATURDAY or bool(holiday(day, land=land))


def next_working_day(day: date, *, land: str = LAND) -> date:
    """The day itself, or the first working day after it."""
    while is_day_of_rest(day, land=land):
        day += _DAY
    return day
