"""GeoPackages of large datasets: made by the worker for the first who asks, then kept for all until the next version."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants import files, jobs
from tenants.errors import JobFailed, QuotaExceeded
from tenants.jobs import Progress
from tenants.models import Job, JobState, PrivateFile
from tenants.workspace import workspace
from twin.catalogue import exporting
from twin.catalogue.models import Dataset

TASK = "twin.catalogue.tasks.package_dataset"
AT_ONCE = 20_000  # features that are written inside a request; some seconds
_AGAIN = timedelta(hours=1)  # after one that failed, or whose file is gone
GPKG = "application/geopackage+sqlite3"


def package_of(dataset: Dataset) -> PrivateFile | None:
    """The package of the current version. None: not there yet, the worker makes it. Needs the tenant's scope to write."""
    Dataset.objects.select_for_update(of=("self",)).get(
        pk=dataset.pk
    )  # of two who ask at once one starts the job
    made = Job.objects.filter(task=TASK, params__version=dataset.current_version_id).order_by("-pk").first()
    if made is not None and made.state == JobState.DONE:
        file: PrivateFile | None = PrivateFile.objects.filter(pk=made.result["file"]).first()
        if file is not None:
            return file
    if made is None or (made.finished_at and made.finished_at < timezone.now() - _AGAIN):
        params = {"dataset": dataset.pk, "version": dataset.current_version_id}
        jobs.start(TASK, tenant=dataset.tenant, actor=None, title=dataset.title, params=params)
    return None


def work(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Raises JobFailed."""
    dataset = Dataset.objects.filter(pk=job.params["dataset"], current_version=job.params["version"]).first()
    if dataset is None:
        raise JobFailed(_("There is a newer version of the dataset."))
    with workspace() as folder:
        target = folder / f"{dataset.slug}.gpkg"
        exporting.write_geopackage(dataset, target, tell=progress)
        try:
            with target.open("rb") as source:
                file = files.store(source, tenant=job.tenant, name=target.name, content_type=GPKG)
        except QuotaExceeded as error:
            raise JobFailed(_("The storage space of %s would not suffice.") % error) from error
    return {"file": file.pk}


def tidy() -> int:
    """Remove packages of versions that are no longer current, with their jobs; returns how many."""
    current = set(Dataset.objects.exclude(current_version=None).values_list("current_version", flat=True))
    ended = Job.objects.filter(task=TASK).exclude(finished_at=None)
    old = [job for job in ended if job.params["version"] not in current]
    for job in old:
        _remove(job)
    return len(old)


@transaction.atomic
def _remove(job: Job) -> None:
    for file in PrivateFile.objects.filter(pk=job.result.get("file")):
        files.remove(file)
    job.delete()
