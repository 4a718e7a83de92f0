"""A document of whatever service or catalogue -> Description. What it is, it says itself."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from twin.catalogue.capabilities import arcgis, csw, dcat, ogcapi, sensorthings, texts, wfs, wms, wmts, xml
from twin.catalogue.capabilities.description import Description
from twin.catalogue.capabilities.errors import Unreadable
from twin.catalogue.capabilities.xml import Element

MOST = 16 << 20  # bytes; the largest real capabilities at hand (DWD) have 0.7 MB
MOST_UNPACKED = (
    4 << 20
)  # of JSON and RDF, which take many times as much memory; Brandenburg's whole catalogue has 0.8 MB
_TURTLE = re.compile(rb"(\s*#[^\n]*\n)*\s*(@prefix|@base|prefix|base)\s", re.IGNORECASE)
_HTML = re.compile(rb"\s*(<!doctype\s+html|<html|<head|<body)", re.IGNORECASE)
_JSON_LD = ("@context", "@graph", "@id")
_READERS: Mapping[str, Callable[..., Description]] = {
    "WMS_Capabilities": wms.read,
    "WMT_MS_Capabilities": wms.read,
    "WFS_Capabilities": wfs.read,
    "GetRecordsResponse": csw.read_records,
    "MD_Metadata": csw.read_single,
}
_OF_JSON: tuple[tuple[Callable[[Any], bool], Callable[..., Description]], ...] = (
    (arcgis.fits, arcgis.read),
    (sensorthings.fits, sensorthings.read),
    (ogcapi.fits, ogcapi.read),
)
_BY_NAMESPACE = (("wmts", wmts.read), ("csw", csw.read))


def read(body: bytes, *, url: str = "", kind: str = "") -> Description:
    """url: where the document came from, empty for a file; kind: what it must be. Raises Unreadable."""
    if len(body) > MOST:
        raise Unreadable("large")
    body = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not body:
        raise Unreadable("empty")
    if _HTML.match(body):
        raise Unreadable("html", _title(body))
    found = _read(body, url)
    if kind and found.kind != kind:
        raise Unreadable("kind", found.kind)
    return found


def _read(body: bytes, url: str) -> Description:
    if body[:1] in {b"{", b"["}:
        return _from_json(_small(body), url)
    if _TURTLE.match(body):
        return dcat.read(_small(body), form="turtle", url=url)
    root = xml.parse(body)
    name = xml.name(root)
    if name == "RDF":
        return dcat.read(_small(body), form="xml", url=url)
    if name in {"ServiceExceptionReport", "ExceptionReport", "ServiceException"}:
        raise Unreadable("exception", texts.line(xml.text(root), 300))
    if name == "html":
        raise Unreadable("html", _title(body))
    if reader := _READERS.get(name) or _by_namespace(root):
        return reader(root, url=url)
    raise Unreadable("unknown", texts.line(name, 100))


def _small(body: bytes) -> bytes:
    if len(body) > MOST_UNPACKED:
        raise Unreadable("large")
    return body


def _by_namespace(root: Element) -> Callable[..., Description] | None:
    if xml.name(root) != "Capabilities":
        return None
    space = xml.namespace(root)
    return next((reader for word, reader in _BY_NAMESPACE if f"/{word}" in space), None)


def _from_json(body: bytes, url: str) -> Description:
    try:
        document: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("syntax", texts.line(str(error))) from None
    if isinstance(document, list) or any(key in document for key in _JSON_LD):
        return dcat.read(body, form="json-ld", url=url)
    for fits, reader in _OF_JSON:
        if fits(document):
            return reader(document, url=url)
    told = document.get("error")
    if told or "code" in document:
        message = told.get("message") if isinstance(told, dict) else document.get("description", told)
        raise Unreadable("exception", texts.line(str(message), 300))
    raise Unreadable("unknown", "JSON")


def _title(body: bytes) -> str:
    """Of a web page, so that people recognise the login page or the error that stands there."""
    match = re.search(rb"<title[^>]*>(.{0,300}?)</title", body[:20_000], re.IGNORECASE | re.DOTALL)
    return texts.line(match[1].decode("utf-8", "replace")) if match else ""
