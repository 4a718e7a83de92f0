"""Snapshots -> what a page shows: figures, charts, rows in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from twin.analysis import registry
from twin.analysis.presenting import title_of
from twin.indicators.charts import Chart, Column, bar_chart
from twin.indicators.formulas import Month, share
from twin.indicators.models import CountySnapshot, Kind, MunicipalitySnapshot, Target
from twin.indicators.targets import growth_state, outlook
from twin.indicators.wording import (
    STATES,
    goal_in_words,
    growth_in_words,
    missing_in_words,
    month_in_short,
    month_in_words,
    outlook_in_words,
    share_in_words,
)

Targets = Mapping[str, Target]  # by indicator
REACHED, OPEN = "#1b7837", "#9970ab"  # also told apart by who sees no red or no green (ColorBrewer PRGn)
STEPS = ("#c7c7c7", "#a6bddb", "#3690c0", "#034e7b")  # 0, 1, 2, 3 and more use cases


@dataclass(frozen=True, slots=True)
class Aim:
    """A target and how far it is, in words. kind: of the badge."""

    state: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One of the three. history: (month, value) in words, oldest first, the chart's text alternative."""

    key: str
    title: str
    explanation: str
    value: str
    beside: list[tuple[str, str]]
    chart: Chart
    history: list[tuple[str, str]]
    aim: Aim | None = None


@dataclass(frozen=True, slots=True)
class TownRow:
    """One municipality of the table; empty lists mean that it counts."""

    name: str
    slug: str
    use: list[str]
    use_year: list[str]
    delivery: list[str]
    pairs: int


@dataclass(frozen=True, slots=True)
class UsedCase:
    """A use case and who uses it: names of the municipalities in the month, and the first month shown in which somebody did."""

    title: str
    towns: list[str]
    since: str


def indicators(
    history: Sequence[CountySnapshot], *, running: str, targets: Targets | None = None
) -> list[Indicator]:
    """The three indicators of the last snapshot with their history; `running` marks the month that is not over."""
    targets = targets or {}
    return [
        _use(history, running, targets.get(Kind.USE)),
        _delivery(history, running, targets.get(Kind.DELIVERY)),
        _growth(history, running, targets.get(Kind.GROWTH)),
    ]


def _aim(target: Target | None, history: Sequence[CountySnapshot], reached: Iterable[int]) -> Aim | None:
    """Of a share of the municipalities."""
    of, months = history[-1].municipalities, [Month.parse(row.month) for row in history]
    if target is None or not of:
        return None
    found = outlook(dict(zip(months, reached, strict=True)), of=of, goal=target.goal, month=months[-1])
    state, kind = STATES[found.state]
    return Aim(str(state), kind, " ".join([goal_in_words(target.goal), *outlook_in_words(found, of=of)]))


def _aim_of_growth(target: Target | None, last: CountySnapshot) -> Aim | None:
    if target is None:
        return None
    state, kind = STATES[growth_state(last.growth, goal=target.goal, month=Month.parse(last.month))]
    return Aim(str(state), kind, goal_in_words(target.goal))


def _mark(target: Target | None) -> float | None:
    return None if target is None else target.percent / 100


def _columns(
    history: Sequence[CountySnapshot], running: str, values: Sequence[tuple[float | None, str]]
) -> list[Column]:
    return [
        Column(month_in_short(row.month), value, text, provisional=row.month == running)
        for row, (value, text) in zip(history, values, strict=True)
    ]


def _table(
    history: Sequence[CountySnapshot], values: Sequence[tuple[float | None, str]]
) -> list[tuple[str, str]]:
    return [(month_in_words(row.month), text) for row, (_value, text) in zip(history, values, strict=True)]


def _use(history: Sequence[CountySnapshot], running: str, target: Target | None) -> Indicator:
    last = history[-1]
    values = [
        (share(r.use_reached, r.municipalities), share_in_words(r.use_reached, r.municipalities))
        for r in history
    ]
    return Indicator(
        key="use",
        title=_("Use"),
        explanation=_(
            "Share of municipalities in which at least two people (one below 5,000 inhabitants) used the twin and worked "
            "productively on at least two days in the last 90 days."
        ),
        value=values[-1][1],
        beside=[
            (_("In 12 months"), share_in_words(last.use_year_reached, last.municipalities)),
            (_("Onboarded"), share_in_words(last.onboarded, last.municipalities)),
            (_("Trained"), share_in_words(last.trained, last.municipalities)),
            (_("People in 90 days"), _("fewer than 3") if last.users is None else str(last.users)),
        ],
        chart=bar_chart(_columns(history, running, values), top=1.0, percent=True, mark=_mark(target)),
        history=_table(history, values),
        aim=_aim(target, history, [row.use_reached for row in history]),
    )


