"""Gauges in a real Chromium: the public looks at one, on a phone too; a planner adds a sensor."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from tenants.roles import Role
from tenants.scope import acting_for
from tests.browser.conftest import PHONE, Check, Shot
from tests.browser.test_plans import sign_in
from tests.factories.sensors import measured, series_of
from tests.factories.tenants import TenantFactory, member
from twin.sensors.feeds import demo
from twin.sensors.models import Series

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_public_looks_at_a_gauge_and_a_planner_adds_a_sensor(
    desktop: Page, address: str, axe: Check, screenshot: Shot
) -> None:
    tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    now = timezone.now().replace(second=0, microsecond=0)
    series = series_of(tenant, public=True, stages=demo.STAGES, zero=95.0, datum="m ü. NHN")
    moments = [now - timedelta(hours=n) for n in range(31 * 24, -1, -1)]
    measured(series, *(demo.level(at) for at in moments), until=now, minutes=60)
    ahead = [[(now + timedelta(hours=2 * n)).isoformat(), demo.level(now + timedelta(hours=2 * n)), n > 24] for n in range(1, 49)]  # fmt: skip
    with acting_for([tenant.pk], [tenant.pk]):
        Series.objects.filter(pk=series.pk).update(forecast=ahead, forecast_at=now, minutes=60)
    desktop.goto(reverse("sensors:stations"))
    axe(desktop)
    screenshot(desktop, "pegel-liste")
    desktop.click("text=Altstadt (Triebisch)")
    expect(desktop.locator("svg .kz-chart__curve")).to_have_count(2)  # measured and expected
    desktop.click("text=Dieselben Zahlen als Tabelle")
    expect(desktop.locator("table", has_text="Höchster").locator("tbody tr")).to_have_count(32)
    axe(desktop)
    desktop.click("text=Dieselben Zahlen als Tabelle")
    screenshot(desktop, "pegel")
    desktop.set_viewport_size(PHONE)
    assert desktop.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    screenshot(desktop, "pegel-telefon")
    desktop.set_viewport_size({"width": 1280, "height": 800})

    sign_in(desktop, member(tenant, Role.PLANNER), address)
    desktop.goto(reverse("sensors:stations"))
    desktop.click("text=Eigenen Sensor hinzufügen")
    axe(desktop)
    desktop.fill("input[name=name]", "Bachpegel Schulweg")
    desktop.fill("input[name=field]", "distance_mm")
    screenshot(desktop, "sensor-anlegen")
    desktop.click("form.kz-form button:has-text('Hinzufügen')")
    desktop.fill("input[name=name]", "The Things Stack")
    desktop.click("text=Zugriffsschlüssel erstellen")
    expect(desktop.locator("[data-token]")).to_contain_text("kzs_")
    axe(desktop)
    screenshot(desktop, "sensor-zugang")
