"""Map tiles of a collection, and the scheme they follow (WebMercatorQuad of OGC 17-083r4)."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from twin.ogc.collections import Collection

DEEPEST = 22
LAYER = "features"  # name of the one layer in every tile
_WORLD = 20_037_508.342789244  # metres from the middle of the map to its edge
_SCALE = 559_082_264.028717  # denominator at zoom level 0, pixels of 0.28 mm
_PIXELS = 256
_MOST = 20_000  # features in a tile
SET = "WebMercatorQuad"
SET_URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
CRS_URI = "http://www.opengis.net/def/crs/EPSG/0/3857"


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


def tile(collection: Collection, place: Place) -> bytes:
    """The tile as Mapbox Vector Tile; empty where nothing lies."""
    source = collection.source
    query = f"""
        WITH bounds AS MATERIALIZED (SELECT ST_TileEnvelope(%s, %s, %s) AS tile, ST_TileEnvelope(%s, %s, %s, margin => 0.015625) AS around)
        SELECT ST_AsMVT(t, '{LAYER}', 4096, 'shape', 'id') FROM (
            SELECT f.id, f.key AS _id, ST_AsMVTGeom(f.geometry_3857, (SELECT tile FROM bounds), 4096, 64) AS shape, f.properties
            FROM {source.table} WHERE {source.condition} AND f.geometry_3857 && (SELECT around FROM bounds) LIMIT {_MOST}
        ) t WHERE shape IS NOT NULL"""  # noqa: S608 - our own names
    numbers = (place.zoom, place.column, place.row)
    with connection.cursor() as cursor:
        cursor.execute(query, [*numbers, *numbers, *source.parameters])
        (found,) = cursor.fetchone() or (b"",)
    return bytes(found or b"")


def tile_matrix_set() -> dict[str, Any]:
    return {
        "id": SET,
        "title": "Google Maps Compatible for the World",
        "uri": SET_URI,
        "crs": CRS_URI,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [_matrix(zoom) for zoom in range(DEEPEST + 1)],
    }


def _matrix(zoom: int) -> dict[str, Any]:
    return {
        "id": str(zoom),
        "scaleDenominator": _SCALE / 2**zoom,
        "cellSize": 2 * _WORLD / _PIXELS / 2**zoom,
        "pointOfOrigin": [-_WORLD, _WORLD],
        "tileWidth": _PIXELS,
        "tileHeight": _PIXELS,
        "matrixWidth": 2**zoom,
        "matrixHeight": 2**zoom,
    }
