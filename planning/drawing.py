"""Rows of a plan -> its drawing: each object with its Planzeichen, as numbers for the browser and as SVG for pictures and paper."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.contrib.gis.geos import Polygon
from pyproj import Transformer
from resvg_py import svg_to_bytes
from shapely.geometry.base import BaseGeometry

from planning import queries
from planning.errors import TooMuchToDraw
from planning.models import PlanVersion
from planning.planzeichen import outlines, svg
from planning.planzeichen.lettering import Lettering, lettering_of
from planning.planzeichen.presentation import Placed, placed, target_of
from planning.planzeichen.rules import Look, Shape, look_of
from planning.planzeichen.svg import Anchor, Drawn
from tenants.printing import truetype

MOST = 20_000  # objects of one picture
MARGIN = 12  # mm around the picture in which objects are still drawn whole
SCREEN_MM = 1 / 0.28  # pixels per millimetre at the pixel size that the OGC's services reckon with
REFERENCE = {
    "BP": 1_000,
    "FP": 10_000,
}  # denominators at which the signs have the size of the Anlage on a screen
SMALLEST = 0.4  # of that size, however far away
LINES = ("XP_LPO", "XP_FPO")


@dataclass(frozen=True)
class Frame:
    """What a picture shows. extent: west, south, east, north in srid; width, height, mm: in the picture's own unit."""

    extent: tuple[float, float, float, float]
    srid: int
    width: float
    height: float
    mm: float

    def __call__(self, points: Any) -> Any:
        """Coordinates of srid -> of the picture, y down."""
        west, south, east, north = self.extent
        factor = (self.width / (east - west), -self.height / (north - south))
        return (points - (west, north)) * factor


def on_screen(extent: tuple[float, float, float, float], *, srid: int, size: tuple[int, int], plan_type: str) -> Frame:  # fmt: skip
    """A frame in pixels; the farther away, the smaller the signs, down to a size that can still be told."""
    frame = Frame(extent, srid, *size, mm=SCREEN_MM)
    width = metres(extent, srid) / max(size[0], 1)
    denominator = width * 1000 * SCREEN_MM
    reference = REFERENCE.get(plan_type, REFERENCE["BP"])
    factor = min(1.0, max(SMALLEST, math.sqrt(reference / denominator)))
    return Frame(frame.extent, srid, *size, mm=SCREEN_MM * factor)


def metres(extent: tuple[float, float, float, float], srid: int) -> float:
    """Width of the extent on the ground, at its middle; infinite for what the twin's system can't hold."""
    west, south, east, north = extent
    if srid == settings.TWIN_SRID:
        return east - west
    middle = (south + north) / 2
    x, y = _transformer(srid, settings.TWIN_SRID).transform([west, east], [middle, middle])
    found = math.hypot(x[1] - x[0], y[1] - y[0])
    return found if found > 0 else math.inf


def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def around(extent: tuple[float, float, float, float], srid: int) -> Polygon:
    """The box in the twin's system that holds the extent. Raises ValueError where the systems do not meet."""
    if srid != settings.TWIN_SRID:
        extent = _transformer(srid, settings.TWIN_SRID).transform_bounds(*extent)
    if not all(math.isfinite(value) for value in extent):
        raise ValueError(extent)
    box = Polygon.from_bbox(extent)
    box.srid = settings.TWIN_SRID
    return box


def presented(version: PlanVersion) -> dict[str, list[Placed]]:
    """gml:id of an object -> what the planner placed for it; "" for what stands for itself."""
    rows = list(queries.presentation_of(version))
    targets = {target_of(row["properties"]) for row in rows} - {""}
    known = queries.properties_of(version, targets)
    found: dict[str, list[Placed]] = {}
    for row in rows:
        target = target_of(row["properties"])
        line = shapely.from_wkb(bytes(row["geometry"].wkb))
        middle = line.interpolate(0.5, normalized=True) if "Line" in line.geom_type else line.representative_point()  # fmt: skip
        what = placed(row["feature_type"], row["properties"], (middle.x, middle.y), of=known.get(target))
        if what:
            found.setdefault(what.target if target in known else "", []).append(what)
    return found


def shape_of(geometry_type: str) -> Shape:
    """geometry_type: as PostGIS or GEOS name it."""
    name = geometry_type.upper()
    return "area" if "POLYGON" in name else "line" if "LINE" in name else "point"


