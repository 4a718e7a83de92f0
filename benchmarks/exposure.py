"""Exposure of 150,000 buildings, asked, computed and written: depths along their walls on a county's raster, people, roads,
facilities, damage, who is cut off.

    .venv/bin/python -m benchmarks.exposure [--buildings 150000] [--cells 9000]

The raster has 5 m cells (9,000 x 9,000: 45 km on a side), a river's water in bends and puddles; the buildings stand in 300 villages, each with four to eight
corners; 28 municipalities are squares with inhabitants; 20,000 roads, 400 facilities, all generated. "points" is what is often done instead: the depth at
the middle of each building, read with rasterio's sample(); it knows no walls, people, roads or files. Needs the services and their settings
(`eval "$(./run env)"`).
"""

import argparse
import json

from benchmarks.scratch import analyze, manage, scratch_database

SETUP = """
import tempfile
from pathlib import Path
import numpy as np, pyogrio, rasterio, shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from rasterio.transform import from_origin
from tenants.models import Tenant
from tenants.scope import acting_for
from twin.catalogue.formats.reading import Wishes
from twin.catalogue.importing import Order, import_file
rng = np.random.default_rng(7)
town = Tenant.objects.get(slug="stadt")
WEST, SOUTH, CELL, CELLS = 373_000.0, 5_652_000.0, 5.0, {cells}
SIDE = CELL * CELLS
def deliver(path, title):
    with acting_for([town.pk], [town.pk]):
        import_file(path, order=Order(town, None, path.name, title=title, wishes=Wishes(anywhere=True)))
def write(path, shapes, kind, **columns):
    pyogrio.raw.write(path, shapely.to_wkb(shapes), list(columns.values()), list(columns), geometry_type=kind, crs="EPSG:25833")
with tempfile.TemporaryDirectory() as folder:
    folder = Path(folder)
    with rasterio.open(folder / "tiefe.tif", "w", driver="GTiff", width=CELLS, height=CELLS, count=1, dtype="float32", nodata=-1, crs="EPSG:25833",
            transform=from_origin(WEST, SOUTH + SIDE, CELL, CELL), tiled=True, compress="LZW") as sink:
        x = WEST + CELL * (np.arange(CELLS) + 0.5)
        for top in range(0, CELLS, 500):
            y = SOUTH + SIDE - CELL * (top + np.arange(min(500, CELLS - top)) + 0.5)
            middle = SOUTH + SIDE / 2 + SIDE / 4 * np.sin(x / 6000)
            depth = np.maximum(0, 4 - np.abs(y[:, None] - middle) / 400) + np.maximum(0, np.sin(x / 37) * np.sin(y[:, None] / 41) - 0.8)
            sink.write(depth.astype("float32"), 1, window=rasterio.windows.Window(0, top, CELLS, len(y)))
    deliver(folder / "tiefe.tif", "Tiefen")
    count = {buildings}
    centres = rng.uniform(0.05, 0.95, (300, 2)) * SIDE + (WEST, SOUTH)
    at = centres[rng.integers(0, 300, count)] + rng.normal(0, 400, (count, 2))
    at = np.clip(at, (WEST + 50, SOUTH + 50), (WEST + SIDE - 50, SOUTH + SIDE - 50))
    w, h = rng.uniform(6, 16, count), rng.uniform(6, 16, count)
    plain = shapely.box(at[:, 0], at[:, 1], at[:, 0] + w, at[:, 1] + h)
    wing = shapely.box(at[:, 0] + w / 2, at[:, 1] + h / 2, at[:, 0] + 1.6 * w, at[:, 1] + 0.9 * h)
    houses = np.where(rng.random(count) < 0.5, shapely.union(plain, wing), plain)
    write(folder / "haus.gpkg", houses, "Polygon", nummer=np.arange(count), geschosse=rng.integers(1, 5, count))
    deliver(folder / "haus.gpkg", "Gebäude")
    squares = [shapely.box(WEST + SIDE / 7 * c, SOUTH + SIDE / 4 * r, WEST + SIDE / 7 * (c + 1), SOUTH + SIDE / 4 * (r + 1)) for r in range(4) for c in range(7)]
    write(folder / "volk.gpkg", np.array(squares), "Polygon", einwohner=rng.integers(3000, 30000, 28))
    deliver(folder / "volk.gpkg", "Einwohner")
    for number, square in enumerate(squares):
        Tenant.objects.filter(slug="g%02d" % number).update(boundary=MultiPolygon(GEOSGeometry(square.wkt, srid=25833), srid=25833))
    start = centres[rng.integers(0, 300, 20_000)] + rng.normal(0, 600, (20_000, 2))
    turn = start + rng.normal(0, 80, (20_000, 2))
    lines = shapely.linestrings(np.stack((start, turn, turn + rng.normal(0, 80, (20_000, 2))), axis=1))
    write(folder / "wege.gpkg", lines, "LineString", nummer=np.arange(20_000))
    deliver(folder / "wege.gpkg", "Straßen")
    write(folder / "orte.gpkg", shapely.points(at[:400] + 3), "Point", name=np.array(["Haus %d" % n for n in range(400)], dtype=object))
    deliver(folder / "orte.gpkg", "Einrichtungen")
"""
ASK = """
import json, resource, time
from tenants import jobs
from tenants.models import Tenant
from tenants.scope import working_for
from twin.analysis import execution, registry, requesting
from twin.analysis.inputs import asking_by_itself
from twin.analysis.models import Run
from twin.catalogue.models import Dataset
from twin.usecases.exposure import core
town, use_case = Tenant.objects.get(slug="stadt"), registry.use_cases()["exposure"]
began, spent = time.monotonic(), time.process_time()
with working_for([town.pk], [town.pk]):
    with asking_by_itself(town) as offer:
        ids = {row.title: str(row.public_id) for row in Dataset.objects.all()}
        form = use_case.form(dict(raster=ids["Tiefen"], buildings=ids["Gebäude"], people=ids["Einwohner"], roads=ids["Straßen"], facilities=ids["Einrichtungen"], scale="river"), offer=offer)
        assert form.is_valid(), form.errors
        run, _ = requesting.request(use_case, form.question(), title="", tenant=town, actor=None)
    asked = time.monotonic()
    jobs.work_on(run.job_id, execution.work)
    done = Run.objects.get(pk=run.pk)
    assert done.finished_at, done.log
print(json.dumps(dict(asked=asked - began, worked=time.monotonic() - asked, cpu=time.process_time() - spent, computed=done.seconds, expected=done.estimate["memory"],
    peak=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, **{name: done.summary[name] for name in ("buildings", "affected", "people", "roads", "cut", "facilities", "middle")},
    towns=len(done.summary["towns"]))))
"""
PEER = """
import json, time
import numpy as np, rasterio, shapely
from django.db import connection
from tenants.models import Tenant
from tenants.scope import working_for
from twin.catalogue import rastering
from twin.catalogue.models import Dataset
town = Tenant.objects.get(slug="stadt")
began = time.monotonic()
with working_for([town.pk]), connection.cursor() as cursor:
    raster = Dataset.objects.select_related("current_version").get(title="Tiefen")
    cursor.execute("SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geometry) AS p FROM catalogue_feature f JOIN catalogue_dataset d ON d.id = f.dataset_id WHERE d.title = 'Gebäude') each")
    points = cursor.fetchall()
    with rasterio.open(rastering.path_of(raster.current_version)) as source:
        depths = np.array([value[0] for value in source.sample(points)])
print(json.dumps(dict(seconds=time.monotonic() - began, wet=int((depths > 0).sum()))))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--buildings", type=int, default=150_000)
    parser.add_argument("--cells", type=int, default=9000)
    options = parser.parse_args()
    with scratch_database(tenants=["stadt", *(f"g{number:02d}" for number in range(28))]):
        manage("shell", "-v", "0", code=SETUP.format(buildings=options.buildings, cells=options.cells))
        analyze()
        ours = json.loads(manage("shell", "-v", "0", code=ASK))
        peer = json.loads(manage("shell", "-v", "0", code=PEER))
    total = ours["asked"] + ours["worked"]
    print(f"{ours['affected']} of {ours['buildings']} buildings in the water, {ours['people']} people, {ours['roads']:.0f} km of roads, {ours['cut']} cut off, {ours['facilities']} facilities, {ours['towns']} municipalities, {ours['middle']:.3g} EUR")  # fmt: skip
    print(f"ours    {total:6.2f} s  (asking {ours['asked']:.2f}, reading and computing {ours['computed']:.2f}; {ours['cpu']:.2f} s of CPU besides the database); {ours['peak'] / 2**20:.0f} MB at most, {ours['expected'] / 2**20:.0f} MB expected")  # fmt: skip
    print(f"points  {peer['seconds']:6.2f} s  ({peer['wet']} buildings in the water, nothing else)")


if __name__ == "__main__":
    main()
