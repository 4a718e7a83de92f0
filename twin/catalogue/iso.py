"""An entry as ISO 19139 (gmd, 2007-04-17), by the conventions of GDI-DE for INSPIRE: an element tree.

Source: Architektur der GDI-DE, Konventionen zu Metadaten 2.2; the order of elements is that of gmd.xsd. Coordinates are WGS84.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime

from lxml import etree

from twin.catalogue import dcat
from twin.catalogue.entry import Agent, Entry, Offer

Element = etree._Element
GMD, GCO, SRV, GML, XLINK = (
    "http://www.isotc211.org/2005/gmd",
    "http://www.isotc211.org/2005/gco",
    "http://www.isotc211.org/2005/srv",
    "http://www.opengis.net/gml/3.2",
    "http://www.w3.org/1999/xlink",
)
_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # foreign records hold anything
_SPACES = {"gmd": GMD, "gco": GCO, "srv": SRV, "gml": GML, "xlink": XLINK}
_CODES = "http://standards.iso.org/iso/19139/resources/gmxCodelists.xml#"
_LANGUAGES = {"de": "ger", "en": "eng", "cs": "cze", "pl": "pol", "fr": "fre", "hsb": "hsb"}
_FREQUENCIES = {
    "CONT": "continual",
    "DAILY": "daily",
    "WEEKLY": "weekly",
    "MONTHLY": "monthly",
    "QUARTERLY": "quarterly",
    "ANNUAL_2": "biannually",
    "ANNUAL": "annually",
    "IRREG": "asNeeded",
    "NEVER": "notPlanned",
    "UNKNOWN": "unknown",
}
# Theme of the EU -> ISO 19115 topic category, where the entry names none: a dataset must have one.
_TOPICS = {
    "AGRI": "farming",
    "ECON": "economy",
    "EDUC": "society",
    "ENER": "utilitiesCommunication",
    "ENVI": "environment",
    "GOVE": "planningCadastre",
    "HEAL": "health",
    "INTR": "boundaries",
    "JUST": "society",
    "REGI": "location",
    "SOCI": "society",
    "TECH": "society",
    "TRAN": "transportation",
}
TOPICS = frozenset(
    "farming biota boundaries climatologyMeteorologyAtmosphere economy elevation environment geoscientificInformation health "
    "imageryBaseMapsEarthCover intelligenceMilitary inlandWaters location oceans planningCadastre society structure transportation "
    "utilitiesCommunication".split()
)
_SERVICES = {"WMS": "view", "WMTS": "view", "CSW": "discovery"}  # INSPIRE's kinds; the rest is download


def metadata(entry: Entry, *, key: str) -> Element:
    """key: the record's own identifier in this catalogue."""
    root = etree.Element(f"{{{GMD}}}MD_Metadata", nsmap=_SPACES)
    is_service = entry.kind == "service"
    parts = [
        _said("fileIdentifier", key),
        _language("language", entry),
        _in("characterSet", _code("MD_CharacterSetCode", "utf8")),
        _in("hierarchyLevel", _code("MD_ScopeCode", entry.kind)),
        _said("hierarchyLevelName", entry.kind),
        _in("contact", _party(_contact(entry), role="pointOfContact")),
        _in("dateStamp", _text(GCO, "DateTime", _moment(entry.changed_at))),
        _said("metadataStandardName", "ISO 19119" if is_service else "ISO 19115"),
        _said("metadataStandardVersion", "2005/PDAM 1" if is_service else "2003/Cor.1:2006"),
        *(_in("referenceSystemInfo", _system(code)) for code in entry.crs),
        _in("identificationInfo", _service(entry) if is_service else _data(entry)),
        *_distribution(entry),
        _in("dataQualityInfo", _quality(entry)),
    ]
    root.extend(parts)
    return root


def clean(text: str) -> str:
    """Without what XML cannot hold."""
    return _NEVER.sub("", text)


def _node(space: str, tag: str, *children: Element) -> Element:
    found = etree.Element(f"{{{space}}}{tag}")
    found.extend(children)
    return found


def _in(tag: str, *children: Element) -> Element:
    return _node(GMD, tag, *children)


def _text(space: str, tag: str, text: str) -> Element:
    found = _node(space, tag)
    found.text = clean(text)
    return found


def _said(tag: str, text: str, *, space: str = GMD) -> Element:
    return _node(space, tag, _text(GCO, "CharacterString", text))


