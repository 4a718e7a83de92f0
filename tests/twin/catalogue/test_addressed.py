"""A table of addresses delivered: placed by what towns imported, by hand, by the command, over the browser, and at each refresh."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from planning import addresses, addressing
from planning.auskunft import addressbook
from tenants.models import JobState, Tenant, TenantKind
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories import datafiles as files
from tests.factories.tenants import TenantFactory, county, member
from tests.twin.catalogue.test_uploads import delivered, work
from twin.catalogue.models import Dataset, Feature

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = "Name;Straße;Nr;Ort\nRathaus;Markt;1;Meißen\nSchule;Schulstr.;3;\nBad;Gibtesnicht;1;\n"


@pytest.fixture
def town() -> Tenant:
    found: Tenant = TenantFactory.create(slug="meissen", name="Meißen")
    return found


def known(tenant: Tenant, folder: Path, *lines: str) -> None:
    path = folder / f"{tenant.slug}-{len(lines)}.csv"
    path.write_text("\n".join(["Straße;Nr;PLZ;Ort;Ostwert;Nordwert", *lines]))
    with acting_for([tenant.pk], [tenant.pk]):
        addressing.replace_addresses(tenant, addresses.read(path, place=tenant.name), actor=None, name="a")


@pytest.fixture
def _addresses(town: Tenant, tmp_path: Path) -> None:
    other = TenantFactory.create(name="Riesa", slug="riesa")
    known(town, tmp_path, f"Markt;1;01662;Meißen;{files.WEST};{files.SOUTH}", f"Schulstraße;3;01662;Meißen;{files.WEST + 50};{files.SOUTH}")  # fmt: skip
    known(other, tmp_path, f"Schulstraße;3;01589;Riesa;{files.WEST + 9000};{files.SOUTH}")


def places_of(tenant: Tenant) -> dict[str, Any]:
    with acting_for([tenant.pk]):
        rows = Feature.objects.filter(until=None)
        return {row.properties["Name"]: row.geometry and row.geometry.coords for row in rows}


PLACES = {"Rathaus": (files.WEST, files.SOUTH), "Schule": (files.WEST + 50, files.SOUTH), "Bad": None}


def command(path: Path, **options: Any) -> dict[str, Any]:
    told = io.StringIO()
    call_command("import_dataset", str(path), tenant="meissen", json=True, stdout=told, **options)
    found: dict[str, Any] = json.loads(told.getvalue())
    return found


@pytest.mark.usefixtures("_addresses")
def test_command_places_rows_and_says_which_it_could_not(town: Tenant, tmp_path: Path) -> None:
    path = tmp_path / "orte.csv"
    path.write_text(TABLE)
    facts = command(path, title="Orte", address=["Straße", "Nr", "Ort"])
    assert places_of(town) == PLACES
    assert (facts["kept"], facts["geometry"]) == (3, "Point")
    assert [(finding["rule"], finding["rows"]) for finding in facts["findings"]] == [("address.unknown", [[4, "Gibtesnicht 1"]]), ("geometry.none", [[4, ""]])]  # fmt: skip
    assert "Schreibweise" in facts["findings"][0]["message"]
    known(town, tmp_path, f"Gibtesnicht;1;01662;Meißen;{files.WEST};{files.SOUTH + 7}")
    again = command(path, dataset="orte", address=["Straße", "Nr", "Ort"])
    assert (again["added"], again["changed"], again["gone"]) == (
        3,
        0,
        3,
    )  # the addresses changed, so did the places
    assert places_of(town)["Bad"] == (files.WEST, files.SOUTH + 7)


def test_command_without_any_addresses_says_where_they_are_imported(town: Tenant, tmp_path: Path) -> None:
    path = tmp_path / "orte.csv"
    path.write_text(TABLE)
    told = io.StringIO()
    with pytest.raises(CommandError):
        call_command("import_dataset", str(path), tenant="meissen", title="O", address=["Straße"], json=True, stdout=told)  # fmt: skip
    assert [finding["rule"] for finding in json.loads(told.getvalue())["findings"]] == ["file.no_addresses"]
    with acting_for([town.pk]):
        assert Dataset.objects.count() == 0


@pytest.mark.usefixtures("_addresses")
def test_browser_proposes_the_columns_shows_the_places_and_imports(client: Client, town: Tenant) -> None:
    client.force_login(member(town, Role.PLANNER))
    address = delivered(client, TABLE.encode(), "orte.csv")
    work(town)
    page = client.get(address)
    assert page.context["form"].initial["address"] == ["Straße", "Nr", "Ort"]
    assert page.context["layer"]["unplaced"] == 1
    assert len(client.get(page.context["features_url"]).json()["features"]) == 2
    wanted = {"layer": "", "title": "Orte", "address": ["Ort", "Nr", "Straße"]}
    refused = client.post(address, wanted | {"x": "Nr"})
    assert list(refused.context["form"].errors) == ["address"]
    assert client.post(address, wanted).status_code == 302
    assert work(town).state == JobState.DONE
    assert places_of(town) == PLACES
    report = client.get(address, follow=True).context["version"].report
    assert [note["rule"] for note in report["findings"]] == ["address.unknown", "geometry.none"]


def test_table_of_addresses_is_delivered_without_any_known(client: Client, town: Tenant) -> None:
    client.force_login(member(town, Role.PLANNER))
    address = delivered(client, TABLE.encode(), "orte.csv")
    work(town)
    assert client.get(address).context["form"].initial["address"] == ()
    client.post(address, {"layer": "", "title": "Orte", "address": ["Straße"]})
    assert work(town).state == JobState.FAILED
    findings = client.get(address).context["findings"]
    assert [finding["rule"] for finding in findings] == ["file.no_addresses"]


def test_register_written_down_has_each_address_once_as_the_town_has_it(town: Tenant, tmp_path: Path) -> None:
    whole, away = county(), TenantFactory.create(name="Zeithain", active=False)
    line = "Markt;1;01662;Meißen;{};{}"
    known(whole, tmp_path, line.format(files.WEST + 3, files.SOUTH), f"Hof;2;01689;Weinböhla;{files.WEST};{files.SOUTH}")  # fmt: skip
    known(town, tmp_path, line.format(files.WEST, files.SOUTH))
    known(away, tmp_path, f"Weg;9;01619;Zeithain;{files.WEST};{files.SOUTH}")
    assert (whole.kind, town.kind) == (TenantKind.COUNTY, TenantKind.MUNICIPALITY)
    with acting_for([]):
        count = addressbook.write(tmp_path / "register", tenant=whole)
    rows = [json.loads(each) for each in (tmp_path / "register").read_text().splitlines()]
    assert (count, [(row[0], row[1], row[4], row[6]) for row in rows]) == (2, [("hof", "2", files.WEST, True), ("markt", "1", files.WEST, False)])  # fmt: skip
    assert rows[1][3] == ["meissen"]
