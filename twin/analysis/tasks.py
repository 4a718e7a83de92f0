"""The worker's side of analyses."""

from celery import shared_task
from django.utils import timezone

from tenants import jobs
from tenants.tasks import CountyTask, TenantTask
from tenants.turns import take_turn as take
from twin.analysis import alerting, checkpoints, execution, printing, workflows
from twin.analysis.models import OPEN, Run
from twin.analysis.requesting import TASK


@shared_task
def take_turn(*, tenant_id: int, job_id: int) -> None:
    """One message, one analysis: that of the tenant whose turn it is, not the one that the message was sent for."""
    take([TASK], execution.work)


@shared_task(base=CountyTask)
def tidy() -> None:
    """Each night."""
    checkpoints.tidy(Run.objects.filter(job__state__in=OPEN).values_list("public_id", flat=True))


@shared_task(base=CountyTask)
def remind() -> None:
    """Each working day: whose step of a workflow is due."""
    workflows.remind(timezone.localdate())


@shared_task(base=CountyTask)
def tell_lost() -> None:
    """When something was withdrawn, and each night for what else can get lost (removed, no longer shared)."""
    alerting.tell_lost()


@shared_task(base=TenantTask)
def print_report(*, tenant_id: int, job_id: int) -> None:
    jobs.work_on(job_id, printing.work)
