"""The worker's side of the catalogue."""

from functools import partial

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from tenants import jobs
from tenants.tasks import CountyTask, TenantTask
from twin.catalogue import harvesting, packaging, probing, publishing, refreshing, uploads
from twin.catalogue.models import Dataset, Source
from twin.catalogue.scheduling import claim


@shared_task(base=TenantTask)
def look_into_upload(*, tenant_id: int, job_id: int) -> None:
    jobs.work_on(job_id, uploads.look)


@shared_task(base=TenantTask)
def import_upload(*, tenant_id: int, job_id: int) -> None:
    jobs.work_on(job_id, uploads.import_)


@shared_task(base=TenantTask)
def set_visibility(*, tenant_id: int, job_id: int) -> None:
    jobs.work_on(job_id, publishing.work)


@shared_task(base=TenantTask)
def package_dataset(*, tenant_id: int, job_id: int) -> None:
    jobs.work_on(job_id, packaging.work)


@shared_task(base=TenantTask)
def refresh_dataset(*, tenant_id: int, dataset_id: int) -> None:
    refreshing.refresh(Dataset.objects.select_related("tenant", "current_version").get(pk=dataset_id))


@shared_task(base=CountyTask)
def refresh_due() -> None:
    """Every few minutes: give the datasets that are due to the worker, each once."""
    now = timezone.now()
    for dataset in refreshing.due_for_refresh(now):
        if claim(dataset, last="refreshed_at", at=now):
            refresh_dataset.delay(tenant_id=dataset.tenant_id, dataset_id=dataset.pk)


@shared_task(base=TenantTask)
def harvest_source(*, tenant_id: int, job_id: int) -> None:
    jobs.work_on(job_id, harvesting.work)


@shared_task(base=TenantTask)
def probe_source(*, tenant_id: int, source_id: int) -> None:
    source = Source.objects.filter(pk=source_id).first()
    if source is not None:
        probing.probe(source, at=timezone.now())


def probe_soon(source: Source) -> None:
    """After commit, and whatever the broker does: the schedule comes anyway."""
    call = partial(probe_source.delay, tenant_id=source.tenant_id, source_id=source.pk)
    transaction.on_commit(call, robust=True)


@shared_task(base=CountyTask)
def watch() -> None:
    """Each minute: give the services that are due to the worker, each once."""
    now = timezone.now()
    for source in probing.due_for_probe(now):
        if claim(source, last="probed_at", at=now):
            probe_source.delay(tenant_id=source.tenant_id, source_id=source.pk)
    for source in probing.due_for_harvest(now).select_related("tenant").defer("tenant__boundary"):
        if claim(source, last="harvested_at", at=now):
            harvesting.start(source, actor=None)


@shared_task(base=CountyTask)
def tidy_probes() -> None:
    """Each night."""
    now = timezone.now()
    probing.tidy(now)
    harvesting.tidy(now)


@shared_task(base=CountyTask)
def tidy_uploads() -> None:
    """Each night, after the orphans."""
    uploads.tidy(timezone.now())
    packaging.tidy()
