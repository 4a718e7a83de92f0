"""The place that is asked about: a point from two numbers, or an area; always in EPSG:25833, valid and of a sane size. Pure."""

import math
import re
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from planning.auskunft.errors import PlaceRefused
from planning.xplanung.crs import transform

SRID = 25833
MOST_VERTICES = 10_000  # of an area; parcels have some hundred at most
MOST_AREA = 2_000_000  # m²; 200 ha, larger than any parcel of the county, small enough to answer at once
LEAST_AREA = 0.5  # m²
_DEGREES = ((46.0, 56.0), (5.0, 16.0))  # latitude, longitude of Germany with a margin
_EASTING, _NORTHING = (
    (0.0, 1_000_000.0),
    (5_000_000.0, 6_300_000.0),
)  # metres; zone 33 stretched to all of Germany
_ZONE = 33_000_000  # some programs write the zone in front of the easting
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)?|nan|inf(?:inity)?)", re.IGNORECASE)


@dataclass(frozen=True)
class Extent:
    """Metres in EPSG:25833."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class Place:
    """shape: a Point or a MultiPolygon. label: how people call it (an address, a parcel's number)."""

    shape: BaseGeometry
    label: str = ""

    @property
    def is_area(self) -> bool:
        return not isinstance(self.shape, shapely.Point)

    @property
    def easting(self) -> float:
        """Of a point, or of the middle of an area."""
        return float(self.shape.centroid.x)

    @property
    def northing(self) -> float:
        return float(self.shape.centroid.y)

    @property
    def area(self) -> float:
        """m²; 0 for a point."""
        return float(self.shape.area)


def from_text(text: str, *, extent: Extent) -> Place:
    """ "385050 5668050", "385050,5; 5668050,2", "51.16, 13.47": easting and northing, or latitude and longitude (WGS84).

    Raises PlaceRefused: `numbers`, `finite`, `swapped` (with the order that fits), `outside`."""
    first, second = _two_numbers(text)
    if not (math.isfinite(first) and math.isfinite(second)):
        raise PlaceRefused("finite")
    if _within(first, _DEGREES[0]) and _within(second, _DEGREES[1]):
        return from_degrees(first, second, extent=extent)
    if _within(second, _DEGREES[0]) and _within(first, _DEGREES[1]):
        raise PlaceRefused("swapped", proposal=f"{second:.10g}, {first:.10g}")
    return _from_metres(first, second, extent)


def _from_metres(first: float, second: float, extent: Extent) -> Place:
    if _within(second, _EASTING) and _within(first, _NORTHING):
        raise PlaceRefused("swapped", proposal=f"{second:.10g}, {first:.10g}")
    easting = first - _ZONE if first > _ZONE else first
    if not (_within(easting, _EASTING) and _within(second, _NORTHING)):
        raise PlaceRefused("outside")
    return at(easting, second, extent=extent)


def at(easting: float, northing: float, *, extent: Extent) -> Place:
    """A point by easting and northing in metres. Raises PlaceRefused."""
    if not (math.isfinite(easting) and math.isfinite(northing)):
        raise PlaceRefused("finite")
    if not (_within(easting, (extent.west, extent.east)) and _within(northing, (extent.south, extent.north))):
        raise PlaceRefused("outside")
    return Place(shapely.Point(easting, northing))


def from_degrees(latitude: float, longitude: float, *, extent: Extent, label: str = "") -> Place:
    """A point by WGS84. Raises PlaceRefused."""
    moved = transform(np.array([[longitude, latitude]]), source=4326, target=SRID)
    found = at(float(moved[0, 0]), float(moved[0, 1]), extent=extent)
    return Place(found.shape, label)


def from_shape(shape: BaseGeometry, *, extent: Extent, label: str = "") -> Place:
    """A point or an area that is in EPSG:25833 already. Raises PlaceRefused."""
    if isinstance(shape, shapely.Point) and not shape.is_empty:
        return Place(at(shape.x, shape.y, extent=extent).shape, label)
    if shapely.get_num_coordinates(shape) > MOST_VERTICES:
        raise PlaceRefused("vertices", most=MOST_VERTICES)
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        raise PlaceRefused("finite")
    area = _areas(shape)
    if area.area < LEAST_AREA:
        raise PlaceRefused("no_area")
    if area.area > MOST_AREA:
        raise PlaceRefused("too_large", hectares=MOST_AREA // 10_000)
    box = shapely.box(extent.west, extent.south, extent.east, extent.north)
    if not box.contains(area):
        raise PlaceRefused("outside")
    return Place(area, label)


def _areas(shape: BaseGeometry) -> shapely.MultiPolygon:
    """All its areas as one valid geometry; nothing where it has none."""
    whole = shape if shape.is_valid else shapely.make_valid(shape)
    found = [
        part for part in shapely.get_parts(shapely.get_parts([whole])) if isinstance(part, shapely.Polygon)
    ]
    merged = shapely.force_2d(shapely.union_all(found))
    return shapely.MultiPolygon(
        [part for part in shapely.get_parts([merged]) if isinstance(part, shapely.Polygon)]
    )


def _two_numbers(text: str) -> tuple[float, float]:
    """Two numbers apart by blank, semicolon or comma; commas may also be German decimal points."""
    pieces = [piece for piece in re.split(r"[;\s]+", text.strip()) if piece.strip(",")]
    if len(pieces) == 1:
        pieces = pieces[0].split(",")
    pieces = [piece.rstrip(",") for piece in pieces]
    if len(pieces) == 4:  # 385050,5,5668050,2
        pieces = [f"{pieces[0]}.{pieces[1]}", f"{pieces[2]}.{pieces[3]}"]
    if len(pieces) != 2 or not all(len(piece) < 40 and _NUMBER.fullmatch(piece) for piece in pieces):
        raise PlaceRefused("numbers")
    first, second = (float(piece.replace(",", ".")) for piece in pieces)
    return first, second


def is_coordinates(text: str) -> bool:
    """Whether somebody seems to have typed coordinates rather than an address."""
    return (
        not re.search(r"[^\W\d_]{4,}", text)
        and bool(re.search(r"\d", text))
        and len(re.findall(r"[\d.]+", text)) > 1
    )


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]