def _delivery(history: Sequence[CountySnapshot], running: str, target: Target | None) -> Indicator:
    last = history[-1]
    values = [
        (share(r.delivery_reached, r.municipalities), share_in_words(r.delivery_reached, r.municipalities))
        for r in history
    ]
    return Indicator(
        key="delivery",
        title=_("Delivery"),
        explanation=_(
            "Share of municipalities with at least one catalogue record of their own that meets the standard, can be "
            "reached and is up to date."
        ),
        value=values[-1][1],
        beside=[(_("Delivered by the county on behalf"), str(last.delivery_by_county))],
        chart=bar_chart(_columns(history, running, values), top=1.0, percent=True, mark=_mark(target)),
        history=_table(history, values),
        aim=_aim(target, history, [row.delivery_reached for row in history]),
    )


def _growth(history: Sequence[CountySnapshot], running: str, target: Target | None) -> Indicator:
    last = history[-1]
    values = [(float(r.pairs), str(r.pairs)) for r in history]
    return Indicator(
        key="growth",
        title=_("Growth"),
        explanation=_(
            "Use cases in use: every use case counts once for each municipality that completed a run in the last 90 "
            "days. Growth compares with the same month a year before."
        ),
        value=growth_in_words(last.growth),
        beside=[
            (_("In use"), str(last.pairs)),
            (_("A year before"), str(last.pairs_year_before)),
            (_("New"), str(last.new_pairs)),
            (_("Distinct use cases"), str(last.use_cases)),
            (_("Across municipalities"), str(last.cross_municipal)),
        ],
        chart=bar_chart(_columns(history, running, values)),
        history=_table(history, values),
        aim=_aim_of_growth(target, last),
    )


def town_rows(rows: Sequence[MunicipalitySnapshot]) -> list[TownRow]:
    return [
        TownRow(
            name=row.tenant.name,
            slug=row.tenant.slug,
            use=missing_in_words(row.use_missing),
            use_year=missing_in_words(row.use_year_missing),
            delivery=missing_in_words(row.delivery_missing),
            pairs=row.pairs,
        )
        for row in rows
    ]


def month_rows(rows: Sequence[MunicipalitySnapshot]) -> list[tuple[str, TownRow]]:
    """Months of one municipality in words, the newest first."""
    return list(
        zip((month_in_words(row.month) for row in reversed(rows)), town_rows(rows[::-1]), strict=True)
    )


def colour_of(row: MunicipalitySnapshot, kind: Kind) -> str:
    if kind == Kind.GROWTH:
        return STEPS[min(row.pairs, len(STEPS) - 1)]
    return OPEN if (row.use_missing if kind == Kind.USE else row.delivery_missing) else REACHED


def legend(kind: Kind) -> list[tuple[str, str]]:
    """(Colour, words) of the map."""
    if kind == Kind.GROWTH:
        words = [_("none"), "1", "2", _("3 and more use cases in use")]
        return list(zip(STEPS, words, strict=True))
    return [(REACHED, _("reached")), (OPEN, _("not reached yet"))]


def month_choices(history: Sequence[CountySnapshot], chosen: str) -> list[dict[str, Any]]:
    return [
        {"value": row.month, "label": month_in_words(row.month), "chosen": row.month == chosen}
        for row in reversed(history)
    ]


def used_cases(rows: Iterable[MunicipalitySnapshot], *, month: str) -> list[UsedCase]:
    """Every use case that there is or was in use in the rows' months; what most municipalities use comes first."""
    since: dict[str, str] = {}
    now: dict[str, list[str]] = {slug: [] for slug in registry.use_cases()}
    for row in rows:
        for slug in row.use_cases:
            since[slug] = min(row.month, since.get(slug, row.month))
            names = now.setdefault(slug, [])
            if row.month == month:
                names.append(row.tenant.name)
    found = [
        UsedCase(
            title=title_of(slug),
            towns=sorted(names),
            since=month_in_words(since[slug]) if slug in since else "",
        )
        for slug, names in now.items()
    ]
    return sorted(found, key=lambda one: (-len(one.towns), one.title))
