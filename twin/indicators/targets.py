"""What the county wants to have reached, and how far it is: pure functions over counts.

A target reads "mind. 60 % in 24 Monaten". What is said of the time ahead is no forecast: the pace of the last months beside the pace
that would be needed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from twin.indicators.formulas import Month

LOOK_BACK = 6  # months over which the pace is taken; with fewer at hand, none is told


class State(StrEnum):
    REACHED = "reached"
    ON_THE_WAY = "on_the_way"
    BEHIND = "behind"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Goal:
    """At least `percent` within `months` months after `start`."""

    percent: int
    start: Month
    months: int

    @property
    def due(self) -> Month:
        return self.start.back(-self.months)


@dataclass(frozen=True, slots=True)
class Outlook:
    """Of a share: needed of `of` municipalities, missing of those; paces in municipalities a month, None where none can be told."""

    state: State
    needed: int
    missing: int
    pace: float | None
    pace_needed: float | None


def needed_of(of: int, percent: int) -> int:
    """The smallest number of municipalities that are at least this share."""
    return -(-of * percent // 100)


def outlook(reached: Mapping[Month, int], *, of: int, goal: Goal, month: Month) -> Outlook:
    """reached: how many municipalities had reached it in `month` and those before."""
    needed = needed_of(of, goal.percent)
    missing = max(0, needed - reached[month])
    left = _between(month, goal.due)
    before = reached.get(month.back(LOOK_BACK))
    pace = None if before is None else (reached[month] - before) / LOOK_BACK
    pace_needed = missing / left if missing and left > 0 else None
    return Outlook(
        state=_state(missing, left, pace=pace, pace_needed=pace_needed),
        needed=needed,
        missing=missing,
        pace=pace,
        pace_needed=pace_needed,
    )


def growth_state(growth: float | None, *, goal: Goal, month: Month) -> State:
    """Of the third indicator, growth over the year before."""
    if growth is not None and growth * 100 >= goal.percent:
        return State.REACHED
    return State.ON_THE_WAY if _between(month, goal.due) > 0 else State.OVERDUE


def _between(first: Month, last: Month) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def _state(missing: int, left: int, *, pace: float | None, pace_needed: float | None) -> State:
    if not missing:
        return State.REACHED
    if left <= 0:
        return State.OVERDUE
    behind = pace is not None and pace_needed is not None and pace < pace_needed
    return State.BEHIND if behind else State.ON_THE_WAY
