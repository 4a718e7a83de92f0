"""What must survive a round trip: every element with its path, its text and its attributes, in order."""

from lxml import etree

Leaf = tuple[str, str, tuple[tuple[str, str], ...]]


def leaves(data: bytes) -> list[Leaf]:
    """(path, text, attributes) of every element of a document, in document order. White space between elements does not count."""
    found: list[Leaf] = []
    _collect(etree.fromstring(data, etree.XMLParser(huge_tree=True)), "", found)
    return found


def _collect(element: etree._Element, path: str, found: list[Leaf]) -> None:
    here = f"{path}/{element.tag}"
    text = (element.text or "") + "".join(
        child.tail or "" for child in element if not isinstance(child.tag, str)
    )
    children = list(element.iterchildren(etree.Element))
    attributes = tuple(sorted((str(name), str(value)) for name, value in element.attrib.items()))
    found.append((here, text.strip() if children else text, attributes))
    for child in children:
        _collect(child, here, found)
