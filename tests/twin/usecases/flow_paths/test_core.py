"""Terrain whose depressions, catchments and flow paths are counted by hand, and small random terrain beside a slow reference."""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import shapely

from tests.twin.usecases.computing import outcome_of
from twin.analysis.terrain import Frame, require_room
from twin.hydro import draining, filling
from twin.hydro.errors import TooLarge
from twin.usecases.flow_paths.case import CELL, HECTARE, Inputs, Least, Outcome
from twin.usecases.flow_paths.core import compute

N = np.nan
WALL = 100.0
ALL = Least(0.0, 0.0, HECTARE)


def asked(heights: Any, *, cell: float = 1.0, built: Any = None, least: Least = ALL) -> Inputs:
    grid = np.array(heights, np.float32)
    part = Frame(0.0, grid.shape[0] * cell, cell, *grid.shape)
    return Inputs(part, grid, np.zeros(grid.shape, bool) if built is None else built, least)


def found(inputs: Inputs) -> Outcome:
    return outcome_of(compute(inputs, None))


def cells(outcome: Outcome, cell: float = 1.0) -> Any:
    """That drain through each cell."""
    return np.round(outcome.catchment * HECTARE / cell**2)


def valley(*profile: float) -> list[list[float]]:
    """A ditch of one cell's width from west to east between walls, whose cells drain straight into it."""
    return [[WALL] * len(profile), list(profile), [WALL] * len(profile)]


# --- depressions


def test_a_bowl_holds_what_fits_below_its_notch() -> None:
    """25 cells of 2 m, 3 m below the notch. All but the notch and the rim cell west of it, for which the notch is as near, drain into it."""
    bowl = np.full((7, 7), 10.0)
    bowl[1:6, 1:6], bowl[0, 3] = 5.0, 8.0
    outcome = found(asked(bowl, cell=2.0))
    one = outcome.depressions
    assert (len(one), one.depth[0], one.area[0], one.volume[0], one.level[0], one.walled[0]) == (
        1,
        3,
        100,
        300,
        8,
        False,
    )
    assert one.catchment[0] == (49 - 2) * 4
    assert one.shapes[0].equals(shapely.box(2, 2, 12, 12))
    np.testing.assert_array_equal(outcome.depth[1:6, 1:6], 3)
    assert outcome.depth.sum() == 75
    assert cells(outcome, 2.0)[0, 3] == 49


def test_bowls_within_a_bowl_are_one_depression() -> None:
    bowl = np.full((7, 9), 10.0)
    bowl[1:6, 1:8], bowl[3, 2:4], bowl[3, 6], bowl[0, 4] = 6.0, 4.0, 3.0, 8.0
    one = found(asked(bowl)).depressions
    assert (len(one), one.depth[0], one.area[0], one.level[0]) == (1, 5, 35, 8)
    assert one.volume[0] == 32 * 2 + 2 * 4 + 5


def test_a_bowl_that_overflows_into_another_adds_to_its_catchment() -> None:
    """10 below a sill of 14 in the third column, 4 below a sill of 7 in the sixth; three cells drain into each column."""
    outcome = found(asked(valley(20, 15, 10, 14, 8, 4, 7, 3)))
    two = outcome.depressions
    np.testing.assert_array_equal([two.depth, two.level, two.catchment], [[4, 3], [14, 7], [9, 18]])
    np.testing.assert_array_equal(cells(outcome)[1], [3, 6, 9, 12, 15, 18, 21, 24])


def test_pools_at_one_level_that_level_ground_connects_are_one() -> None:
    two_parts = found(asked(valley(20, 3, 5, 4, 5, 1))).depressions
    assert (len(two_parts), two_parts.volume[0], two_parts.area[0]) == (1, 3, 2)
    assert len(two_parts.shapes[0].geoms) == 2


def test_what_is_too_shallow_or_too_small_does_not_count() -> None:
    ground = valley(20, 15, 10, 14, 8, 4, 7, 3)
    assert found(asked(ground, least=Least(3.5, 0, HECTARE))).depressions.depth.tolist() == [4]
    assert found(asked(ground, least=Least(0, 3.5, HECTARE))).depressions.depth.tolist() == [4]
    nothing = found(asked(ground, least=Least(4.1, 0, HECTARE)))
    assert (len(nothing.depressions), float(nothing.depth.sum())) == (0, 0)


def test_at_the_edge_and_at_a_hole_water_leaves() -> None:
    """The same pit is none where it touches what has no height."""
    pit = np.full((5, 5), 9.0)
    pit[2, 2] = 5.0
    assert found(asked(pit)).depressions.volume.tolist() == [4]
    assert len(found(asked(pit[:3])).depressions) == 0
    pit[2, 3] = N
    holed = found(asked(pit))
    assert len(holed.depressions) == 0
    assert np.isnan([holed.depth[2, 3], holed.catchment[2, 3]]).all()
    assert cells(holed)[2, 2] == 8  # those around it but the hole, and itself


