"""Stations with series."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.gis.geos import Point

from tenants.models import Tenant
from tenants.scope import acting_for
from twin.sensors import polling, storing
from twin.sensors.feeds.reading import Value
from twin.sensors.models import FeedKind, Series, Station
from twin.sensors.quantities import QUANTITIES


def series_of(
    tenant: Tenant, *, quantity: str = "W", name: str = "Altstadt", public: bool = False, **values: Any
) -> Series:
    """A station with one series. values: of the series."""
    stages = values.pop("stages", ())
    with acting_for([tenant.pk], [tenant.pk]):
        place = Point(385_000, 5_668_000, srid=25833)
        station = Station.objects.create(tenant=tenant, feed=FeedKind.OWN, name=name, water="Triebisch", place=place, is_public=public)  # fmt: skip
        series = Series.objects.create(tenant=tenant, station=station, quantity=quantity, unit=QUANTITIES[quantity].unit, is_public=public, **values)  # fmt: skip
        polling.set_stages(series, stages)
    return series


def measured(series: Series, *values: float, until: datetime, minutes: int = 15) -> storing.Stored:
    """Values up to a moment, stored as if they had just come."""
    first = until - timedelta(minutes=minutes) * (len(values) - 1)
    rows = [Value(first + timedelta(minutes=minutes) * n, value) for n, value in enumerate(values)]
    with acting_for([series.tenant_id], [series.tenant_id]):
        return storing.store(series, rows, now=until)
