"""Jobs that wait for the same few workers: tenant after tenant, so that fifty of one don't keep the others waiting.

A message to the worker then says that there is something to do, not what: whoever takes it does the job whose turn it is. There are as
many messages as jobs, so none is left over.
"""

from collections.abc import Sequence

from django.db.models import Count, Max, Q

from tenants import jobs
from tenants.models import Job, JobState, Tenant
from tenants.scope import working_for


def take_turn(tasks: Sequence[str], work: jobs.Work) -> bool:
    """Do the next job of these tasks; False where none waits. Opens the scopes it needs: to look, of all; to work, of one tenant."""
    everyone = list(Tenant.objects.values_list("pk", flat=True))
    with working_for(everyone):
        waiting = order(tasks)
    for job_id, tenant_id in waiting:
        with working_for([tenant_id], [tenant_id]):
            if jobs.work_on(job_id, work):
                return True
    return False


def order(tasks: Sequence[str]) -> list[tuple[int, int]]:
    """(job, tenant) of those that wait, the next one first: of the tenant with the fewest under way, then of the one whose last turn is
    longest ago, and of its jobs the oldest. Needs a scope that reads all tenants."""
    rows = Job.objects.filter(task__in=tasks)
    waiting = list(rows.filter(state=JobState.QUEUED).order_by("pk").values_list("pk", "tenant_id"))
    turns = (
        rows.filter(tenant__in={tenant for _, tenant in waiting})
        .order_by()
        .values("tenant")
        .annotate(busy=Count("pk", filter=Q(state=JobState.RUNNING)), last=Max("started_at"))
    )
    rank = {row["tenant"]: (row["busy"], row["last"].timestamp() if row["last"] else 0.0) for row in turns}
    return sorted(waiting, key=lambda job: (*rank[job[1]], job[0]))
