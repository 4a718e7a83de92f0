"""A parcel as somebody uploads it: GeoJSON, GML, GeoPackage or a zipped Shapefile -> a place.

The file is not trusted: its kind is told by its first bytes, so that no other driver (a VRT that names further files or
addresses) opens it; XML is read without DTD and network, archives are unpacked under names of our own.
"""

import json
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pyogrio
import shapely
from lxml import etree
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from planning import vectorfiles
from planning.auskunft import places, placing
from planning.auskunft.errors import PlaceRefused
from planning.auskunft.places import Extent, Place
from planning.auskunft.placing import Found
from planning.xplanung import crs
from planning.xplanung.archive import ArchiveLimits
from planning.xplanung.findings import UnreadableFile
from planning.xplanung.geometry import BadGeometry, Drawing, draw, srs_of
from planning.xplanung.schema import GML

MOST_MB = 10
MOST_BYTES = MOST_MB << 20
MOST_AREAS = 20  # neighbouring parcels that are asked about together
_UNPACKED = 64 << 20  # bytes
_LIMITS = ArchiveLimits(members=50, member=_UNPACKED, total=_UNPACKED)
_SURFACES = ("MultiSurface", "MultiPolygon", "CompositeSurface", "Surface", "Polygon")
_NUMBERS = (
    "flurstueckskennzeichen",
    "flstkennz",
    "flstnrzae",
    "flurstnr",
    "nationalcadastralreference",
    "label",
    "name",
)


def from_file(source: BinaryIO, *, extent: Extent) -> Place:
    """All areas of the file as one place. Raises PlaceRefused."""
    content = source.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise PlaceRefused("file_size", most=MOST_MB)
    found = _found(content)
    areas = [each for each in found if int(shapely.get_dimensions(each.shape)) == 2]
    if not areas:
        raise PlaceRefused("no_area")
    if sum(int(shapely.get_num_coordinates(each.shape)) for each in areas) > places.MOST_VERTICES:
        raise PlaceRefused("vertices", most=places.MOST_VERTICES)
    whole = shapely.union_all(
        [each.shape if each.shape.is_valid else shapely.make_valid(each.shape) for each in areas]
    )
    return places.from_shape(whole, extent=extent, label=", ".join(filter(None, map(number_of, areas)))[:200])


def number_of(found: Found) -> str:
    """What a parcel is called, by the first field that usually says it."""
    lower = {str(name).casefold(): value for name, value in found.properties.items()}
    return next((str(lower[name]).strip()[:60] for name in _NUMBERS if lower.get(name)), "")


def _found(content: bytes) -> list[Found]:
    """At most MOST_AREAS features. Raises PlaceRefused."""
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"PK"):
        reading = _shapefile(content)
    elif (
        content.startswith(b"SQLite format 3\0") and content[68:70] == b"GP"
    ):  # application id of a GeoPackage
        reading = _opened({"parcel.gpkg": content})
    elif start.startswith(b"{"):
        reading = placing.of_geojson(_json(content))
    elif start.startswith(b"<"):
        reading = _gml(content)
    else:
        raise PlaceRefused("file_kind")
    found = []
    for each in reading:
        found.append(each)
        if len(found) > MOST_AREAS:
            raise PlaceRefused("file_several", count=f"> {MOST_AREAS}", most=MOST_AREAS)
    return found


def _json(content: bytes) -> Any:
    def refuse(_constant: str) -> None:
        raise PlaceRefused("finite")

    try:
        return json.loads(content, parse_constant=refuse)
    except (ValueError, RecursionError):
        raise PlaceRefused("file_broken") from None


def _gml(content: bytes) -> Iterator[Found]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise PlaceRefused("file_broken") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise PlaceRefused("file_broken")
    surfaces = {f"{{{GML}}}{name}" for name in _SURFACES}
    default = srs_of(root)
    for element in root.iter(*surfaces):
        if not any(above.tag in surfaces for above in element.iterancestors()):
            yield Found(placing.moved(_drawn(element), source=_epsg(srs_of(element) or default)))


def _drawn(element: etree._Element) -> BaseGeometry:
    try:
        return draw(element, Drawing("", element))
    except (BadGeometry, ShapelyError, ValueError):
        raise PlaceRefused("file_broken") from None


def _epsg(name: str | None) -> int:
    try:
        return crs.epsg_of(name or "")
    except crs.UnknownCrs:
        raise PlaceRefused("file_crs") from None


def _shapefile(content: bytes) -> Iterator[Found]:
    """The only Shapefile of an archive."""
    with tempfile.TemporaryFile() as source:
        source.write(content)
        try:
            files = vectorfiles.shapefile(source, limits=_LIMITS)
        except (UnreadableFile, OSError):
            raise PlaceRefused("file_broken") from None
    if not files:
        raise PlaceRefused("file_kind")
    yield from _opened(files)


def _opened(files: dict[str, bytes]) -> Iterator[Found]:
    """Features of the first layer with areas, read by GDAL under names of our own."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the driver's remarks; what matters is an error
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        main = Path(folder) / next((name for name in files if name.endswith((".shp", ".gpkg"))), "")
        try:
            yield from _layer(main)
        except (DataSourceError, DataLayerError, ShapelyError, UnicodeDecodeError):
            raise PlaceRefused("file_broken") from None


def _layer(main: Path) -> Iterator[Found]:
    layers = vectorfiles.layers(main, "Polygon")
    if not layers:
        raise PlaceRefused("no_area")
    meta, _fids, shapes, data = pyogrio.raw.read(
        main, layer=layers[0], force_2d=True, max_features=MOST_AREAS + 1
    )
    if not meta["crs"]:
        raise PlaceRefused("file_crs")
    try:
        source = crs.epsg_of_system(str(meta["crs"]))
    except crs.UnknownCrs:
        raise PlaceRefused("file_crs") from None
    for index, wkb in enumerate(shapes):
        if wkb is not None:
            properties = {str(name): column[index] for name, column in zip(meta["fields"], data, strict=True)}
            yield Found(placing.moved(shapely.from_wkb(wkb), source=source), properties)
