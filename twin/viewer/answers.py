"""What a foreign service answers when it is asked for features -> features on our map. Nothing in it is trusted: texts are kept as
texts, of bounded length, shapes are read and written anew, and what is neither GeoJSON nor a collection of GML is a failure.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np
import pyproj
import shapely
from django.conf import settings
from django.contrib.gis.gdal import GDALException, OGRGeometry
from lxml import etree

from tenants.errors import FetchFailed
from twin.catalogue.capabilities import texts, xml
from twin.catalogue.capabilities.errors import Unreadable
from twin.catalogue.capabilities.xml import Element
from twin.viewer.passing import FAR

_GML = "http://www.opengis.net/gml"  # and what begins so
_MOST_PROPERTIES, _LENGTH = 100, 1000
_MEMBERS = ("member", "featureMember", "featureMembers")


@dataclass(frozen=True)
class Feature:
    id: str
    shape: Any
    properties: dict[str, Any] = field(default_factory=dict)

    @property
    def as_geojson(self) -> str:
        named, said = json.dumps(self.id), json.dumps(self.properties, ensure_ascii=False)
        return f'{{"type":"Feature","id":{named},"geometry":{shapely.to_geojson(self.shape)},"properties":{said}}}'


@dataclass(frozen=True)
class Page:
    """size: rows that came, whatever became of them; matched: all there are, where it is said; following: address of the next."""

    features: list[Feature]
    size: int
    matched: int | None = None
    following: str = ""


def page(body: bytes) -> Page:
    """Raises FetchFailed."""
    return _of_json(body) if body.lstrip()[:1] == b"{" else _of_gml(body)


def on_the_map(features: Sequence[Feature], *, system: str) -> Iterator[Feature]:
    """In the map's system, centimetres; what lies nowhere is left out. system: that was asked for. Some services answer in degrees
    all the same, with latitude or longitude first; here around latitude is always the larger one."""
    if not features:
        return
    shapes = np.array([one.shape for one in features])
    west, _south, east, north = np.abs(shapely.total_bounds(shapes))
    if max(west, east, north) <= 180:
        system = "OGC:CRS84"
        if west > north:
            shapes = shapely.transform(shapes, lambda points: points[:, ::-1])
    shapes = shapely.transform(shapes, lambda points: _moved(points, system))
    for one, shape in zip(features, shapes, strict=True):
        if all(abs(side) < FAR for side in shapely.bounds(shape)):
            yield replace(one, shape=shape)


def _moved(points: Any, system: str) -> Any:
    there = _projection(system).transform(points[:, 0], points[:, 1])
    return np.round(np.column_stack(there), 2)


@cache
def _projection(system: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(system, settings.TWIN_SRID, always_xy=True)


def _made(name: Any, shape: Any, properties: Mapping[str, Any]) -> Feature | None:
    """Nothing without a shape. Without a name it is named by its shape, so that it comes to the map but once."""
    if shape is None or shapely.is_empty(shape):
        return None
    called = texts.line(str(name)) if isinstance(name, str | int) else ""
    flat = shapely.force_2d(shape)
    return Feature(called or hashlib.sha256(shapely.to_wkb(flat)).hexdigest()[:16], flat, dict(properties))


def _of_json(body: bytes) -> Page:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise FetchFailed("no JSON", reason="content") from None
    rows = document.get("features")
    if not isinstance(rows, list):
        raise FetchFailed("no features", reason="content")
    sound = [row for row in rows if isinstance(row, dict) and isinstance(row.get("geometry"), dict)]
    shapes = shapely.from_geojson([json.dumps(row["geometry"]) for row in sound], on_invalid="ignore")
    found = (_made(row.get("id"), shape, _scalars(row.get("properties"))) for row, shape in zip(sound, shapes, strict=True))  # fmt: skip
    links = document.get("links") if isinstance(document.get("links"), list) else []
    following = (link.get("href") for link in links if isinstance(link, dict) and link.get("rel") == "next")
    matched = document.get("numberMatched", document.get("totalFeatures"))
    return Page([one for one in found if one], len(rows), texts.whole(matched), str(next(following, "")))


def _scalars(properties: Any) -> dict[str, Any]:
    """What can be read in a table; lists and objects within are left out."""
    found: dict[str, Any] = {}
    for name, value in list(properties.items())[:_MOST_PROPERTIES] if isinstance(properties, dict) else ():
        if isinstance(value, str):
            found[name] = texts.line(value, _LENGTH)
        elif isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
            found[name] = value
    return found


def _of_gml(body: bytes) -> Page:
    try:
        root = xml.parse(body)
    except Unreadable:
        raise FetchFailed("neither GeoJSON nor XML", reason="content") from None
    if not xml.name(root).endswith("FeatureCollection"):
        raise FetchFailed("no features", reason="content")
    members = [one for name in _MEMBERS for one in xml.children(root, name, "*")]
    found = (_member(one) for one in members)
    return Page([one for one in found if one], len(members), texts.whole(xml.attribute(root, "numberMatched")))  # fmt: skip


def _member(one: Element) -> Feature | None:
    shape, properties = None, {}
    for part in xml.children(one, "*"):
        inner = xml.child(part, "*")
        if inner is None:
            properties[xml.name(part)] = texts.line(xml.text(part), _LENGTH)
        elif shape is None and xml.namespace(inner).startswith(_GML) and xml.name(part) != "boundedBy":
            shape = _shape(inner)
    named = xml.attribute(one, "id") or xml.attribute(one, "fid")
    return _made(named, shape, dict(list(properties.items())[:_MOST_PROPERTIES]))


def _shape(element: Element) -> Any:
    """Arcs become straight pieces; nothing for what cannot be read."""
    try:
        drawn = OGRGeometry.from_gml(etree.tostring(element, with_tail=False))
        return shapely.from_wkb(bytes(drawn.get_linear_geometry().wkb), on_invalid="ignore")
    except GDALException:
        return None
