"""Entries as DCAT-AP.de 3.0 (https://www.dcat-ap.de/def/dcatde/3.0/spec/): a graph, in pages.

Code lists: the EU Publications Office's authority tables, and GovData's at dcat-ap.de. Coordinates are longitude and latitude (WGS84).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from urllib.parse import quote

from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS, XSD

from twin.catalogue.entry import Agent, Entry, Offer, Service

DCATAP = Namespace("http://data.europa.eu/r5r/")
DCATDE = Namespace("http://dcat-ap.de/def/dcatde/")
GEO = Namespace("http://www.opengis.net/ont/geosparql#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
EU = "http://publications.europa.eu/resource/authority/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
LICENCES = "http://dcat-ap.de/def/licenses/"
_GEOCODING = "http://dcat-ap.de/def/politicalGeocoding/"
_IN_ADDRESSES = (
    "%:/?#[]@!$&'()*+,;=~"  # what foreign records hold in the place of an address may hold anything
)
_PREFIXES = (
    ("dcat", DCAT),
    ("dct", DCTERMS),
    ("foaf", FOAF),
    ("dcatap", DCATAP),
    ("dcatde", DCATDE),
    ("hydra", HYDRA),
    ("vcard", VCARD),
)
SERIES, IN_SERIES = (
    URIRef(f"{DCAT}DatasetSeries"),
    URIRef(f"{DCAT}inSeries"),
)  # of DCAT 3, which rdflib does not know
_CLASSES = {"dataset": DCAT.Dataset, "service": DCAT.DataService, "series": SERIES}
_LANGUAGES = {"de": "DEU", "en": "ENG", "cs": "CES", "pl": "POL", "fr": "FRA", "hsb": "HSB"}
# Our names and those that are met in catalogues -> code of the EU's file-type table, IANA media type.
FORMATS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "CSV": ("CSV", "text/csv"),
        "GEOJSON": ("GEOJSON", "application/geo+json"),
        "GEOTIFF": ("GEOTIFF", "image/tiff"),
        "GML": ("GML", "application/gml+xml"),
        "GPKG": ("GPKG", "application/geopackage+sqlite3"),
        "GEOPACKAGE": ("GPKG", "application/geopackage+sqlite3"),
        "HTML": ("HTML", "text/html"),
        "JSON": ("JSON", "application/json"),
        "JSON_LD": ("JSON_LD", "application/ld+json"),
        "KML": ("KML", "application/vnd.google-earth.kml+xml"),
        "MVT": ("", "application/vnd.mapbox-vector-tile"),
        "OAF": ("JSON", "application/json"),
        "PDF": ("PDF", "application/pdf"),
        "RDF": ("RDF_XML", "application/rdf+xml"),
        "RDF_TURTLE": ("RDF_TURTLE", "text/turtle"),
        "RDF_XML": ("RDF_XML", "application/rdf+xml"),
        "SHP": ("SHP", ""),
        "TIFF": ("TIFF", "image/tiff"),
        "TXT": ("TXT", "text/plain"),
        "WFS": ("WFS_SRVC", ""),
        "WFS_SRVC": ("WFS_SRVC", ""),
        "WMS": ("WMS_SRVC", ""),
        "WMS_SRVC": ("WMS_SRVC", ""),
        "WMTS": ("WMTS_SRVC", ""),
        "XLS": ("XLS", "application/vnd.ms-excel"),
        "XLSX": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "XML": ("XML", "application/xml"),
        "XPLANGML": ("GML", "application/gml+xml"),
        "ZIP": ("ZIP", "application/zip"),
    }
)


@dataclass(frozen=True)
class Catalogue:
    """contributor: address of the data provider by GovData's convention (dcat-ap.de/def/contributors/…)."""

    uri: str
    title: str
    description: str
    publisher: Agent
    homepage: str
    contributor: str
    modified: datetime


@dataclass(frozen=True)
class Page:
    """One page of a feed: its number from 1, things on each, things in all. address: of the first page, to which ?page= is added."""

    address: str
    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    def url(self, number: int) -> str:
        return f"{self.address}?page={number}"


def licence_uri(code: str, url: str) -> str:
    """code: of the DCAT-AP.de list, or already an address."""
    if code.startswith(("http://", "https://")):
        return code
    return f"{LICENCES}{code}" if code else url


def empty() -> Graph:
    found = Graph()
    for prefix, space in _PREFIXES:
        found.bind(prefix, space)
    return found


def add_catalogue(graph: Graph, catalogue: Catalogue, *, language: str = "de") -> URIRef:
    about = URIRef(catalogue.uri)
    graph.add((about, RDF.type, DCAT.Catalog))
    graph.add((about, DCTERMS.title, Literal(catalogue.title, lang=language)))
    graph.add((about, DCTERMS.description, Literal(catalogue.description, lang=language)))
    graph.add((about, DCTERMS.publisher, _agent(graph, catalogue.publisher)))
    graph.add((about, DCTERMS.modified, _moment(catalogue.modified)))
    graph.add((about, DCTERMS.language, URIRef(f"{EU}language/{_LANGUAGES[language]}")))
    graph.add((about, DCAT.themeTaxonomy, URIRef(f"{EU}data-theme")))
    graph.add((about, FOAF.homepage, URIRef(catalogue.homepage)))
    return about


