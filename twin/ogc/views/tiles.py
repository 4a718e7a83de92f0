"""Map tiles, what is said of them, and a style for them."""

from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from twin.ogc import collections, documents, tiling
from twin.ogc.collections import Collection
from twin.ogc.endpoint import HTML, JSON, Endpoint, Links, link
from twin.ogc.styling import style


class TileEndpoint(Endpoint):
    def found(self, collection_id: str) -> Collection:
        """The collection, if it has places at all."""
        found = collections.find(collection_id, self.request.user)
        if not found.geometry_type:
            raise Http404
        return found

    def template(self, found: Collection, order: str) -> str:
        return f"{self.at('tileset', found.id)}/{order}"

    def tileset(self, found: Collection, links: Links) -> dict[str, Any]:
        return {
            "title": found.title,
            "dataType": "vector",
            "crs": tiling.CRS_URI,
            "tileMatrixSetURI": tiling.SET_URI,
            "links": [
                *links,
                link(self.at("tilematrixset"), f"{documents.OGC}tiling-scheme", JSON),
                link(self.at("collection", found.id), f"{documents.OGC}geodata", JSON),
                {
                    **link(
                        self.template(found, "{tileMatrix}/{tileRow}/{tileCol}") + "?f=mvt",
                        "item",
                        documents.MVT,
                    ),
                    "templated": "true",
                },
            ],
        }


class Tilesets(TileEndpoint):
    template_name = "ogc/tiles.html"

    def as_json(self, collection_id: str) -> Any:
        found = self.found(collection_id)
        own = link(self.at("tileset", found.id), "self", JSON)
        return {"links": self.own_links(), "tilesets": [self.tileset(found, [own])]}

    def as_html(self, collection_id: str) -> HttpResponse:
        return _tile_page(self, self.found(collection_id))


class Tileset(TileEndpoint):
    """Metadata of the one tileset; as TileJSON 3.0, too, which map libraries read."""

    formats: ClassVar[dict[str, str]] = {
        "json": JSON,
        "html": HTML,
        "tilejson": "application/vnd.mapbox.tilejson+json",
    }
    template_name = "ogc/tiles.html"

    def as_json(self, collection_id: str) -> Any:
        found = self.found(collection_id)
        bounds = {"boundingBox": _corners(found)} if found.bbox else {}
        layer = {
            "id": tiling.LAYER,
            "dataType": "vector",
            "propertiesSchema": documents.queryables(found, ""),
        }
        return {**self.tileset(found, self.own_links()), **bounds, "layers": [layer]}

    def as_tilejson(self, collection_id: str) -> Any:
        found = self.found(collection_id)
        fields = {one["name"]: one.get("label") or one["name"] for one in found.fields}
        return {
            "tilejson": "3.0.0",
            "name": found.title,
            "attribution": found.publisher,
            "tiles": [self.template(found, "{z}/{y}/{x}")],
            "vector_layers": [{"id": tiling.LAYER, "fields": fields}],
            "minzoom": 0,
            "maxzoom": tiling.DEEPEST,
            **({"bounds": list(found.bbox)} if found.bbox else {}),
        }

    def as_html(self, collection_id: str) -> HttpResponse:
        return _tile_page(self, self.found(collection_id))


class Tile(TileEndpoint):
    formats: ClassVar[dict[str, str]] = {"mvt": documents.MVT}

    def as_mvt(self, collection_id: str, zoom: str, row: str, column: str) -> HttpResponse:
        found = self.found(collection_id)
        place = tiling.place(zoom, row=row, column=column)
        if place is None:
            raise Http404
        return self.unchanged(found, lambda: self._answer(found, place))

    def _answer(self, found: Collection, place: tiling.Place) -> HttpResponse:
        content = tiling.tile(found, place)
        return self.document(content) if content else HttpResponse(status=204, content_type=documents.MVT)


class StyleSheet(TileEndpoint):
    formats: ClassVar[dict[str, str]] = {"json": "application/vnd.mapbox.style+json"}

    def as_json(self, collection_id: str) -> Any:
        found = self.found(collection_id)
        return style(found, tiles=self.template(found, "{z}/{y}/{x}"))


class TileMatrixSets(Endpoint):
    template_name = "ogc/tilematrixset.html"

    def as_json(self) -> Any:
        own = link(self.at("tilematrixset"), "self", JSON)
        listed = {"id": tiling.SET, "uri": tiling.SET_URI, "crs": tiling.CRS_URI, "links": [own]}
        return {"links": self.own_links(), "tileMatrixSets": [listed]}

    def as_html(self) -> HttpResponse:
        return _scheme_page(self)


class TileMatrixSet(Endpoint):
    template_name = "ogc/tilematrixset.html"

    def as_json(self) -> Any:
        return self.document(tiling.tile_matrix_set(), cache="public, max-age=3600")

    def as_html(self) -> HttpResponse:
        return _scheme_page(self)


def _tile_page(endpoint: TileEndpoint, found: Collection) -> HttpResponse:
    return endpoint.page(
        collection=found,
        template=endpoint.template(found, "{z}/{y}/{x}"),
        tilejson=endpoint.at("tileset", found.id) + "?f=tilejson",
        style=endpoint.at("style", found.id),
    )


def _scheme_page(endpoint: Endpoint) -> HttpResponse:
    return endpoint.page(
        matrices=tiling.tile_matrix_set()["tileMatrices"], name=tiling.SET, title=_("Tiling scheme")
    )


def _corners(found: Collection) -> dict[str, Any]:
    west, south, east, north = found.bbox or (0, 0, 0, 0)
    return {
        "lowerLeft": [west, south],
        "upperRight": [east, north],
        "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    }
