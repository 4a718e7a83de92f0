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


@dataclass(frozen=True)
class Outline:
    """Of a case what its cost depends on, for one that isn't read yet. cells: those of the area; duration: s."""

    rows: int
    columns: int
    cells: int
    cell: float
    duration: float
    double: bool = False


def outline_of(case: Case) -> Outline:
    rows, columns = case.active.shape
    return Outline(rows, columns, int(case.active.sum()), case.cell, case.duration, case.double)


def estimate(case: Case | Outline, *, deepest: float = 3.0, threads: int = 1) -> Estimate:
    """deepest: m of the deepest water that is expected; it sets the time step. Cost counts the cells of the area alone."""
    outline = outline_of(case) if isinstance(case, Case) else case
    return _estimate(outline, cell=outline.cell, deepest=deepest, threads=threads)


def _estimate(outline: Outline, *, cell: float, deepest: float, threads: int) -> Estimate:
    finer = (outline.cell / cell) ** 2
    cells = int(outline.cells * finer)
    rows, columns = (int(n * outline.cell / cell) + 2 * RING for n in (outline.rows, outline.columns))
    memory = rows * columns * (ARRAYS * (8 if outline.double else 4) + INPUTS * 4)
    steps = int(np.ceil(outline.duration * sqrt(GRAVITY * max(deepest, SHALLOWEST)) / (COURANT * cell)))
    return Estimate(cells, memory, steps, cells * steps / RATE / threads * (2 if outline.double else 1))


def require_room(
    case: Case | Outline, *, memory: float, seconds: float, deepest: float = 3.0, threads: int = 1
) -> Estimate:
    """The estimate, if it stays within so many bytes and seconds. Raises TooLarge with the smallest cells that do."""
    outline = outline_of(case) if isinstance(case, Case) else case
    needed = estimate(outline, deepest=deepest, threads=threads)
    if needed.memory <= memory and needed.seconds <= seconds:
        return needed
    what, wanted, allowed = (
        ("bytes", needed.memory, memory) if needed.memory > memory else ("seconds", needed.seconds, seconds)
    )
    for cell in SIZES:
        coarser = _estimate(outline, cell=cell, deepest=deepest, threads=threads)
        if cell > outline.cell and coarser.memory <= memory and coarser.seconds <= seconds:
            break
    raise TooLarge(what=what, needed=wanted, allowed=allowed, cell=cell)
