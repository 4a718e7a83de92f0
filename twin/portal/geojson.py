"""GeoJSON answers from geometries that the database has written already."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse


def feature(key: Any, shape: str, properties: Mapping[str, Any]) -> str:
    """One feature. key: stable and unique in the answer; shape: geometry as GeoJSON text in the twin's reference system."""
    return f'{{"type":"Feature","id":{json.dumps(str(key))},"geometry":{shape},"properties":{json.dumps(dict(properties))}}}'


def collection(features: Iterable[str]) -> HttpResponse:
    return HttpResponse(
        f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}',
        content_type="application/geo+json",
    )
