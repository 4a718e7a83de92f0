"""The demo's valley of the Elbe in one of its towns: ground and water levels along the demo's own axis, generated. No framework.

Levels at the river's stations: BfG, FLYS (m above NHN), as in elbe.csv; all else is invented. Metres in EPSG:25833.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from scipy.spatial import KDTree

from twin.demo.geography import HERE, Array, elbe

CELL = 10.0  # m
AROUND = 800.0  # m of ground on all sides of the river in the town
GAUGE = 84.5  # km at which the demo's gauge stands
APART = 200.0  # m between two places with levels
FINE = 10.0  # m between two places of the axis that the ground is made from
CLASSES = ("MNQ", "MQ", "HQ2", "HQ10", "HQ20", "HQ100", "HQ200", "HQ500")
# Between mean discharge and HQ2, so that the slider follows a gauge between floods: share of the way; ours
BETWEEN = {"2MQ": 0.35, "3MQ": 0.6, "MHQ": 0.9}
# The ground by distance from the axis, m, as a place among levels: 0 is 2 m below MNQ, 1 MNQ, 2 MQ, 3 HQ2, 4 HQ20, 5 HQ100, 6 HQ500, 7 HILL
# m above that.
HILL = 60.0
PLAIN = ((0, 0.0), (40, 0.3), (55, 1.8), (70, 2.5), (130, 3.0), (190, 4.0), (250, 5.0), (420, 6.0), (700, 6.15), (1700, 7.0))  # fmt: skip
POLDER = ((0, 0.0), (40, 0.3), (55, 1.8), (70, 2.5), (130, 2.9), (150, 3.0), (165, 4.7), (185, 4.7), (205, 3.4), (330, 3.6), (420, 6.0), (700, 6.15), (1700, 7.0))  # fmt: skip
POLDER_AT, POLDER_ENDS = (
    (85.0, 86.4),
    0.2,
)  # km of the river on whose right bank a levee stands; km over which it ends


@dataclass(frozen=True)
class Ground:
    """heights: (rows, columns) float32 m above NHN, first row in the north; west, north: corner of the first cell."""

    heights: Array
    west: float
    north: float


@cache
def _stations() -> Mapping[str, Array]:
    with (HERE / "elbe.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def kilometres(along: Array) -> Array:
    """Of places that lie so many metres along the axis."""
    known = _stations()
    at = shapely.line_locate_point(elbe(), shapely.points(known["easting"], known["northing"]))
    return np.interp(along, at, known["km"])


def levels(km: Array) -> dict[str, Array]:
    """By class of discharge, m above NHN, from the lowest to the highest."""
    known = _stations()
    found = {name: np.interp(km, known["km"], known[name.lower()]) for name in CLASSES}
    between = {name: found["MQ"] + share * (found["HQ2"] - found["MQ"]) for name, share in BETWEEN.items()}
    return dict(sorted((found | between).items(), key=lambda pair: float(pair[1].mean())))


def places(town: shapely.Polygon) -> tuple[Array, Array]:
    """(n, 2) places on the axis with their kilometres, as far as the ground of the town reaches and one beyond at each end."""
    points, along = _axis(APART)
    inside = np.flatnonzero(shapely.contains_xy(shapely.box(*_box(town)), points))
    wanted = slice(max(0, inside[0] - 1), inside[-1] + 2)
    return points[wanted], kilometres(along[wanted])


def ground(town: shapely.Polygon) -> Ground:
    west, south, east, north = _box(town)
    x, y = np.arange(west, east, CELL) + CELL / 2, np.arange(north, south, -CELL) - CELL / 2
    cells = np.column_stack([each.ravel() for each in np.meshgrid(x, y)])
    axis, along = _axis(FINE)
    distance, nearest = KDTree(axis).query(cells)
    km = kilometres(along)
    share = np.where(_right(cells, axis, nearest), _protected(km)[nearest], 0.0)
    place = (1 - share) * _profile(PLAIN, distance) + share * _profile(POLDER, distance)
    heights = _heights(place, levels(km), nearest) + _waves(cells) * np.clip((distance - 200) / 400, 0, 1)
    return Ground(heights.reshape(len(y), len(x)).astype(np.float32), west, north)


def _axis(step: float) -> tuple[Array, Array]:
    """(n, 2) places so many metres apart, and how far along the axis each lies."""
    corners = shapely.get_coordinates(elbe())
    run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    along = np.arange(0.0, run[-1], step)
    return np.column_stack([np.interp(along, run, side) for side in corners.T]), along


def _box(town: shapely.Polygon) -> tuple[float, float, float, float]:
    """Around the river in the town, on whole cells."""
    west, south, east, north = shapely.intersection(elbe(), town).buffer(AROUND).bounds
    low, high = (
        np.floor(np.array([west, south]) / CELL) * CELL,
        np.ceil(np.array([east, north]) / CELL) * CELL,
    )
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _right(cells: Array, axis: Array, nearest: Array) -> Array:
    """Whether cells lie on the right bank."""
    ahead = np.gradient(axis, axis=0)[nearest]
    beside = cells - axis[nearest]
    found: Array = ahead[:, 0] * beside[:, 1] - ahead[:, 1] * beside[:, 0] < 0
    return found


def _protected(km: Array) -> Array:
    first, last = POLDER_AT
    return np.interp(km, [first - POLDER_ENDS, first, last, last + POLDER_ENDS], [0.0, 1.0, 1.0, 0.0])


def _profile(corners: tuple[tuple[float, float], ...], distance: Array) -> Array:
    found: Array = np.interp(distance, *np.array(corners).T)
    return found


def _heights(place: Array, known: Mapping[str, Array], nearest: Array) -> Array:
    """m, of places among the levels at the nearest place of the axis."""
    ends = np.stack([known["MNQ"] - 2, *(known[name] for name in ("MNQ", "MQ", "HQ2", "HQ20", "HQ100", "HQ500")), known["HQ500"] + HILL])  # fmt: skip
    lower = np.minimum(place.astype(int), len(ends) - 2)
    share = place - lower
    found: Array = (1 - share) * ends[lower, nearest] + share * ends[lower + 1, nearest]
    return found


def _waves(cells: Array) -> Array:
    """m: gentle, so that the slopes have hollows."""
    x, y = cells.T
    found: Array = (
        2.0 * np.sin(x / 170 + y / 410) + 1.5 * np.sin(y / 130 - x / 300) + 1.0 * np.sin((x + y) / 90)
    )
    return found
