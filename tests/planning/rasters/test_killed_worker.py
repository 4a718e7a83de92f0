"""A worker that dies in the middle of a plan's pictures: the next one goes on with the rest, and nothing is doubled."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from planning import filing
from planning.models import Plan, PlanRaster, RasterState
from planning.papers import Entry
from tenants import files, jobs
from tenants.models import Job, JobState, PrivateFile, Tenant
from tenants.permissions import reach
from tenants.roles import Role
from tenants.scope import acting_for, within, working_for
from tests.factories import pictures
from tests.factories.planning import make_plan
from tests.factories.tenants import TenantFactory, member
from tests.tenants.test_jobs import stored
from tests.workers import kill, until

pytestmark = pytest.mark.django_db(transaction=True)
LARGE = 4000  # pixels along a side: some seconds of work


def large(path: Path) -> Path:
    """Noise, which no compression makes small, turned into another system."""
    pixels = np.random.default_rng(1).integers(0, 255, (3, LARGE, LARGE), dtype=np.uint8)
    return pictures.write(path, pixels, crs="EPSG:25832", transform=pictures.transform_in(25832))


def rasters(plan: Plan) -> list[PlanRaster]:
    with acting_for([plan.tenant_id]):
        return list(PlanRaster.objects.filter(plan=plan).select_related("file").order_by("pk"))


@pytest.mark.slow
def test_rasters_survive_a_killed_worker(
    worker: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    tenant: Tenant = TenantFactory.create()
    plan, planner = make_plan(tenant), member(tenant, Role.PLANNER)
    made = [
        pictures.geotiff(tmp_path / "a.tif"),
        large(tmp_path / "b.tif"),
        pictures.geotiff(tmp_path / "c.tif"),
    ]
    uploads = [SimpleUploadedFile(path.name, path.read_bytes(), "image/tiff") for path in made]
    with within(reach(planner).scope):
        filing.add_documents(plan, list(uploads), actor=planner, entry=Entry(title=""))
        job = Job.objects.get()
    first = worker()
    until(lambda: 0.36 < stored(job).share_done < 0.6, 120)
    kill(first)
    done, *waiting = rasters(plan)
    assert [done.state, *(raster.state for raster in waiting)] == [
        RasterState.READY,
        RasterState.WAITING,
        RasterState.WAITING,
    ]
    assert stored(job).state == JobState.RUNNING
    assert len(list((tmp_path / "work").iterdir())) == 1  # of the picture that was being made

    def handed_over() -> bool:
        with working_for([tenant.pk], [tenant.pk]):
            return jobs.hand_over_dead() == 1

    until(handed_over, 60)
    worker()
    until(lambda: stored(job).is_over, 120)
    assert (stored(job).state, stored(job).attempts) == (JobState.DONE, 2)
    after = rasters(plan)
    assert [raster.state for raster in after] == [RasterState.READY] * 3
    assert after[0].file == done.file  # not made a second time
    with acting_for([tenant.pk]):
        rows = list(PrivateFile.objects.all())
    assert len(rows) == 1 + 3 + 3  # the plan, its pictures as they came, and as they lie on the map
    assert {path for path in (tmp_path / "private").rglob("*") if path.is_file()} == {
        files.path_of(row) for row in rows
    }
    assert list((tmp_path / "work").iterdir()) == []
