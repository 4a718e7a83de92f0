"""Pages and downloads of datasets: what strangers see, what staff does."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from django.test import Client

from tenants import files, jobs
from tenants.models import AuditEvent, Job, PrivateFile, Tenant
from tenants.roles import Role
from tenants.scope import acting_for, working_for
from tests.factories.catalogue import arrival, deliver, make_dataset, square
from tests.factories.tenants import TenantFactory, county, member
from twin.catalogue import exporting, packaging
from twin.catalogue.models import Dataset

pytestmark = pytest.mark.django_db(transaction=True)
DOWNLOADS = ("daten.geojson", "daten.csv", "daten.gpkg", "karte.geojson")


@pytest.fixture
def tenant(transactional_db: None) -> Tenant:
    found: Tenant = TenantFactory.create()
    return found


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def stored(dataset: Dataset) -> Dataset:
    with acting_for([dataset.tenant_id]):
        dataset.refresh_from_db()
    return dataset


def test_stranger_sees_a_public_dataset_and_its_downloads(client: Client, tenant: Tenant, tmp_path: Path) -> None:  # fmt: skip
    address = make_dataset(tenant, public=True, features=3).get_absolute_url()
    page = client.get(address)
    assert (page.status_code, len(page.context["table"]), "versions" in page.context) == (200, 3, False)
    features = json.loads(content(client.get(f"{address}daten.geojson")))["features"]
    assert [feature["properties"]["nummer"] for feature in features] == [0, 1, 2]
    rows = list(csv.reader(io.StringIO(content(client.get(f"{address}daten.csv")).decode("utf-8-sig")), delimiter=";"))  # fmt: skip
    assert (rows[0], len(rows)) == (["name", "nummer", "geometrie_wkt_epsg25833"], 4)
    path = tmp_path / "d.gpkg"
    answer = client.get(f"{address}daten.gpkg")
    path.write_bytes(content(answer))
    answer.close()
    info = pyogrio.read_info(path)
    assert (info["features"], info["crs"], list(info["fields"])) == (3, "EPSG:25833", ["name", "nummer"])
    assert len(client.get(f"{address}karte.geojson").json()["features"]) == 3


def test_geopackage_of_a_large_dataset_is_made_once_by_the_worker(client: Client, tenant: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(packaging, "AT_ONCE", 2)
    dataset = make_dataset(tenant, public=True, features=3)
    address = f"{dataset.get_absolute_url()}daten.gpkg"
    for _again in range(2):
        answer = client.get(address)
        assert (answer.status_code, answer["Retry-After"]) == (503, "10")
        assert "wird vorbereitet" in answer.content.decode()
    with working_for([tenant.pk], [tenant.pk]):
        (job,) = Job.objects.filter(task=packaging.TASK)
        jobs.work_on(job.pk, packaging.work)
        assert packaging.tidy() == 0
    answer = client.get(address)
    path = tmp_path / "d.gpkg"
    path.write_bytes(content(answer))
    answer.close()
    assert pyogrio.read_info(path)["features"] == 3
    deliver(dataset, arrival("1", {"name": "neu"}))
    with working_for([tenant.pk], [tenant.pk]):
        file = files.path_of(PrivateFile.objects.get())
        assert (file.exists(), packaging.tidy()) == (True, 1)
        assert (file.exists(), PrivateFile.objects.count(), Job.objects.count()) == (False, 0, 0)


def test_geopackage_of_a_large_internal_dataset_is_made_for_nobody_else(client: Client, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(packaging, "AT_ONCE", 2)
    dataset = make_dataset(tenant, features=3)
    assert client.get(f"{dataset.get_absolute_url()}daten.gpkg").status_code == 404
    with acting_for([tenant.pk]):
        assert Job.objects.count() == 0


def test_internal_dataset_is_not_there_for_strangers(client: Client, tenant: Tenant) -> None:
    address = make_dataset(tenant).get_absolute_url()
    client.force_login(member(TenantFactory.create(), Role.MUNICIPAL_ADMIN))
    for path in ("", *DOWNLOADS, "versionen/1/"):
        assert client.get(f"{address}{path}").status_code == 404
    for path in ("veroeffentlichen/", "zurueckziehen/", "freigeben/", "loeschen/", "versionen/1/wiederherstellen/"):  # fmt: skip
        assert client.post(f"{address}{path}").status_code == 404


def test_cells_that_a_spreadsheet_would_run_are_defused(client: Client, tenant: Tenant) -> None:
    dataset = make_dataset(tenant, public=True)
    deliver(dataset, arrival("1", {"name": "=cmd()", "nummer": 1}))
    text = content(client.get(f"{dataset.get_absolute_url()}daten.csv")).decode("utf-8-sig")
    assert text.splitlines()[1].startswith("'=cmd();1;")


def test_heading_that_a_spreadsheet_would_run_is_defused(client: Client, tenant: Tenant) -> None:
    dataset = make_dataset(tenant, public=True)
    deliver(dataset, arrival("1", {"=cmd()": "x"}))
    text = content(client.get(f"{dataset.get_absolute_url()}daten.csv")).decode("utf-8-sig")
    assert text.startswith("'=cmd();")


def test_geopackage_keeps_types_where_values_are_missing(tenant: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(
        "twin.catalogue.exporting._PART", 2
    )  # the missing ones come in parts of their own, too
    dataset = make_dataset(tenant)
    values: list[Any] = [(1, 0.5), (None, None), (3, None), (None, 4.5), (None, None)]
    deliver(dataset, *(arrival(str(nr), {"zahl": whole, "wert": part}, square(nr)) for nr, (whole, part) in enumerate(values)))  # fmt: skip
    with acting_for([tenant.pk]):
        version = dataset.datasetversions.get(number=2)
        version.fields = [{"name": name, "label": name, "type": kind} for name, kind in (("zahl", "integer"), ("wert", "number"))]  # fmt: skip
        dataset.current_version = version
        exporting.write_geopackage(dataset, tmp_path / "d.gpkg")
    _meta, _ids, shapes, (whole, part) = pyogrio.raw.read(tmp_path / "d.gpkg")
    assert len(shapes) == 5
    assert [None if value != value else value for value in map(float, whole)] == [1, None, 3, None, None]
    assert [None if value != value else value for value in part] == [0.5, None, None, 4.5, None]


def test_staff_publishes_with_a_licence_and_withdraws(client: Client, tenant: Tenant) -> None:
    dataset = make_dataset(tenant)
    client.force_login(member(tenant, Role.PLANNER))
    address = dataset.get_absolute_url()
    page = client.post(f"{address}veroeffentlichen/", {"licence": "cc-zero"}, follow=True).content.decode()
    assert "Sagen Sie, was die Daten sind" in page
    assert not stored(dataset).is_public
    client.post(f"{address}veroeffentlichen/", {"licence": "cc-zero", "description": "Alle Bäume."})
    assert stored(dataset).is_public
    record = Client().get(address).context["record"]
    assert (record.licence, record.description) == ("cc-zero", "Alle Bäume.")
    client.post(f"{address}zurueckziehen/")
    assert Client().get(address).status_code == 404


def test_staff_shares_with_the_county_and_ends_it(client: Client, tenant: Tenant) -> None:
    dataset, lkr = make_dataset(tenant), county()
    reader = Client()
    reader.force_login(member(lkr, Role.COUNTY_ANALYST))
    address = dataset.get_absolute_url()
    client.force_login(member(tenant, Role.PLANNER))
    client.post(f"{address}freigeben/", {"tenant": lkr.slug})
    answers = [reader.get(f"{address}{path}") for path in ("", *DOWNLOADS)]
    assert [(answer.status_code, len(content(answer)) > 100) for answer in answers] == [(200, True)] * 5
    for answer in answers:
        answer.close()
    assert client.get(address).context["holders"] == [lkr]
    client.post(f"{address}freigabe-beenden/", {"tenant": lkr.slug})
    assert reader.get(address).status_code == 404


def test_staff_says_what_the_areas_mean_in_law(client: Client, tenant: Tenant) -> None:
    dataset = make_dataset(tenant, public=True)
    address = dataset.get_absolute_url()
    client.force_login(member(TenantFactory.create(), Role.PLANNER))
    assert client.post(f"{address}bedeutung/", {"role": "floodplain"}).status_code == 404
    client.force_login(member(tenant, Role.PLANNER))
    client.post(f"{address}bedeutung/", {"role": "floodplain"})
    client.logout()
    assert "Festgesetztes Überschwemmungsgebiet (§ 76 Abs. 2 WHG)" in client.get(address).content.decode()
    client.force_login(member(tenant, Role.PLANNER))
    answer = client.post(f"{address}bedeutung/", {"role": "unknown"}, follow=True)
    assert ("unknown" in answer.content.decode(), stored(dataset).role) == (True, "floodplain")
    with acting_for([tenant.pk], [tenant.pk]):
        dataset.datasetversions.update(geometry_type="Point")
    answer = client.post(f"{address}bedeutung/", {"role": "risk"}, follow=True)
    assert "Der Datensatz enthält keine Flächen" in answer.content.decode()
    client.post(f"{address}bedeutung/", {"role": ""})
    assert stored(dataset).role == ""
    with acting_for([tenant.pk]):
        events = AuditEvent.objects.filter(action="set_role").order_by("pk")
        assert [(each.before, each.after) for each in events] == [({"role": ""}, {"role": "floodplain"}), ({"role": "floodplain"}, {"role": ""})]  # fmt: skip


def test_staff_sees_versions_and_restores_one(client: Client, tenant: Tenant) -> None:
    dataset = make_dataset(tenant)
    deliver(dataset, arrival("1", {"name": "neu", "nummer": 1}))
    client.force_login(member(tenant, Role.PLANNER))
    address = dataset.get_absolute_url()
    assert [version.number for version in client.get(address).context["versions"]] == [2, 1]
    assert client.get(f"{address}versionen/1/").context["is_current"] is False
    changes = client.get(f"{address}versionen/2/").context["changes"]
    (changed, *gone) = changes
    assert (changed.key, changed.kind) == ("1", "geändert")
    assert [(label, now) for label, _was, now in changed.attributes if label == "name"] == [("name", "neu")]
    assert [(one.key, one.kind) for one in gone] == [("0", "entfallen"), ("2", "entfallen")]
    client.post(f"{address}versionen/1/wiederherstellen/")
    assert len(client.get(address).context["table"]) == 3


def test_dataset_is_deleted_after_a_question(client: Client, tenant: Tenant) -> None:
    dataset = make_dataset(tenant)
    client.force_login(member(tenant, Role.PLANNER))
    assert client.get(f"{dataset.get_absolute_url()}loeschen/").status_code == 200
    assert client.post(f"{dataset.get_absolute_url()}loeschen/")["Location"] == "/daten/datensaetze/"
    assert client.get(dataset.get_absolute_url()).status_code == 404


def test_list_holds_own_datasets_alone_whatever_their_number(client: Client, tenant: Tenant, django_assert_max_num_queries: Any) -> None:  # fmt: skip
    make_dataset(TenantFactory.create(), public=True)
    client.force_login(member(tenant, Role.PLANNER))
    client.get("/daten/datensaetze/")
    counts = []
    for more in (1, 3):
        for _number in range(more):
            make_dataset(tenant)
        with django_assert_max_num_queries(60) as queries:
            counts.append(len(client.get("/daten/datensaetze/").context["page"].object_list))
        counts.append(len(queries))
    assert (counts[0], counts[2], counts[1] == counts[3]) == (1, 4, True)


def test_moderator_has_no_list(client: Client, tenant: Tenant) -> None:
    client.force_login(member(tenant, Role.MODERATOR))
    assert client.get("/daten/lieferungen/neu/").status_code == 403
