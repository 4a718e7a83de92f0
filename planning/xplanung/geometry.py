"""GML geometry elements -> shapely geometries in the source's own coordinates, arcs drawn as straight lines."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import shapely
from lxml import etree
from shapely.geometry.base import BaseGeometry

from planning.xplanung import arcs
from planning.xplanung.crs import Coordinates
from planning.xplanung.findings import Severity, Value
from planning.xplanung.numberlists import numbers
from planning.xplanung.schema import GML, XLINK

_G = f"{{{GML}}}"
_HREF = f"{{{XLINK}}}href"
_ID = f"{_G}id"
_AGGREGATES = {"MultiPoint", "MultiCurve", "MultiLineString", "MultiSurface", "MultiPolygon", "MultiGeometry", "CompositeSurface", "GeometricComplex"}  # fmt: skip
_CURVES = {"LineString", "Curve", "CompositeCurve", "OrientableCurve", "Ring", "LinearRing"}
_SURFACES = {"Polygon", "Surface", "PolyhedralSurface", "PolygonPatch", "Rectangle", "OrientableSurface"}
_STRAIGHT = {"LineStringSegment", "GeodesicString", "Geodesic"}
_SPLINES = {"CubicSpline", "BSpline", "Bezier", "Clothoid", "OffsetCurve"}
_POSITIONS = frozenset(f"{_G}{name}" for name in ("posList", "pos", "coordinates"))
_POINTS = frozenset(f"{_G}{name}" for name in ("pointProperty", "pointRep"))
_MANY: dict[str, Callable[[list[BaseGeometry]], Any]] = {"Polygon": shapely.multipolygons, "LineString": shapely.multilinestrings, "Point": shapely.multipoints}  # fmt: skip
_MOST_REFERENCES, _DEEPEST_REFERENCE = (
    2000,
    10,
)  # followed within one geometry, and one behind the other: circles end


class BadGeometry(ValueError):
    """The geometry cannot be read. Carries the rule and its parameters."""

    def __init__(self, rule: str, **params: Value) -> None:
        super().__init__(rule)
        self.rule, self.params = rule, params


class Note(NamedTuple):
    """What was noticed on the way. point: (2,) coordinates as delivered."""

    rule: str
    severity: Severity
    params: dict[str, Value]
    point: Coordinates | None = None


@dataclass
class Drawing:
    """One geometry on its way: what to call it in findings, what was noticed, and what the finished geometry no longer tells.

    polygons: every polygon and patch as delivered; patches: those of each surface that has several; bends: points of arcs."""

    property: str
    owner: etree._Element
    notes: list[Note] = field(default_factory=list)
    polygons: list[shapely.Polygon] = field(default_factory=list)
    patches: list[list[BaseGeometry]] = field(default_factory=list)
    bends: list[Coordinates] = field(default_factory=list)
    followed: int = 0
    depth: int = 0

    def note(
        self, rule: str, severity: Severity, *, point: Coordinates | None = None, **params: Value
    ) -> None:
        self.notes.append(Note(rule, severity, {"property": self.property, **params}, point))


def srs_of(element: etree._Element) -> str | None:
    """srsName of a geometry: its own, else the first one inside it."""
    return element.get("srsName") or next(
        (str(node.get("srsName")) for node in element.iter(f"{_G}*") if node.get("srsName")), None
    )


def draw(element: etree._Element, drawing: Drawing) -> BaseGeometry:
    """Raises BadGeometry. Points in metres or degrees as delivered; heights dropped with a note."""
    local = _local(element)
    if local == "Point":
        return _made(shapely.points(_coordinates(element, drawing)[0]))
    if local in _SURFACES:
        return _surface(element, drawing)
    if local in _CURVES:
        return _made(shapely.linestrings(_at_least(_curve(element, drawing), 2, local)))
    if local in _AGGREGATES:
        return _collect([draw(member, drawing) for member in _members(element, drawing)])
    raise BadGeometry("geometry.unsupported", element=local)


def _collect(parts: list[BaseGeometry]) -> BaseGeometry:
    flat = [piece for part in parts for piece in (part.geoms if hasattr(part, "geoms") else [part])]
    if not flat:
        raise BadGeometry("geometry.empty")
    return together(flat)


def together(parts: list[BaseGeometry]) -> BaseGeometry:
    """One multi-part geometry of parts of one kind; a collection of mixed ones."""
    kinds = {part.geom_type for part in parts}
    many = _MANY.get(kinds.pop()) if len(kinds) == 1 else None
    whole: BaseGeometry = many(parts) if many else shapely.GeometryCollection(parts)
    return whole


def _members(element: etree._Element, drawing: Drawing) -> Iterator[etree._Element]:
    """The geometries inside surfaceMember, curveMembers and the like; references within the object are followed."""
    for wrapper in _children(element):
        if _local(wrapper).endswith(("Member", "Members", "element")):
            yield from _targets(wrapper, drawing)


def _targets(wrapper: etree._Element, drawing: Drawing) -> Iterator[etree._Element]:
    href = wrapper.get(_HREF)
    if not href:
        yield from _children(wrapper)
        return
    target = href.removeprefix("#")
    found = next((node for node in drawing.owner.iter(f"{_G}*") if node.get(_ID) == target), None)
    drawing.followed += 1
    drawing.depth += 1
    if found is None or drawing.followed > _MOST_REFERENCES or drawing.depth > _DEEPEST_REFERENCE:
        raise BadGeometry("geometry.by_reference", target=href)
    yield found
    drawing.depth -= 1


def _surface(element: etree._Element, drawing: Drawing) -> BaseGeometry:
    local = _local(element)
    if local == "OrientableSurface":
        return _collect([draw(base, drawing) for base in _targets(_child(element, "baseSurface"), drawing)])
    if local in ("Surface", "PolyhedralSurface"):
        return _patched(element, drawing)
    return _polygon(element, drawing)


def _patched(element: etree._Element, drawing: Drawing) -> BaseGeometry:
    patches = [_surface(patch, drawing) for wrapper in _children(element) for patch in _children(wrapper)]
    if not patches:
        raise BadGeometry("geometry.empty")
    if len(patches) == 1:
        return patches[0]
    drawing.patches.append(patches)
    return shapely.union_all(patches)


def _polygon(element: etree._Element, drawing: Drawing) -> BaseGeometry:
    rings: dict[bool, list[Coordinates]] = {True: [], False: []}
    for boundary in _children(element):
        for ring in _children(boundary):
            rings[_local(boundary) in ("exterior", "outerBoundaryIs")].append(_ring(ring, drawing))
    if not rings[True]:
        raise BadGeometry("geometry.empty")
    holes: Any = [shapely.linearrings(hole) for hole in rings[False]]
    made: Any = shapely.polygons(rings[True][0], holes=holes or None)
    drawn: shapely.Polygon = made
    drawing.polygons.append(drawn)
    return drawn


def _made(geometry: Any) -> BaseGeometry:
    """What shapely's fast makers gave for one geometry; their types allow for arrays of many."""
    whole: BaseGeometry = geometry
    return whole


