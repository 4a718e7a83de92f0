"""Areas that lie one on the other by more than a tolerance."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from planning.xplanung.topology.shapes import Geometries, Indices, Point, areas, spot
from planning.xplanung.topology.tiles import Tile, tiles
from planning.xplanung.topology.width import cores

_AREAS_AT_ONCE, _PAIRS_AT_ONCE = 100, 2000  # thousands of copies of one area make millions of pairs
_Pair = tuple[int, int]


class Overlap(NamedTuple):
    """first, second: indices of the two areas; size: square metres."""

    first: int
    second: int
    size: float
    point: Point


def overlaps(geometries: Geometries, tolerance: float, most: int) -> list[Overlap]:
    """At most `most` pairs (valid areas in metres) whose common ground is somewhere wider than `tolerance` metres."""
    found: dict[_Pair, list[tuple[BaseGeometry, BaseGeometry]]] = {}
    for tile in tiles(geometries):
        for pair, common, core in _in_tile(tile, tolerance):
            if pair not in found and len(found) == most:
                break
            found.setdefault(pair, []).append((common, core))
    return [_whole(pair, pieces) for pair, pieces in sorted(found.items())]


def _whole(pair: _Pair, pieces: list[tuple[BaseGeometry, BaseGeometry]]) -> Overlap:
    common = shapely.union_all(
        [common for common, _core in pieces]
    )  # the margins of tiles hold some of it twice
    return Overlap(*pair, float(common.area), spot(pieces[0][1]))


def _in_tile(tile: Tile, tolerance: float) -> Iterator[tuple[_Pair, BaseGeometry, BaseGeometry]]:
    """(pair, its common ground, the core of that)."""
    shapely.prepare(tile.pieces)
    for first, second in _meeting(tile.pieces):
        deep = ~shapely.touches(tile.pieces[first], tile.pieces[second])
        first, second = first[deep], second[deep]
        common = areas(shapely.intersection(tile.pieces[first], tile.pieces[second]))
        inner = cores(common, tolerance)
        for at in np.flatnonzero(~shapely.is_empty(inner)):
            if tile.holds(inner[at]):
                one, other = sorted((int(tile.which[first[at]]), int(tile.which[second[at]])))
                yield (one, other), common[at], inner[at]


def _meeting(pieces: Geometries) -> Iterator[tuple[Indices, Indices]]:
    """Pairs of pieces that have anything in common, a bounded number at a time."""
    tree = shapely.STRtree(pieces)
    for start in range(0, len(pieces), _AREAS_AT_ONCE):
        first, second = tree.query(pieces[start : start + _AREAS_AT_ONCE], predicate="intersects")
        first = first + start
        once = first < second
        first, second = first[once], second[once]
        for at in range(0, len(first), _PAIRS_AT_ONCE):
            yield first[at : at + _PAIRS_AT_ONCE], second[at : at + _PAIRS_AT_ONCE]
