"""CSW 2.0.2: its capabilities lead to its records, page by page; each record as ISO 19139 is an entry."""

from collections.abc import Iterator

from twin.catalogue.capabilities import addresses, iso19139, ows, texts, xml
from twin.catalogue.capabilities.description import Description, Entry, capped
from twin.catalogue.capabilities.xml import Element


def read(root: Element, *, url: str) -> Description:
    found = ows.head(root, kind="CSW", operation="GetRecords", url=url)
    return Description(
        **{**vars(found), "following": addresses.records(found.url, start=1) if found.url else ""}
    )


def read_records(root: Element, *, url: str) -> Description:
    """GetRecordsResponse. Where it tells hits alone, the first page with records follows."""
    results = xml.child(root, "SearchResults")
    total = texts.whole(xml.attribute(results, "numberOfRecordsMatched"))
    start = texts.whole(xml.attribute(results, "nextRecord")) or 0
    entries = capped(_entries(results))
    if not entries and not start:
        start = 1
    goes_on = bool(url and total and 0 < start <= total)
    return Description(
        kind="CSW",
        url=addresses.service(url),
        version="2.0.2",
        entries=entries,
        following=addresses.records(url, start=start) if goes_on else "",
        total=total,
    )


def read_single(root: Element, *, url: str) -> Description:
    """A record by itself."""
    return Description(kind="CSW", url=addresses.service(url), entries=tuple(_named(iso19139.read(root))))


def _entries(results: Element | None) -> Iterator[Entry]:
    for record in xml.children(results, "*"):
        if xml.name(record) == "MD_Metadata":
            yield from _named(iso19139.read(record))
        elif xml.name(record) in {"Record", "SummaryRecord"}:
            yield from _named(_simple(record))


def _named(entry: Entry) -> Iterator[Entry]:
    if entry.name:
        yield entry


def _simple(record: Element) -> Entry:
    """csw:Record: Dublin Core, from servers that know nothing else."""
    name = texts.line(xml.text(record, "identifier"))
    return Entry(
        name=name,
        title=texts.line(xml.text(record, "title")) or name,
        kind="service" if xml.text(record, "type") == "service" else "dataset",
        abstract=texts.prose(xml.text(record, "abstract") or xml.text(record, "description")),
        keywords=texts.words(xml.texts(record, "subject")),
        publisher=texts.line(xml.text(record, "publisher") or xml.text(record, "creator"), 300),
        modified=texts.moment(xml.text(record, "modified")),
    )
