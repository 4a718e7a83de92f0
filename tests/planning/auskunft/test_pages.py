"""Question and answer over HTTP, the command, the register, and the statement of completeness."""

import io
import json
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from planning.auskunft import telling
from planning.models import CaptureStatement
from tenants.models import AuditEvent, Tenant
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.tenants import member
from tests.planning.auskunft.conftest import Maker, X, Y, rectangle

pytestmark = pytest.mark.django_db
WA = "BP_BaugebietsTeilFlaeche"
POINT = f"{X + 20} {Y + 50}"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ATOM = "{http://www.w3.org/2005/Atom}"


def url(**query: str) -> str:
    return reverse("planning:auskunft", query=query)


def outline(west: float, south: float, east: float, north: float) -> str:
    return str(shapely.to_geojson(shapely.box(X + west, Y + south, X + east, Y + north)))


def test_the_question_is_a_page_for_everybody(client: Client) -> None:
    answer = client.get(url())
    assert answer.status_code == 200
    assert set(answer.context["form"].fields) == {
        "suche",
        "umriss",
        "name",
        "datei",
    }  # no service, no question about parcels


def test_a_point_is_answered_at_an_address_that_can_be_passed_on(client: Client, planned: Maker) -> None:
    plan = planned(rectangle(0, 0, 100, 100), objects=[(WA, rectangle(0, 0, 100, 100), {"gml_id": "w1"})])
    asked = client.post(url(), {"suche": POINT})
    assert asked.status_code == 302
    answer = client.get(asked["Location"])
    assert answer.status_code == 200
    assert [row.told.plan for row in answer.context["plans"]] == [plan]
    assert 'data-provision="w1"' in answer.content.decode()
    assert "private" in answer["Cache-Control"]


def test_the_same_as_json_and_pdf(client: Client, planned: Maker) -> None:
    plan = planned(rectangle(0, 0, 100, 100), objects=[(WA, rectangle(0, 0, 100, 100), {})])
    told = client.get(url(punkt=POINT, f="json"))
    assert told["Access-Control-Allow-Origin"] == "*"
    assert [each["id"] for each in told.json()["plans"]] == [str(plan.public_id)]
    printed = client.get(url(punkt=POINT, f="pdf"))
    assert (printed["Content-Type"], printed.content[:5]) == ("application/pdf", b"%PDF-")


@pytest.mark.parametrize("wanted", ["", "json", "pdf"])
def test_an_area_of_the_map_is_answered_at_once(client: Client, planned: Maker, wanted: str) -> None:
    planned(rectangle(0, 0, 100, 100), objects=[(WA, rectangle(0, 0, 100, 100), {})])
    answer = client.post(url(), {"umriss": outline(0, 0, 20, 10), "name": "Flurstück 12/3", "f": wanted})
    assert answer.status_code == 200
    if wanted == "json":
        assert (answer.json()["place"]["label"], answer.json()["place"]["area_m2"]) == (
            "Flurstück 12/3",
            200.0,
        )


def test_an_uploaded_parcel_is_answered_and_not_kept(client: Client, planned: Maker) -> None:
    planned(rectangle(0, 0, 100, 100))
    file = SimpleUploadedFile("parcel.geojson", outline(0, 0, 20, 10).encode())
    answer = client.post(url(), {"datei": file, "f": "json"})
    assert answer.json()["place"]["area_m2"] == 200.0
    again = client.post(
        url(), {"datei": SimpleUploadedFile("parcel.geojson", outline(0, 0, 20, 10).encode())}
    )
    assert (
        json.loads(again.context["form"].initial["umriss"])["type"] == "MultiPolygon"
    )  # from which PDF and JSON are asked


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, "empty"),
        ({"suche": "nan nan"}, "finite"),
        ({"suche": f"{Y} {X}"}, "swapped"),
        ({"suche": "Markt 1"}, "no_search"),
        ({"suche": "0 0"}, "outside"),
        ({"umriss": "{"}, "no_area"),
        ({"umriss": '{"type":"Point","coordinates":[NaN,1]}'}, "finite"),
        ({"umriss": '{"type":"Polygon","coordinates":7}'}, "no_area"),
        ({"umriss": outline(0, 0, 1_900, 1_900)}, "too_large"),
        ({"umriss": "x" * 1_000_001}, "max_length"),
        ({"datei": SimpleUploadedFile("x.zip", b"PK\x03\x04")}, "file_broken"),
        ({"datei": SimpleUploadedFile("x", b"")}, "file_kind"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_its_reason(
    client: Client, data: dict[str, Any], code: str
) -> None:
    answer = client.post(url(), {**data, "f": "json"})
    assert (answer.status_code, answer.json()["error"]) == (400, code)
    for each in data.values():
        if hasattr(each, "seek"):
            each.seek(0)
    page = client.post(url(), data)
    assert page.status_code == 400
    assert "data-kz-error-summary" in page.content.decode()


@pytest.mark.parametrize("text", ["", "nan nan", "x\0y", "1 2", f"{Y} {X}", "9" * 5000])
def test_an_address_of_rubbish_is_refused(client: Client, text: str) -> None:
    assert client.get(url(punkt=text)).status_code == 400
    assert set(client.get(url(punkt=text, f="json")).json()) == {"error", "message"}


def test_a_stranger_learns_nothing_of_drafts(client: Client, planned: Maker, town: Tenant) -> None:
    draft = planned(
        rectangle(0, 0, 100, 100),
        public=False,
        name="Geheimplan",
        objects=[(WA, rectangle(0, 0, 100, 100), {})],
    )
    planner = Client()
    planner.force_login(member(town, Role.PLANNER), backend=BACKEND)
    for person in (client, planner):
        for path in (url(punkt=POINT), url(punkt=POINT, f="json"), reverse("planning:register", args=[town.slug]), reverse("planning:register_feed", args=[town.slug]), reverse("sitemap")):  # fmt: skip
            body = person.get(path).content.decode()
            assert draft.name not in body
            assert str(draft.public_id) not in body


def test_pages_of_a_town_keep_its_frame(client: Client, town: Tenant) -> None:
    assert client.get(url(ort=town.slug)).context["tenant"] == town
    assert client.get(url(ort="nirgends\0")).status_code == 200


# --- the command


def test_the_command_prints_the_same_json(planned: Maker) -> None:
    plan = planned(rectangle(0, 0, 100, 100), objects=[(WA, rectangle(0, 0, 100, 100), {})])
    out = io.StringIO()
    call_command("plan_info", "--point", f"{X + 20},{Y + 50}", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["schema"], [each["id"] for each in told["plans"]]) == (telling.SCHEMA, [str(plan.public_id)])
    out = io.StringIO()
    call_command("plan_info", "--point", POINT, "--on", "2019-12-31", stdout=out)
    assert plan.name not in out.getvalue()


def test_the_command_takes_a_parcel(planned: Maker, tmp_path: Any) -> None:
    plan = planned(rectangle(0, 0, 100, 100))
    file = tmp_path / "parcel.geojson"
    file.write_text(outline(0, 0, 20, 10))
    out = io.StringIO()
    call_command("plan_info", "--parcel", str(file), stdout=out)
    assert plan.name in out.getvalue()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--point", "nan,nan"), "Die Koordinaten sind keine Zahlen, die einen Ort bezeichnen."),
        (("--point", "0,0"), "Dieser Ort liegt außerhalb des Landkreises."),
        (
            ("--point", "Markt 1"),
            "Es werden zwei Zahlen gebraucht: Rechtswert und Hochwert (EPSG:25833) oder Breite und Länge.",
        ),
        (
            ("--point", ""),
            "Es werden zwei Zahlen gebraucht: Rechtswert und Hochwert (EPSG:25833) oder Breite und Länge.",
        ),
        (("--parcel", "/nowhere.gml"), "/nowhere.gml: Datei oder Ordner gibt es nicht"),
        (
            ("--point", "1,2", "--on", "31.12.2020"),
            "„31.12.2020“ ist kein Tag; geschrieben wird er so: 2026-11-30.",
        ),
    ],
)
def test_the_command_fails_with_a_reason(arguments: tuple[str, ...], reason: str) -> None:
    with pytest.raises(CommandError) as failure:
        call_command("plan_info", *arguments)
    assert str(failure.value).endswith(reason)


