"""Flächenschluss: ground that no area covers."""

from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from planning.xplanung.topology.shapes import Geometries, Point, Shape, areas, array_of, spot
from planning.xplanung.topology.tiles import tiles
from planning.xplanung.topology.width import cores

_POINTS_AT_ONCE = 50


class Cover:
    """Areas that together shall cover some ground, each place once."""

    def __init__(self, shapes: list[Shape]) -> None:
        self.shapes = shapes
        self.geometries = array_of(shapes)

    @cached_property
    def fits(self) -> bool:
        """Have neighbours that touch exactly the same edges, and nothing overlaps? The usual case, and quick to see."""
        return not self.shapes or _fits(self.geometries)

    @property
    def ground(self) -> Geometries:
        """Areas that cover the same ground, as few as can be had cheaply."""
        return np.array([shapely.coverage_union_all(self.geometries)]) if self.fits else self.geometries


class Gap(NamedTuple):
    """size: square metres."""

    size: float
    point: Point


def gaps(ground: BaseGeometry, covers: Geometries, tolerance: float, most: int) -> list[Gap]:
    """At most `most` places of the ground (one valid area in metres), wider than `tolerance` metres, on which no cover lies."""
    found = list(islice(_bare(ground, covers, tolerance), most))
    if not found:
        return []
    whole = shapely.get_parts(shapely.union_all([bare for bare, _core in found]))  # across tiles
    inner = np.array([core for _bare, core in found], dtype=object)
    tree = shapely.STRtree(inner)
    return [Gap(float(gap.area), spot(inner[tree.query(gap, predicate="intersects")[0]])) for gap in whole]


def _bare(
    ground: BaseGeometry, covers: Geometries, tolerance: float
) -> Iterator[tuple[BaseGeometry, BaseGeometry]]:
    """(bare ground, the core of it) tile by tile."""
    for tile in tiles(np.array([ground, *covers], dtype=object)):
        here = tile.pieces[tile.which == 0]
        bare = shapely.difference(here, _union(tile.pieces[tile.which > 0]))
        parts = shapely.get_parts(areas(bare))
        for part, core in zip(parts, cores(parts, tolerance), strict=True):
            if not core.is_empty and tile.holds(core):
                yield part, core


def _union(pieces: Geometries) -> BaseGeometry:
    """Where neighbours fit exactly, dropping their common edges is enough, and many times faster."""
    if len(pieces) and _fits(pieces):
        united: BaseGeometry = shapely.coverage_union_all(pieces)
        return united
    return shapely.union_all(pieces)


def _fits(pieces: Geometries) -> bool:
    """A valid coverage; piles are seen first, because the library's own test takes quadratic time on them."""
    return not _piled(pieces) and bool(shapely.coverage_is_valid(pieces))


def _piled(pieces: Geometries) -> bool:
    """Does an inner point of one lie inside another? A few at a time, so that a pile is known by its first ones."""
    tree = shapely.STRtree(pieces)
    inner = shapely.point_on_surface(pieces)
    for start in range(0, len(inner), _POINTS_AT_ONCE):
        points = inner[start : start + _POINTS_AT_ONCE]
        if tree.query(points, predicate="within").shape[1] > len(points):
            return True
    return False
