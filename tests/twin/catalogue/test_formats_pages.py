"""Data formats: declared by the county alone, read by everybody, with templates that deliver what they ask for."""

from pathlib import Path
from typing import Any

import pyogrio
import pytest
from django.test import Client

from tenants.errors import Refused
from tenants.models import AuditEvent, Tenant
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.tenants import TenantFactory, county, member
from twin.catalogue import declaring
from twin.catalogue.models import DataFormat

pytestmark = pytest.mark.django_db(transaction=True)
LINES = "nummer;Baumnummer;string;x\nart;Baumart;string;;Linde, Eiche\nhoehe;Höhe;number;;;m;Vom Boden an"
GIVEN = {
    "title": "Bäume",
    "slug": "baeume",
    "geometry_type": "Point",
    "key_field": "nummer",
    "attributes": LINES,
}


@pytest.fixture
def lkr(transactional_db: None) -> Tenant:
    return county()


@pytest.fixture
def admin(client: Client, lkr: Tenant) -> Client:
    client.force_login(member(lkr, Role.COUNTY_ADMIN))
    return client


def only(lkr: Tenant) -> DataFormat:
    with acting_for([lkr.pk]):
        return DataFormat.objects.get()


def test_county_declares_a_format_and_everybody_reads_it(admin: Client, lkr: Tenant, tmp_path: Path) -> None:
    answer = admin.post("/daten/datenformate/neu/", GIVEN)
    row = only(lkr)
    assert answer["Location"] == f"/daten/datenformate/{row.public_id}/"
    assert row.fields == [
        {"name": "nummer", "label": "Baumnummer", "type": "string", "required": True},
        {"name": "art", "label": "Baumart", "type": "string", "choices": ["Linde", "Eiche"]},
        {"name": "hoehe", "label": "Höhe", "type": "number", "unit": "m", "help": "Vom Boden an"},
    ]
    stranger = Client()
    page = stranger.get(answer["Location"])
    assert (page.status_code, page.context["may_declare"]) == (200, False)
    assert stranger.get(f"{answer['Location']}vorlage.csv").content.decode("utf-8-sig") == "nummer;art;hoehe;x;y\r\n"  # fmt: skip
    download: Any = stranger.get(f"{answer['Location']}vorlage.gpkg")
    path = tmp_path / "v.gpkg"
    path.write_bytes(b"".join(download.streaming_content))
    download.close()
    info = pyogrio.read_info(path)
    assert (list(info["fields"]), info["geometry_type"], info["crs"]) == (["nummer", "art", "hoehe"], "Point", "EPSG:25833")  # fmt: skip
    with acting_for([lkr.pk]):
        assert AuditEvent.objects.filter(action="set_data_format").count() == 1


def test_format_is_changed_where_it_is(admin: Client, lkr: Tenant) -> None:
    admin.post("/daten/datenformate/neu/", GIVEN)
    address = f"/daten/datenformate/{only(lkr).public_id}/aendern/"
    assert admin.get(address).context["form"]["attributes"].value() == declaring.text_of(only(lkr).fields)
    admin.post(address, {**GIVEN, "title": "Stadtbäume"})
    assert only(lkr).title == "Stadtbäume"
    again = admin.post("/daten/datenformate/neu/", GIVEN)
    assert list(again.context["form"].errors) == ["slug"]


@pytest.mark.parametrize("text", ["", "Nummer;x;string", "limit;x;string", "a;x;words", "a;x;string\na;y;string", "nur text"])  # fmt: skip
def test_attributes_that_no_program_could_use_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        declaring.fields_of(text)


def test_key_must_be_one_of_the_attributes(admin: Client) -> None:
    answer = admin.post("/daten/datenformate/neu/", {**GIVEN, "key_field": "kennung"})
    assert list(answer.context["form"].errors) == ["key_field"]


def test_towns_declare_nothing(client: Client, admin: Client, lkr: Tenant) -> None:
    admin.post("/daten/datenformate/neu/", GIVEN)
    address = f"/daten/datenformate/{only(lkr).public_id}/aendern/"
    client.force_login(member(TenantFactory.create(), Role.MUNICIPAL_ADMIN))
    assert client.post("/daten/datenformate/neu/", GIVEN).status_code == 403
    assert client.post(address, GIVEN).status_code in {403, 404}
    assert only(lkr).title == "Bäume"
