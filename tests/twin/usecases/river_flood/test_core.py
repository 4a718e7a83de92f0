"""A straight valley whose flood is counted by hand: level of the water, levees, hollows, classes, agreement."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely

from tests.twin.usecases.computing import outcome_of
from twin.analysis.terrain import Frame, require_room
from twin.hydro.errors import TooLarge
from twin.usecases.river_flood import case, core
from twin.usecases.river_flood.case import CELL, Inputs, Levee, Outcome
from twin.usecases.river_flood.core import BOTH, COMPUTED, OFFICIAL

N = np.nan
ROWS, COLUMNS = 41, 100  # cells of 10 m; the river runs east in the middle row
PART = Frame(0.0, 410.0, 10.0, ROWS, COLUMNS)
MIDDLE = 205.0  # m north
CREST = 3.0


def valley() -> Any:
    """m: a V that rises by 1 in 100 to both sides and falls by 1 in 1000 to the east: 0.1 m for each cell aside, 0.01 m along."""
    rows, columns = np.mgrid[0:ROWS, 0:COLUMNS]
    return (10 + 0.1 * abs(rows - 20) - 0.01 * columns).astype(np.float32)


def asked(
    ground: Any = None, *, heights: tuple[float, ...] = (1.0,), step: int = 1, **changes: Any
) -> Inputs:
    """heights: m of water above the bottom of the valley, everywhere the same, for each step."""
    stations = np.array([0.0, 1.0])
    bed = np.array([10.005, 9.005])  # in the middle of the first cell it is 10
    axis = case.axis(np.array([[0.0, MIDDLE], [1000.0, MIDDLE]]), stations)
    values = valley() if ground is None else ground
    inputs = Inputs(PART, values, np.ones(values.shape, bool), axis, stations, np.array([bed + each for each in heights]), step, 5000.0)  # fmt: skip
    return replace(inputs, **changes)


def found(inputs: Inputs, saved: Any = None) -> Outcome:
    return outcome_of(core.compute(inputs, saved))


def test_the_level_goes_along_the_river_and_straight_across() -> None:
    """1.05 m of water stand on the bottom and on ten cells to each side, whose depths fall from 0.95 m to 0.05 m, in each column alike."""
    outcome = found(asked(heights=(1.05,)))
    aside = abs(np.arange(ROWS) - 20)
    wanted = np.maximum(1.05 - 0.1 * aside, 0)
    np.testing.assert_allclose(outcome.depth, np.tile(wanted[:, None], COLUMNS), atol=0.006)
    assert (outcome.depth > 0).sum() == 21 * COLUMNS
    assert outcome.cells[:, 0].tolist() == [21 * COLUMNS, 21 * COLUMNS, 11 * COLUMNS, 1 * COLUMNS, 0, 0]


def test_each_step_notes_what_is_reached_first() -> None:
    """Water of 0.35, 1.05 and 2.05 m: a cell five aside is wet from the second on, and 1 m deep at the third alone."""
    outcome = found(asked(heights=(0.35, 1.05, 2.05), step=2))
    assert outcome.first[:, 15, 50].tolist() == [2, 2, 2, 3, 0, 0]
    assert outcome.first[:, 20, 50].tolist() == [1, 1, 2, 2, 3, 0]
    assert (outcome.cells[1] / COLUMNS).tolist() == [7, 21, 41]
    assert float(outcome.depth[20, 50]) == pytest.approx(1.05, abs=0.006)  # of the asked step
    assert float(np.nanmax(found(asked(heights=(0.35, 1.05, 2.05), step=3)).depth)) == pytest.approx(2.05, abs=0.006)  # fmt: skip


def test_a_hollow_without_connection_stays_dry_and_is_shown_apart() -> None:
    ground = valley()
    ground[2:5, 40:45] = 9.0  # 15 cells far up the side, deeper than the water
    outcome = found(asked(ground, heights=(0.55, 2.05)))
    assert np.nansum(outcome.depth[2:5, 40:45]) == 0
    assert (outcome.cells[0] - outcome.cells[1]).tolist() == [15, 0]
    np.testing.assert_array_equal(outcome.first[0, 2:5, 40:45], 1)
    np.testing.assert_array_equal(outcome.first[1, 2:5, 40:45], 2)  # when water reaches it from the river


def levee(**height: float) -> Levee:
    """Along the river, 60 m to its north, a little aslant, so that it steps from row to row."""
    return Levee(shapely.LineString([(-50, MIDDLE + 55), (1050, MIDDLE + 95)]), **height)


def test_a_levee_holds_until_water_is_higher_than_its_crest() -> None:
    steps = (1.05, 2.05, 3.05, 4.05)
    free = found(asked(heights=steps))
    ground = valley()
    assert case.with_levees(ground, [levee(raised=2.0)], PART) == 1
    held = found(asked(ground, heights=steps))
    north = np.zeros((ROWS, COLUMNS), bool)
    north[:10] = True  # beyond it in every column
    assert [int(((free.first[1] > 0) & (free.first[1] <= n) & north).sum()) for n in (1, 2, 3, 4)] == [0, 1000, 1000, 1000]  # fmt: skip
    assert [int(((held.first[1] > 0) & (held.first[1] <= n) & north).sum()) for n in (1, 2, 3, 4)] == [0, 0, 1000, 1000]  # fmt: skip
    np.testing.assert_array_equal(held.first[0][north], 2)  # lower than the second level, but dry


def test_a_levee_with_a_crest_is_as_high_everywhere_and_never_digs() -> None:
    ground = valley()
    case.with_levees(ground, [levee(crest=11.0)], PART)
    changed = ground != valley()
    np.testing.assert_array_equal(ground[changed], 11.0)
    ground = valley()
    case.with_levees(ground, [levee(crest=2.0)], PART)
    np.testing.assert_array_equal(ground, valley())


def test_a_levee_outside_is_none() -> None:
    away = Levee(shapely.LineString([(5000, 0), (6000, 0)]), raised=1.0)
    assert case.with_levees(valley(), [away], PART) == 0


def test_open_water_without_heights_connects_but_has_no_depth() -> None:
    """A model may leave out the river itself; a hole elsewhere lets nothing through."""
    ground = valley()
    ground[18:23] = N
    outcome = found(asked(ground, heights=(1.05,)))
    assert np.isnan(outcome.depth[18:23]).all()
    assert outcome.cells[1, 0] == 16 * COLUMNS
    walled = valley()
    walled[8] = 50.0
    walled[3:6, 10:20] = 9.0
    walled[2, 10:20] = N
    assert np.nansum(found(asked(walled, heights=(1.05,))).depth[:8]) == 0


def test_outside_the_area_and_out_of_reach_there_is_no_water() -> None:
    within = np.ones((ROWS, COLUMNS), bool)
    within[:, 50:] = False
    part = found(asked(np.where(within, valley(), N).astype(np.float32), heights=(1.05,), within=within))
    assert np.isnan(part.depth[:, 50:]).all()
    assert part.cells[1, 0] == 21 * 50
    near = found(asked(heights=(1.05,), reach=50.0))
    assert (
        near.cells[0, 0] == near.cells[1, 0] == 9 * COLUMNS
    )  # middles up to 40 m away, and those of 50 m are not nearer than that


def test_beyond_the_ends_of_the_axis_nothing_is_told() -> None:
    axis = case.axis(np.array([[200.0, MIDDLE], [700.0, MIDDLE]]), np.array([0.2, 0.7]))
    outcome = found(asked(heights=(1.05,), axis=axis))
    wet = (outcome.depth > 0).any(axis=0)
    assert (np.flatnonzero(wet)[0], np.flatnonzero(wet)[-1]) == (20, 69)


def test_it_goes_on_from_where_it_was_with_the_same_result() -> None:
    inputs = asked(heights=(0.35, 1.05, 2.05), step=1)
    whole, stages = found(inputs), core.compute(inputs, None)
    kept = [stage.pack() for stage in stages]
    halfway = next(each for each in kept if each and int(each["step"]) == 2)
    again = found(inputs, {name: np.array(value) for name, value in halfway.items()})
    for name in ("first", "depth", "cells"):
        np.testing.assert_array_equal(getattr(again, name), getattr(whole, name))
    shares = [stage.done for stage in core.compute(inputs, None)]
    assert (shares == sorted(shares), shares[-1]) == (True, 1.0)


def test_agreement_is_counted_cell_by_cell() -> None:
    """21 rows are flooded, the official area takes 20: 16 of them and 4 dry ones to the north."""
    official = np.zeros((ROWS, COLUMNS), bool)
    official[6:26] = True
    outcome = found(asked(heights=(1.05,), official=official))
    assert outcome.agreement is not None
    rows = outcome.agreement[:, 50]
    assert [int((rows == kind).sum()) for kind in (BOTH, OFFICIAL, COMPUTED, 0)] == [16, 4, 5, 16]


def test_points_of_an_axis_come_in_any_order_and_get_places_between() -> None:
    axis = case.axis(np.array([[100.0, 0.0], [0.0, 0.0], [100.0, 50.0]]), np.array([2.0, 1.0, 3.0]), step=20.0)  # fmt: skip
    np.testing.assert_allclose(axis.points[:2], [[0, 0], [20, 0]])
    np.testing.assert_allclose(axis.stations[[0, 1, -1]], [1.0, 1.2, 3.0])
    assert np.hypot(*np.diff(axis.points, axis=0).T).max() <= 20
    assert axis.within(1.5, 2.5).stations.tolist() == [1.6, 1.8, 2.0, 2.4]


def test_what_does_not_fit_is_refused_with_cells_that_do() -> None:
    part = Frame(0.0, 10_000.0, 1.0, 10_000, 10_000)
    with pytest.raises(TooLarge) as refused:
        require_room(part, each=CELL, memory=2e9, seconds=1e6)
    assert (refused.value.what, refused.value.cell) == ("bytes", 2.0)


def test_the_computation_knows_no_django() -> None:
    code = "import sys, twin.usecases.river_flood.core; print(any(name.startswith(('django', 'numba')) for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
