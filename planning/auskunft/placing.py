"""Shapes of other people's systems and axis orders -> EPSG:25833. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from planning.auskunft.errors import PlaceRefused
from planning.auskunft.places import SRID
from planning.xplanung import crs

_WGS84 = 4326
_DEGREES = 360.0  # coordinates beyond are metres


@dataclass(frozen=True)
class Found:
    """One feature. shape: in EPSG:25833. properties: what came with it; key: its id."""

    shape: BaseGeometry
    properties: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""


def moved(shape: BaseGeometry, *, source: int) -> BaseGeometry:
    """The shape in EPSG:25833, its axes put right where only the other order lies in Germany. Raises PlaceRefused."""
    points = shapely.get_coordinates(shape)
    if not len(points):
        raise PlaceRefused("no_area")
    if not np.isfinite(points).all():
        raise PlaceRefused("finite")
    if not crs.in_germany(points[:1], source)[0]:
        if not crs.in_germany(points[:1, ::-1], source)[0]:
            raise PlaceRefused("outside")
        shape = shapely.transform(shape, lambda pairs: pairs[:, ::-1])
    try:
        found = shapely.transform(shape, partial(crs.transform, source=source, target=SRID))
    except crs.UnknownCrs:
        raise PlaceRefused("file_crs") from None
    if not np.isfinite(shapely.get_coordinates(found)).all():
        raise PlaceRefused("outside")
    return found


def of_geojson(data: Any) -> Iterator[Found]:
    """Features of a GeoJSON document in the order of the file; those without a geometry are left out. Raises PlaceRefused.

    Systems: the `crs` of the old standard where there is one; else degrees are WGS84, and metres are EPSG:25833."""
    for feature in features(data):
        if isinstance(feature.get("geometry"), Mapping):
            yield of_feature(feature, named=data.get("crs"))


def of_feature(feature: Mapping[str, Any], *, named: Any) -> Found:
    """named: the document's `crs`, of whatever shape. Raises PlaceRefused."""
    shape = _shape(feature["geometry"])
    properties = feature.get("properties")
    place = moved(shape, source=_system(named, shape))
    return Found(place, properties if isinstance(properties, Mapping) else {}, str(feature.get("id", "")))


def features(data: Any) -> Iterator[Mapping[str, Any]]:
    """Raises PlaceRefused (`file_broken`) for what is no GeoJSON at all."""
    if not isinstance(data, Mapping):
        raise PlaceRefused("file_broken")
    if data.get("type") == "FeatureCollection":
        members = data.get("features")
        yield from (
            (each for each in members if isinstance(each, Mapping)) if isinstance(members, list) else ()
        )
    elif data.get("type") == "Feature":
        yield data
    else:
        yield {"geometry": data}


def _shape(geometry: Mapping[str, Any]) -> BaseGeometry:
    try:
        return shapely.force_2d(shapely.geometry.shape(dict(geometry)))
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise PlaceRefused("file_broken") from None


def _system(named: Any, shape: BaseGeometry) -> int:
    properties = named.get("properties") if isinstance(named, Mapping) else None
    name = str(properties.get("name", "")) if isinstance(properties, Mapping) else ""
    if name and "CRS84" not in name:
        try:
            return crs.epsg_of(name)
        except crs.UnknownCrs:
            raise PlaceRefused("file_crs") from None
    points = shapely.get_coordinates(shape)
    return SRID if len(points) and abs(points[0]).max() > _DEGREES else _WGS84
