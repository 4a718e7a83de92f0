"""What goes into a hint map and what comes out; what counts, and what it costs. Needs no compiler."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.analysis.terrain import CELLS, Frame, Mask
from twin.hydro.case import Grid
from twin.hydro.errors import TooLarge

VERSION = "terrain 1"  # another one with whatever changes a result
HECTARE = 10_000.0  # m2
CATCHMENTS = (
    1.0,
    5.0,
    20.0,
    100.0,
)  # ha; lower ends of the classes. From 1 ha on: HLNUG, Fließpfadkarten; the others are ours
FEWEST = 10  # cells that a flow path must drain; less says nothing of a valley
BYTES = 60.0  # of memory for each cell of the grid; 46 were measured in the computation
SECONDS = 4e-6  # for each cell of the grid, reading and writing included; about twice what was measured


@dataclass(frozen=True)
class Least:
    """What counts: of a depression m and m3, of a flow path m2 of catchment."""

    depth: float
    volume: float
    catchment: float

    @property
    def classes(self) -> tuple[float, ...]:
        """Lower ends of the classes of flow paths in ha, from the least on."""
        asked = self.catchment / HECTARE
        return (asked, *(end for end in CATCHMENTS if end > asked))


@dataclass(frozen=True)
class Inputs:
    """heights: (rows, columns) float32 m, NaN outside the area and where there is none; built: cells that are raised, a building stands there."""

    part: Frame
    heights: Grid
    built: Mask
    least: Least


@dataclass(frozen=True)
class Depressions:
    """Those that count, the largest volume first; an array of each. depth, level (of the water when it spills): m; area: m2; volume: m3;
    catchment: m2 that drain into it, its own area included; walled: it spills over a building; shapes: MultiPolygons of its cells."""

    depth: NDArray[Any]
    area: NDArray[Any]
    volume: NDArray[Any]
    level: NDArray[Any]
    catchment: NDArray[Any]
    walled: NDArray[Any]
    shapes: NDArray[Any]

    def __len__(self) -> int:
        return len(self.depth)


@dataclass(frozen=True)
class Paths:
    """Flow paths from node to node, downhill; an array of each. lines: LineStrings; catchment: m2 at the lower end; number: of the class."""

    lines: NDArray[Any]
    catchment: NDArray[Any]
    number: NDArray[Any]

    def __len__(self) -> int:
        return len(self.lines)


@dataclass(frozen=True)
class Outcome:
    """depth: of the depressions that count, in m, 0 beside them; catchment: of each cell in ha. (rows, columns) float32, NaN without height
    and in buildings."""

    least: Least
    depth: Grid
    catchment: Grid
    depressions: Depressions
    paths: Paths


@dataclass(frozen=True)
class Need:
    """Cells of the grid, bytes, seconds."""

    cells: int
    memory: float
    seconds: float


def require_room(part: Frame, *, memory: float, seconds: float) -> Need:
    """What it takes, if it stays within so many bytes and seconds. Raises TooLarge with the smallest cells that do."""
    needed = _need(part, part.cell)
    if needed.memory <= memory and needed.seconds <= seconds:
        return needed
    fitting = (cell for cell in CELLS if cell > part.cell and _fits(_need(part, cell), memory, seconds))
    what, wanted, allowed = (
        ("bytes", needed.memory, memory) if needed.memory > memory else ("seconds", needed.seconds, seconds)
    )
    raise TooLarge(what=what, needed=wanted, allowed=allowed, cell=next(fitting, CELLS[-1]))


def _need(part: Frame, cell: float) -> Need:
    cells = int(np.ceil(part.rows * part.columns * (part.cell / cell) ** 2))
    return Need(cells, cells * BYTES, cells * SECONDS)


def _fits(need: Need, memory: float, seconds: float) -> bool:
    return need.memory <= memory and need.seconds <= seconds
