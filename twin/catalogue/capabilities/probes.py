"""Requests that show whether a service does its work, not only that it answers; and whether an answer is what was asked for."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyproj
from PIL import Image, UnidentifiedImageError

from twin.catalogue.capabilities import addresses, reading, xml
from twin.catalogue.capabilities.errors import Unreadable

SIZE = 64  # pixels of a map that is asked for
_TOGETHER = 3  # layers drawn into it: a single one may have nothing there to draw
_PLANE = ("EPSG:25833", "EPSG:3857", "EPSG:25832", "CRS:84")  # x before y in every version
Service = Mapping[str, Any]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Check:
    """name: capabilities, map, feature, items, records, query or entities; judge: raises Unreadable for what is no answer."""

    name: str
    url: str
    judge: Callable[[bytes], None]


def first(kind: str, url: str) -> Check:
    """Does the service describe itself?"""

    def judge(body: bytes) -> None:
        reading.read(body, url=url, kind=kind)

    return Check("capabilities", addresses.first(kind, url), judge)


def second(kind: str, layers: Sequence[Service], *, box: Box, srid: int) -> Check | None:
    """Does it do its work? layers: services of entries; box: where, in the plane system srid. None where nothing can be asked."""
    ask = _SECOND.get(kind)
    return ask(layers, box, srid) if ask and layers else None


def _map(layers: Sequence[Service], box: Box, srid: int) -> Check:
    together = layers[:_TOGETHER]
    common = set(_PLANE).intersection(*(layer.get("crs", ()) for layer in together))
    system = next((name for name in _PLANE if name in common), "")
    names = [layer["layer"] for layer in together]
    formats = layers[0].get("formats", ())
    asked = {
        "SERVICE": "WMS",
        "REQUEST": "GetMap",
        "VERSION": layers[0].get("version", "1.3.0") if system else "1.1.1",
        "LAYERS": ",".join(names),
        "STYLES": "," * (len(names) - 1),
        "WIDTH": str(SIZE),
        "HEIGHT": str(SIZE),
        "FORMAT": "image/png" if "image/png" in formats or not formats else "image/jpeg",
        "TRANSPARENT": "TRUE",
        "BBOX": ",".join(f"{side:.6f}" for side in _in_system(box, srid, system or "CRS:84")),
    }
    key = "CRS" if asked["VERSION"].startswith("1.3") else "SRS"
    asked[key] = system or "EPSG:4326"  # 1.1.1 has longitude first there, too
    if key == "SRS" and asked[key] == "CRS:84":
        asked[key] = "EPSG:4326"
    return Check("map", addresses.with_parameters(layers[0]["url"], asked), _is_drawn)


def _in_system(box: Box, srid: int, system: str) -> Box:
    target = "OGC:CRS84" if system == "CRS:84" else system
    return pyproj.Transformer.from_crs(srid, target, always_xy=True).transform_bounds(*box)


def _is_drawn(body: bytes) -> None:
    try:
        with Image.open(io.BytesIO(body), formats=("PNG", "JPEG", "GIF", "WEBP")) as picture:
            if picture.size != (SIZE, SIZE):  # before a pixel is unpacked
                raise Unreadable("size")
            colours = picture.convert("RGBA").getcolors(SIZE * SIZE)
    except (UnidentifiedImageError, Image.DecompressionBombError):
        reading.read(body)  # an error of the service says more
        raise Unreadable("unknown") from None
    except (OSError, SyntaxError, ValueError):
        raise Unreadable("syntax") from None
    if colours is not None and len(colours) == 1:
        raise Unreadable("blank")


def _feature(layers: Sequence[Service], box: Box, srid: int) -> Check:
    layer = layers[0]
    asked = {"SERVICE": "WFS", "REQUEST": "GetFeature", "VERSION": layer.get("version") or "2.0.0"}
    new = asked["VERSION"].startswith("2")
    asked |= {"TYPENAMES" if new else "TYPENAME": layer["layer"], "COUNT" if new else "MAXFEATURES": "1"}
    return Check("feature", addresses.with_parameters(layer["url"], asked), _is_collection)


def _is_collection(body: bytes) -> None:
    if body.lstrip()[:1] == b"{":
        _has("features")(body)
        return
    root = xml.parse(body)
    if not xml.name(root).endswith("FeatureCollection"):
        reading.read(body)  # an error of the service says more
        raise Unreadable("unknown", xml.name(root))


def _items(layers: Sequence[Service], box: Box, srid: int) -> Check:
    url = f"{layers[0]['url']}/collections/{layers[0]['layer']}/items?limit=1&f=json"
    return Check("items", url, _has("features"))


def _query(layers: Sequence[Service], box: Box, srid: int) -> Check:
    url = f"{layers[0]['url']}/{layers[0]['layer']}/query?where=1=1&resultRecordCount=1&f=json"
    return Check("query", url, _has("features"))


def _entities(layers: Sequence[Service], box: Box, srid: int) -> Check:
    return Check("entities", f"{layers[0]['url']}/Things?$top=1", _has("value"))


def _has(member: str) -> Callable[[bytes], None]:
    """A JSON document with this list."""

    def judge(body: bytes) -> None:
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            reading.read(body)
            raise Unreadable("syntax") from None
        if not isinstance(document, dict) or not isinstance(document.get(member), list):
            reading.read(body)
            raise Unreadable("unknown")

    return judge


_SECOND: Mapping[str, Callable[[Sequence[Service], Box, int], Check]] = {
    "WMS": _map,
    "WFS": _feature,
    "OAF": _items,
    "ArcGIS": _query,
    "STA": _entities,
}
