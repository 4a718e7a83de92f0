"""The worker's side of gauges and sensors."""

from functools import partial

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from tenants.tasks import CountyTask, TenantTask
from twin.catalogue.scheduling import claim
from twin.sensors import polling, publishing
from twin.sensors.models import Station


@shared_task(base=TenantTask)
def poll_station(*, tenant_id: int, station_id: int) -> None:
    station = Station.objects.select_related("tenant").filter(pk=station_id).first()
    if station is not None:
        polling.poll(station, now=timezone.now())


@shared_task(base=CountyTask)
def poll_due() -> None:
    """Each minute: give the gauges that are due to the worker, each once."""
    now = timezone.now()
    for station in polling.due_for_poll(now):
        if claim(station, last="polled_at", at=now):
            poll_station.delay(tenant_id=station.tenant_id, station_id=station.pk)


@shared_task(base=TenantTask)
def spread_visibility(*, tenant_id: int, station_id: int) -> None:
    publishing.spread(station_id)


@shared_task(base=CountyTask)
def spread_all() -> None:
    """Each night: what a lost message has left as it was."""
    for pk in list(Station.objects.values_list("pk", flat=True)):
        publishing.spread(pk)


def poll_soon(station: Station) -> None:
    """After commit, and whatever the broker does: the schedule comes anyway."""
    call = partial(poll_station.delay, tenant_id=station.tenant_id, station_id=station.pk)
    transaction.on_commit(call, robust=True)
