"""Features and map tiles out: 200,000 polygons of one dataset among 28 towns, against tipg, drf-gis and psycopg alone, in one run.

    .venv/bin/python -m benchmarks.features [--seconds 8] [--polygons 200000] [--many 2000000]

Asked is `items?limit=1000&bbox=…` with links, numberMatched and row-level security, and tiles of level 14; each of the products with
two processes, four clients, no compression, addresses in turn. "psycopg alone" sends the product's own statements over four
connections of the serving login and reads the answers. tipg reads the same rows from a plain table in EPSG:25833, drf-gis from one in
EPSG:4326, which spares it the transformation; neither has tenants. At the end one page of 1,000 features is timed in collections of 1,000
and of `--many` features, at the beginning and at the end. Needs the services, its settings (`eval "$(./run env)"`) and
`benchmarks/peers.sh`.
"""

import argparse
import json
import math
import os
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

import psycopg

from benchmarks.load import latencies
from benchmarks.scratch import ROOT, analyze, manage, scratch_database, served, url_of, wait_for

TOWNS = [f"stadt-{number}" for number in range(28)]
PEERS = ROOT / ".local" / "peers"
CLIENTS = 4
WEST, SOUTH, EAST, NORTH = 13.20, 51.05, 13.60, 51.30  # where the polygons lie, degrees
BOX = (0.030, 0.0185)  # degrees: some 1,100 of 200,000 polygons
BIG, SMALL, MANY = "stadt-0.gebaeude", "stadt-1.gebaeude", "stadt-2.gebaeude"
SETUP = """
from django.db import connection
from tenants.models import Tenant
from tenants.scope import acting_for
from twin.catalogue.models import Dataset, DatasetVersion, Record
FIELDS = [("name", "string"), ("nummer", "integer"), ("art", "string"), ("hoehe", "number"), ("jahr", "integer"), ("strasse", "string")]
ROWS = '''
INSERT INTO catalogue_feature (tenant_id, dataset_id, since, key, digest, properties, geometry, geometry_3857, body, is_public)
SELECT %s, %s, 1, n::text, md5(n::text), p, ST_Transform(g, 25833), ST_Transform(g, 3857),
    '"geometry":' || ST_AsGeoJSON(g, 7) || ',"properties":' || p::text, true
FROM generate_series(1, %s) AS n,
LATERAL (SELECT hashint4(n) / 4294967296.0 + 0.5 AS x, hashint4(n + 7777777) / 4294967296.0 + 0.5 AS y) AS r,
LATERAL (SELECT ST_Buffer(ST_SetSRID(ST_MakePoint({west} + {width} * x, {south} + {height} * y), 4326), 0.0001, 2) AS g) AS s,
LATERAL (SELECT jsonb_build_object('name', 'Gebäude ' || n, 'nummer', n, 'art', 'Wohnhaus', 'hoehe', n %% 300 / 10.0, 'jahr', 1900 + n %% 120,
    'strasse', 'Straße ' || n %% 500) AS p) AS a
'''
counts = {{"stadt-0": {polygons}, "stadt-2": {many}}}
for town in Tenant.objects.all():
    with acting_for([town.pk], [town.pk]):
        dataset = Dataset.objects.create(tenant=town, slug="gebaeude", title="Gebäude", kind="vector")
        count = counts.get(town.slug, 1000)
        with connection.cursor() as cursor:
            cursor.execute(ROWS, [town.pk, dataset.pk, count])
            cursor.execute("SELECT ST_SetSRID(ST_Extent(geometry)::geometry, 25833) FROM catalogue_feature WHERE dataset_id = %s", [dataset.pk])
            extent = cursor.fetchone()[0]
        version = DatasetVersion.objects.create(tenant=town, dataset=dataset, number=1, state="ready", is_public=True, geometry_type="Polygon",
            feature_count=count, extent=extent, fields=[dict(name=name, label=name, type=kind) for name, kind in FIELDS])
        dataset.current_version, dataset.is_public = version, True
        dataset.save()
        Record.objects.create(tenant=town, dataset=dataset, identifier=str(dataset.public_id), title="Gebäude", licence="dl-by-de/2.0", is_public=True)
"""
PEER_TABLES = """
CREATE TABLE peer_plain AS SELECT f.id::int AS id, f.properties->>'name' AS name, (f.properties->>'nummer')::int AS nummer, f.properties->>'art' AS art,
    (f.properties->>'hoehe')::float AS hoehe, (f.properties->>'jahr')::int AS jahr, f.properties->>'strasse' AS strasse, f.geometry::geometry(Polygon, 25833) AS geom
    FROM catalogue_feature f JOIN catalogue_dataset d ON d.id = f.dataset_id JOIN tenants_tenant t ON t.id = d.tenant_id WHERE t.slug = 'stadt-0';
CREATE TABLE peer_degrees AS SELECT id, name, nummer, art, hoehe, jahr, strasse, ST_Transform(geom, 4326)::geometry(Polygon, 4326) AS geom FROM peer_plain;
ALTER TABLE peer_plain ADD PRIMARY KEY (id); ALTER TABLE peer_degrees ADD PRIMARY KEY (id);
CREATE INDEX ON peer_plain USING gist (geom); CREATE INDEX ON peer_degrees USING gist (geom);
ANALYZE peer_plain; ANALYZE peer_degrees;
"""
STATEMENTS = """
import json, sys
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.contrib.auth.models import AnonymousUser
from tenants.permissions import reach
from tenants.scope import acting_for
from twin.ogc import collections, features, tiling
from twin.ogc.crs import CRS84
from twin.ogc.selecting import selection
user = AnonymousUser(); user.reach = reach(user)
with acting_for([]):
    found = collections.find("{big}", user)
    with CaptureQueriesContext(connection) as queries:
        for box in {boxes}:
            features.page(found, selection(found, {{"bbox": box}}), limit=1000, start=features.Position(), crs=CRS84)
    pages = [one["sql"] for one in queries]
    with CaptureQueriesContext(connection) as queries:
        for zoom, row, column in {tiles}:
            tiling.tile(found, tiling.Place(zoom, row, column), scheme=tiling.MERCATOR)
    tiles = [one["sql"] for one in queries]
print("FOUND" + json.dumps([pages, tiles]))
"""
DRF = """
import sys
from django.conf import settings
settings.configure(DEBUG=False, SECRET_KEY="x", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, USE_TZ=True,
    INSTALLED_APPS=["django.contrib.gis", "rest_framework", "rest_framework_gis"],
    DATABASES={{"default": {{"ENGINE": "django.contrib.gis.db.backends.postgis", "CONN_MAX_AGE": 60, **{database}}}}},
    REST_FRAMEWORK={{"DEFAULT_AUTHENTICATION_CLASSES": [], "DEFAULT_PERMISSION_CLASSES": [], "UNAUTHENTICATED_USER": None,
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"]}})
import django
django.setup()
from django.contrib.gis.db import models
from django.urls import path
from rest_framework import generics
from rest_framework_gis.filters import InBBoxFilter
from rest_framework_gis.pagination import GeoJsonPagination
from rest_framework_gis.serializers import GeoFeatureModelSerializer
class Row(models.Model):
    name, art, strasse = models.TextField(), models.TextField(), models.TextField()
    nummer, jahr, hoehe = models.IntegerField(), models.IntegerField(), models.FloatField()
    geom = models.PolygonField(srid=4326)
    class Meta:
        app_label, managed, db_table = "peer", False, "peer_degrees"
class Shape(GeoFeatureModelSerializer):
    class Meta:
        model, geo_field, fields = Row, "geom", ("id", "name", "art", "strasse", "nummer", "jahr", "hoehe")
class Pages(GeoJsonPagination):
    page_size_query_param, max_page_size = "limit", 1000
class Rows(generics.ListAPIView):
    queryset, serializer_class, bbox_filter_field, pagination_class = Row.objects.order_by("id"), Shape, "geom", Pages
    filter_backends, bbox_filter_include_overlapping = (InBBoxFilter,), True
urlpatterns = [path("items", Rows.as_view())]
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
"""


