"""Map tiles, decoded by GDAL: what lies in a tile lies in it with its attributes."""

import math
from typing import Any

import pyogrio
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.catalogue import arrival, deliver, make_dataset, square
from tests.factories.planning import make_plan
from tests.twin.ogc.conftest import TREES, Ask, Town
from twin.ogc import tiling

pytestmark = pytest.mark.django_db
TILES = f"{TREES}/tiles/WebMercatorQuad"
UTM_TILES = f"{TREES}/tiles/AdV_25833"
LONGITUDE, LATITUDE = 13.3557, 51.1519  # in the first square
EASTING, NORTHING = 385_000.5, 5_668_000.5  # the same place in EPSG:25833


def utm_tile_at(zoom: int) -> str:
    """row/column in the scheme of the surveying authorities: tiles of 1,252,344 m at level 0 from its published corner."""
    side = 1_252_344.27142433 / 2**zoom
    return f"{zoom}/{int((6_310_160.14 - NORTHING) // side)}/{int((EASTING + 464_849.38) // side)}"


def tile_at(zoom: int) -> str:
    """row/column of the tile that holds the first square."""
    column = math.floor((LONGITUDE + 180) / 360 * 2**zoom)
    row = math.floor((1 - math.asinh(math.tan(math.radians(LATITUDE))) / math.pi) / 2 * 2**zoom)
    return f"{zoom}/{row}/{column}"


def content(body: bytes) -> list[dict[str, Any]]:
    """Attributes of the features in a tile."""
    meta, _fids, _shapes, columns = pyogrio.raw.read(body, layer="features", datetime_as_string=True)
    return [dict(zip(meta["fields"], row, strict=True)) for row in zip(*columns, strict=True)]


@pytest.mark.parametrize(("zoom", "count"), [(0, 0), (14, 7), (19, 1)])
def test_tile_holds_what_lies_in_it(town: Town, client: Client, zoom: int, count: int) -> None:
    response = client.get(f"{TILES}/{tile_at(zoom)}")
    if not count:
        assert (response.status_code, response.content) == (204, b"")
        return
    assert response["Content-Type"] == "application/vnd.mapbox-vector-tile"
    found = sorted(content(response.content), key=lambda one: one["nummer"])
    assert [one["nummer"] for one in found] == list(range(len(found)))
    assert len(found) == count
    assert (found[0]["name"], found[0]["_id"]) == ("Bäume 0", "0")


