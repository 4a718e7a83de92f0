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
from planning.xplanung.geometry import together

_PLACE = re.compile(r"\[([-+.\deE]+) ([-+.\deE]+)\]")
_DIMENSION = {
    "Polygon": 2,
    "MultiPolygon": 2,
    "LineString": 1,
    "MultiLineString": 1,
    "Point": 0,
    "MultiPoint": 0,
}


class Owner(Protocol):
    """The object that a geometry belongs to."""

    gml_id: str
    line: int
    geometries: dict[str, BaseGeometry]


@dataclass(slots=True)
class Sketch:
    """A geometry in the coordinates of its source."""

    owner: Owner
    property: str
    geometry: BaseGeometry
    srid: int

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
        geometries = np.array([sketch.geometry for sketch in group], dtype=object)
        try:
            placed = shapely.transform(geometries, partial(crs.transform, source=source, target=srid))
        except crs.UnknownCrs:
            yield from (sketch.finding("crs.unknown", "error", srs=f"EPSG:{source}") for sketch in group)
            continue
        yield from _hand_over(group, placed)


def _orient(group: list[Sketch], source: int) -> Iterator[Finding]:
    """Bring northing, easting into easting, northing; report what lies far from Germany."""
    first = np.array([shapely.get_coordinates(sketch.geometry)[0] for sketch in group])
    here = crs.in_germany(first, source)
    there = here if here.all() else ~here & crs.in_germany(first[:, ::-1], source)
    for sketch, right, turned in zip(group, here, there, strict=True):
        if turned and not right:
            sketch.geometry = shapely.transform(sketch.geometry, lambda points: points[:, ::-1])
        elif not right:
            yield sketch.finding("crs.outside", "warning", srs=f"EPSG:{source}")
    if (there & ~here).any():
        yield Finding("crs.swapped", "info", {"srs": f"EPSG:{source}"})


def _hand_over(group: list[Sketch], placed: np.ndarray) -> Iterator[Finding]:
    finite = [bool(np.isfinite(shapely.get_coordinates(geometry)).all()) for geometry in placed]
    valid = shapely.is_valid(placed)
    for sketch, geometry, usable, sound in zip(group, placed, finite, valid, strict=True):
        if not usable:
            yield sketch.finding("crs.unknown", "error", srs=f"EPSG:{sketch.srid}")
            continue
        if not sound:
            fixed, finding = _repair(sketch, geometry)
            yield finding
            if fixed is None:
                continue
            geometry = fixed
        name = sketch.property
        sketch.owner.geometries.setdefault(name, geometry)


def _repair(sketch: Sketch, geometry: BaseGeometry) -> tuple[BaseGeometry | None, Finding]:
    reason = str(shapely.is_valid_reason(geometry))
    found = _PLACE.search(reason)
    point = (float(found.group(1)), float(found.group(2))) if found else None
    fixed = _of_dimension(shapely.make_valid(geometry), _DIMENSION.get(geometry.geom_type, 2))
    rule = "geometry.lost" if fixed is None else "geometry.invalid"
    params: dict[str, Value] = {"property": sketch.property, "reason": reason.partition("[")[0].strip()}
    return fixed, Finding(rule, "error", params, sketch.owner.gml_id, sketch.owner.line, point)


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
