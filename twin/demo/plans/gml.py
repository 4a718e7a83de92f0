"""Features of a demo plan as an XPlanGML 6.0 file. Only what the demo plans need; order of properties as in the schema."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid5

import shapely
from lxml import etree
from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

XPLAN = "http://www.xplanung.de/xplangml/6/0"
GML = "http://www.opengis.net/gml/3.2"
XLINK = "http://www.w3.org/1999/xlink"
SRS = "EPSG:25833"
NAMESPACE = UUID(
    "5f6b4f0e-8d61-5b0a-9a39-5a6f6b7a1c11"
)  # any fixed one: ids have to be the same in every run

# XP_Objekt's and BP_/FP_/SO_Objekt's properties come before `position`, all others after it
HEAD = ("text", "ebene", "hoehenangabe", "gehoertZuBereich", "aufschrift", "rechtscharakter", "refTextInhalt")
HEAD_AFTER = ("wirdAusgeglichenDurchFlaeche",)


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to another feature by its key."""

    key: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its unit: m, m2 or grad (degrees)."""

    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Struct:
    """A data type such as XP_Gemeinde, written inside its property."""

    kind: str
    properties: Mapping[str, "Value"]


Value = str | int | float | bool | Ref | Measure | Struct | BaseGeometry | Sequence["Value"]


@dataclass(frozen=True, slots=True)
class Feature:
    """One object of the plan. closes: it is part of the Flächenschluss (None: no area, the property is left out)."""

    key: str
    kind: str
    geometry: BaseGeometry | None = None
    closes: bool | None = None
    properties: Mapping[str, Value] = field(default_factory=dict)


def gml_id(name: str, key: str) -> str:
    """The id of a feature in the file `name`."""
    return f"GML_{uuid5(NAMESPACE, f'{name}/{key}')}"


def write(features: Iterable[Feature], *, name: str) -> bytes:
    """The file. `name` seeds the ids: the same name and keys give the same file, byte by byte."""
    listed = list(features)
    writer = _Writer(name)
    root = etree.Element(f"{{{XPLAN}}}XPlanAuszug", nsmap={"xplan": XPLAN, "gml": GML, "xlink": XLINK})
    root.set(f"{{{GML}}}id", writer.identify("file"))
    _envelope(root, [f.geometry for f in listed if f.geometry is not None])
    for feature in listed:
        member = etree.SubElement(root, f"{{{GML}}}featureMember")
        writer.feature(member, feature)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return document


def _envelope(parent: etree._Element, shapes: Iterable[BaseGeometry]) -> None:
    left, bottom, right, top = shapely.total_bounds(list(shapes))
    box = etree.SubElement(etree.SubElement(parent, f"{{{GML}}}boundedBy"), f"{{{GML}}}Envelope", srsName=SRS)
    etree.SubElement(box, f"{{{GML}}}lowerCorner").text = f"{left:.3f} {bottom:.3f}"
    etree.SubElement(box, f"{{{GML}}}upperCorner").text = f"{right:.3f} {top:.3f}"


class _Writer:
    """Elements below a parent; knows the file's name for ids."""

    def __init__(self, name: str) -> None:
        self.name = name

    def identify(self, key: str) -> str:
        return gml_id(self.name, key)

    def feature(self, parent: etree._Element, feature: Feature) -> None:
        element = etree.SubElement(parent, f"{{{XPLAN}}}{feature.kind}")
        element.set(f"{{{GML}}}id", self.identify(feature.key))
        if feature.geometry is not None:
            _envelope(element, [feature.geometry])
        for name, value in _ordered(feature):
            self.property(element, name, value, key=f"{feature.key}/{name}")

    def property(self, parent: etree._Element, name: str, value: Value, *, key: str) -> None:
        if isinstance(value, list | tuple):
            for index, item in enumerate(value):
                self.property(parent, name, item, key=f"{key}/{index}")
            return
        element = etree.SubElement(parent, f"{{{XPLAN}}}{name}")
        if isinstance(value, Ref):
            element.set(f"{{{XLINK}}}href", f"#{self.identify(value.key)}")
        elif isinstance(value, BaseGeometry):
            self.geometry(element, value, key=key)
        elif isinstance(value, Struct):
            inner = etree.SubElement(element, f"{{{XPLAN}}}{value.kind}")
            for part, content in value.properties.items():
                self.property(inner, part, content, key=f"{key}/{part}")
        elif isinstance(value, Measure):
            element.set("uom", value.unit)
            element.text = f"{value.value:g}"
        else:
            element.text = str(value).lower() if isinstance(value, bool) else str(value)

    def geometry(self, parent: etree._Element, shape: BaseGeometry, *, key: str) -> None:
        kind = {Polygon: "Polygon", LineString: "LineString", Point: "Point", MultiPolygon: "MultiSurface"}[
            type(shape)
        ]
        element = etree.SubElement(parent, f"{{{GML}}}{kind}", srsName=SRS)
        element.set(f"{{{GML}}}id", self.identify(key))
        if isinstance(shape, MultiPolygon):
            for index, part in enumerate(shape.geoms):
                self.geometry(
                    etree.SubElement(element, f"{{{GML}}}surfaceMember"), part, key=f"{key}/{index}"
                )
        elif isinstance(shape, Polygon):
            _rings(element, shape)
        else:
            tag = "pos" if isinstance(shape, Point) else "posList"
            etree.SubElement(element, f"{{{GML}}}{tag}").text = _positions(shape)


def _rings(parent: etree._Element, area: Polygon) -> None:
    oriented = shapely.orient_polygons(area)
    for tag, ring in [("exterior", oriented.exterior), *(("interior", hole) for hole in oriented.interiors)]:
        linear = etree.SubElement(etree.SubElement(parent, f"{{{GML}}}{tag}"), f"{{{GML}}}LinearRing")
        etree.SubElement(linear, f"{{{GML}}}posList").text = _positions(ring)


def _positions(shape: BaseGeometry) -> str:
    return " ".join(f"{number:.3f}" for number in shapely.get_coordinates(shape).ravel())


def _ordered(feature: Feature) -> list[tuple[str, Value]]:
    """The properties in the schema's order, the geometry between the two halves."""
    given = dict(feature.properties)
    if feature.geometry is None or feature.kind.endswith(("_Plan", "_Bereich")):
        return list(given.items())
    head: list[tuple[str, Value]] = [
        (name, given.pop(name)) for name in (*HEAD, *HEAD_AFTER) if name in given
    ]
    head.append(("position", feature.geometry))
    if feature.closes is not None:
        head.append(("flaechenschluss", feature.closes))
    return head + list(given.items())
