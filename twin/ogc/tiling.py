"""Map tiles of a collection, and the schemes they follow: WebMercatorQuad of OGC 17-083r4, and that of the German surveying
authorities (AdV) for ETRS89/UTM zone 33N, in which the county's maps are true to scale.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from twin.ogc.collections import TILE, Collection, Source
from twin.ogc.crs import Box, around_box

DEEPEST = 22
LAYER = "features"  # name of the one layer in every tile
_PIXEL = 0.00028  # metres, by which the standard counts scales
_PIXELS = 256
_UNITS, _MARGIN = 4096, 64  # of a tile's side, within it and beyond each edge
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

    def extent(self, place: "Place") -> Box:
        left, top = self.corner
        side = self.width / 2**place.zoom
        west, north = left + place.column * side, top - place.row * side
        return west, north - side, west + side, north

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
    count, found = _drawn(collection, place, scheme=scheme)
    if count > MOST:
        _count, found = _drawn(collection, place, scheme=scheme, mixed=True)
    return found


def _drawn(collection: Collection, place: Place, *, scheme: Scheme, mixed: bool = False) -> tuple[int, bytes]:
    """How many lie there, as far as one counts, and the tile if they are not too many. mixed: some of too many."""
    count, most = "(SELECT count(*) FROM found)", MOST + 1
    rows = f"SELECT * FROM found WHERE {count} <= {MOST}"  # noqa: S608 - our own names
    if mixed:
        count, most, rows = "0", LOOKED_AT * MOST, "SELECT * FROM found ORDER BY hashint8(id)"
    source = collection.source
    extent = scheme.extent(place)
    near, corners = _near(source, scheme, extent)
    query = f"""
        WITH found AS (
            SELECT f.id, f.key, f.{scheme.column} AS place, f.properties FROM {source.table}
            WHERE {source.condition} AND {near} LIMIT {most}
        ) SELECT {count}, ST_AsMVT(t, '{LAYER}', {_UNITS}, 'shape', 'id') FROM (SELECT * FROM (
            SELECT id, key AS _id, properties,
                ST_AsMVTGeom(place, ST_MakeEnvelope(%s, %s, %s, %s, {scheme.srid}), {_UNITS}, {_MARGIN}) AS shape
            FROM ({rows} OFFSET 0) chosen OFFSET 0
        ) drawn WHERE shape IS NOT NULL LIMIT {MOST}) t"""  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.execute(query, [*source.parameters, *corners, *extent])
        found, content = cursor.fetchone() or (0, b"")
    return found, bytes(content or b"")


def _near(source: Source, scheme: Scheme, extent: Box) -> tuple[str, tuple[float, ...]]:
    """SQL of what lies in a tile or a little beside it, and its parameters. The index is one of places in Web Mercator."""
    west, south, east, north = extent
    more = (east - west) * _MARGIN / _UNITS
    corners = (west - more, south - more, east + more, north + more)
    box = "f.{} && ST_MakeEnvelope(%s, %s, %s, %s, {})".format
    found = box(scheme.column, scheme.srid)
    if scheme.column == TILE or not source.has_mercator:
        return found, corners
    return f"{box(TILE, MERCATOR.srid)} AND {found}", (*around_box(corners), *corners)
