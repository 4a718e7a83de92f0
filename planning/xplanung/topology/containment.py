"""What must lie within the Geltungsbereich."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from planning.xplanung import arcs
from planning.xplanung.topology.shapes import Point, Shape, array_of, spot

_ROUNDING = 1e-6  # metres; two readings of one boundary differ by less


class Outside(NamedTuple):
    """size: square metres outside for an area, metres for a line, 0 for a point."""

    shape: Shape
    size: float
    point: Point


def outside(area: Shape, shapes: list[Shape], tolerance: float) -> Iterator[Outside]:
    """Which shapes reach more than `tolerance` metres out of an area, and where.

    Two drawings of one arc as lines differ by up to arcs.TOLERANCE: that is allowed on top where the area or the shape has arcs."""
    for curved in (False, True):
        group = [shape for shape in shapes if (shape.curved or area.curved) is curved]
        if group:
            allowed = tolerance + _ROUNDING + (arcs.TOLERANCE if curved else 0)
            yield from _beyond(shapely.buffer(area.geometry, allowed, quad_segs=8), group)


def _beyond(ground: BaseGeometry, shapes: list[Shape]) -> Iterator[Outside]:
    shapely.prepare(ground)
    for at in np.flatnonzero(~shapely.contains_properly(ground, array_of(shapes))):
        beyond = shapes[at].geometry.difference(ground)
        if not beyond.is_empty:
            yield Outside(shapes[at], float(beyond.area or beyond.length), spot(beyond))
