"""Features of harvested WFS and OGC API Features in one part of the map: asked page by page, up to a limit, in the map's system."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import pyproj
from django.conf import settings
from django.utils.translation import ngettext

from tenants.errors import FetchFailed
from tenants.fetching import ask
from twin.catalogue.capabilities import addresses
from twin.catalogue.models import Record
from twin.viewer import answers
from twin.viewer.answers import Feature, Page
from twin.viewer.errors import NoSuchPart
from twin.viewer.passing import FAR, Box

MOST = 5000  # features on the map at once
_PAGE = 1000
_SECONDS, _BYTES = 15.0, 16 << 20  # for all pages; for each
_WFS = (
    "EPSG:25833",
    "EPSG:25832",
    "EPSG:3857",
)  # in metres, east before north in all versions; the best first
_DEGREES = "OGC:CRS84"  # what every OGC API speaks


@dataclass
class Found:
    """matched: how many there are, where the service says so; is_cut: there are more than these."""

    features: dict[str, Feature] = field(default_factory=dict)
    matched: int | None = None
    is_cut: bool = False


def system_of(record: Record) -> str:
    """In which features are asked for; empty where a service has none that is fit."""
    offered = record.service.get("crs", [])
    if record.service.get("type") == "OAF":
        return _WFS[0] if _WFS[0] in offered else _DEGREES
    return next((system for system in _WFS if system in offered), "")


def within(box: Box, *, record: Record, most: int) -> Found:
    """box: in the map's system. Raises NoSuchPart, FetchFailed."""
    system = system_of(record)
    if not system or most < 1:
        raise NoSuchPart
    found = Found()
    before = -1
    for page in _pages(_first(record, box, system=system, count=min(_PAGE, most))):
        found.matched = page.matched
        found.features |= {one.id: one for one in answers.on_the_map(page.features, system=system)}
        found.is_cut = bool(page.following) or len(found.features) > most
        if (
            len(found.features) >= most or len(found.features) == before
        ):  # some services give the same page again
            break
        before = len(found.features)
    found.features = dict(list(found.features.items())[:most])
    found.is_cut = found.is_cut or (found.matched or 0) > len(found.features)
    return found


def as_geojson(found: Found) -> str:
    """In the map's system. message: what who looks should know of it."""
    message = ngettext(
        "Only the first object in this part of the map is shown; zoom in to see all.",
        "Only the first %(count)s objects in this part of the map are shown; zoom in to see all.",
        len(found.features),
    )
    head = {
        "type": "FeatureCollection",
        "numberMatched": found.matched or len(found.features),
        "message": message % {"count": len(found.features)} if found.is_cut else "",
    }
    rows = ",".join(one.as_geojson for one in found.features.values())
    return f'{json.dumps(head)[:-1]},"features":[{rows}]}}'


def _pages(url: str) -> Iterator[Page]:
    """One after the other, for as long as there is time."""
    until, start = time.monotonic() + _SECONDS, 0
    while url:
        answer = ask(url, seconds=until - time.monotonic(), most=_BYTES, redirects=2, accept="application/geo+json, application/json, text/xml")  # fmt: skip
        if answer.status != 200:
            raise FetchFailed(f"status {answer.status}", reason="status")
        page = answers.page(answer.body)
        start += page.size
        page = Page(page.features, page.size, page.matched, _following(page, url=url, start=start))
        yield page
        url = page.following


def _following(page: Page, *, url: str, start: int) -> str:
    """The address of the next page; of the same service alone."""
    if not page.size:
        return ""
    if "/collections/" in urlsplit(url).path:
        following = addresses.absolute(url, page.following) if page.following else ""
        return following if urlsplit(following)[:2] == urlsplit(url)[:2] else ""
    count = int(addresses.parameter(url, "count") or 0)  # versions before 2.0.0 have no pages
    goes_on = start < page.matched if page.matched is not None else page.size >= count
    return addresses.with_parameters(url, {"STARTINDEX": str(start)}) if count and goes_on else ""


def _first(record: Record, box: Box, *, system: str, count: int) -> str:
    said = record.service
    sides = ",".join(f"{side:.9g}" for side in _in(box, system=system))
    if said["type"] == "WFS":
        return addresses.with_parameters(said["url"], _wfs(said, sides, system=system, count=count))
    uri = f"http://www.opengis.net/def/crs/EPSG/0/{system.partition(':')[2]}"
    asked = {"f": "json", "limit": str(count), "bbox": sides}
    if system != _DEGREES:
        asked |= {"crs": uri, "bbox-crs": uri}
    return addresses.with_parameters(f"{said['url']}/collections/{quote(said['layer'], safe='')}/items", asked)  # fmt: skip


def _wfs(said: Mapping[str, object], sides: str, *, system: str, count: int) -> dict[str, str]:
    version = str(said.get("version") or "2.0.0")
    new = version.startswith("2")
    urn = f"urn:ogc:def:crs:EPSG::{system.partition(':')[2]}"
    asked = {"SERVICE": "WFS", "REQUEST": "GetFeature", "VERSION": version, "SRSNAME": urn, "BBOX": f"{sides},{urn}"}  # fmt: skip
    asked |= {
        "TYPENAMES" if new else "TYPENAME": str(said["layer"]),
        "COUNT" if new else "MAXFEATURES": str(count),
    }
    formats = said.get("formats")
    named = (str(one) for one in formats) if isinstance(formats, list) else ()
    json_like = next((one for one in named if "json" in one.lower() and "callback" not in one.lower()), "")
    return {**asked, "OUTPUTFORMAT": json_like} if json_like else asked


def _in(box: Box, *, system: str) -> Box:
    """Raises NoSuchPart where the system knows no such place."""
    moved = pyproj.Transformer.from_crs(settings.TWIN_SRID, system, always_xy=True)
    sides = moved.transform_bounds(*box)
    if not all(abs(side) < FAR for side in sides):
        raise NoSuchPart
    return sides
