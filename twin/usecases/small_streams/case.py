"""What goes into a flood of small streams and what comes out; its steps, and what it costs. Needs no compiler."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.analysis.terrain import Frame, Need
from twin.hydro.case import Grid

VERSION = "streams 1"  # another one with whatever changes a result
HECTARE = 10_000.0  # m2
FEWEST = 10  # cells that a stream must drain; less says nothing of a valley
STEPS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0)  # m above the bed that are always computed
HEIGHTS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)  # m above the bed; lower ends of the classes, ours
# Of each cell of the grid: bytes; seconds, reading and writing included, about twice what was measured.
CELL = Need(1, 80.0, 6e-6)


def steps(asked: float) -> tuple[float, ...]:
    """m, rising; what is asked for is one of them."""
    return tuple(sorted({*STEPS, asked}))


@dataclass(frozen=True)
class Inputs:
    """heights: (rows, columns) float32 m, NaN outside the area and where there is none; catchment: m2 from which on water is a stream;
    heights of the water above the bed in m, rising; asked: number, from 1 on, of the one whose depths are wanted."""

    part: Frame
    heights: Grid
    catchment: float
    steps: tuple[float, ...]
    asked: int


@dataclass(frozen=True)
class Streams:
    """From node to node, downhill; an array of each. lines: LineStrings; catchment: m2 at the lower end."""

    lines: NDArray[Any]
    catchment: NDArray[Any]

    def __len__(self) -> int:
        return len(self.lines)


@dataclass(frozen=True)
class Outcome:
    """first: (classes, rows, columns) uint8, number of the first step at which a cell is as deep under water as each class says; 0: at none.
    depth: (rows, columns) float32 m at the asked step, 0 where dry; above: m above the bed of the stream that the cell drains to, NaN where it
    leaves the area without meeting one; both NaN without height. cells: (classes, steps) how many have reached a class at a step."""

    first: NDArray[np.uint8]
    depth: Grid
    above: Grid
    cells: NDArray[np.int64]
    streams: Streams
