"""The demo's gauge, which goes on measuring by itself, and a rain gauge of a town; all values are invented."""

import math
from datetime import datetime, timedelta

from tenants.models import Tenant
from twin.demo.people import planner_of
from twin.sensors import publishing, services, storing
from twin.sensors.feeds import demo
from twin.sensors.feeds.reading import Value
from twin.sensors.models import FeedKind, Series, Station
from twin.sensors.polling import place_of

TOWN = "meissen"
RAIN = "Regenmesser Bauhof"
_DAYS = 31


def seed_gauges(now: datetime) -> None:
    """What is there stays as it is."""
    town, person = Tenant.objects.get(slug=TOWN), planner_of(TOWN)
    if not Station.objects.filter(tenant=town, feed=FeedKind.DEMO).exists():
        gauge = services.register_gauge(town, feed=FeedKind.DEMO, number=demo.NUMBER, actor=person, now=now)
        _open(gauge)
    if not Station.objects.filter(tenant=town, name=RAIN).exists():
        place = {"name": RAIN, "water": "", "place": place_of(13.4783, 51.1563)}
        series = {"quantity": "rain", "field": "rain", "stages": (), "minutes": 60}
        station = services.add_sensor(town, station=place, series=series, actor=person)
        hours = (
            now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=n) for n in range(24 * _DAYS)
        )
        storing.store(Series.objects.get(station=station), [Value(at, _rain(at)) for at in hours], now=now)
        _open(station)


def _open(station: Station) -> None:
    """At once: no worker runs yet."""
    publishing.set_visible(station, visible=True)
    publishing.spread(station.pk)


def _rain(at: datetime) -> float:
    """mm in an hour: a front every five days or so, with showers."""
    hours = at.timestamp() / 3600
    front = max(0.0, math.sin(math.tau * hours / 117) - 0.75) * 12
    return round(front * (0.6 + 0.4 * math.sin(math.tau * hours / 3.7)), 1)
