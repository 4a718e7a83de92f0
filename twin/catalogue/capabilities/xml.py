"""XML of strangers: no entities, no network, no more than fits; elements by local name, because prefixes and namespaces vary."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from twin.catalogue.capabilities.errors import Unreadable
from twin.catalogue.capabilities.texts import line

Element = etree._Element


def parse(body: bytes) -> Element:
    """The root. Raises Unreadable."""
    refuse_entities(body)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,  # at most 256 deep: what reads it may recurse
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("syntax", line(str(error))) from None
    dtd: Any = root.getroottree().docinfo.internalDTD  # in another encoding the bytes looked otherwise
    if dtd is not None and next(dtd.iterentities(), None) is not None:
        raise Unreadable("entities")
    return root


def refuse_entities(body: bytes) -> None:
    """A declared entity has no use here but to open files or to fill the memory."""
    if b"<!ENTITY" in body:
        raise Unreadable("entities")


def name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def namespace(element: Element) -> str:
    return element.tag.rpartition("}")[0].strip("{") if isinstance(element.tag, str) else ""


def children(element: Element | None, *path: str) -> Iterator[Element]:
    """All elements below at this path of local names, whatever their namespace; "*" is any name."""
    if element is None:
        return
    for one in element.iterchildren(f"{{*}}{path[0]}"):
        if len(path) == 1:
            yield one
        else:
            yield from children(one, *path[1:])


def child(element: Element | None, *path: str) -> Element | None:
    return next(children(element, *path), None)


def text(element: Element | None, *path: str) -> str:
    """The first text that is not empty at this path; raw."""
    found = children(element, *path) if path else iter((element,))
    return next(filter(None, map(_said, found)), "")


def texts(element: Element | None, *path: str) -> list[str]:
    return list(filter(None, map(_said, children(element, *path))))


def _said(element: Element | None) -> str:
    return "" if element is None else "".join(map(str, element.itertext())).strip()


def attribute(element: Element | None, wanted: str) -> str:
    """By local name: href is xlink:href or href."""
    if element is None:
        return ""
    found = (value for key, value in element.attrib.items() if str(key).rpartition("}")[2] == wanted)
    return str(next(found, "")).strip()
