"""A changed geometry back into an object's XML. Rings whose vertices stayed are left as delivered, their arcs too; in a changed
ring every vertex that stayed keeps the very numbers of the file, so that what met before still meets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from lxml import etree
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from planning.xplanung import crs
from planning.xplanung.crs import Coordinates
from planning.xplanung.geometry import BadGeometry, Drawing, draw, srs_of
from planning.xplanung.gml import to_gml
from planning.xplanung.schema import GML
from planning.xplanung.writer import NotWritable, closed, opened

_G = f"{{{GML}}}"
_GRID = 1000  # steps of a metre in which geometries are given out: millimetres
_POLYGONS = {f"{_G}Polygon", f"{_G}PolygonPatch", f"{_G}Rectangle"}
_LINES = {f"{_G}LineString", f"{_G}Curve"}
_BENT = {f"{_G}{name}" for name in ("Arc", "ArcString", "Circle", "ArcByCenterPoint", "CircleByCenterPoint")}
_METRES, _DEGREES = 4, 9  # digits behind the point: a tenth of a millimetre
_EMPTY: Coordinates = np.empty((0, 2))


@dataclass(frozen=True, slots=True)
class System:
    """How a file states places: EPSG code, the name it uses for it, and whether northing comes first."""

    srid: int
    name: str
    turned: bool = False

    def there(self, points: Coordinates, *, srid: int) -> Coordinates:
        """(n, 2) of the twin's system as numbers of the file."""
        placed = crs.transform(points, source=srid, target=self.srid)
        return placed[:, ::-1] if self.turned else placed

    def here(self, points: Coordinates, *, srid: int) -> Coordinates:
        """(n, 2) numbers of the file in the twin's system."""
        return crs.transform(points[:, ::-1] if self.turned else points, source=self.srid, target=srid)

    @property
    def digits(self) -> int:
        return _METRES if crs.is_plane(self.srid) else _DEGREES


@dataclass(frozen=True, slots=True)
class Reshaped:
    """raw: the object's new XML; straightened: how many arcs became lines in it; rebuilt: nothing of the old could be kept."""

    raw: bytes
    straightened: int = 0
    rebuilt: bool = False


@dataclass(slots=True)
class _Change:
    """One geometry on its way into the file."""

    system: System
    srid: int
    known: dict[tuple[int, int], Coordinates] = field(
        default_factory=dict
    )  # millimetres here -> numbers of the file
    straightened: int = 0

    def learn(self, points: Coordinates) -> None:
        for key, point in zip(_keys(self.system.here(points, srid=self.srid)), points, strict=True):
            self.known.setdefault(key, point)

    def find(self, key: tuple[int, int]) -> Coordinates | None:
        """A millimetre to each side: who rounds last decides."""
        for east in (0, -1, 1):
            for north in (0, -1, 1):
                if (found := self.known.get((key[0] + east, key[1] + north))) is not None:
                    return found
        return None

    def stayed(self, points: Coordinates, line: Coordinates) -> bool:
        """Whether a ring or line given back is the delivered one."""
        here = self.system.here(points, srid=self.srid)
        return len(here) == len(line) and bool(np.abs(here - line).max(initial=0) < 1.5 / _GRID)

    def numbers(self, line: Coordinates) -> str:
        made = np.round(self.system.there(line, srid=self.srid), self.system.digits)
        stayed = [self.find(key) for key in _keys(line)]
        points = [new if old is None else old for new, old in zip(made, stayed, strict=True)]
        return " ".join(f"{float(number)!r}".removesuffix(".0") for point in points for number in point)


def _keys(points: Coordinates) -> list[tuple[int, int]]:
    return [(int(east), int(north)) for east, north in np.round(points * _GRID)]


def system_of(raw: bytes, namespaces: Mapping[str, str], *, default: str) -> System:
    """How the first geometry of an object states its place. default: what the document says. Raises BadGeometry, UnknownCrs."""
    element = opened(raw, namespaces)
    node = _first(element)
    name = (srs_of(node) if node is not None else None) or default
    points = shapely.get_coordinates(draw(node, Drawing("", element))) if node is not None else _EMPTY
    return _system(name, points)


def _system(name: str, points: Coordinates) -> System:
    srid = crs.epsg_of(name)
    first = points[:1]
    turned = bool(
        len(first) and not crs.in_germany(first, srid)[0] and crs.in_germany(first[:, ::-1], srid)[0]
    )
    return System(srid, name, turned)


def _first(element: etree._Element) -> etree._Element | None:
    """The first geometry of an object; its envelope is none."""
    for child in element.iterchildren(etree.Element):
        if child.tag != f"{_G}boundedBy":
            for node in child.iterchildren(f"{_G}*"):
                return node
    return None


def reshaped(
    raw: bytes, geometry: BaseGeometry, *, namespaces: Mapping[str, str], srid: int, default: str
) -> Reshaped:
    """The object with its first geometry changed. geometry: in the twin's system `srid`; default: srsName of the document.

    Raises NotWritable when the object has no geometry or it is of another dimension."""
    element = opened(raw, namespaces)
    node = _first(element)
    if node is None:
        raise NotWritable("geometry")
    try:
        drawn = draw(node, Drawing("", element))
    except (BadGeometry, shapely.errors.ShapelyError, ValueError) as error:
        raise NotWritable("geometry") from error
    if shapely.get_dimensions(drawn) != shapely.get_dimensions(geometry):
        raise NotWritable("geometry")
    change = _Change(_system(srs_of(node) or default, shapely.get_coordinates(drawn)), srid)
    change.learn(shapely.get_coordinates(drawn))
    bent = sum(1 for _ in node.iter(*_BENT))
    rebuilt = not _changed_in_place(node, geometry, change)
    if rebuilt:
        _rebuild(node, geometry, change)
        change.straightened = bent
    _bound(element, change)
    return Reshaped(closed(element), change.straightened, rebuilt)


