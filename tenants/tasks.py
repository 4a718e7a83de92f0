"""The worker's side: TenantTask opens the scope from the tenant's id; ids in, one call."""

import time
from typing import Any

from celery import Task, shared_task
from django.utils import timezone

from tenants import files, jobs, outbox, workspace
from tenants.models import Tenant
from tenants.scope import working_for

DAY = 86_400  # seconds


class TenantTask(Task):  # type: ignore[type-arg]
    """A task of one tenant: its keyword argument tenant_id is the scope it works in."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with working_for([kwargs["tenant_id"]], [kwargs["tenant_id"]]):
            return super().__call__(*args, **kwargs)


class CountyTask(Task):  # type: ignore[type-arg]
    """A task of the platform over all tenants (sweepers, nightly aggregates)."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        everyone = list(Tenant.objects.values_list("pk", flat=True))
        with working_for(everyone, everyone):
            return super().__call__(*args, **kwargs)


@shared_task(base=TenantTask)
def send_mail(*, tenant_id: int, message_id: int) -> None:
    outbox.deliver(message_id)


@shared_task(base=CountyTask)
def sweep() -> None:
    """Each minute: jobs whose worker died and what it left on disk, mails that were not sent."""
    jobs.hand_over_dead()
    workspace.sweep()
    for pk in outbox.due(timezone.now()):
        outbox.deliver(pk)


@shared_task(base=CountyTask)
def remove_orphans() -> None:
    """Each night: files that no row names, a day old or older."""
    for pk in Tenant.objects.values_list("pk", flat=True):
        files.remove_orphans(pk, older_than=time.time() - DAY)