def as_properties(row: Mapping[str, Any], shape: Shape, places: Iterable[Placed]) -> dict[str, Any]:
    """What the browser draws an object with; see docs/frontend.md."""
    look = look_of(row["feature_type"], row["properties"], shape)
    lettering = lettering_of(row["feature_type"], row["properties"])
    cells = [[cell.text, cell.frame] for cell in lettering.cells]
    anchors = [[each.what, round(each.x, 3), round(each.y, 3), each.text, each.turn, each.scale, each.frame] for each in places]  # fmt: skip
    found = {
        "symbol": look.base,
        "signs": list(look.signs),
        "head": list(lettering.head),
        "cells": cells,
        "placed": anchors,
    }
    return {name: value for name, value in found.items() if value}


def lone_texts(places: Mapping[str, Sequence[Placed]]) -> list[list[Any]]:
    """Letters that belong to no object: [[x, y, text, turn, scale, frame], …]."""
    return [
        [round(each.x, 3), round(each.y, 3), each.text, each.turn, each.scale, each.frame]
        for each in places.get("", ())
    ]


def objects_in(version: PlanVersion, frame: Frame, *, most: int = MOST) -> list[Drawn]:
    """The objects that a frame shows, in its coordinates, cut off beyond its margin. Raises TooMuchToDraw."""
    margin = MARGIN * frame.mm
    window = (-margin, -margin, frame.width + margin, frame.height + margin)
    west, south, east, north = frame.extent
    wide, high = margin * (east - west) / frame.width, margin * (north - south) / frame.height
    box = around((west - wide, south - high, east + wide, north + high), frame.srid)
    places = presented(version)
    placed_in = to_frame(frame)
    found: list[Drawn] = []
    for row in queries.to_draw(version, box):
        if len(found) >= most:
            raise TooMuchToDraw(most)
        geometry = _seen(row["geometry"], placed_in, window, frame.mm)
        if geometry is not None:
            found.append(_drawn(row, geometry, [_anchor(each, placed_in) for each in places.get(row["gml_id"], ())]))  # fmt: skip
    lone = [_anchor(each, placed_in) for each in places.get("", ())]
    return found + [Drawn(shapely.Point(each.x, each.y), Look("schrift"), anchors=[each]) for each in lone]


def to_frame(frame: Frame) -> Any:
    """What turns coordinates of the twin's system into the picture's."""
    if frame.srid == settings.TWIN_SRID:
        return frame
    transformer = _transformer(settings.TWIN_SRID, frame.srid)

    def reproject(points: Any) -> Any:
        return frame(np.column_stack(transformer.transform(points[:, 0], points[:, 1])))

    return reproject


def _seen(stored: Any, to_frame: Any, window: tuple[float, ...], mm: float) -> BaseGeometry | None:
    """In the frame's coordinates, generalised to what a pen can show; None for what lies outside."""
    geometry = shapely.transform(shapely.from_wkb(bytes(stored.wkb)), to_frame)
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return None
    fine = shapely.simplify(geometry, outlines.TOLERANCE * mm, preserve_topology=False)
    cut = shapely.clip_by_rect(fine, *window)
    return None if cut.is_empty else cut


def _drawn(row: Mapping[str, Any], geometry: BaseGeometry, anchors: list[Anchor]) -> Drawn:
    look = look_of(row["feature_type"], row["properties"], shape_of(geometry.geom_type))
    lettering = Lettering() if row["feature_type"] in LINES else lettering_of(row["feature_type"], row["properties"])  # fmt: skip
    return Drawn(geometry, look, lettering, anchors)


def _anchor(what: Placed, to_frame: Any) -> Anchor:
    ((x, y),) = to_frame(np.array([[what.x, what.y]]))
    return Anchor(what.what, float(x), float(y), what.text, what.turn, what.scale, what.frame)


def picture(objects: list[Drawn], frame: Frame, *, ground: str = "") -> Iterator[str]:
    """A whole SVG document; ground: a colour, nothing for a transparent one."""
    width, height = f"{frame.width:g}", f"{frame.height:g}"
    yield f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
    if ground:
        yield f'<rect width="{width}" height="{height}" fill="{ground}"/>'
    yield svg.draw(objects, frame.mm)
    yield "</svg>"


def as_png(document: str) -> bytes:
    """The SVG document as PNG, with our letters; nothing is loaded for it."""
    fonts = [str(path) for path in (truetype(400), truetype(600)) if path]
    return bytes(svg_to_bytes(svg_string=document, font_files=fonts, skip_system_fonts=bool(fonts)))