def _code(listing: str, value: str) -> Element:
    found = _text(GMD, listing, value)
    found.set("codeList", _CODES + listing)
    found.set("codeListValue", value)
    return found


def _language(tag: str, entry: Entry) -> Element:
    value = _LANGUAGES.get(entry.language, "ger")
    found = _text(GMD, "LanguageCode", value)
    found.set("codeList", "http://www.loc.gov/standards/iso639-2/")
    found.set("codeListValue", value)
    return _in(tag, found)


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def _contact(entry: Entry) -> Agent:
    return Agent(entry.publisher.name, entry.contact.email, entry.contact.url)


def _party(agent: Agent, *, role: str) -> Element:
    address = [_said("electronicMailAddress", agent.email)] if agent.email else []
    parts = [_in("address", _in("CI_Address", *address))] if address else []
    if agent.url:
        parts.append(_in("onlineResource", _in("CI_OnlineResource", _linkage(agent.url))))
    about = [_in("contactInfo", _in("CI_Contact", *parts))] if parts else []
    return _in(
        "CI_ResponsibleParty",
        _said("organisationName", agent.name),
        *about,
        _in("role", _code("CI_RoleCode", role)),
    )


def _linkage(url: str) -> Element:
    return _in("linkage", _text(GMD, "URL", url))


def _system(code: int) -> Element:
    name = _said("code", f"http://www.opengis.net/def/crs/EPSG/0/{code}")
    return _in("MD_ReferenceSystem", _in("referenceSystemIdentifier", _in("RS_Identifier", name)))


def _citation(entry: Entry) -> Element:
    dates = [("publication", entry.issued), ("revision", entry.modified)]
    told = [_dated(day, kind) for kind, day in dates if day] or [_dated(entry.catalogued_at, "publication")]
    identifier = _in("identifier", _in("MD_Identifier", _said("code", entry.uri)))
    return _in("citation", _in("CI_Citation", _said("title", entry.title), *told, identifier))


def _dated(day: date, kind: str) -> Element:
    text = _text(GCO, "Date", day.strftime("%Y-%m-%d"))
    return _in("date", _in("CI_Date", _in("date", text), _in("dateType", _code("CI_DateTypeCode", kind))))


def _about(entry: Entry) -> Iterable[Element]:
    """What data and services have in common."""
    yield _citation(entry)
    yield _said("abstract", entry.description or entry.title)
    yield _in("pointOfContact", _party(_contact(entry), role="pointOfContact"))
    if frequency := _FREQUENCIES.get(entry.frequency):
        code = _code("MD_MaintenanceFrequencyCode", frequency)
        yield _in(
            "resourceMaintenance",
            _in("MD_MaintenanceInformation", _in("maintenanceAndUpdateFrequency", code)),
        )
    if entry.inspire_themes:
        yield _keywords(
            entry.inspire_themes, thesaurus="GEMET - INSPIRE themes, version 1.0", day="2008-06-01"
        )
    if entry.keywords:
        yield _keywords(entry.keywords)
    yield _in("resourceConstraints", _legal("access", "noLimitations"))
    yield _in("resourceConstraints", _legal("use", *_conditions(entry)))


def _keywords(words: Iterable[str], *, thesaurus: str = "", day: str = "") -> Element:
    parts = [_said("keyword", word) for word in words]
    if thesaurus:
        when = _in("date", _in("CI_Date", _in("date", _text(GCO, "Date", day)), _in("dateType", _code("CI_DateTypeCode", "publication"))))  # fmt: skip
        parts.append(_in("thesaurusName", _in("CI_Citation", _said("title", thesaurus), when)))
    return _in("descriptiveKeywords", _in("MD_Keywords", *parts))


def _legal(kind: str, *sentences: str) -> Element:
    restriction = _in(f"{kind}Constraints", _code("MD_RestrictionCode", "otherRestrictions"))
    return _in("MD_LegalConstraints", restriction, *(_said("otherConstraints", text) for text in sentences))


def _conditions(entry: Entry) -> list[str]:
    licence = dcat.licence_uri(entry.licence, entry.licence_url)
    said = [licence, f"Quellenvermerk: {entry.attribution}" if entry.attribution else ""]
    return [text for text in said if text] or ["conditions unknown"]


