"""Which values are believed, what an alarm stage is, and where a chart draws."""

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from twin.sensors import checking
from twin.sensors.charts import HEIGHT, LEFT, RIGHT, WIDTH, Frame, Point, bar_chart, line_chart
from twin.sensors.feeds.reading import Value
from twin.sensors.quantities import QUANTITIES

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
W = QUANTITIES["W"]


def series(*values: float) -> list[Value]:
    return [Value(NOON + QUARTER * n, value) for n, value in enumerate(values)]


def test_impossible_values_and_moments_are_refused_and_the_later_word_counts() -> None:
    values = [
        Value(NOON, 5.0),
        Value(NOON - QUARTER, 4.0),
        Value(NOON, 6.0),
        *(Value(NOON, wrong) for wrong in (-9999.0, 9999.0, math.nan, math.inf)),
        Value(NOON + timedelta(hours=2), 5.0),  # a clock that is fast
        Value(NOON - timedelta(days=400), 5.0),  # one that was never set
    ]
    found = checking.sort_out(values, W, now=NOON, oldest=NOON - timedelta(days=366))
    assert (found.values, found.refused) == ([Value(NOON - QUARTER, 4.0), Value(NOON, 6.0)], 6)


@pytest.mark.parametrize(
    ("values", "doubts"),
    [
        ([100, 101, 900, 102, 103], [False, False, True, False, False]),  # a spike
        ([100, 101, 500, 505, 510], [False, False, True, False, False]),  # a step that stays is a fact
        ([100, 900, 100, 900], [False, True, False, True]),
        ([900, 901], [False, False]),  # nothing to compare with
    ],
)
def test_jumps_that_nothing_bears_out_are_in_doubt(values: list[float], doubts: list[bool]) -> None:
    assert checking.suspects(series(*values), W, last=None, good=None) == doubts


def test_water_may_have_gone_far_in_a_long_pause() -> None:
    later = [Value(NOON + timedelta(hours=6), 900.0)]
    before = Value(NOON, 100.0)
    assert checking.suspects(later, W, last=before, good=before) == [False]
    assert checking.suspects([Value(NOON + QUARTER, 900.0)], W, last=before, good=before) == [True]


def test_values_years_apart_are_looked_at_apart() -> None:
    values = [Value(NOON - timedelta(days=days), 1.0) for days in (800, 799, 400, 0)]
    assert list(checking.together(values)) == [values[:2], values[2:3], values[3:]]
    assert list(checking.together([])) == []


def test_rain_jumps() -> None:
    assert checking.suspects(series(0, 120, 0), QUANTITIES["rain"], last=None, good=None) == [False] * 3


@pytest.mark.parametrize(
    ("told", "used"),
    [
        ((400.0, 500.0, 600.0, 700.0), (400.0, 500.0, 600.0, 700.0)),
        ((300.0, 300.0, 300.0, 300.0), ()),
        ((400.0, 500.0, 500.0, 700.0), ()),
        ((0.0, 100.0), ()),
        ((80.0,), (80.0,)),
        ((), ()),
        ((math.nan, 500.0, 600.0), ()),  # the first is left out: the second is not the first
    ],
)
def test_placeholder_stages_are_not_used(told: tuple[float, ...], used: tuple[float, ...]) -> None:
    assert checking.usable_stages(told) == used


@pytest.mark.parametrize(
    ("values", "stages"),
    [
        ([399, 400, 399, 401, 391, 400], [0, 1, 1, 1, 1, 1]),  # swings around the first stage: one alarm
        ([400, 389, 400], [1, 0, 1]),  # ten centimetres below, it is over
        ([390, 705, 595, 580, 300], [0, 4, 3, 2, 0]),
    ],
)
def test_stage_rises_at_once_and_falls_with_a_margin(values: list[float], stages: list[int]) -> None:
    found, stage = [], 0
    for value in values:
        stage = checking.stage_after(stage, value, (400.0, 500.0, 600.0, 700.0))
        found.append(stage)
    assert found == stages


