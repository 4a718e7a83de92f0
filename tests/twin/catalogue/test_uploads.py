"""A file on its way: in pieces, looked into, asked about, imported by the worker; nothing doubled when that one dies."""

import base64
import hashlib
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.conf import LazySettings, settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tenants import files, jobs
from tenants.models import Job, JobState, PrivateFile, Tenant, User
from tenants.roles import Role
from tenants.scope import acting_for, working_for
from tests.factories import datafiles
from tests.factories.tenants import TenantFactory, member
from tests.workers import kill, until
from twin.catalogue import tasks, uploads
from twin.catalogue.models import DataFormat, Dataset, DatasetVersion, Feature, Upload
from twin.celery import app

pytestmark = pytest.mark.django_db(transaction=True)
TUS = {"HTTP_TUS_RESUMABLE": "1.0.0"}


@pytest.fixture
def editor(tenant: Tenant, client: Client) -> User:
    found = member(tenant, Role.PLANNER)
    client.force_login(found)
    return found


@pytest.fixture
def tenant(transactional_db: None) -> Tenant:
    found: Tenant = TenantFactory.create()
    return found


@pytest.fixture
def geopackage(tmp_path: Path) -> bytes:
    return datafiles.write(tmp_path / "b.gpkg", datafiles.points(), nr=["1", "2", "3"]).read_bytes()


def begin(client: Client, size: int, name: str = "bäume.gpkg") -> Any:
    metadata = f"filename {base64.b64encode(name.encode()).decode()}"
    return client.post("/daten/lieferungen/tus/", headers={"Upload-Length": str(size), "Upload-Metadata": metadata, "Tus-Resumable": "1.0.0"})  # fmt: skip


def send(client: Client, address: str, data: bytes, offset: int) -> Any:
    return client.patch(address, data, content_type="application/offset+octet-stream", headers={"Upload-Offset": str(offset), "Tus-Resumable": "1.0.0"})  # fmt: skip


def only(tenant: Tenant) -> Upload:
    with acting_for([tenant.pk]):
        return Upload.objects.select_related("job", "file").get()


def work(tenant: Tenant) -> Job:
    """What the worker would do now."""
    job = only(tenant).job
    assert job is not None
    task = tasks.look_into_upload if job.task == uploads.LOOK else tasks.import_upload
    task(tenant_id=tenant.pk, job_id=job.pk)
    with acting_for([tenant.pk]):
        job.refresh_from_db()
    return job


