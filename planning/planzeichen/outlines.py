"""Geometry of a drawing: SVG paths, bands beside an outline, places of marks along it. Coordinates of the picture, y down."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from planning.planzeichen.model import Band, Side

Points = NDArray[np.float64]
TOLERANCE = 0.05  # mm on paper; finer than any pen
CORNER = math.radians(25)  # a sharper turn ends an edge
MARKS = 4000  # along one outline; more would be grey, not marks


def path(geometry: BaseGeometry) -> str:
    """SVG path data of lines and areas; holes are rings of their own that run the other way round."""
    return "".join(_ring(np.asarray(line.coords), closed) for line, closed in lines(geometry))


def _ring(points: Points, closed: bool) -> str:
    pairs = [f"{x:.2f} {y:.2f}" for x, y in (points[:-1] if closed else points)[:, :2]]
    return f"M{'L'.join(pairs)}{'Z' if closed else ''}" if len(pairs) > 1 else ""


def lines(geometry: BaseGeometry) -> Iterator[tuple[Any, bool]]:
    """(line, closed) of each ring or line; of areas with what is inside to the left of the numbers' plane."""
    for part in shapely.get_parts(geometry):
        if part.is_empty:
            continue
        if part.geom_type == "Polygon":
            turned = orient(part)
            yield from ((ring, True) for ring in (turned.exterior, *turned.interiors))
        elif part.geom_type in ("LineString", "LinearRing"):
            yield part, part.is_ring
        elif part.geom_type == "GeometryCollection":
            yield from lines(part)


def band(geometry: BaseGeometry, wanted: Band, scale: float) -> BaseGeometry:
    """The line along which the band is drawn with its width; empty where an area is too small for it."""
    shift = (
        {"inside": -0.5, "outside": 0.5, "centre": 0.0}[side_of(geometry, wanted.side)] * wanted.width * scale
    )
    if not shift:
        return geometry
    return shapely.boundary(geometry.buffer(shift, join_style="mitre", mitre_limit=2))


def side_of(geometry: BaseGeometry, wanted: Side) -> Side:
    return wanted if "Polygon" in geometry.geom_type else "centre"


def marks(
    geometry: BaseGeometry, *, step: float, inset: float
) -> Iterator[tuple[float, float, float, float]]:
    """(x, y, tx, ty): places along all outlines, with the direction of the line there.

    Between two corners the distances are even and near `step`, and half of one keeps each mark off the corner."""
    for line, _closed in lines(geometry):
        left = MARKS
        for start, length in _edges(line):
            count = min(round(length / step), left)
            left -= count
            if count:
                at = np.linspace(0.5, count - 0.5, count) * (length / count) + start
                yield from _along(line, at, inset)


def _edges(line: Any) -> list[tuple[float, float]]:
    """(distance from the beginning, length) of what lies between two sharp corners."""
    points = shapely.get_coordinates(line)
    steps = np.diff(points, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    steps, lengths = steps[lengths > 0], lengths[lengths > 0]
    if not len(lengths):
        return []
    angles = np.arctan2(steps[:, 1], steps[:, 0])
    turns = np.abs((np.diff(angles) + np.pi) % (2 * np.pi) - np.pi)
    ends = np.cumsum(lengths)
    corners = [0.0, *ends[:-1][turns > CORNER], float(ends[-1])]
    return [(float(start), float(end - start)) for start, end in pairwise(corners)]


def _along(line: Any, distances: Points, inset: float) -> Iterator[tuple[float, float, float, float]]:
    reach = line.length * 1e-4
    places = _at(line, distances)
    ahead = _at(line, distances + reach) - _at(line, distances - reach)
    for (x, y), (dx, dy) in zip(places, ahead, strict=True):
        size = math.hypot(dx, dy)
        if size:
            tx, ty = dx / size, dy / size
            yield x - ty * inset, y + tx * inset, tx, ty


def _at(line: Any, distances: Points) -> Points:
    return shapely.get_coordinates(shapely.line_interpolate_point(line, distances))


def room(geometry: BaseGeometry) -> tuple[float, float, float]:
    """(x, y, radius): the middle of the widest place inside an area; of a line its middle, of a point itself."""
    if geometry.geom_type == "GeometryCollection":
        parts = [part for part in shapely.get_parts(geometry) if not part.is_empty]
        return room(max(parts, key=lambda part: (shapely.get_dimensions(part), part.area)))
    if "Polygon" in geometry.geom_type:
        widest = max(shapely.get_parts(geometry), key=lambda part: part.area)
        if not widest.is_valid:
            point = shapely.point_on_surface(widest)
            return point.x, point.y, 0.0
        across = math.sqrt(widest.area)
        circle = shapely.maximum_inscribed_circle(widest, tolerance=max(across / 50, 1e-6))
        (x, y), _edge = circle.coords
        middle = widest.centroid  # where it is nearly as wide, the middle of the whole pleases more
        if widest.contains(middle) and (around := middle.distance(widest.boundary)) > 0.9 * circle.length:
            return middle.x, middle.y, around
        return x, y, circle.length
    if "Line" in geometry.geom_type:
        longest = max(shapely.get_parts(geometry), key=lambda part: part.length)
        point = shapely.line_interpolate_point(longest, 0.5, normalized=True)
        return point.x, point.y, math.inf
    point = shapely.get_parts(geometry)[0]
    return point.x, point.y, math.inf


def direction(geometry: BaseGeometry) -> float:
    """Degrees, clockwise in the picture, in which a line runs from its beginning to its end."""
    points = shapely.get_coordinates(geometry)
    (x, y), (u, v) = points[0], points[-1]
    return math.degrees(math.atan2(v - y, u - x))