# --- the register


def test_the_register_lists_public_plans_by_their_state(client: Client, planned: Maker, town: Tenant) -> None:
    in_force = planned(rectangle(0, 0, 100, 100))
    under_way = planned(rectangle(0, 0, 100, 100), legal_status="2400", valid_from=None)
    ended = planned(rectangle(0, 0, 100, 100), legal_status="5000")
    answer = client.get(reverse("planning:register", args=[town.slug]))
    found = {key: [row["plan"] for row in rows] for _words, key, rows in answer.context["sections"]}
    assert found == {"in_force": [in_force], "under_way": [under_way], "ended": [ended]}
    feed = ElementTree.fromstring(client.get(reverse("planning:register_feed", args=[town.slug])).content)  # noqa: S314 - our own
    assert len(feed.findall(f"{ATOM}entry")) == 3
    assert client.get(reverse("planning:registers")).context["towns"].get() == town


def test_a_register_of_nobody_is_not_there(client: Client) -> None:
    for name in ("planning:register", "planning:register_feed"):
        assert client.get(reverse(name, args=["nirgends"])).status_code == 404


def test_the_sitemap_lists_registers_and_public_plans(client: Client, planned: Maker, town: Tenant) -> None:
    plan = planned(rectangle(0, 0, 100, 100))
    body = client.get(reverse("sitemap")).content.decode()
    assert plan.get_absolute_url() in body
    assert reverse("planning:register", args=[town.slug]) in body


# --- completeness


def test_a_planner_states_how_complete_the_plans_are(client: Client, town: Tenant) -> None:
    client.force_login(member(town, Role.PLANNER), backend=BACKEND)
    data = {
        "bp-captured": "partly",
        "bp-as_of": "2026-01-31",
        "bp-note": "Pläne vor 1990 fehlen.",
        "fp-captured": "",
    }
    for _ in range(2):  # saying the same again is no new record
        assert client.post(reverse("planning:capture"), data).status_code == 302
    row = CaptureStatement.objects.get()  # without scope: public at once
    assert (row.kind, row.captured, row.as_of, row.tenant) == ("bp", "partly", date(2026, 1, 31), town)
    with acting_for([town.pk]):
        assert AuditEvent.objects.filter(action="state_capture").count() == 1
    assert row.note in Client().get(reverse("planning:register", args=[town.slug])).content.decode()


def test_a_statement_needs_a_day(client: Client, town: Tenant) -> None:
    client.force_login(member(town, Role.PLANNER), backend=BACKEND)
    assert client.post(reverse("planning:capture"), {"bp-captured": "yes"}).status_code == 400
    assert not CaptureStatement.objects.exists()


@pytest.mark.parametrize(("role", "status"), [(None, 302), (Role.MODERATOR, 403)])
def test_others_state_nothing(client: Client, town: Tenant, role: Role | None, status: int) -> None:
    if role:
        client.force_login(member(town, role), backend=BACKEND)
    assert (
        client.post(reverse("planning:capture"), {"bp-captured": "yes", "bp-as_of": "2026-01-31"}).status_code
        == status
    )
    assert not CaptureStatement.objects.exists()
