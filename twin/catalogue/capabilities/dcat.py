"""DCAT (DCAT-AP.de, GovData, CKAN) as RDF/XML, Turtle or JSON-LD: datasets, series and data services are entries."""

import json
from collections.abc import Iterator
from typing import Any
from xml.sax import SAXParseException

import shapely
from rdflib import Graph, Namespace, URIRef
from rdflib.exceptions import ParserError
from rdflib.namespace import DCTERMS, FOAF, RDF, RDFS
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.term import BNode, Identifier, Literal, Node

from twin.catalogue.capabilities import addresses, licences, texts, xml
from twin.catalogue.capabilities.description import (
    Contact,
    Description,
    Distribution,
    Entry,
    Extent,
    Licence,
    capped,
)
from twin.catalogue.capabilities.errors import Unreadable

DCAT = Namespace("http://www.w3.org/ns/dcat#")  # rdflib's own knows no DCAT 3
_HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
_VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_DCATDE = Namespace("http://dcat-ap.de/def/dcatde/")
_ADMS = Namespace("http://www.w3.org/ns/adms#")
_LOCN = Namespace("http://www.w3.org/ns/locn#")
_KINDS = ((DCAT.Dataset, "dataset"), (DCAT.DatasetSeries, "series"), (DCAT.DataService, "service"))
_THEMES = frozenset("AGRI ECON EDUC ENER ENVI GOVE HEAL INTR JUST REGI SOCI TECH TRAN".split())
_FREQUENCIES = frozenset(
    "CONT DAILY WEEKLY MONTHLY QUARTERLY ANNUAL_2 ANNUAL BIENNIAL IRREG NEVER UNKNOWN".split()
)


def read(body: bytes, *, form: str, url: str) -> Description:
    """form: xml, turtle or json-ld. Raises Unreadable."""
    graph = _graph(body, form)
    catalogue = next(graph.subjects(RDF.type, DCAT.Catalog), None)
    about = _Thing(graph, catalogue)
    entries = sorted(capped(_entries(graph)), key=lambda entry: entry.name)
    publisher = about.agent(DCTERMS.publisher)
    if catalogue is None and not entries:
        raise Unreadable("unknown", "RDF")
    return Description(
        kind="DCAT",
        url=url,
        title=about.text(DCTERMS.title),
        abstract=texts.prose(about.raw(DCTERMS.description)),
        publisher=publisher,
        licence=about.licence(),
        entries=tuple(entries),
        following=_following(graph, url),
        total=_total(graph),
    )


def _graph(body: bytes, form: str) -> Graph:
    if form == "json-ld":
        refuse_foreign_context(body)
    else:
        xml.refuse_entities(body)
    graph = Graph(bind_namespaces="none")
    try:
        graph.parse(data=body, format=form)
    except (BadSyntax, SAXParseException, ParserError, ValueError, TypeError, KeyError, AttributeError, IndexError, AssertionError, RecursionError) as error:  # fmt: skip
        # rdflib's readers know no common error, and stumble over hostile input in many ways.
        raise Unreadable("syntax", texts.line(str(error))) from None
    return graph


def refuse_foreign_context(body: bytes) -> None:
    """A context that is an address would be fetched by rdflib, from wherever the document says. Raises Unreadable."""
    try:
        open_ = [json.loads(body)]
    except (ValueError, RecursionError) as error:
        raise Unreadable("syntax", texts.line(str(error))) from None
    while open_:
        one = open_.pop()
        if isinstance(one, dict):
            contexts = one.get("@context")
            named = contexts if isinstance(contexts, list) else [contexts]
            if "@import" in one or any(isinstance(context, str) for context in named):
                raise Unreadable("context")
            open_ += one.values()
        elif isinstance(one, list):
            open_ += one


class _Thing:
    """A node of the graph with what is said of it; of several languages German, then none, then the first by alphabet."""

    def __init__(self, graph: Graph, node: Node | None) -> None:
        self.graph = graph
        self.node = node

    def values(self, *predicates: URIRef) -> list[Identifier]:
        if self.node is None:
            return []
        found = [value for predicate in predicates for value in self.graph.objects(self.node, predicate)]
        return sorted((one for one in found if isinstance(one, Identifier)), key=_preference)

    def things(self, *predicates: URIRef) -> "Iterator[_Thing]":
        for value in self.values(*predicates):
            yield _Thing(self.graph, value)

    def raw(self, *predicates: URIRef) -> str:
        return next((str(value) for value in self.values(*predicates)), "")

    def text(self, *predicates: URIRef) -> str:
        return texts.line(self.raw(*predicates))

    def web(self, *predicates: URIRef) -> str:
        return next(filter(None, (texts.web(str(value)) for value in self.values(*predicates))), "")

    def code(self, predicate: URIRef) -> str:
        """The last part of an authority's address."""
        return texts.line(self.raw(predicate)).rstrip("/").rpartition("/")[2]

    def agent(self, *predicates: URIRef) -> str:
        """The name of an organisation; some write it in place of its node."""
        for value in self.values(*predicates):
            name = value if isinstance(value, Literal) else _Thing(self.graph, value).raw(FOAF.name, _VCARD.fn, RDFS.label)  # fmt: skip
            if found := texts.line(str(name), 300):
                return found
        return ""

    def licence(self) -> Licence:
        said = self.values(DCTERMS.license, DCTERMS.accessRights, DCTERMS.rights)
        return licences.licence(*(str(value) for value in said if not isinstance(value, BNode)))