def _changed_in_place(node: etree._Element, geometry: BaseGeometry, change: _Change) -> bool:
    """Put the changed rings, lines or points where the old ones stand; False where the two do not correspond."""
    pieces = list(shapely.get_parts(geometry))
    if isinstance(pieces[0], shapely.Polygon):
        return _polygons(node, pieces, change)
    if isinstance(pieces[0], shapely.LineString):
        return _each([*node.iter(*_LINES)], pieces, change)
    return _each([*node.iter(f"{_G}Point")], pieces, change)


def _polygons(node: etree._Element, pieces: list[Any], change: _Change) -> bool:
    old = [[*_rings(polygon)] for polygon in node.iter(*_POLYGONS)]
    new = [[piece.exterior, *piece.interiors] for piece in pieces]
    turned = [[piece.exterior, *piece.interiors] for piece in map(orient, pieces)]
    if [len(rings) for rings in old] != [len(rings) for rings in new]:
        return False
    for before, after, right in zip(old, new, turned, strict=True):
        for ring, line, oriented in zip(before, after, right, strict=True):
            if not _stayed(ring, line, change):
                _put(ring, shapely.get_coordinates(oriented), change, local="LinearRing")
    return True


def _stayed(node: etree._Element, line: BaseGeometry, change: _Change) -> bool:
    drawn = draw(node, Drawing("", node))
    return change.stayed(shapely.get_coordinates(drawn), shapely.get_coordinates(line))


def _rings(polygon: etree._Element) -> Iterator[etree._Element]:
    for local in ("exterior", "interior"):
        for boundary in polygon.iterchildren(f"{_G}{local}"):
            yield from boundary.iterchildren(etree.Element)


def _each(old: list[etree._Element], pieces: list[BaseGeometry], change: _Change) -> bool:
    if len(old) != len(pieces):
        return False
    for node, piece in zip(old, pieces, strict=True):
        local = "Point" if piece.geom_type == "Point" else "LineString"
        if _stayed(node, piece, change):
            continue
        _put(node, shapely.get_coordinates(piece), change, local=local)
    return True


def _put(node: etree._Element, line: Coordinates, change: _Change, *, local: str) -> None:
    """Draw one ring, line or point anew."""
    change.straightened += sum(1 for _ in node.iter(*_BENT))
    new = etree.Element(f"{_G}{local}", nsmap={"gml": GML})
    for name in (f"{_G}id", "srsName"):
        if node.get(name):
            new.set(name, str(node.get(name)))
    position = etree.SubElement(new, f"{_G}{'pos' if local == 'Point' else 'posList'}")
    if any(above.get("srsDimension") for above in node.iterancestors()):
        position.set("srsDimension", "2")  # heights end where somebody draws
    position.text = change.numbers(line)
    parent = node.getparent()
    assert parent is not None  # noqa: S101 - a geometry stands inside its property
    new.tail = node.tail
    parent.replace(node, new)


def _rebuild(node: etree._Element, geometry: BaseGeometry, change: _Change) -> None:
    new = as_gml(
        geometry,
        gml_id=str(node.get(f"{_G}id") or "g"),
        system=change.system,
        srid=change.srid,
        change=change,
    )
    new.tail = node.tail
    parent = node.getparent()
    assert parent is not None  # noqa: S101 - a geometry stands inside its property
    parent.replace(node, new)


def as_gml(
    geometry: BaseGeometry, *, gml_id: str, system: System, srid: int, change: _Change | None = None
) -> etree._Element:
    """A geometry of the twin's system `srid` as the file writes geometries."""
    change = change or _Change(system, srid)
    turned = shapely.multipolygons([orient(part) for part in geometry.geoms]) if isinstance(geometry, shapely.MultiPolygon) else geometry  # fmt: skip
    turned = orient(turned) if isinstance(turned, shapely.Polygon) else turned
    element = to_gml(turned, gml_id=gml_id)
    texts = element.iter(f"{_G}pos", f"{_G}posList")
    for node, piece in zip(texts, _lines(turned), strict=True):
        node.text = change.numbers(shapely.get_coordinates(piece))
    element.set("srsName", system.name)
    return element


def _lines(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    """Rings, lines and points in the order in which they are written."""
    for part in shapely.get_parts(geometry):
        if isinstance(part, shapely.Polygon):
            yield from (part.exterior, *part.interiors)
        else:
            yield part


def _bound(element: etree._Element, change: _Change) -> None:
    """Let the object's own envelope enclose it again."""
    node = _first(element)
    box = element.find(f"{_G}boundedBy")
    if box is None or node is None:
        return
    corners = [*box.iter(f"{_G}lowerCorner"), *box.iter(f"{_G}upperCorner")]
    points = shapely.get_coordinates(draw(node, Drawing("", element)))
    stated = next((node.get("srsName") for node in box.iter(f"{_G}Envelope")), None)
    if len(corners) != len((points.min(0), points.max(0))) or (
        stated and crs.epsg_of(stated) != change.system.srid
    ):
        element.remove(box)
        return
    for corner, place in zip(corners, (points.min(0), points.max(0)), strict=True):
        corner.text = " ".join(f"{float(number)!r}".removesuffix(".0") for number in place)
