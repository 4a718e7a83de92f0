"""Bars stand where the figures say."""

import pytest

from twin.indicators.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Column, bar_chart, round_up


def test_bars_are_as_high_as_their_share() -> None:
    chart = bar_chart(
        [Column("a", 1.0, ""), Column("b", 0.5, ""), Column("c", None, "")], top=1.0, percent=True
    )
    span = HEIGHT - TOP - BOTTOM
    assert [bar.height for bar in chart.bars] == [span, span // 2, 0]
    assert all(bar.y + bar.height == HEIGHT - BOTTOM for bar in chart.bars)
    assert [tick.text for tick in chart.ticks] == ["0 %", "25 %", "50 %", "75 %", "100 %"]


@pytest.mark.parametrize("months", [1, 2, 14])
def test_bars_stay_in_the_drawing_and_apart(months: int) -> None:
    bars = bar_chart([Column(str(i), 3.0, "") for i in range(months)]).bars
    assert bars[0].x >= LEFT
    assert bars[-1].x + bars[-1].width <= WIDTH - RIGHT
    assert all(left.x + left.width < right.x for left, right in zip(bars, bars[1:], strict=False))
    assert len([bar for bar in bars if bar.label]) <= 7


def test_axis_ends_on_a_round_number_above_all_values() -> None:
    assert [round_up(value) for value in (0, 4, 5, 17, 100)] == [4, 4, 8, 20, 100]


def test_no_months_give_an_empty_drawing() -> None:
    assert bar_chart([]).bars == ()
