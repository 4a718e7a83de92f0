"""A plan check of 300 plans against 10,000 areas, asked, computed and written, against the same overlaps by shapely in memory, in one run.

    .venv/bin/python -m benchmarks.plan_check [--plans 300] [--areas 10000]

Each plan has 20 areas; the areas are 9,990 outlines of 60 corners and 10 flood areas of 20,000 corners along the whole county, in three datasets
with a meaning in law; all generated. "shapely" is what geopandas.overlay does: the rows are read over one connection of the serving login,
found by STRtree and met pair by pair; it knows no versions, rules, neighbours or files. Needs the services and their settings
(`eval "$(./run env)"`).
"""

import argparse
import json

from benchmarks.scratch import analyze, manage, scratch_database

SETUP = """
import numpy as np, shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import connection
from planning.models import Plan, PlanObject, PlanVersion
from tenants import files
from tenants.models import Tenant
from tenants.scope import acting_for
from twin.catalogue.models import Dataset, DatasetVersion
rng = np.random.default_rng(7)
town = Tenant.objects.get(slug="stadt")
WEST, SOUTH, WIDTH, HEIGHT = 375_000.0, 5_655_000.0, 40_000.0, 45_000.0
def geos(shape): return GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=25833)
def blob(x, y, radius):
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    reach = radius * rng.uniform(0.6, 1.4, 60)
    return shapely.Polygon(np.column_stack((x + reach * np.cos(angles), y + reach * np.sin(angles))))
def river(y):
    xs = np.linspace(WEST, WEST + WIDTH, 10_000)
    middle = y + 800 * np.sin(xs / 3000) + np.cumsum(rng.normal(0, 0.5, 10_000))
    reach = 250 + rng.uniform(0, 60, 10_000)
    return shapely.Polygon(np.vstack((np.column_stack((xs, middle + reach)), np.column_stack((xs, middle - reach))[::-1])))
with acting_for([town.pk], [town.pk]):
    for number in range({plans}):
        x, y = WEST + rng.uniform(0, WIDTH - 500), SOUTH + rng.uniform(0, HEIGHT - 400)
        whole = MultiPolygon(geos(shapely.box(x, y, x + 500, y + 400)), srid=25833)
        plan = Plan.objects.create(tenant=town, plan_type="BP", number=str(number), name="Plan", xplan_version="6.0", area=whole)
        file = files.store([b"<plan/>"], tenant=town, name="plan.gml", content_type="application/gml+xml")
        version = PlanVersion.objects.create(tenant=town, plan=plan, number=1, file=file, sha256="0" * 64, xplan_version="6.0", area=whole, header={{}})
        PlanObject.objects.bulk_create(PlanObject(
            tenant=town, plan=plan, version=version, position=n, gml_id="GML_" + str(n), line=1, raw="", flaechenschluss=True,
            feature_type=("BP_BaugebietsTeilFlaeche", "BP_GruenFlaeche")[n % 2], properties=dict(besondereArtDerBaulNutzung="1200", GRZ="0.4", GFZ="0.8"),
            geometry=geos(shapely.box(x + 100 * (n % 5), y + 100 * (n // 5), x + 100 * (n % 5) + 100, y + 100 * (n // 5) + 100)),
        ) for n in range(20))
        plan.current_version = version
        plan.save(update_fields=["current_version"])
    rest = {areas} - 10
    shapes = dict(floodplain=[river(SOUTH + HEIGHT * (n + 0.5) / 10) for n in range(10)])
    for role, count in (("risk", rest // 2), ("landscape", rest - rest // 2)):
        shapes[role] = [blob(WEST + rng.uniform(0, WIDTH), SOUTH + rng.uniform(0, HEIGHT), 200) for _ in range(count)]
    for role, found in shapes.items():
        dataset = Dataset.objects.create(tenant=town, slug=role, title=role, kind="vector", role=role)
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO catalogue_feature (tenant_id, dataset_id, since, key, digest, properties, geometry, geometry_3857, body, is_public)"
                " VALUES (%s, %s, 1, %s, %s, '{{}}', ST_SetSRID(%s::geometry, 25833), ST_Transform(ST_SetSRID(%s::geometry, 25833), 3857), '', false)",
                [(town.pk, dataset.pk, str(n), str(n), shape.wkb, shape.wkb) for n, shape in enumerate(map(shapely.make_valid, found))])
        version = DatasetVersion.objects.create(tenant=town, dataset=dataset, number=1, state="ready", geometry_type="Polygon", feature_count=len(found))
        dataset.current_version = version
        dataset.save(update_fields=["current_version"])
"""
CHECK = """
import json, time
from tenants import jobs
from tenants.models import Tenant
from tenants.scope import working_for
from twin.analysis import execution, registry, requesting
from twin.analysis.inputs import asking_by_itself
from twin.analysis.models import Run
from twin.usecases.plan_check import adapter, core
town, use_case = Tenant.objects.get(slug="stadt"), registry.use_cases()["plan-check"]
began = time.monotonic()
with working_for([town.pk], [town.pk]):
    with asking_by_itself(town) as offer:
        form = use_case.form({}, offer=offer)
        assert form.is_valid(), form.errors
        run, _ = requesting.request(use_case, form.question(), title="", tenant=town, actor=None)
    asked = time.monotonic()
    jobs.work_on(run.job_id, execution.work)
    done = Run.objects.get(pk=run.pk)
    assert done.finished_at, done.log
print(json.dumps(dict(asked=asked - began, worked=time.monotonic() - asked, computed=done.seconds, plans=done.summary["plans"], sites=done.summary["sites"],
    found=sum(done.summary[name] for name in ("bars", "weigh", "inform")))))
"""
PEER = """
import json, time
import shapely
from django.db import connection
from tenants.models import Tenant
from tenants.scope import working_for
began = time.monotonic()
with working_for(list(Tenant.objects.values_list("pk", flat=True))), connection.cursor() as cursor:
    cursor.execute("SELECT id, ST_AsBinary(geometry) FROM planning_planobject UNION ALL SELECT -id, ST_AsBinary(area) FROM planning_planversion")
    sites = cursor.fetchall()
    cursor.execute("SELECT dataset_id, ST_AsBinary(geometry) FROM catalogue_feature")
    areas = cursor.fetchall()
drawn, others = shapely.from_wkb([bytes(row[1]) for row in sites]), shapely.from_wkb([bytes(row[1]) for row in areas])
left, right = shapely.STRtree(others).query(drawn, predicate="intersects")
pairs = {}
for site, area, shape in zip(left, right, shapely.intersection(drawn[left], others[right]), strict=True):
    pairs.setdefault((int(site), areas[area][0]), []).append(shape)
wide = [shape for shape in map(shapely.union_all, pairs.values()) if shape.area > 0.1 * shape.length]
print(json.dumps(dict(seconds=time.monotonic() - began, overlaps=len(wide))))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=300)
    parser.add_argument("--areas", type=int, default=10_000)
    options = parser.parse_args()
    with scratch_database(tenants=["stadt"]):
        manage("shell", "-v", "0", code=SETUP.format(plans=options.plans, areas=options.areas))
        analyze()
        ours = json.loads(manage("shell", "-v", "0", code=CHECK))
        peer = json.loads(manage("shell", "-v", "0", code=PEER))
    total = ours["asked"] + ours["worked"]
    print(
        f"{ours['plans']} plans with {ours['sites']} areas against {options.areas} areas: {ours['found']} findings"
    )
    print(
        f"ours     {total:6.2f} s  (asking {ours['asked']:.2f}, reading and computing {ours['computed']:.2f})"
    )
    print(f"shapely  {peer['seconds']:6.2f} s  ({peer['overlaps']} overlaps, nothing else)")
    print(f"ratio    {peer['seconds'] / total:6.2f}")


if __name__ == "__main__":
    main()