def _preference(value: Identifier) -> tuple[int, str]:
    language = getattr(value, "language", None)
    return {"de": 0, None: 1}.get(language, 2), str(value)


def _entries(graph: Graph) -> Iterator[Entry]:
    seen: set[Node] = set()
    for kind, name in _KINDS:
        for node in graph.subjects(RDF.type, kind):
            if node not in seen:
                seen.add(node)
                yield _entry(_Thing(graph, node), name)


def _entry(thing: _Thing, kind: str) -> Entry:
    own = str(thing.node) if isinstance(thing.node, URIRef) else ""
    name = texts.line(own or thing.raw(DCTERMS.identifier, _ADMS.identifier))
    distributions = tuple(
        found for one in thing.things(DCAT.distribution) if (found := _distribution(one)).access_url
    )
    licence = thing.licence()
    time = next(thing.things(DCTERMS.temporal), _Thing(thing.graph, None))
    return Entry(
        name=name or thing.text(DCTERMS.title),
        title=thing.text(DCTERMS.title) or name,
        kind=kind,
        abstract=texts.prose(thing.raw(DCTERMS.description)),
        keywords=texts.words(sorted(str(value) for value in thing.values(DCAT.keyword))),
        themes=tuple(
            sorted({code for value in thing.values(DCAT.theme) if (code := _last(value)) in _THEMES})
        ),  # fmt: skip
        extent=_extent(thing),
        licence=licence if licence.code else _of_all(distributions, licence),
        attribution=texts.line(thing.raw(_DCATDE.licenseAttributionByText) or _attribution(thing)),
        publisher=thing.agent(DCTERMS.publisher, _DCATDE.maintainer, DCTERMS.creator),
        contact=_contact(thing),
        frequency=code if (code := thing.code(DCTERMS.accrualPeriodicity)) in _FREQUENCIES else "",
        lineage=texts.prose(next((one.raw(RDFS.label) for one in thing.things(DCTERMS.provenance)), "")),
        issued=texts.day(thing.raw(DCTERMS.issued)),
        modified=texts.moment(thing.raw(DCTERMS.modified)),
        time_start=texts.day(time.raw(DCAT.startDate, URIRef("http://schema.org/startDate"))),
        time_end=texts.day(time.raw(DCAT.endDate, URIRef("http://schema.org/endDate"))),
        landing_page=thing.web(DCAT.landingPage),
        distributions=distributions,
        service=_service(thing) if kind == "service" else {},
    )


def _attribution(thing: _Thing) -> str:
    return next((text for one in thing.things(DCAT.distribution) if (text := one.raw(_DCATDE.licenseAttributionByText))), "")  # fmt: skip


def _last(value: Identifier) -> str:
    return str(value).rstrip("/").rpartition("/")[2]


def _of_all(distributions: tuple[Distribution, ...], own: Licence) -> Licence:
    """The licence that all distributions have, where the dataset itself names none."""
    codes = {one.licence for one in distributions}
    return Licence(codes.pop()) if len(codes) == 1 and "" not in codes else own


def _distribution(one: _Thing) -> Distribution:
    download = one.web(DCAT.downloadURL)
    media = one.code(DCAT.mediaType)
    return Distribution(
        access_url=one.web(DCAT.accessURL) or download,
        download_url=download,
        title=texts.line(one.raw(DCTERMS.title), 300),
        format=texts.line(one.code(DCTERMS.format) or media, 60),
        media_type=texts.line(one.raw(DCAT.mediaType).partition("media-types/")[2] or media, 100),
        licence=one.licence().code,
    )


def _contact(thing: _Thing) -> Contact:
    for one in thing.things(DCAT.contactPoint):
        return Contact(
            name=texts.line(one.raw(_VCARD.fn, _VCARD["organization-name"]), 300),
            email=texts.mail(one.raw(_VCARD.hasEmail).removeprefix("mailto:")),
            url=one.web(_VCARD.hasURL),
        )
    return Contact()


def _extent(thing: _Thing) -> Extent | None:
    """dcat:bbox or locn:geometry, as WKT or GeoJSON in degrees."""
    for place in thing.things(DCTERMS.spatial):
        for value in place.values(DCAT.bbox, _LOCN.geometry):
            if found := _box(str(value)):
                return found
    return None


def _box(text: str) -> Extent | None:
    try:
        shape = shapely.from_geojson(text) if text.lstrip().startswith("{") else shapely.from_wkt(text)
    except shapely.errors.ShapelyError:
        return None
    return None if shape is None or shape.is_empty else texts.extent(shape.bounds)


def _service(thing: _Thing) -> dict[str, Any]:
    address = thing.web(DCAT.endpointURL)
    said = " ".join([address, *(str(one) for one in thing.values(DCTERMS.conformsTo, DCAT.endpointDescription))])  # fmt: skip
    kind = next((kind for kind in ("WMTS", "WMS", "WFS", "CSW") if kind.lower() in said.lower()), "")
    return {"type": kind, "url": address} if address and kind else {}


def _following(graph: Graph, url: str) -> str:
    """The next page, where the document is one of several."""
    for predicate in (_HYDRA.nextPage, _HYDRA.next):
        for value in graph.objects(None, predicate):
            return addresses.absolute(url, str(value))
    return ""


def _total(graph: Graph) -> int | None:
    found = next(graph.objects(None, _HYDRA.totalItems), None)
    return texts.whole(found) if found is not None else None
