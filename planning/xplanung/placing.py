"""Put a batch of drawn geometries into the twin's coordinate system: axis order, transformation, validity."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from planning.xplanung import crs
from planning.xplanung.findings import Finding, Severity, Value
from planning.xplanung.geometry import Drawing, Note, together

_PLACE = re.compile(r"\[([-+.\deE]+) ([-+.\deE]+)\]")
_DIMENSION = {
    "Polygon": 2,
    "MultiPolygon": 2,
    "LineString": 1,
    "MultiLineString": 1,
    "Point": 0,
    "MultiPoint": 0,
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A geometry as delivered, for checks that must not see it transformed or repaired.

    geometry: in its own system `srid`, easting first, arcs as lines. In the order of the file's numbers, so northing first
    where `turned`: `polygons` (every polygon and patch), `patches` (of each surface that has several), `bends` (points of arcs)."""

    property: str
    geometry: BaseGeometry
    srid: int
    polygons: list[shapely.Polygon]
    patches: list[list[BaseGeometry]]
    bends: list[crs.Coordinates]
    turned: bool


class Owner(Protocol):
    """The object that a geometry belongs to."""

    gml_id: str
    line: int
    geometries: dict[str, BaseGeometry]
    drawn: list[Drawn]


@dataclass(slots=True)
class Sketch:
    """A geometry in the coordinates of its source; `drawing` knows what was noticed when it was read."""

    owner: Owner
    drawing: Drawing
    geometry: BaseGeometry
    srid: int
    turned: bool = False

    @property
    def property(self) -> str:
        return self.drawing.property

    def drawn(self) -> Drawn:
        made = self.drawing
        return Drawn(
            made.property, self.geometry, self.srid, made.polygons, made.patches, made.bends, self.turned
        )

    def finding(self, rule: str, severity: Severity, **params: Value) -> Finding:
        point = params.pop("point", None)
        place = point if isinstance(point, tuple) else None
        return Finding(
            rule, severity, {"property": self.property, **params}, self.owner.gml_id, self.owner.line, place
        )


def place(sketches: list[Sketch], *, srid: int) -> Iterator[Finding]:
    """Transform all, hand each geometry to its owner, and say what was found."""
    for source in sorted({sketch.srid for sketch in sketches}):
        group = [sketch for sketch in sketches if sketch.srid == source]
        yield from _orient(group, source)
        placed = np.array([sketch.geometry for sketch in group], dtype=object)
        try:
            if source != srid:
                placed = shapely.transform(placed, partial(crs.transform, source=source, target=srid))
        except crs.UnknownCrs:
            yield from (sketch.finding("crs.unknown", "error", srs=f"EPSG:{source}") for sketch in group)
            continue
        yield from _hand_over(group, placed, srid)


def _orient(group: list[Sketch], source: int) -> Iterator[Finding]:
    """Bring northing, easting into easting, northing; report what lies far from Germany."""
    points, owner = shapely.get_coordinates([sketch.geometry for sketch in group], return_index=True)
    first = points[np.unique(owner, return_index=True)[1]]
    here = crs.in_germany(first, source)
    there = here if here.all() else ~here & crs.in_germany(first[:, ::-1], source)
    for sketch, right, turned in zip(group, here, there, strict=True):
        if turned and not right:
            sketch.geometry = shapely.transform(sketch.geometry, lambda points: points[:, ::-1])
            sketch.turned = True
        elif not right:
            yield sketch.finding("crs.outside", "warning", srs=f"EPSG:{source}")
    if (there & ~here).any():
        yield Finding("crs.swapped", "info", {"srs": f"EPSG:{source}"})


def _hand_over(group: list[Sketch], placed: np.ndarray, srid: int) -> Iterator[Finding]:
    """A transformation may move a vertex off the line it touched: what is valid as delivered is repaired without a word."""
    points, owner = shapely.get_coordinates(placed, return_index=True)
    finite = np.bincount(owner, weights=~np.isfinite(points).all(axis=1), minlength=len(placed)) == 0
    valid = shapely.is_valid(placed)
    for sketch, geometry, usable, sound in zip(group, placed, finite, valid, strict=True):
        if not usable:
            yield sketch.finding("crs.unknown", "error", srs=f"EPSG:{sketch.srid}")
            continue
        sketch.owner.drawn.append(sketch.drawn())
        yield from (_noticed(sketch, note, srid) for note in sketch.drawing.notes)
        fixed = geometry if sound else _of_dimension(shapely.make_valid(geometry), _dimension(geometry))
        if not sound and (fixed is None or not shapely.is_valid(sketch.geometry)):
            yield _invalid(sketch, srid, lost=fixed is None)
        if fixed is not None:
            sketch.owner.geometries.setdefault(sketch.property, fixed)


def _noticed(sketch: Sketch, note: Note, srid: int) -> Finding:
    place = None
    if note.point is not None:
        point = note.point[::-1] if sketch.turned else note.point
        place = _there(sketch, point, srid)
    return Finding(note.rule, note.severity, note.params, sketch.owner.gml_id, sketch.owner.line, place)


def _there(sketch: Sketch, point: crs.Coordinates, srid: int) -> tuple[float, float]:
    """One (2,) point of the source, in the target system."""
    ((east, north),) = crs.transform(np.array([point]), source=sketch.srid, target=srid)
    return float(east), float(north)


def _invalid(sketch: Sketch, srid: int, *, lost: bool) -> Finding:
    reason = str(shapely.is_valid_reason(sketch.geometry))
    found = _PLACE.search(reason)
    place = _there(sketch, np.array(found.groups(), dtype=np.float64), srid) if found else None
    params: dict[str, Value] = {"property": sketch.property, "reason": reason.partition("[")[0].strip()}
    rule = "geometry.lost" if lost else "geometry.invalid"
    return Finding(rule, "error", params, sketch.owner.gml_id, sketch.owner.line, place)


def _dimension(geometry: BaseGeometry) -> int:
    return _DIMENSION.get(geometry.geom_type, 2)


def _of_dimension(geometry: BaseGeometry, dimension: int) -> BaseGeometry | None:
    """The parts that still have the geometry's own dimension; a repair may leave lines and points beside areas."""
    parts: list[BaseGeometry] = list(shapely.get_parts(shapely.get_parts(np.array([geometry]))))
    kept = [part for part in parts if _DIMENSION.get(part.geom_type) == dimension and not part.is_empty]
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else together(kept)


def explain(source: int, target: int) -> Finding:
    """How coordinates came into the target system, with the accuracy that PROJ states."""
    done = crs.placement(source, target)
    accuracy: Value = round(done.accuracy, 3) if done.accuracy >= 0 else "?"
    return Finding(
        "crs.transformed",
        "info",
        {"srs": f"EPSG:{source}", "target": target, "method": done.method, "accuracy": accuracy},
    )
