"""Map tiles of a collection, and the schemes they follow: WebMercatorQuad of OGC 17-083r4, and that of the German surveying
authorities (AdV) for ETRS89/UTM zone 33N, in which the county's maps are true to scale.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from twin.ogc.collections import Collection

DEEPEST = 22
LAYER = "features"  # name of the one layer in every tile
_PIXEL = 0.00028  # metres, by which the standard counts scales
_PIXELS = 256
MOST = 20_000  # features in a tile
LOOKED_AT = 10  # times as many are looked at for these: the world's tile of a dataset of millions may not sort them all


@dataclass(frozen=True)
class Scheme:
    """A tile matrix set whose levels halve. corner: upper left; width: of the one tile at level 0, metres; column: of a source."""

    id: str
    title: str
    uri: str
    crs: str
    srid: int
    corner: tuple[float, float]
    width: float
    column: str
    scale_set: str = ""

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        left, top = self.corner
        return left, top - self.width, left + self.width, top

    def matrix(self, zoom: int) -> dict[str, Any]:
        cell = self.width / _PIXELS / 2**zoom
        return {
            "id": str(zoom),
            "scaleDenominator": cell / _PIXEL,
            "cellSize": cell,
            "pointOfOrigin": list(self.corner),
            "tileWidth": _PIXELS,
            "tileHeight": _PIXELS,
            "matrixWidth": 2**zoom,
            "matrixHeight": 2**zoom,
        }

    def document(self) -> dict[str, Any]:
        """As OGC 17-083r4 writes it down."""
        known = {"wellKnownScaleSet": self.scale_set} if self.scale_set else {}
        return {
            "id": self.id,
            "title": self.title,
            "uri": self.uri,
            "crs": self.crs,
            "orderedAxes": ["X", "Y"] if self.scale_set else ["E", "N"],
            **known,
            "tileMatrices": [self.matrix(zoom) for zoom in range(DEEPEST + 1)],
        }


_HALF = 20_037_508.342789244  # metres from the middle of the web's map to its edge
MERCATOR = Scheme(
    id="WebMercatorQuad",
    title="Google Maps Compatible for the World",
    uri="http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
    crs="http://www.opengis.net/def/crs/EPSG/0/3857",
    srid=3857,
    corner=(-_HALF, _HALF),
    width=2 * _HALF,
    column="geometry_3857",
    scale_set="http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
)
ADV = Scheme(  # corner and scales as basemap.de's WMTS has them (DE_EPSG_25833_ADV)
    id="AdV_25833",
    title="AdV, ETRS89/UTM 33N",
    uri="",
    crs="http://www.opengis.net/def/crs/EPSG/0/25833",
    srid=25833,
    corner=(-464_849.38, 6_310_160.14),
    width=4891.96981025127 * _PIXELS,
    column="geometry",
)
SCHEMES = {scheme.id: scheme for scheme in (MERCATOR, ADV)}


@dataclass(frozen=True)
class Place:
    zoom: int
    row: int
    column: int


def place(zoom: str, *, row: str, column: str) -> Place | None:
    """The place of a tile as its address names it, None where the scheme has none."""
    numbers = [
        int(text) for text in (zoom, row, column) if text.isascii() and text.isdecimal() and len(text) < 9
    ]
    if len(numbers) < 3 or numbers[0] > DEEPEST or max(numbers[1:]) >= 2 ** numbers[0]:
        return None
    return Place(*numbers)


def tile(collection: Collection, place: Place, *, scheme: Scheme) -> bytes:
    """The tile as Mapbox Vector Tile; empty where nothing lies. A full one leaves out here and there: no part of it looks empty."""
    source = collection.source
    envelope = "ST_TileEnvelope(%s, %s, %s, ST_MakeEnvelope(%s, %s, %s, %s, %s), margin => {})"
    query = f"""
        WITH bounds AS MATERIALIZED (SELECT {envelope.format(0)} AS tile, {envelope.format(0.015625)} AS around)
        SELECT ST_AsMVT(t, '{LAYER}', 4096, 'shape', 'id') FROM (SELECT * FROM (
            SELECT id, key AS _id, ST_AsMVTGeom(place, (SELECT tile FROM bounds), 4096, 64) AS shape, properties FROM (SELECT * FROM (
                SELECT f.id, f.key, f.{scheme.column} AS place, f.properties
                FROM {source.table} WHERE {source.condition} AND f.{scheme.column} && (SELECT around FROM bounds)
                LIMIT {LOOKED_AT * MOST}
            ) found ORDER BY hashint8(id) OFFSET 0) mixed OFFSET 0
        ) drawn WHERE shape IS NOT NULL LIMIT {MOST}) t"""  # noqa: S608 - our own names
    numbers = (place.zoom, place.column, place.row, *scheme.bounds, scheme.srid)
    with connection.cursor() as cursor:
        cursor.execute(query, [*numbers, *numbers, *source.parameters])
        (found,) = cursor.fetchone() or (b"",)
    return bytes(found or b"")
