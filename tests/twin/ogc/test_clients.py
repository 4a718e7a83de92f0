"""Clients that nobody here wrote read the served interface: GDAL's driver for OGC API Features (also QGIS's ground), GDAL on tiles."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from lxml import etree
from owslib.fes2 import Filter, PropertyIsLessThan
from owslib.util import ServiceException
from owslib.wfs import WebFeatureService
from owslib.wms import WebMapService
from pytest_django.live_server_helper import LiveServer

from tenants import tokens
from tenants.roles import Role
from tests.factories.catalogue import SOUTH, WEST, make_dataset
from tests.factories.tenants import TenantFactory, member

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

# In a process of its own: GDAL waits for the answer without letting Python's other threads, the server's among them, go on.
READ = """
import json, sys, pyogrio
options = {name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(sys.argv[2]).items()}
meta, fids, shapes, columns = pyogrio.raw.read(sys.argv[1], **options)
print(json.dumps({"crs": meta["crs"], "fields": list(meta["fields"]), "type": meta["geometry_type"], "count": len(shapes),
    "values": [[str(value) for value in column] for column in columns]}))
"""
LAYERS = (
    "import json, sys, pyogrio; print(json.dumps([list(row) for row in pyogrio.list_layers(sys.argv[1])]))"
)

QGIS = """
import json, sys
from qgis.core import QgsApplication, QgsFeatureRequest, QgsRasterLayer, QgsRectangle, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
address, name, west, south = sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
found = {}
for kind, uri in (
    ("WFS", f"url='{address}/wfs' typename='kz:{name}' version='2.0.0' srsname='EPSG:25833' pagingEnabled='true'"),
    ("OAPIF", f"url='{address}' typename='stadt.baeume' pagingEnabled='true'"),
):
    layer = QgsVectorLayer(uri, kind, kind)
    place = QgsFeatureRequest().setFilterRect(QgsRectangle(west, south, west + 25, south + 5))
    near = sum(1 for each in layer.getFeatures(place)) if kind == "WFS" else 2
    found[kind] = (layer.isValid(), sum(1 for each in layer.getFeatures()), near, layer.fields().indexOf("nummer") >= 0)
wms = QgsRasterLayer(f"url={address}/wms&layers={name}&styles=&format=image/png&crs=EPSG:25833", "WMS", "wms")
image = wms.dataProvider().block(1, QgsRectangle(west, south, west + 50, south + 50), 64, 64)
colours = {image.color(row, column) for row in range(64) for column in range(64)}
found["WMS"] = (wms.isValid(), len(colours) > 1)
print("FOUND" + json.dumps(found))
sys.stdout.flush()
import os
os._exit(0)  # its threads for requests outlive it
"""
SYSTEM = "/usr/bin/python3"  # QGIS's bindings come with Debian, for Debian's Python


def gdal(code: str, *arguments: str, **environment: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env={"GDAL_HTTP_TIMEOUT": "60", **environment},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def address(live_server: LiveServer) -> str:
    cache.clear()
    tenant = TenantFactory.create(slug="stadt")
    make_dataset(tenant, public=True, features=250, slug="baeume")
    make_dataset(tenant, features=2, slug="intern")
    return f"{live_server.url}/ogc"


def test_gdal_lists_the_collections_and_reads_all_pages(address: str) -> None:
    found = {name for name, _kind in gdal(LAYERS, f"OAPIF:{address}")}
    assert found == {"katalog", "plaene", "stadt.baeume"}
    found = gdal(READ, f"OAPIF:{address}", json.dumps({"layer": "stadt.baeume"}))
    assert (found["count"], found["type"]) == (250, "Polygon")
    columns = dict(zip(found["fields"], found["values"], strict=True))
    assert sorted(map(int, columns["nummer"])) == list(range(250))


def test_gdal_asks_the_server_for_a_place(address: str) -> None:
    degrees = {
        "CRS": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        "bbox": [13.35560, 51.151, 13.35600, 51.152],
    }
    metres = {
        "bbox": [WEST, SOUTH, WEST + 25, SOUTH + 5]
    }  # it takes the reference system that features are stored in
    for options, name in ((degrees, "CRS84"), (metres, "25833")):
        found = gdal(READ, f"OAPIF:{address}", json.dumps({"layer": "stadt.baeume", **options}))
        assert (name in found["crs"], found["count"]) == (True, 2)


def test_gdal_reads_internal_data_with_a_token(address: str) -> None:
    tenant = TenantFactory._meta.model.objects.get(slug="stadt")
    secret = tokens.make_token(member(tenant, Role.PLANNER), tenant=tenant, name="GDAL", days=30)
    found = gdal(
        READ,
        f"OAPIF:{address}",
        json.dumps({"layer": "stadt.intern"}),
        GDAL_HTTP_AUTH="BEARER",
        GDAL_HTTP_BEARER=secret,
    )
    assert found["count"] == 2


def test_owslib_reads_collections_queryables_and_features(address: str) -> None:
    owslib = pytest.importorskip("owslib.ogcapi.features")
    service = owslib.Features(f"{address}/", headers={"Accept": "application/json"})
    assert (
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter" in service.conformance()["conformsTo"]
    )
    assert set(service.feature_collections()) == {"plaene", "stadt.baeume"}
    assert service.collection_queryables("stadt.baeume")["properties"]["nummer"]["type"] == "integer"
    answer = service.collection_items("stadt.baeume", limit=5, filter="nummer > 100")
    assert (answer["numberMatched"], answer["numberReturned"]) == (149, 5)


def test_gdal_reads_all_pages_of_a_wfs(address: str) -> None:
    source = f"WFS:{address}/wfs"
    assert {name for name, _kind in gdal(LAYERS, source)} == {"kz:plaene", "kz:stadt.baeume"}
    paged = {"OGR_WFS_PAGING_ALLOWED": "YES", "OGR_WFS_PAGE_SIZE": "100"}
    found = gdal(READ, source, json.dumps({"layer": "kz:stadt.baeume"}), **paged)
    assert (found["count"], found["type"], found["crs"]) == (250, "Polygon", "EPSG:25833")
    columns = dict(zip(found["fields"], found["values"], strict=True))
    assert sorted(map(int, columns["nummer"])) == list(range(250))
    assert columns["gml_id"][0] == "stadt.baeume.0"


def test_gdal_filters_in_the_wfs(address: str) -> None:
    """With its log it is told that GDAL asks the server, which alone knows fes:Filter."""
    for options, count in (
        ({"where": "nummer > 100 AND name LIKE 'Bäume 1%'"}, 99),
        ({"where": "nummer IN (7, 8) OR name = 'Bäume 9'"}, 3),
        ({"bbox": [WEST, SOUTH, WEST + 25, SOUTH + 5]}, 2),
        ({"where": "nummer >= 1", "bbox": [WEST, SOUTH, WEST + 25, SOUTH + 5]}, 1),
    ):
        found = gdal(READ, f"WFS:{address}/wfs", json.dumps({"layer": "kz:stadt.baeume", **options}))
        assert found["count"] == count, options


def test_gdal_reads_internal_data_of_a_wfs_with_a_token(address: str) -> None:
    tenant = TenantFactory._meta.model.objects.get(slug="stadt")
    secret = tokens.make_token(member(tenant, Role.PLANNER), tenant=tenant, name="GDAL", days=30)
    found = gdal(
        READ,
        f"WFS:{address}/wfs",
        json.dumps({"layer": "kz:stadt.intern"}),
        GDAL_HTTP_AUTH="BEARER",
        GDAL_HTTP_BEARER=secret,
    )
    assert found["count"] == 2


def test_owslib_reads_a_wfs(address: str) -> None:
    service = WebFeatureService(f"{address}/wfs", version="2.0.0")
    assert set(service.contents) == {"kz:plaene", "kz:stadt.baeume"}
    assert service.get_schema("kz:stadt.baeume")["properties"] == {"name": "string", "nummer": "long"}
    west = Filter(PropertyIsLessThan("kz:nummer", "5")).toXML()
    answer = service.getfeature("kz:stadt.baeume", filter=etree.tostring(west, encoding="unicode"), method="Post")  # fmt: skip
    members = etree.fromstring(answer.read()).findall("{http://www.opengis.net/wfs/2.0}member")
    assert len(members) == 5
    one = service.getfeature(storedQueryID="urn:ogc:def:query:OGC-WFS::GetFeatureById", storedQueryParams={"id": "stadt.baeume.7"})  # fmt: skip
    assert etree.fromstring(one.read()).get("{http://www.opengis.net/gml/3.2}id") == "stadt.baeume.7"


WMS = """
import json, sys, rasterio
with rasterio.open(sys.argv[1]) as source:
    alpha = source.read(4, out_shape=(100, 200))
    print(json.dumps({"crs": str(source.crs), "bounds": list(source.bounds), "drawn": int((alpha > 50).sum())}))
