"""GeoJSON answers from geometries that the database has written already."""

import gzip
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

CONTENT_TYPE = "application/geo+json"


def feature(key: Any, shape: str, properties: Mapping[str, Any]) -> str:
    """One feature. key: stable and unique in the answer; shape: geometry as GeoJSON text in the twin's reference system;
    properties without a value are left out.
    """
    given = {name: value for name, value in properties.items() if value is not None}
    return f'{{"type":"Feature","id":{json.dumps(str(key))},"geometry":{shape},"properties":{json.dumps(given)}}}'


def collection(features: Iterable[str]) -> str:
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'


def file(features: Iterable[str], *, srid: int) -> str:
    """A collection that names its system: for programs that read GeoJSON of 2008; others take it for degrees."""
    system = json.dumps({"type": "name", "properties": {"name": f"EPSG:{srid}"}})
    return f'{{"type":"FeatureCollection","crs":{system},"features":[{",".join(features)}]}}'


def answer(features: Iterable[str]) -> HttpResponse:
    return HttpResponse(collection(features), content_type=CONTENT_TYPE)


def packed(pieces: Iterable[str]) -> bytes:
    """The text compressed, as it is kept in the cache: 10,000 places take longer to compress than to read."""
    return gzip.compress("".join(pieces).encode(), compresslevel=4)


def unpacked(content: bytes, request: HttpRequest) -> HttpResponse:
    """What was packed, compressed for who takes it so."""
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(content, content_type=CONTENT_TYPE, headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(gzip.decompress(content), content_type=CONTENT_TYPE)
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
