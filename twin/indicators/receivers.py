"""What the county is told when a municipality's work goes on."""

from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from tenants.models import Tenant, TenantKind
from twin.analysis.signals import workflow_moved
from twin.indicators.tasks import mirror_workflows


@receiver(workflow_moved)
def tell_county(tenant: Tenant, **kwargs: Any) -> None:
    if tenant.kind == TenantKind.MUNICIPALITY:
        call = partial(mirror_workflows.delay, municipality_id=tenant.pk)
        transaction.on_commit(call, robust=True)  # what got lost is made up for at night
