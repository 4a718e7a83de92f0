"""SensorThings: the landing document names the sets of entities; each is an entry."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from twin.catalogue.capabilities import addresses, texts
from twin.catalogue.capabilities.description import Description, Entry, capped

Document = Mapping[str, Any]
_SETS = frozenset({"Things", "Datastreams"})


def fits(document: Document) -> bool:
    return _SETS <= {row.get("name") for row in _rows(document)}


def read(document: Document, *, url: str) -> Description:
    own = (url or next(str(row["url"]) for row in _rows(document))).partition("?")[0].rstrip("/")
    own = own if url else own.rpartition("/")[0]
    version = next((part for part in own.split("/") if part.startswith("v1.")), "v1.1")
    entries = (_entry(row, own, version) for row in _rows(document))
    return Description(
        kind="STA",
        url=own,
        version=version.lstrip("v"),
        title=f"SensorThings {urlsplit(own).hostname or ''}".strip(),
        entries=capped(entries),
    )


def _entry(row: Document, own: str, version: str) -> Entry:
    name = texts.line(row.get("name"), 100)
    return Entry(
        name=name,
        title=name,
        service={
            "type": "STA",
            "url": own,
            "layer": name,
            "version": version.lstrip("v"),
            "crs": ["EPSG:4326"],
            "formats": ["application/json"],
            "address": texts.web(addresses.absolute(f"{own}/", str(row.get("url", "")))),
        },
    )


def _rows(document: Document) -> list[Document]:
    found = document.get("value")
    rows = found if isinstance(found, list) else []
    return [row for row in rows if isinstance(row, Mapping) and {"name", "url"} <= row.keys()]
