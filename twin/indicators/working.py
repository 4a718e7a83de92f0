"""How far the municipalities are with their workflows, as the county may know it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.timezone import localdate

from tenants.models import Tenant, TenantKind
from twin.analysis.models import Workflow
from twin.indicators.models import WorkflowState

KEPT = timedelta(days=365)  # since a workflow was finished


@transaction.atomic
def mirror(municipality: Tenant) -> None:
    """Bring the county's rows of this municipality up to date. The caller reads and writes all tenants; without a county nothing happens."""
    county = Tenant.objects.filter(kind=TenantKind.COUNTY).first()
    if county is None:
        return
    # of two at once the second reads what the first has seen, and what came after it
    Tenant.objects.select_for_update(no_key=True).only("pk").get(pk=municipality.pk)
    known = Q(closed_at__isnull=True) | Q(closed_at__gte=timezone.now() - KEPT)
    found = Workflow.objects.filter(known, tenant=municipality).prefetch_related("steps")
    rows = [_state(workflow, county) for workflow in found]
    kept = [row.workflow for row in rows]
    WorkflowState.objects.filter(municipality=municipality).exclude(workflow__in=kept).delete()
    WorkflowState.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=("tenant", "workflow"),
        update_fields=("step", "since", "due"),
    )


def _state(workflow: Any, county: Tenant) -> WorkflowState:
    steps = list(workflow.steps.all())
    current = next((step for step in steps if step.done_at is None), None)
    before: list[datetime] = [step.done_at for step in steps if step.done_at]
    return WorkflowState(
        tenant=county,
        municipality_id=workflow.tenant_id,
        workflow=workflow.public_id,
        use_case=workflow.use_case,
        step=current.kind if current else "",
        begun_on=localdate(workflow.created_at),
        since=localdate(max(before, default=workflow.created_at)),
        due=current and (current.due or steps[-1].due),
    )


def mirror_all() -> None:
    for municipality in Tenant.objects.filter(kind=TenantKind.MUNICIPALITY).defer("boundary"):
        mirror(municipality)