def boxes() -> list[str]:
    """Forty places in the area, in a fixed order."""
    found = []
    for number in range(40):
        west = WEST + (EAST - WEST - BOX[0]) * (number * 0.618 % 1)
        south = SOUTH + (NORTH - SOUTH - BOX[1]) * (number * 0.414 % 1)
        found.append(f"{west:.5f},{south:.5f},{west + BOX[0]:.5f},{south + BOX[1]:.5f}")
    return found


def tiles() -> list[tuple[int, int, int]]:
    """Level, row and column of forty tiles of the area."""
    found = []
    for box in boxes():
        west, south = (float(number) for number in box.split(",")[:2])
        column = math.floor((west + 180) / 360 * 2**14)
        row = math.floor((1 - math.asinh(math.tan(math.radians(south))) / math.pi) / 2 * 2**14)
        found.append((14, row, column))
    return found


def rate(work: Callable[[int], Callable[[], None]], *, seconds: float) -> float:
    """Acts per second of four clients; work: number of the client -> its next act."""
    done = [0] * CLIENTS
    end = time.perf_counter() + seconds

    def client(number: int) -> None:
        act = work(number)
        while time.perf_counter() < end:
            act()
            done[number] += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - start)


def asking(addresses: list[str]) -> Callable[[int], Callable[[], None]]:
    def client(number: int) -> Callable[[], None]:
        places = cycle(addresses[number * 10 :] + addresses[: number * 10])

        def act() -> None:
            address = next(places)
            with urllib.request.urlopen(address, timeout=120) as answer:  # noqa: S310 - our own address
                body = answer.read()
                assert answer.status in {200, 204}, (address, body[:200])

        return act

    return client


