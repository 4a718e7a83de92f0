"""Snapshots -> what a page shows: figures, charts, rows in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from twin.indicators.charts import Chart, Column, bar_chart
from twin.indicators.formulas import share
from twin.indicators.models import CountySnapshot, MunicipalitySnapshot
from twin.indicators.wording import (
    growth_in_words,
    missing_in_words,
    month_in_short,
    month_in_words,
    share_in_words,
)


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


@dataclass(frozen=True, slots=True)
class TownRow:
    """One municipality of the table; empty lists mean that it counts."""

    name: str
    slug: str
    use: list[str]
    use_year: list[str]
    delivery: list[str]
    pairs: int


def indicators(history: Sequence[CountySnapshot], *, running: str) -> list[Indicator]:
    """The three indicators of the last snapshot with their history; `running` marks the month that is not over."""
    last = history[-1]
    return [_use(history, last, running), _delivery(history, last, running), _growth(history, last, running)]


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


def _use(history: Sequence[CountySnapshot], last: CountySnapshot, running: str) -> Indicator:
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
        chart=bar_chart(_columns(history, running, values), top=1.0, percent=True),
        history=_table(history, values),
    )


def _delivery(history: Sequence[CountySnapshot], last: CountySnapshot, running: str) -> Indicator:
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
        chart=bar_chart(_columns(history, running, values), top=1.0, percent=True),
        history=_table(history, values),
    )


def _growth(history: Sequence[CountySnapshot], last: CountySnapshot, running: str) -> Indicator:
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


def month_choices(history: Sequence[CountySnapshot], chosen: str) -> list[dict[str, Any]]:
    return [
        {"value": row.month, "label": month_in_words(row.month), "chosen": row.month == chosen}
        for row in reversed(history)
    ]
