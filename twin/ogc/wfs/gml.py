"""Features as GML 3.2: geometries written in the database, attributes here."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.db import connection

from twin.catalogue.iso import clean
from twin.ogc import features
from twin.ogc.collections import Collection
from twin.ogc.cql2.sql import GEOMETRY
from twin.ogc.crs import Crs
from twin.ogc.features import Page, Position
from twin.ogc.names import feature_id, xml_name
from twin.ogc.selecting import Selection

WFS_SPACE = "http://www.opengis.net/wfs/2.0"
GML_SPACE = "http://www.opengis.net/gml/3.2"
PREFIX = "kz"
ID = "@gml:id"
_AS_IT_IS = 2 | 4  # options of ST_AsGML: no srsDimension, LineString rather than Curve
_SHAPE = re.compile(r"<gml:(Point|LineString|Polygon|Multi\w+)")
_TYPES = {
    "string": "string",
    "integer": "long",
    "number": "double",
    "boolean": "boolean",
    "date": "date",
    "datetime": "dateTime",
}
_SHAPES = {
    "Point": "Point",
    "LineString": "Curve",
    "Polygon": "Surface",
    "MultiPoint": "MultiPoint",
    "MultiLineString": "MultiCurve",
    "MultiPolygon": "MultiSurface",
}


@dataclass(frozen=True)
class Wish:
    """How features are written. only: attributes and the geometry, None: all of them. whole: the feature around them, too."""

    crs: Crs
    only: frozenset[str] | None = None
    whole: bool = True

    def has(self, name: str) -> bool:
        return self.only is None or name in self.only


def type_name(collection: Collection) -> str:
    return xml_name(collection.id)


def element_name(attribute: str) -> str:
    """An attribute may be called as the geometry is; its first letter is then written as what no name holds."""
    return f"_x{ord(attribute[0]):04X}_{attribute[1:]}" if attribute == GEOMETRY else xml_name(attribute)


def elements(collection: Collection) -> Iterator[tuple[str, str]]:
    """(name, type) of what a feature consists of, for its schema."""
    for one in collection.fields:
        yield element_name(one["name"]), f"xsd:{_TYPES[one['type']]}"
    if collection.geometry_type:
        yield GEOMETRY, f"gml:{_SHAPES.get(collection.geometry_type, 'Geometry')}PropertyType"


def page(
    collection: Collection, selection: Selection, *, limit: int, start: Position, wish: Wish
) -> tuple[Page, list[str]]:
    """The page without texts, and its features."""
    known = start.matched if start.state == collection.state else None
    rows: list[Any] | None = None
    if selection.conditions and selection.by_index:
        matched, rows = _gathered(collection, selection, limit=limit + 1, start=start, wish=wish)
    elif known is not None:
        matched = known
    else:
        matched = features.counted(collection, selection)
    if rows is None:
        rows = _walked(collection, selection, limit=limit + 1, start=start, wish=wish)
    shown = rows[:limit]
    more = len(rows) > limit and shown
    following = Position(shown[-1][0], matched, collection.state).token() if more else None
    texts = [_feature(collection, row, wish) for row in shown]
    return Page(b"", len(shown), matched, following), texts


def _columns(collection: Collection, wish: Wish) -> str:
    """SQL of id, key, attributes, geometry as GML."""
    shape = features.shape_in(wish.crs)
    shape = f"ST_Multi({shape})" if collection.geometry_type.startswith("Multi") else shape
    shape = f"ST_AsGML(3, ST_SetSRID({shape}, 0), {features.digits_of(wish.crs)}, {_AS_IT_IS})"
    return f"id, key, properties, {shape if wish.has(GEOMETRY) else 'NULL'}"


def _walked(
    collection: Collection, selection: Selection, *, limit: int, start: Position, wish: Wish
) -> list[Any]:
    """On from there in their order, until enough are found."""
    source = collection.source
    condition, own, order = source.reading
    query = f"""SELECT {_columns(collection, wish)} FROM (
            SELECT f.id, f.key, f.properties, f.geometry FROM {source.table}
            WHERE {condition}{selection.text} AND f.id > %s ORDER BY {order} LIMIT %s
        ) page ORDER BY id"""  # noqa: S608 - our own names
    with features.guarded(selection), connection.cursor() as cursor:
        cursor.execute(query, [*own, *selection.parameters, start.after, limit])
        return list(cursor.fetchall())


def _gathered(
    collection: Collection, selection: Selection, *, limit: int, start: Position, wish: Wish
) -> tuple[int | None, list[Any] | None]:
    """As features of GeoJSON are: what an index finds in no order is counted and paged in one look, where it is not too much."""
    source, most = collection.source, features.MOST_COUNTED
    query = f"""
        WITH found AS MATERIALIZED (
            SELECT f.id, f.key, f.properties, f.geometry FROM {source.table}
            WHERE {source.condition}{selection.text} LIMIT {most + 1}
        )
        SELECT counted.count, page.* FROM (SELECT count(*) AS count FROM found) counted LEFT JOIN (
            SELECT {_columns(collection, wish)}
            FROM (SELECT * FROM found WHERE id > %s ORDER BY id LIMIT %s) following
        ) page ON counted.count <= {most} ORDER BY page.id"""  # noqa: S608 - our own names
    with features.guarded(selection), connection.cursor() as cursor:
        cursor.execute(query, [*source.parameters, *selection.parameters, start.after, limit])
        found = cursor.fetchall()
    count = found[0][0]
    return (count, [row[1:] for row in found if row[1] is not None]) if count <= most else (None, None)


def _feature(collection: Collection, row: tuple[int, str, Any, str | None], wish: Wish) -> str:
    _id, key, properties, shape = row
    name, own = type_name(collection), feature_id(collection.id, key)
    values = properties if isinstance(properties, dict) else json.loads(properties)
    inside = "".join(_attributes(collection, values, wish))
    if shape:
        placed = with_ids(shape, own, wish.crs)
        inside += f"<{PREFIX}:{GEOMETRY}>{placed}</{PREFIX}:{GEOMETRY}>"
    if not wish.whole:
        return own if wish.has(ID) else inside
    return f'<{PREFIX}:{name} gml:id="{own}">{inside}</{PREFIX}:{name}>'


def _attributes(collection: Collection, values: dict[str, Any], wish: Wish) -> Iterable[str]:
    for one in collection.fields:
        value = values.get(one["name"])
        if value is not None and wish.has(one["name"]):
            name = element_name(one["name"])
            yield f"<{PREFIX}:{name}>{_text(value, one['type'])}</{PREFIX}:{name}>"


def _text(value: Any, kind: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return text.replace(" ", "T", 1) if kind == "datetime" else escape(clean(text))


def collection(texts: Iterable[str], *, namespace: str) -> str:
    """Features of several types in one document."""
    members = "".join(f"<wfs:member>{text}</wfs:member>" for text in texts)
    spaces = f'xmlns:wfs="{WFS_SPACE}" xmlns:gml="{GML_SPACE}" xmlns:{PREFIX}={quoteattr(namespace)}'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<wfs:FeatureCollection {spaces}>{members}</wfs:FeatureCollection>'


def with_ids(shape: str, own: str, crs: Crs) -> str:
    """Each geometry with an id, as GML 3.2 wants it, and the outermost with its reference system."""
    numbers = iter(range(1_000_000))

    def marked(found: re.Match[str]) -> str:
        number = next(numbers)
        system = f' srsName="{crs.urn}"' if not number else ""
        return f'{found[0]} gml:id="_g{number}.{own}"{system}'

    return _SHAPE.sub(marked, shape)