def add_paging(graph: Graph, page: Page) -> None:
    """As GovData's harvester reads it."""
    here = URIRef(page.url(page.number))
    graph.add((here, RDF.type, HYDRA.PagedCollection))
    graph.add((here, HYDRA.totalItems, Literal(page.total)))
    graph.add((here, HYDRA.itemsPerPage, Literal(page.size)))
    graph.add((here, HYDRA.firstPage, Literal(page.url(1))))
    graph.add((here, HYDRA.lastPage, Literal(page.url(page.last))))
    if page.number > 1:
        graph.add((here, HYDRA.previousPage, Literal(page.url(page.number - 1))))
    if page.number < page.last:
        graph.add((here, HYDRA.nextPage, Literal(page.url(page.number + 1))))


def add_entry(graph: Graph, catalogue: Catalogue, entry: Entry) -> None:
    about = URIRef(entry.uri)
    kind = _CLASSES[entry.kind]
    link = DCAT.service if kind == DCAT.DataService else DCAT.dataset
    graph.add((URIRef(catalogue.uri), link, about))
    graph.add((about, RDF.type, kind))
    _record(graph, catalogue, entry)
    _say(graph, about, entry)
    _people(graph, about, entry)
    _place(graph, about, entry)
    if kind == DCAT.DataService:
        _endpoint(graph, about, entry)
        return
    _dates(graph, about, entry)
    if entry.parent:
        graph.add((about, IN_SERIES if entry.parent_is_series else DCTERMS.isPartOf, URIRef(entry.parent)))
    if kind == DCAT.Dataset:
        _provide(graph, about, entry)
        for number, offer in enumerate(_all_offers(entry), start=1):
            _distribute(graph, about, entry, offer=offer, number=number)
        graph.add((about, DCATDE.contributorID, URIRef(catalogue.contributor)))


def link(address: str) -> URIRef:
    return URIRef(quote(address, safe=_IN_ADDRESSES))


def _record(graph: Graph, catalogue: Catalogue, entry: Entry) -> None:
    about = URIRef(f"{entry.uri}#eintrag")
    graph.add((URIRef(catalogue.uri), DCAT.record, about))
    graph.add((about, RDF.type, DCAT.CatalogRecord))
    graph.add((about, FOAF.primaryTopic, URIRef(entry.uri)))
    graph.add((about, DCTERMS.issued, _moment(entry.catalogued_at)))
    graph.add((about, DCTERMS.modified, _moment(entry.changed_at)))


def _say(graph: Graph, about: URIRef, entry: Entry) -> None:
    language = entry.language if entry.language in _LANGUAGES else "de"
    graph.add((about, DCTERMS.title, Literal(entry.title, lang=language)))
    if entry.description.strip():
        graph.add((about, DCTERMS.description, Literal(entry.description, lang=language)))
    graph.add((about, DCTERMS.identifier, Literal(entry.identifier)))
    for word in entry.keywords:
        graph.add((about, DCAT.keyword, Literal(word, lang=language)))
    for theme in entry.themes:
        graph.add((about, DCAT.theme, URIRef(f"{EU}data-theme/{theme}")))
    graph.add((about, DCAT.landingPage, link(entry.landing_page or entry.uri)))


def _people(graph: Graph, about: URIRef, entry: Entry) -> None:
    graph.add((about, DCTERMS.publisher, _agent(graph, entry.publisher)))
    contact = entry.contact
    if not (contact.email or contact.url):
        return
    node = BNode()
    graph.add((about, DCAT.contactPoint, node))
    graph.add((node, RDF.type, VCARD.Kind))
    graph.add((node, VCARD.fn, Literal(contact.name or entry.publisher.name)))
    if contact.email:
        graph.add((node, VCARD.hasEmail, URIRef(f"mailto:{quote(contact.email, safe='@+')}")))
    if contact.url:
        graph.add((node, VCARD.hasURL, link(contact.url)))


def _agent(graph: Graph, agent: Agent) -> BNode:
    node = BNode()
    graph.add((node, RDF.type, FOAF.Agent))
    graph.add((node, FOAF.name, Literal(agent.name)))
    return node


def _place(graph: Graph, about: URIRef, entry: Entry) -> None:
    if entry.ags:
        is_town = len(entry.ags) == 8
        key = "municipalityKey" if is_town else "districtKey"
        level = "municipality" if is_town else "administrativeDistrict"
        graph.add((about, DCTERMS.spatial, URIRef(f"{_GEOCODING}{key}/{entry.ags}")))
        if entry.kind == "dataset":
            graph.add((about, DCATDE.politicalGeocodingLevelURI, URIRef(f"{_GEOCODING}Level/{level}")))
    if entry.box is None:
        return
    west, south, east, north = entry.box
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    text = ", ".join(f"{x} {y}" for x, y in ring)
    node = BNode()
    graph.add((about, DCTERMS.spatial, node))
    graph.add((node, RDF.type, DCTERMS.Location))
    graph.add((node, DCAT.bbox, Literal(f"POLYGON(({text}))", datatype=GEO.wktLiteral)))


