"""Features of a dataset -> SVG, by the layers of its style. Of a style that depends on attributes the plain one is drawn."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from django.db import connection

from planning.drawing import SCREEN_MM, Frame, metres, to_frame
from planning.planzeichen import outlines
from twin.ogc.collections import Collection
from twin.ogc.selecting import Condition, inside
from twin.ogc.styling import geometry_of, layers_of
from twin.ogc.wms.asking import View

MOST = 20_000  # features of a layer in one picture; of more, one is drawn in each of as many cells
AROUND = 24  # pixels beyond the edge in which features are still drawn whole
_LARGEST = 100_000  # metres; a picture of the world has no width in UTM
_CROWDED = (
    2_000  # points; of more, the edges cover each other and would take most of the time (20,000: 3 s of 4)
)
_FINE = 0.3  # pixels; what is smaller can't be seen
_KINDS = {"circle": ("Point",), "line": ("LineString", "Polygon"), "fill": ("Polygon",)}
Shapes = list[Any]


def frame_of(view: View) -> Frame:
    return Frame(view.extent, view.crs.srid, view.width, view.height, mm=SCREEN_MM)


def paint(collection: Collection, view: View) -> str:
    """Inside of an <svg>."""
    shapes = shapes_in(collection, view)
    return "".join(_layer(one, shapes) for one in layers_of(collection))


def shapes_in(collection: Collection, view: View) -> Shapes:
    """Points, lines and areas, in the picture's coordinates."""
    return _drawable(_found(collection, view), frame_of(view))


def _found(collection: Collection, view: View) -> list[bytes]:
    condition = inside(collection, view.around(AROUND), view.crs)
    rows = _read(collection, condition, "f.geometry IS NOT NULL", ())
    return rows if len(rows) <= MOST else _thinned(collection, condition, view)


def _read(collection: Collection, condition: Condition, more: str, values: tuple[Any, ...]) -> list[bytes]:
    source = collection.source
    query = f"""SELECT ST_AsBinary(f.geometry) FROM {source.table}
        WHERE {source.condition} AND {condition.text} AND {more} LIMIT {MOST + 1}"""  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.execute(query, [*source.parameters, *condition.parameters, *values])
        return [bytes(row[0]) for row in cursor.fetchall()]


def _thinned(collection: Collection, condition: Condition, view: View) -> list[bytes]:
    """One feature of each cell: so a picture of a whole county shows where features are, at a cost that ends."""
    pixels = math.sqrt(view.width * view.height / MOST)
    cell = min(metres(view.extent, view.crs.srid) / view.width * pixels, _LARGEST)
    source = collection.source
    first = f"""f.id IN (SELECT min(f.id) FROM {source.table} WHERE {source.condition} AND {condition.text}
        GROUP BY floor(ST_XMin(f.geometry) / %s), floor(ST_YMin(f.geometry) / %s))"""  # noqa: S608 - our own names
    return _read(collection, condition, first, (*source.parameters, *condition.parameters, cell, cell))


def _drawable(rows: list[bytes], frame: Frame) -> Shapes:
    """As fine as the picture shows, cut off beyond its margin."""
    if not rows:
        return []
    shapes = shapely.transform(shapely.from_wkb(np.array(rows, dtype=object)), to_frame(frame))
    fine = shapely.simplify(shapes, _FINE, preserve_topology=False)
    shapes = np.where(shapely.is_empty(fine), shapes, fine)  # less than a pixel is a dot, not nothing
    window = (-AROUND, -AROUND, frame.width + AROUND, frame.height + AROUND)
    parts = shapely.get_parts(shapely.clip_by_rect(shapes, *window))
    return [part for part in parts if not part.is_empty]


def _layer(layer: Mapping[str, Any], shapes: Shapes) -> str:
    kinds = _KINDS.get(layer.get("type", ""), ())
    only = geometry_of(layer)
    meant = [one for one in shapes if one.geom_type in kinds and only in {"", one.geom_type}]
    paint = _Paint(layer.get("paint", {}))
    if "Point" in kinds:
        return _circles(paint, meant)
    path = "".join(map(outlines.path, meant))
    if not path:
        return ""
    return _stroked(paint, path) if "LineString" in kinds else _filled(paint, path)


class _Paint:
    """Values of a layer's paint; what is no constant is as if it weren't said."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self.said = said

    def number(self, name: str, default: float) -> float:
        value = self.said.get(name)
        return float(value) if isinstance(value, int | float) else default

    def colour(self, name: str, default: str) -> str:
        value = self.said.get(name)
        return value if isinstance(value, str) and value.replace("#", "").isalnum() else default


def _circles(paint: _Paint, points: Sequence[Any]) -> str:
    """One path for many: as such they are filled at once."""
    radius, edge = paint.number("circle-radius", 5), paint.number("circle-stroke-width", 0)
    fill, stroke = paint.colour("circle-color", "#000000"), paint.colour("circle-stroke-color", "#000000")
    line = f' stroke="{stroke}" stroke-width="{edge:g}"' if edge else ""
    opacity = f'fill="{fill}" opacity="{paint.number("circle-opacity", 1):g}"'
    if len(points) > _CROWDED:
        return f'<path d="{"".join(_circle(one, radius) for one in points)}" {opacity}/>'
    circles = "".join(f'<circle cx="{one.x:.1f}" cy="{one.y:.1f}" r="{radius:g}"/>' for one in points)
    return f"<g {opacity}{line}>{circles}</g>"


def _circle(at: Any, radius: float) -> str:
    return f"M{at.x - radius:.1f} {at.y:.1f}a{radius:g} {radius:g} 0 1 0 {2 * radius:g} 0a{radius:g} {radius:g} 0 1 0 {-2 * radius:g} 0Z"


def _stroked(paint: _Paint, path: str) -> str:
    colour, width = paint.colour("line-color", "#000000"), paint.number("line-width", 1)
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-opacity="{paint.number("line-opacity", 1):g}"/>'


def _filled(paint: _Paint, path: str) -> str:
    return f'<path d="{path}" fill="{paint.colour("fill-color", "#000000")}" fill-opacity="{paint.number("fill-opacity", 1):g}"/>'


def swatch(collection: Collection, *, width: float, height: float) -> str:
    """An example for the legend: of each kind of geometry that the collection has."""
    kind = collection.geometry_type.removeprefix("Multi")
    examples = {
        "Point": shapely.Point(width / 2, height / 2),
        "LineString": shapely.LineString([(2, height - 3), (width / 2, 3), (width - 2, height - 5)]),
        "Polygon": shapely.box(2, 2, width - 2, height - 2),
    }
    shapes = [examples[kind]] if kind in examples else list(reversed(examples.values()))
    return "".join(_layer(one, shapes) for one in layers_of(collection))
