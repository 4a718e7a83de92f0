"""Import of polygons into PostGIS: ours, beside ogr2ogr and Django's LayerMapping, in one run, turn by turn.

    .venv/bin/python -m benchmarks.dataset_import [--features 200000] [--rounds 3]

Ours is the whole of `import_dataset` in a process that is up (read in a process of its own, every geometry checked, placed in three
systems, GeoJSON made, report, merge, all indexes of the features' table); ogr2ogr copies the rows and makes its spatial index;
LayerMapping saves a sample of them row by row. Needs the services (`scripts/services.sh start`) and ogr2ogr. Prints a table in
Markdown, best of the rounds.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pyogrio
import shapely

from benchmarks.scratch import ROOT, environment, scratch_database, url_of

TENANT = "stadt"
SAMPLE = 2000  # rows that LayerMapping saves
OURS = """
import json, time
from pathlib import Path
from tenants.models import Tenant
from tenants.scope import working_for
from twin.catalogue.importing import Order, import_file
tenant = Tenant.objects.get(slug={tenant!r})
with working_for([tenant.pk], [tenant.pk]):
    start = time.perf_counter()
    version = import_file(Path({path!r}), order=Order(tenant, None, "f.gpkg", title="Flächen"))
    print(json.dumps({{"seconds": time.perf_counter() - start, "features": version.feature_count}}))
"""
MAPPING = """
import json, time
from django.contrib.gis.db import models
from django.contrib.gis.utils import LayerMapping
from django.db import connection
class Row(models.Model):
    nr = models.BigIntegerField()
    name = models.TextField()
    flaeche = models.FloatField()
    geom = models.PolygonField(srid=25833)
    class Meta:
        app_label = "benchmark"
with connection.schema_editor() as editor:
    editor.create_model(Row)
start = time.perf_counter()
LayerMapping(Row, {path!r}, {{"nr": "nr", "name": "name", "flaeche": "flaeche", "geom": "POLYGON"}}).save(strict=True)
print(json.dumps({{"seconds": time.perf_counter() - start, "features": Row.objects.count()}}))
with connection.schema_editor() as editor:
    editor.delete_model(Row)
"""


def polygons(path: Path, count: int) -> Path:
    """Octagons of 3 to 12 m in the county's extent, with five attributes."""
    rng = np.random.default_rng(1)
    centres = np.column_stack(
        [rng.uniform(375_000, 420_000, count), rng.uniform(5_650_000, 5_700_000, count)]
    )
    turn = np.linspace(0, 2 * np.pi, 9)[:-1]
    rays = np.stack([np.cos(turn), np.sin(turn)], 1)[None]
    shapes = shapely.polygons(centres[:, None, :] + rng.uniform(3, 12, (count, 8, 1)) * rays)
    names = np.array([f"Fläche {number}" for number in range(count)], dtype=object)
    kinds = rng.choice(np.array(["Wohnen", "Gewerbe", "Grün"], dtype=object), count)
    columns = [np.arange(count), names, rng.uniform(0, 100, count), kinds, rng.integers(1900, 2024, count)]
    pyogrio.raw.write(path, shapely.to_wkb(shapes), columns, ["nr", "name", "flaeche", "art", "jahr"], layer="flaechen", geometry_type="Polygon", crs="EPSG:25833")  # fmt: skip
    return path


def in_shell(code: str, *, login: str) -> float:
    """Features per second that the code reports. login: whose the database's address is."""
    env = {**environment(), "DATABASE_URL": url_of(login)}
    done = subprocess.run([sys.executable, "manage.py", "shell", "-v", "0", "-c", code], cwd=ROOT, env=env, check=True, capture_output=True, text=True)  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    return float(found["features"] / found["seconds"])


def ogr2ogr(path: Path, count: int) -> float:
    parts = urlsplit(url_of("OWNER_DATABASE_URL"))
    folder, _, name = parts.path.strip("/").rpartition("/")
    login = f"PG:host=/{folder} user={parts.username} dbname={name}"
    command = ["ogr2ogr", "-f", "PostgreSQL", login, str(path), "-nln", "peer", "-overwrite"]
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PG_USE_COPY": "YES", "PGPASSWORD": parts.password or ""})  # fmt: skip
    return count / (time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--features", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    rates: dict[str, list[float]] = {"ours": [], "ogr2ogr": [], "LayerMapping": []}
    with tempfile.TemporaryDirectory() as folder, scratch_database(tenants=[TENANT]):
        path = polygons(Path(folder) / "all.gpkg", options.features)
        sample = polygons(Path(folder) / "sample.gpkg", SAMPLE)
        for _round in range(options.rounds):
            rates["ours"].append(in_shell(OURS.format(tenant=TENANT, path=str(path)), login="DATABASE_URL"))
            rates["ogr2ogr"].append(ogr2ogr(path, options.features))
            rates["LayerMapping"].append(
                in_shell(MAPPING.format(path=str(sample)), login="OWNER_DATABASE_URL")
            )
    best = {name: max(found) for name, found in rates.items()}
    print(f"| {options.features:,} polygons | features/s | ours to it |\n|---|---|---|")
    for name, rate in best.items():
        print(f"| {name} | {rate:,.0f} | {best['ours'] / rate:.2f} |")


if __name__ == "__main__":
    main()
