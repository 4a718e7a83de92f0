"""Foreign services and catalogues asked over HTTP: what one is, and all that it describes, page by page."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tenants.errors import FetchFailed
from tenants.fetching import ask
from twin.catalogue import refusals
from twin.catalogue.capabilities import addresses, reading
from twin.catalogue.capabilities.description import MOST_ENTRIES, Description, Entry
from twin.catalogue.capabilities.errors import Unreadable
from twin.catalogue.refusals import SourceRefused

ACCEPT = "application/json, application/ld+json;q=0.9, text/turtle;q=0.9, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
REDIRECTS = 4
LOOK_SECONDS = 20.0  # for all that is tried while somebody waits for the page
LOOK_BYTES = 4 << 20
PAGE_SECONDS = 60.0
MOST_PAGES = 200
_OK = 200


@dataclass(frozen=True)
class Gathered:
    """All of a source. whole: False where the source holds more than is taken over."""

    description: Description
    whole: bool = True


def look(url: str) -> Description:
    """What lies at an address that somebody pasted, by its first document. Raises SourceRefused."""
    until = time.monotonic() + LOOK_SECONDS
    refusal = SourceRefused(refusals.unfetched(FetchFailed("", reason="address")))
    for kind, address in addresses.candidates(url):
        try:
            return _document(address, kind=kind, seconds=until - time.monotonic(), most=LOOK_BYTES)
        except SourceRefused as error:
            refusal = error
            if isinstance(error.__cause__, FetchFailed) and error.__cause__.reason != "large":
                break  # the others are at the same server
    raise refusal


def gather(kind: str, url: str, *, progress: Callable[[float], None] = lambda share: None) -> Gathered:
    """Read a source from its first document to its last. Raises SourceRefused, and what `progress` raises."""
    address = addresses.first(kind, url)
    first = page = _document(address, kind=kind, seconds=PAGE_SECONDS, most=reading.MOST)
    entries = list(page.entries)
    seen = {address}
    while page.following and page.following not in seen and len(entries) < MOST_ENTRIES:
        if len(seen) >= MOST_PAGES:
            break
        seen.add(page.following)
        page = _document(page.following, kind=kind, seconds=PAGE_SECONDS, most=reading.MOST)
        entries += page.entries
        first = replace(first, total=first.total or page.total, title=first.title or page.title)
        progress(len(entries) / max(min(first.total or 0, MOST_ENTRIES), len(entries) + 1))
    whole = not page.following or page.following in seen
    return _gathered(replace(first, following=""), entries, whole=whole)


def gather_file(path: Path, *, kind: str = "") -> Gathered:
    """A document that lies here; of several pages it is the one. Raises SourceRefused, OSError."""
    if path.stat().st_size > reading.MOST:
        raise SourceRefused(refusals.unread(Unreadable("large")))
    try:
        found = reading.read(path.read_bytes(), kind=kind)
    except Unreadable as error:
        raise SourceRefused(refusals.unread(error)) from error
    return _gathered(found, list(found.entries), whole=True)


def _gathered(first: Description, entries: list[Entry], *, whole: bool) -> Gathered:
    whole = whole and len(entries) <= MOST_ENTRIES
    found = replace(first, entries=tuple(entries[:MOST_ENTRIES]))
    return Gathered(found, whole)


def _document(url: str, *, kind: str, seconds: float, most: int) -> Description:
    try:
        answer = ask(url, seconds=seconds, most=most, redirects=REDIRECTS, accept=ACCEPT)
    except FetchFailed as error:
        raise SourceRefused(refusals.unfetched(error)) from error
    try:
        found = reading.read(answer.body, url=answer.url, kind=kind)
    except Unreadable as error:
        told = refusals.unread(error) if answer.status == _OK else refusals.status(answer.status)
        raise SourceRefused(told) from error
    if answer.status != _OK:
        raise SourceRefused(refusals.status(answer.status))
    return found