def sending(statements: list[str]) -> Callable[[int], Callable[[], None]]:
    """The same statements over a connection of the serving login, in a transaction with the scope of nobody."""

    def client(number: int) -> Callable[[], None]:
        connection = connect("DATABASE_URL")
        places = cycle(statements[number * 10 :] + statements[: number * 10])

        def act() -> None:
            with connection.transaction():
                (found, *_rest) = connection.execute(next(places).encode()).fetchone() or ("",)
                len(found or "")

        return act

    return client


@contextmanager
def running(command: list[str], address: str, **environment: str) -> Iterator[None]:
    process = subprocess.Popen(
        command,
        cwd=PEERS,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(address)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def place_of(login: str) -> dict[str, str]:
    """Login and place of the database, by Django's names. login: DATABASE_URL or OWNER_DATABASE_URL."""
    who, _at, rest = url_of(login).partition("://")[2].partition("@")
    folder, _slash, name = rest.strip("/").rpartition("/")
    user, _colon, password = who.partition(":")
    return {"USER": user, "PASSWORD": password, "HOST": f"/{folder}", "NAME": name}


def connect(login: str) -> psycopg.Connection[tuple[Any, ...]]:
    place = place_of(login)
    return psycopg.connect(
        host=place["HOST"],
        user=place["USER"],
        password=place["PASSWORD"] or None,
        dbname=place["NAME"],
        cursor_factory=psycopg.ClientCursor,
    )


@contextmanager
def tipg() -> Iterator[str]:
    login = place_of("OWNER_DATABASE_URL")
    host, address = login["HOST"].replace("/", "%2F"), "http://127.0.0.1:18781"
    url = f"postgresql://{login['USER']}:{login['PASSWORD']}@{host}/{login['NAME']}"
    command = [
        str(PEERS / "tipg/bin/uvicorn"),
        "tipg.main:app",
        "--port",
        "18781",
        "--workers",
        "2",
        "--log-level",
        "error",
    ]
    with running(
        command,
        f"{address}/collections/public.peer_plain",
        DATABASE_URL=url,
        TIPG_DB_SCHEMAS='["public"]',
        TIPG_DB_TABLES='["public.peer_plain"]',
    ):
        yield address


@contextmanager
def drf_gis() -> Iterator[str]:
    Path(PEERS / "drf_peer.py").write_text(
        DRF.format(database=place_of("OWNER_DATABASE_URL")), encoding="utf-8"
    )
    address = "http://127.0.0.1:18782"
    command = [
        str(PEERS / "drf-gis/bin/gunicorn"),
        "drf_peer:application",
        "--bind",
        "127.0.0.1:18782",
        "--workers",
        "2",
        "--threads",
        "2",
    ]
    with running(command, f"{address}/items?limit=1"):
        yield address


def compare(seconds: float) -> None:
    code = STATEMENTS.format(big=BIG, boxes=boxes(), tiles=tiles())
    output = manage("shell", "-v", "0", code=code)
    pages, drawn = json.loads(next(line for line in output.splitlines() if line.startswith("FOUND"))[5:])
    ours, peers, floor = {}, {}, {}
    floor["items"], floor["tiles"] = (
        rate(sending(pages), seconds=seconds),
        rate(sending(drawn), seconds=seconds),
    )
    with served(KZ_WEB_WORKERS="2", KZ_OGC_PER_MINUTE="0") as host:
        at = f"{host}/ogc/collections/{BIG}"
        items = [f"{at}/items?{urlencode({'limit': 1000, 'bbox': box})}" for box in boxes()]
        asked = [f"{at}/tiles/WebMercatorQuad/{zoom}/{row}/{column}" for zoom, row, column in tiles()]
        for name, addresses in (("items", items), ("tiles", asked)):
            rate(asking(addresses), seconds=2)
            ours[name] = rate(asking(addresses), seconds=seconds)
        first = json.load(urllib.request.urlopen(items[0]))  # noqa: S310
        print(f"first answer: {first['numberReturned']} of {first['numberMatched']} features")
        page_costs(host)
    with tipg() as host:
        at = f"{host}/collections/public.peer_plain"
        items = [f"{at}/items?{urlencode({'limit': 1000, 'bbox': box, 'f': 'geojson'})}" for box in boxes()]
        asked = [f"{at}/tiles/WebMercatorQuad/{zoom}/{column}/{row}" for zoom, row, column in tiles()]
        peers["tipg items"], peers["tipg tiles"] = (
            rate(asking(one), seconds=seconds) for one in (items, asked)
        )
    with drf_gis() as host:
        items = [f"{host}/items?{urlencode({'limit': 1000, 'in_bbox': box})}" for box in boxes()]
        peers["drf-gis items"] = rate(asking(items), seconds=seconds)
    for name in ("items", "tiles"):
        print(
            f"{name}: ours {ours[name]:.1f}/s, psycopg alone {floor[name]:.1f}/s, ours/floor {ours[name] / floor[name]:.2f}"
        )
    for name, found in peers.items():
        print(f"{name} {found:.1f}/s, ours/peer {ours[name.rpartition(' ')[2]] / found:.1f}")


def page_costs(host: str) -> None:
    """Milliseconds of one page, by one client."""
    for name, last in ((SMALL, False), (BIG, False), (BIG, True), (MANY, False), (MANY, True)):
        address = f"{host}/ogc/collections/{name}/items?limit=1000"
        if last:
            with connect("OWNER_DATABASE_URL") as connection:
                query = "SELECT f.id FROM catalogue_feature f JOIN catalogue_dataset d ON d.id = f.dataset_id JOIN tenants_tenant t ON t.id = d.tenant_id WHERE t.slug = %s ORDER BY f.id DESC OFFSET 1000 LIMIT 1"
                (after,) = connection.execute(query, [name.partition(".")[0]]).fetchone() or (0,)
            address += f"&after={_token(after)}"
        latencies(address, clients=1, requests=5)
        print(
            f"{name}, {'last' if last else 'first'} page of 1,000: {median(latencies(address, clients=1, requests=30)):.1f} ms"
        )


def _token(after: int) -> str:
    code = f"from twin.ogc.features import Position; print('TOKEN' + Position({after}).token())"
    return next(
        line for line in manage("shell", "-v", "0", code=code).splitlines() if line.startswith("TOKEN")
    )[5:]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--polygons", type=int, default=200_000)
    parser.add_argument("--many", type=int, default=2_000_000)
    options = parser.parse_args()
    with scratch_database(tenants=TOWNS):
        area = {"west": WEST, "south": SOUTH, "width": EAST - WEST, "height": NORTH - SOUTH}
        manage("shell", "-v", "0", code=SETUP.format(polygons=options.polygons, many=options.many, **area))
        with connect("OWNER_DATABASE_URL") as connection:
            connection.execute(PEER_TABLES)
        analyze()
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", flush=True)
        compare(options.seconds)
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