def test_a_yard_that_buildings_enclose_is_named_apart() -> None:
    ground = np.tile(np.arange(20.0, 11.0, -1), (9, 1))
    built = np.zeros((9, 9), bool)
    built[2:7, 2:7] = True
    built[3:6, 3:6] = False
    raised = ground + 5 * built
    one = found(asked(raised, built=built)).depressions
    assert (len(one), one.walled.tolist(), one.area[0]) == (1, [True], 9)
    built[4, 6] = False  # a gate
    raised = ground + 5 * built
    outcome = found(asked(raised, built=built))
    assert len(outcome.depressions) == 0
    assert np.isnan(outcome.catchment[built]).all()


def test_no_height_at_all_and_a_single_cell_are_answered() -> None:
    for heights in ([[N, N], [N, N]], [[5.0]], [[N, 5.0, N]]):
        outcome = found(asked(heights))
        assert (len(outcome.depressions), len(outcome.paths)) == (0, 0)
        np.testing.assert_array_equal(np.isnan(outcome.catchment), np.isnan(np.array(heights)))


# --- flow paths


def test_a_valley_gathers_its_sides() -> None:
    """Five cells of 10 m in each column. From 12 cells on it is a path: from the third column, whose 15 come together, to the last one."""
    rows, columns = np.mgrid[0:5, 0:6]
    outcome = found(asked(10.0 * abs(rows - 2) + 5 - columns, cell=10.0, least=Least(0, 0, 1200)))
    np.testing.assert_array_equal(cells(outcome, 10.0)[2], [5, 10, 15, 20, 25, 30])
    (line,) = outcome.paths.lines
    assert list(line.coords) == [(25, 25), (55, 25)]
    assert (outcome.paths.catchment.tolist(), outcome.paths.number.tolist()) == ([3000], [0])


def test_paths_begin_at_heads_where_two_meet_and_at_a_class() -> None:
    """Two ditches of 100 m cells, that is of 1 ha, come together in the seventh column; the sum of both reaches 5 ha, and 20 ha further on."""
    ground = np.full((5, 12), WALL)
    ground[1, :6] = ground[3, :6] = np.arange(60, 54, -1)
    ground[2, 6:] = np.arange(40, 34, -1)
    paths = found(asked(ground, cell=100.0, least=Least(0, 0, 3 * HECTARE))).paths
    starts = {line.coords[0]: number for line, number in zip(paths.lines, paths.number, strict=True)}
    ends = [line.coords[-1] for line in paths.lines]
    junction = (650.0, 250.0)
    assert ends.count(junction) == 2
    assert starts[junction] == 2  # 20 ha and more: all before has come together
    assert {number for start, number in starts.items() if start != junction} == {0, 1}
    assert all(end in starts or end == (1150.0, 250.0) for end in ends)


def test_lines_stay_within_a_cell_of_the_middles_they_lead_through() -> None:
    heights = rough(60, 60)
    outcome = found(asked(heights, cell=2.0, least=Least(0, 0, 200)))
    rows, columns = 1 + np.array(
        np.nonzero(cells(outcome, 2.0)[1:-1, 1:-1] * 4 >= 200)
    )  # at the edge one may be a path of its own
    middles = shapely.points(2.0 * columns + 1, 2.0 * (60 - rows) - 1)
    assert len(middles) > 100
    assert shapely.distance(middles, shapely.union_all(outcome.paths.lines)).max() <= 2.0


# --- level ground


def directions(heights: Any) -> filling.Flood:
    flood = filling.begin(np.array(heights, np.float32))
    while filling.rise(flood, flood.z.view(np.uint32), 7):  # a few cells at a time come to the same
        pass
    draining.descend(flood, draining.FAR)
    return flood


def way_out(flood: filling.Flood, cell: int) -> Iterator[int]:
    while True:
        yield cell
        if flood.toward[cell] == filling.OUT:
            return
        cell = int(cell + flood.steps[flood.toward[cell]])


def test_level_ground_drains_by_the_shortest_way() -> None:
    flood = directions(np.zeros((9, 11)))
    for row in range(9):
        for column in range(11):
            steps = len(list(way_out(flood, (row + 1) * 13 + column + 1))) - 1
            assert steps == min(row, column, 8 - row, 10 - column), (row, column)


def test_the_steepest_fall_counts_the_way_across() -> None:
    """14 over a diagonal are less than 10 straight on; 15 are more."""
    for fall, wanted in ((14.0, (1, 0)), (15.0, (1, -1))):
        ground = np.full((3, 3), 50.0)
        ground[1, 1], ground[2, 1], ground[2, 0] = 40.0, 30.0, 40 - fall
        way = directions(ground).toward[2 * 5 + 2]
        assert (filling.ROWS[way], filling.COLUMNS[way]) == wanted


# --- a reference that takes its time


