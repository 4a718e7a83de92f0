"""Reading single values out of the properties that the reader gives."""

from collections.abc import Mapping
from typing import Any

from planning.xplanung.rules.rule import Item

AREAS = frozenset({"Polygon", "Surface", "MultiSurface", "MultiPolygon", "PolyhedralSurface", "CompositeSurface", "OrientableSurface"})  # fmt: skip
LINES = frozenset({"LineString", "Curve", "MultiCurve", "MultiLineString", "CompositeCurve", "OrientableCurve"})  # fmt: skip
POINTS = frozenset({"Point", "MultiPoint"})
_KINDS = {"area": AREAS, "line": LINES, "point": POINTS}
_SHAPES = {"Polygon": "area", "LineString": "line", "LinearRing": "line", "Point": "point"}
TRUE = frozenset({"true", "1"})
FALSE = frozenset({"false", "0"})


def many(values: Mapping[str, Any], name: str) -> list[Any]:
    """All values of a property, which may stand once or repeat."""
    found = values.get(name)
    return found if isinstance(found, list) else [] if found is None else [found]


def text(value: Any) -> str:
    """The text of a simple value; "" of a complex one."""
    if isinstance(value, str):
        return value.strip()
    return str(value.get("@text", "")).strip() if isinstance(value, dict) else ""


def texts(values: Mapping[str, Any], path: str) -> list[str]:
    """Texts at a path: "zweckbestimmung", or "sondernutzung/allgemein" where the property may be a data type or its code alone."""
    name, _, inner = path.partition("/")
    found = []
    for value in many(values, name):
        nested = isinstance(value, dict) and "@type" in value
        found += texts(value, inner) if inner and nested else [text(value)]
    return [item for item in found if item]


def first(values: Mapping[str, Any], name: str) -> str:
    return next(iter(texts(values, name)), "")


def present(values: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name in values)


def references(item: Item, name: str) -> list[str]:
    """Ids that a property of the item refers to within the file."""
    found = []
    for value in many(item.values, name):
        href = str(value.get("@href", "")) if isinstance(value, dict) else ""
        local = href[1:] if href.startswith("#") else "" if ":" in href or "/" in href else href
        found += [local] if local else []
    return found


def kinds(item: Item) -> frozenset[str]:
    """Of what kind the geometry of `position` is: "area", "line", "point"; several where it is mixed, none where there is none."""
    found = {value.get("@geometry", "") for value in many(item.values, "position") if isinstance(value, dict)}
    known = {kind for kind, names in _KINDS.items() if found & names}
    return frozenset(known or _drawn(item))


def _drawn(item: Item) -> set[str]:
    """A gml:MultiGeometry says nothing by its name."""
    shape = item.record.geometries.get("position")
    return {_SHAPES[part.geom_type] for part in getattr(shape, "geoms", [])} if shape is not None else set()
