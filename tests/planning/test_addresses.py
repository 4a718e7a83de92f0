"""A town's own addresses: read with a fault for each bad line, replaced as a whole, found however they are spelled."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation

from planning import addresses, addressing
from planning.addresses import AddressesUnreadable
from planning.auskunft import addressbook, asking, spelling
from planning.auskunft.errors import PlaceRefused
from planning.models import Address
from planning.xplanung import crs
from tenants.errors import Forbidden, Refused
from tenants.models import AuditEvent, Membership, Tenant
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.tenants import TenantFactory, county, member

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HEAD = "Straße;Hausnummer;Zusatz;PLZ;Ort;Ostwert;Nordwert\n"
GOOD = HEAD + (
    "Ernst-Thälmann-Straße;12;;01662;Meißen;385050,25;5668050\n"
    "Ernst-Thälmann-Straße;12;a;01662;Meißen;33385060;5668050\n"
    "Straße des 17. Juni;5;;01662;Meißen;385070;5668050\n"
    "Am Müllerberg;1-3;;01665;Klipphausen OT Scharfenberg;385080;5668050\n"
)


@pytest.fixture
def town() -> Tenant:
    found: Tenant = TenantFactory.create(name="Meißen", slug="meissen")
    return found


def written(tmp_path: Path, text: str, *, encoding: str = "utf-8") -> Path:
    path = tmp_path / "adressen.csv"
    path.write_bytes(text.encode(encoding))
    return path


def taken(town: Tenant, path: Path, **options: bool) -> addressing.Replaced:
    with acting_for([town.pk], [town.pk]):
        reading = addresses.read(path, place=town.name)
        return addressing.replace_addresses(town, reading, actor=None, name=path.name, **options)


# --- reading


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_list_is_read_in_the_encodings_that_offices_write(tmp_path: Path, encoding: str) -> None:
    reading = addresses.read(written(tmp_path, GOOD, encoding=encoding), place="Meißen")
    assert (len(reading.lines), reading.faults, reading.system) == (4, (), "EPSG:25833")
    assert [(line.easting, line.northing) for line in reading.lines[:2]] == [(385_050.25, 5_668_050), (385_060, 5_668_050)]  # fmt: skip


def test_each_bad_line_is_named_with_its_reason(tmp_path: Path) -> None:
    text = HEAD + (
        "Markt;1;;01662;;385050;5668050\n"
        ";2;;01662;;385050;5668050\n"
        "Markt;ohne;;01662;;385050;5668050\n"
        "Markt;4;;1662;;385050;5668050\n"
        "Markt;5;;01662;;östlich;5668050\n"
        "Markt;6;;01662;;5668050;385050\n"
        "MARKT;1;;01662;Meissen;385051;5668051\n"
        ";;;;;;\n"
        "Markt;8\n"
    )
    reading = addresses.read(written(tmp_path, text), place="Meißen")
    assert [(line.street, line.number, line.place) for line in reading.lines] == [("Markt", "1", "Meißen")]
    assert [fault.line for fault in reading.faults] == [3, 4, 5, 6, 7, 8, 10]
    assert len({fault.message for fault in reading.faults}) == 6  # the last has no coordinates, as line 6


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "street"),
        ("Straße;Ostwert;Nordwert\n", "number"),
        (HEAD, "no address"),
        ("<!doctype html><html>", "CSV"),
        ("PK\3\4", "CSV"),
        ("Straße\0;", "CSV"),
    ],
)  # fmt: skip
def test_what_is_no_list_of_addresses_is_refused(tmp_path: Path, text: str, word: str) -> None:
    with translation.override("en"), pytest.raises(AddressesUnreadable, match=word):
        addresses.read(written(tmp_path, text), place="Meißen")


def test_too_many_addresses_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AddressesUnreadable, match="3"):
        addresses.read(written(tmp_path, GOOD), place="Meißen", most=3)


def test_other_reference_systems_and_degrees_are_moved(tmp_path: Path) -> None:
    here = np.array([[385_050.0, 5_668_050.0]])
    for code, head in ((31469, "Strasse;Nr;Rechtswert;Hochwert\n"), (4326, "street,housenumber,lon,lat\n")):
        east, north = crs.transform(here, source=25833, target=code)[0]
        sign = "," if "," in head else ";"
        path = written(tmp_path, head + sign.join(("Markt", "1", f"{east:.9f}", f"{north:.9f}")))
        (line,) = addresses.read(path, place="Meißen", system="EPSG:31469" if code == 31469 else "").lines
        assert (line.easting, line.northing) == pytest.approx((385_050, 5_668_050), abs=0.01)
    with pytest.raises(AddressesUnreadable):
        addresses.read(path, place="Meißen", system="EPSG:999999")


def test_a_geopackage_of_points_is_read(tmp_path: Path) -> None:
    path = tmp_path / "adressen.gpkg"
    east, north = crs.transform(np.array([[385_050.0, 5_668_050.0]]), source=25833, target=25832)[0]
    pyogrio.raw.write(
        path,
        np.array([shapely.to_wkb(shapely.Point(east, north)), None], dtype=object),
        [
            np.array(["Markt", "Markt"], dtype=object),
            np.array([7.0, 8.0]),
            np.array(["b", None], dtype=object),
        ],
        ["street", "housenumber", "zusatz"],
        geometry_type="Point",
        crs="EPSG:25832",
        driver="GPKG",
    )
    reading = addresses.read(path, place="Meißen")
    (line,) = reading.lines
    assert (line.street, line.number, line.suffix, line.place) == ("Markt", "7", "b", "Meißen")
    assert (line.easting, line.northing) == pytest.approx((385_050, 5_668_050), abs=0.01)
    assert [fault.line for fault in reading.faults] == [2]


# --- replacing


def test_a_file_replaces_all_that_was_there_and_other_towns_stay(town: Tenant, tmp_path: Path) -> None:
    other: Tenant = TenantFactory.create(name="Riesa")
    taken(other, written(tmp_path, GOOD))
    taken(town, written(tmp_path, GOOD))
    done = taken(town, written(tmp_path, HEAD + "Markt;1;;01662;Meißen;385050;5668050\n"))
    assert (done.imported, done.removed) == (1, 4)
    assert Address.objects.filter(tenant=town).count() == 1  # without scope: everybody reads them
    assert Address.objects.filter(tenant=other).count() == 4
    with acting_for([town.pk]):
        event = AuditEvent.objects.filter(action="import_addresses").latest("pk")
    assert (event.before, event.after) == ({"addresses": 4}, {"addresses": 1, "name": "adressen.csv"})


def test_a_faulty_line_leaves_everything_as_it_was_unless_it_may_be_left_out(
    town: Tenant, tmp_path: Path
) -> None:
    taken(town, written(tmp_path, GOOD))
    bad = written(tmp_path, HEAD + "Markt;1;;01662;;385050;5668050\nMarkt;2;;01662;;0;0\n")
    with pytest.raises(Refused):
        taken(town, bad)
    assert Address.objects.count() == 4
    assert taken(town, bad, skip=True).imported == 1
    assert Address.objects.get().number == "1"


def test_nobody_without_the_role_replaces_addresses(town: Tenant, tmp_path: Path) -> None:
    reading = addresses.read(written(tmp_path, GOOD), place=town.name)
    with acting_for([town.pk], [town.pk]), pytest.raises(Forbidden):
        addressing.replace_addresses(town, reading, actor=member(town, Role.PLANNER), name="x")


@pytest.mark.django_db(transaction=True)
def test_the_command_reports_as_json(town: Tenant, tmp_path: Path) -> None:
    out = StringIO()
    path = written(tmp_path, GOOD + "Markt;2;;01662;;0;0\n")
    with pytest.raises(CommandError):
        call_command("import_addresses", path, "--tenant", "meissen", "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert (report["ok"], [fault["line"] for fault in report["faults"]], bool(report["error"])) == (
        False,
        [6],
        True,
    )
    assert not Address.objects.exists()
    out = StringIO()
    call_command("import_addresses", path, "--tenant", "meissen", "--json", "--skip-faulty", stdout=out)
    report = json.loads(out.getvalue())
    assert (report["ok"], report["imported"], report["removed"], report["columns"]["place"]) == (
        True,
        4,
        0,
        "Ort",
    )
    with pytest.raises(CommandError):
        call_command("import_addresses", path, "--tenant", "nirgends")


def uploaded(client: Client, text: str) -> Any:
    """What the page of the columns answers after an upload."""
    file = SimpleUploadedFile("a.csv", text.encode())
    answer = client.post(reverse("planning:addresses"), {"file": file})
    assert answer["Location"] == reverse("planning:address_columns")
    return client.get(answer["Location"])


def test_an_administrator_replaces_them_in_the_browser(client: Client, town: Tenant) -> None:
    client.force_login(member(town, Role.MUNICIPAL_ADMIN), backend=BACKEND)
    page = uploaded(client, GOOD + "Markt;2;;01662;;0;0\n")
    assert len(page.context["look"].lines) == 5
    asked = page.context["form"].initial
    columns = reverse("planning:address_columns")
    answer = client.post(columns, asked)
    assert (answer.status_code, Address.objects.count()) == (400, 0)
    assert [fault.line for fault in answer.context["faults"]] == [6]
    assert client.post(columns, asked | {"system": "EPSG:1"}).status_code == 400
    answer = client.post(columns, asked | {"skip": "on"})
    assert (answer.status_code, Address.objects.count()) == (200, 4)
    assert client.get(reverse("planning:addresses")).context["count"] == 4
    assert client.get(columns)["Location"] == reverse("planning:addresses")  # the file is gone


def test_columns_with_names_of_their_own_are_chosen(client: Client, town: Tenant) -> None:
    client.force_login(member(town, Role.MUNICIPAL_ADMIN), backend=BACKEND)
    page = uploaded(client, "Weg,Nr,Ort,Geo_R,Geo_H\nMarkt,1,Innenstadt,385050,5668050\n")
    assert page.context["form"].initial == {"number": "Nr", "place": "Ort"}
    assert page.context["look"].lines == (("Markt", "1", "Innenstadt", "385050", "5668050"),)
    columns = reverse("planning:address_columns")
    chosen = {"street": "Weg", "number": "Nr", "easting": "Geo_R", "northing": "Geo_H"}
    assert client.post(columns, {"number": "Nr"}).status_code == 400
    assert client.post(columns, chosen | {"street": "Gasse"}).status_code == 400
    assert client.post(columns, chosen).status_code == 200
    row = Address.objects.get()
    assert (row.street, row.place, row.point.x) == ("Markt", "Meißen", 385_050)  # its Ort was not chosen


def test_a_geopackage_asks_for_no_coordinates(client: Client, town: Tenant, tmp_path: Path) -> None:
    client.force_login(member(town, Role.MUNICIPAL_ADMIN), backend=BACKEND)
    path = tmp_path / "adressen.gpkg"
    shape = np.array([shapely.to_wkb(shapely.Point(385_050, 5_668_050))], dtype=object)
    cells = [np.array(["Markt"], dtype=object), np.array([7.0])]
    pyogrio.raw.write(path, shape, cells, ["weg", "nr"], geometry_type="Point", crs="EPSG:25833", driver="GPKG")  # fmt: skip
    file = SimpleUploadedFile("a.gpkg", path.read_bytes())
    page = client.post(reverse("planning:addresses"), {"file": file}, follow=True)
    assert (page.context["look"].names, page.context["look"].lines) == (("weg", "nr"), (("Markt", "7"),))
    assert "easting" not in page.context["form"].fields
    columns = reverse("planning:address_columns")
    assert client.post(columns, {"street": "weg", "number": "nr"}).status_code == 200
    assert Address.objects.get().number == "7"


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"SQLite format 3\0", b"<html>"])
def test_a_file_without_addresses_goes_no_further(client: Client, town: Tenant, data: bytes) -> None:
    client.force_login(member(town, Role.MUNICIPAL_ADMIN), backend=BACKEND)
    answer = client.post(reverse("planning:addresses"), {"file": SimpleUploadedFile("a.csv", data)})
    assert (answer.status_code, "file" in answer.context["form"].errors) == (400, True)


def test_a_waiting_file_is_of_the_tenant_it_was_uploaded_for(client: Client, town: Tenant) -> None:
    other: Tenant = TenantFactory.create(name="Riesa")
    admin = member(town, Role.MUNICIPAL_ADMIN)
    Membership.objects.create(user=admin, tenant=other, role=Role.MUNICIPAL_ADMIN)
    client.force_login(admin, backend=BACKEND)
    client.post(reverse("switch_tenant"), {"tenant": town.pk})
    asked = uploaded(client, GOOD).context["form"].initial
    client.post(reverse("switch_tenant"), {"tenant": other.pk})
    columns = reverse("planning:address_columns")
    assert client.get(columns)["Location"] == reverse("planning:addresses")
    assert client.post(columns, asked)["Location"] == reverse("planning:addresses")
    assert not Address.objects.exists()


@pytest.mark.parametrize(("role", "status"), [(None, 302), (Role.PLANNER, 403)])
def test_others_see_no_page(client: Client, town: Tenant, role: Role | None, status: int) -> None:
    if role:
        client.force_login(member(town, role), backend=BACKEND)
    for name in ("addresses", "address_columns"):
        assert client.get(reverse(f"planning:{name}")).status_code == status


# --- finding


@pytest.mark.parametrize(
    ("text", "house"),
    [
        ("Ernst-Thälmann-Straße 12", "12"),
        ("ernst thaelmann str. 12, 01662 Meissen", "12"),
        ("Meißen, ERNST-THALMANN-STR 12 A", "12a"),
        ("Ernst-Thälmann-Strasse 12a Meißen", "12a"),
        ("Straße des 17. Juni 5", "5"),
        ("str. des 17 juni 5 meissen", "5"),
        ("Am Muellerberg 1-3, Scharfenberg", "1-3"),
    ],
)
def test_an_address_is_found_however_it_is_spelled(
    town: Tenant, tmp_path: Path, text: str, house: str
) -> None:
    taken(town, written(tmp_path, GOOD))
    found = asking.by_words(text)
    row = Address.objects.get(street_key=spelling.key(found.label.rpartition(",")[0].rpartition(" ")[0]), house_key=house)  # fmt: skip
    assert (found.easting, found.northing, found.label) == (row.point.x, row.point.y, str(row))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ernst-Thälmann-Straße", "no_house"),
        ("Ernst-Thälmann-Straße 99", "no_house"),
        ("Straße des 17. Juni", "no_house"),
        ("Ernst-Thälmann-Straße 12, Dresden", "no_house"),
        ("Ernst-Thälmann-Straße 12, 01067", "no_house"),
        ("Nirgendwo 1", "nowhere"),
    ],
)
def test_what_no_register_knows_is_not_guessed(town: Tenant, tmp_path: Path, text: str, code: str) -> None:
    taken(town, written(tmp_path, GOOD))
    with pytest.raises(PlaceRefused) as refused:
        asking.by_words(text)
    assert refused.value.code == code


def test_a_town_alone_leads_to_its_plans(client: Client, town: Tenant, tmp_path: Path) -> None:
    page, register = reverse("planning:auskunft"), reverse("planning:register", args=[town.slug])
    for text in ("Meißen", "meissen"):  # whether or not anybody imported addresses
        answer = client.post(page, {"suche": text})
        assert (answer.status_code, answer.context["form"].town) == (400, town.slug)
        assert f'href="{register}"' in answer.content.decode()
        taken(town, written(tmp_path, GOOD))
    assert client.get(page, {"punkt": "Meißen", "f": "json"}).json()["error"] == "town"
    assert client.post(page, {"suche": "Nirgendwo 1"}).context["form"].town == ""


def test_hint_and_refusal_name_an_address_that_is_found(client: Client, town: Tenant, tmp_path: Path) -> None:
    page = reverse("planning:auskunft")
    assert addressbook.example() == ""
    taken(town, written(tmp_path, GOOD))
    example = addressbook.example()
    assert asking.by_words(example).label == example
    hint = client.get(page).context["form"]["suche"].help_text
    assert 0 < hint.index(example) < hint.index("EPSG")
    refused = client.post(page, {"suche": "Nirgendwo 1", "f": "json"}).json()
    assert (refused["error"], example in refused["message"]) == ("nowhere", True)


def test_an_address_of_two_places_is_asked_back(town: Tenant, tmp_path: Path) -> None:
    taken(town, written(tmp_path, HEAD + "Markt;1;;01662;Meißen;385050;5668050\n"))
    other: Tenant = TenantFactory.create(name="Riesa")
    taken(other, written(tmp_path, HEAD + "Markt;1;;01587;Riesa;386050;5668050\n"))
    with pytest.raises(PlaceRefused) as refused:
        asking.by_words("Markt 1")
    assert refused.value.params["addresses"] == "Markt 1, 01662 Meißen; Markt 1, 01587 Riesa"
    assert asking.by_words("Markt 1 Riesa").easting == 386_050
    assert asking.by_words("Markt 1, 01587").easting == 386_050
    Tenant.objects.filter(pk=other.pk).update(active=False)
    assert asking.by_words("Markt 1").easting == 385_050


def test_an_address_that_the_county_imported_too_counts_once(town: Tenant, tmp_path: Path) -> None:
    landkreis = county()
    taken(town, written(tmp_path, HEAD + "Markt;1;;01662;Meißen;385050;5668050\n"))
    taken(landkreis, written(tmp_path, HEAD + "Markt;1;;01662;Meißen;385055;5668050\n"))
    assert asking.by_words("Markt 1").easting == 385_050


def test_what_is_not_public_is_not_found(town: Tenant, tmp_path: Path) -> None:
    taken(town, written(tmp_path, GOOD))
    with acting_for([town.pk], [town.pk]):
        Address.objects.update(is_public=False)
        assert not addressbook.is_filled()
        assert addressbook.address("Ernst-Thälmann-Straße 12", extent=asking.extent()) is None


def test_the_page_answers_about_an_address(client: Client, town: Tenant, tmp_path: Path) -> None:
    taken(town, written(tmp_path, GOOD))
    page = reverse("planning:auskunft")
    answer = client.get(page, {"punkt": "ernst-thälmann-str 12", "f": "json"})
    assert answer.json()["place"]["label"] == "Ernst-Thälmann-Straße 12, 01662 Meißen"
    link = client.post(page, {"suche": "Ernst-Thälmann-Straße 12"})
    assert "385050.25" in link["Location"]
    assert "Ernst-Thälmann-Straße 12, 01662 Meißen" in client.get(link["Location"]).content.decode()
    assert client.post(page, {"suche": "Ernst-Thälmann-Straße 77"}).status_code == 400
