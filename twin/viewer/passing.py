"""What of harvested services is on the map; pictures and words of WMS and WMTS, fetched by us, so that nobody's browser talks to
strangers.

What is asked is built here from the service's own record and from numbers: no address, no layer name comes from who asks.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.db.models import Q, QuerySet

from tenants.errors import FetchFailed
from tenants.fetching import ask
from tenants.permissions import Person, reach_of
from twin.catalogue.capabilities import addresses
from twin.catalogue.models import Record
from twin.viewer.errors import NoSuchPart

PICTURES, TILES, FEATURES = ("WMS",), ("WMTS",), ("WFS", "OAF")
Box = tuple[float, float, float, float]  # west, south, east, north
FAR = 1e8  # metres; more is no place on Earth in any system
WIDEST = 2048  # pixels, either way
_SECONDS, _MOST = 10.0, 8 << 20
_PICTURES = {b"\x89PNG\r\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
SYSTEMS = ("EPSG:25833", "EPSG:3857", "EPSG:25832", "EPSG:4326")  # as the map can redraw them, the best first
_LATITUDE_FIRST = "EPSG:4326"  # of these, in WMS 1.3.0


@dataclass(frozen=True)
class Extract:
    """What part of the service is seen. box: in the units of `system`; size: pixels."""

    system: str
    box: Box
    size: tuple[int, int]


def offered(rows: QuerySet[Record], types: Collection[str]) -> QuerySet[Record]:
    """Of these records the layers of services of these types that their tenants want on maps."""
    found = rows.filter(is_gone=False, parent__isnull=False, service__type__in=types, tenant__active=True)
    return found.exclude(source__use="none")


_OPEN = Q(is_public=True, source__is_public=True)


def public(rows: QuerySet[Record]) -> QuerySet[Record]:
    return rows.filter(_OPEN)


def internal(rows: QuerySet[Record], person: Person) -> QuerySet[Record]:
    """Of services of the person's own towns that are not for everybody."""
    return rows.filter(~_OPEN, source__isnull=False, tenant__in=reach_of(person).scope.read)


def visible(rows: QuerySet[Record], person: Person) -> QuerySet[Record]:
    return rows.filter(_OPEN | Q(tenant__in=reach_of(person).scope.read))


def is_open(record: Record) -> bool:
    """Whether everybody may see it. record: with its source."""
    return record.is_public and record.source is not None and record.source.is_public


def is_silent(record: Record) -> bool:
    """Whether the service failed when it was last watched: nobody waits for it until it is back."""
    return record.source is not None and record.source.is_up is False


def system_of(record: Record) -> str:
    """The reference system in which the service is asked; empty where it has none that the map can redraw."""
    if record.service.get("type") in TILES:
        return str(record.service.get("grid", {}).get("system", ""))
    offered = record.service.get("crs", [])
    return next((system for system in SYSTEMS if system in offered), "")


def box(text: str) -> Box:
    """From four numbers with commas. Raises NoSuchPart."""
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        raise NoSuchPart from None
    if (
        len(found) != 4
        or not all(abs(side) < FAR for side in found)
        or found[0] >= found[2]
        or found[1] >= found[3]
    ):
        raise NoSuchPart
    return found[0], found[1], found[2], found[3]


def extract(query: Mapping[str, str], *, system: str) -> Extract:
    """From BBOX, WIDTH and HEIGHT as a map client writes them (west, south, east, north). Raises NoSuchPart."""
    size = number(query.get("WIDTH", "")), number(query.get("HEIGHT", ""))
    if not system or not all(0 < side <= WIDEST for side in size):
        raise NoSuchPart
    return Extract(system, box(query.get("BBOX", "")), size)


def number(text: str) -> int:
    """A whole number of at most four digits. Raises NoSuchPart."""
    if not (text.isascii() and text.isdecimal() and len(text) < 5):
        raise NoSuchPart
    return int(text)


def picture(record: Record, wanted: Extract) -> tuple[bytes, str]:
    """(picture, media type). Raises FetchFailed."""
    values = {"REQUEST": "GetMap", "FORMAT": _format(record), "TRANSPARENT": "TRUE", "STYLES": ""}
    return _fetched(_address(record, wanted, values))


def legend(record: Record) -> tuple[bytes, str]:
    """(picture, media type) of what the service says its colours mean. Raises NoSuchPart, FetchFailed."""
    said = record.service
    if address := str(said.get("legend") or ""):
        return _fetched(address)
    if said.get("type") not in PICTURES:
        raise NoSuchPart
    asked = {"SERVICE": "WMS", "REQUEST": "GetLegendGraphic", "VERSION": str(said.get("version") or "1.3.0"), "LAYER": str(said["layer"])}  # fmt: skip
    asked |= {"STYLE": "", "FORMAT": _format(record), "SLD_VERSION": "1.1.0"}
    return _fetched(addresses.with_parameters(said["url"], asked))


def tile(record: Record, *, level: int, row: int, column: int) -> tuple[bytes, str]:
    """(picture, media type) of a WMTS; the numbers count the levels of the record's grid, and tiles from its upper left corner.

    Raises NoSuchPart, FetchFailed."""
    grid = record.service.get("grid", {})
    if level >= len(grid.get("levels", ())):
        raise NoSuchPart
    place = grid["levels"][level]
    if column >= place["tiles"][0] or row >= place["tiles"][1]:
        raise NoSuchPart
    said = {"TileMatrixSet": grid["set"], "TileMatrix": place["name"], "TileRow": str(row), "TileCol": str(column)}  # fmt: skip
    return _fetched(_of_tile(record, {**said, "Style": record.service.get("style", "")}))


def _of_tile(record: Record, said: Mapping[str, str]) -> str:
    """The address by the service's own pattern, else by parameters."""
    address = str(record.service.get("template", ""))
    for name, value in said.items():
        for spelled in (name, name.lower()):
            address = address.replace(f"{{{spelled}}}", quote(value, safe=""))
    if address and "{" not in address:  # there may be dimensions that we know nothing of
        return address
    version = record.service.get("version") or "1.0.0"
    asked = {"SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": version, "LAYER": record.service["layer"]}  # fmt: skip
    asked |= {name.upper(): value for name, value in said.items()}
    return addresses.with_parameters(record.service["url"], {**asked, "FORMAT": _format(record)})


def _format(record: Record) -> str:
    formats = record.service.get("formats", [])
    return "image/png" if "image/png" in formats or not formats else "image/jpeg"


def _fetched(address: str) -> tuple[bytes, str]:
    """What is no picture is a failure, whatever it calls itself."""
    answer = ask(address, seconds=_SECONDS, most=_MOST, redirects=2, accept="image/*")
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