def delivered(client: Client, data: bytes, name: str = "b.gpkg") -> str:
    answer = client.post("/daten/lieferungen/neu/", {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302
    return str(answer["Location"])


# --- tus


def test_file_in_pieces_becomes_one_file_of_the_tenant(client: Client, editor: User, tenant: Tenant, geopackage: bytes) -> None:  # fmt: skip
    begun = begin(client, len(geopackage))
    assert (begun.status_code, begun["Tus-Resumable"]) == (201, "1.0.0")
    address = begun["Location"]
    middle = 70_000
    assert send(client, address, geopackage[:middle], 0)["Upload-Offset"] == str(middle)
    asked = client.head(address)
    assert (asked.status_code, asked["Upload-Offset"], asked["Upload-Length"]) == (200, str(middle), str(len(geopackage)))  # fmt: skip
    last = send(client, address, geopackage[middle:], middle)
    upload = only(tenant)
    assert (last.status_code, last["Content-Location"]) == (204, f"/daten/lieferungen/{upload.public_id}/")
    assert upload.file is not None
    assert (upload.name, files.path_of(upload.file).read_bytes()) == ("bäume.gpkg", geopackage)
    assert not uploads.part_of(upload).exists()
    assert work(tenant).state == JobState.DONE


def test_piece_that_does_not_follow_is_refused_and_changes_nothing(client: Client, editor: User, tenant: Tenant) -> None:  # fmt: skip
    address = begin(client, 10)["Location"]
    assert send(client, address, b"12345", 0).status_code == 204
    assert [send(client, address, b"xxxxx", offset).status_code for offset in (0, 4, 6, 10)] == [409] * 4
    assert client.head(address)["Upload-Offset"] == "5"


def test_more_than_announced_is_left_out(client: Client, editor: User, tenant: Tenant) -> None:
    address = begin(client, 4, name="a.csv")["Location"]
    assert send(client, address, b"a;b\n1;2\n", 0)["Upload-Offset"] == "4"
    upload = only(tenant)
    assert upload.file is not None
    assert files.path_of(upload.file).read_bytes() == b"a;b\n"


@pytest.mark.parametrize(
    ("size", "name", "status"), [(10 << 30, "a.gpkg", 413), (0, "a.gpkg", 400), (5, "", 400)]
)
def test_what_is_too_large_empty_or_nameless_is_refused_early(
    client: Client, editor: User, tenant: Tenant, size: int, name: str, status: int
) -> None:
    assert begin(client, size, name).status_code == status
    with acting_for([tenant.pk]):
        assert Upload.objects.count() == 0


def test_file_beyond_the_quota_is_refused_early(client: Client, editor: User, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(files, "QUOTA_BYTES", 100)
    answer = begin(client, 101)
    assert (answer.status_code, tenant.name in answer.content.decode()) == (413, True)


def test_protocol_is_told_and_asked_for(client: Client, editor: User) -> None:
    told = client.options("/daten/lieferungen/tus/")
    assert (told["Tus-Version"], told["Tus-Extension"]) == ("1.0.0", "creation")
    assert int(told["Tus-Max-Size"]) == settings.DATASET_MAX_BYTES
    metadata = f"filename {base64.b64encode(b'a').decode()}"
    assert client.post("/daten/lieferungen/tus/", headers={"Upload-Length": "3", "Upload-Metadata": metadata}).status_code == 412  # fmt: skip
    address = begin(client, 3)["Location"]
    assert client.patch(address, b"abc", content_type="text/plain", headers={"Upload-Offset": "0"}).status_code == 415  # fmt: skip
    assert client.patch(address, b"abc", content_type="application/offset+octet-stream").status_code == 400


def test_strangers_and_colleagues_without_the_role_send_nothing(client: Client, editor: User, tenant: Tenant) -> None:  # fmt: skip
    address = begin(client, 3)["Location"]
    for person, status in ((member(TenantFactory.create(), Role.PLANNER), 404), (member(tenant, Role.MODERATOR), 403)):  # fmt: skip
        other = Client()
        other.force_login(person)
        assert send(other, address, b"abc", 0).status_code == status
    assert Client().head(address).status_code == 302
    assert client.head(address)["Upload-Offset"] == "0"


# --- looked into, asked, imported


def test_page_shows_what_was_found_and_the_import_its_report(client: Client, editor: User, tenant: Tenant, geopackage: bytes) -> None:  # fmt: skip
    address = delivered(client, geopackage)
    assert "data-kz-job" in client.get(address).content.decode()
    work(tenant)
    page = client.get(address)
    form = page.context["form"]
    assert (page.context["layer"]["name"], page.context["layer"]["count"], form.initial["title"]) == ("baeume", 3, "b")  # fmt: skip
    assert len(client.get(page.context["features_url"]).json()["features"]) == 3
    assert address in client.get("/daten/datensaetze/").content.decode()
    assert client.post(address, {"layer": "baeume", "title": "Stadtbäume", "key": "nr"}).status_code == 302
    assert work(tenant).state == JobState.DONE
    with acting_for([tenant.pk]):
        dataset = Dataset.objects.get()
    assert (dataset.title, dataset.key_field) == ("Stadtbäume", "nr")
    report = client.get(address, follow=True)
    assert report.redirect_chain[0][0] == f"/daten/datensaetze/{dataset.public_id}/versionen/1/"
    assert report.context["version"].feature_count == 3
    assert address not in client.get("/daten/datensaetze/").content.decode()


def test_system_proposed_by_place_is_chosen_beforehand(client: Client, editor: User, tenant: Tenant, tmp_path: Path) -> None:  # fmt: skip
    address = delivered(client, datafiles.shapefile(tmp_path, without=(".prj",)).read_bytes(), "b.zip")
    work(tenant)
    assert client.get(address).context["form"].initial["srs"] == "25833"


def test_columns_of_coordinates_are_chosen_beforehand(client: Client, editor: User, tenant: Tenant) -> None:
    text = f"Art;Rechtswert;Hochwert\nLinde;{datafiles.WEST};{datafiles.SOUTH}\n"
    address = delivered(client, text.encode(), "b.csv")
    work(tenant)
    page = client.get(address)
    chosen = page.context["form"].initial
    assert (chosen["x"], chosen["y"], chosen["srs"]) == ("Rechtswert", "Hochwert", "25833")
    client.post(address, {"layer": "", "title": "Bäume", "x": "Rechtswert", "y": "Hochwert", "srs": "25833"})
    assert work(tenant).state == JobState.DONE


def test_page_says_what_values_were_taken_for_and_that_their_place_is_doubtful(client: Client, editor: User, tenant: Tenant) -> None:  # fmt: skip
    address = delivered(client, b"name;x;y\nA;12,5;7,5\n", "fern.csv")
    work(tenant)
    page = client.get(address)
    assert "keines der bekannten führt in den Landkreis" in page.context["doubt"]
    assert page.context["doubt"] in page.content.decode()
    assert [str(label).partition("muted")[2][2:6] for label in page.context["labels"]] == ["Text", "Zahl", "Zahl"]  # fmt: skip


def test_system_that_a_refusal_proposes_is_chosen_beforehand(
    client: Client, editor: User, tenant: Tenant
) -> None:
    address = delivered(client, f"Art;A;B\nLinde;{datafiles.WEST};{datafiles.SOUTH}\n".encode(), "b.csv")
    work(tenant)
    client.post(address, {"layer": "", "title": "Bäume", "x": "A", "y": "B"})
    assert work(tenant).state == JobState.FAILED
    chosen = client.get(address).context["form"].initial
    assert (chosen["x"], chosen["y"], chosen["srs"]) == ("A", "B", "25833")


def test_new_version_begins_with_the_key_and_time_of_the_one_before(client: Client, editor: User, tenant: Tenant) -> None:  # fmt: skip
    """Also where an attribute had to be renamed: ?limit=… asks for something else."""
    text = f"Limit;Seit;x;y\n7;2024-05-01;{datafiles.WEST};{datafiles.SOUTH}\n".encode()
    address = delivered(client, text, "b.csv")
    work(tenant)
    asked = {"title": "Bäume", "key": "Limit", "time": "Seit", "x": "x", "y": "y", "srs": "25833"}
    client.post(address, asked)
    work(tenant)
    with acting_for([tenant.pk], [tenant.pk]):
        dataset = Dataset.objects.get()
        Upload.objects.all().delete()
    assert (dataset.key_field, dataset.time_field) == ("Limit_", "Seit")
    again = delivered(client, text, "b.csv")
    work(tenant)
    form = client.get(again, {"dataset": str(dataset.public_id)}).context["form"]
    assert (form.initial["key"], form.initial["time"]) == ("Limit", "Seit")
    assert '<option value="Limit" selected>Limit</option>' in str(form["key"])
    client.post(again, {"dataset": str(dataset.public_id), "x": "x", "y": "y", "srs": "25833"})
    work(tenant)
    with acting_for([tenant.pk]):
        version = dataset.datasetversions.get(number=2)
        assert (version.added, version.changed, version.gone) == (0, 0, 0)
        assert Dataset.objects.get().key_field == "Limit_"


def test_refused_file_says_why_and_asks_again(client: Client, editor: User, tenant: Tenant, geopackage: bytes) -> None:  # fmt: skip
    address = delivered(client, geopackage)
    work(tenant)
    client.post(address, {"layer": "baeume", "title": "Bäume", "srs": "25832"})
    assert work(tenant).state == JobState.FAILED
    page = client.get(address)
    assert [finding["rule"] for finding in page.context["findings"]] == ["file.elsewhere_proposed"]
    assert (page.context["form"].initial["title"], page.context["form"].initial["srs"]) == ("Bäume", 25832)


def test_file_that_is_no_data_says_so(client: Client, editor: User, tenant: Tenant) -> None:
    address = delivered(client, b"<!DOCTYPE html><html></html>", "karte.gpkg")
    assert work(tenant).state == JobState.FAILED
    page = client.get(address)
    assert [finding["rule"] for finding in page.context["findings"]] == ["file.html"]
    assert page.context["form"] is None
    assert client.post(address, {"title": "x"}).status_code == 302


def test_title_is_asked_for_a_new_dataset_and_a_second_click_starts_nothing(client: Client, editor: User, tenant: Tenant, geopackage: bytes) -> None:  # fmt: skip
    address = delivered(client, geopackage)
    work(tenant)
    assert "title" in client.post(address, {"layer": "baeume", "title": ""}).context["form"].errors
    for expected in (302, 200):
        assert client.post(address, {"layer": "baeume", "title": "Bäume"}).status_code == expected
    with acting_for([tenant.pk]):
        assert Job.objects.filter(task=uploads.IMPORT).count() == 1


def test_declared_format_is_offered_and_held_against(client: Client, editor: User, tenant: Tenant, geopackage: bytes) -> None:  # fmt: skip
    other = TenantFactory.create()
    with acting_for([other.pk], [other.pk]):
        declared = DataFormat.objects.create(tenant=other, slug="b", title="Bäume", fields=[{"name": "nr", "type": "string", "choices": ["1", "2"]}])  # fmt: skip
    address = delivered(client, geopackage)
    work(tenant)
    client.post(address, {"layer": "baeume", "title": "Bäume", "data_format": str(declared.public_id)})
    work(tenant)
    with acting_for([tenant.pk]):
        version = DatasetVersion.objects.select_related("dataset").get()
    assert (version.feature_count, version.dataset.data_format) == (2, declared.public_id)


def test_column_is_asked_for_what_the_format_calls_otherwise(client: Client, editor: User, tenant: Tenant, geopackage: bytes) -> None:  # fmt: skip
    fields = [
        {"name": "baumnummer", "label": "Baumnummer", "type": "integer", "required": True},
        {"name": "art", "type": "string"},
    ]
    with acting_for([tenant.pk], [tenant.pk]):
        declared = DataFormat.objects.create(tenant=tenant, slug="b", title="Bäume", fields=fields)
    address = delivered(client, geopackage)
    work(tenant)
    wanted = {"layer": "baeume", "title": "Bäume", "data_format": str(declared.public_id)}
    form = client.post(address, wanted).context["form"]
    assert list(form.errors) == ["column_baumnummer"]
    assert "Welche Spalte" in form.errors["column_baumnummer"][0]
    assert form.fields["column_art"].label == "Spalte für „art“"
    twice = client.post(address, {**wanted, "column_baumnummer": "nr", "column_art": "nr"}).context["form"]
    assert "nur ein Attribut" in twice.non_field_errors()[0]
    assert client.post(address, {**wanted, "column_baumnummer": "nr"}).status_code == 302
    work(tenant)
    with acting_for([tenant.pk]):
        version = DatasetVersion.objects.get()
        assert [(one["name"], one["label"], one["type"]) for one in version.fields] == [
            ("baumnummer", "nr", "integer")
        ]
        assert set(Feature.objects.values_list("properties__baumnummer", flat=True)) == {1, 2, 3}
        assert version.report["wishes"]["columns"] == {"baumnummer": "nr"}  # a refresh asks nobody


def test_cancelled_import_keeps_nothing(client: Client, editor: User, tenant: Tenant, geopackage: bytes) -> None:  # fmt: skip
    address = delivered(client, geopackage)
    work(tenant)
    client.post(address, {"layer": "baeume", "title": "Bäume"})
    assert client.post(f"{address}abbrechen/").status_code == 302
    assert work(tenant).state == JobState.CANCELLED
    with acting_for([tenant.pk]):
        assert Dataset.objects.count() == 0


def test_second_attempt_after_the_commit_doubles_nothing(client: Client, editor: User, tenant: Tenant, geopackage: bytes) -> None:  # fmt: skip
    address = delivered(client, geopackage)
    work(tenant)
    client.post(address, {"layer": "baeume", "title": "Bäume"})
    job = work(tenant)
    with acting_for([tenant.pk], [tenant.pk]):
        Job.objects.filter(pk=job.pk).update(
            state=JobState.RUNNING, result={}
        )  # as if the worker had died then
    assert work(tenant).state == JobState.DONE
    with acting_for([tenant.pk]):
        assert (Dataset.objects.count(), DatasetVersion.objects.count(), Feature.objects.count()) == (1, 1, 3)


def test_whole_file_is_taken_over_without_a_copy(client: Client, editor: User, tenant: Tenant, geopackage: bytes) -> None:  # fmt: skip
    address = begin(client, len(geopackage))["Location"]
    send(client, address, geopackage[:-1], 0)
    part = uploads.part_of(only(tenant))
    number = part.stat().st_ino
    send(client, address, geopackage[-1:], len(geopackage) - 1)
    file = only(tenant).file
    assert file is not None
    assert files.path_of(file).stat().st_ino == number
    assert files.path_of(file).read_bytes() == geopackage
    assert (file.size, file.sha256) == (len(geopackage), hashlib.sha256(geopackage).hexdigest())
    assert not part.exists()


def tidied(tenant: Tenant, *, days: int) -> int:
    with working_for([tenant.pk], [tenant.pk]):
        return uploads.tidy(timezone.now() + timedelta(days=days))


def test_upload_whose_bytes_went_with_the_orphans_goes_too(
    client: Client, editor: User, tenant: Tenant
) -> None:
    send(client, begin(client, 10)["Location"], b"12345", 0)
    assert tidied(tenant, days=2) == 0  # somebody went on with it lately
    files.remove_orphans(tenant.pk, older_than=time.time() + 60)
    assert tidied(tenant, days=0) == 0  # begun today: its first bytes may be under way
    assert tidied(tenant, days=2) == 1


def test_old_upload_goes_and_what_was_imported_of_it_stays(client: Client, editor: User, tenant: Tenant, geopackage: bytes) -> None:  # fmt: skip
    address = delivered(client, geopackage)
    assert tidied(tenant, days=15) == 0  # still being looked into
    work(tenant)
    client.post(address, {"layer": "baeume", "title": "Bäume"})
    work(tenant)
    assert (tidied(tenant, days=13), tidied(tenant, days=15)) == (0, 1)
    with acting_for([tenant.pk]):
        assert (Upload.objects.count(), PrivateFile.objects.count(), Feature.objects.count()) == (0, 1, 3)


def test_old_upload_that_was_never_imported_goes_with_its_file(client: Client, editor: User, tenant: Tenant, geopackage: bytes) -> None:  # fmt: skip
    delivered(client, geopackage)
    work(tenant)
    with acting_for([tenant.pk]):
        path = files.path_of(PrivateFile.objects.get())
    assert tidied(tenant, days=15) == 1
    with acting_for([tenant.pk]):
        assert (Upload.objects.count(), PrivateFile.objects.count(), path.exists()) == (0, 0, False)


def test_beat_tidies_uploads_each_night() -> None:
    assert app.conf.beat_schedule["tidy-uploads"]["task"] == tasks.tidy_uploads.name
    tasks.tidy_uploads.apply(throw=True)


def test_same_upload_with_other_choices_is_imported_anew(client: Client, editor: User, tenant: Tenant, geopackage: bytes) -> None:  # fmt: skip
    address = delivered(client, geopackage)
    work(tenant)
    for title in ("Bäume", "Bäume, anders gewählt"):
        client.post(address, {"layer": "baeume", "title": title})
        assert work(tenant).state == JobState.DONE
    with acting_for([tenant.pk]):
        assert set(Dataset.objects.values_list("title", flat=True)) == {"Bäume", "Bäume, anders gewählt"}
        assert Feature.objects.count() == 6


@pytest.mark.slow
@pytest.mark.usefixtures("_data_folder")
def test_import_survives_a_killed_worker(
    client: Client,
    editor: User,
    tenant: Tenant,
    worker: Callable[[], subprocess.Popen[bytes]],
    tmp_path: Path,
) -> None:
    count = 40_000
    many = shapely.points(
        datafiles.WEST + np.arange(count) % 1000, datafiles.SOUTH + np.arange(count) // 1000
    )
    address = delivered(
        client, datafiles.write(tmp_path / "m.gpkg", many, nr=list(range(count))).read_bytes()
    )
    work(tenant)
    client.post(address, {"layer": "baeume", "title": "Viele"})
    job = only(tenant).job
    assert job is not None

    def state() -> Job:
        with acting_for([tenant.pk]):
            return Job.objects.get(pk=job.pk)

    first = worker()
    until(lambda: state().percent > 10, 180)
    kill(first)
    assert state().state == JobState.RUNNING
    with acting_for([tenant.pk]):
        assert Dataset.objects.count() == 0

    def handed_over() -> bool:
        with working_for([tenant.pk], [tenant.pk]):
            return jobs.hand_over_dead() == 1

    until(handed_over, 20)
    worker()
    until(lambda: state().is_over, 300)
    assert (state().state, state().attempts) == (JobState.DONE, 2)
    with acting_for([tenant.pk]):
        assert (DatasetVersion.objects.count(), Feature.objects.count(), PrivateFile.objects.count()) == (1, count, 1)  # fmt: skip


def test_limit_is_shown_where_no_script_runs(client: Client, editor: User, settings: LazySettings) -> None:
    settings.DATASET_MAX_BYTES = 1 << 20
    answer = client.post("/daten/lieferungen/neu/", {"file": SimpleUploadedFile("a.gpkg", b"x" * ((1 << 20) + 1))})  # fmt: skip
    assert (answer.status_code, "file" in answer.context["form"].errors) == (400, True)
