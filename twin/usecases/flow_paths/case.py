"""What goes into a hint map and what comes out; what counts, and what it costs. Needs no compiler."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from twin.analysis.terrain import Frame, Mask, Need
from twin.hydro.case import Grid

VERSION = "terrain 1"  # another one with whatever changes a result
HECTARE = 10_000.0  # m2
CATCHMENTS = (
    1.0,
    5.0,
    20.0,
    100.0,
)  # ha; lower ends of the classes. From 1 ha on: HLNUG, Fließpfadkarten; the others are ours
FEWEST = 10  # cells that a flow path must drain; less says nothing of a valley
# Of each cell of the grid: bytes, 46 were measured in the computation; seconds, reading and writing included, about twice what was measured.
CELL = Need(1, 60.0, 4e-6)


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
