"""Each geometry by itself, as delivered: orientation of rings, doubled vertices, crossings, patches."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from planning.xplanung import crs
from planning.xplanung.findings import Finding, Value
from planning.xplanung.placing import Drawn
from planning.xplanung.reader import FeatureRecord
from planning.xplanung.topology.shapes import Geometries, Indices, point_of

_AT_ONCE = 2000  # geometries checked in one go
_MOST_CROSSINGS = 10  # named of one polygon


@dataclass(frozen=True, slots=True)
class _Held:
    gml_id: str
    line: int
    drawn: Drawn


class _Flaw(NamedTuple):
    """owner: index of what is held; point: (2,) in the order of the file's numbers."""

    owner: int
    rule: str
    point: crs.Coordinates
    params: dict[str, Value]


class Validity:
    """Add records, then finish. Holds a bounded number of geometries. target: EPSG code of the findings' points."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._held: list[_Held] = []
        self._findings: list[Finding] = []

    def add(self, record: FeatureRecord) -> None:
        self._held += [_Held(record.gml_id, record.line, drawn) for drawn in record.drawn if drawn.polygons]
        if len(self._held) >= _AT_ONCE:
            self._check()

    def finish(self) -> list[Finding]:
        self._check()
        return self._findings

    def _check(self) -> None:
        if not self._held:
            return
        flaws = sorted(self._flaws(), key=lambda flaw: flaw.owner)
        for srid in sorted({held.drawn.srid for held in self._held}):
            self._report([flaw for flaw in flaws if self._held[flaw.owner].drawn.srid == srid], srid)
        self._held = []

    def _flaws(self) -> Iterator[_Flaw]:
        counts = [len(held.drawn.polygons) for held in self._held]
        owners = np.repeat(np.arange(len(self._held)), counts)
        polygons = np.array([one for held in self._held for one in held.drawn.polygons], dtype=object)
        rings, of = shapely.get_rings(polygons, return_index=True)
        yield from _misoriented(rings, of, owners)
        yield from _doubled(rings, owners[of])
        yield from _crossing(polygons, owners)
        for owner, held in enumerate(self._held):
            for patches in held.drawn.patches:
                for rule, point in _patch_flaws(np.array(patches, dtype=object)):
                    yield _Flaw(owner, rule, point, {})

    def _report(self, flaws: list[_Flaw], srid: int) -> None:
        places = [flaw.point[::-1] if self._held[flaw.owner].drawn.turned else flaw.point for flaw in flaws]
        there = crs.transform(np.array(places).reshape(-1, 2), source=srid, target=self._target)
        for flaw, place in zip(flaws, there, strict=True):
            held = self._held[flaw.owner]
            params = {"property": held.drawn.property, **flaw.params}
            self._findings.append(
                Finding(flaw.rule, "error", params, held.gml_id, held.line, point_of(place))
            )


def _misoriented(rings: Geometries, of: Indices, owners: Indices) -> Iterator[_Flaw]:
    """Outer rings counter-clockwise, inner ones clockwise, by the numbers as they stand in the file."""
    outer = np.concatenate([[True], of[1:] != of[:-1]])
    wrong = shapely.is_ccw(rings) != outer
    wrong[wrong] = shapely.area(shapely.polygons(rings[wrong])) > 0  # what has no area has no direction
    starts = shapely.get_coordinates(shapely.get_point(rings[wrong], 0))
    for owner, count, first in _by_owner(owners[of[wrong]]):
        yield _Flaw(owner, "geometry.orientation", starts[first], {"count": count})


def _doubled(rings: Geometries, owners: Indices) -> Iterator[_Flaw]:
    points, ring = shapely.get_coordinates(rings, return_index=True)
    again = np.flatnonzero((points[1:] == points[:-1]).all(axis=1) & (ring[1:] == ring[:-1]))
    for owner, count, first in _by_owner(owners[ring[again]]):
        yield _Flaw(owner, "geometry.doubled_vertex", points[again[first]], {"count": count})


def _crossing(polygons: Geometries, owners: Indices) -> Iterator[_Flaw]:
    for at in np.flatnonzero(~shapely.is_valid(polygons)):
        for point in _crossings(polygons[at])[:_MOST_CROSSINGS]:
            yield _Flaw(int(owners[at]), "geometry.crossing", point, {})


def _crossings(polygon: BaseGeometry) -> crs.Coordinates:
    """(n, 2) points where the boundary of a polygon crosses or touches itself."""
    pieces = shapely.get_parts(shapely.unary_union(shapely.boundary(polygon)))
    ends = shapely.get_coordinates([shapely.get_point(pieces, 0), shapely.get_point(pieces, -1)])
    points, count = np.unique(ends, axis=0, return_counts=True)
    return points[count > 2]


def _patch_flaws(patches: Geometries) -> Iterator[tuple[str, crs.Coordinates]]:
    """Patches of one surface share edges and nothing else, and hang together."""
    patches = patches[shapely.is_valid(patches)]
    first, second = shapely.STRtree(patches).query(patches, predicate="intersects")
    for one, other in zip(patches[first[first < second]], patches[second[first < second]], strict=True):
        if not one.touches(other):
            common = shapely.point_on_surface(one.intersection(other))
            yield "geometry.patches_overlap", shapely.get_coordinates(common)[0]
    parts = shapely.get_parts(shapely.union_all(patches))
    if len(parts) > 1:
        yield "geometry.patches_apart", shapely.get_coordinates(parts[1])[0]


def _by_owner(owners: Indices) -> Iterator[tuple[int, int, int]]:
    """(owner, how often, where first) of a sorted array."""
    for owner, first, count in zip(*np.unique(owners, return_index=True, return_counts=True), strict=True):
        yield int(owner), int(count), int(first)
