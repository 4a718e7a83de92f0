"""What is to be computed: terrain, what flows in and out, for how long. Everything is checked before a run starts."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.hydro.errors import BadCurve, Holes, NothingToCompute, OutOfRange, WrongShape

Grid = NDArray[np.floating[Any]]
HEIGHTS = (-500.0, 9000.0)  # m; -9999 and centimetres are outside
MANNING = (0.0, 1.0)  # s/m^(1/3); dense wood on a slope has 0.4 to 0.8
INFILTRATION = (0.0, 1000.0)  # mm/h; coarse sand takes in 200 to 300
RAIN = (0.0, 2000.0)  # mm in the whole run; most ever measured in a day: 1825 mm (WMO, Foc-Foc 1966)
CELL = (0.01, 1000.0)  # m
DURATION = (1.0, 30 * 86400.0)  # s
DEPTH = (0.0, 500.0)  # m
INFLOW = (0.0, 50000.0)  # m3/s; the Elbe in Dresden in August 2002: 4580


class Side(Enum):
    """Where the outside lies, as rows and columns to go."""

    NORTH = (-1, 0)
    EAST = (0, 1)
    SOUTH = (1, 0)
    WEST = (0, -1)


@dataclass(frozen=True)
class Curve:
    """Values at times in s, straight between them, constant before the first and after the last."""

    times: tuple[float, ...]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.times or len(self.times) != len(self.values):
            raise BadCurve(f"A curve has {len(self.times)} times and {len(self.values)} values.")
        if not np.isfinite(self.times + self.values).all():
            raise BadCurve("A curve has a time or value that is no number.")
        if (np.diff(self.times) <= 0).any():
            raise BadCurve("The times of a curve do not rise.")

    def at(self, time: float) -> float:
        return float(np.interp(time, self.times, self.values))


@dataclass(frozen=True)
class Rain:
    """Rain since the start in mm, rising; pattern: share of it that falls on each cell, everywhere 1 if left out."""

    fallen: Curve
    pattern: Grid | None = None


@dataclass(frozen=True)
class Inflow:
    """Water that enters, in m3/s, shared equally among the cells (rows, columns)."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    discharge: Curve


@dataclass(frozen=True)
class Pipe:
    """Below the ground, between two cells (row, column), to the one where the water stands lower. beds: m, at the ends; diameter: m; most: m3/s.
    One of both may be infinite."""

    ends: tuple[tuple[int, int], tuple[int, int]]
    beds: tuple[float, float]
    diameter: float = float("inf")
    most: float = float("inf")


@dataclass(frozen=True)
class Edge:
    """Cells of the area that are open to one side. Without a level water leaves freely, over ground that falls on with `fall`."""

    side: Side
    cells: NDArray[np.bool_] | None = None  # only these; all along the side if left out
    level: Curve | None = None  # m, in the terrain's heights
    fall: float = 0.01


@dataclass(frozen=True)
class Case:
    """terrain: (rows, columns) m, first row in the north, NaN only outside the area; cell: side of a cell in m; duration: s.

    manning in s/m^(1/3) and infiltration in mm/h: a number or one for each cell. area: cells to compute, all with a height if left out.
    depth: water at the start in m. What no edge opens is closed. double: 64 bit instead of 32.
    Raises HydroError if something is missing, misshapen or can't be true."""

    terrain: Grid
    cell: float
    duration: float
    manning: ArrayLike = 0.05
    infiltration: ArrayLike = 0.0
    rain: Rain | None = None
    inflows: tuple[Inflow, ...] = ()
    edges: tuple[Edge, ...] = ()
    area: NDArray[np.bool_] | None = None
    depth: ArrayLike = 0.0
    double: bool = False
    pipes: tuple[Pipe, ...] = ()
    active: NDArray[np.bool_] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.terrain.ndim != 2 or 0 in self.terrain.shape:
            raise WrongShape("terrain", self.terrain.shape, (1, 1))
        object.__setattr__(self, "active", np.isfinite(self.terrain) if self.area is None else self.area)
        _between("cell", self.cell, CELL)
        _between("duration", self.duration, DURATION)
        self._fits("area", self.active)
        if not self.active.any():
            raise NothingToCompute("The area has no cell with a height.")
        for name, values, limits in (
            ("terrain", self.terrain, HEIGHTS),
            ("manning", self.manning, MANNING),
            ("infiltration", self.infiltration, INFILTRATION),
            ("depth", self.depth, DEPTH),
        ):
            self._plausible(name, np.asarray(values), limits)
        self._check_water()

    def _check_water(self) -> None:
        """What brings or moves it, and where it leaves."""
        if self.rain is not None:
            self._check_rain(self.rain)
        for inflow in self.inflows:
            self._check_inflow(inflow)
        for pipe in self.pipes:
            self._check_pipe(pipe)
        for edge in self.edges:
            if edge.cells is not None:
                self._fits("edge", edge.cells)

    def _check_rain(self, rain: Rain) -> None:
        for value in rain.fallen.values:
            _between("rain", value, RAIN)
        if (np.diff(rain.fallen.values) < 0).any():
            raise BadCurve("The rain since the start falls from one time to the next.")
        if rain.pattern is not None:
            self._plausible("rain pattern", rain.pattern, (0.0, 100.0))

    def _check_inflow(self, inflow: Inflow) -> None:
        for value in inflow.discharge.values:
            _between("inflow", value, INFLOW)
        self._lie_inside("inflow", inflow.rows, inflow.columns)

    def _check_pipe(self, pipe: Pipe) -> None:
        for bed in pipe.beds:
            _between("bed of a pipe", bed, HEIGHTS)
        _between("diameter or discharge of a pipe", min(pipe.diameter, pipe.most), (0.0, INFLOW[1]))
        rows, columns = zip(*pipe.ends, strict=True)
        self._lie_inside("pipe", rows, columns)
        if pipe.ends[0] == pipe.ends[1]:
            raise NothingToCompute("A pipe ends in the cell in which it begins.")

    def _lie_inside(self, name: str, rows: tuple[int, ...], columns: tuple[int, ...]) -> None:
        inside = np.zeros(self.terrain.shape, bool)
        try:
            inside[list(rows), list(columns)] = True
        except IndexError:
            raise WrongShape(name, (max(rows), max(columns)), self.terrain.shape) from None
        if not inside.any() or (inside & ~self.active).any():
            raise NothingToCompute(f"One {name} has no cell, or one outside the area.")

    def _fits(self, name: str, values: NDArray[Any]) -> None:
        if values.shape != self.terrain.shape:
            raise WrongShape(name, values.shape, self.terrain.shape)

    def _plausible(self, name: str, values: NDArray[Any], between: tuple[float, float]) -> None:
        if values.ndim == 0:
            _between(name, float(values), between)
            return
        self._fits(name, values)
        empty = self.active & np.isnan(values)
        if empty.any():
            raise Holes(name, int(empty.sum()), _first(empty))
        wrong = self.active & ~((values >= between[0]) & (values <= between[1]))
        if wrong.any():
            at = _first(wrong)
            raise OutOfRange(name, float(values[at]), between, at)


def _between(name: str, value: float, limits: tuple[float, float]) -> None:
    if not limits[0] <= value <= limits[1]:
        raise OutOfRange(name, value, limits)


def _first(mask: NDArray[np.bool_]) -> tuple[int, int]:
    row, column = np.unravel_index(int(np.argmax(mask)), mask.shape)
    return int(row), int(column)
