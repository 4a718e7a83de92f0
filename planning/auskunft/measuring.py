"""How much of a place something covers. Pure; geometries in one plane system, metres.

What two sources draw alike never coincides to the centimetre: overlaps narrower than WIDTH everywhere count as none.
"""

from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from planning.auskunft.places import Place

WIDTH = 0.10  # metres
REACH = 1.0  # metres around a point within which lines and signs are told


@dataclass(frozen=True)
class Share:
    """area in m², percent of the place, length in m; None where there is none to tell."""

    area: float | None = None
    percent: float | None = None
    length: float | None = None


def sound(shape: BaseGeometry) -> BaseGeometry:
    """The shape, mended where it crosses itself: plans are shown as they came, but they must be measurable."""
    return shape if shapely.is_valid(shape) else shapely.make_valid(shape)


def clipped(shape: BaseGeometry, place: Place) -> BaseGeometry:
    """What of a shape lies in the place, in the shape's own dimension; empty where that is nothing worth telling."""
    dimension = int(shapely.get_dimensions(shape))
    if not place.is_area:
        return _at_point(shape, place.shape, dimension)
    return substantial(shapely.intersection(sound(shape), place.shape), dimension=dimension)


def _at_point(shape: BaseGeometry, point: BaseGeometry, dimension: int) -> BaseGeometry:
    if dimension == 2:
        return point if shapely.intersects(sound(shape), point) else shapely.GeometryCollection()
    return shape if shapely.dwithin(shape, point, REACH) else shapely.GeometryCollection()


def substantial(piece: BaseGeometry, *, dimension: int) -> BaseGeometry:
    """The parts of this dimension, without slivers."""
    flat = [
        part
        for part in shapely.get_parts(shapely.get_parts([piece]))
        if int(shapely.get_dimensions(part)) == dimension
    ]
    if dimension == 2:
        flat = [part for part in flat if _is_wide(part)]
    elif dimension == 1:
        whole = shapely.union_all(flat) if flat else shapely.GeometryCollection()
        return whole if whole.length >= WIDTH else shapely.GeometryCollection()
    return shapely.union_all(flat) if flat else shapely.GeometryCollection()


def remaining(piece: BaseGeometry, gone: BaseGeometry) -> BaseGeometry:
    """What is left of a piece without `gone`, slivers aside. A point lies in it or not."""
    if piece.is_empty or gone.is_empty:
        return piece
    return substantial(shapely.difference(piece, gone), dimension=int(shapely.get_dimensions(piece)))


def share(piece: BaseGeometry, place: Place) -> Share:
    """Of a clipped piece."""
    dimension = int(shapely.get_dimensions(piece))
    if not place.is_area or dimension == 0:
        return Share()
    if dimension == 1:
        return Share(length=float(piece.length))
    return Share(area=float(piece.area), percent=100 * float(piece.area) / place.area)


def _is_wide(part: BaseGeometry) -> bool:
    """Whether a circle of WIDTH fits in somewhere. An area of more than WIDTH x outline is wide without looking closer."""
    if part.area > WIDTH * part.length:
        return True
    return not shapely.is_empty(shapely.buffer(part, -WIDTH / 2, quad_segs=2))
