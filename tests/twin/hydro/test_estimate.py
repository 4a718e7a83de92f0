"""What a run needs is said before it starts, and one that doesn't fit is refused with a size that does."""

import os
import subprocess
import sys

import numpy as np
import pytest

from twin.hydro.case import Case
from twin.hydro.errors import TooLarge
from twin.hydro.estimate import estimate, require_room
from twin.hydro.running import Simulation

MIB, GIB = 2**20, 2**30


def plain(rows: int, columns: int, cell: float, share: float = 1.0) -> Case:
    terrain = np.broadcast_to(np.float32(0), (rows, columns))
    area = np.broadcast_to(np.arange(columns) < columns * share, (rows, columns))
    return Case(terrain, cell, 7200, area=area)


def test_the_estimate_counts_what_is_laid_out() -> None:
    case = Case(np.zeros((300, 400), np.float32), 2.0, 60, depth=3.0)
    simulation = Simulation(case)
    arrays = [*simulation._fields[:5], *simulation.layout.sources, *simulation.state.peaks]
    needed = estimate(case)
    assert needed.cells == 120000
    assert sum(each.nbytes for each in arrays) < needed.memory < 1.4 * sum(each.nbytes for each in arrays)
    for _share, _state in simulation.reports(every=60):
        pass
    assert needed.steps == pytest.approx(simulation.state.steps, rel=0.01)


def test_time_is_that_of_the_area_not_of_the_rectangle() -> None:
    assert estimate(plain(1000, 1000, 2.0, 0.25)).seconds == pytest.approx(
        estimate(plain(500, 500, 2.0)).seconds
    )
    assert estimate(plain(500, 500, 2.0), threads=2).seconds == pytest.approx(
        estimate(plain(500, 500, 2.0)).seconds / 2
    )


def test_a_run_that_does_not_fit_is_refused_with_cells_that_do() -> None:
    case = plain(2000, 2000, 1.0)
    with pytest.raises(TooLarge) as refused:
        require_room(case, memory=60 * MIB, seconds=1e9)
    assert (refused.value.what, refused.value.cell) == ("bytes", 2.0)
    with pytest.raises(TooLarge) as refused:
        require_room(case, memory=GIB, seconds=36, threads=2)
    assert (refused.value.what, refused.value.cell) == ("seconds", 4.0)
    assert require_room(plain(400, 400, 5.0), memory=60 * MIB, seconds=36, threads=2).cells == 160_000


def test_serving_does_not_load_the_compiler() -> None:
    """The web process says what a run needs; only the worker that computes pays for the compiler."""
    code = "import sys, django; django.setup(); import twin.urls, twin.celery, twin.hydro.estimate, twin.hydro.storms; print('numba' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.strip() == "False"
