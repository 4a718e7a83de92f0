"""A feature's XML -> properties as JSON, references, geometry elements.

Text stays text as delivered (no "1000" becomes a number). The JSON forms of one value:
    "text"                                         element with text only
    {"@text": "25", "@uom": "m"}                   text with attributes (also @codeSpace, @nilReason …)
    {"@href": "#GML_1"}                            reference (with @title and other xlink attributes where given)
    {"@type": "XP_Gemeinde", "ags": "14627140"}    data type; its properties follow the same rules
    {"@geometry": "Polygon"}                       geometry (kept apart, as coordinates)
A property that may repeat by the schema is always a list.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from lxml import etree

from planning.xplanung.schema import GML, XLINK, FeatureType, Schema

_HREF = f"{{{XLINK}}}href"
_XLINK_TYPE = f"{{{XLINK}}}type"
_GML = f"{{{GML}}}"
_IGNORED = {f"{_GML}boundedBy"}

Json = Any


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference of one object: path of its property ("gehoertZuBereich"), href as delivered, place among those of its property."""

    name: str
    href: str
    order: int

    @property
    def target(self) -> str | None:
        """gml:id of the target; None if it lies in another document. Bare ids occur in real files and are followed too."""
        if self.href.startswith("#"):
            return self.href[1:]
        return None if ":" in self.href or "/" in self.href or not self.href else self.href


@dataclass(slots=True)
class Content:
    """What one feature element holds."""

    properties: dict[str, Json] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    geometries: list[tuple[str, etree._Element]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)  # references seen per property


def content_of(element: etree._Element, schema: Schema) -> Content:
    """Everything below one feature element. Names of foreign namespaces are kept with their prefix (`gml:name`)."""
    content = Content()
    name = etree.QName(element).localname
    content.properties = _properties(element, schema, _Place(content, schema.feature_type(name), ""))
    return content


@dataclass(frozen=True, slots=True)
class _Place:
    content: Content
    type: FeatureType | None
    path: str


def _properties(element: etree._Element, schema: Schema, place: _Place) -> dict[str, Json]:
    found: dict[str, Json] = {}
    known = place.type.by_name if place.type else {}
    for child in element:
        tag = child.tag
        if tag in _IGNORED or not isinstance(tag, str):  # a comment
            continue
        name = _name(tag)
        value = _value(child, schema, _Place(place.content, None, f"{place.path}{name}"))
        declared = known.get(name)
        if name in found:
            previous = found[name]
            found[name] = [*previous, value] if isinstance(previous, list) else [previous, value]
        else:
            found[name] = [value] if declared and declared.repeats else value
    return found


def _value(element: etree._Element, schema: Schema, place: _Place) -> Json:
    inner = list(element.iterchildren(etree.Element)) if len(element) else None
    if not inner:
        return _leaf(element, place)
    values = [_inner(child, schema, place) for child in inner]
    return values[0] if len(values) == 1 else {"@items": values}


def _inner(element: etree._Element, schema: Schema, place: _Place) -> Json:
    tag = str(element.tag)
    if tag.startswith(_GML):
        place.content.geometries.append((place.path, element))
        return {"@geometry": tag[len(_GML) :]}
    name = _name(tag)
    nested = _Place(place.content, schema.feature_type(name), f"{place.path}/")
    return {"@type": name, **_attributes(element.items()), **_properties(element, schema, nested)}


def _leaf(element: etree._Element, place: _Place) -> Json:
    text = _text(element)
    if not element.attrib:
        return text
    href = element.get(_HREF)
    if href is not None:
        order = place.content.counts.get(place.path, 0)
        place.content.counts[place.path] = order + 1
        place.content.references.append(Reference(place.path, href, order))
    extra = {"@text": text} if text.strip() or href is None else {}
    return {**extra, **_attributes(element.items())}


def _attributes(items: Iterable[tuple[str | bytes, str | bytes]]) -> dict[str, Json]:
    return {f"@{str(name).rpartition('}')[2]}": str(value) for name, value in items if name != _XLINK_TYPE}


def _text(element: etree._Element) -> str:
    text = element.text or ""
    return text + "".join(_tails(element)) if len(element) else text


def _tails(element: etree._Element) -> Iterator[str]:
    for child in element:
        yield child.tail or ""


@lru_cache(4096)
def _name(tag: str) -> str:
    namespace, _, local = tag[1:].partition("}")
    return f"gml:{local}" if namespace == GML else local or tag
