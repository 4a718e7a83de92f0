"""What the catalogue says of one thing, in the words of no standard: dcat, iso and records write it, the record's page shows it."""

from dataclasses import dataclass
from datetime import date, datetime

Box = tuple[float, float, float, float]  # west, south, east, north in degrees (WGS84)


@dataclass(frozen=True)
class Agent:
    name: str
    email: str = ""
    url: str = ""


@dataclass(frozen=True)
class Offer:
    """One way to the data. format: a name such as GEOJSON or WMS; is_download: `url` gives a file, else it is an interface or a page."""

    title: str
    url: str
    format: str = ""
    media_type: str = ""
    is_download: bool = False
    licence_url: str = ""  # where it is another than the entry's


@dataclass(frozen=True)
class Service:
    """kind: WMS, WFS, OAF, …; layer: the name of the thing there, empty for the service itself."""

    kind: str
    url: str
    layer: str = ""
    version: str = ""


@dataclass(frozen=True)
class Entry:
    """uri: of the thing, where its page is, too. identifier: of its publisher. ags: of the town or county it is about.

    licence: a code of the DCAT-AP.de list, or licence_url where it is none of these. frequency, themes: codes of the EU's tables.
    language: ISO 639-1. resolution: denominator of the scale. crs: EPSG codes.
    """

    uri: str
    identifier: str
    kind: str
    title: str
    description: str
    publisher: Agent
    contact: Agent
    catalogued_at: datetime
    changed_at: datetime
    keywords: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    inspire_themes: tuple[str, ...] = ()
    licence: str = ""
    licence_url: str = ""
    attribution: str = ""
    frequency: str = ""
    language: str = "de"
    lineage: str = ""
    resolution: int | None = None
    issued: date | None = None
    modified: datetime | None = None
    start: date | None = None
    end: date | None = None
    box: Box | None = None
    ags: str = ""
    landing_page: str = ""
    offers: tuple[Offer, ...] = ()
    service: Service | None = None
    parent: str = ""  # the uri of the series or service that it belongs to
    parent_is_series: bool = False
    crs: tuple[int, ...] = ()
