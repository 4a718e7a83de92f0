"""Map tiles, what is said of them, and a style for them."""

from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from twin.ogc import collections, documents, tiling
from twin.ogc.collections import Collection
from twin.ogc.endpoint import HTML, JSON, Endpoint, Links, link
from twin.ogc.styling import style
from twin.ogc.tiling import Scheme


class TileEndpoint(Endpoint):
    def found(self, collection_id: str) -> Collection:
        """The collection, if it has places at all."""
        found = collections.find(collection_id, self.request.user)
        if not found.geometry_type:
            raise Http404
        return found

    def template(self, found: Collection, order: str, scheme: Scheme = tiling.MERCATOR) -> str:
        return f"{self.at('tileset', found.id, scheme.id)}/{order}"

    def tileset(self, found: Collection, scheme: Scheme, links: Links) -> dict[str, Any]:
        named = {"tileMatrixSetURI": scheme.uri} if scheme.uri else {}
        return {
            "title": found.title,
            "dataType": "vector",
            "crs": scheme.crs,
            **named,
            "links": [
                *links,
                link(self.at("tilematrixset", scheme.id), f"{documents.OGC}tiling-scheme", JSON),
                link(self.at("collection", found.id), f"{documents.OGC}geodata", JSON),
                {
                    **link(
                        self.template(found, "{tileMatrix}/{tileRow}/{tileCol}", scheme) + "?f=mvt",
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
        sets = [
            self.tileset(found, scheme, [link(self.at("tileset", found.id, scheme.id), "self", JSON)])
            for scheme in tiling.SCHEMES.values()
        ]
        return {"links": self.own_links(), "tilesets": sets}

    def as_html(self, collection_id: str) -> HttpResponse:
        return _tile_page(self, self.found(collection_id))


class Tileset(TileEndpoint):
    """Metadata of a tileset; in Web Mercator as TileJSON 3.0, too, which map libraries read."""

    formats: ClassVar[dict[str, str]] = {
        "json": JSON,
        "html": HTML,
        "tilejson": "application/vnd.mapbox.tilejson+json",
    }
    template_name = "ogc/tiles.html"

    def as_json(self, collection_id: str, scheme_id: str) -> Any:
        found, scheme = self.found(collection_id), scheme_of(scheme_id)
        bounds = {"boundingBox": _corners(found)} if found.bbox else {}
        layer = {
            "id": tiling.LAYER,
            "dataType": "vector",
            "propertiesSchema": documents.queryables(found, ""),
        }
        return {**self.tileset(found, scheme, self.own_links()), **bounds, "layers": [layer]}

    def as_tilejson(self, collection_id: str, scheme_id: str) -> Any:
        if scheme_of(scheme_id) != tiling.MERCATOR:
            raise Http404  # TileJSON knows no other
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

    def as_html(self, collection_id: str, scheme_id: str) -> HttpResponse:
        return _tile_page(self, self.found(collection_id), scheme_of(scheme_id))


class Tile(TileEndpoint):
    formats: ClassVar[dict[str, str]] = {"mvt": documents.MVT}

    def as_mvt(self, collection_id: str, scheme_id: str, zoom: str, row: str, column: str) -> HttpResponse:
        found, scheme = self.found(collection_id), scheme_of(scheme_id)
        place = tiling.place(zoom, row=row, column=column)
        if place is None:
            raise Http404
        return self.unchanged(found, lambda: self._answer(found, place, scheme))

    def _answer(self, found: Collection, place: tiling.Place, scheme: Scheme) -> HttpResponse:
        content = tiling.tile(found, place, scheme=scheme)
        return self.document(content) if content else HttpResponse(status=204, content_type=documents.MVT)


class StyleSheet(TileEndpoint):
    formats: ClassVar[dict[str, str]] = {"json": "application/vnd.mapbox.style+json"}

    def as_json(self, collection_id: str) -> Any:
        found = self.found(collection_id)
        return style(found, tiles=self.template(found, "{z}/{y}/{x}"))


class TileMatrixSets(Endpoint):
    template_name = "ogc/tilematrixset.html"

    def as_json(self) -> Any:
        listed = [
            {
                "id": scheme.id,
                "title": scheme.title,
                **({"uri": scheme.uri} if scheme.uri else {}),
                "crs": scheme.crs,
                "links": [link(self.at("tilematrixset", scheme.id), "self", JSON)],
            }
            for scheme in tiling.SCHEMES.values()
        ]
        return {"links": self.own_links(), "tileMatrixSets": listed}

    def as_html(self) -> HttpResponse:
        return self.page(schemes=tiling.SCHEMES.values(), title=_("Tiling schemes"))


class TileMatrixSet(Endpoint):
    template_name = "ogc/tilematrixset.html"

    def as_json(self, scheme_id: str) -> Any:
        return self.document(scheme_of(scheme_id).document(), cache="public, max-age=3600")

    def as_html(self, scheme_id: str) -> HttpResponse:
        return self.page(schemes=[scheme_of(scheme_id)], title=_("Tiling scheme"))


def scheme_of(scheme_id: str) -> Scheme:
    if scheme_id not in tiling.SCHEMES:
        raise Http404
    return tiling.SCHEMES[scheme_id]


def _tile_page(endpoint: TileEndpoint, found: Collection, scheme: Scheme = tiling.MERCATOR) -> HttpResponse:
    return endpoint.page(
        collection=found,
        template=endpoint.template(found, "{z}/{y}/{x}", scheme),
        tilejson=endpoint.at("tileset", found.id, tiling.MERCATOR.id) + "?f=tilejson",
        style=endpoint.at("style", found.id),
    )


def _corners(found: Collection) -> dict[str, Any]:
    west, south, east, north = found.bbox or (0, 0, 0, 0)
    return {
        "lowerLeft": [west, south],
        "upperRight": [east, north],
        "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    }
