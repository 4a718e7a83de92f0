"""Pictures and words of harvested services, fetched by us, so that nobody's browser talks to strangers.

What is asked is built here from the service's own record and from numbers: no address, no layer name comes from who asks.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.db.models import QuerySet

from tenants.errors import FetchFailed
from tenants.fetching import ask
from twin.catalogue.models import Record

WIDEST = 2048  # pixels, either way
_SECONDS, _MOST = 10.0, 8 << 20
_PICTURES = {b"\x89PNG\r\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
SYSTEMS = ("EPSG:25833", "EPSG:3857", "EPSG:25832", "EPSG:4326")  # as the map can redraw them, the best first
_LATITUDE_FIRST = "EPSG:4326"  # of these, in WMS 1.3.0


@dataclass(frozen=True)
class Extract:
    """What part of the service is seen. box: west, south, east, north in the units of `system`; size: pixels."""

    system: str
    box: tuple[float, float, float, float]
    size: tuple[int, int]


def offered(rows: QuerySet[Record]) -> QuerySet[Record]:
    """Of these records the layers of public WMS that their tenants want on maps."""
    found = rows.filter(is_public=True, is_gone=False, parent__isnull=False, service__type="WMS")
    return found.filter(source__is_public=True, tenant__active=True).exclude(source__use="none")


def system_of(record: Record) -> str:
    """The reference system in which the service is asked; empty where it has none that the map can redraw."""
    offered = record.service.get("crs", [])
    return next((system for system in SYSTEMS if system in offered), "")


def extract(query: Mapping[str, str], *, system: str) -> Extract | None:
    """From BBOX, WIDTH and HEIGHT as a map client writes them (west, south, east, north); None for anything else."""
    try:
        box = tuple(float(part) for part in query.get("BBOX", "").split(","))
        size = int(query.get("WIDTH", "")), int(query.get("HEIGHT", ""))
    except ValueError:
        return None
    if len(box) != 4 or not all(map(math.isfinite, box)) or box[0] >= box[2] or box[1] >= box[3]:
        return None
    return Extract(system, box, size) if all(0 < side <= WIDEST for side in size) else None


def picture(record: Record, wanted: Extract) -> tuple[bytes, str]:
    """(picture, media type). Raises FetchFailed; what is no picture is a failure, whatever it calls itself."""
    formats = record.service.get("formats", [])
    kind = "image/png" if "image/png" in formats or not formats else "image/jpeg"
    values = {"REQUEST": "GetMap", "FORMAT": kind, "TRANSPARENT": "TRUE", "STYLES": ""}
    answer = ask(
        _address(record, wanted, values), seconds=_SECONDS, most=_MOST, redirects=2, accept="image/*"
    )
    found = next((name for start, name in _PICTURES.items() if answer.body.startswith(start)), "")
    if answer.status != 200 or not found:
        raise FetchFailed("no picture", reason="content")
    return answer.body, found


def words(record: Record, wanted: Extract, pixel: tuple[int, int]) -> str:
    """What the service says of the place under a pixel, as plain text. Raises FetchFailed."""
    values = {
        "REQUEST": "GetFeatureInfo",
        "QUERY_LAYERS": record.service["layer"],
        "INFO_FORMAT": "text/plain",
    }
    across, down = ("I", "J") if _is_new(record) else ("X", "Y")
    values |= {across: str(pixel[0]), down: str(pixel[1]), "STYLES": "", "FEATURE_COUNT": "5"}
    answer = ask(
        _address(record, wanted, values), seconds=_SECONDS, most=1 << 18, redirects=2, accept="text/plain"
    )
    if answer.status != 200 or not answer.content_type.startswith("text/plain"):
        raise FetchFailed("no plain text", reason="content")
    return answer.body.decode(errors="replace")


def _is_new(record: Record) -> bool:
    return str(record.service.get("version") or "1.3.0") >= "1.3"


def _address(record: Record, wanted: Extract, values: Mapping[str, Any]) -> str:
    said, new = record.service, _is_new(record)
    west, south, east, north = wanted.box
    box = (south, west, north, east) if new and wanted.system == _LATITUDE_FIRST else wanted.box
    query = {
        "SERVICE": "WMS",
        "VERSION": said.get("version") or "1.3.0",
        "LAYERS": said["layer"],
        "CRS" if new else "SRS": wanted.system,
        "BBOX": ",".join(f"{side:.9g}" for side in box),
        "WIDTH": wanted.size[0],
        "HEIGHT": wanted.size[1],
        **values,
    }
    url = said["url"]
    joined = "&" if urlsplit(url).query else "?"
    return f"{url.rstrip('?&')}{joined}{urlencode(query)}"
