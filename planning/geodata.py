"""A version of a plan for programs that know no XPlanGML: GeoJSON and GeoPackage. Every object that states something, flat."""

import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from django.conf import settings
from django.contrib.gis.db.models.functions import AsWKB
from shapely.geometry.base import BaseGeometry

from planning import queries
from planning.models import PlanVersion
from planning.xplanung.crs import transform
from planning.xplanung.naming import object_label
from planning.xplanung.plans import as_list
from planning.xplanung.properties import Json
from planning.xplanung.schema import label, value_label

WGS84 = 4326
_DECIMALS = {WGS84: 8, settings.TWIN_SRID: 3}  # of coordinates: about a millimetre in both systems
_COLUMNS = ("position", "gml_id", "feature_type", "bereich", "ebene", "rechtscharakter", "properties")
_KINDS = {0: "punkt", 1: "linie", 2: "flaeche"}
Row = tuple[dict[str, Any], BaseGeometry | None]


def rows(version: PlanVersion) -> Iterator[Row]:
    """(properties, geometry in the twin's system or None) of each object, in the order of the file."""
    found = queries.content_of(version).annotate(shape=AsWKB("geometry")).values(*_COLUMNS, "shape")
    for row in found.iterator(chunk_size=500):
        shape = None if row["shape"] is None else shapely.from_wkb(bytes(row["shape"]))
        yield properties_of(row, version.xplan_version), shape


def properties_of(row: Mapping[str, Any], version: str) -> dict[str, Any]:
    """Ours first, then those of the file by their names there: texts and codes as they stand, several joined by “; ”, data
    types as JSON. Geometries and references are left out."""
    kind, character = row["feature_type"], row["rechtscharakter"]
    own = {
        "gml_id": row["gml_id"],
        "feature_type": kind,
        "type_label": label(version, kind),
        "title": object_label(version, kind, row["properties"]),
        "bereich": row["bereich"],
        "ebene": row["ebene"],
        "rechtscharakter_label": value_label(version, f"{kind}.rechtscharakter", character)
        if character
        else "",
    }
    stated = {name: _flat(value) for name, value in row["properties"].items() if name not in own}
    return own | {name: text for name, text in stated.items() if text}


def _flat(value: Json) -> str:
    return "; ".join(filter(None, (_text(each) for each in as_list(value))))


def _text(value: Json) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    if "@geometry" in value or "@href" in value:
        return ""
    if "@text" in value:
        return str(value["@text"])
    return json.dumps(value, ensure_ascii=False)


# --- GeoJSON


def geojson(version: PlanVersion, *, srid: int = WGS84) -> Iterator[str]:
    """A FeatureCollection in pieces: RFC 7946 in WGS84; in another system with the `crs` of the standard before it."""
    yield '{"type":"FeatureCollection",'
    if srid != WGS84:
        yield f'"crs":{{"type":"name","properties":{{"name":"urn:ogc:def:crs:EPSG::{srid}"}}}},'
    yield '"features":['
    separator, seen = "", set[str]()
    for number, (properties, shape) in enumerate(rows(version)):
        key = properties["gml_id"] if properties["gml_id"] not in {"", *seen} else f"@{number}"
        seen.add(key)
        told = json.dumps(properties, ensure_ascii=False, separators=(",", ":"))
        drawn = "null" if shape is None else shapely.to_geojson(placed(shape, srid=srid))
        yield f'{separator}{{"type":"Feature","id":{json.dumps(key)},"geometry":{drawn},"properties":{told}}}'
        separator = ","
    yield "]}"


def placed(shape: BaseGeometry, *, srid: int) -> BaseGeometry:
    """In that system, outer rings counter-clockwise, coordinates rounded. Longitude before latitude."""
    moved = shapely.transform(shape, partial(transform, source=settings.TWIN_SRID, target=srid))
    rounded = shapely.transform(moved, lambda points: np.round(points, _DECIMALS.get(srid, 3)))
    return shapely.orient_polygons(rounded)


# --- GeoPackage


def write_geopackage(version: PlanVersion, target: Path) -> None:
    """The Geltungsbereich, and a layer for each type of objects and kind of geometry, in the twin's system; a text without a
    place is in a layer of its own."""
    outline = shapely.from_wkb(bytes(version.area.wkb))
    facts = {
        name: str(version.header.get(name, ""))
        for name in ("name", "number", "place", "legal_status", "xplan_version")
    }
    layers: dict[str, list[Row]] = {"geltungsbereich": [(facts, outline)]}
    for properties, shape in rows(version):
        kind = "ohne_ort" if shape is None else _KINDS[int(shapely.get_dimensions(shape))]
        layers.setdefault(f"{properties['feature_type']}_{kind}", []).append((properties, shape))
    for name, content in layers.items():
        _write_layer(target, name, content)


def _write_layer(target: Path, name: str, content: list[Row]) -> None:
    """Columns are compared without case in a GeoPackage; of two that differ by it the second one gets a mark."""
    fields = list(dict.fromkeys(key for properties, _ in content for key in properties))
    columns = [
        np.array([_cell(properties.get(field)) for properties, _ in content], dtype=object)
        for field in fields
    ]
    shapes = [None if shape is None else shapely.to_wkb(_many(shape)) for _, shape in content]
    placeless = all(shape is None for shape in shapes)
    pyogrio.raw.write(
        target,
        None if placeless else np.array(shapes, dtype=object),
        columns,
        _distinct(fields),
        layer=name,
        driver="GPKG",
        geometry_type=None if placeless else str(_many(content[0][1]).geom_type),
        crs=None if placeless else f"EPSG:{settings.TWIN_SRID}",
        append=target.exists(),
    )


def _cell(value: Any) -> str | None:
    return None if value is None else str(value)


def _distinct(fields: list[str]) -> list[str]:
    found: list[str] = []
    taken = {"fid", "geom"}
    for field in fields:
        name = field.replace(":", "_")
        while name.casefold() in taken:
            name += "_"
        taken.add(name.casefold())
        found.append(name)
    return found


def _many(shape: Any) -> Any:
    """Of one kind in a layer: the multi-part one. A mixed collection keeps the parts of its highest dimension."""
    dimension = int(shapely.get_dimensions(shape))
    parts = [
        part
        for part in shapely.get_parts(shapely.get_parts([shape]))
        if int(shapely.get_dimensions(part)) == dimension
    ]
    make = (shapely.MultiPoint, shapely.MultiLineString, shapely.MultiPolygon)[dimension]
    return make(parts)
