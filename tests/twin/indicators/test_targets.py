"""Targets by hand: how many municipalities a share means, how fast they come, how fast they would have to."""

import pytest

from twin.indicators.formulas import Month
from twin.indicators.targets import Goal, Outlook, State, growth_state, needed_of, outlook

JUNE = Month(2026, 6)
GOAL = Goal(percent=60, start=Month(2026, 1), months=24)  # until January 2028, 19 months after June 2026


def months(*reached: int) -> dict[Month, int]:
    """The last figure is June's."""
    return {JUNE.back(back): one for back, one in enumerate(reversed(reached))}


def test_target_is_due_so_many_months_after_its_beginning() -> None:
    assert str(GOAL.due) == "2028-01"
    assert str(Goal(percent=1, start=Month(2026, 12), months=1).due) == "2027-01"


@pytest.mark.parametrize(("percent", "needed"), [(60, 17), (50, 14), (100, 28), (1, 1)])
def test_share_of_28_is_rounded_up(percent: int, needed: int) -> None:
    assert needed_of(28, percent) == needed


def test_pace_of_six_months_stands_beside_the_pace_that_is_needed() -> None:
    found = outlook(months(7, 8, 8, 9, 9, 9, 10), of=28, goal=GOAL, month=JUNE)
    assert found == Outlook(state=State.ON_THE_WAY, needed=17, missing=7, pace=0.5, pace_needed=7 / 19)


def test_slower_than_needed_is_behind() -> None:
    found = outlook(months(10, 10, 10, 10, 10, 10, 10), of=28, goal=GOAL, month=JUNE)
    assert (found.state, found.pace) == (State.BEHIND, 0.0)


def test_no_pace_is_told_from_fewer_months_or_across_a_gap() -> None:
    assert outlook(months(4, 5, 6, 7, 8, 9), of=28, goal=GOAL, month=JUNE).pace is None
    gap = months(4, 5, 6, 7, 8, 9, 10)
    del gap[JUNE.back(6)]
    assert outlook(gap, of=28, goal=GOAL, month=JUNE).state == State.ON_THE_WAY


def test_reached_and_overdue() -> None:
    assert outlook(months(17), of=28, goal=GOAL, month=JUNE).state == State.REACHED
    late = outlook({Month(2028, 1): 16}, of=28, goal=GOAL, month=Month(2028, 1))
    assert (late.state, late.missing, late.pace_needed) == (State.OVERDUE, 1, None)


@pytest.mark.parametrize(
    ("growth", "month", "state"),
    [
        (0.6, JUNE, State.REACHED),
        (0.59, JUNE, State.ON_THE_WAY),
        (None, JUNE, State.ON_THE_WAY),
        (0.1, Month(2028, 1), State.OVERDUE),
    ],
)
def test_growth_is_compared_as_it_is(growth: float | None, month: Month, state: State) -> None:
    assert growth_state(growth, goal=GOAL, month=month) == state
