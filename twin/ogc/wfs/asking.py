"""Requests by parameters (GET) or as XML (POST), as one and the same thing."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from twin.catalogue.capabilities import xml
from twin.ogc import names, ows
from twin.ogc.crs import Crs, spelled
from twin.ogc.errors import OwsRefused
from twin.ogc.ows import Said

OPERATIONS = (
    "GetCapabilities",
    "DescribeFeatureType",
    "GetFeature",
    "GetPropertyValue",
    "ListStoredQueries",
    "DescribeStoredQueries",
)
VERSIONS = ("2.0.0", "2.0.2")
BY_ID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
_BY_ID_TOO = "http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById"
GML = "application/gml+xml; version=3.2"
GEOJSON = "application/geo+json"
_FORMATS = {
    **dict.fromkeys((GML, "text/xml; subtype=gml/3.2", "text/xml; subtype=gml/3.2.1", "gml32", "gml3"), GML),
    **dict.fromkeys((GEOJSON, "application/json", "json", "geojson"), GEOJSON),
}
USUAL, MOST = 1_000, 10_000  # features of one answer


@dataclass(frozen=True)
class Asked:
    """A request that can be answered. types: ids of collections; start: how many features are passed over.

    bbox: numbers, and perhaps a reference system; filter: fes:Filter; ids: of features; properties: attributes to be given, None: all.
    system: None where nothing was said.
    """

    operation: str
    types: tuple[str, ...] = ()
    count: int = USUAL
    start: int = 0
    hits_only: bool = False
    bbox: str = ""
    filter: xml.Element | None = None
    ids: tuple[str, ...] = ()
    by_id: str | None = None
    properties: frozenset[str] | None = None
    value: str = ""
    system: Crs | None = None
    format: str = GML
    stored: tuple[str, ...] = field(default=())


def from_parameters(said: Said) -> Asked:
    """said: names in small letters. Raises OwsRefused."""
    return _asked(said, ows.parsed(said["filter"], "filter") if said.get("filter", "").strip() else None)


def from_xml(body: bytes) -> Asked:
    """Raises OwsRefused."""
    root = ows.parsed(body, "request")
    said = {str(name).lower(): str(value) for name, value in root.attrib.items()}
    said["request"] = xml.name(root)
    said["acceptversions"] = ",".join(xml.texts(root, "AcceptVersions", "Version"))
    said["typenames"] = ",".join(xml.texts(root, "TypeName"))
    said["storedquery_id"] = ",".join(xml.texts(root, "StoredQueryId"))
    queries = [one for one in root if xml.name(one) in {"Query", "StoredQuery"}]
    if len(queries) > 1:
        raise OwsRefused("OptionNotSupported", "Query", _("Ask one question at a time."))
    for query in queries:
        said |= _of_query(query)
    return _asked(said, next((xml.child(query, "Filter") for query in queries), None))


def _of_query(query: xml.Element) -> dict[str, str]:
    said = {str(name).lower(): str(value) for name, value in query.attrib.items() if name != "id"}
    said["propertyname"] = ",".join(xml.texts(query, "PropertyName"))
    if xml.child(query, "SortBy") is not None:
        said["sortby"] = "SortBy"
    if xml.name(query) == "StoredQuery":
        said["storedquery_id"] = query.get("id", "")
        said |= {one.get("name", "").lower(): xml.text(one) for one in xml.children(query, "Parameter")}
    return said


def _asked(said: Said, condition: xml.Element | None) -> Asked:
    operation = ows.operation(said, OPERATIONS)
    if said.get("service", "WFS").upper() != "WFS":
        raise ows.refused("service", _("One of these is expected: %(choices)s") % {"choices": "WFS"})
    _check_version(said, operation)
    if said.get("sortby"):
        raise OwsRefused("OptionNotSupported", "sortBy", _("Features come in the order of their numbers."))
    properties = frozenset(names.local(one) for one in _listed(said, "propertyname")) - {"*"}
    return Asked(
        operation,
        types=tuple(names.local(one) for one in _types(said)),
        count=min(ows.number(said, "count", default=USUAL), MOST),
        start=ows.number(said, "startIndex", default=0),
        hits_only=_hits(said),
        bbox=said.get("bbox", "").strip(),
        filter=condition,
        ids=tuple(_listed(said, "resourceid")),
        by_id=_by_id(said) if operation in {"GetFeature", "GetPropertyValue"} else None,
        properties=properties or None,
        value=ows.needed(said, "valueReference") if operation == "GetPropertyValue" else "",
        system=_system(said),
        format=_format(said),
        stored=tuple(_listed(said, "storedquery_id")),
    )


def _check_version(said: Said, operation: str) -> None:
    if operation == "GetCapabilities":
        accepted = _listed(said, "acceptversions")
        if accepted and not {*accepted} & {*VERSIONS}:
            raise OwsRefused(
                "VersionNegotiationFailed", "acceptVersions", _("The version is %(version)s.") % {"version": "2.0.0"}
            )  # fmt: skip
    elif said.get("version", VERSIONS[0]) not in VERSIONS:
        raise ows.refused("version", _("The version is %(version)s.") % {"version": "2.0.0"})


def _listed(said: Said, name: str) -> list[str]:
    return [one.strip() for one in said.get(name, "").split(",") if one.strip()]


def _types(said: Said) -> list[str]:
    return _listed(said, "typenames") or _listed(said, "typename")


def _hits(said: Said) -> bool:
    kind = said.get("resulttype", "").lower() or "results"
    if kind not in {"hits", "results"}:
        raise ows.refused("resultType", _("One of these is expected: %(choices)s") % {"choices": "results, hits"})  # fmt: skip
    return kind == "hits"


def _by_id(said: Said) -> str | None:
    """Id of the feature that the one stored query is asked for."""
    wanted = said.get("storedquery_id", "")
    if not wanted:
        return None
    if wanted not in {BY_ID, _BY_ID_TOO}:
        raise ows.refused("storedQuery_Id", _("One of these is expected: %(choices)s") % {"choices": BY_ID})
    return ows.needed(said, "id")


def _system(said: Said) -> Crs | None:
    name = said.get("srsname", "").strip()
    found = spelled(name) if name else None
    if name and found is None:
        raise ows.refused("srsName", _("This reference system is not offered."))
    return found


def _format(said: Said) -> str:
    wanted = " ".join(said.get("outputformat", "").replace(";", "; ").lower().split())
    if wanted and wanted not in _FORMATS:
        choices = f"{GML}, {GEOJSON}"
        raise ows.refused("outputFormat", _("One of these is expected: %(choices)s") % {"choices": choices})
    return _FORMATS[wanted] if wanted else GML
