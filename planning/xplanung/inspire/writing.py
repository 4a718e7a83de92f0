"""Planned Land Use 4.0 as GML, element by element in the order of its schema (PlannedLandUse.xsd 4.0.1).

What INSPIRE wants and a plan does not say is void with a reason, never made up.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import shapely
from lxml import etree
from shapely.geometry.base import BaseGeometry

PLU = "http://inspire.ec.europa.eu/schemas/plu/4.0"
BASE = "http://inspire.ec.europa.eu/schemas/base/3.3"
GML = "http://www.opengis.net/gml/3.2"
XLINK = "http://www.w3.org/1999/xlink"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA = f"{PLU} https://inspire.ec.europa.eu/schemas/plu/4.0/PlannedLandUse.xsd"
_LIST = "http://inspire.ec.europa.eu/codelist/{}/{}".format
_NAMESPACES = {"plu": PLU, "base": BASE, "gml": GML, "xlink": XLINK, "xsi": XSI}
_DECIMALS = 3  # of coordinates: millimetres


@dataclass(frozen=True)
class Ordinance:
    """A decision on the plan."""

    on: date
    reference: str


@dataclass(frozen=True)
class SpatialPlan:
    """namespace: of all identifiers. step: ProcessStepGeneralValue, empty where unknown. kind: how people call the kind of plan."""

    key: str
    namespace: str
    version: str
    changed: datetime
    title: str
    number: str
    kind: str
    level: str
    step: str
    area: BaseGeometry
    valid_from: date | None = None
    valid_to: date | None = None
    ordinances: tuple[Ordinance, ...] = ()
    document: str = ""  # address of the plan's page, where its documents are


@dataclass(frozen=True)
class Element:
    """A zoning element (with uses) or a supplementary regulation (with a code). name: in words. local: the type in XPlanung."""

    key: str
    geometry: BaseGeometry
    uses: tuple[str, ...]
    code: str
    nature: str
    name: str
    local: str
    inherited: bool = False


def document(plan: SpatialPlan, elements: Iterable[Element], *, srid: int) -> Iterator[bytes]:
    """The document in pieces. Geometries are in the system `srid`, easting before northing."""
    writer = _Writer(plan, srid)
    found = list(elements)
    head = etree.Element(f"{{{GML}}}FeatureCollection", nsmap=_NAMESPACES)
    head.set(f"{{{GML}}}id", "collection")
    head.set(f"{{{XSI}}}schemaLocation", _SCHEMA)
    opening = etree.tostring(head).removesuffix(b"/>") + b">\n"
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n' + opening
    yield _member(writer.spatial_plan(found))
    yield _member(writer.documentation())
    for each in found:
        yield _member(writer.zoning(each) if each.uses else writer.regulation(each))
    yield b"</gml:FeatureCollection>\n"


def _member(feature: etree._Element) -> bytes:
    """As it stands in the collection, whose element declares the namespaces."""
    text = etree.tostring(feature)
    for prefix, space in _NAMESPACES.items():
        text = text.replace(f' xmlns:{prefix}="{space}"'.encode(), b"")
    return b"<gml:featureMember>" + text + b"</gml:featureMember>\n"


class _Writer:
    def __init__(self, plan: SpatialPlan, srid: int) -> None:
        self.plan, self._numbers = plan, iter(range(1, 10**9))
        self._srs = f"http://www.opengis.net/def/crs/EPSG/0/{srid}"

    # --- features

    def spatial_plan(self, elements: list[Element]) -> etree._Element:
        plan = self.plan
        root = self._feature("SpatialPlan", plan.key)
        self._identifier(root, plan.key)
        _sub(root, "extent").append(self._multisurface(plan.area))
        _sub(root, "beginLifespanVersion", plan.changed.isoformat())
        _sub(root, "officialTitle", plan.title)
        _refer(root, "levelOfSpatialPlan", _LIST("LevelOfSpatialPlanValue", plan.level))
        _day(root, "validFrom", plan.valid_from)
        _day(root, "validTo", plan.valid_to)
        _sub(root, "alternativeTitle", plan.number) if plan.number else _void(root, "alternativeTitle")
        _titled(root, "planTypeName", plan.kind)
        self._step(root)
        _void(root, "backgroundMap")
        self._ordinances(root)
        _refer(root, "officialDocument", "#documentation")
        for name, zoned in (("member", True), ("restriction", False)):
            for each in elements:
                if bool(each.uses) is zoned:
                    _refer(root, name, f"#{_id(each.key)}")
        return root

    def documentation(self) -> etree._Element:
        root = self._feature("OfficialDocumentation", "documentation", key_is_id=True)
        self._identifier(root, f"{self.plan.key}.documentation")
        _void(root, "legislationCitation")
        _sub(root, "regulationText", self.plan.document)
        _void(root, "planDocument")
        return root

    def zoning(self, each: Element) -> etree._Element:
        root = self._feature("ZoningElement", each.key)
        self._identifier(root, each.key)
        _sub(root, "geometry").append(self._multisurface(each.geometry))
        _day(root, "validFrom", self.plan.valid_from)
        _day(root, "validTo", self.plan.valid_to)
        for use in each.uses:
            _refer(root, "hilucsLandUse", _LIST("HILUCSValue", use))
        _sub(root, "beginLifespanVersion", self.plan.changed.isoformat())
        _void(root, "hilucsPresence")
        _titled(root, "specificLandUse", each.name)
        _void(root, "specificPresence")
        _refer(root, "regulationNature", _LIST("RegulationNatureValue", each.nature))
        self._step(root)
        _void(root, "backgroundMap")
        _refer(root, "officialDocument", "#documentation")
        _refer(root, "plan", f"#{_id(self.plan.key)}")
        return root

    def regulation(self, each: Element) -> etree._Element:
        root = self._feature("SupplementaryRegulation", each.key)
        _day(root, "validFrom", self.plan.valid_from)
        _day(root, "validTo", self.plan.valid_to)
        _titled(root, "specificSupplementaryRegulation", each.local)
        self._step(root)
        _void(root, "backgroundMap")
        _sub(root, "beginLifespanVersion", self.plan.changed.isoformat())
        self._identifier(root, each.key)
        _sub(root, "geometry").append(self._geometry(each.geometry))
        _sub(root, "inheritedFromOtherPlans", "true" if each.inherited else "false")
        _void(root, "specificRegulationNature")
        _sub(root, "name", each.name)
        _refer(root, "regulationNature", _LIST("RegulationNatureValue", each.nature))
        _refer(root, "supplementaryRegulation", _LIST("SupplementaryRegulationValue", each.code))
        _refer(root, "officialDocument", "#documentation")
        _refer(root, "plan", f"#{_id(self.plan.key)}")
        return root

    # --- parts

    def _feature(self, name: str, key: str, *, key_is_id: bool = False) -> etree._Element:
        root = etree.Element(f"{{{PLU}}}{name}", nsmap=_NAMESPACES)
        root.set(f"{{{GML}}}id", key if key_is_id else _id(key))
        return root

    def _identifier(self, root: etree._Element, key: str) -> None:
        inner = etree.SubElement(_sub(root, "inspireId"), f"{{{BASE}}}Identifier")
        for name, text in (
            ("localId", key),
            ("namespace", self.plan.namespace),
            ("versionId", self.plan.version),
        ):
            etree.SubElement(inner, f"{{{BASE}}}{name}").text = text

    def _step(self, root: etree._Element) -> None:
        if self.plan.step:
            _refer(root, "processStepGeneral", _LIST("ProcessStepGeneralValue", self.plan.step))
        else:
            _void(root, "processStepGeneral")

    def _ordinances(self, root: etree._Element) -> None:
        for each in self.plan.ordinances:
            inner = etree.SubElement(_sub(root, "ordinance"), f"{{{PLU}}}OrdinanceValue")
            _sub(inner, "ordinanceDate", f"{each.on.isoformat()}T00:00:00")
            _sub(inner, "ordinanceReference", each.reference)
        if not self.plan.ordinances:
            _void(root, "ordinance")

    # --- geometries

    def _geometry(self, shape: BaseGeometry) -> etree._Element:
        dimension = int(shapely.get_dimensions(shape))
        if dimension == 2:
            return self._multisurface(shape)
        many, member, make = (
            ("MultiPoint", "pointMember", self._point),
            ("MultiCurve", "curveMember", self._line),
        )[dimension]
        root = self._shape(many)
        for part in _parts(shape, dimension):
            etree.SubElement(root, f"{{{GML}}}{member}").append(make(part))
        return root

    def _multisurface(self, shape: BaseGeometry) -> etree._Element:
        root = self._shape("MultiSurface")
        for part in _parts(shapely.orient_polygons(shape), 2):
            polygon = self._shape("Polygon")
            for name, ring in (("exterior", part.exterior), *(("interior", ring) for ring in part.interiors)):
                outer = etree.SubElement(polygon, f"{{{GML}}}{name}")
                _positions(etree.SubElement(outer, f"{{{GML}}}LinearRing"), ring)
            etree.SubElement(root, f"{{{GML}}}surfaceMember").append(polygon)
        return root

    def _line(self, part: BaseGeometry) -> etree._Element:
        root = self._shape("LineString")
        _positions(root, part)
        return root

    def _point(self, part: BaseGeometry) -> etree._Element:
        root = self._shape("Point")
        etree.SubElement(root, f"{{{GML}}}pos").text = _numbers(part)
        return root

    def _shape(self, name: str) -> etree._Element:
        root = etree.Element(f"{{{GML}}}{name}", nsmap=_NAMESPACES)
        root.set(f"{{{GML}}}id", f"g{next(self._numbers)}")
        root.set("srsName", self._srs)
        return root


def _parts(shape: BaseGeometry, dimension: int) -> list[Any]:
    """Its points, lines or polygons."""
    parts = shapely.get_parts(shapely.get_parts([shape]))
    return [part for part in parts if int(shapely.get_dimensions(part)) == dimension]


def _positions(root: etree._Element, shape: BaseGeometry) -> None:
    etree.SubElement(root, f"{{{GML}}}posList").text = _numbers(shape)


def _numbers(shape: BaseGeometry) -> str:
    return " ".join(f"{number:.{_DECIMALS}f}" for pair in shapely.get_coordinates(shape) for number in pair)


def _id(key: str) -> str:
    """An XML id out of any key: letters, digits and a few signs, never first a digit."""
    return "id." + "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "_" for sign in key
    )


def _sub(root: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(root, f"{{{PLU}}}{name}")
    element.text = None if text is None else _printable(text)
    return element


def _titled(root: etree._Element, name: str, title: str) -> None:
    _sub(root, name).set(f"{{{XLINK}}}title", _printable(title))


def _printable(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n")


def _refer(root: etree._Element, name: str, href: str) -> None:
    _sub(root, name).set(f"{{{XLINK}}}href", href)


def _void(root: etree._Element, name: str) -> None:
    element = _sub(root, name)
    element.set("nilReason", "unknown")
    element.set(f"{{{XSI}}}nil", "true")


def _day(root: etree._Element, name: str, day: date | None) -> None:
    if day is not None:
        _sub(root, name, day.isoformat())
