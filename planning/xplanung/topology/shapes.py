"""What the geometry checks keep of an object, and the plane in which they measure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from planning.xplanung import crs
from planning.xplanung.findings import Finding, Severity, Value
from planning.xplanung.placing import Drawn
from planning.xplanung.reader import FeatureRecord

Geometries = npt.NDArray[np.object_]  # of shapely geometries
Indices = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Point = tuple[float, float]

_AREAS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_COLLECTION = shapely.GeometryType.GEOMETRYCOLLECTION


@dataclass(slots=True)
class Shape:
    """One object's main geometry. bends: (n, 2) points within its arcs, in the coordinates of the geometry."""

    gml_id: str
    line: int
    geometry: BaseGeometry
    srid: int
    bends: crs.Coordinates

    @property
    def curved(self) -> bool:
        return len(self.bends) > 0

    @property
    def is_area(self) -> bool:
        """Not so what collapsed when it was repaired."""
        return self.geometry.geom_type in ("Polygon", "MultiPolygon") and not self.geometry.is_empty


class Fault(NamedTuple):
    """A finding whose place is still in the plane of the check."""

    rule: str
    severity: Severity
    shape: Shape
    point: Point
    params: dict[str, Value]


def shape_of(record: FeatureRecord) -> Shape | None:
    """The first geometry of an object as delivered, easting first; None without geometry."""
    if not record.drawn or record.drawn[0].geometry.is_empty:
        return None
    drawn = record.drawn[0]
    return Shape(record.gml_id, record.line, drawn.geometry, drawn.srid, _bends(drawn))


def _bends(drawn: Drawn) -> crs.Coordinates:
    """Points of all arcs but where they begin and end, easting first."""
    if not drawn.bends:
        return np.empty((0, 2))
    points = np.vstack([bend[1:-1] for bend in drawn.bends])
    return points[:, ::-1] if drawn.turned else points


@dataclass(frozen=True, slots=True)
class Plane:
    """The plane of a check: the system of the file, counted from a corner near its objects.

    In the file's own system lines are straight where its author drew them straight; after a transformation a vertex that
    lay on a long edge may be millimetres off. Files of several systems, or in degrees, are checked in the target system.
    Near the origin the coordinates of a few kilometres keep a nanometre."""

    source: int
    target: int
    origin: crs.Coordinates

    @classmethod
    def under(cls, shapes: Sequence[Shape], target: int) -> "Plane":
        """The plane for these shapes, at least one; they are brought into it, and repaired where not valid."""
        srids = {shape.srid for shape in shapes}
        only = next(iter(srids))
        source = only if len(srids) == 1 and crs.is_plane(only) else target
        for shape in shapes:
            if shape.srid != source:
                _move(shape, source)
        geometries = array_of(shapes)
        plane = cls(source, target, np.floor(np.median(shapely.bounds(geometries)[:, :2], axis=0)))
        plane._settle(shapes, geometries)
        return plane

    def _settle(self, shapes: Sequence[Shape], geometries: Geometries) -> None:
        local = shapely.transform(geometries, lambda points: points - self.origin)
        for at in np.flatnonzero(~shapely.is_valid(local)):
            local[at] = _repaired(local[at])
        for shape, geometry in zip(shapes, local, strict=True):
            shape.geometry = geometry
            if shape.curved:
                shape.bends = shape.bends - self.origin

    def findings(self, faults: Sequence[Fault]) -> list[Finding]:
        """The faults with their places in the target system."""
        places = np.array([fault.point for fault in faults], dtype=np.float64).reshape(-1, 2) + self.origin
        there = crs.transform(places, source=self.source, target=self.target)
        return [
            Finding(fault.rule, fault.severity, fault.params, fault.shape.gml_id, fault.shape.line, point_of(place))
            for fault, place in zip(faults, there, strict=True)
        ]  # fmt: skip


def array_of(shapes: Iterable[Shape]) -> Geometries:
    """Their geometries."""
    return np.array([shape.geometry for shape in shapes], dtype=object)


def areas(geometries: Geometries) -> Geometries:
    """Only the areas of each; what has none becomes an empty polygon."""
    kinds = shapely.get_type_id(geometries)
    kept = geometries.copy()
    kept[~np.isin(kinds, (*_AREAS, _COLLECTION))] = shapely.Polygon()
    for at in np.flatnonzero(kinds == _COLLECTION):
        parts = shapely.get_parts(shapely.get_parts(geometries[at]))
        kept[at] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    kept[shapely.is_empty(kept)] = shapely.Polygon()
    return kept


def spot(geometry: BaseGeometry) -> Point:
    """A point on a geometry."""
    return point_of(shapely.get_coordinates(shapely.point_on_surface(geometry))[0])


def point_of(place: crs.Coordinates) -> Point:
    """(2,) coordinates as a pair."""
    return float(place[0]), float(place[1])


def _move(shape: Shape, source: int) -> None:
    shape.geometry = shapely.transform(
        shape.geometry, partial(crs.transform, source=shape.srid, target=source)
    )
    shape.bends = crs.transform(shape.bends, source=shape.srid, target=source)


def _repaired(geometry: BaseGeometry) -> BaseGeometry:
    """An area that collapses is empty then."""
    if shapely.get_dimensions(geometry) < 2:
        return geometry
    fixed: BaseGeometry = areas(np.array([shapely.make_valid(geometry)], dtype=object))[0]
    return fixed
