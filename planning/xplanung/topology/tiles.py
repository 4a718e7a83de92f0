"""Cut many areas into tiles of bounded size, so that every later step costs the same wherever it happens.

The union of thousands of areas, or a difference with an outline of 100,000 vertices, costs more than in proportion; in tiles it is
linear. Tiles overlap by a margin, so a fault narrower than the margin is seen whole in the tile that holds its middle.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from planning.xplanung.topology.shapes import Geometries, Indices, areas

MARGIN = 0.1  # metres; far more than any tolerance
_MOST = 4000  # vertices of a tile
_WORTH = 1.5  # cutting what lies one on the other gives twice as much and no smaller tile
_Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Tile:
    """pieces: what lies in the box and its margin; which: index of each piece's area among those given."""

    box: _Box
    which: Indices
    pieces: Geometries

    def holds(self, geometry: BaseGeometry) -> bool:
        """Does a geometry reach into the box itself, not only its margin?"""
        return bool(geometry.intersects(shapely.box(*self.box)))


def tiles(geometries: Geometries) -> Iterator[Tile]:
    """Polygons and multipolygons, valid -> tiles that together cover them."""
    which = np.flatnonzero(~shapely.is_empty(geometries))
    if not len(which):
        return
    waiting = [Tile(_box(shapely.total_bounds(geometries)), which, geometries[which])]
    while waiting:
        tile = waiting.pop()
        halves = [_cut(tile, half) for half in _halves(tile)] if _size(tile) > _MOST else []
        if halves and sum(map(_size, halves)) < _WORTH * _size(tile):
            waiting += [half for half in halves if len(half.which)]
        else:
            yield tile


def _size(tile: Tile) -> int:
    return int(shapely.get_num_coordinates(tile.pieces).sum())


def _halves(tile: Tile) -> tuple[_Box, _Box]:
    """Across the longer side, where half of the vertices lie on either side, but never near an edge."""
    west, south, east, north = tile.box
    axis = 0 if east - west >= north - south else 1
    low, high = (west, east) if axis == 0 else (south, north)
    middle = float(np.median(shapely.get_coordinates(tile.pieces)[:, axis]))
    at = min(max(middle, low + (high - low) / 5), high - (high - low) / 5)
    return ((west, south, at, north), (at, south, east, north)) if axis == 0 else ((west, south, east, at), (west, at, east, north))  # fmt: skip


def _cut(tile: Tile, box: _Box) -> Tile:
    west, south, east, north = box[0] - MARGIN, box[1] - MARGIN, box[2] + MARGIN, box[3] + MARGIN
    bounds = shapely.bounds(tile.pieces)
    near = (bounds[:, 0] <= east) & (bounds[:, 2] >= west) & (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
    bounds, which, pieces = bounds[near], tile.which[near], tile.pieces[near]
    across = (bounds[:, 0] < west) | (bounds[:, 2] > east) | (bounds[:, 1] < south) | (bounds[:, 3] > north)
    pieces[across] = areas(shapely.intersection(pieces[across], shapely.box(west, south, east, north)))
    left = ~shapely.is_empty(pieces)
    return Tile(box, which[left], pieces[left])


def _box(bounds: np.ndarray) -> _Box:
    west, south, east, north = (float(number) for number in bounds)
    return west, south, east, north
