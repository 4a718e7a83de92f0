"""Reference systems of the interfaces: their names, the order of their axes, and where what was asked in them is looked up.

A rectangle in degrees is a rectangle in Web Mercator, which the features carry too, so what is asked in degrees is compared
there, exactly and by index, whatever its size; what is asked in metres of UTM is compared in the stored EPSG:25833, among what
the same index finds around it.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely.errors import ShapelyError
from shapely.geometry import shape

from twin.ogc.messages import _

STORED, MERCATOR = 25833, 3857
_NORTHERNMOST = 85.06  # degrees; Web Mercator ends there
_AROUND = shapely.box(
    556_597, 5_621_521, 2_226_390, 7_967_317
)  # 5 to 20 degrees east, 45 to 58 north, in EPSG:3857
Box = tuple[float, float, float, float]  # west, south, east, north
_STEP = 20_000  # metres between corners of a bent edge; it then runs less than 10 m beside its place
_EVERYWHERE = 2.1e7  # metres from the origin of Web Mercator: all of it
_ROUNDED = (
    4.0  # metres; PostGIS keeps boxes in single precision, which tells apart 2 m at the edge of Web Mercator
)
_FAR = 1e8  # metres; more is no place on Earth in any of these systems


@dataclass(frozen=True)
class Crs:
    """uri: its name; degrees: geographic; latitude_first: order of axes in coordinates that are exchanged."""

    uri: str
    srid: int
    degrees: bool = False
    latitude_first: bool = False

    @property
    def urn(self) -> str:
        """As WFS 2.0 and GML write it; the short name where longitude comes first against EPSG's word."""
        if self == CRS84:
            return "urn:ogc:def:crs:OGC:1.3:CRS84"
        return (
            f"EPSG:{self.srid}"
            if self.degrees and not self.latitude_first
            else f"urn:ogc:def:crs:EPSG::{self.srid}"
        )


