"""Values without a place in the new version -> XP_GenerAttribut."""

from collections.abc import Iterator

from lxml import etree

from planning.xplanung.schema import Property, Schema
from planning.xplanung.upgrade.neighbours import local

_KINDS = {
    "xs:date": "XP_DatumAttribut", "xs:double": "XP_DoubleAttribut", "xs:anyURI": "XP_URLAttribut",
    "xs:int": "XP_IntegerAttribut",
}  # fmt: skip


def generic_values(
    name: str, element: etree._Element, old: Property | None, target: Schema, source: Schema
) -> Iterator[etree._Element]:
    """The property's text, or those of its parts ("externeReferenz/georefMimeType"), each as one hatGenerAttribut."""
    inner = next(element.iterchildren(etree.Element), None)
    if inner is None:
        text = " ".join(filter(None, ((element.text or "").strip(), element.get("uom"))))
        if text:
            kind = _KINDS.get(old.type, "") if old else ""
            yield _attribute(name, text, kind or "XP_StringAttribut", target)
        return
    facts = source.feature_type(local(inner))
    for part in inner.iterchildren(etree.Element):
        known = facts.by_name.get(local(part)) if facts else None
        if known is None or known.kind not in ("geometry", "reference"):
            yield from generic_values(f"{name}/{local(part)}", part, known, target, source)


def _attribute(name: str, text: str, kind: str, target: Schema) -> etree._Element:
    space = f"{{{target.namespace}}}"
    outer = etree.Element(f"{space}hatGenerAttribut")
    inner = etree.SubElement(outer, f"{space}{kind}")
    etree.SubElement(inner, f"{space}name").text = name
    etree.SubElement(inner, f"{space}wert").text = text
    return outer