def _ring(element: etree._Element, drawing: Drawing) -> Coordinates:
    points = _curve(element, drawing)
    if len(points) and points[0].tolist() != points[-1].tolist():
        drawing.note("geometry.ring_not_closed", "error", point=points[-1])
        points = np.vstack([points, points[:1]])
    return _at_least(points, 4, _local(element))


def _at_least(points: Coordinates, least: int, local: str) -> Coordinates:
    if len(points) < least:
        raise BadGeometry("geometry.too_few_points", element=local, count=len(points))
    return points


def _curve(element: etree._Element, drawing: Drawing) -> Coordinates:
    """(n, 2) points along any curve element."""
    local = _local(element)
    if local in ("LineString", "LinearRing"):
        return _coordinates(element, drawing)
    if local == "OrientableCurve":
        base = _join([_curve(node, drawing) for node in _targets(_child(element, "baseCurve"), drawing)])
        return base[::-1] if element.get("orientation") == "-" else base
    if local == "Curve":
        segments = _child(element, "segments")
        return _join([_segment(segment, drawing) for segment in _children(segments)], drawing)
    if local in ("Ring", "CompositeCurve"):
        return _join([_curve(member, drawing) for member in _members(element, drawing)], drawing)
    raise BadGeometry("geometry.unsupported", element=local)


def _join(pieces: list[Coordinates], drawing: Drawing | None = None) -> Coordinates:
    """One after the other; the point where two meet once. Steps between them are kept as they are, and noted."""
    if not pieces:
        raise BadGeometry("geometry.empty")
    joined = [pieces[0]]
    for piece in pieces[1:]:
        same = len(piece) and np.array_equal(joined[-1][-1], piece[0])
        if drawing and not same and len(piece):
            drawing.note("geometry.segments_apart", "error", point=piece[0])
        joined.append(piece[1:] if same and len(piece) > 1 else piece)
    return np.vstack(joined)


