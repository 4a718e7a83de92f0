"""Where a river's water stands at each step of its level: stages on the way, the outcome at the end. Loaded by the worker alone."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import KDTree

from twin.analysis import terrain
from twin.analysis.stage import Stage
from twin.analysis.terrain import Mask
from twin.hydro.case import Grid
from twin.hydro.classes import RIVER_DEPTHS
from twin.usecases.river_flood.case import Inputs, Numbers, Outcome

STRIDE = 1_000_000  # cells between two stages
LOCATED = 0.4  # share of the work until each cell has its station
BOTH, OFFICIAL, COMPUTED = (
    1.0,
    2.0,
    3.0,
)  # where official areas and computed ones agree, and which stands alone
CLASSES = len(RIVER_DEPTHS) + 1  # the first one: lower than the level, but not connected


@dataclass
class _Flood:
    """The cells that the highest level could reach. at: their places; station: km, NaN out of reach; first: see Outcome; step: how many are done."""

    at: NDArray[np.int64]
    station: NDArray[np.float32]
    first: Numbers
    step: int = 0

    def pack(self) -> dict[str, Any]:
        return {
            "at": self.at,
            "station": self.station,
            "first": self.first.copy(),
            "step": np.array(self.step),
        }


def compute(inputs: Inputs, saved: Mapping[str, Any] | None) -> Generator[Stage, None, Outcome]:
    """saved: a state to go on from, when all cells had their station and some steps were done."""
    flood = _saved(inputs, saved)
    if flood is None:
        flood = _begin(inputs)
        for done in _locate(flood, inputs):
            yield Stage(LOCATED * done, dict)
    river, steps = _river(inputs), len(inputs.surfaces)
    for number in range(flood.step + 1, steps + 1):
        deep = _deep(flood, inputs, number)
        _note(flood.first, deep, _connected(deep > 0, flood, river), number)
        flood.step = number
        yield Stage(LOCATED + (1 - LOCATED) * number / steps, flood.pack)
    return _outcome(flood, inputs)


def _saved(inputs: Inputs, saved: Mapping[str, Any] | None) -> _Flood | None:
    if not saved:
        return None
    return _Flood(saved["at"], saved["station"], saved["first"], int(saved["step"]))


def _begin(inputs: Inputs) -> _Flood:
    at = np.flatnonzero(inputs.heights.reshape(-1) < inputs.surfaces[-1].max())
    return _Flood(at, np.full(at.size, np.nan, np.float32), np.zeros((CLASSES, at.size), np.uint8))


def _locate(flood: _Flood, inputs: Inputs) -> Iterator[float]:
    """The station of each cell is that of the nearest place of the axis: the level goes straight across the river. Share done."""
    axis, part = inputs.axis, inputs.part
    places, last = KDTree(axis.points), len(axis.points) - 1
    beyond = {0: axis.points[0] - axis.points[1], last: axis.points[-1] - axis.points[-2]}  # out of the ends
    for start in range(0, flood.at.size, STRIDE):
        rows, columns = np.divmod(flood.at[start : start + STRIDE], part.columns)
        middles = np.column_stack(
            [part.west + (columns + 0.5) * part.cell, part.north - (rows + 0.5) * part.cell]
        )
        _far, nearest = places.query(middles, distance_upper_bound=inputs.reach)
        known = nearest <= last
        for end, outward in beyond.items():
            at_end = nearest == end
            known[at_end] &= (middles[at_end] - axis.points[end]) @ outward <= 0
        found = np.full(len(middles), np.nan, np.float32)
        found[known] = axis.stations[nearest[known]]
        flood.station[start : start + STRIDE] = found
        yield (start + len(middles)) / flood.at.size


def _river(inputs: Inputs) -> Mask:
    """Cells that water always reaches: those on the axis, and where there are no heights around them (a model may leave out open water)."""
    part = inputs.part
    rows, columns = terrain.along(shapely.LineString(inputs.axis.points), part).T
    inside = (rows >= 0) & (rows < part.rows) & (columns >= 0) & (columns < part.columns)
    found = np.zeros(inputs.heights.shape, bool)
    found[rows[inside], columns[inside]] = True
    found &= inputs.within
    return _reached(found | inputs.within & np.isnan(inputs.heights), found)


def _reached(open_cells: Mask, begin: Mask) -> Mask:
    """Of the open cells those that hang together, over their sides, with one of those to begin with."""
    labels, count = ndimage.label(open_cells)
    wanted = np.zeros(count + 1, bool)
    wanted[labels[begin]] = True
    wanted[0] = False
    found: Mask = wanted[labels]
    return found


def _deep(flood: _Flood, inputs: Inputs, step: int) -> Grid:
    """m that the cells lie below the level; NaN where it does not reach."""
    level = np.interp(flood.station, inputs.stations, inputs.surfaces[step - 1])
    found: Grid = level.astype(np.float32) - inputs.heights.reshape(-1)[flood.at]
    return found


def _connected(low: Mask, flood: _Flood, river: Mask) -> Mask:
    """Of the low cells those that water reaches from the river."""
    open_cells = river.copy()
    open_cells.reshape(-1)[flood.at] |= low
    return low & _reached(open_cells, river).reshape(-1)[flood.at]


def _note(first: Numbers, deep: Grid, connected: Mask, step: int) -> None:
    first[0][(first[0] == 0) & (deep > 0)] = step
    for number, least in enumerate(RIVER_DEPTHS, 1):
        reached = connected & (deep >= np.float32(least))
        first[number][(first[number] == 0) & reached] = step


# --- the outcome


def _outcome(flood: _Flood, inputs: Inputs) -> Outcome:
    shape, steps = inputs.heights.shape, len(inputs.surfaces)
    first = np.zeros((CLASSES, *shape), np.uint8)
    first.reshape(CLASSES, -1)[:, flood.at] = flood.first
    wet = (flood.first[1] > 0) & (flood.first[1] <= inputs.asked)
    depth = np.where(np.isnan(inputs.heights), np.float32(np.nan), np.float32(0))
    depth.reshape(-1)[flood.at[wet]] = _deep(flood, inputs, inputs.asked)[wet]
    cells = np.array([np.bincount(row, minlength=steps + 1)[1 : steps + 1].cumsum() for row in flood.first])
    compared = agreement(depth, inputs.official) if inputs.official is not None else None
    return Outcome(first, depth, cells, compared)


def agreement(depth: Grid, official: Mask) -> Grid:
    """BOTH, OFFICIAL or COMPUTED, 0 where neither is flooded, NaN where there is no depth to compare."""
    wet = depth > 0
    found = np.select([wet & official, official, wet], [BOTH, OFFICIAL, COMPUTED], 0.0).astype(np.float32)
    found[np.isnan(depth)] = np.nan
    return found
