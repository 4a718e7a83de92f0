"""What would be built against the water, as GeoJSON features in the twin's system: kinds with their values, and what can't be meant. No Django."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Kind:
    """shape: of its geometry; limits: of each value, least and most; initial: what a form proposes."""

    shape: str
    limits: Mapping[str, tuple[float, float]]
    initial: Mapping[str, float]


LINE, AREA = "LineString", "Polygon"
KINDS = {  # m and mm/h; a wall of 10 m and a basin of 20 m are dams, which are planned by other means
    "wall": Kind(LINE, {"height": (0.05, 10.0)}, {"height": 1.0}),
    "ditch": Kind(LINE, {"depth": (0.05, 10.0), "width": (0.1, 100.0)}, {"depth": 1.0, "width": 2.0}),
    "basin": Kind(AREA, {"depth": (0.05, 20.0)}, {"depth": 1.5}),
    "unsealing": Kind(AREA, {"infiltration": (0.0, 300.0)}, {"infiltration": 20.0}),
    "section": Kind(LINE, {}, {}),
}
SECTION = "section"  # builds nothing: across it discharge is told
MOST = 50  # measures of a question
CORNERS = 1000  # of a measure
LONGEST = 10_000.0  # m of a line or the edge of an area


@dataclass(frozen=True)
class Measure:
    """number: its place in the question, from 1."""

    number: int
    kind: str
    shape: BaseGeometry
    values: Mapping[str, float]


class BadMeasure(ValueError):
    """Why a measure can't be computed. code: for the words; number: of the measure, 0 for all of them; value: the name of one of its values."""

    def __init__(self, code: str, number: int = 0, kind: str = "", value: str = "") -> None:
        super().__init__(f"{code}: measure {number} {kind} {value}".rstrip())
        self.code, self.number, self.kind, self.value = code, number, kind, value


def read(text: str) -> tuple[Measure, ...]:
    """Raises BadMeasure."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadMeasure("collection") from error
    return of(found)


def of(collection: Any) -> tuple[Measure, ...]:
    """The measures of a FeatureCollection. Raises BadMeasure."""
    features = collection.get("features") if isinstance(collection, Mapping) else None
    if not isinstance(features, list):
        raise BadMeasure("collection")
    if len(features) > MOST:
        raise BadMeasure("many")
    return tuple(_measure(number, feature) for number, feature in enumerate(features, 1))


def _measure(number: int, feature: Any) -> Measure:
    told = feature if isinstance(feature, Mapping) else {}
    properties = told.get("properties")
    name = properties.get("kind") if isinstance(properties, Mapping) else None
    if properties is None or not isinstance(name, str) or name not in KINDS:
        raise BadMeasure("kind", number)
    found = {value: _value(properties.get(value), number, name, value) for value in KINDS[name].limits}
    return Measure(number, name, _shape(told.get("geometry"), number, name), found)


def _value(given: Any, number: int, kind: str, name: str) -> float:
    least, most = KINDS[kind].limits[name]
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    if not is_number or (isinstance(given, float) and math.isnan(given)):
        raise BadMeasure("number", number, kind, name)
    if not least <= given <= most:
        raise BadMeasure("range", number, kind, name)
    return float(given)


def _shape(geometry: Any, number: int, kind: str) -> BaseGeometry:
    wanted = KINDS[kind].shape
    try:
        shape = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
    except (ValueError, TypeError, RecursionError, shapely.errors.ShapelyError) as error:
        raise BadMeasure(wanted, number, kind) from error
    if shape is None or shape.geom_type != wanted or shape.is_empty:
        raise BadMeasure(wanted, number, kind)
    corners = shapely.get_coordinates(shape)
    if len(corners) > CORNERS:
        raise BadMeasure("corners", number, kind)
    if not np.isfinite(corners).all() or not (shape.convex_hull.area if wanted == AREA else shape.length):
        raise BadMeasure(wanted, number, kind)
    if shape.length > LONGEST:
        raise BadMeasure("long", number, kind)
    if not (shape.is_valid and shape.is_simple):
        raise BadMeasure("crossing", number, kind)
    return shape


def as_geojson(measures: Sequence[Measure]) -> dict[str, Any]:
    """As `of` takes it, with nothing else in it: the same measures are the same text."""
    features = [
        {
            "type": "Feature",
            "geometry": json.loads(shapely.to_geojson(each.shape)),
            "properties": {"kind": each.kind, **each.values},
        }
        for each in measures
    ]
    return {"type": "FeatureCollection", "features": features}


def schema() -> dict[str, Any]:
    """JSON Schema of what `of` takes."""
    properties = [
        {
            "type": "object",
            "required": ["kind", *kind.limits],
            "properties": {"kind": {"const": name}}
            | {value: {"type": "number", "minimum": least, "maximum": most} for value, (least, most) in kind.limits.items()},
        }
        for name, kind in KINDS.items()
    ]  # fmt: skip
    feature = {
        "type": "object",
        "required": ["geometry", "properties"],
        "properties": {"geometry": {"type": "object", "format": "geojson-geometry"}, "properties": {"oneOf": properties}},
    }  # fmt: skip
    return {
        "type": "object",
        "format": "geojson-feature-collection",
        "required": ["features"],
        "properties": {"features": {"type": "array", "maxItems": MOST, "items": feature}},
    }