def _segment(element: etree._Element, drawing: Drawing) -> Coordinates:
    local = _local(element)
    if local in _STRAIGHT:
        return _coordinates(element, drawing)
    if local in _SPLINES:
        drawing.note("geometry.spline", "info")
        return _coordinates(element, drawing)
    bend = _bend(element, drawing)
    drawing.bends.append(bend)
    return bend


def _bend(element: etree._Element, drawing: Drawing) -> Coordinates:
    local = _local(element)
    if local in ("CircleByCenterPoint", "ArcByCenterPoint"):
        return _around(element, drawing)
    points = _coordinates(element, drawing)
    shape: dict[str, Callable[[Coordinates], Coordinates]] = {"Arc": arcs.arc, "Circle": arcs.circle}
    if local in shape:
        return shape[local](_at_least(points, 3, local)[:3])
    if local == "ArcString":
        _at_least(points, 3, local)
        return _join([arcs.arc(points[at : at + 3]) for at in range(0, len(points) - 2, 2)])
    raise BadGeometry("geometry.unsupported", element=local)


def _around(element: etree._Element, drawing: Drawing) -> Coordinates:
    centre = _coordinates(element, drawing)[0]
    radius = float(_numbers(_child(element, "radius"))[0])
    if radius <= 0:
        raise BadGeometry("geometry.not_a_number", text=str(radius))
    if _local(element) == "CircleByCenterPoint":
        return arcs.circle_around(centre, radius)
    first, last = (
        math.radians(float(_numbers(_child(element, name))[0])) for name in ("startAngle", "endAngle")
    )
    return arcs.arc_around(centre, radius, (first, last))


def _coordinates(element: etree._Element, drawing: Drawing) -> Coordinates:
    """(n, 2) from posList, pos, coordinates or pointProperty."""
    found = [_points(node, drawing) for node in element if node.tag in _POSITIONS]
    for wrapper in element:
        if wrapper.tag in _POINTS:
            found += [_coordinates(point, drawing) for point in _targets(wrapper, drawing)]
    points = found[0] if len(found) == 1 else np.vstack(found) if found else np.empty((0, 2))
    if not len(points):
        raise BadGeometry("geometry.empty")
    return points


def _points(node: etree._Element, drawing: Drawing) -> Coordinates:
    if _local(node) == "coordinates":
        rows = [row.split(node.get("cs", ",")) for row in (node.text or "").split()]
        dimension = len(rows[0]) if rows else 2
        found = _parse(" ".join(text for row in rows for text in row))
    else:
        found = _numbers(node)
        dimension = _dimension(node, len(found))
    if dimension < 2 or len(found) % dimension:
        raise BadGeometry("geometry.odd_coordinates", count=len(found), dimension=dimension)
    if dimension > 2:
        drawing.note("geometry.third_dimension", "info")
    return found.reshape(-1, dimension)[:, :2]


def _dimension(node: etree._Element, count: int) -> int:
    """Stated on the node or above it; else two, or three for a single position of three numbers."""
    current: etree._Element | None = node
    while current is not None:
        stated = current.get("srsDimension")
        if stated and stated.strip().isdigit():
            return int(stated)
        current = current.getparent()
    return 3 if count % 2 and count % 3 == 0 else 2


def _numbers(node: etree._Element) -> Coordinates:
    text = node.text or ""
    return _parse(" ".join([text, *(child.tail or "" for child in node)]) if len(node) else text)  # comments


def _parse(text: str) -> Coordinates:
    """Raises BadGeometry that names the first text which is no finite decimal number."""
    found = numbers(text)
    if found is None or not np.isfinite(found).all():
        odd = next((part[:40] for part in text.split() if not _NUMBER.fullmatch(part)), "?")
        raise BadGeometry("geometry.not_a_number", text=odd)
    return found


_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _children(element: etree._Element) -> Iterator[etree._Element]:
    return element.iterchildren(etree.Element)


def _child(element: etree._Element, local: str) -> etree._Element:
    found = element.find(f"{_G}{local}")
    if found is None:
        raise BadGeometry("geometry.empty")
    return found
