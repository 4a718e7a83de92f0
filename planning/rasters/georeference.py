"""Where a picture lies: in itself (GeoTIFF), in a world file, or by points; and whether that can be true.

A transform is (a, b, c, d, e, f): easting = a * column + b * row + c, northing = d * column + e * row + f, of the corner of a
pixel, not of its centre.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Literal

import numpy as np
import shapely
from rasterio.crs import CRS
from rasterio.transform import from_gcps

from planning.rasters.refusal import RasterRefused
from planning.xplanung import crs

Transform = tuple[float, float, float, float, float, float]
Source = Literal["geotiff", "world_file", "points"]
# Systems in which plans of Saxony are or were drawn; the most likely first. Proposed where the stated one cannot be right.
CANDIDATES = (
    25833,  # ETRS89 / UTM 33N, the official system
    25832,
    5650,  # UTM 33N with the zone in front of the easting
    4647,  # UTM 32N likewise
    3399,  # RD/83, Gauss-Krüger zone 5: Saxony until 2015
    3398,  # RD/83, zone 4
    31469,  # DHDN, zone 5
    31468,
    31467,
    2399,  # Pulkovo 1942/83, zone 5 (3 degrees)
    2398,
    4258,  # degrees
    4326,
    3857,  # of web maps
)
_WORLD_SUFFIXES = {
    ".tif": (".tfw", ".tifw"),
    ".tiff": (".tfw", ".tifw", ".tiffw"),
    ".jpg": (".jgw", ".jpgw"),
    ".jpeg": (".jgw", ".jpgw", ".jpegw"),
    ".png": (".pgw", ".pngw"),
}
_ANY = ".wld"
_NUMBER = re.compile(r"[-+]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eEdD][-+]?\d+)?")
_LONGEST = 2000  # characters of a world file
_LINES = 6


@dataclass(frozen=True)
class Place:
    """A picture on the ground. crs: "EPSG:n" or WKT."""

    transform: Transform
    crs: str
    source: Source


def is_world_file(name: str) -> bool:
    suffix = PurePosixPath(name).suffix.lower()
    return suffix == _ANY or any(suffix in known for known in _WORLD_SUFFIXES.values())


def world_file_for(raster: str, names: Iterable[str]) -> str | None:
    """Which of the names is the world file of the picture with this name: plan.tfw, plan.tif.wld or plan.wld of plan.tif."""
    path = PurePosixPath(raster.lower())
    suffixes = (*_WORLD_SUFFIXES.get(path.suffix, ()), _ANY)
    wanted = [f"{path.stem}{suffix}" for suffix in suffixes] + [f"{path.name}{suffix}" for suffix in suffixes]
    known = {PurePosixPath(name.lower()).name: name for name in names}
    return next((known[name] for name in wanted if name in known), None)


def read_world_file(data: bytes) -> Transform:
    """Six numbers, each on a line: a, d, b, e and the place of the centre of the upper left pixel (ESRI). Decimal commas are
    read too. Raises RasterRefused."""
    lines = data[:_LONGEST].decode("latin-1").removeprefix("ï»¿").split()
    if len(lines) < _LINES or not all(_NUMBER.fullmatch(line) for line in lines[:_LINES]):
        raise RasterRefused("raster.world_file")
    a, d, b, e, x, y = (float(re.sub("[dD]", "e", line.replace(",", "."))) for line in lines[:_LINES])
    return usable((a, b, x - (a + b) / 2, d, e, y - (d + e) / 2))


def usable(transform: Transform) -> Transform:
    """The transform, if pixels have an area. Raises RasterRefused."""
    a, b, _c, d, e, _f = transform
    if not all(map(math.isfinite, transform)) or abs(a * e - b * d) < 1e-18:
        raise RasterRefused("raster.transform")
    return transform


def place_in(dataset: Any, *, srid: int | None, assumed: int) -> Place | None:
    """What a GeoTIFF says of its place, None where it says nothing. srid: what a person says instead of its own system;
    assumed: the system where it names none. Raises RasterRefused."""
    transform, own = dataset.transform, dataset.crs
    points, of_points = dataset.gcps
    if transform.is_identity and len(points) >= 3:
        transform, own = from_gcps(points), of_points
    if transform.is_identity:
        return None
    return Place(usable(tuple(transform)[:6]), system_named(own, srid=srid, assumed=assumed), "geotiff")


def system_named(own: Any, *, srid: int | None, assumed: int) -> str:
    """The system as "EPSG:n" where it has a number, else as it describes itself."""
    if srid is not None:
        return f"EPSG:{srid}"
    if not own:
        return f"EPSG:{assumed}"
    code = own.to_epsg()
    return f"EPSG:{code}" if code else str(own.to_wkt())


def label_of(system: str) -> str:
    """Short enough for a column: "EPSG:n", or the name in a WKT."""
    if system.startswith("EPSG:"):
        return system
    found = re.search(r'"([^"]{1,60})', system)
    return found.group(1) if found else "?"


def system(name: str) -> CRS:
    """Raises RasterRefused for one nobody knows."""
    try:
        return CRS.from_user_input(name)
    except Exception as error:  # PROJ and rasterio have no common base for it
        raise RasterRefused("raster.system") from error


def corners(transform: Transform, width: int, height: int) -> crs.Coordinates:
    """(4, 2) corners in the picture's own system, clockwise from the upper left."""
    a, b, c, d, e, f = transform
    pixels = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=float)
    return np.column_stack([pixels @ (a, b) + c, pixels @ (d, e) + f])


def footprint(points: crs.Coordinates, *, source: int, target: int) -> shapely.Polygon | None:
    """The picture's outline in the target system; None where it lies outside what the source is for."""
    try:
        placed = crs.transform(points, source=source, target=target)
    except crs.UnknownCrs:
        return None
    if not np.isfinite(placed).all():
        return None
    return shapely.Polygon(placed)


def proposals(points: crs.Coordinates, *, area: shapely.Geometry, srid: int) -> list[int]:
    """Systems in which the picture would lie on the area (in `srid`), the most likely first."""
    found = []
    for code in CANDIDATES:
        outline = footprint(points, source=code, target=srid)
        if outline is not None and outline.intersects(area):
            found.append(code)
    return found