CRS84 = Crs("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326, degrees=True)
UTM33 = Crs("http://www.opengis.net/def/crs/EPSG/0/25833", STORED)
OFFERED = (
    CRS84,
    UTM33,
    Crs("http://www.opengis.net/def/crs/EPSG/0/25832", 25832),
    Crs("http://www.opengis.net/def/crs/EPSG/0/4326", 4326, degrees=True, latitude_first=True),
    Crs("http://www.opengis.net/def/crs/EPSG/0/3857", MERCATOR),
)
_BY_URI = {one.uri: one for one in OFFERED}
_BY_SRID = {one.srid: one for one in OFFERED if one != CRS84}
_WITH_ORDER = re.compile(
    r"(?:urn:ogc:def:crs:EPSG:[\d.]*:|https?://www\.opengis\.net/def/crs/EPSG/[\d.]+/)(\d{1,6})", re.I
)
_EAST_FIRST = re.compile(r"(?:EPSG:|https?://www\.opengis\.net/gml/srs/epsg\.xml#)(\d{1,6})", re.I)
_CRS84 = re.compile(
    r"(?:urn:ogc:def:crs:OGC:[\d.]*:|https?://www\.opengis\.net/def/crs/OGC/[\d.]+/|CRS:)(?:CRS)?84", re.I
)


@dataclass(frozen=True)
class Place:
    """A geometry as it is compared. srid: 3857 or 25833, hence the column.

    core: of a rectangle one well inside of it; a feature whose own box lies in that one needs no exact look.
    """

    wkb: bytes
    srid: int
    core: Box | None = None

    @property
    def column(self) -> str:
        return "geometry_3857" if self.srid == MERCATOR else "geometry"


def named(uri: str) -> Crs | None:
    return _BY_URI.get(uri)


def short_names() -> dict[str, Crs]:
    """As WMS 1.3.0 calls them; the order of axes is that of EPSG there."""
    return {"CRS:84": CRS84, **{f"EPSG:{srid}": one for srid, one in _BY_SRID.items()}}


def spelled(name: str) -> Crs | None:
    """By any name of older services. Of the short EPSG:4326 and its like, programs of their time mean longitude first."""
    if _CRS84.fullmatch(name):
        return CRS84
    if found := _WITH_ORDER.fullmatch(name):
        return _BY_SRID.get(int(found[1]))
    found = _EAST_FIRST.fullmatch(name)
    system = _BY_SRID.get(int(found[1])) if found else None
    return replace(system, latitude_first=False) if system else None


def placed(geometry: Any, crs: Crs) -> Place:
    """A shapely geometry in this reference system, its axes as exchanged, as it is compared. Raises ValueError."""
    found = shapely.force_2d(geometry)
    if not len(shapely.get_coordinates(found)):
        raise ValueError(_("The geometry is empty."))
    found = shapely.transform(found, lambda points: _moved(points, crs))
    srid = STORED if crs.srid in {STORED, 25832} else MERCATOR
    return Place(shapely.to_wkb(found), srid)


def around(place: Place) -> Box:
    """Web Mercator's rectangle that holds a place of EPSG:25833; all of it where the place lies beyond what UTM is for."""
    west, south, east, north = shapely.bounds(shapely.from_wkb(place.wkb)).tolist()
    return around_box((west, south, east, north))


def around_box(box: Box) -> Box:
    """The same of a rectangle."""
    west, south, east, north = box
    size = max(east - west, north - south, 1.0)
    outline = shapely.box(west - 1, south - 1, east + 1, north + 1)  # a point has an outline, too
    outline = shapely.segmentize(outline, size / 16)  # its edges are bent
    try:
        points = _transformed(shapely.get_coordinates(outline), STORED, MERCATOR)
    except ValueError:
        return (-_EVERYWHERE, -_EVERYWHERE, _EVERYWHERE, _EVERYWHERE)
    margin = size / 100
    low, high = points.min(axis=0) - margin, points.max(axis=0) + margin
    return (*low.tolist(), *high.tolist())


def in_utm(place: Place) -> Place:
    """The same place for features that have no Web Mercator: as far as UTM zone 33 reaches, its edges bent as they are there."""
    if place.srid == STORED:
        return place
    found = shapely.intersection(shapely.from_wkb(place.wkb), _AROUND)
    found = shapely.segmentize(found, _STEP)
    found = shapely.transform(found, lambda points: _transformed(points, MERCATOR, STORED))
    return Place(shapely.to_wkb(found), STORED)


def _moved(points: Any, crs: Crs) -> Any:
    points = points[:, ::-1] if crs.latitude_first else points
    if crs.degrees:
        if np.abs(points[:, 0]).max() > 180.000001 or np.abs(points[:, 1]).max() > 90.000001:
            raise ValueError(_("Degrees are at most 180 in longitude and 90 in latitude."))
        return _transformed(np.clip(points, (-180, -_NORTHERNMOST), (180, _NORTHERNMOST)), 4326, MERCATOR)
    if not np.isfinite(points).all() or np.abs(points).max() > _FAR:
        raise ValueError(_("This is no place on Earth."))
    return points if crs.srid in {STORED, MERCATOR} else _transformed(points, crs.srid, STORED)


def _transformed(points: Any, source: int, target: int) -> Any:
    found = np.column_stack(_transformer(source, target).transform(points[:, 0], points[:, 1]))
    if not np.isfinite(found).all():
        raise ValueError(_("This place lies outside of where the reference system is used."))
    return found


@cache
def _transformer(source: int, target: int) -> Transformer:
    """Made once: that takes a millisecond, a rectangle's corners some microseconds."""
    return Transformer.from_crs(source, target, always_xy=True)


def box(numbers: Sequence[float], crs: Crs) -> list[Place]:
    """A bounding box of four numbers, or six with heights that are left aside: one place, two across the antimeridian.

    Raises ValueError.
    """
    if len(numbers) not in {4, 6} or not all(math.isfinite(number) for number in numbers):
        raise ValueError(_("A box is four numbers, or six with heights."))
    west, south, east, north = numbers if len(numbers) == 4 else (*numbers[:2], *numbers[3:5])
    if crs.latitude_first:
        south, west, north, east = west, south, east, north
    if south > north or (west > east and not crs.degrees):
        raise ValueError(_("The lower corner of the box comes first."))
    spans = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    return [_rectangle((left, south), (right, north), crs) for left, right in spans]


def _rectangle(low: tuple[float, float], high: tuple[float, float], crs: Crs) -> Place:
    found = shapely.box(*low, *high)
    if crs.srid == 25832:  # its edges are bent in the other zone
        found = shapely.segmentize(found, max(high[0] - low[0], high[1] - low[1], 1.0) / 16)
    if crs.latitude_first:
        found = shapely.transform(found, lambda points: points[:, ::-1])
    place = placed(found, crs)
    return place if crs.srid == 25832 else replace(place, core=_core(place))


def _core(place: Place) -> Box | None:
    west, south, east, north = shapely.bounds(shapely.from_wkb(place.wkb)).tolist()
    if min(east - west, north - south) <= 2 * _ROUNDED:
        return None
    return west + _ROUNDED, south + _ROUNDED, east - _ROUNDED, north - _ROUNDED


def from_geojson(geometry: Any) -> Any:
    """Raises ValueError."""
    try:
        return shape(geometry)
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        raise ValueError(_("The geometry can't be read.")) from None
