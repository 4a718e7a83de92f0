"""Features and map tiles out: 200,000 polygons of one dataset among 28 towns, against tipg, drf-gis and psycopg alone, in one run.

    .venv/bin/python -m benchmarks.features [--seconds 8] [--polygons 200000] [--many 2000000] [--towns 28]

Asked is `items?limit=1000&bbox=…` with links, numberMatched and row-level security, and tiles of level 14; each of the products with
two processes (ours with four threads each, tipg asynchronous, drf-gis with two threads), four clients on kept connections, no
compression, addresses in turn. "psycopg alone" sends the product's own statements over four connections of the serving login and
reads the answers; so do "no policies" over those of the tables' owner, whom row-level security does not hold, and "all towns" in the
scope of somebody who reads every town. At the end one page of 1,000 features is timed in collections of 1,000 and of `--many`
features, at the beginning and at the end. Needs the services, its settings (`eval "$(./run env)"`) and `benchmarks/peers.sh`.

Two numbers are told: answers per second, and milliseconds of computing for each by the product and its database, clients aside. On a
machine that does something else, too, the first favours whoever has more threads waiting (ours); on one with cores to spare for the
database it favours whoever computes little beside it (ours, since tipg's two processes are then what limits it: the goal of 15
times tipg comes from such a machine and a bare view). The second is what either would do on cores that all of it must share.

What is not alike. For tipg, the rows lie in a table of their own in EPSG:25833, as ogr2ogr makes them, with an index of places alone and
attributes as columns; it has no tenants. Each request transforms and writes what ours has stored; that is the design that is compared.
It counts all that a box matches; so do we, as these boxes hold some 1,100 features, of 10,000 to which ours counts. It looks in the
box that encloses the turned one in EPSG:25833, hence a few features more (both numbers are printed), and gives each feature two
links, which can't be turned off; ours has links on the page alone. Its tiles hold the same seven attributes. For drf-gis, the rows lie in
EPSG:4326, which spares it the transformation; it compares boxes alone, counts like tipg, and has no links on features. The rows lie for
all alike as an import leaves a file that has no order: by place in parts of 10,000.
"""

import argparse
import http.client
import json
import math
import os
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode, urlsplit

import psycopg

from benchmarks.load import Rate, latencies, rate
from benchmarks.scratch import ROOT, analyze, manage, scratch_database, served, url_of, wait_for

TOWNS = [f"stadt-{number}" for number in range(28)]
PEERS = ROOT / ".local" / "peers"
CLIENTS = 4
ROUNDS = 4
PART = 10_000  # features, as catalogue.formats.reading hands them on
KEPT = 20  # requests on a connection: processes that listen on one port each get some, whatever their numbers
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
FROM generate_series(%s, %s) AS n,
LATERAL (SELECT hashint4(n) / 4294967296.0 + 0.5 AS x, hashint4(n + 7777777) / 4294967296.0 + 0.5 AS y) AS r,
LATERAL (SELECT ST_Buffer(ST_SetSRID(ST_MakePoint({west} + {width} * x, {south} + {height} * y), 4326), 0.0001, 2) AS g) AS s,
LATERAL (SELECT jsonb_build_object('name', 'Gebäude ' || n, 'nummer', n, 'art', 'Wohnhaus', 'hoehe', n %% 300 / 10.0, 'jahr', 1900 + n %% 120,
    'strasse', 'Straße ' || n %% 500) AS p) AS a