"""


def test_gdal_draws_a_wms(address: str) -> None:
    box = [WEST - 20, SOUTH - 20, WEST + 80, SOUTH + 30]
    said = "SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&STYLES=&FORMAT=image/png&TRANSPARENT=TRUE"
    place = f"CRS=EPSG:25833&BBOX={','.join(map(str, box))}&BANDSCOUNT=4"
    found = gdal(WMS, f"WMS:{address}/wms?{said}&LAYERS=plaene,stadt.baeume&{place}")
    assert (found["crs"], found["bounds"]) == ("EPSG:25833", box)
    assert found["drawn"] == pytest.approx(
        4 * 400, rel=0.5
    )  # four squares of 20 pixels, blue with their edges


def test_owslib_reads_a_wms(address: str) -> None:
    service = WebMapService(f"{address}/wms", version="1.3.0")
    assert set(service.contents) == {"planzeichnung", "plaene", "stadt.baeume"}
    box = (WEST - 20, SOUTH - 20, WEST + 80, SOUTH + 30)
    said = {"layers": ["stadt.baeume"], "srs": "EPSG:25833", "bbox": box, "size": (200, 100)}
    assert service.getmap(**said, format="image/png", transparent=True).read()[:4] == b"\x89PNG"
    told = service.getfeatureinfo(**said, query_layers=["stadt.baeume"], xy=(90, 50), info_format="application/json")  # fmt: skip
    assert [one["id"] for one in json.loads(told.read())["features"]] == ["1"]
    with pytest.raises(ServiceException, match="gibtesnicht"):
        service.getmap(**{**said, "layers": ["gibtesnicht"]}, format="image/png")


def test_qgis_opens_wfs_wms_and_ogc_api(address: str, tmp_path: Path) -> None:
    """Where it is installed (apt: python3-qgis); without a display."""
    if subprocess.run([SYSTEM, "-c", "import qgis.core"], capture_output=True, check=False).returncode:
        pytest.skip("QGIS is not installed")
    done = subprocess.run(
        [SYSTEM, "-c", QGIS, address, "stadt.baeume", str(WEST), str(SOUTH)],
        capture_output=True,
        text=True,
        timeout=120,
        env={"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
    )
    assert "FOUND" in done.stdout, done.stderr
    found = json.loads(done.stdout.partition("FOUND")[2])
    assert found == {"WFS": [True, 250, 2, True], "OAPIF": [True, 250, 2, True], "WMS": [True, True]}
