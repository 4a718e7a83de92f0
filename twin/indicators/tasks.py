"""The nightly recomputation over all tenants."""

from celery import shared_task
from django.utils import timezone

from tenants.models import Tenant, TenantKind
from tenants.tasks import CountyTask
from twin.indicators import delivering, snapshots, working
from twin.indicators.formulas import Month


@shared_task(base=CountyTask)
def take_month(*, month: str) -> None:
    """Compute one month, `YYYY-MM`."""
    snapshots.take(Month.parse(month), at=timezone.now())


@shared_task(base=CountyTask)
def take_nightly() -> None:
    """Deliveries as they are now; then the running month and the one before, whose last day may just have ended. Nothing before a county is set up."""
    if not Tenant.objects.filter(kind=TenantKind.COUNTY).exists():
        return
    now = timezone.now()
    delivering.check(on=timezone.localdate(now))
    month = Month.containing(now)
    for one in (month.back(1), month):
        snapshots.take(one, at=now)
    working.mirror_all()


@shared_task(base=CountyTask)
def mirror_workflows(*, municipality_id: int) -> None:
    working.mirror(Tenant.objects.defer("boundary").get(pk=municipality_id))
