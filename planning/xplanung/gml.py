"""shapely geometries -> GML 3.2 elements as XPlanGML's profile wants them."""

from typing import Any

import shapely
from lxml import etree
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from planning.xplanung.schema import GML

_DIGITS = 4  # a tenth of a millimetre
_COLLECTIONS = {"MultiPolygon": ("MultiSurface", "surfaceMember"), "MultiLineString": ("MultiCurve", "curveMember"), "MultiPoint": ("MultiPoint", "pointMember")}  # fmt: skip


def to_gml(geometry: BaseGeometry, *, gml_id: str) -> etree._Element:
    """Element with gml:id and, from the geometry's own srid, srsName. Outer rings counter-clockwise. Raises ValueError."""
    srid = int(shapely.get_srid(geometry))
    element = _element(geometry, gml_id)
    if srid:
        element.set("srsName", f"EPSG:{srid}")
    return element


def _element(geometry: BaseGeometry, gml_id: str) -> etree._Element:
    kind = geometry.geom_type
    if geometry.is_empty:
        raise ValueError("an empty geometry cannot be written")
    if kind in _COLLECTIONS:
        name, member = _COLLECTIONS[kind]
        element = _new(name, gml_id)
        for number, piece in enumerate(shapely.get_parts(geometry)):
            etree.SubElement(element, f"{{{GML}}}{member}").append(_element(piece, f"{gml_id}_{number}"))
        return element
    if kind == "Polygon":
        return _polygon(geometry, gml_id)
    if kind not in ("Point", "LineString"):
        raise ValueError(f"{kind} cannot be written")
    element = _new(kind, gml_id)
    etree.SubElement(element, f"{{{GML}}}{'pos' if kind == 'Point' else 'posList'}").text = _numbers(geometry)
    return element


def _polygon(geometry: Any, gml_id: str) -> etree._Element:
    element = _new("Polygon", gml_id)
    turned = orient(geometry)
    for name, ring in [("exterior", turned.exterior), *(("interior", hole) for hole in turned.interiors)]:
        linear = etree.SubElement(etree.SubElement(element, f"{{{GML}}}{name}"), f"{{{GML}}}LinearRing")
        etree.SubElement(linear, f"{{{GML}}}posList").text = _numbers(ring)
    return element


def _numbers(geometry: BaseGeometry) -> str:
    numbers = shapely.get_coordinates(geometry).ravel()
    return " ".join(f"{number:.{_DIGITS}f}".rstrip("0").rstrip(".") for number in numbers)


def _new(local: str, gml_id: str) -> etree._Element:
    element = etree.Element(f"{{{GML}}}{local}", nsmap={"gml": GML})
    element.set(f"{{{GML}}}id", gml_id)
    return element
