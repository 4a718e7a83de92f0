"""Foreign services in a real Chromium: look, register, read, watch; state for everybody; phone."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from tenants.models import Job
from tenants.roles import Role
from tenants.scope import acting_for
from tests.browser.conftest import PHONE, Check, Shot
from tests.browser.test_plans import sign_in
from tests.factories import capabilities as samples
from tests.factories.services import serving
from tests.factories.sources import make_harvested
from tests.factories.tenants import TenantFactory, member
from tests.tenants.test_jobs import queue
from twin.catalogue import harvesting, tasks
from twin.catalogue.models import Probe, Source

__all__ = ["queue"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def watched(source: Source) -> None:
    """Twenty-eight days of probes with a bad day, a bad hour, and two days without any."""
    now = timezone.now().replace(minute=0)
    with acting_for([source.tenant_id], [source.tenant_id]):
        Probe.objects.bulk_create(
            Probe(
                tenant=source.tenant,
                source=source,
                at=now - timedelta(days=day, hours=hour),
                check_name="map",
                ok=not (day == 5 or (day == 12 and hour == 1)),
                message="Die Karte ist leer." if day == 5 else "",
                milliseconds=90 + 7 * day,
                is_public=source.is_public,
            )
            for day in range(28)
            for hour in range(3)
        )
        Source.objects.filter(pk=source.pk).update(is_up=True, probed_at=now)


def test_planner_registers_a_service_and_everybody_sees_its_state(
    desktop: Page, address: str, axe: Check, screenshot: Shot, queue: str, settings: LazySettings
) -> None:
    tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    sign_in(desktop, member(tenant, Role.PLANNER), address)
    desktop.goto(reverse("catalogue:sources"))
    axe(desktop)
    with serving() as service:
        settings.TRUSTED_HOSTS = [service.host]
        layers = [samples.wms_layer(f"ebene{number}", f"Ebene {number}") for number in range(12)]
        service.answers["/wms"] = samples.wms(*layers, title="Geobasiskarten der Stadt")
        desktop.click("text=Dienst anmelden")
        desktop.fill("input[name=url]", f"{service.url}/wms?SERVICE=WMS&REQUEST=GetCapabilities")
        desktop.click("text=Nachsehen, was dort liegt")
        expect(desktop.locator("#found")).to_contain_text("Geobasiskarten der Stadt")
        axe(desktop)
        screenshot(desktop, "dienst-anmelden")
        desktop.click("button[name=register]")
        desktop.wait_for_selector("[data-kz-job]")
        axe(desktop)
        screenshot(desktop, "dienst-laeuft")
        with acting_for([tenant.pk]):
            job = Job.objects.get(task=harvesting.TASK)
        tasks.harvest_source(tenant_id=tenant.pk, job_id=job.pk)
    expect(desktop.locator("text=Ebene 11").first).to_be_visible()  # the page learns of it by itself
    with acting_for([tenant.pk]):
        source = Source.objects.get()
    watched(source)
    desktop.click("text=Öffentlich zeigen")
    axe(desktop)
    screenshot(desktop, "dienst")
    make_harvested(tenant, "luftbild", title="Luftbilder", url="https://b.example/wms")
    desktop.goto(reverse("catalogue:sources"))
    axe(desktop)
    screenshot(desktop, "dienste")


def test_state_of_services_on_a_phone(phone: Page, axe: Check, screenshot: Shot) -> None:
    tenant = TenantFactory.create(name="Meißen", slug="meissen", ags="14627140")
    for title in ("Luftbilder", "Topographische Karten mit einem langen Namen"):
        watched(make_harvested(tenant, "a", "b", title=title, url=f"https://{title[:4]}.example/wms", is_public=True))  # fmt: skip
    phone.goto(reverse("catalogue:status"))
    assert phone.viewport_size == PHONE
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(phone)
    screenshot(phone, "dienste-stand-phone")
    phone.click("text=Luftbilder")
    phone.click("text=Tag für Tag")
    phone.wait_for_load_state()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(phone)
    screenshot(phone, "dienst-phone")
