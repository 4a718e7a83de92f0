"""Objects -> XPlanGML.

Untouched documents and objects leave as they came: `whole` puts frame and pieces together again, byte for byte (in
UTF-8); `part` makes a document of some of the objects. `edited` changes properties of one object in schema order and
leaves its other elements alone; `created` writes a new one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lxml import etree
from shapely.geometry.base import BaseGeometry

from planning.xplanung.gml import to_gml
from planning.xplanung.plans import as_list
from planning.xplanung.scanner import DocumentFrame, declarations
from planning.xplanung.schema import GML, XLINK, Schema

GML_ID, HREF = f"{{{GML}}}id", f"{{{XLINK}}}href"
_ROOT = re.compile(rb"<([^\s!?/>]+)(?:[^>\"']|\"[^\"]*\"|'[^']*')*>\s*$")
_COUNTS = re.compile(rb"(\s(?:numberReturned|numberMatched)\s*=\s*)([\"'])[^\"']*[\"']")
_HOLE = b"\0"  # no character of XML: marks where an object went
_OPENING = re.compile(rb"\s*<([^\s!?/>]+)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*(?<!/)>\s*$")
_CLOSING = re.compile(rb"\s*</([^\s>]+)\s*>")
_OWN_ATTRIBUTES = ("uom", "codeSpace", "nilReason", "owns")


class NotWritable(ValueError):
    """A property or type that the schema does not know. Carries its name."""


def whole(
    frame: DocumentFrame, pieces: Iterable[tuple[bytes, bytes]], *, added: Iterable[bytes] = ()
) -> Iterator[bytes]:
    """All objects in their order as (before, raw): the delivered document again.

    Where `raw` is empty the object goes, and with it the element that held it alone; `added` follow the last one."""
    yield frame.head
    between = b""
    for before, raw in pieces:
        between = _joined(between, before) if between.endswith(_HOLE) else between + before
        if not raw:
            between += _HOLE
            continue
        yield between
        yield raw
        between = b""
    tail = _joined(between, frame.tail) if between.endswith(_HOLE) else between + frame.tail
    yield _appended(frame, tail, added)


def _joined(left: bytes, right: bytes) -> bytes:
    """What stands before and behind an object that goes, without the element that held nothing else."""
    before = left.removesuffix(_HOLE)
    opening, closing = _OPENING.search(before), _CLOSING.match(right)
    if opening and closing and opening.group(1) == closing.group(1):
        return before[: opening.start()] + right[closing.end() :]
    return before + right


def _appended(frame: DocumentFrame, tail: bytes, added: Iterable[bytes]) -> bytes:
    """The end of the document with further objects, each in a member of its own unless one holds them all."""
    member = frame.member.encode()
    closing = _CLOSING.match(tail)
    alone = bool(closing and closing.group(1) == member and not member.endswith(b"Members"))
    start = tail[: closing.end()] if closing and alone else b""
    pieces = [
        b"\n  <" + member + b">" + raw + b"</" + member + b">" if alone else b"\n" + raw for raw in added
    ]
    return start + b"".join(pieces) + tail[len(start) :]


def counted(head: bytes, count: int) -> bytes:
    """The start of a document with this number of objects where the root of a service's answer states it."""
    return _COUNTS.sub(rb"\g<1>\g<2>%d\g<2>" % count, head)


def part(frame: DocumentFrame, objects: Iterable[bytes], *, count: int | None = None) -> Iterator[bytes]:
    """A document of some objects (their `raw`), in the frame they came in: root, its attributes, envelope.

    count: how many they are, written where the root of a service's answer states it."""
    found = _ROOT.search(frame.head)
    if not found:  # the document was a single object without anything around it
        yield from objects
        return
    yield frame.head if count is None else counted(frame.head, count)
    if frame.extras:
        yield b"\n  " + frame.extras
    member = frame.member.encode()
    for raw in objects:
        yield b"\n  <" + member + b">" + raw + b"</" + member + b">"
    yield b"\n</" + found.group(1) + b">\n"


def new_frame(schema: Schema, *, gml_id: str) -> DocumentFrame:
    """The frame of a document that is written from nothing."""
    namespaces = {"xplan": schema.namespace, "gml": GML, "xlink": XLINK}
    root = b"<xplan:XPlanAuszug" + declarations(namespaces) + b" gml:id=" + f'"{gml_id}"'.encode() + b">"
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n' + root
    return DocumentFrame(
        head, b"\n</xplan:XPlanAuszug>\n", b"", "gml:featureMember", "XPlanAuszug", namespaces
    )


