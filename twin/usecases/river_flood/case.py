"""What goes into a flood of a river and comes out; what it costs. Needs no Django."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from twin.analysis import terrain
from twin.analysis.terrain import Frame, Mask, Need
from twin.hydro.case import Grid
from twin.usecases.river_flood.profile import Levels

VERSION = "river 1"  # another one with whatever changes a result
# Of each cell: bytes, 42 were measured in the computation; seconds, reading and writing included, about twice what was measured for 17 steps.
CELL = Need(1, 60.0, 6e-6)
STATIONED = 10.0  # m between two places of the axis at most that a cell may be nearest to
Numbers = NDArray[np.uint8]


@dataclass(frozen=True)
class Axis:
    """Places along a river, one after the other, not far apart. points: (n, 2) m; stations: (n,) km, rising."""

    points: NDArray[np.float64]
    stations: Levels

    def within(self, first: float, last: float) -> "Axis":
        inside = (self.stations >= first) & (self.stations <= last)
        return Axis(self.points[inside], self.stations[inside])


def axis(points: NDArray[np.float64], stations: Levels, *, step: float = STATIONED) -> Axis:
    """points: (n, 2) m with their stations, in any order; between them places are added so that none are further apart than the step."""
    order = np.argsort(stations, kind="stable")
    points, stations = points[order], stations[order]
    lengths = np.hypot(*np.diff(points, axis=0).T)
    run = np.concatenate([[0.0], np.cumsum(lengths)])
    at = np.unique(np.concatenate([run, np.arange(0.0, run[-1], step)]))
    places = np.column_stack([np.interp(at, run, points[:, 0]), np.interp(at, run, points[:, 1])])
    return Axis(places, np.interp(at, run, stations))


@dataclass(frozen=True)
class Levee:
    """crest: m above sea level; raised: m above the ground; one of both."""

    line: BaseGeometry
    crest: float | None = None
    raised: float | None = None


def with_levees(ground: Grid, levees: Sequence[Levee], part: Frame) -> int:
    """Raise the ground, in place, along the lines: cells that share a side one with the next, so that nothing passes between two. How many
    lie in the part."""
    count = 0
    for levee in levees:
        for line in shapely.get_parts(levee.line):
            rows, columns = terrain.along(line, part).T
            inside = (rows >= 0) & (rows < part.rows) & (columns >= 0) & (columns < part.columns)
            rows, columns = np.unique(np.stack([rows[inside], columns[inside]]), axis=1)
            bare = ground[rows, columns]
            high = bare + np.float32(levee.raised) if levee.crest is None else np.float32(levee.crest)
            ground[rows, columns] = np.maximum(bare, high)
            count += bool(rows.size)
    return count


@dataclass(frozen=True)
class Inputs:
    """heights: (rows, columns) float32 m, NaN outside the area and where there is none, levees included; within: the area; axis: the river;
    stations: (n,) km; surfaces: (steps, n) m, rising with the step; asked: the step, from 1 on, whose depths are wanted; reach: m from the
    river up to which its level counts; official: areas to compare with, None where there are none."""

    part: Frame
    heights: Grid
    within: Mask
    axis: Axis
    stations: Levels
    surfaces: Levels
    asked: int
    reach: float
    official: Mask | None = None


@dataclass(frozen=True)
class Outcome:
    """first: (classes, rows, columns) uint8, number of the first step at which a cell lies lower than the level, is flooded, and is flooded
    as deep as each class but the first; 0: at none. depth: (rows, columns) float32 m at the asked step, 0 where dry, NaN without height.
    cells: (classes, steps) how many have reached a class at a step. agreement: (rows, columns) float32, see core.agreement."""

    first: Numbers
    depth: Grid
    cells: NDArray[np.int64]
    agreement: Grid | None = None
