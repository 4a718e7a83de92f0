"""Valleys whose heights above the stream are known by their form, and small random ground beside a slow reference."""

from typing import Any

import numpy as np
import pytest
import shapely

from tests.twin.usecases.computing import outcome_of
from twin.analysis.terrain import Frame
from twin.hydro import draining, filling
from twin.usecases.small_streams.case import Inputs, Outcome, steps
from twin.usecases.small_streams.core import compute

ROWS, COLUMNS, CELL = 41, 60, 5.0
MIDDLE, SIDE, FALL = (
    ROWS // 2,
    0.55,
    0.1,
)  # row of the stream; m to the next cell, of the sides and of the stream


def valley() -> Any:
    """m: a V that falls to the east; its sides drain straight to the stream in the middle."""
    rows, columns = np.mgrid[0:ROWS, 0:COLUMNS]
    return (100 + SIDE * abs(rows - MIDDLE) - FALL * columns).astype(np.float32)


def asked(heights: Any, *, height: float = 1.0, catchment: float = 10 * CELL * ROWS * CELL) -> Inputs:
    """catchment: so that the stream begins in the tenth column."""
    part = Frame(0.0, heights.shape[0] * CELL, CELL, *heights.shape)
    return Inputs(part, heights, catchment, steps(height), 1 + steps(height).index(height))


def found(inputs: Inputs) -> Outcome:
    return outcome_of(compute(inputs, None))


def test_height_above_the_stream_is_that_of_the_side_of_the_valley() -> None:
    outcome = found(asked(valley()))
    wanted = np.tile(SIDE * abs(np.arange(ROWS) - MIDDLE)[:, None], COLUMNS)
    np.testing.assert_allclose(outcome.above[:, 9:], wanted[:, 9:], atol=1e-4)
    np.testing.assert_allclose(
        outcome.above[:, :9], wanted[:, :9] + FALL * (9 - np.arange(9)), atol=1e-4
    )  # to its head
    np.testing.assert_allclose(outcome.depth[:, 9:], np.maximum(1 - wanted[:, 9:], 0), atol=1e-4)
    (line,) = outcome.streams.lines
    middle = (ROWS - MIDDLE - 0.5) * CELL
    assert line.equals(shapely.LineString([(9.5 * CELL, middle), (59.5 * CELL, middle)]))
    assert outcome.streams.catchment.tolist() == [ROWS * COLUMNS * CELL**2]


def test_steps_say_from_which_height_on_a_cell_is_how_deep() -> None:
    inputs = asked(valley(), height=1.2)
    outcome = found(inputs)
    assert inputs.steps[4:7] == (1.2, 1.25, 1.5)
    beside = outcome.first[:, MIDDLE + 2, 30]  # 1.1 m above the bed
    assert beside.tolist() == [5, 8, 9, 11, 0]  # 0, 0.5, 1, 2 m deep at 1.2, 2, 2.5, 4 m; never 4 m
    reached = outcome.first[0][:, 30]
    rows = [sum(SIDE * abs(row - MIDDLE) < height for row in range(ROWS)) for height in inputs.steps]
    assert [((reached > 0) & (reached <= number)).sum() for number in range(1, 13)] == rows
    assert outcome.cells[0].tolist() == [((outcome.first[0] > 0) & (outcome.first[0] <= number)).sum() for number in range(1, 13)]  # fmt: skip


def test_an_embankment_is_no_bed() -> None:
    """1.5 m high, lowest in the middle, and three cells wide, without a culvert: the stream is told above it as without it."""
    free, dammed = valley(), valley()
    rows = abs(np.arange(ROWS) - MIDDLE)[:, None]
    dammed[:, 50:53] = np.maximum(dammed[:, 50:53], dammed[MIDDLE, 50] + 1.5 + 0.02 * rows)
    outcome, without = found(asked(dammed)), found(asked(free))
    np.testing.assert_allclose(outcome.above[:, 10:34], without.above[:, 10:34], atol=1e-4)
    np.testing.assert_allclose(outcome.above[:, 53:], without.above[:, 53:], atol=1e-4)
    np.testing.assert_allclose(outcome.depth[MIDDLE, 10:50], 1, atol=1e-4)
    assert outcome.depth[:, 50:53].max() == 0  # its crest stays dry


def test_what_lies_low_behind_a_sill_is_reached_over_it() -> None:
    """A pit beside the stream, which water enters over the ground four cells from it."""
    ground = valley()
    ground[MIDDLE + 5, 30] -= 4
    outcome = found(asked(ground, height=2.0))
    assert steps(2.0)[7] == 2.5 > 4 * SIDE > steps(2.0)[6]
    assert outcome.first[0, MIDDLE + 5, 30] == 8
    assert outcome.above[MIDDLE + 5, 30] == pytest.approx(
        SIDE * 5 - 4 + FALL, abs=0.01
    )  # overflows to the south-east
    assert outcome.depth[MIDDLE + 5, 30] == 0


def test_what_leaves_without_a_stream_is_not_told() -> None:
    ridge = (50 - abs(np.mgrid[0:ROWS, 0:COLUMNS][0] - MIDDLE)).astype(np.float32)
    ridge[3, 5] = np.nan
    outcome = found(asked(ridge))
    assert (len(outcome.streams), int(outcome.cells.sum())) == (0, 0)
    assert np.isnan(outcome.above).all()
    np.testing.assert_array_equal(np.isnan(outcome.depth), np.isnan(ridge))


def slowly(heights: Any, least: int) -> tuple[Any, Any]:
    """(above, passed) by following each cell to its stream, with the directions of the flood; streams without embankments."""
    flood = filling.begin(heights)
    while filling.rise(flood, flood.z.view(np.uint32), 1000):
        pass
    draining.descend(flood, draining.FAR)
    gathered = np.isfinite(flood.z).astype(np.int32)
    draining.gather(flood, gathered)
    bed = draining.carve(flood, gathered, least, np.full(8, 1e9, np.float32))
    above, passed = np.full(flood.z.size, np.nan), np.full(flood.z.size, np.nan)
    for cell in np.flatnonzero(np.isfinite(flood.z)):
        way = [cell]
        while gathered[way[-1]] < least and flood.toward[way[-1]] < filling.OUT:
            way.append(way[-1] + flood.steps[flood.toward[way[-1]]])
        if gathered[way[-1]] >= least:
            assert bed[way[-1]] == flood.z[way[-1]]
            above[cell] = flood.z[cell] - flood.z[way[-1]]
            passed[cell] = max(flood.z[each] for each in way) - flood.z[way[-1]]
    inner = (heights.shape[0] + 2, heights.shape[1] + 2)
    return above.reshape(inner)[1:-1, 1:-1], passed.reshape(inner)[1:-1, 1:-1]


def test_random_ground_is_as_a_slow_reference_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draining, "CLIMB", 1e9)
    rng = np.random.default_rng(7)
    for _ in range(5):
        heights = rng.uniform(0, 6, (25, 30)).astype(np.float32)
        heights[rng.random(heights.shape) < 0.02] = np.nan
        outcome = found(asked(heights, height=2.0, catchment=15 * CELL**2))
        above, passed = slowly(heights, 15)
        np.testing.assert_allclose(outcome.above, above, atol=1e-5)
        wet = (passed < 2) & (above < 2)
        np.testing.assert_array_equal(outcome.depth > 0, wet)
        np.testing.assert_allclose(outcome.depth[wet], 2 - above[wet], atol=1e-5)