def test_full_tile_leaves_out_here_and_there(town: Town, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    make_dataset(town.tenant, public=True, features=60, slug="viele")
    monkeypatch.setattr(tiling, "MOST", 20)
    response = client.get(f"/ogc/collections/stadt.viele/tiles/AdV_25833/{utm_tile_at(9)}")
    found = {one["nummer"] for one in content(response.content)}
    assert len(found) == 20
    assert min(found) < 20 < 40 <= max(found)  # of a row from west to east
    monkeypatch.setattr(tiling, "MOST", 60)
    response = client.get(f"/ogc/collections/stadt.viele/tiles/AdV_25833/{utm_tile_at(9)}")
    assert len(content(response.content)) == 60


@pytest.mark.parametrize("path", ["WebMercatorQuad/" + tile_at(14), "AdV_25833/" + utm_tile_at(12)])
def test_what_lies_in_a_tile_is_found_by_index(town: Town, client: Client, path: str) -> None:
    make_dataset(town.tenant, features=1_500, slug="viele")  # of a few rows any index would do
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{TREES}/tiles/{path}")
    (drawn,) = [one["sql"] for one in queries if "ST_AsMVT(" in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {drawn}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "feature_tile" in plan
    assert "geometry_3857 &&" in plan.partition("Index Cond")[2].partition("\n")[0]


def test_tile_where_nothing_lies_is_empty(town: Town, client: Client) -> None:
    response = client.get(f"{TILES}/14/0/0")
    assert (response.status_code, response.content) == (204, b"")
    assert response["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(
    "place", ["1/2/0", "1/0/2", "23/0/0", "x/0/0", "0/0/-1", "0/0/0.5", "99999999999/0/0", "0/0/٠"]
)
def test_tile_outside_of_the_scheme_is_not_there(town: Town, ask: Ask, place: str) -> None:
    assert ask(f"{TILES}/{place}", status=404)["status"] == 404


def test_tile_changes_with_the_data(town: Town, client: Client) -> None:
    path = f"{TILES}/{tile_at(16)}"
    first = client.get(path)
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    deliver(town.trees, arrival("1", {"name": "neu", "nummer": 1}, square()))
    second = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert [one["name"] for one in content(second.content)] == ["neu"]


def test_plans_have_tiles(town: Town, client: Client) -> None:
    plan = make_plan(town.tenant, public=True, objects=1)
    make_plan(town.tenant, public=False, objects=1)
    response = client.get(f"/ogc/collections/plaene/tiles/WebMercatorQuad/{tile_at(12)}")
    assert [one["name"] for one in content(response.content)] == [plan.name]


def test_the_scheme_of_the_surveying_authorities_holds_the_same(town: Town, client: Client) -> None:
    found = content(client.get(f"{UTM_TILES}/{utm_tile_at(12)}").content)
    assert sorted(one["nummer"] for one in found) == sorted(
        one["nummer"] for one in content(client.get(f"{TILES}/{tile_at(14)}").content)
    )
    assert client.get(f"{UTM_TILES}/12/0/0").status_code == 204


def test_unknown_scheme_is_not_there(town: Town, ask: Ask) -> None:
    for path in (f"{TREES}/tiles/Anders", f"{TREES}/tiles/Anders/0/0/0", "/ogc/tileMatrixSets/Anders"):
        assert ask(path, status=404)["status"] == 404
    assert ask(f"{UTM_TILES}?f=tilejson", status=404)["status"] == 404


def test_scales_are_those_of_the_published_scheme(ask: Ask) -> None:
    found = ask("/ogc/tileMatrixSets/AdV_25833")
    assert found["crs"] == "http://www.opengis.net/def/crs/EPSG/0/25833"
    assert found["tileMatrices"][0]["scaleDenominator"] == pytest.approx(17_471_320.7508974)
    assert found["tileMatrices"][14]["cellSize"] == pytest.approx(0.298582141738969)
    assert found["tileMatrices"][3]["pointOfOrigin"] == [-464_849.38, 6_310_160.14]


def test_tileset_is_described_and_addresses_a_tile(town: Town, ask: Ask, client: Client) -> None:
    listed, utm = ask(f"{TREES}/tiles")["tilesets"]
    assert (utm["crs"], "tileMatrixSetURI" in utm) == ("http://www.opengis.net/def/crs/EPSG/0/25833", False)
    found = ask(next(one["href"] for one in listed["links"] if one["rel"] == "self"))
    assert found["tileMatrixSetURI"] == "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
    assert found["layers"][0]["propertiesSchema"]["properties"]["nummer"]["type"] == "integer"
    (template,) = [one["href"] for one in found["links"] if one["rel"] == "item"]
    address = template.replace("{tileMatrix}/{tileRow}/{tileCol}", tile_at(16))
    assert client.get(address).status_code == 200
    scheme = ask(next(one["href"] for one in found["links"] if one["rel"].endswith("tiling-scheme")))
    assert [one["matrixWidth"] for one in scheme["tileMatrices"][:4]] == [1, 2, 4, 8]


def test_tilejson_and_style_lead_to_tiles(town: Town, ask: Ask, client: Client) -> None:
    tilejson = ask(f"{TILES}?f=tilejson")
    assert tilejson["vector_layers"] == [{"id": "features", "fields": {"name": "name", "nummer": "nummer"}}]
    style = ask(f"{TREES}/style.json")
    assert style["version"] == 8
    assert [(one["type"], one["source-layer"]) for one in style["layers"]] == [
        ("fill", "features"),
        ("line", "features"),
    ]
    zoom, row, column = tile_at(16).split("/")
    for template in (tilejson["tiles"][0], style["sources"]["data"]["tiles"][0]):
        address = template.replace("{z}", zoom).replace("{y}", row).replace("{x}", column)
        assert client.get(address).status_code == 200


def test_style_of_the_dataset_is_kept(town: Town, ask: Ask) -> None:
    layers = [{"id": "bäume", "type": "circle", "paint": {"circle-color": "#00ff00"}}]
    make_dataset(town.tenant, public=True, slug="bunt", style={"layers": layers})
    (found,) = ask("/ogc/collections/stadt.bunt/style.json")["layers"]
    assert found == {**layers[0], "source": "data", "source-layer": "features"}