@dataclass
class Reference:
    """Levels by relaxing until nothing changes; catchments by walking from each cell."""

    flood: filling.Flood
    heights: Any

    def levels(self) -> Any:
        padded = np.pad(self.heights, 1, constant_values=N)
        z = np.where(np.isnan(padded), -np.inf, padded)
        level = np.where(np.isnan(padded), -np.inf, np.inf)
        while True:
            around = np.min([np.roll(level, (r, c), (0, 1)) for r in (-1, 0, 1) for c in (-1, 0, 1)], axis=0)
            lower = np.where(np.isnan(padded), -np.inf, np.maximum(z, around))
            if (lower == level).all():
                return np.where(np.isnan(padded), N, level)
            level = lower

    def lakes(self) -> list[set[int]]:
        """Level ground without a lower neighbour, as far as it hangs together, where some of it is under water."""
        level, z = self.flood.level, self.flood.z
        still = {cell for cell in range(z.size) if self._is_still(cell)}
        found = []
        while still:
            waiting, lake = [still.pop()], set()
            while waiting:
                cell = waiting.pop()
                lake.add(cell)
                beside = {int(cell + step) for step in self.flood.steps} & still
                still -= beside
                waiting += beside
            if any(level[cell] > z[cell] for cell in lake):
                found.append(lake)
        return found

    def _is_still(self, cell: int) -> bool:
        level = self.flood.level
        if np.isnan(level[cell]):
            return False
        around = level[cell + self.flood.steps]
        at_edge = np.isnan(around).any()
        return not at_edge and not (around < level[cell]).any()


@pytest.mark.parametrize("seed", range(40))
def test_random_ground_is_as_the_reference_finds_it(seed: int) -> None:
    """Few heights, so that much is level; holes in every second one."""
    random = np.random.default_rng(seed)
    heights = random.integers(0, 5, (12, 15)).astype(np.float32)
    if seed % 2:
        heights[random.random(heights.shape) < 0.05] = N
    flood = directions(heights)
    reference = Reference(flood, heights)
    np.testing.assert_array_equal(flood.level.reshape(14, 17), reference.levels())
    ways = {cell: list(way_out(flood, cell)) for cell in np.flatnonzero(np.isfinite(flood.z)).tolist()}
    assert all((np.diff(flood.level[way]) <= 0).all() for way in ways.values())
    counts = np.bincount(np.concatenate([*ways.values()]), minlength=flood.z.size)
    outcome = found(asked(heights))
    wanted = np.where(np.isnan(flood.z), N, counts).reshape(14, 17)[1:-1, 1:-1]
    np.testing.assert_array_equal(cells(outcome), wanted)
    lakes = reference.lakes()
    expected = sorted((float((flood.level - flood.z)[list(lake)].sum()), sum(1 for way in ways.values() if lake & set(way))) for lake in lakes)  # fmt: skip
    one = outcome.depressions
    assert sorted(zip(one.volume.tolist(), one.catchment.tolist(), strict=True)) == expected


# --- what it costs


def rough(rows: int, columns: int) -> Any:
    """Slopes with noise of all lengths: waves whose height falls with their length."""
    random, found = np.random.default_rng(7), np.zeros((rows, columns))
    size = 4
    while size < max(rows, columns):
        waves = random.normal(size=(rows // size + 2, columns // size + 2)) * size / 20
        found += np.kron(waves, np.ones((size, size)))[:rows, :columns]
        size *= 2
    return (found + np.arange(columns) / 50 + random.normal(scale=0.02, size=found.shape)).astype(np.float32)


def test_it_says_how_far_it_is_while_it_floods() -> None:
    stages = [stage.done for stage in compute(asked(rough(1000, 1000)), None)]
    assert len(stages) >= 1_000_000 // draining.STRIDE + 3
    assert stages == sorted(stages)
    assert 0 < stages[0] < stages[-1] < 1


@pytest.mark.alone
def test_twice_the_cells_take_less_than_three_times_as_long() -> None:
    def seconds(rows: int) -> float:
        inputs, taken = asked(rough(rows, 1000), least=Least(0.1, 10, HECTARE)), []
        for _ in range(3):
            began = time.process_time()
            found(inputs)
            taken.append(time.process_time() - began)
        return min(taken)

    seconds(100)  # compiles
    assert seconds(2000) < 3 * seconds(1000)


def test_what_does_not_fit_is_refused_with_cells_that_do() -> None:
    part = Frame(0.0, 10_000.0, 1.0, 10_000, 10_000)
    assert require_room(part, each=CELL, memory=1e12, seconds=1e6).cells == 10**8
    with pytest.raises(TooLarge) as refused:
        require_room(part, each=CELL, memory=2e9, seconds=1e6)
    assert (refused.value.what, refused.value.cell) == ("bytes", 2.0)
    with pytest.raises(TooLarge) as refused:
        require_room(part, each=CELL, memory=1e12, seconds=20.0)
    assert (refused.value.what, refused.value.cell) == ("seconds", 5.0)


def test_the_computation_knows_no_django() -> None:
    code = "import sys, twin.usecases.flow_paths.core; print(any(name.startswith('django') for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
