"""What a run will need, said before it starts."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from twin.hydro.case import Case
from twin.hydro.errors import TooLarge
from twin.hydro.scheme import COURANT, GRAVITY, RING, SHALLOWEST

ARRAYS = 11  # of the grid's size: bed, friction, depth, two flows, rain, infiltration, four maxima
INPUTS = 3  # terrain, friction and infiltration as they were given, in 32 bit
RATE = 100e6  # cells a thread advances in a second, half of what was measured on a server core of 2021 (benchmarks/rain_kernel.py)
SIZES = (0.5, 1.0, 2.0, 2.5, 4.0, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0)  # m that are proposed


@dataclass(frozen=True)
class Estimate:
    cells: int
    memory: float  # bytes
    steps: int
    seconds: float


def estimate(case: Case, *, deepest: float = 3.0, threads: int = 1) -> Estimate:
    """deepest: m of the deepest water that is expected; it sets the time step. Cost counts the cells of the area alone."""
    return _estimate(case, cell=case.cell, deepest=deepest, threads=threads)


def _estimate(case: Case, *, cell: float, deepest: float, threads: int) -> Estimate:
    finer = (case.cell / cell) ** 2
    cells = int(case.active.sum() * finer)
    rows, columns = (int(n * case.cell / cell) + 2 * RING for n in case.terrain.shape)
    memory = rows * columns * (ARRAYS * (8 if case.double else 4) + INPUTS * 4)
    steps = int(np.ceil(case.duration * sqrt(GRAVITY * max(deepest, SHALLOWEST)) / (COURANT * cell)))
    return Estimate(cells, memory, steps, cells * steps / RATE / threads * (2 if case.double else 1))


def require_room(
    case: Case, *, memory: float, seconds: float, deepest: float = 3.0, threads: int = 1
) -> Estimate:
    """The estimate, if it stays within so many bytes and seconds. Raises TooLarge with the smallest cells that do."""
    needed = estimate(case, deepest=deepest, threads=threads)
    if needed.memory <= memory and needed.seconds <= seconds:
        return needed
    what, wanted, allowed = (
        ("bytes", needed.memory, memory) if needed.memory > memory else ("seconds", needed.seconds, seconds)
    )
    for cell in SIZES:
        coarser = _estimate(case, cell=cell, deepest=deepest, threads=threads)
        if cell > case.cell and coarser.memory <= memory and coarser.seconds <= seconds:
            break
    raise TooLarge(what=what, needed=wanted, allowed=allowed, cell=cell)
