"""Where rows lie: from the file's system into the twin's, and which system was meant where they lie elsewhere.

Coordinates are easting, northing (or longitude, latitude), as GIS programs hold them.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from planning.rasters.georeference import CANDIDATES
from twin.catalogue.formats.model import Array
from twin.catalogue.formats.refusal import FileRefused

Points = npt.NDArray[np.float64]
Extent = tuple[float, float, float, float]  # west, south, east, north in the twin's system
WGS84 = 4326
_RADIUS = 6_378_137.0  # metres, of the sphere of EPSG:3857 (EPSG guidance note 7-2, method 1024)
_ENOUGH = 0.9  # of the points must lie in the extent for a system to be proposed
_LOOKED_AT = 1000  # points


@dataclass(frozen=True)
class Proposal:
    """swapped: the coordinates stand the other way round (latitude first)."""

    srid: int
    swapped: bool


def system_of(text: str, *, chosen: int | None) -> str:
    """What the rows' coordinates are in: "EPSG:n" or WKT. chosen: what a person says instead. Raises FileRefused."""
    if chosen is not None:
        return f"EPSG:{chosen}"
    if not text:
        raise FileRefused("file.no_system")
    return text


def name_of(system: str) -> str:
    """Short, for people: "EPSG:n" where it has a number."""
    if system.startswith("EPSG:") or not system:
        return system
    found = _crs(system)
    code = found.to_epsg(min_confidence=70)
    return f"EPSG:{code}" if code else str(found.name)[:200]


@cache
def _crs(system: str) -> CRS:
    try:
        return CRS.from_user_input(system)
    except CRSError:
        raise FileRefused("file.system", system=system[:60]) from None


@cache
def _transformer(system: str, srid: int) -> Transformer:
    return Transformer.from_crs(_crs(system), srid, always_xy=True)


def is_same(system: str, srid: int) -> bool:
    return system == f"EPSG:{srid}" or bool(_crs(system).equals(CRS.from_epsg(srid), ignore_axis_order=True))


def transform(points: Points, *, system: str, srid: int) -> Points:
    """(n, 2) points; not finite where the system does not reach."""
    if is_same(system, srid):
        return points
    x, y = _transformer(system, srid).transform(points[:, 0], points[:, 1])
    return np.column_stack([x, y])


def mercator(degrees: Points) -> Points:
    """Longitude and latitude in WGS84 -> EPSG:3857."""
    x = np.radians(degrees[:, 0]) * _RADIUS
    y = np.log(np.tan(math.pi / 4 + np.radians(np.clip(degrees[:, 1], -89.9, 89.9)) / 2)) * _RADIUS
    return np.column_stack([x, y])


def inside(points: Points, extent: Extent) -> npt.NDArray[np.bool_]:
    west, south, east, north = extent
    x, y = points[:, 0], points[:, 1]
    found: npt.NDArray[np.bool_] = (west <= x) & (x <= east) & (south <= y) & (y <= north)
    return found


def sample(shapes: Array) -> Points:
    """The first corner of some of the shapes."""
    there = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))][:_LOOKED_AT]
    points, owner = shapely.get_coordinates(there, return_index=True)
    _owners, first = np.unique(owner, return_index=True)
    found: Points = points[first]
    return found[np.isfinite(found).all(axis=1)]


def proposals(points: Points, *, extent: Extent, srid: int, stated: str = "") -> list[Proposal]:
    """How else the coordinates would lie in the extent, the most likely first."""
    likely = sorted(CANDIDATES, key=lambda code: stated != f"EPSG:{code}")
    return [
        Proposal(code, swapped)
        for swapped in (False, True)
        for code in likely
        if (swapped or stated != f"EPSG:{code}")
        and _fits(points[:, ::-1] if swapped else points, code, extent=extent, srid=srid)
    ]


def _fits(points: Points, code: int, *, extent: Extent, srid: int) -> bool:
    if not len(points):
        return False
    placed = transform(points, system=f"EPSG:{code}", srid=srid)
    return bool(inside(placed, extent).mean() >= _ENOUGH)


def share_inside(points: Points, *, system: str, extent: Extent, srid: int) -> float:
    return float(inside(transform(points, system=system, srid=srid), extent).mean()) if len(points) else 1.0


def moved(shapes: Array, points: Any) -> Array:
    """The shapes with other coordinates."""
    return shapely.set_coordinates(shapes.copy(), points)