def edited(raw: bytes, changes: Mapping[str, Any], *, schema: Schema, namespaces: Mapping[str, str]) -> bytes:
    """`raw` with the given properties replaced; None removes one. Values as the reader gives them, or shapely geometries
    with `srid` set (`shapely.set_srid`). Raises NotWritable."""
    element = opened(raw, namespaces)
    _apply(element, changes, schema)
    return closed(element)


def opened(raw: bytes, namespaces: Mapping[str, str]) -> etree._Element:
    """One object's XML where its namespaces are declared."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(b"<w" + declarations(dict(namespaces)) + b">" + raw + b"</w>", parser)[0]


def closed(element: etree._Element) -> bytes:
    """The object's XML again."""
    element.tail = None
    return etree.tostring(element, encoding="utf-8")


def created(feature_type: str, gml_id: str, values: Mapping[str, Any], *, schema: Schema) -> bytes:
    """A new object. Raises NotWritable."""
    element = etree.Element(
        f"{{{schema.namespace}}}{feature_type}", nsmap={"xplan": schema.namespace, "gml": GML, "xlink": XLINK}
    )
    element.set(f"{{{GML}}}id", gml_id)
    _apply(element, values, schema)
    return etree.tostring(element, encoding="utf-8")


def _apply(element: etree._Element, changes: Mapping[str, Any], schema: Schema) -> None:
    order = _order(element, schema)
    for name, value in changes.items():
        if name not in order:
            raise NotWritable(name)
        tag = _tag(name, schema)
        for old in element.findall(tag):
            element.remove(old)
        new = [
            _element(tag, item, schema, f"{element.get(f'{{{GML}}}id', 'g')}_{name}")
            for item in as_list(value)
        ]
        at = _place(element, order, name)
        element[at:at] = new


def _order(element: etree._Element, schema: Schema) -> dict[str, int]:
    found = schema.feature_type(etree.QName(element).localname)
    if found is None:
        raise NotWritable(etree.QName(element).localname)
    general = ("gml:description", "gml:descriptionReference", "gml:identifier", "gml:name", "gml:boundedBy")
    names = [*general, *(item.name for item in found.properties)]
    return {name: place for place, name in enumerate(names)}


def _place(element: etree._Element, order: Mapping[str, int], name: str) -> int:
    """Index among the children before the first one that comes later in the schema."""
    for index, child in enumerate(element):
        if isinstance(child.tag, str) and order.get(_name(child), -1) > order[name]:
            return index
    return len(element)


def _element(tag: str, value: Any, schema: Schema, gml_id: str) -> etree._Element:
    element = etree.Element(tag)
    if isinstance(value, etree._Element):
        element.append(value)
    elif isinstance(value, BaseGeometry):
        element.append(to_gml(value, gml_id=gml_id))
    elif not isinstance(value, Mapping):
        element.text = _written(value)
    elif "@type" in value:
        element.append(_data(value, schema, gml_id))
    elif "@geometry" in value:
        raise NotWritable(tag)
    else:
        element.text = value.get("@text")
        for name, text in _attributes(value):
            element.set(name, text)
    return element


def _data(value: Mapping[str, Any], schema: Schema, gml_id: str) -> etree._Element:
    element = etree.Element(_tag(value["@type"], schema))
    order = _order(element, schema)
    names = [name for name in value if not name.startswith("@")]
    unknown = [name for name in names if name not in order]
    if unknown:
        raise NotWritable(unknown[0])
    for name in sorted(names, key=order.__getitem__):
        for number, item in enumerate(as_list(value[name])):
            element.append(_element(_tag(name, schema), item, schema, f"{gml_id}_{name}_{number}"))
    return element


def _attributes(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, text in value.items():
        name = key.removeprefix("@")
        if key.startswith("@") and name != "text":
            yield (name if name in _OWN_ATTRIBUTES else f"{{{XLINK}}}{name}"), str(text)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _tag(name: str, schema: Schema) -> str:
    return f"{{{GML}}}{name[4:]}" if name.startswith("gml:") else f"{{{schema.namespace}}}{name}"


def _name(element: etree._Element) -> str:
    namespace, _, local = str(element.tag)[1:].partition("}")
    return f"gml:{local}" if namespace == GML else local