@pytest.mark.parametrize(
    ("levels", "values", "stages"),
    [
        ((5.0, 10.0, 20.0), [0, 12, 4.8, 0, 6], [0, 2, 1, 0, 1]),  # mm of rain
        ((4.0,), [5, 3, 5], [1, 0, 1]),  # a brook
    ],
)
def test_low_stages_come_to_an_end(levels: tuple[float, ...], values: list[float], stages: list[int]) -> None:
    found, stage = [], 0
    for value in values:
        stage = checking.stage_after(stage, value, levels)
        found.append(stage)
    assert found == stages


def test_stage_without_levels_is_none() -> None:
    assert checking.stage_after(2, 900.0, ()) == 0


# --- charts

FRAME = Frame(NOON, NOON + timedelta(hours=10), gap=timedelta(hours=1), stages=[(400.0, "1"), (5000.0, "2")])


def test_line_breaks_at_gaps_and_ends_where_the_frame_does() -> None:
    points = [Point(NOON + timedelta(minutes=30 * n), 100.0, 100.0) for n in (0, 1, 10, 20)]
    chart = line_chart(points, FRAME)
    assert [len(line.split()) for line in chart.lines] == [2, 2, 2]
    assert chart.lines[0].split()[0].startswith(f"{LEFT},")
    assert chart.lines[-1].split()[0].startswith(f"{WIDTH - RIGHT},")


def test_crest_of_minutes_is_drawn() -> None:
    chart = line_chart([Point(NOON, 100.0, 100.0), Point(NOON + QUARTER, 100.0, 390.0)], FRAME)
    assert len(chart.lines[0].split()) == 3


def test_next_stage_above_is_shown_and_one_far_away_is_not() -> None:
    chart = line_chart([Point(NOON, 200.0, 350.0)], FRAME)
    assert [mark.text for mark in chart.stages] == ["1"]
    assert all(0 <= mark.at <= HEIGHT for mark in (*chart.stages, *chart.ticks))


@pytest.mark.parametrize("value", [0.0, -120.0, 1e-9, 0.333, 2999.0])
def test_level_line_has_an_axis_of_round_numbers(value: float) -> None:
    ticks = [float(tick.text) for tick in line_chart([Point(NOON, value, value)], FRAME).ticks]
    assert 2 <= len(ticks) <= 8
    assert ticks[0] <= value <= ticks[-1]


def test_empty_series_has_an_empty_chart() -> None:
    chart = line_chart([], FRAME)
    assert (chart.lines, chart.bars, chart.expected) == ((), (), "")


def test_bars_stand_on_zero() -> None:
    chart = bar_chart([Point(NOON, 0.0, 12.0), Point(NOON + QUARTER, 0.0, 0.0)], FRAME, each=QUARTER)
    (bar,) = chart.bars
    assert bar.y + bar.height == chart.bottom


def test_bars_are_as_wide_as_their_time_however_few_there_are() -> None:
    hour = timedelta(hours=1)
    few, many = (bar_chart([Point(NOON + hour * n, 0.0, 5.0) for n in hours], FRAME, each=hour) for hours in ((0, 1), range(10)))  # fmt: skip
    assert few.bars == many.bars[:2]
    for one, following in pairwise(many.bars):
        assert one.x + one.width < following.x
    assert many.bars[-1].x + many.bars[-1].width <= WIDTH - RIGHT


def test_forecast_is_a_line_of_its_own() -> None:
    frame = Frame(**{**vars(FRAME), "now": NOON + timedelta(hours=5)})
    expected = [(NOON + timedelta(hours=6), 210.0), (NOON + timedelta(hours=8), 230.0)]
    chart = line_chart([Point(NOON, 200.0, 200.0)], frame, expected=expected)
    assert len(chart.expected.split()) == 2
    assert chart.now_x == LEFT + (WIDTH - LEFT - RIGHT) // 2
