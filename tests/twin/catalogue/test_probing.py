"""Watching services: what counts as an answer, what is written down, who is told and when."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from tenants import outbox
from tenants.models import OutboxMessage, Tenant
from tenants.roles import Role
from tenants.scope import acting_for, working_for
from tests.factories import capabilities as samples
from tests.factories.services import Reply, Service
from tests.factories.sources import make_harvested, make_source, picture
from tests.factories.tenants import TenantFactory, member
from tests.tenants.test_jobs import queue, waiting
from twin.catalogue import harvesting, probing, tasks
from twin.catalogue.models import Probe, Source

__all__ = ["queue"]
pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
LAYERS = samples.wms(samples.wms_layer("baeume"), samples.wms_layer("wege"))
BLANK, DRAWN = picture("white"), picture("white", "green")


def wms(picture: Any) -> Callable[[dict[str, str]], Any]:
    return lambda asked: LAYERS if asked["REQUEST"] == "GetCapabilities" else picture


def harvested(tenant: Tenant, service: Service, path: str, kind: str) -> Source:
    source = make_source(tenant, url=f"{service.url}{path}", kind=kind, title=f"Dienst {path}")
    with acting_for([tenant.pk], [tenant.pk]):
        harvesting.harvest(source)
    service.asked.clear()
    return source


def look(source: Source, *, at: datetime = NOW) -> list[tuple[str, bool]]:
    with acting_for([source.tenant_id], [source.tenant_id]):
        found = probing.probe(source, at=at)
        source.refresh_from_db()
    return [(one.check_name, one.ok) for one in found]


def message(source: Source) -> str:
    with acting_for([source.tenant_id]):
        row = Probe.objects.filter(source=source).first()
    assert row is not None
    return f"{row.status or '-'} {row.message}"


# --- what counts as an answer


def test_wms_is_asked_for_a_map_of_its_layers(tenant: Tenant, service: Service) -> None:
    service.answers["/wms"] = wms(DRAWN)
    source = harvested(tenant, service, "/wms", "WMS")
    assert look(source) == [("capabilities", True), ("map", True)]
    _, asked = service.asked[-1]
    box = [float(side) for side in asked.pop("BBOX").split(",")]
    assert asked == {"SERVICE": "WMS", "REQUEST": "GetMap", "VERSION": "1.3.0", "LAYERS": "baeume,wege", "STYLES": ",", "WIDTH": "64", "HEIGHT": "64", "FORMAT": "image/png", "TRANSPARENT": "TRUE", "CRS": "EPSG:25833"}  # fmt: skip
    assert box == pytest.approx([373_699, 5_650_510, 416_524, 5_695_845], abs=1)
    assert (source.is_up, source.failures, source.probed_at) == (True, 0, NOW)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (BLANK, "200 Die Karte ist leer."),
        (picture("white", "green", size=32), "200 Die Karte hat nicht die angeforderte Größe."),
        (b'<ServiceExceptionReport><ServiceException>Ebene fehlt</ServiceException></ServiceExceptionReport>', "200 Der Dienst antwortet mit einem Fehler. (Ebene fehlt)"),
        (DRAWN[:80], "200 Die Antwort ist nicht lesbar: Sie ist kein einwandfreies XML, JSON oder Turtle."),
        (Reply(DRAWN, 503), "503 Der Server antwortet mit Status 503."),
        (LAYERS, "200 Die Antwort beschreibt kein Dienst- oder Katalogformat, das hier bekannt ist."),
    ],
)  # fmt: skip
def test_map_that_shows_nothing_is_a_failure(tenant: Tenant, service: Service, answer: Any, words: str) -> None:  # fmt: skip
    service.answers["/wms"] = wms(answer)
    source = harvested(tenant, service, "/wms", "WMS")
    assert look(source) == [("capabilities", True), ("map", False)]
    with acting_for([tenant.pk]):
        row = Probe.objects.get(source=source, check_name="map")
    assert f"{row.status} {row.message}" == words
    assert (source.is_up, source.failures) == (False, 1)


def test_wfs_is_asked_for_a_feature(tenant: Tenant, service: Service) -> None:
    answers = {"GetCapabilities": samples.wfs(samples.wfs_type("app:baum")), "GetFeature": b"<wfs:FeatureCollection xmlns:wfs='x'/>"}  # fmt: skip
    service.answers["/wfs"] = lambda asked: answers[asked["REQUEST"]]
    source = harvested(tenant, service, "/wfs", "WFS")
    assert look(source) == [("capabilities", True), ("feature", True)]
    assert service.asked[-1][1] == {"SERVICE": "WFS", "REQUEST": "GetFeature", "VERSION": "2.0.0", "TYPENAMES": "app:baum", "COUNT": "1"}  # fmt: skip
    answers["GetFeature"] = b"<ows:ExceptionReport xmlns:ows='x'>kaputt</ows:ExceptionReport>"
    assert look(source, at=NOW + timedelta(hours=1))[1] == ("feature", False)


def test_ogc_api_is_asked_for_an_item(tenant: Tenant, service: Service) -> None:
    service.answers["/api"] = samples.landing(f"{service.url}/api")
    service.answers["/api/collections"] = samples.collections("baeume")
    service.answers["/api/collections/baeume/items"] = {"type": "FeatureCollection", "features": []}
    source = harvested(tenant, service, "/api", "OAF")
    assert look(source) == [("capabilities", True), ("items", True)]
    assert service.asked[-1][1] == {"limit": "1", "f": "json"}
    service.answers["/api/collections/baeume/items"] = {"code": "500", "description": "kaputt"}
    assert look(source, at=NOW + timedelta(hours=1))[1] == ("items", False)


def test_catalogue_is_asked_for_its_description_alone(tenant: Tenant, service: Service) -> None:
    service.answers["/daten"] = samples.turtle(["a"])
    assert look(harvested(tenant, service, "/daten", "DCAT")) == [("capabilities", True)]


def test_service_that_hangs_or_redirects_inside_fails(tenant: Tenant, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    source = make_source(tenant, url=f"{service.url}/wms")
    monkeypatch.setattr(probing, "SECONDS", 0.3)
    service.answers["/wms"] = Reply(LAYERS, seconds=2)
    assert look(source) == [("capabilities", False)]
    assert message(source) == "- Der Server antwortet nicht rechtzeitig."
    service.answers["/wms"] = Reply(b"", 302, {"Location": "http://localhost:6379/"})
    look(source, at=NOW + timedelta(hours=1))
    assert message(source).startswith("- Der Server liegt in einem privaten Netz.")


# --- who is told


def posted(tenant: Tenant) -> list[tuple[str, str]]:
    with acting_for([tenant.pk]):
        return [(row.recipient, row.subject) for row in OutboxMessage.objects.order_by("pk")]


def test_administrators_are_told_once_of_failure_and_return(tenant: Tenant, service: Service) -> None:
    admin = member(tenant, Role.MUNICIPAL_ADMIN)
    member(tenant, Role.PLANNER)
    member(TenantFactory.create(), Role.MUNICIPAL_ADMIN)
    source = make_source(tenant, url=f"{service.url}/wms", title="Karten")
    hours = iter(range(100))

    def probes(answer: Any, times: int) -> None:
        service.answers["/wms"] = answer
        for _ in range(times):
            look(source, at=NOW + timedelta(hours=next(hours)))

    probes(None, 2)
    probes(LAYERS, 1)
    probes(None, 2)  # a service that comes and goes is no news
    assert posted(tenant) == []
    probes(None, 4)
    assert posted(tenant) == [(admin.email, "Dienst antwortet nicht: Karten")]
    probes(LAYERS, 3)
    assert posted(tenant)[1:] == [(admin.email, "Dienst antwortet wieder: Karten")]
    probes(None, 3)
    assert len(posted(tenant)) == 3  # the next failure is news again
    with acting_for([tenant.pk], [tenant.pk]):
        for row in OutboxMessage.objects.all():
            outbox.deliver(row.pk)
    assert "status 404" in mail.outbox[0].body.lower()
    assert source.get_absolute_url() in mail.outbox[0].body


# --- when


def due(at: datetime, tenant: Tenant) -> set[str]:
    with acting_for([tenant.pk]):
        return {source.title for source in probing.due_for_probe(at)}


def test_a_service_is_due_when_its_pause_is_over(tenant: Tenant) -> None:
    past = NOW - timedelta(minutes=30)
    make_source(tenant, title="neu", url="https://a.example")
    make_source(tenant, title="lange her", url="https://b.example", probed_at=past, probe_minutes=30)
    make_source(tenant, title="eben erst", url="https://c.example", probed_at=past, probe_minutes=31)
    make_source(tenant, title="ruht", url="https://d.example", active=False)
    make_source(tenant, title="Datei", url="file:wms.xml")
    assert due(NOW, tenant) == {"neu", "lange her"}
    with acting_for([tenant.pk]):
        assert {row.title for row in probing.due_for_harvest(NOW)} == {"neu", "lange her", "eben erst"}


@pytest.mark.django_db(transaction=True)
def test_each_minute_gives_what_is_due_to_the_worker_once(queue: str) -> None:
    tenant = TenantFactory.create()
    make_source(tenant, url="https://a.example", harvested_at=timezone.now())
    tasks.watch()
    assert waiting(queue) == 1
    tasks.watch()
    assert waiting(queue) == 1
    with acting_for([tenant.pk], [tenant.pk]):
        Source.objects.update(harvested_at=None)
    tasks.watch()
    assert waiting(queue) == 2


@pytest.mark.django_db(transaction=True)
def test_worker_harvests_and_probes(service: Service, queue: str) -> None:
    tenant = TenantFactory.create()
    service.answers["/wms"] = wms(DRAWN)
    source = make_source(tenant, url=f"{service.url}/wms")
    with working_for([tenant.pk], [tenant.pk]):
        job = harvesting.start(source, actor=None)
    tasks.harvest_source(tenant_id=tenant.pk, job_id=job.pk)
    tasks.probe_source(tenant_id=tenant.pk, source_id=source.pk)
    with acting_for([tenant.pk]):
        job.refresh_from_db()
        source.refresh_from_db()
    assert (job.state, job.result, source.is_up) == ("done", {"added": 3, "changed": 0, "gone": 0}, True)
    service.answers["/wms"] = None
    with working_for([tenant.pk], [tenant.pk]):
        job = harvesting.start(source, actor=None)
    tasks.harvest_source(tenant_id=tenant.pk, job_id=job.pk)
    with acting_for([tenant.pk]):
        job.refresh_from_db()
        assert source.harvests.count() == 2
    assert (job.state, "404" in job.error) == ("failed", True)


def test_old_probes_are_thinned_out(tenant: Tenant) -> None:
    source = make_harvested(tenant, "a")
    ages = [timedelta(minutes=5), timedelta(days=1), timedelta(days=3), timedelta(days=3, minutes=5), timedelta(days=3, minutes=10), timedelta(days=32)]  # fmt: skip
    with acting_for([tenant.pk], [tenant.pk]):
        for ok in (True, False):
            for age in ages:
                at = NOW + timedelta(minutes=30) - age
                Probe.objects.create(tenant=tenant, source=source, at=at, ok=ok, check_name="map", milliseconds=5)  # fmt: skip
        probing.tidy(NOW + timedelta(minutes=30))
        kept = [Probe.objects.filter(ok=ok).count() for ok in (True, False)]
    assert kept == [3, 5]  # of three good ones in an hour the first stays, of bad ones all
