"""A metadata record as ISO 19139 (GDI-DE, INSPIRE) -> entry."""

from collections.abc import Iterator

from twin.catalogue.capabilities import licences, texts, xml
from twin.catalogue.capabilities.description import Contact, Distribution, Entry, Extent
from twin.catalogue.capabilities.xml import Element

_KINDS = {"service": "service", "series": "series"}
# gmd:MD_MaintenanceFrequencyCode -> EU authority table frequency
_FREQUENCIES = {
    "continual": "CONT",
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "monthly": "MONTHLY",
    "quarterly": "QUARTERLY",
    "biannually": "ANNUAL_2",
    "annually": "ANNUAL",
    "asNeeded": "IRREG",
    "irregular": "IRREG",
    "notPlanned": "NEVER",
    "unknown": "UNKNOWN",
}
_LANGUAGES = {"ger": "de", "deu": "de", "eng": "en"}
_SPEAKS = (("WMTS", "wmts"), ("WMS", "wms"), ("WFS", "wfs"), ("CSW", "csw"))
_FREE = ("resourceConstraints", "MD_LegalConstraints")


def read(record: Element) -> Entry:
    """gmd:MD_Metadata. An entry without name is one that cannot be referred to."""
    about = xml.child(record, "identificationInfo", "*")
    terms = [*_all(about, *_FREE, "useLimitation"), *_all(about, "resourceConstraints", "MD_Constraints", "useLimitation"), *_all(about, *_FREE, "otherConstraints")]  # fmt: skip
    level = xml.attribute(xml.child(record, "hierarchyLevel", "MD_ScopeCode"), "codeListValue")
    contact = xml.child(about, "pointOfContact", "CI_ResponsibleParty")
    kind = _KINDS.get(level, "dataset")
    title = texts.line(_said(about, "citation", "CI_Citation", "title"))
    starts, ends = _times(about)
    keywords, inspire = _keywords(about)
    return Entry(
        name=texts.line(_said(record, "fileIdentifier")),
        title=title or texts.line(_said(record, "fileIdentifier")),
        kind=kind,
        abstract=texts.prose(_said(about, "abstract")),
        keywords=keywords,
        topics=texts.words(xml.texts(about, "topicCategory", "MD_TopicCategoryCode"), 40),
        inspire_themes=inspire,
        extent=_extent(about),
        licence=licences.licence(*terms),
        attribution=licences.attribution(*terms),
        publisher=texts.line(_said(contact, "organisationName"), 300),
        contact=_contact(contact),
        frequency=_FREQUENCIES.get(_frequency(about), ""),
        language=_LANGUAGES.get(_language(record), ""),
        lineage=texts.prose(
            _said(record, "dataQualityInfo", "DQ_DataQuality", "lineage", "LI_Lineage", "statement")
        ),  # fmt: skip
        resolution=_scale(about),
        issued=texts.day(_date(about, "publication") or _date(about, "creation")),
        modified=texts.moment(_date(about, "revision") or _said(record, "dateStamp")),
        time_start=texts.day(starts),
        time_end=texts.day(ends),
        distributions=tuple(_distributions(record)),
        service=_service(about) if kind == "service" else {},
    )


def _said(element: Element | None, *path: str) -> str:
    """gco:CharacterString, gmx:Anchor, gco:Date and the like below the path."""
    return xml.text(element, *path)


def _all(element: Element | None, *path: str) -> list[str]:
    """Texts, and the addresses that anchors lead to."""
    found = []
    for one in xml.children(element, *path):
        found += [xml.text(one), xml.attribute(xml.child(one, "Anchor"), "href")]
    return [text for text in found if text]


def _keywords(about: Element | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All keywords, and those of the INSPIRE themes among them."""
    every: list[str] = []
    themes: list[str] = []
    for group in xml.children(about, "descriptiveKeywords", "MD_Keywords"):
        found = xml.texts(group, "keyword")
        thesaurus = _said(group, "thesaurusName", "CI_Citation", "title").lower()
        if "inspire" in thesaurus and "theme" in thesaurus:
            themes += found
        every += found
    return texts.words(every), texts.words(themes)


def _extent(about: Element | None) -> Extent | None:
    sides = ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")
    path = ("extent", "EX_Extent", "geographicElement", "EX_GeographicBoundingBox")
    boxes = (texts.extent(_said(box, side) for side in sides) for box in xml.children(about, *path))
    found = [box for box in boxes if box]
    if not found:
        return None
    west, south, east, north = zip(*found, strict=True)
    return min(west), min(south), max(east), max(north)


def _contact(party: Element | None) -> Contact:
    info = xml.child(party, "contactInfo", "CI_Contact")
    return Contact(
        name=texts.line(_said(party, "organisationName"), 300),
        email=texts.mail(_said(info, "address", "CI_Address", "electronicMailAddress")),
        url=texts.web(_said(info, "onlineResource", "CI_OnlineResource", "linkage")),
    )


def _frequency(about: Element | None) -> str:
    path = ("resourceMaintenance", "MD_MaintenanceInformation", "maintenanceAndUpdateFrequency", "*")
    return xml.attribute(xml.child(about, *path), "codeListValue")


def _language(record: Element) -> str:
    return xml.attribute(xml.child(record, "language", "LanguageCode"), "codeListValue") or _said(
        record, "language"
    )


def _scale(about: Element | None) -> int | None:
    path = ("spatialResolution", "MD_Resolution", "equivalentScale", "MD_RepresentativeFraction")
    return texts.whole(_said(about, *path, "denominator")) or None


def _date(about: Element | None, kind: str) -> str:
    for one in xml.children(about, "citation", "CI_Citation", "date", "CI_Date"):
        if xml.attribute(xml.child(one, "dateType", "CI_DateTypeCode"), "codeListValue") == kind:
            return _said(one, "date")
    return ""


def _times(about: Element | None) -> tuple[str, str]:
    path = ("extent", "EX_Extent", "temporalElement", "EX_TemporalExtent", "extent", "TimePeriod")
    period = xml.child(about, *path)
    return _said(period, "beginPosition"), _said(period, "endPosition")


def _distributions(record: Element) -> Iterator[Distribution]:
    info = xml.child(record, "distributionInfo", "MD_Distribution")
    kinds = texts.words(xml.texts(info, "distributionFormat", "MD_Format", "name"), 60)
    path = ("transferOptions", "MD_DigitalTransferOptions", "onLine", "CI_OnlineResource")
    for link in xml.children(info, *path):
        address = texts.web(_said(link, "linkage"))
        function = xml.attribute(xml.child(link, "function", "CI_OnLineFunctionCode"), "codeListValue")
        if address:
            yield Distribution(
                access_url=address,
                download_url=address if function == "download" else "",
                title=texts.line(_said(link, "name") or _said(link, "description"), 300),
                format=kinds[0] if len(kinds) == 1 else "",
            )


def _service(about: Element | None) -> dict[str, object]:
    path = ("containsOperations", "SV_OperationMetadata", "connectPoint", "CI_OnlineResource", "linkage")
    address = next(filter(None, map(texts.web, xml.texts(about, *path))), "")
    said = " ".join([address, *xml.texts(about, "serviceTypeVersion")]).lower()
    kind = next((kind for kind, word in _SPEAKS if word in said), "")
    return {"type": kind, "url": address} if address and kind else {}