def _extent(entry: Entry, *, space: str = GMD) -> Iterable[Element]:
    parts = []
    if entry.box:
        west, south, east, north = entry.box
        sides = (("westBoundLongitude", west), ("eastBoundLongitude", east), ("southBoundLatitude", south), ("northBoundLatitude", north))  # fmt: skip
        box = [_in(name, _text(GCO, "Decimal", str(value))) for name, value in sides]
        parts.append(_in("geographicElement", _in("EX_GeographicBoundingBox", *box)))
    if entry.start or entry.end:
        parts.append(_in("temporalElement", _in("EX_TemporalExtent", _in("extent", _period(entry)))))
    if parts:
        yield _node(space, "extent", _in("EX_Extent", *parts))


def _period(entry: Entry) -> Element:
    found = _node(GML, "TimePeriod")
    found.set(f"{{{GML}}}id", "zeitraum")
    for tag, day in (("beginPosition", entry.start), ("endPosition", entry.end)):
        part = _text(GML, tag, day.isoformat() if day else "")
        if day is None:
            part.set("indeterminatePosition", "unknown")
        found.append(part)
    return found


def _data(entry: Entry) -> Element:
    scale = []
    if entry.resolution:
        number = _in("denominator", _text(GCO, "Integer", str(entry.resolution)))
        scale = [_in("spatialResolution", _in("MD_Resolution", _in("equivalentScale", _in("MD_RepresentativeFraction", number))))]  # fmt: skip
    return _in(
        "MD_DataIdentification",
        *_about(entry),
        *scale,
        _language("language", entry),
        *(_in("topicCategory", _text(GMD, "MD_TopicCategoryCode", topic)) for topic in _topics(entry)),
        *_extent(entry),
    )


def _topics(entry: Entry) -> list[str]:
    named = [topic for topic in entry.topics if topic in TOPICS]
    derived = dict.fromkeys(_TOPICS[theme] for theme in entry.themes if theme in _TOPICS)
    return named or list(derived) or ["planningCadastre"]


def _service(entry: Entry) -> Element:
    said = entry.service
    kind = _node(
        SRV, "serviceType", _text(GCO, "LocalName", _SERVICES.get(said.kind if said else "", "download"))
    )
    version = (
        [_said("serviceTypeVersion", f"OGC:{said.kind} {said.version}".strip(), space=SRV)] if said else []
    )
    coupling = _node(SRV, "SV_CouplingType")
    coupling.set("codeList", _CODES + "SV_CouplingType")
    coupling.set("codeListValue", "loose")
    return _node(
        SRV,
        "SV_ServiceIdentification",
        *_about(entry),
        kind,
        *version,
        *_extent(entry, space=SRV),
        _node(SRV, "couplingType", coupling),
        _node(SRV, "containsOperations", _operation(entry)),
    )


def _operation(entry: Entry) -> Element:
    address = dcat.capabilities_of(entry.service) if entry.service else entry.landing_page or entry.uri
    platform = _node(SRV, "DCPList")
    platform.set("codeList", _CODES + "DCPList")
    platform.set("codeListValue", "WebServices")
    return _node(
        SRV,
        "SV_OperationMetadata",
        _said("operationName", "GetCapabilities", space=SRV),
        _node(SRV, "DCP", platform),
        _node(SRV, "connectPoint", _in("CI_OnlineResource", _linkage(address))),
    )


def _distribution(entry: Entry) -> Iterable[Element]:
    offers = list(entry.offers)
    if entry.service and not offers:
        offers = [Offer(entry.title, dcat.capabilities_of(entry.service), format=entry.service.kind)]
    names = dict.fromkeys(offer.format for offer in offers if offer.format)
    formats = [
        _in("distributionFormat", _in("MD_Format", _said("name", name), _said("version", "unknown")))
        for name in names
    ]
    lines = [_in("onLine", _online(offer)) for offer in offers]
    transfer = [_in("transferOptions", _in("MD_DigitalTransferOptions", *lines))] if lines else []
    if formats or transfer:
        yield _in("distributionInfo", _in("MD_Distribution", *formats, *transfer))


def _online(offer: Offer) -> Element:
    function = _code("CI_OnLineFunctionCode", "download" if offer.is_download else "information")
    name = [_said("name", offer.title)] if offer.title else []
    return _in("CI_OnlineResource", _linkage(offer.url), *name, _in("function", function))


def _quality(entry: Entry) -> Element:
    level = "service" if entry.kind == "service" else entry.kind
    scope = _in("scope", _in("DQ_Scope", _in("level", _code("MD_ScopeCode", level))))
    lineage = _in("LI_Lineage", _said("statement", entry.lineage or "unbekannt"))
    return _in("DQ_DataQuality", scope, _in("lineage", lineage))
