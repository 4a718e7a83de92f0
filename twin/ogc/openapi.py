"""The interface defined as OpenAPI 3.0: every address with its parameters, for the collections the person sees."""

from typing import Any

from django.utils.translation import gettext as _

from twin.analysis import registry
from twin.ogc import processes
from twin.ogc.collections import Collection
from twin.ogc.crs import OFFERED
from twin.ogc.selecting import LANGUAGES
from twin.ogc.tiling import SCHEMES

_URIS = [one.uri for one in OFFERED]
_JSON = {"application/json": {"schema": {"type": "object"}}}
_GEOJSON = {"application/geo+json": {"schema": {"type": "object"}}}
_FILE = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
_PROBLEM = {"$ref": "#/components/responses/problem"}
_TILE = {"application/vnd.mapbox-vector-tile": {"schema": {"type": "string", "format": "binary"}}}


def definition(address: str, collections: list[Collection]) -> dict[str, Any]:
    """address: of the landing page."""
    return {
        "openapi": "3.0.3",
        "info": {"title": _("Data of the district and its municipalities"), "version": "1.0.0"},
        "servers": [{"url": address.rstrip("/")}],
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {
                "problem": _answer(_("Problem"), {"application/problem+json": {"schema": {"type": "object"}}})
            },
        },
        "security": [{}, {"token": []}],
        "paths": _paths([one.id for one in collections]),
    }


def _paths(ids: list[str]) -> dict[str, Any]:
    one = _parameter("collectionId", where="path", schema={"type": "string", "enum": ids})
    feature = _parameter("featureId", where="path")
    tile = [
        _parameter(name, where="path", schema={"type": "integer"})
        for name in ("tileMatrix", "tileRow", "tileCol")
    ]
    collection = "/collections/{collectionId}"
    matrices = _parameter("tileMatrixSetId", where="path", schema={"type": "string", "enum": list(SCHEMES)})
    tileset = f"{collection}/tiles/{{tileMatrixSetId}}"
    scheme = "/tileMatrixSets"
    catalogue = "/collections/katalog"
    crs = _parameter("crs", schema={"type": "string", "format": "uri", "enum": _URIS})
    return {
        "/": _get("landing", _("Landing page")),
        "/conformance": _get("conformance", _("Conformance classes")),
        "/api": _get("api", _("Definition of the interface"), formats=("json", "html", "plain")),
        "/collections": _get("collections", _("All collections"), *_paged(1_000, 1_000)),
        catalogue: _get("catalogue", _("Data catalogue")),
        f"{catalogue}/items": _get("records", _("Catalogue entries"), *_searching(), content=_GEOJSON),
        f"{catalogue}/items/{{recordId}}": _get(
            "record", _("One record"), _parameter("recordId", where="path"), content=_GEOJSON
        ),
        collection: _get("collection", _("One collection"), one),
        f"{collection}/queryables": _get("queryables", _("What can be asked for"), one),
        f"{collection}/items": _get("items", _("Features"), one, crs, *_selecting(), content=_GEOJSON),
        f"{collection}/items/{{featureId}}": _get(
            "item", _("One feature"), one, feature, crs, content=_GEOJSON
        ),
        f"{collection}/style.json": _get("style", _("Style"), one, formats=("json",)),
        f"{collection}/tiles": _get("tilesets", _("Map tiles"), one),
        tileset: _get(
            "tileset", _("Description of the map tiles"), one, matrices, formats=("json", "html", "tilejson")
        ),
        f"{tileset}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": _get(
            "tile", _("One map tile"), one, matrices, *tile, formats=("mvt",), content=_TILE
        ),
        scheme: _get("tileMatrixSets", _("Tiling schemes")),
        f"{scheme}/{{tileMatrixSetId}}": _get("tileMatrixSet", _("Tiling scheme"), matrices),
        **_processing(),
    }


