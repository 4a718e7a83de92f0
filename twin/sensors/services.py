"""What a person does with gauges and sensors."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tenants import events
from tenants.errors import Refused
from tenants.invitations import hashed
from tenants.models import Tenant, User
from tenants.permissions import require
from tenants.scope import acting_for
from twin.sensors import polling, publishing, receiving, tasks
from twin.sensors.models import FeedKind, Observation, SensorToken, Series, Station, Subscription
from twin.sensors.quantities import QUANTITIES

ACTS = {True: "publish_station", False: "withdraw_station"}
MOST_TOKENS = 20  # of one station


@transaction.atomic
def register_gauge(  # noqa: PLR0913 - a gauge is named by these
    tenant: Tenant, *, feed: str, number: str, stages_number: str = "", actor: User, now: datetime
) -> Station:
    """A gauge of another authority, asked at once for all that its source still holds. Raises Refused; NoSuchStages for the second number."""
    require(actor, "harvest", tenant)
    found = polling.read(feed, number, since={}, now=now)
    stages = polling.stages_by(stages_number, now=now) if stages_number else polling.stages_in(found)
    station, created = Station.objects.get_or_create(
        tenant=tenant,
        feed=feed,
        number=found.number,
        defaults={"name": found.name or found.number, "water": found.water, "stages_number": stages_number, "polled_at": now},
    )  # fmt: skip
    if not created:
        raise Refused(_("This gauge is registered already: %s") % station)
    polling.take(station, found, stages=stages, now=now)
    _record("register_gauge", station, actor, after=events.state_of(station, "feed", "number", "name"))
    return station


@transaction.atomic
def add_sensor(
    tenant: Tenant, *, station: Mapping[str, Any], series: Mapping[str, Any], actor: User
) -> Station:
    """A place with a sensor of the tenant's own and the first thing it measures. station: name, water, place; series: see add_series."""
    require(actor, "harvest", tenant)
    row = Station.objects.create(tenant=tenant, feed=FeedKind.OWN, **station)
    _record("add_sensor", row, actor, after={"name": row.name, "quantity": series["quantity"]})
    add_series(row, actor=actor, **series)
    return row


@transaction.atomic
def add_series(
    station: Station, *, quantity: str, stages: tuple[float, ...], actor: User, **values: Any
) -> Series:
    """values: field, factor, shift, minutes, zero. Raises Refused where the station measures it already."""
    require(actor, "harvest", station)
    station = Station.objects.select_for_update(no_key=True).get(pk=station.pk)  # as public as it is now
    if Series.objects.filter(station=station, quantity=quantity).exists():
        raise Refused(_("This is measured at the station already."))
    series = Series.objects.create(
        tenant_id=station.tenant_id,
        station=station,
        quantity=quantity,
        unit=QUANTITIES[quantity].unit,
        is_public=station.is_public,
        **values,
    )
    polling.set_stages(series, stages)
    _record("add_series", station, actor, after={"quantity": quantity, "stages": list(stages), **values})
    return series


@transaction.atomic
def change_series(series: Series, *, stages: tuple[float, ...], actor: User, **values: Any) -> None:
    """What comes from now on is read so. values: field, factor, shift, minutes."""
    require(actor, "harvest", series)
    before = events.state_of(series, *values)
    Series.objects.filter(pk=series.pk).update(**values)
    polling.set_stages(series, stages)
    after = {"stages": list(stages), **values}
    _record("change_series", series.station, actor, before=before, after=after)


@transaction.atomic
def change_station(station: Station, *, actor: User, now: datetime, **values: Any) -> None:
    """values: name, water, place, active, stages_number. Raises NoSuchStages."""
    require(actor, "harvest", station)
    number = values.get("stages_number", "")
    if number and number != station.stages_number:
        polling.stages_by(number, now=now)
    before = events.state_of(station, *values)
    for name, value in values.items():
        setattr(station, name, value)
    station.save(update_fields=list(values))
    _record("change_station", station, actor, before=before, after=values)


@transaction.atomic
def open_station(station: Station, *, actor: User, public: bool) -> None:
    """Show a station with its values to everybody, or to nobody outside any more."""
    require(actor, "publish_dataset", station)
    row = Station.objects.select_for_update().get(pk=station.pk)
    if row.is_public == public:
        return
    publishing.set_visible(row, visible=public)
    _record(ACTS[public], row, actor, after={"is_public": public})
    spread = partial(tasks.spread_visibility.delay, tenant_id=row.tenant_id, station_id=row.pk)
    transaction.on_commit(spread, robust=True)  # what got lost is made up for at night


@transaction.atomic
def remove_station(station: Station, *, actor: User) -> None:
    """With all its values."""
    require(actor, "harvest", station)
    _record("remove_station", station, actor, before=events.state_of(station, "feed", "number", "name"))
    # a value that comes in meanwhile waits and finds no series: observations have no key to it that would hold them
    Station.objects.select_for_update().get(pk=station.pk)
    series = list(Series.objects.select_for_update().filter(station=station).values_list("pk", flat=True))
    Observation.objects.filter(series__in=series)._raw_delete("default")
    station.delete()


@transaction.atomic
def make_token(station: Station, *, name: str, actor: User) -> str:
    """A token for a sensor of the station; returned once and never again. Raises Refused."""
    require(actor, "harvest", station)
    Station.objects.select_for_update().get(pk=station.pk)  # two requests at once come one by one
    if SensorToken.objects.filter(station=station).count() >= MOST_TOKENS:
        raise Refused(_("The station has twenty tokens. Please revoke one that you need no more."))
    secret = receiving.new_secret(station.tenant)
    token = SensorToken.objects.create(
        tenant_id=station.tenant_id, station=station, name=name, token_hash=hashed(secret)
    )
    events.audit("make_sensor_token", tenant_id=token.tenant_id, thing=token, actor=actor, after={"name": name, "station": str(station)})  # fmt: skip
    return secret


@transaction.atomic
def revoke_token(token: SensorToken, *, actor: User) -> None:
    """Its sensor can send nothing any more."""
    require(actor, "harvest", token)
    events.audit("revoke_sensor_token", tenant_id=token.tenant_id, thing=token, actor=actor, before={"name": token.name})  # fmt: skip
    token.delete()


@transaction.atomic
def subscribe(station: Station, *, actor: User, wanted: bool) -> None:
    """Have a mail sent to oneself when an alarm stage is reached, or no more. For people of the tenant."""
    require(actor, "view", station)
    with acting_for([station.tenant_id], [station.tenant_id]):  # also for those who may else only read
        if wanted:
            Subscription.objects.get_or_create(tenant_id=station.tenant_id, station=station, user=actor)
        else:
            Subscription.objects.filter(station=station, user=actor).delete()


def _record(action: str, station: Station, actor: User, **values: Any) -> None:
    events.audit(action, tenant_id=station.tenant_id, thing=station, actor=actor, **values)
