"""Neighbours must have the same vertices: a vertex of one on an edge of the other, where that has none, is missing there."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely

from planning.xplanung.crs import Coordinates
from planning.xplanung.topology.shapes import Flags, Indices, Point, Shape, array_of, point_of


class Missing(NamedTuple):
    """A vertex of `neighbour` on an edge of `shape`, which has no vertex there."""

    shape: Shape
    neighbour: Shape
    point: Point


@dataclass(frozen=True, slots=True)
class _Edges:
    """(n, 2) starts and ends of edges, and (n,) whose they are."""

    starts: Coordinates
    ends: Coordinates
    owners: Indices

    def only(self, which: Flags) -> "_Edges":
        return _Edges(self.starts[which], self.ends[which], self.owners[which])


def missing_vertices(shapes: list[Shape], tolerance: float) -> list[Missing]:
    """Areas in metres -> the vertices within `tolerance` metres of a neighbour's edge that the neighbour lacks there.

    Arcs are left out: neighbours may give one arc by different points."""
    edges = _single(_straight(shapes))
    if not len(edges.owners):
        return []
    points, owners = _vertices(edges)
    lines = np.asarray(shapely.linestrings(np.stack([edges.starts, edges.ends], axis=1)))
    tree = shapely.STRtree(lines)
    at, beside = tree.query(shapely.points(points), predicate="dwithin", distance=tolerance)
    away = (
        (owners[at] != edges.owners[beside])
        & (_distance(points[at], edges.starts[beside]) > tolerance)
        & (_distance(points[at], edges.ends[beside]) > tolerance)
    )
    rows = np.unique(np.column_stack([edges.owners[beside[away]], at[away]]), axis=0)
    return [
        Missing(shapes[int(lacking)], shapes[int(owners[which])], point_of(points[which]))
        for lacking, which in rows
    ]


def _straight(shapes: list[Shape]) -> _Edges:
    """All edges but those that stand for arcs."""
    rings, whose = shapely.get_rings(array_of(shapes), return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    along = ring[:-1] == ring[1:]
    edges = _Edges(points[:-1][along], points[1:][along], whose[ring[:-1][along]])
    bends = [shape.bends for shape in shapes if shape.curved]
    if not bends:
        return edges
    bent = _sortable(np.vstack(bends))
    return edges.only(~(np.isin(_sortable(edges.starts), bent) | np.isin(_sortable(edges.ends), bent)))


def _single(edges: _Edges) -> _Edges:
    """Those that no other area has as well, whichever way it runs along them."""
    first, second = _sortable(edges.starts), _sortable(edges.ends)
    turned = first > second
    first, second = np.where(turned, second, first), np.where(turned, first, second)
    order = np.lexsort((second, first))
    same = (first[order][1:] == first[order][:-1]) & (second[order][1:] == second[order][:-1])
    alone = np.ones(len(first), dtype=np.bool_)
    alone[order[1:][same]] = False
    alone[order[:-1][same]] = False
    return edges.only(alone)


def _vertices(edges: _Edges) -> tuple[Coordinates, Indices]:
    """Each place once, and one of those who have a vertex there."""
    points, owners = np.vstack([edges.starts, edges.ends]), np.tile(edges.owners, 2)
    _values, first = np.unique(_sortable(points), return_index=True)
    return points[first], owners[first]


def _sortable(points: Coordinates) -> np.ndarray:
    """(n, 2) points as (n,) numbers that can be compared and sorted."""
    return np.ascontiguousarray(points).view(np.complex128)[:, 0]


def _distance(first: Coordinates, second: Coordinates) -> Coordinates:
    apart: Coordinates = np.hypot(*(first - second).T)
    return apart
