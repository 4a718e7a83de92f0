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
from typing import Any, NamedTuple

from lxml import etree

from planning.xplanung.schema import GML, XLINK, FeatureType, Schema

_HREF = f"{{{XLINK}}}href"
_XLINK_TYPE = f"{{{XLINK}}}type"
_GML = f"{{{GML}}}"
_IGNORED = {f"{_GML}boundedBy"}

Json = Any


class Reference(NamedTuple):
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
    found = _Found(schema)
    name = etree.QName(element).localname
    found.content.properties = found.properties(element, schema.feature_type(name), "")
    return found.content


class _Found:
    """Collects the content of one feature element on the way down."""

    def __init__(self, schema: Schema) -> None:
        self.content = Content()
        self._schema = schema

    def properties(self, element: etree._Element, kind: FeatureType | None, path: str) -> dict[str, Json]:
        """path: what the names of the properties are put behind."""
        found: dict[str, Json] = {}
        known = kind.by_name if kind else {}
        for child in element:
            tag = child.tag
            if tag in _IGNORED or not isinstance(tag, str):  # a comment
                continue
            name = _name(tag)
            value = self._value(child, f"{path}{name}")
            if name not in found:
                declared = known.get(name)
                found[name] = [value] if declared and declared.repeats else value
            elif isinstance(previous := found[name], list):
                previous.append(value)
            else:
                found[name] = [previous, value]
        return found

    def _value(self, element: etree._Element, path: str) -> Json:
        inner = list(element.iterchildren(etree.Element)) if len(element) else None
        if not inner:
            return self._leaf(element, path)
        values = [self._inner(child, path) for child in inner]
        return values[0] if len(values) == 1 else {"@items": values}

    def _inner(self, element: etree._Element, path: str) -> Json:
        tag = str(element.tag)
        if tag.startswith(_GML):
            self.content.geometries.append((path, element))
            return {"@geometry": tag[len(_GML) :]}
        name = _name(tag)
        nested = self.properties(element, self._schema.feature_type(name), f"{path}/")
        return {"@type": name, **_attributes(element.items()), **nested}

    def _leaf(self, element: etree._Element, path: str) -> Json:
        text = _text(element)
        attributes = element.items()
        if not attributes:
            return text
        href = element.get(_HREF)
        if href is not None:
            order = self.content.counts.get(path, 0)
            self.content.counts[path] = order + 1
            self.content.references.append(Reference(path, href, order))
        extra = {"@text": text} if text.strip() or href is None else {}
        return {**extra, **_attributes(attributes)}


def _attributes(items: Iterable[tuple[str | bytes, str | bytes]]) -> dict[str, Json]:
    return {_key(str(name)): str(value) for name, value in items if name != _XLINK_TYPE}


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


@lru_cache(4096)
def _key(attribute: str) -> str:
    return f"@{attribute.rpartition('}')[2]}"
