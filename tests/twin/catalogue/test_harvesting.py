"""Harvest: what a service describes becomes records, and each run tells what is different."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tenants import jobs
from tenants.models import Job, JobState, Tenant
from tenants.scope import acting_for
from tests.factories import capabilities as samples
from tests.factories.services import Reply, Service
from tests.factories.sources import make_source, records_of
from tests.factories.tenants import TenantFactory
from twin.catalogue import gathering, harvesting
from twin.catalogue.models import Harvest, Record, Source
from twin.catalogue.refusals import SourceRefused

pytestmark = pytest.mark.django_db


def layers(*names: str) -> bytes:
    return samples.wms(*(samples.wms_layer(name, name.title()) for name in names))


def run(source: Source) -> Harvest:
    with acting_for([source.tenant_id], [source.tenant_id]):
        found = harvesting.harvest(source)
        source.refresh_from_db()
    return found


def counts(harvest: Harvest) -> tuple[int, int, int]:
    return harvest.added, harvest.changed, harvest.gone


@pytest.fixture
def source(tenant: Tenant, service: Service) -> Source:
    service.answers["/wms"] = layers("baeume", "wege")
    return make_source(tenant, url=f"{service.url}/wms")


def test_layers_become_records_below_their_service(source: Source) -> None:
    assert counts(run(source)) == (3, 0, 0)
    rows = records_of(source)
    assert set(rows) == {source.url, "baeume", "wege"}
    own, trees = rows[source.url], rows["baeume"]
    assert (own.kind, own.title, own.parent_id) == ("service", "Kartendienst", None)
    assert own.service == {"type": "WMS", "url": source.url, "version": "1.3.0"}
    assert (trees.kind, trees.title, trees.parent_id, trees.publisher) == ("dataset", "Baeume", own.pk, "Stadt Beispiel")  # fmt: skip
    assert trees.service["layer"] == "baeume"
    assert trees.description == "Karten der Stadt."  # the service's own, where the layer has none
    assert trees.extent is not None
    assert (trees.extent.srid, trees.extent.valid) == (25833, True)
    assert [round(side, -3) for side in trees.extent.extent] == [374_000, 5_651_000, 417_000, 5_696_000]
    assert (source.title, source.error) == ("Kartendienst", "")


def test_each_run_tells_what_is_different(source: Source, service: Service) -> None:
    run(source)
    service.answers["/wms"] = samples.wms(samples.wms_layer("wege", "Radwege"), samples.wms_layer("parks"))
    second = run(source)
    assert counts(second) == (1, 1, 1)
    assert second.changes == {"added": ["parks"], "changed": ["Radwege"], "gone": ["Baeume"]}
    rows = records_of(source)
    assert {name for name, row in rows.items() if row.is_gone} == {"baeume"}
    assert rows["wege"].title == "Radwege"
    service.answers["/wms"] = layers("baeume", "wege", "parks")
    assert run(source).changes["added"] == ["Baeume"]
    assert records_of(source)["baeume"].is_gone is False
    assert records_of(source)["baeume"].public_id == rows["baeume"].public_id  # links to it hold


def test_what_did_not_change_is_not_compared_again(source: Source) -> None:
    run(source)
    with CaptureQueriesContext(connection) as queries:
        assert counts(run(source)) == (0, 0, 0)
    assert [query for query in queries.captured_queries if "catalogue_record" in query["sql"]] == []


def test_run_costs_as_many_queries_for_more_layers(tenant: Tenant, service: Service) -> None:
    def needed(number: int) -> int:
        service.answers[f"/{number}"] = layers(*(f"ebene{one}" for one in range(number)))
        source = make_source(tenant, url=f"{service.url}/{number}")
        with CaptureQueriesContext(connection) as queries:
            run(source)
        return len(queries)

    assert needed(3) == needed(150)


def test_failed_run_keeps_all_and_says_why(source: Source, service: Service) -> None:
    run(source)
    service.answers["/wms"] = b"<html><head><title>Wartung</title></head></html>"
    with acting_for([source.tenant_id], [source.tenant_id]):
        with pytest.raises(SourceRefused, match="Wartung"):
            harvesting.harvest(source)
        failed = Harvest.objects.filter(source=source).first()
        source.refresh_from_db()
    assert failed is not None
    assert (failed.ok, "Wartung" in failed.error, "Wartung" in source.error) == (False, True, True)
    assert not any(row.is_gone for row in records_of(source).values())
    service.answers["/wms"] = layers("baeume", "wege")
    run(source)
    assert source.error == ""


def test_names_that_come_twice_or_are_long_stay_apart(source: Source, service: Service) -> None:
    long = "x" * 499
    service.answers["/wms"] = layers("a", "a", "a", long + "1", long + "2")
    assert counts(run(source)) == (6, 0, 0)
    assert {"a", "a (2)", "a (3)"} <= set(records_of(source))
    assert counts(run(source)) == (0, 0, 0)


def test_catalogue_is_read_page_by_page_up_to_the_limit(
    tenant: Tenant, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(parameters: dict[str, str]) -> bytes:
        if parameters["REQUEST"] == "GetCapabilities":
            return samples.csw()
        start = int(parameters["startPosition"])
        page = [samples.record(str(number), f"Satz {number}") for number in range(start, start + 10)]
        return samples.records(*page, total=25_000, following=start + 10)

    service.answers["/csw"] = answer
    monkeypatch.setattr(gathering, "MOST_ENTRIES", 30)
    source = make_source(tenant, url=f"{service.url}/csw", kind="CSW")
    found = run(source)
    assert (found.added, found.ok) == (31, True)
    assert "30" in found.error
    assert records_of(source)["7"].attribution == "Stadt Beispiel"


def test_catalogue_that_leads_in_circles_ends(tenant: Tenant, service: Service) -> None:
    service.answers["/daten"] = samples.turtle(["a"], following=f"{service.url}/daten2")
    service.answers["/daten2"] = samples.turtle(["b"], following=f"{service.url}/daten")
    source = make_source(tenant, url=f"{service.url}/daten", kind="DCAT")
    assert counts(run(source)) == (3, 0, 0)
    assert len(service.asked) == 2


def test_ogc_api_is_read_from_its_landing_page(tenant: Tenant, service: Service) -> None:
    service.answers["/api"] = samples.landing(f"{service.url}/api")
    service.answers["/api/collections"] = samples.collections("baeume", "wege")
    source = make_source(tenant, url=f"{service.url}/api", kind="OAF")
    assert counts(run(source)) == (3, 0, 0)
    assert records_of(source)["baeume"].service["url"] == f"{service.url}/api"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Reply(b"", 302, {"Location": "http://localhost:1/"}), "privaten Netz"),
        (Reply(b"", 302, {"Location": "http://169.254.169.254/latest/meta-data"}), "privaten Netz"),
        (Reply(b"", 302, {"Location": "file:///etc/passwd"}), "keine Adresse"),
        (Reply(b"Wer da?", 401), "401"),
        (Reply(samples.wms(), 500), "500"),
        (Reply(b" " * (17 << 20)), "zu groß"),
        (Reply(b" " * (50 << 20)), "zu groß"),
        (b"<a/>", "kein Dienst-"),
        (samples.wfs(), "anderer Art"),
        (b"", "leer"),
    ],
)
def test_what_is_no_answer_is_told_in_words(source: Source, service: Service, answer: Any, words: str) -> None:  # fmt: skip
    service.answers["/wms"] = answer
    with pytest.raises(SourceRefused, match=words):
        run(source)
    assert records_of(source) == {}


def test_service_that_hangs_is_left(source: Source, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(gathering, "PAGE_SECONDS", 0.3)
    service.answers["/wms"] = Reply(layers("a"), seconds=3)
    with pytest.raises(SourceRefused, match="rechtzeitig"):
        run(source)


def test_own_network_is_closed_unless_named(source: Source, service: Service, settings: LazySettings) -> None:  # fmt: skip
    settings.TRUSTED_HOSTS = []
    with pytest.raises(SourceRefused, match="privaten Netz"):
        run(source)
    assert service.asked == []


def test_pasted_address_is_recognised(service: Service) -> None:
    service.answers["/dienst"] = lambda asked: samples.wfs(samples.wfs_type("a")) if asked.get("SERVICE") == "WFS" else None  # fmt: skip
    found = gathering.look(f"{service.url}/dienst?request=GetCapabilities&token=x")
    assert (found.kind, found.url) == ("WFS", f"{service.url}/dienst?token=x")


def test_records_of_a_public_source_are_public(tenant: Tenant, service: Service) -> None:
    service.answers["/wms"] = layers("baeume")
    source = make_source(tenant, url=f"{service.url}/wms", is_public=True)
    run(source)
    with acting_for([]):
        assert Record.objects.filter(source=source).count() == 2


def command(*arguments: str) -> tuple[int, dict[str, Any]]:
    out = StringIO()
    code = 0
    try:
        call_command("harvest", *arguments, "--json", stdout=out)
    except CommandError as error:
        code = error.returncode
    return code, json.loads(out.getvalue())


@pytest.mark.django_db(transaction=True)
def test_command_harvests_an_address_and_again(service: Service) -> None:
    tenant = TenantFactory.create()
    service.answers["/wms"] = layers("baeume", "wege")
    code, report = command(f"{service.url}/wms?service=WMS", "--tenant", tenant.slug, "--kind", "WMS")
    assert (code, report["ok"], report["added"], report["entries"], report["kind"]) == (0, True, 3, 2, "WMS")
    service.answers["/wms"] = layers("baeume")
    code, again = command(f"{service.url}/wms", "--tenant", tenant.slug)
    assert (again["source"], again["added"], again["gone"]) == (report["source"], 0, 1)


@pytest.mark.django_db(transaction=True)
def test_command_refuses_what_it_cannot_read(service: Service, tmp_path: Path) -> None:
    tenant = TenantFactory.create()
    service.answers["/wms"] = layers("baeume")
    assert command(f"{service.url}/wms", "--tenant", tenant.slug, "--kind", "WFS")[0] == 1
    assert command(str(tmp_path / "fehlt.xml"), "--tenant", tenant.slug)[0] == 1
    with pytest.raises(CommandError, match="niemand"):
        call_command("harvest", "x", "--tenant", "niemand")
    with acting_for([tenant.pk]):
        assert not Source.objects.filter(tenant=tenant).exists()


@pytest.mark.django_db(transaction=True)
def test_real_updates_of_a_service_are_told_apart(shared_data: Path) -> None:
    """The three documents are one service before and after; told by hand: node1.1.3 goes; node1.1.2 moves."""
    tenant = TenantFactory.create()
    folder = shared_data / "catalogue/harvest"
    code, first = command(str(folder / "capabilities_wms_fixture_1.3.0.xml"), "--tenant", tenant.slug)
    assert (code, first["added"]) == (0, 9)
    name = "capabilities_wms_one_removed_layer_update_fixture_1.3.0.xml"
    code, second = command(str(folder / name), "--tenant", tenant.slug)
    assert (second["source"], second["added"], second["gone"]) == (first["source"], 0, 1)


@pytest.mark.django_db(transaction=True)
def test_real_service_with_179_layers_is_harvested(shared_data: Path) -> None:
    tenant = TenantFactory.create()
    path = str(shared_data / "services/dwd_wms_1.3.0_capabilities.xml")
    code, report = command(path, "--tenant", tenant.slug)
    assert (code, report["entries"], report["added"]) == (0, 178, 179)
    assert command(path, "--tenant", tenant.slug)[1]["changed"] == 0
    with acting_for([tenant.pk]):
        source = Source.objects.get(tenant=tenant)
    assert source.active is False  # who reads a file wants no server asked


def test_jobs_of_old_runs_are_removed_and_other_jobs_stay(source: Source) -> None:
    now = timezone.now()
    with acting_for([source.tenant_id], [source.tenant_id]):
        harvesting.start(source, actor=None)
        jobs.start("tests.other", tenant=source.tenant, actor=None, title="other", params={})
        assert harvesting.tidy(now + timedelta(days=365)) == 0  # it has not ended
        Job.objects.update(state=JobState.DONE, finished_at=now)
        assert harvesting.tidy(now + timedelta(days=29)) == 0
        assert harvesting.tidy(now + timedelta(days=31)) == 1
        assert [job.task for job in Job.objects.all()] == ["tests.other"]
