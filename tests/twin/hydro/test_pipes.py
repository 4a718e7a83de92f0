"""Pipes between two cells: discharge by hand, and what stands at their ends afterwards."""

from math import pi, sqrt
from typing import Any

import numpy as np
import pytest

from twin.hydro import pipes
from twin.hydro.case import Case, Pipe
from twin.hydro.errors import HydroError
from twin.hydro.pipes import Pipes
from twin.hydro.running import Simulation, run

CELL, WALL = 5.0, 50.0
ENDS = ((10, 5), (10, 35))


def flows(first: float, second: float, *, bed: tuple[float, float] = (0.0, 0.0), diameter: float = 1.0, most: float = np.inf) -> float:  # fmt: skip
    """m3/s where the water stands so high at the ends of a pipe."""
    one = Pipes(np.zeros((1, 2), np.int64), np.array([bed]), np.array([diameter]), np.array([most]))
    return float(pipes.discharge(one, 0, np.array([first, second])))


def test_discharge_is_that_of_an_orifice() -> None:
    full = 0.6 * pi / 4
    assert flows(3, -5, bed=(0, -5)) == pytest.approx(
        full * sqrt(2 * 9.81 * 2.5)
    )  # 2.5 m above the middle of the inlet
    assert flows(3, 2) == pytest.approx(full * sqrt(2 * 9.81 * 1))  # no more than the fall to the other end
    assert flows(2, 3) == -flows(3, 2)
    assert flows(0.5, -5, bed=(0, -5)) == pytest.approx(full / 2 * sqrt(2 * 9.81 * 0.25))  # half full
    assert flows(3, -5, bed=(0, -5), most=0.4) == 0.4
    assert flows(1.0, 0.5, diameter=np.inf, most=0.4) == 0.4
    assert [flows(1, 1), flows(0, -5), flows(-1, -5), flows(1, -5, bed=(0, 2))] == [0, 0, 0, 0]


def basins(pipe: Pipe, *, seconds: float = 600, **options: Any) -> Case:
    """Two flat basins of 20 x 20 cells with a wall between them; in the first stands 1 m."""
    ground = np.zeros((20, 41))
    ground[:, 20] = WALL
    depth = np.where(np.arange(41) < 20, 1.0, 0.0) * np.ones((20, 1))
    return Case(ground, CELL, seconds, depth=depth, pipes=(pipe,), **options)


def volumes(case: Case) -> tuple[float, float, Any]:
    found = run(case)
    assert np.nanmin(found.depth) >= 0
    assert abs(found.balance.error) <= (1e-12 if case.double else 1e-6) * found.balance.volume
    first, second = (float(np.nansum(part, dtype=float)) * CELL**2 for part in (found.depth[:, :20], found.depth[:, 21:]))  # fmt: skip
    return first, second, found


@pytest.mark.parametrize("double", [False, True])
def test_no_more_passes_than_the_pipe_takes(double: bool) -> None:
    first, second, found = volumes(basins(Pipe(ENDS, (0, 0), most=0.3), double=double))
    assert (second, first + second) == pytest.approx((0.3 * 600, 400 * CELL**2), rel=1e-4)
    np.testing.assert_allclose(found.piped, [[0.3 * 600, 0.3]], rtol=1e-4)


def test_a_narrow_pipe_takes_what_its_diameter_lets_through() -> None:
    """The first basin falls by a hundredth: the discharge stays about that of 1 m, less where the sink's cell is not empty yet."""
    _first, second, found = volumes(basins(Pipe(ENDS, (0, -2), diameter=0.3)))
    assert second == pytest.approx(600 * 0.6 * pi / 4 * 0.3**2 * sqrt(2 * 9.81 * 0.85), rel=0.03)
    assert found.piped[0, 0] == pytest.approx(second, rel=1e-5)


def test_water_levels_and_comes_to_rest() -> None:
    first, second, found = volumes(basins(Pipe(ENDS, (0, 0), diameter=3.0, most=40.0), seconds=4 * 3600.0))
    assert first == pytest.approx(second, rel=0.02)
    assert found.depth[:, :20].mean() == pytest.approx(0.5, abs=0.01)
    last = Simulation(basins(Pipe(ENDS, (0, 0.5), diameter=3.0)))
    assert last.layout.pipes.bed.tolist() == [[0.0, 0.5]]


def test_water_does_not_pass_over_a_bed_that_it_does_not_reach() -> None:
    assert volumes(basins(Pipe(ENDS, (1.2, 0), diameter=1.0)))[1] == 0


@pytest.mark.parametrize("pipe", [Pipe(((0, 0), (0, 0)), (0, 0), 1.0), Pipe(((0, 0), (0, 99)), (0, 0), 1.0), Pipe(ENDS, (0, 1e5), 1.0), Pipe(ENDS, (0, 0)), Pipe(ENDS, (0, 0), -1.0)])  # fmt: skip
def test_what_can_not_be_is_refused(pipe: Pipe) -> None:
    with pytest.raises(HydroError):
        basins(pipe)
