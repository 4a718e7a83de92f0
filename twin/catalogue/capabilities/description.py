"""What a service says of itself, whatever it speaks. Texts are clean: one line or paragraphs, no control characters, of bounded length."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

Extent = tuple[float, float, float, float]  # west, south, east, north in degrees, WGS 84
MOST_ENTRIES = 5000  # of a source


@dataclass(frozen=True)
class Distribution:
    """One way to the data. licence: a code of the DCAT-AP.de list, or empty."""

    access_url: str
    download_url: str = ""
    title: str = ""
    format: str = ""
    media_type: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Licence:
    """Terms of use. code: of the DCAT-AP.de list where the text names one of them."""

    code: str = ""
    url: str = ""
    text: str = ""


@dataclass(frozen=True)
class Contact:
    name: str = ""
    email: str = ""
    url: str = ""


@dataclass(frozen=True)
class Entry:
    """A layer, feature type, collection, or a record of a catalogue. name: what it is asked for by.

    kind: dataset, service or series; group: titles of the folders it lies in; metadata: addresses of its ISO records;
    service: {"type", "url", "layer", "version", "crs", "formats", …} where it can be drawn; resolution: 1 : this.
    """

    name: str
    title: str
    kind: str = "dataset"
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    inspire_themes: tuple[str, ...] = ()
    extent: Extent | None = None
    metadata: tuple[str, ...] = ()
    licence: Licence = Licence()
    attribution: str = ""
    publisher: str = ""
    contact: Contact = Contact()
    frequency: str = ""
    language: str = ""
    lineage: str = ""
    resolution: int | None = None
    issued: date | None = None
    modified: datetime | None = None
    time_start: date | None = None
    time_end: date | None = None
    landing_page: str = ""
    distributions: tuple[Distribution, ...] = ()
    service: dict[str, Any] = field(default_factory=dict)


def capped(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """One more than may be, so that it shows that there are more; a hostile document could name hundreds of thousands."""
    return tuple(islice(entries, MOST_ENTRIES + 1))


@dataclass(frozen=True)
class Description:
    """One document. kind: WMS, WFS, WMTS, OAF, CSW, DCAT, ArcGIS or STA; url: the service's own address;
    following: the document that goes on where this one ends; total: how many entries there are in all, where it says so.
    """

    kind: str
    url: str
    title: str = ""
    abstract: str = ""
    version: str = ""
    keywords: tuple[str, ...] = ()
    publisher: str = ""
    contact: Contact = Contact()
    licence: Licence = Licence()
    extent: Extent | None = None
    entries: tuple[Entry, ...] = ()
    following: str = ""
    total: int | None = None
