"""Parcels or outlines from a file (GeoJSON, GML, GeoPackage, zipped Shapefile; any reference system) -> areas with labels. Knows no database.

The file is not trusted: its kind is told by its first bytes, one reader opens it, and what it may hold is counted.
"""

import json
import re
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from django.utils.translation import gettext_lazy as _
from lxml import etree
from pyogrio.errors import DataLayerError, DataSourceError

from planning import vectorfiles
from planning.xplanung import crs
from planning.xplanung.archive import ArchiveLimits
from planning.xplanung.findings import UnreadableFile
from planning.xplanung.geometry import BadGeometry, Drawing, draw, srs_of
from planning.xplanung.schema import GML
from tenants.workspace import as_file

MOST_BYTES = 30 * 1024**2
MOST_AREAS = 5000
MOST_POINTS = 200_000
_LABELS = ("flurstueckskennzeichen", "flstkennz", "flurstuecksnummer", "flurstueck", "flstnr", "flurstkennz", "label", "name", "nummer", "gml_id", "id")  # fmt: skip
_SURFACES = tuple(f"{{{GML}}}{name}" for name in ("MultiSurface", "Surface", "Polygon"))
_WGS84 = 4326  # RFC 7946, section 4: GeoJSON that names no system
_DEGREES = 360.0  # coordinates beyond are metres
_LABEL = 100  # characters
_LIMITS = ArchiveLimits(members=100, member=200 << 20, total=200 << 20)
REASONS = {
    "kind": _("Expected GeoJSON, GML, a GeoPackage or a zipped Shapefile."),
    "large": _("The file is larger than 30 MB. Take only the parcels around the plan."),
    "broken": _("The file cannot be read."),
    "system": _("The coordinate reference system of the file is not known."),
    "none": _("The file holds no area."),
    "many": _("The file holds more than 5,000 areas or 200,000 points. Take only the parcels around the plan."),
}  # fmt: skip


