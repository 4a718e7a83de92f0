"""Geometries as lines of text that a person can read and type: one corner a line ("400000,00 5660000,00"), an empty line between
rings or parts. For who draws without a pointer, and for surveyors' lists."""

import re
from itertools import groupby
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from planning.xplanung.cutting import Corner

_NUMBER = re.compile(r"[+-]?\d{1,9}(?:[.,]\d{1,9})?")
_MOST = 100_000  # lines


class BadCoordinates(ValueError):
    """A line that is no corner, or too few of them. Carries the number of the line, 0 for the whole text."""

    def __init__(self, line: int = 0) -> None:
        super().__init__(str(line))
        self.line = line


def as_text(geometry: BaseGeometry) -> str:
    """Corners of every ring, line and point; the corner that closes a ring is left out."""
    return "\n\n".join(
        "\n".join(f"{east:.3f} {north:.3f}" for east, north in ring) for ring in _rings(geometry)
    )


def _rings(geometry: BaseGeometry) -> list[list[Corner]]:
    found = []
    for part in shapely.get_parts(geometry):
        lines = [part.exterior, *part.interiors] if isinstance(part, shapely.Polygon) else [part]
        for line in lines:
            points = [(float(east), float(north)) for east, north in shapely.get_coordinates(line)]
            found.append(points[:-1] if isinstance(part, shapely.Polygon) else points)
    return found


def corners_of(text: str) -> list[list[Corner]]:
    """Groups of corners, as they are separated by empty lines. Raises BadCoordinates."""
    lines = text.replace("\r\n", "\n").split("\n")
    if len(lines) > _MOST:
        raise BadCoordinates
    numbered = [(number, line.strip()) for number, line in enumerate(lines, 1)]
    return [
        [_corner(number, line) for number, line in group]
        for stated, group in groupby(numbered, key=lambda one: bool(one[1]))
        if stated
    ]


def _corner(number: int, line: str) -> Corner:
    found = [part.replace(",", ".") for part in line.replace(";", " ").split()]
    if len(found) != 2 or not all(_NUMBER.fullmatch(part) for part in found):
        raise BadCoordinates(number)
    return float(found[0]), float(found[1])


def as_shape(text: str, *, shape: str) -> BaseGeometry:
    """An area (further groups are its holes where they lie inside, else further parts), line or point. Raises BadCoordinates."""
    groups = corners_of(text)
    least = {"area": 3, "line": 2, "point": 1}[shape]
    if not groups or any(len(group) < least for group in groups):
        raise BadCoordinates
    if shape == "area":
        return _areas([shapely.Polygon(group) for group in groups])
    made: list[Any] = [
        shapely.LineString(group) if shape == "line" else shapely.Point(group[0]) for group in groups
    ]
    many = shapely.MultiLineString if shape == "line" else shapely.MultiPoint
    return made[0] if len(made) == 1 else many(made)


def _areas(rings: list[shapely.Polygon]) -> BaseGeometry:
    outer: list[tuple[shapely.Polygon, list[Any]]] = []
    for ring in rings:
        around = next(
            (holes for area, holes in outer if area.is_valid and ring.is_valid and area.contains(ring)), None
        )
        if around is None:
            outer.append((ring, []))
        else:
            around.append(ring.exterior)
    made = [shapely.Polygon(area.exterior, holes) for area, holes in outer]
    return made[0] if len(made) == 1 else shapely.MultiPolygon(made)


def like(text: str, geometry: BaseGeometry) -> BaseGeometry:
    """The corners in the shape of a geometry: ring for ring where there are as many, else newly put together."""
    groups, rings = corners_of(text), _rings(geometry)
    shape = {0: "point", 1: "line", 2: "area"}[int(shapely.get_dimensions(geometry))]
    if [len(group) for group in groups] != [len(ring) for ring in rings]:
        return as_shape(text, shape=shape)
    points = [
        np.array(corner) for group in groups for corner in (*group, *(group[:1] if shape == "area" else ()))
    ]
    return shapely.set_coordinates(shapely.force_2d(geometry), np.array(points))