def _dates(graph: Graph, about: URIRef, entry: Entry) -> None:
    if entry.issued:
        graph.add((about, DCTERMS.issued, Literal(entry.issued)))
    if entry.modified:
        graph.add((about, DCTERMS.modified, _moment(entry.modified)))
    if entry.frequency:
        graph.add((about, DCTERMS.accrualPeriodicity, URIRef(f"{EU}frequency/{entry.frequency}")))
    if entry.start or entry.end:
        _period(graph, about, start=entry.start, end=entry.end)


def _period(graph: Graph, about: URIRef, *, start: date | None, end: date | None) -> None:
    node = BNode()
    graph.add((about, DCTERMS.temporal, node))
    graph.add((node, RDF.type, DCTERMS.PeriodOfTime))
    for name, day in ((DCAT.startDate, start), (DCAT.endDate, end)):
        if day:
            graph.add((node, name, Literal(day)))


def _provide(graph: Graph, about: URIRef, entry: Entry) -> None:
    graph.add((about, DCTERMS.accessRights, URIRef(f"{EU}access-right/PUBLIC")))
    graph.add((about, DCATAP.availability, URIRef(f"{EU}planned-availability/AVAILABLE")))
    if entry.language in _LANGUAGES:
        graph.add((about, DCTERMS.language, URIRef(f"{EU}language/{_LANGUAGES[entry.language]}")))
    if entry.lineage:
        node = BNode()
        graph.add((about, DCTERMS.provenance, node))
        graph.add((node, RDF.type, DCTERMS.ProvenanceStatement))
        graph.add((node, RDFS.label, Literal(entry.lineage)))
    for code in entry.crs:
        graph.add((about, DCTERMS.conformsTo, URIRef(f"http://www.opengis.net/def/crs/EPSG/0/{code}")))
    if entry.resolution:
        # DCAT has metres alone: a tenth of a millimetre on the map is what a drawing shows at best
        metres = Literal(Decimal(entry.resolution) / 10_000)
        graph.add((about, DCAT.spatialResolutionInMeters, metres))


def _all_offers(entry: Entry) -> Iterable[Offer]:
    """A layer of a service is reached by the service."""
    yield from entry.offers
    if entry.service is not None and not entry.offers:
        yield Offer(entry.title, capabilities_of(entry.service), format=entry.service.kind)


def capabilities_of(service: Service) -> str:
    """Address of the document by which a program finds its way."""
    if service.kind not in {"WMS", "WFS", "WMTS", "CSW"} or "request=getcapabilities" in service.url.lower():
        return service.url
    sign = "&" if "?" in service.url else "?"
    return f"{service.url.rstrip('?&')}{sign}SERVICE={service.kind}&REQUEST=GetCapabilities"


def _distribute(graph: Graph, about: URIRef, entry: Entry, *, offer: Offer, number: int) -> None:
    node = URIRef(f"{entry.uri}#verteilung-{number}")
    graph.add((about, DCAT.distribution, node))
    graph.add((node, RDF.type, DCAT.Distribution))
    graph.add((node, DCTERMS.title, Literal(offer.title or entry.title, lang="de")))
    graph.add((node, DCAT.accessURL, link(offer.url)))
    if offer.is_download:
        graph.add((node, DCAT.downloadURL, link(offer.url)))
    code, media_type = FORMATS.get(offer.format.upper(), ("", ""))
    if code:
        graph.add((node, DCTERMS["format"], URIRef(f"{EU}file-type/{code}")))
    if media_type := (offer.media_type if "/" in offer.media_type else media_type):
        graph.add((node, DCAT.mediaType, link(f"{MEDIA_TYPES}{media_type.partition(';')[0].strip()}")))
    if licence := offer.licence_url or licence_uri(entry.licence, entry.licence_url):
        graph.add((node, DCTERMS.license, link(licence)))
    if entry.attribution:
        graph.add((node, DCATDE.licenseAttributionByText, Literal(entry.attribution, lang="de")))
    graph.add((node, DCATAP.availability, URIRef(f"{EU}planned-availability/AVAILABLE")))


def _endpoint(graph: Graph, about: URIRef, entry: Entry) -> None:
    graph.add((about, DCTERMS.accessRights, URIRef(f"{EU}access-right/PUBLIC")))
    if licence := licence_uri(entry.licence, entry.licence_url):
        graph.add((about, DCTERMS.license, link(licence)))
    if entry.service is None:
        graph.add((about, DCAT.endpointURL, link(entry.landing_page or entry.uri)))
        return
    graph.add((about, DCAT.endpointURL, link(entry.service.url)))
    graph.add((about, DCAT.endpointDescription, link(capabilities_of(entry.service))))


def _moment(moment: datetime) -> Literal:
    return Literal(moment.isoformat(timespec="seconds"), datatype=XSD.dateTime)