class AreasUnreadable(ValueError):
    """Nothing can be taken from the file. code: "kind", "large", "broken", "system", "none", "many"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Area:
    """shape: valid, in the target system."""

    label: str
    shape: shapely.MultiPolygon
    mended: bool = False  # it was not valid as it came


@dataclass(frozen=True)
class _Found:
    label: str
    geometry: Any
    srid: int | None  # None: WGS84 in degrees, else the target system


def read(path: Path, *, srid: int) -> list[Area]:
    """All areas in the file, in its order. Raises AreasUnreadable; nothing is read half."""
    if path.stat().st_size > MOST_BYTES:
        raise AreasUnreadable("large")
    with path.open("rb") as source:
        start = source.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")
    try:
        found = list(_limited(_reader(start)(path)))
        areas = [area for number, one in enumerate(found, 1) if (area := _area(one, number, srid))]
    except crs.UnknownCrs as error:
        raise AreasUnreadable("system") from error
    except (ValueError, KeyError, TypeError, RecursionError, shapely.errors.ShapelyError, BadGeometry, DataSourceError, DataLayerError, UnreadableFile, OSError, etree.XMLSyntaxError) as error:  # fmt: skip
        raise error if isinstance(error, AreasUnreadable) else AreasUnreadable("broken") from error
    if not areas:
        raise AreasUnreadable("none")
    return areas


def of_upload(chunks: Iterable[bytes], *, srid: int) -> list[Area]:
    """As read, of a file that is on its way in. Raises AreasUnreadable."""
    with as_file(chunks) as path:
        return read(path, srid=srid)


def _reader(start: bytes) -> Any:
    if start.startswith(b"SQLite format 3\0"):
        return _layer
    if start.startswith(b"PK"):
        return _shapefile
    if start.startswith(b"{"):
        return _geojson
    if start.startswith(b"<") and not start[:100].lower().startswith((b"<!doctype html", b"<html")):
        return _gml
    raise AreasUnreadable("kind")


def _limited(found: Iterator[_Found]) -> Iterator[_Found]:
    points = 0
    for number, one in enumerate(found, 1):
        points += int(shapely.get_num_coordinates(one.geometry))
        if number > MOST_AREAS or points > MOST_POINTS:
            raise AreasUnreadable("many")
        yield one


def _area(found: _Found, number: int, srid: int) -> Area | None:
    """None for what has no area."""
    flat = shapely.force_2d(found.geometry)
    source = found.srid or (_WGS84 if (np.abs(shapely.get_coordinates(flat)) <= _DEGREES).all() else srid)
    moved = shapely.transform(flat, lambda points: crs.transform(points, source=source, target=srid))
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        raise AreasUnreadable("system")
    sound = bool(shapely.is_valid(moved))
    parts = [part for part in shapely.get_parts(shapely.get_parts([moved if sound else shapely.make_valid(moved)])) if part.geom_type == "Polygon" and part.area > 0]  # fmt: skip
    return (
        Area(found.label[:_LABEL] or str(number), shapely.MultiPolygon(parts), not sound) if parts else None
    )


def _label(properties: Mapping[str, Any]) -> str:
    lower = {str(key).lower(): value for key, value in properties.items()}
    return next((str(lower[key]) for key in _LABELS if lower.get(key)), "")


def _geojson(path: Path) -> Iterator[_Found]:
    document = json.loads(path.read_bytes().decode("utf-8-sig"))
    named = ((document.get("crs") or {}).get("properties") or {}).get("name", "")
    srid = None if not named else _WGS84 if "CRS84" in named else crs.epsg_of(str(named))
    features = document["features"] if document.get("type") == "FeatureCollection" else [document]
    for feature in features:
        shape = feature.get("geometry") if feature.get("type") == "Feature" else feature
        if shape:
            yield _Found(_label(feature.get("properties") or {}), shapely.geometry.shape(shape), srid)


def _shapefile(path: Path) -> Iterator[_Found]:
    with path.open("rb") as source:
        parts = vectorfiles.shapefile(source, limits=_LIMITS)
    if not parts:
        raise AreasUnreadable("kind")
    with tempfile.TemporaryDirectory() as folder:
        for name, content in parts.items():
            (Path(folder) / name).write_bytes(content)
        yield from _layer(Path(folder) / "areas.shp")


def _layer(path: Path) -> Iterator[_Found]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the driver's remarks; what matters is an error
        layers = vectorfiles.layers(path, "Polygon")
        if not layers:
            raise AreasUnreadable("none")
        meta, _ids, shapes, columns = pyogrio.raw.read(path, layer=layers[0], max_features=MOST_AREAS + 1)
    srid = crs.epsg_of_system(str(meta["crs"] or ""))
    names = list(meta["fields"])
    for row, shape in enumerate(shapes):
        if shape is not None:
            properties = {name: columns[place][row] for place, name in enumerate(names)}
            yield _Found(_label(properties), shapely.from_wkb(shape), srid)


def _gml(path: Path) -> Iterator[_Found]:
    """Each outermost surface, labelled by its object's id or name. No entities, no network."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.parse(path, parser).getroot()
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise AreasUnreadable("kind")
    named = srs_of(root)
    for element in root.iter(*_SURFACES):
        if any(above.tag in _SURFACES for above in element.iterancestors()):
            continue
        name = srs_of(element) or named
        srid = crs.epsg_of(name or "")
        geometry = draw(element, Drawing("area", element))
        yield _Found(_gml_label(element), _upright(geometry, srid), srid)


def _upright(geometry: Any, srid: int) -> Any:
    """Easting first: what lies in Germany only the other way round is turned."""
    points = shapely.get_coordinates(geometry)
    if len(points) and not crs.in_germany(points, srid).all() and crs.in_germany(points[:, ::-1], srid).all():
        return shapely.transform(geometry, lambda each: each[:, ::-1])
    return geometry


def _gml_label(element: etree._Element) -> str:
    """Of the object around a geometry: what names a parcel, else its gml:id."""
    for above in element.iterancestors():
        if above.get(f"{{{GML}}}id") is not None:
            texts = {etree.QName(child).localname: child.text or "" for child in above if isinstance(child.tag, str)}  # fmt: skip
            return _label({key: re.sub(r"\s+", " ", value).strip() for key, value in texts.items()}) or str(above.get(f"{{{GML}}}id"))  # fmt: skip
    return ""
