"""The worker's side of planning."""

from celery import shared_task

from planning import uploads
from tenants import jobs
from tenants.tasks import TenantTask


@shared_task(base=TenantTask)
def import_upload(*, tenant_id: int, job_id: int) -> None:
    jobs.work_on(job_id, uploads.work)
    uploads.tidy(job_id)
