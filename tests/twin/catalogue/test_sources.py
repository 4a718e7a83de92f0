"""Pages of foreign services: who sees and does what, and how much a list costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tenants.models import AuditEvent, Job, Tenant, User
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories import capabilities as samples
from tests.factories.services import Service
from tests.factories.sources import make_harvested, make_source
from tests.factories.tenants import TenantFactory, member
from twin.catalogue import uptime
from twin.catalogue.models import Harvest, Probe, Record, Source

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ACTS = ("harvest_source", "probe_source", "open_source", "remove_source", "source_settings")


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def planner(client: Client, tenant: Tenant) -> Client:
    return signed_in(client, member(tenant, Role.PLANNER))


def text(client: Client, name: str, *arguments: Any, **query: str) -> str:
    response = client.get(reverse(f"catalogue:{name}", args=arguments), query)
    assert response.status_code == 200
    return response.content.decode()


def probe(source: Source, *, ok: bool = True, hours: float = 1, **fields: Any) -> None:
    with acting_for([source.tenant_id], [source.tenant_id]):
        Probe.objects.create(tenant=source.tenant, source=source, at=timezone.now() - timedelta(hours=hours), check_name="map", ok=ok, milliseconds=120, is_public=source.is_public, **fields)  # fmt: skip


def test_service_is_looked_at_then_registered(planner: Client, tenant: Tenant, service: Service) -> None:
    service.answers["/wms"] = samples.wms(samples.wms_layer("baeume", "Bäume"), title="Grünkarten")
    address = reverse("catalogue:register_source")
    form = {"url": f"{service.url}/wms?SERVICE=WMS&REQUEST=GetCapabilities", "title": "", "use": "base"}
    seen = planner.post(address, form)
    assert "Grünkarten" in seen.content.decode()
    assert "Bäume" in seen.content.decode()
    with acting_for([tenant.pk]):
        assert not Source.objects.exists()
    done = planner.post(address, {**form, "register": "1"})
    with acting_for([tenant.pk]):
        source = Source.objects.get()
        job = Job.objects.get(task="twin.catalogue.tasks.harvest_source")
        assert AuditEvent.objects.filter(action="register_source").exists()
    assert done.headers["Location"] == source.get_absolute_url()
    assert (source.title, source.kind, source.use, source.url) == ("Grünkarten", "WMS", "base", f"{service.url}/wms")  # fmt: skip
    assert job.params == {"source": source.pk}
    again = planner.post(address, {**form, "register": "1"})
    assert (again.status_code, "bereits angemeldet" in again.content.decode()) == (400, True)


@pytest.mark.parametrize("url", ["", "x", "http://localhost:1/", "http://10.0.0.1/wms", "javascript:alert(1)", "file:///etc/passwd", "http://[", "ftp://a.de/"])  # fmt: skip
def test_what_is_no_service_is_refused(planner: Client, tenant: Tenant, url: str) -> None:
    response = planner.post(reverse("catalogue:register_source"), {"url": url, "use": "overlay", "register": "1"})  # fmt: skip
    assert response.status_code == 400
    with acting_for([tenant.pk]):
        assert not Source.objects.exists()


def test_page_shows_layers_runs_and_probes_to_own_people(planner: Client, tenant: Tenant) -> None:
    source = make_harvested(tenant, "baeume", "wege", title="Karten")
    probe(source, ok=False, message="Die Karte ist leer.")
    page = text(planner, "source", source.public_id)
    for word in ("Baeume", "Wege", "Die Karte ist leer.", "3 neu, 0 geändert, 0 entfallen", "Jetzt abrufen"):
        assert word in page, word


def test_public_sees_state_and_layers_and_nothing_inside(client: Client, tenant: Tenant) -> None:
    source = make_harvested(tenant, "baeume", title="Offene Karten", is_public=True)
    hidden = make_harvested(tenant, "geheim", title="Geheime Karten", url="https://intern.example/wms")
    probe(source, ok=False, message="interner Grund")
    page, state = text(client, "source", source.public_id), text(client, "status")
    assert "Baeume" in page
    assert "Offene Karten" in state
    for word in ("interner Grund", "Jetzt abrufen", "3 neu"):
        assert word not in page, word
    assert "Geheim" not in state
    assert client.get(hidden.get_absolute_url()).status_code == 404


def test_neighbours_and_colleagues_without_the_role_change_nothing(client: Client, tenant: Tenant) -> None:
    source = make_harvested(tenant, "baeume", is_public=True)
    for person, wanted in (
        (member(TenantFactory.create(), Role.PLANNER), 404),
        (member(tenant, Role.MODERATOR), 403),
    ):
        signed_in(client, person)
        for name in ACTS:
            response = client.post(reverse(f"catalogue:{name}", args=[source.public_id]), {"public": "0"})
            assert response.status_code == wanted, (name, person)
    with acting_for([tenant.pk]):
        assert Source.objects.get().is_public
        assert Job.objects.count() == 0
    client.logout()
    for name in ACTS:
        assert client.post(reverse(f"catalogue:{name}", args=[source.public_id])).status_code == 302


def test_neighbours_list_holds_own_services_alone(client: Client, tenant: Tenant) -> None:
    make_harvested(tenant, "geheim", title="Fremde Karten", is_public=True)
    neighbour = TenantFactory.create()
    make_harvested(neighbour, "eigen", title="Eigene Karten")
    page = text(signed_in(client, member(neighbour, Role.PLANNER)), "sources")
    assert ("Eigene Karten" in page, "Fremde Karten" in page) == (True, False)


def test_opening_a_service_opens_its_records_and_probes(planner: Client, tenant: Tenant) -> None:
    source = make_harvested(tenant, "baeume")
    probe(source)

    def public() -> list[int]:
        with acting_for([]):
            return [Source.objects.count(), Record.objects.count(), Probe.objects.count(), Harvest.objects.count()]  # fmt: skip

    assert public() == [0, 0, 0, 0]
    planner.post(reverse("catalogue:open_source", args=[source.public_id]), {"public": "1"})
    assert public() == [1, 2, 1, 0]
    planner.post(reverse("catalogue:open_source", args=[source.public_id]), {"public": "0"})
    assert public() == [0, 0, 0, 0]


def test_settings_are_saved_within_bounds(planner: Client, tenant: Tenant) -> None:
    source = make_source(tenant, title="Karten")
    address = reverse("catalogue:source_settings", args=[source.public_id])
    values = {"title": "Neu", "use": "none", "active": "", "harvest_hours": "48", "probe_minutes": "5"}
    assert planner.post(address, {**values, "probe_minutes": "1"}).status_code == 200
    assert planner.post(address, values).status_code == 302
    with acting_for([tenant.pk]):
        source.refresh_from_db()
        event = AuditEvent.objects.get(action="change_source")
    assert (source.title, source.use, source.active, source.harvest_hours, source.probe_minutes) == ("Neu", "none", False, 48, 5)  # fmt: skip
    assert (event.before["title"], event.after["title"]) == ("Karten", "Neu")


def test_removed_service_takes_all_of_its_rows_along(planner: Client, tenant: Tenant) -> None:
    source, other = make_harvested(tenant, "a", "b"), make_harvested(tenant, "c", url="https://b.example/wms")
    probe(source)
    planner.post(reverse("catalogue:remove_source", args=[source.public_id]))
    with acting_for([tenant.pk]):
        assert list(Source.objects.all()) == [other]
        assert Record.objects.count() == 2
        assert (Probe.objects.count(), Harvest.objects.count()) == (0, 1)


def test_second_request_joins_the_harvest_under_way(planner: Client, tenant: Tenant) -> None:
    source = make_source(tenant)
    for _ in range(2):
        planner.post(reverse("catalogue:harvest_source", args=[source.public_id]))
    with acting_for([tenant.pk]):
        assert Job.objects.count() == 1


@pytest.mark.parametrize("name", ["sources", "status"])
def test_lists_cost_as_many_queries_for_more_services(planner: Client, tenant: Tenant, name: str) -> None:
    def needed() -> int:
        text(planner, name)
        with CaptureQueriesContext(connection) as queries:
            text(planner, name)
        return len(queries)

    def add(number: int) -> None:
        probe(make_harvested(tenant, "a", "b", title=str(number), url=f"https://{number}.example/", is_public=True))  # fmt: skip

    add(1)
    one = needed()
    add(2)
    add(3)
    assert needed() == one


def test_availability_counts_hours_not_probes(tenant: Tenant) -> None:
    source = make_source(tenant)
    today = timezone.localdate()
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
    with acting_for([tenant.pk], [tenant.pk]):
        for minutes, ok in ((0, True), (20, False), (40, False), (60, True), (120, True), (180, True)):
            Probe.objects.create(tenant=tenant, source=source, at=noon + timedelta(minutes=minutes), check_name="map", ok=ok, milliseconds=100 + minutes)  # fmt: skip
        found = uptime.histories([source.pk], today=today)[source.pk]
    assert len(found.days) == 30
    assert (found.percent, found.failures, found.milliseconds) == (75.0, [today - timedelta(days=1)], 190)
    assert [day.level for day in found.days[-2:]] == ["part", "none"]


def test_hostile_words_of_a_service_stay_words(client: Client, tenant: Tenant) -> None:
    source = make_harvested(tenant, "x", title="&lt;script&gt;alert(1)&lt;/script&gt;", is_public=True)
    assert source.title == "&lt;script&gt;alert(1)&lt;/script&gt;"
    page = text(client, "source", source.public_id)
    assert "<script>alert(1)" not in page