ORDER BY ST_Transform(g, 3857)
'''
counts = {{"stadt-0": {polygons}, "stadt-2": {many}}}
for town in Tenant.objects.all():
    with acting_for([town.pk], [town.pk]):
        dataset = Dataset.objects.create(tenant=town, slug="gebaeude", title="Gebäude", kind="vector")
        count = counts.get(town.slug, 1000)
        with connection.cursor() as cursor:
            for first in range(1, count + 1, {part}):
                cursor.execute(ROWS, [town.pk, dataset.pk, first, min(count, first + {part} - 1)])
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


def asking(addresses: list[str]) -> Callable[[int], Callable[[], None]]:
    def client(number: int) -> Callable[[], None]:
        places = cycle(addresses[number * 10 :] + addresses[: number * 10])
        parts = urlsplit(addresses[0])
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        turns = cycle(range(KEPT))

        def act() -> None:
            address = next(places)
            if not next(turns):
                connection.close()  # the next request opens it again
            connection.request("GET", address.partition(parts.netloc)[2])
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status in {200, 204}, (address, body[:200])

        return act

    return client


def sending(
    statements: list[str], *, login: str = "DATABASE_URL", towns: str = ""
) -> Callable[[int], Callable[[], None]]:
    """The same statements over a connection of this login, in a transaction. towns: ids that the scope reads, none for nobody."""

    def client(number: int) -> Callable[[], None]:
        connection = connect(login)
        connection.execute("SELECT set_config('app.read', %s, false)", [towns])
        connection.commit()
        places = cycle(statements[number * 10 :] + statements[: number * 10])

        def act() -> None:
            with connection.transaction():
                connection.execute(next(places).encode()).fetchall()

        return act

    return client


def wall_costs(statements: dict[str, list[str]], *, seconds: float) -> None:
    """What row-level security costs, in turns. statements: by what they read."""
    with connect("OWNER_DATABASE_URL") as connection:
        ids = [str(pk) for (pk,) in connection.execute("SELECT id FROM tenants_tenant")]
    for name, ours in statements.items():
        ways = {
            "no policies": sending(ours, login="OWNER_DATABASE_URL"),
            "nobody": sending(ours),
            f"all {len(ids)} towns": sending(ours, towns=",".join(ids)),
        }
        found: dict[str, list[float]] = {way: [] for way in ways}
        for _round in range(ROUNDS):
            for way, work in ways.items():
                found[way].append(rate(work, clients=CLIENTS, seconds=seconds / ROUNDS).servers)
        free = min(found.pop("no policies"))
        told = ", ".join(f"{way} {min(spent) / free:.2f} times" for way, spent in found.items())
        print(f"{name}: without policies {free:.1f} ms of computing; with them: {told}")


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
        *"tipg.main:app --port 18781 --workers 2 --log-level error".split(),
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
    settings = DRF.format(database=place_of("OWNER_DATABASE_URL"))
    Path(PEERS / "drf_peer.py").write_text(settings, encoding="utf-8")
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
    ours, floor = {}, {}
    peers: dict[str, Rate] = {}
    measured = partial(rate, clients=CLIENTS, seconds=seconds)
    floor["items"], floor["tiles"] = measured(sending(pages)), measured(sending(drawn))
    wall_costs({"items": pages, "tiles": drawn}, seconds=seconds)
    with served(KZ_WEB_WORKERS="2", KZ_OGC_PER_MINUTE="0") as host:
        at = f"{host}/ogc/collections/{BIG}"
        items = [f"{at}/items?{urlencode({'limit': 1000, 'bbox': box})}" for box in boxes()]
        asked = [f"{at}/tiles/WebMercatorQuad/{zoom}/{row}/{column}" for zoom, row, column in tiles()]
        for name, addresses in (("items", items), ("tiles", asked)):
            rate(asking(addresses), clients=CLIENTS, seconds=2)
            ours[name] = measured(asking(addresses))
        print("first answer:", matched(items[0]))
        page_costs(host)
    with tipg() as host:
        at = f"{host}/collections/public.peer_plain"
        items = [f"{at}/items?{urlencode({'limit': 1000, 'bbox': box, 'f': 'geojson'})}" for box in boxes()]
        asked = [f"{at}/tiles/WebMercatorQuad/{zoom}/{column}/{row}" for zoom, row, column in tiles()]
        print("first answer of tipg:", matched(items[0]))
        peers["tipg items"], peers["tipg tiles"] = (measured(asking(one)) for one in (items, asked))
    with drf_gis() as host:
        items = [f"{host}/items?{urlencode({'limit': 1000, 'in_bbox': box})}" for box in boxes()]
        peers["drf-gis items"] = measured(asking(items))
    for name, one in ours.items():
        least = floor[name]
        print(f"{name}: ours {one}; psycopg alone {least}, {one.beside(least, own=True)} of it")
    for name, other in peers.items():
        print(f"{name} {other}; ours {ours[name.rpartition(' ')[2]].beside(other)} times as fast")


def matched(address: str) -> str:
    found = json.load(urllib.request.urlopen(address))  # noqa: S310 - our own address
    return f"{found['numberReturned']} of {found['numberMatched']} features"


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
    parser.add_argument("--towns", type=int, default=len(TOWNS))
    options = parser.parse_args()
    with scratch_database(tenants=[f"stadt-{number}" for number in range(options.towns)]):
        area = {"west": WEST, "south": SOUTH, "width": EAST - WEST, "height": NORTH - SOUTH}
        manage(
            "shell",
            "-v",
            "0",
            code=SETUP.format(polygons=options.polygons, many=options.many, part=PART, **area),
        )
        with connect("OWNER_DATABASE_URL") as connection:
            connection.execute(PEER_TABLES)
        analyze()
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", flush=True)
        compare(options.seconds)
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