def _processing() -> dict[str, Any]:
    known = {"type": "string", "enum": list(registry.use_cases())}
    process, job = _parameter("processId", where="path", schema=known), _parameter("jobId", where="path")
    output = _parameter("outputId", where="path")
    states = {"type": "string", "enum": list(processes.STATUS.values())}
    json = ("json",)
    one, running = "/processes/{processId}", "/jobs/{jobId}"
    listing = [
        *_paged(10, 1_000),
        _listed("type"),
        _listed("processID"),
        {**_listed("status"), "schema": {"type": "array", "items": states}},
        _parameter("datetime", description=_("A moment, or first/last")),
        *(
            _parameter(name, schema={"type": "integer", "minimum": 0})
            for name in ("minDuration", "maxDuration")
        ),
    ]
    job_of = _get("job", _("State of an analysis"), job, formats=json)
    return {
        "/processes": _get("processes", _("Use cases"), *_paged(1_000, 1_000), formats=json),
        one: _get("process", _("Use case"), process, formats=json),
        f"{one}/execution": {"post": _executing(process)},
        "/jobs": _get("jobs", _("Analyses"), *listing, formats=json),
        running: job_of | {"delete": _dismissing(job)},
        f"{running}/results": _get("results", _("Result"), job, formats=json, content={**_JSON, **_FILE}),
        f"{running}/results/{{outputId}}": _get("result", _("A file of the result"), job, output, formats=json, content=_FILE),
    }  # fmt: skip


def _executing(process: dict[str, Any]) -> dict[str, Any]:
    transmission = {"type": "string", "enum": ["value", "reference"], "default": "value"}
    output = {
        "type": "object",
        "properties": {"format": {"type": "object"}, "transmissionMode": transmission},
    }
    wanted = {"type": "string", "enum": ["raw", "document"], "default": "raw"}
    asked = {"inputs": {"type": "object"}, "outputs": {"type": "object", "additionalProperties": output}, "response": wanted}  # fmt: skip
    request = {"type": "object", "required": ["inputs"], "properties": asked}
    return {
        "operationId": "execute",
        "summary": _("Compute"),
        "parameters": [process],
        "security": [{"token": []}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": request}}},
        "responses": {"201": _answer(_("State of an analysis"), _JSON), "default": _PROBLEM},
    }


def _dismissing(job: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": "dismiss",
        "summary": _("Cancel or delete an analysis"),
        "parameters": [job],
        "security": [{"token": []}],
        "responses": {"200": _answer(_("State of an analysis"), _JSON), "default": _PROBLEM},
    }


def _paged(default: int, most: int) -> list[dict[str, Any]]:
    number = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    return [
        _parameter("limit", schema=number),
        _parameter("after", description=_("From the link to the next page")),
    ]


def _listed(name: str, kind: str = "string", **limits: int) -> dict[str, Any]:
    schema = {"type": "array", "items": {"type": kind}, **limits}
    return {**_parameter(name, schema=schema), "style": "form", "explode": False}


def _searching() -> list[dict[str, Any]]:
    """What records are searched by."""
    return [
        *_paged(10, 1_000),
        *(_listed(name) for name in ("q", "type", "ids", "externalIds")),
        _listed("bbox", "number", minItems=4, maxItems=6),
        _parameter("datetime", description=_("A moment, or first/last")),
    ]


def _selecting() -> list[dict[str, Any]]:
    system = {"type": "string", "format": "uri", "enum": _URIS}
    return [
        *_paged(100, 10_000),
        _listed("bbox", "number", minItems=4, maxItems=6),
        _parameter("bbox-crs", schema=system),
        _parameter("datetime", description=_("A moment, or first/last")),
        _parameter("filter", description="CQL2"),
        _parameter(
            "filter-lang", schema={"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]}
        ),
        _parameter("filter-crs", schema=system),
        {
            "name": "attributes",
            "in": "query",
            "description": _("Attributes of the collection with the value they must have"),
            "schema": {"type": "object", "additionalProperties": {"type": "string"}},
            "style": "form",
            "explode": True,
        },
    ]


def _parameter(
    name: str, *, where: str = "query", schema: dict[str, Any] | None = None, description: str = ""
) -> dict[str, Any]:
    found = {"name": name, "in": where, "required": where == "path", "schema": schema or {"type": "string"}}
    return {**found, "description": description} if description else found


def _get(
    name: str,
    summary: str,
    *parameters: dict[str, Any],
    formats: tuple[str, ...] = ("json", "html"),
    content: dict[str, Any] = _JSON,
) -> dict[str, Any]:
    asked = [*parameters, _parameter("f", schema={"type": "string", "enum": list(formats)})]
    found = {**content, "text/html": {"schema": {"type": "string"}}} if "html" in formats else content
    responses = {"200": _answer(summary, found), "default": _PROBLEM}
    return {"get": {"operationId": name, "summary": summary, "parameters": asked, "responses": responses}}


def _answer(description: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": content}
