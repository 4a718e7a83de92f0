"""Gauges on the map of the twin."""

import json
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tenants.models import Tenant
from tenants.scope import acting_for
from tests.factories.sensors import measured, series_of
from tests.factories.tenants import TenantFactory, county
from twin.analysis.models import Run
from twin.sensors.models import Series

pytestmark = pytest.mark.django_db
BOX = "384000,5667000,386000,5669000"  # around the factory's place


@pytest.fixture
def gauge(tenant: Tenant) -> Series:
    series = series_of(tenant, public=True, stages=(110.0, 500.0))
    measured(series, 100, 104, 108, 112, until=timezone.now() - timedelta(minutes=1))
    return series


def features(client: Client, tenant: Tenant, box: str = BOX) -> list[dict[str, str]]:
    answer = client.get(reverse("viewer:gauges", args=[tenant.slug]), {"bbox": box})
    return [one["properties"] for one in answer.json()["features"]]


def test_gauges_are_a_layer_of_their_town_and_of_the_county(client: Client, gauge: Series) -> None:
    whole, other = county(), TenantFactory.create()
    for town, number in ((whole, 1), (gauge.tenant, 1), (other, 0)):
        page = client.get(reverse("viewer:map"), {"ort": town.slug}).content.decode()
        found = [json.loads(unescape(part.split('"')[0])) for part in page.split('data-layer="')[1:]]
        assert len([one for one in found if one["key"] == "pegel"]) == len(features(client, town)) == number


def test_gauge_says_level_trend_and_stage(client: Client, gauge: Series) -> None:
    (told,) = features(client, gauge.tenant)
    assert told["Messstelle"] == "Altstadt (Triebisch)"
    assert told["Wasserstand"].startswith("112 cm, steigend, ")
    assert told["Alarm"] == "Alarmstufe 1"
    assert told["Seite"].endswith(gauge.station.get_absolute_url())
    assert features(client, gauge.tenant, "0,0,1,1") == []


def test_internal_gauges_are_not_on_the_map_and_nonsense_is_nowhere(client: Client, tenant: Tenant) -> None:
    series_of(tenant, name="Geheim")
    assert features(client, tenant) == []
    for box in ("", "1,2,3", "nan,0,1,1", "2,2,1,1"):
        assert client.get(reverse("viewer:gauges", args=[tenant.slug]), {"bbox": box}).status_code == 404


def test_map_costs_the_same_for_one_and_three(client: Client, tenant: Tenant) -> None:
    counts = []
    for name in "AB":
        measured(series_of(tenant, public=True, name=name), 50, 51, until=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            features(client, tenant)
        counts.append(len(queries))
        measured(series_of(tenant, public=True, name=f"{name}2"), 50, 51, until=timezone.now())
    assert len(set(counts)) == 1


def test_gauge_leads_to_the_flood_map_of_its_river_at_its_level(client: Client, gauge: Series) -> None:
    now = timezone.now()
    facts = {"use_case": "river-flood", "finished_at": now, "created_at": now}
    with acting_for([gauge.tenant_id], [gauge.tenant_id]):
        for name, public in (("Altstadt", False), ("altstadt", True), ("Riesa", True)):
            run = Run.objects.create(tenant=gauge.tenant, title=name, is_public=public, summary={"gauge": name}, **facts)  # fmt: skip
            if name == "altstadt":
                wanted = f"{run.get_absolute_url()}?wert=112#map"
    (told,) = features(client, gauge.tenant)
    assert told["Was bei diesem Wasserstand unter Wasser stünde"].endswith(wanted)
    page = client.get(gauge.station.get_absolute_url()).content.decode()
    assert f'href="{wanted}"' in page
    assert page.count("?wert=") == 1
    elsewhere = series_of(gauge.tenant, public=True, name="Oberau")
    measured(elsewhere, 50, 51, until=now)
    assert "?wert=" not in client.get(elsewhere.station.get_absolute_url()).content.decode()
