"""Answers as XML. Titles of the service in German, what the standard calls by name as it does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from twin.catalogue import dcat, iso
from twin.catalogue.csw.asking import CSW, GMD, OPERATIONS, SETS, Asked
from twin.catalogue.csw.refusals import Refusal
from twin.catalogue.entry import Agent, Entry

Element = etree._Element
OWS, OGC, DC, DCT, XLINK, XSI = (
    "http://www.opengis.net/ows",
    "http://www.opengis.net/ogc",
    "http://purl.org/dc/elements/1.1/",
    "http://purl.org/dc/terms/",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/2001/XMLSchema-instance",
)
_SPACES = {"csw": CSW, "ows": OWS, "ogc": OGC, "dc": DC, "dct": DCT, "gmd": GMD, "gml": "http://www.opengis.net/gml", "xlink": XLINK, "xsi": XSI}  # fmt: skip
_SCHEMA = f"{CSW} http://schemas.opengis.net/csw/2.0.2/CSW-discovery.xsd"
_COMPARISONS = ("EqualTo", "NotEqualTo", "LessThan", "GreaterThan", "LessThanEqualTo", "GreaterThanEqualTo", "Like", "Between", "NullCheck")  # fmt: skip


@dataclass(frozen=True)
class Service:
    """address: of the service itself."""

    address: str
    title: str
    abstract: str
    provider: Agent
    properties: tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """An entry with its key in this catalogue."""

    key: str
    entry: Entry


def _root(tag: str) -> Element:
    found = etree.Element(f"{{{CSW}}}{tag}", nsmap=_SPACES)
    found.set(f"{{{XSI}}}schemaLocation", _SCHEMA)
    return found


def _add(parent: Element, space: str, tag: str, text: str = "", **attributes: str) -> Element:
    found = etree.SubElement(parent, f"{{{space}}}{tag}", attributes)
    found.text = iso.clean(text) or None
    return found


def exception(refusal: Refusal) -> Element:
    root = etree.Element(f"{{{OWS}}}ExceptionReport", nsmap={"ows": OWS}, version="1.2.0")
    one = _add(root, OWS, "Exception", exceptionCode=refusal.code, locator=refusal.locator)
    _add(one, OWS, "ExceptionText", refusal.text)
    return root


# --- GetCapabilities, DescribeRecord


def capabilities(service: Service) -> Element:
    root = _root("Capabilities")
    root.set("version", "2.0.2")
    about = _add(root, OWS, "ServiceIdentification")
    for tag, text in (("Title", service.title), ("Abstract", service.abstract), ("ServiceType", "CSW"), ("ServiceTypeVersion", "2.0.2"), ("Fees", "none"), ("AccessConstraints", "none")):  # fmt: skip
        _add(about, OWS, tag, text)
    provider = _add(root, OWS, "ServiceProvider")
    _add(provider, OWS, "ProviderName", service.provider.name)
    _add(provider, OWS, "ProviderSite").set(f"{{{XLINK}}}href", service.provider.url)
    _add(provider, OWS, "ServiceContact")
    _operations(root, service)
    _filters(root)
    return root


def _operations(root: Element, service: Service) -> None:
    listed = _add(root, OWS, "OperationsMetadata")
    formats = ("outputFormat", ("application/xml",))
    schemas = ("outputSchema", (CSW, GMD))
    types = ("typeNames", ("csw:Record", "gmd:MD_Metadata"))
    sets = ("ElementSetName", SETS)
    parameters = {
        "GetCapabilities": (),
        "DescribeRecord": (("typeName", types[1]), formats),
        "GetRecords": (types, formats, schemas, ("resultType", ("hits", "results")), sets, ("CONSTRAINTLANGUAGE", ("FILTER", "CQL_TEXT"))),
        "GetRecordById": (formats, schemas, sets),
    }  # fmt: skip
    for name in OPERATIONS:
        operation = _add(listed, OWS, "Operation", name=name)
        http = _add(_add(operation, OWS, "DCP"), OWS, "HTTP")
        for method in ("Get", "Post"):
            _add(http, OWS, method).set(f"{{{XLINK}}}href", service.address)
        for parameter, values in parameters[name]:
            _values(_add(operation, OWS, "Parameter", name=parameter), values)
        if name == "GetRecords":
            _values(
                _add(operation, OWS, "Constraint", name="SupportedDublinCoreQueryables"), service.properties
            )
    _values(_add(listed, OWS, "Parameter", name="service"), ("CSW",))
    _values(_add(listed, OWS, "Parameter", name="version"), ("2.0.2",))


def _values(parent: Element, values: Iterable[str]) -> None:
    for value in values:
        _add(parent, OWS, "Value", value)


def _filters(root: Element) -> None:
    found = _add(root, OGC, "Filter_Capabilities")
    spatial = _add(found, OGC, "Spatial_Capabilities")
    _add(_add(spatial, OGC, "GeometryOperands"), OGC, "GeometryOperand", "gml:Envelope")
    _add(_add(spatial, OGC, "SpatialOperators"), OGC, "SpatialOperator", name="BBOX")
    scalar = _add(found, OGC, "Scalar_Capabilities")
    _add(scalar, OGC, "LogicalOperators")
    operators = _add(scalar, OGC, "ComparisonOperators")
    for name in _COMPARISONS:
        _add(operators, OGC, "ComparisonOperator", name)
    _add(_add(found, OGC, "Id_Capabilities"), OGC, "EID")


def description() -> Element:
    """Of both kinds of records, by the address of their published schemas."""
    xsd = "http://www.w3.org/2001/XMLSchema"
    root = _root("DescribeRecordResponse")
    for space, address in (
        (CSW, "http://schemas.opengis.net/csw/2.0.2/record.xsd"),
        (GMD, "http://www.isotc211.org/2005/gmd/gmd.xsd"),
    ):
        part = _add(
            root, CSW, "SchemaComponent", schemaLanguage="http://www.w3.org/XML/Schema", targetNamespace=space
        )
        schema = _add(part, xsd, "schema", targetNamespace=space)
        _add(schema, xsd, "include", schemaLocation=address)
    return root


# --- records


def found(asked: Asked, listed: Iterable[Listed], *, total: int, at: datetime) -> Element:
    """Answer to GetRecords; listed: from asked.start on, at most asked.most."""
    root = _root("GetRecordsResponse")
    _add(root, CSW, "SearchStatus", timestamp=at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    results = _add(root, CSW, "SearchResults", elementSet=asked.elements, recordSchema=asked.schema)
    for one in listed:
        results.append(_record(one, asked))
    following = asked.start + len(results)
    results.set("numberOfRecordsMatched", str(total))
    results.set("numberOfRecordsReturned", str(len(results)))
    results.set("nextRecord", str(following if following <= total and not asked.hits_only else 0))
    return root


def by_id(asked: Asked, listed: Iterable[Listed]) -> Element:
    root = _root("GetRecordByIdResponse")
    for one in listed:
        root.append(_record(one, asked))
    return root


def _record(one: Listed, asked: Asked) -> Element:
    return iso.metadata(one.entry, key=one.key) if asked.schema == GMD else _dublin(one, asked.elements)


def _dublin(one: Listed, elements: str) -> Element:
    """The three sizes of csw:Record, whose schema wants the box last."""
    entry = one.entry
    tag = {"brief": "BriefRecord", "summary": "SummaryRecord", "full": "Record"}[elements]
    root = etree.Element(f"{{{CSW}}}{tag}", nsmap=_SPACES)
    _add(root, DC, "identifier", one.key)
    _add(root, DC, "title", entry.title)
    _add(root, DC, "type", entry.kind)
    if elements != "brief":
        _summarize(root, entry)
    if elements == "full":
        _complete(root, entry)
    if entry.box:
        west, south, east, north = entry.box
        box = _add(root, OWS, "BoundingBox", crs="urn:ogc:def:crs:OGC:1.3:CRS84")
        _add(box, OWS, "LowerCorner", f"{west} {south}")
        _add(box, OWS, "UpperCorner", f"{east} {north}")
    return root


def _summarize(root: Element, entry: Entry) -> None:
    for word in (*entry.keywords, *entry.themes):
        _add(root, DC, "subject", word)
    for name in dict.fromkeys(offer.format for offer in entry.offers if offer.format):
        _add(root, DC, "format", name)
    if entry.modified:
        _add(root, DCT, "modified", entry.modified.date().isoformat())
    if entry.description:
        _add(root, DCT, "abstract", entry.description)


def _complete(root: Element, entry: Entry) -> None:
    _add(root, DC, "publisher", entry.publisher.name)
    _add(root, DC, "language", entry.language)
    _add(root, DC, "source", entry.uri)
    if licence := dcat.licence_uri(entry.licence, entry.licence_url):
        _add(root, DC, "rights", licence)
    for offer in entry.offers:
        _add(root, DCT, "references", offer.url, scheme=offer.format or "WWW:LINK")
