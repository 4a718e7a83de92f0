"""Addresses of foreign services: their own, without what one request adds, and those of the requests that we make."""

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

_OF_A_REQUEST = frozenset({"service", "request", "version", "acceptversions", "updatesequence", "sections"})
_SPOKEN = ("WMS", "WFS", "WMTS", "CSW")  # with ?service=
_VERSIONS = {"WMS": "1.3.0", "WFS": "2.0.0", "WMTS": "1.0.0", "CSW": "2.0.2"}
ISO = "http://www.isotc211.org/2005/gmd"
PAGE = 50  # records of a catalogue at once: some servers refuse more


def is_sound(url: str) -> bool:
    """Whether it can be taken apart at all."""
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False


def with_parameters(url: str, parameters: Mapping[str, str]) -> str:
    """The address with these parameters in place of its own of the same name, whatever their case."""
    parts = urlsplit(url)
    new = {name.lower() for name in parameters}
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0].lower() not in new]
    query = urlencode([*kept, *parameters.items()], safe=":/,")
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def parameter(url: str, name: str) -> str:
    found = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    return next((value for key, value in found if key.lower() == name), "")


def service(url: str) -> str:
    """The address of the service itself: what one request adds is taken off, MAP= and tokens stay."""
    parts = urlsplit(url)
    kept = [pair for pair in parse_qsl(parts.query) if pair[0].lower() not in _OF_A_REQUEST]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept, safe=":/,"), ""))


def first(kind: str, url: str) -> str:
    """What to ask first of a service of this kind; an address of a document is its own."""
    if kind in _SPOKEN and not urlsplit(url).path.lower().endswith((".xml", ".rdf", ".json")):
        asked = {"SERVICE": kind, "REQUEST": "GetCapabilities"}
        version = parameter(url, "version") or _VERSIONS[kind]
        return with_parameters(url, {**asked, "VERSION": version})
    if kind == "ArcGIS":
        return with_parameters(url, {"f": "json"})
    return url


def candidates(url: str) -> Iterator[tuple[str, str]]:
    """(kind, address) in the order in which they are likely for an address that somebody pasted; "" as it stands."""
    if not is_sound(url):
        return
    said = parameter(url, "service").upper()
    if said in _SPOKEN:
        yield said, first(said, url)
        return
    path = urlsplit(url).path.lower()
    if "featureserver" in path or "mapserver" in path.split("/")[-1:]:
        yield "ArcGIS", first("ArcGIS", url)
        return
    hinted = [kind for kind in _SPOKEN if kind.lower() in url.lower()]
    if not hinted:
        yield "", url
    for kind in sorted(_SPOKEN, key=lambda kind: kind not in hinted):
        yield kind, first(kind, url)
    if hinted:
        yield "", url


def records(url: str, *, start: int) -> str:
    """A page of a CSW's records as ISO 19139."""
    return with_parameters(
        service(url),
        {
            "SERVICE": "CSW",
            "VERSION": "2.0.2",
            "REQUEST": "GetRecords",
            "typeNames": "gmd:MD_Metadata",
            "namespace": f"xmlns(gmd={ISO})",
            "outputSchema": ISO,
            "resultType": "results",
            "elementSetName": "full",
            "maxRecords": str(PAGE),
            "startPosition": str(start),
        },
    )


def absolute(base: str, url: str) -> str:
    """A link of a document, which may be relative; empty where it is no address."""
    try:
        return urljoin(base, url)
    except ValueError:
        return ""
