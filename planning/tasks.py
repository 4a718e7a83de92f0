"""The worker's side of planning."""

from celery import shared_task
from django.utils import timezone

from planning import (
    batching,
    drafting,
    legacywork,
    printing,
    proceedings,
    rastering,
    upgradework,
    uploads,
    validating,
)
from tenants import jobs
from tenants.tasks import CountyTask, TenantTask


@shared_task(base=TenantTask)
def import_upload(*, tenant_id: int, job_id: int) -> None:
    jobs.work_on(job_id, uploads.work)
    legacywork.note_import(job_id)
    uploads.tidy(job_id)
    drafting.conclude(job_id)


@shared_task(base=TenantTask)
def take_apart(*, tenant_id: int, job_id: int) -> None:
    jobs.work_on(job_id, batching.work)


@shared_task(base=TenantTask)
def check_version(*, tenant_id: int, job_id: int) -> None:
    jobs.work_on(job_id, validating.work)


@shared_task(base=TenantTask)
def upgrade_version(*, tenant_id: int, job_id: int) -> None:
    jobs.work_on(job_id, upgradework.work)


@shared_task(base=TenantTask)
def print_drawing(*, tenant_id: int, job_id: int) -> None:
    jobs.work_on(job_id, printing.work)


@shared_task(base=TenantTask)
def prepare_legacy(*, tenant_id: int, job_id: int) -> None:
    jobs.work_on(job_id, legacywork.work)


@shared_task(base=TenantTask)
def prepare_rasters(*, tenant_id: int, job_id: int) -> None:
    jobs.work_on(job_id, rastering.work)


@shared_task(base=CountyTask)
def refresh_standings() -> None:
    """Each night after midnight."""
    proceedings.refresh_reached(on=timezone.localdate())
