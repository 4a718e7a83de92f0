"""A flood of the demo's Elbe: ground and water levels of a town, and its published answer, which a citizen goes through with the slider."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from django.conf import settings

from tenants import jobs
from tenants.models import Tenant
from twin.analysis import execution, registry, services, terrain
from twin.analysis.forms import data_of
from twin.analysis.inputs import asking_by_itself
from twin.analysis.models import Run
from twin.analysis.terrain import Frame
from twin.catalogue.importing import Order, import_file
from twin.catalogue.models import Dataset
from twin.demo import valley
from twin.demo.people import planner_of
from twin.demo.seeding.datasets import FLOOD_AREA, describe
from twin.sensors.feeds import demo

TOWN, USE_CASE = "meissen", "river-flood"
GROUND, LEVELS = "Geländemodell der Elbaue", "Wasserspiegellagen der Elbe"
TITLE = "Wie weit reicht die Elbe? (Demo)"


def seed_river() -> None:
    """What is there stays as it is."""
    town = Tenant.objects.get(slug=TOWN)
    if Run.objects.filter(tenant=town, use_case=USE_CASE, is_public=True).exists():
        return
    area = shapely.from_wkb(bytes(town.boundary.wkb)) if town.boundary else shapely.Polygon()
    with tempfile.TemporaryDirectory(prefix="kz-demo-") as folder:
        _delivered(town, _ground(Path(folder) / "gelaende.tif", area), GROUND, "Höhen des Geländes in m.")
        _delivered(town, _levels(Path(folder) / "wasserspiegel.gpkg", area), LEVELS, "Wasserspiegel nach Abfluss in m über NHN.")  # fmt: skip
    run = _asked(town)
    assert run.job_id is not None  # noqa: S101 - it was asked just now
    jobs.work_on(run.job_id, execution.work)
    services.publish_run(Run.objects.get(pk=run.pk), actor=planner_of(TOWN))


def _delivered(town: Tenant, path: Path, title: str, words: str) -> None:
    if not Dataset.objects.filter(tenant=town, title=title).exists():
        version = import_file(path, order=Order(town, planner_of(TOWN), path.name, title=title))
        describe(version, words, public=True)


def _ground(path: Path, area: Any) -> Path:
    found = valley.ground(area)
    part = Frame(found.west, found.north, valley.CELL, *found.heights.shape)
    terrain.write(found.heights, path, part=part, srid=settings.TWIN_SRID)
    return path


def _levels(path: Path, area: Any) -> Path:
    """Points with a column for each class of discharge."""
    places, km = valley.places(area)
    columns = {"km": km, **{f"W_{name}": np.round(level, 2) for name, level in valley.levels(km).items()}}
    pyogrio.raw.write(path, shapely.to_wkb(shapely.points(places)), list(columns.values()), list(columns), geometry_type="Point", crs=f"EPSG:{settings.TWIN_SRID}")  # fmt: skip
    return path


def _asked(town: Tenant) -> Run:
    use_case, person = registry.use_cases()[USE_CASE], planner_of(TOWN)
    known = dict(
        Dataset.objects.filter(title__in=(GROUND, LEVELS, FLOOD_AREA)).values_list("title", "public_id")
    )
    asked = {
        "elevation": known[GROUND],
        "cell": f"{valley.CELL:g}",
        "levels": known[LEVELS],
        "official": known[FLOOD_AREA],
        "gauge": demo.NAME,
        "gauge_zero": demo.ZERO,
        "gauge_station": valley.GAUGE,
    }
    with asking_by_itself(town) as offer:
        form = use_case.form(data_of(asked), offer=offer)
        assert form.is_valid(), form.errors  # noqa: S101 - it is our own
        return services.request_run(use_case, form.question(), title=TITLE, tenant=town, actor=person)[0]
