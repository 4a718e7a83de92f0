"""Tasks for the worker that the job tests start as a real process (`celery --include tests.tenants.worker_tasks`)."""

import time
from collections.abc import Mapping
from typing import Any

from celery import shared_task

from tenants import jobs
from tenants.models import Job
from tenants.tasks import TenantTask

STEPS = 40


@shared_task(base=TenantTask, name="tests.count")
def count(*, tenant_id: int, job_id: int) -> None:
    """Counts slowly and keeps how far it came; `began_at` tells from where each attempt went on."""
    jobs.work_on(job_id, _count)


def _count(job: Job, progress: jobs.Progress) -> Mapping[str, Any]:
    begin = int(job.checkpoint.get("done", 0))
    for number in range(begin, STEPS):
        time.sleep(job.params["pause"])
        progress((number + 1) / STEPS, f"step {number + 1}", checkpoint={"done": number + 1})
    return {"began_at": begin, "done": STEPS}
