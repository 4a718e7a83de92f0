"""Drawing a plan: areas are painted over one another, and the visible rest is cut into areas that meet exactly.

All geometry is planar, in metres; coordinates end up on a grid of full millimetres, as XPlanGML exchanges them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, radians, sin
from typing import TypeVar

import shapely
from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.affinity import affine_transform
from shapely.geometry.base import BaseGeometry

GRID = 0.001  # metres
SLIVER = 1.0  # square metres; smaller pieces are given to the neighbour

Shape = TypeVar("Shape", bound=BaseGeometry)
Pairs = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Frame:
    """A local drawing frame. origin: easting, northing; turn: degrees from east to the local x axis, anticlockwise."""

    origin: tuple[float, float]
    turn: float = 0.0

    @classmethod
    def along(cls, axis: LineString, start: float, length: float) -> "Frame":
        """Origin on the axis, `start` metres from its beginning; x towards the point `length` metres further on."""
        here, ahead = axis.interpolate(start), axis.interpolate(start + length)
        turn = degrees(atan2(ahead.y - here.y, ahead.x - here.x))
        return cls(origin=(round(here.x, 3), round(here.y, 3)), turn=round(turn, 3))

    def place(self, shape: Shape) -> Shape:
        c, s = cos(radians(self.turn)), sin(radians(self.turn))
        placed: Shape = affine_transform(shape, [c, -s, s, c, *self.origin])
        return placed

    def area(self, corners: Pairs) -> Polygon:
        return self.place(Polygon(corners))

    def box(self, left: float, bottom: float, right: float, top: float) -> Polygon:
        return self.place(shapely.box(left, bottom, right, top))

    def line(self, points: Pairs) -> LineString:
        return self.place(LineString(points))

    def strip(self, points: Pairs, width: float) -> Polygon:
        """A street or path of even width along the points."""
        return band(self.line(points), width)

    def point(self, x: float, y: float) -> Point:
        return self.place(Point(x, y))


def band(axis: LineString, width: float) -> Polygon:
    """The area along an axis, blunt at its ends."""
    return single(axis.buffer(width / 2, cap_style="flat", join_style="mitre", quad_segs=4))


def single(shape: BaseGeometry) -> Polygon:
    """The shape if it is one polygon. Raises ValueError otherwise."""
    if not isinstance(shape, Polygon):
        raise ValueError(shape.geom_type)
    return shape


def joined(first: Polygon, second: Polygon) -> Polygon:
    """Both as one area. Raises ValueError if they do not meet."""
    return single(first.union(second))


def polygons(shape: BaseGeometry) -> list[Polygon]:
    """The polygons in a geometry, from the largest to the smallest."""
    parts = [part for part in shapely.get_parts([shape]) if isinstance(part, Polygon) and not part.is_empty]
    return sorted(parts, key=lambda part: -part.area)


def partition(outline: Polygon, painted: Iterable[Polygon | MultiPolygon]) -> list[list[Polygon]]:
    """For each painted area the polygons still visible inside the outline when later areas cover earlier ones.

    The pieces have no gaps and no overlaps and share every vertex. Raises ValueError if a part of the outline stays bare.
    """
    edge = shapely.set_precision(outline, GRID)
    areas = [shapely.intersection(area, edge, grid_size=GRID) for area in painted]
    lines = [edge.boundary, *(area.boundary for area in areas)]
    faces = [
        face
        for face in shapely.get_parts(shapely.polygonize([shapely.unary_union(lines, grid_size=GRID)]))
        if edge.contains(face.representative_point())
    ]
    owners = [_owner(face, areas) for face in faces]
    owned: list[list[Polygon]] = [[] for _ in areas]
    for face, owner in zip(faces, owners, strict=True):
        owned[owner if face.area >= SLIVER else owners[_neighbour(face, faces)]].append(face)
    return [polygons(shapely.coverage_union_all(pieces)) if pieces else [] for pieces in owned]


def _owner(face: Polygon, areas: Sequence[BaseGeometry]) -> int:
    """The area painted last at that place."""
    inside = face.representative_point()
    above = [index for index, area in enumerate(areas) if area.contains(inside)]
    if not above:
        raise ValueError(f"bare at {inside}")
    return above[-1]


def _neighbour(face: Polygon, faces: Sequence[Polygon]) -> int:
    """The face, no sliver itself, with the longest edge in common."""
    common = [
        other.boundary.intersection(face.boundary).length if other.area >= SLIVER else 0.0 for other in faces
    ]
    return common.index(max(common))


def outline_of(pieces: Iterable[Polygon]) -> Polygon:
    """The common outline of pieces that meet, with every vertex where two of them touch it."""
    return single(shapely.coverage_union_all(list(pieces)))


def building_window(plot: Polygon, *, setback: float, depth: float) -> list[Polygon]:
    """Where buildings may stand: `setback` from the plot's edge, not deeper than `depth`; wide plots keep their yard free."""
    inner = plot.buffer(-setback, join_style="mitre")
    yard = inner.buffer(-depth, join_style="mitre")
    roomy = [part for part in polygons(yard) if part.area > depth * depth]
    window = inner.difference(shapely.union_all(roomy)) if roomy else inner
    return [part for part in polygons(shapely.set_precision(window, GRID)) if part.area > 2 * depth]


def row_of_points(axis: LineString, *, every: float, start: float = 0.0) -> list[Point]:
    """Points on the axis, `every` metres apart."""
    count = int((axis.length - start) // every) + 1
    return [shapely.set_precision(axis.interpolate(start + every * index), GRID) for index in range(count)]
