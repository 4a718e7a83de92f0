"""What the interfaces say of a collection: its description, its queryables, the landing page."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from twin.ogc.collections import Collection
from twin.ogc.crs import CRS84, OFFERED, UTM33
from twin.ogc.endpoint import GEOJSON, HTML, JSON, Links, link
from twin.ogc.records import CATALOGUE

SCHEMA = "application/schema+json"
MVT = "application/vnd.mapbox-vector-tile"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
OGC = "http://www.opengis.net/def/rel/ogc/1.0/"
At = Callable[..., str]
_FORMATS = {"date": "date", "datetime": "date-time"}

CONFORMANCE = [
    f"http://www.opengis.net/spec/{one}"
    for one in (
        *(f"ogcapi-common-{one}" for one in ("1/1.0/conf/core", "2/1.0/conf/collections")),
        *(f"ogcapi-features-1/1.0/conf/{one}" for one in ("core", "oas30", "html", "geojson")),
        "ogcapi-features-2/1.0/conf/crs",
        *(
            f"ogcapi-features-3/1.0/conf/{one}"
            for one in ("queryables", "queryables-query-parameters", "filter", "features-filter")
        ),
        *(
            f"cql2/1.0/conf/{one}"
            for one in (
                "cql2-text",
                "cql2-json",
                "basic-cql2",
                "advanced-comparison-operators",
                "case-insensitive-comparison",
                "accent-insensitive-comparison",
                "basic-spatial-functions",
                "basic-spatial-functions-plus",
                "spatial-functions",
                "temporal-functions",
                "property-property",
                "arithmetic",
            )
        ),
        *(
            f"ogcapi-tiles-1/1.0/conf/{one}"
            for one in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt")
        ),
        "tms/2.0/conf/json-tilematrixset",
        *(
            f"ogcapi-records-1/1.0/conf/{one}"
            for one in (
                "record-core",
                "record-core-query-parameters",
                "searchable-catalog",
                "json",
                "html",
                "oas30",
            )
        ),
        *(
            f"ogcapi-processes-1/1.0/conf/{one}"
            for one in (
                "core",
                "json",
                "ogc-process-description",
                "oas30",
                "job-list",
                "dismiss",
            )
        ),
    )
]


def landing(at: At, links: Links) -> dict[str, Any]:
    return {
        "title": _("Data of the district and its municipalities"),
        "description": _("Datasets and plans of all municipalities, as features and as map tiles."),
        "links": [
            *links,
            link(f"{at('api')}?f=json", "service-desc", OPENAPI, _("Definition of the interface")),
            link(f"{at('api')}?f=html", "service-doc", HTML, _("Description of the interface")),
            link(at("conformance"), "conformance", JSON),
            link(at("conformance"), f"{OGC}conformance", JSON),
            link(at("collections"), "data", JSON),
            link(at("collections"), f"{OGC}data", JSON),
            link(at("tilematrixsets"), f"{OGC}tiling-schemes", JSON),
            link(at("processes"), f"{OGC}processes", JSON, _("Analyses")),
            link(at("jobs"), f"{OGC}job-list", JSON),
            link(at("sensorthings"), "related", JSON, _("Gauges and sensors (SensorThings)")),
        ],
    }


def collection(one: Collection, at: At, *, links: Links) -> dict[str, Any]:
    """links: of the document itself; empty inside a list."""
    found: dict[str, Any] = {
        "id": one.id,
        "title": one.title,
        "itemType": "feature",
        "crs": [system.uri for system in OFFERED],
        "storageCrs": UTM33.uri,
        "links": [*links, *_links(one, at)],
    }
    if extent := _extent(one):
        found["extent"] = extent
    told = {
        "description": one.description,
        "keywords": one.keywords,
        "license": one.licence,
        "attribution": one.publisher,
    }
    return found | {name: value for name, value in told.items() if value}


def catalogue(at: At, *, links: Links) -> dict[str, Any]:
    """The collection of records."""
    items = at("records")
    return {
        "id": CATALOGUE,
        "type": "Collection",
        "title": _("Data catalogue"),
        "description": _("Datasets, services and series of all municipalities."),
        "itemType": "record",
        "conformsTo": ["http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/searchable-catalog"],
        "crs": [CRS84.uri],
        "links": [*links, link(f"{items}?f=json", "items", GEOJSON), link(f"{items}?f=html", "items", HTML)],
    }


def _links(one: Collection, at: At) -> Links:
    items = at("items", one.id)
    found = [
        link(f"{items}?f=json", "items", GEOJSON, one.title),
        link(f"{items}?f=html", "items", HTML, one.title),
        link(f"{at('queryables', one.id)}?f=json", f"{OGC}queryables", SCHEMA, _("Attributes")),
    ]
    if one.geometry_type:
        found += [
            link(at("tilesets", one.id), f"{OGC}tilesets-vector", JSON, _("Map tiles")),
            link(at("style", one.id), "stylesheet", "application/vnd.mapbox.style+json", _("Style")),
        ]
    return found


def _extent(one: Collection) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if one.bbox:
        found["spatial"] = {"bbox": [[round(number, 6) for number in one.bbox]], "crs": CRS84.uri}
    if any(one.time):
        found["temporal"] = {"interval": [[moment.isoformat() if moment else None for moment in one.time]]}
    return found


def queryables(one: Collection, here: str) -> dict[str, Any]:
    """JSON Schema 2020-12; what is not named in it is not asked for."""
    properties: dict[str, Any] = {}
    for field in one.fields:
        kind = field["type"] if field["type"] in {"integer", "number", "boolean"} else "string"
        properties[field["name"]] = {"title": field.get("label") or field["name"], "type": kind}
        if field["type"] in _FORMATS:
            properties[field["name"]]["format"] = _FORMATS[field["type"]]
    if one.geometry_type:
        shape = {"Point": "point", "LineString": "line", "Polygon": "polygon"}
        many, _found, single = one.geometry_type.rpartition("Multi")
        name = f"multi{shape[single]}" if _found and single in shape else shape.get(single, "any")
        properties["geometry"] = {
            "title": _("Geometry"),
            "format": f"geometry-{name}",
            "x-ogc-role": "primary-geometry",
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": here,
        "title": one.title,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
