"""OGC API: the landing page leads to the collections, and each of them is an entry."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from twin.catalogue.capabilities import addresses, licences, texts
from twin.catalogue.capabilities.description import Description, Entry, Extent, Licence, capped

Document = Mapping[str, Any]


def fits(document: Document) -> bool:
    return isinstance(document.get("collections"), list) or (
        isinstance(document.get("links"), list) and bool(_link(document, "data", "items"))
    )


def read(document: Document, *, url: str) -> Description:
    if not isinstance(document.get("collections"), list):
        return _landing(document, url=url)
    rows = (row for row in document["collections"] if isinstance(row, Mapping) and row.get("id"))
    own = _service(url or _link(document, "self"))
    following = _link(document, "next")
    return Description(
        kind="OAF",
        url=own,
        title=texts.line(document.get("title")),
        abstract=texts.prose(document.get("description")),
        entries=capped(entry for row in rows if (entry := _entry(row, own)).name),
        following=addresses.absolute(url, following) if following else "",
    )


def _landing(document: Document, *, url: str) -> Description:
    """Also a single collection, which is as good as a list of one."""
    single = document.get("id") if _link(document, "items") else None
    own = _service(url or _link(document, "self"))
    collections = "" if single else addresses.absolute(url, _link(document, "data"))
    return Description(
        kind="OAF",
        url=own,
        title=texts.line(document.get("title")),
        abstract=texts.prose(document.get("description")),
        keywords=texts.words(_list(document.get("keywords"))),
        licence=_licence(document),
        entries=(_entry(document, own),) if single else (),
        following=collections,
    )


def _entry(row: Document, own: str) -> Entry:
    name = texts.line(row.get("id"))
    space = row.get("extent")
    formats = [link.get("type") for link in _links(row) if link.get("rel") == "items"]
    systems = [one for one in [row.get("storageCrs"), *_list(row.get("crs"))] if isinstance(one, str)]
    described = [link.get("href") for link in _links(row) if link.get("rel") == "describedby"]
    start, end = _time(space)
    return Entry(
        name=name,
        title=texts.line(row.get("title")) or name,
        abstract=texts.prose(row.get("description")),
        keywords=texts.words(_list(row.get("keywords"))),
        extent=_extent(space),
        metadata=tuple(filter(None, map(texts.web, described))),
        licence=_licence(row),
        attribution=texts.line(row.get("attribution")),
        time_start=texts.day(start),
        time_end=texts.day(end),
        service={
            "type": "OAF",
            "url": own,
            "layer": name,
            "version": "1.0",
            "crs": list(texts.systems(systems or ["CRS:84"])),
            "formats": list(texts.words(formats)),
        },
    )


def _service(url: str) -> str:
    """The address of the landing page for that of anything below it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path.partition('/collections')[0].rstrip('/')}"


def _links(document: Document) -> Iterator[Document]:
    yield from (link for link in _list(document.get("links")) if isinstance(link, Mapping))


def _link(document: Document, *relations: str) -> str:
    """The first link of this kind, as JSON where there is a choice."""
    found = [link for link in _links(document) if str(link.get("rel")).rpartition("/")[2] in relations]
    found.sort(key=lambda link: "json" not in str(link.get("type", "json")))
    return texts.line(found[0].get("href"), 1000) if found else ""


def _licence(row: Document) -> Licence:
    linked = [str(link.get("href", "")) for link in _links(row) if link.get("rel") == "license"]
    return licences.licence(str(row.get("license") or ""), *linked)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _extent(space: Any) -> Extent | None:
    boxes = _list(_inside(space, "spatial").get("bbox"))
    first = _list(boxes[0]) if boxes else []
    return texts.extent(first if len(first) == 4 else [*first[:2], *first[3:5]])  # heights between them


def _time(space: Any) -> tuple[Any, Any]:
    intervals = _list(_inside(space, "temporal").get("interval"))
    first = _list(intervals[0]) if intervals else []
    return (first[0], first[1]) if len(first) == 2 else (None, None)


def _inside(value: Any, key: str) -> Document:
    found = value.get(key) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}
