"""Pages of the drawing board: who may, forms by the schema facts, two sessions, hostile values, acts of the map."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from planning import drafting, editing
from planning.models import EditDraft, EditedObject, Fassung, Plan
from planning.xplanung.reader import Reader
from tenants import files
from tenants.models import Job, PrivateFile, Tenant, User
from tenants.permissions import reach, share
from tenants.roles import Role, Share
from tenants.scope import acting_for, within
from tests.factories import xplanung as samples
from tests.factories.tenants import TenantFactory, UserFactory, county, member
from tests.factories.vectorfiles import shapefile
from tests.planning.test_editing import draft, imported, plan, planner, tenant, two_areas
from tests.planning.test_views import as_

__all__ = ["draft", "plan", "planner", "tenant"]

pytestmark = pytest.mark.django_db

OF_DRAFT = ("edit", "edit_features", "edit_new", "edit_discard", "edit_finish")
OF_OBJECT = ("edit_attributes", "edit_corners", "edit_cut", "edit_remove")


def url(name: str, plan: Plan, key: str | None = None) -> str:
    return reverse(f"planning:{name}", kwargs={"public_id": plan.public_id, **({"key": key} if key else {})})


def addresses(plan: Plan) -> list[str]:
    return [*(url(name, plan) for name in OF_DRAFT), *(url(name, plan, "W") for name in OF_OBJECT)]


def page_of(answer: Any) -> Any:
    return html.fromstring(answer.content)


def values(client: Client, address: str) -> dict[str, Any]:
    """What the form of a page would send unchanged."""
    form = page_of(client.get(address)).forms
    (wanted,) = [
        one for one in form if one.method == "POST" and ("mark" in one.fields or "kind" in one.fields)
    ]
    found: dict[str, Any] = {}
    for name, value in wanted.form_values():
        if name != "add":
            found.setdefault(name, []).append(value)
    return {name: many[0] if len(many) == 1 else many for name, many in found.items()}


def state_of(draft: EditDraft, key: str) -> drafting.Item:
    with acting_for([draft.tenant_id]):
        draft.refresh_from_db()
        found = drafting.item_of(draft, key)
    assert found is not None
    return found


def codes(answer: Any) -> set[str]:
    form = answer.context["form"]
    return {error.code for errors in form.errors.as_data().values() for error in errors}


def test_who_sees_the_board(draft: EditDraft, plan: Plan, tenant: Tenant, planner: User) -> None:
    bureau, stranger = UserFactory.create(), UserFactory.create()
    share(plan, holder=bureau, as_=Share.EXTERNAL_PLANNER)
    reader = UserFactory.create()
    share(plan, holder=reader, as_=Share.READER)
    expected = [
        (planner, {200}),
        (User.objects.get(pk=bureau.pk), {200}),
        (reader, {403}),
        (member(tenant, Role.EDITOR), {403}),
        (member(TenantFactory.create(name="Riesa"), Role.PLANNER), {404}),
        (member(county(), Role.COUNTY_ADMIN), {404}),
        (stranger, {404}),
        (None, {302}),
    ]
    for person, wanted in expected:
        client = as_(person)
        assert {client.get(address).status_code for address in addresses(plan)} == wanted, person
        assert client.post(url("edit_act", plan), "{}", content_type="application/json").status_code == (
            400 if wanted == {200} else wanted.copy().pop()
        )


def test_without_a_draft_there_is_nothing_but_its_beginning(plan: Plan, planner: User) -> None:
    client = as_(planner)
    found = {address: client.get(address).status_code for address in addresses(plan)}
    assert {status for address, status in found.items() if address != url("edit", plan)} == {404}
    assert found[url("edit", plan)] == 200
    assert client.post(url("edit", plan)).status_code == 302
    assert client.get(url("edit_features", plan)).status_code == 200


def test_an_attribute_is_saved_and_nothing_else(draft: EditDraft, plan: Plan, planner: User) -> None:
    client, address = as_(planner), url("edit_attributes", plan, "W")
    given = values(client, address)
    before = state_of(draft, "W")
    assert client.post(address, given).status_code == 302
    assert state_of(draft, "W") == before  # nothing differs, so there is no step
    assert (
        client.post(address, {**given, "p-GRZ": "0,4", "p-besondereArtDerBaulNutzung": "1200"}).status_code
        == 302
    )
    now = state_of(draft, "W")
    assert now.properties == {**before.properties, "GRZ": "0.4", "besondereArtDerBaulNutzung": "1200"}
    assert now.mark == 1


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("p-GRZ", "viel", "number"),
        ("p-Z", "2,5", "integer"),
        ("p-rechtscharakter", "", "required"),
        ("p-rechtscharakter", "4711", "invalid_choice"),
        ("p-gehoertZuBereich", "#NIEMAND", "invalid_choice"),
        ("p-aufschrift", "a\0b", "null_characters_not_allowed"),
    ],
)
def test_a_bad_value_is_refused_with_the_label_of_its_attribute(
    draft: EditDraft, plan: Plan, planner: User, field: str, value: str, code: str
) -> None:
    client, address = as_(planner), url("edit_attributes", plan, "W")
    answer = client.post(address, {**values(client, address), field: value})
    assert codes(answer) == {code}
    form = answer.context["form"]
    (sentence,) = form.errors[field]
    if code not in ("invalid_choice", "null_characters_not_allowed"):
        assert str(form.fields[field].label) in sentence
    assert state_of(draft, "W").mark == 0


HOSTILE = [
    "<script>alert(1)</script>",
    "]]></xplan:text><x/>",
    "'; DROP TABLE planning_plan; --",
    "{% debug %}",
    "\u202eevil",
    "𝔘" * 4000,
    "a\x0bb",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_text(draft: EditDraft, plan: Plan, planner: User, text: str) -> None:
    client, address = as_(planner), url("edit_attributes", plan, "W")
    answer = client.post(address, {**values(client, address), "p-text": text})
    if text == "a\x0bb":  # no character of XML
        assert answer.status_code == 200
        assert answer.context["form"].non_field_errors()
        return
    assert answer.status_code == 302
    assert state_of(draft, "W").properties["text"] == text
    assert b"<script>alert(1)" not in client.get(address).content
    assert b"<script>alert(1)" not in client.get(url("edit_finish", plan)).content


def test_a_further_attribute_is_asked_for_by_its_name_and_what_was_typed_stays(
    draft: EditDraft, plan: Plan, planner: User
) -> None:
    client, address = as_(planner), url("edit_attributes", plan, "W")
    given = {**values(client, address), "p-GRZ": "0,7"}
    answer = client.post(address, {**given, "attribute": "nichts davon", "add": "1"})
    assert list(answer.context["form"].errors) == ["attribute"]
    answer = client.post(address, {**given, "attribute": "Dachgestaltung", "add": "1"})
    form = answer.context["form"]
    assert form["p-GRZ"].value() == "0,7"
    assert "p-dachgestaltung-0-DNmin" in form.fields
    saved = {
        **given,
        "more": "dachgestaltung",
        "p-dachgestaltung-0-DNmin": "25",
        "p-dachgestaltung-0-dachform": "3100",
    }
    assert client.post(address, saved).status_code == 302
    (roof,) = state_of(draft, "W").properties["dachgestaltung"]
    assert roof["DNmin"] == {"@text": "25", "@uom": "grad"}


@pytest.mark.parametrize("version", ["5.4", "6.0", "6.1"])
def test_codes_of_a_code_list_are_offered_and_others_may_be_typed(
    version: str, tenant: Tenant, planner: User, tmp_path: Path
) -> None:
    used = "<xplan:abweichendeBauweise>1234</xplan:abweichendeBauweise>"
    data = samples.document(
        version,
        samples.plan(version),
        samples.bereich(version),
        samples.area(version, gml_id="W"),
        samples.area(version, gml_id="E", extra=used),
    )
    plan = imported(data, tenant=tenant, actor=planner, folder=tmp_path)
    with within(reach(planner).scope):
        draft = editing.begin(plan, actor=planner)
        whole = drafting.plan_item(draft)
    assert whole is not None
    client, address = as_(planner), url("edit_attributes", plan, "W") + "?more=abweichendeBauweise"
    page = page_of(client.get(address))
    (field,) = page.xpath("//input[@name='p-abweichendeBauweise']")
    assert page.xpath(f"//datalist[@id='{field.get('list')}']/option/@value") == ["1234"]
    page = page_of(client.get(url("edit_attributes", plan, whole.key) + "?more=externeReferenz"))
    (field,) = page.xpath("//input[@name='p-externeReferenz-0-referenzMimeType']")
    assert page.xpath(f"//datalist[@id='{field.get('list')}']/option[text()='PDF']/@value") == [
        "application/pdf"
    ]
    saved = {**values(client, address), "p-abweichendeBauweise": "eigener Wert"}
    assert client.post(address, saved).status_code == 302
    assert state_of(draft, "W").properties["abweichendeBauweise"] == "eigener Wert"


@pytest.mark.parametrize("version", samples.VERSIONS)
def test_every_object_has_a_form_in_every_version(
    version: str, tenant: Tenant, planner: User, tmp_path: Path
) -> None:
    plan = imported(samples.simple_plan(version), tenant=tenant, actor=planner, folder=tmp_path)
    with within(reach(planner).scope):
        draft = editing.begin(plan, actor=planner)
    client = as_(planner)
    for key in ("PLAN_1", "PLAN_1_B", "BT_1"):
        address = url("edit_attributes", plan, key)
        assert client.post(address, values(client, address)).status_code == 302, key
        assert state_of(draft, key).mark == 0


def test_two_sessions_keep_both_changes_or_see_the_other_one(
    draft: EditDraft, plan: Plan, tenant: Tenant, planner: User
) -> None:
    anna, bert = as_(planner), as_(member(tenant, Role.PLANNER))
    address = url("edit_attributes", plan, "W")
    hers, his = values(anna, address), values(bert, address)
    assert anna.post(address, {**hers, "p-GRZ": "0,4", "p-Z": "2"}).status_code == 302
    # another attribute: both are kept
    assert bert.post(address, {**his, "p-aufschrift": "WA 1"}).status_code == 302
    both = state_of(draft, "W").properties
    assert (both["GRZ"], both["Z"], both["aufschrift"]) == ("0.4", "2", "WA 1")
    # the same attribute: told, and his own is kept in the field
    answer = bert.post(address, {**his, "p-GRZ": "0,6"})
    assert answer.status_code == 200
    form = answer.context["form"]
    assert (form["p-GRZ"].value(), form["p-Z"].value(), form["p-aufschrift"].value()) == ("0,6", "2", "WA 1")
    assert "0.4" in str(answer.context["theirs"])
    again = values_of(answer)
    assert bert.post(address, again).status_code == 302
    now = state_of(draft, "W").properties
    assert (now["GRZ"], now["Z"], now["aufschrift"]) == ("0.6", "2", "WA 1")


def values_of(answer: Any) -> dict[str, Any]:
    (form,) = [one for one in page_of(answer).forms if "mark" in one.fields]
    return {name: value for name, value in form.form_values() if name != "add"}


def act(client: Client, plan: Plan, body: Any) -> Any:
    return client.post(url("edit_act", plan), json.dumps(body), content_type="application/json")


def features(client: Client, plan: Plan) -> dict[str, Any]:
    content: dict[str, Any] = client.get(url("edit_features", plan)).json()
    return content


def test_the_map_reshapes_and_learns_that_somebody_was_faster(
    draft: EditDraft, plan: Plan, planner: User
) -> None:
    client = as_(planner)
    seen = features(client, plan)
    west = next(one for one in seen["features"] if one["id"] == "W")["geometry"]
    ring = [[400060, 5660100] if corner == [400050, 5660100] else corner for corner in west["coordinates"][0]]
    body = {
        "act": "reshape",
        "objects": [{"id": "W", "mark": seen["marks"]["W"], "geometry": {**west, "coordinates": [ring]}}],
    }
    assert act(client, plan, body).status_code == 200
    now = features(client, plan)
    assert (now["revision"], now["marks"]["W"], now["marks"]["E"], now["marks"]["PLAN_1"]) == (1, 1, 1, 0)
    east = next(one for one in now["features"] if one["id"] == "E")["geometry"]
    assert [400060.0, 5660100.0] in east["coordinates"][0]
    assert act(client, plan, body).status_code == 409
    assert features(client, plan)["revision"] == 1


@pytest.mark.parametrize(
    "body",
    [
        None, [], {}, {"act": "fly"}, {"act": "reshape"}, {"act": "reshape", "objects": []},
        {"act": "reshape", "objects": [{"id": "W", "mark": "x", "geometry": None}]},
        {"act": "add", "kind": "wa", "geometry": {"type": "Polygon", "coordinates": [[["a", 1]]]}},
        {"act": "add", "kind": "wa", "geometry": {"type": "Polygon", "coordinates": [[[1e300, 1], [2, 2], [3, 1], [1e300, 1]]]}},
        {"act": "add", "kind": "wa", "geometry": {"type": "Point", "coordinates": [1, 2]}},
        {"act": "add", "kind": "<script>", "geometry": {"type": "Point", "coordinates": [1, 2]}},
        {"act": "fill", "kind": "wa", "point": [1]}, {"act": "fill", "kind": "wa", "point": "ab"},
        {"act": "cut", "id": "W", "mark": 0, "line": {"type": "Point", "coordinates": [1, 2]}},
    ],
)  # fmt: skip
def test_what_the_map_never_sends_is_refused(draft: EditDraft, plan: Plan, planner: User, body: Any) -> None:
    assert act(as_(planner), plan, body).status_code == 400
    with acting_for([plan.tenant_id]):
        assert not EditedObject.objects.exists()


def test_what_would_break_the_plan_is_refused_in_words(draft: EditDraft, plan: Plan, planner: User) -> None:
    bow = {
        "type": "Polygon",
        "coordinates": [
            [[400000, 5660000], [400050, 5660100], [400050, 5660000], [400000, 5660100], [400000, 5660000]]
        ],
    }
    client = as_(planner)
    for body in (
        {"act": "add", "kind": "wa", "geometry": bow},
        {"act": "remove", "id": "PLAN_1", "mark": 0},
        {"act": "fill", "kind": "wa", "point": [400010, 5660010]},
    ):
        answer = act(client, plan, body)
        assert (answer.status_code, bool(answer.json()["message"])) == (422, True)
    assert client.post(url("edit_act", plan), b"\xff{", content_type="application/json").status_code == 400
    assert (
        client.post(url("edit_act", plan), b"[" * 100_000, content_type="application/json").status_code == 400
    )


def test_forms_do_what_the_map_does(draft: EditDraft, plan: Plan, planner: User) -> None:
    client = as_(planner)
    corners = url("edit_corners", plan, "W")
    given = values(client, corners)
    given["corners"] = given["corners"].replace("400050.000 5660100.000", "400049,9 5660100,1")
    assert client.post(corners, {**given, "snap": "on", "along": "on"}).status_code == 302
    assert state_of(draft, "W").geometry.equals(shapely_box(400000, 400050))  # type: ignore[union-attr]  # snapped back onto its neighbour
    cut = url("edit_cut", plan, "E")
    line = "400040 5660050\n400110 5660050"
    assert client.post(cut, {"line": line, "mark": values(client, cut)["mark"]}).status_code == 302
    new = url("edit_new", plan)
    assert client.post(new, {"kind": "tree", "corners": "400010 5660010"}).status_code == 302
    assert client.post(new, {"kind": "text"}).status_code == 302
    assert codes(client.post(new, {"kind": "wa", "corners": "eins\nzwei"})) == {"corner"}
    assert codes(client.post(new, {"kind": "wa", "corners": "1 1\n2 2"})) == {"few"}
    remove = url("edit_remove", plan, "W")
    assert client.post(remove, {"mark": state_of(draft, "W").mark}).status_code == 302
    assert client.post(new, {"kind": "green", "corners": "400010 5660010", "fill": "on"}).status_code == 302
    kinds = [step.kind for step in drafting_history(draft)]
    assert sorted(kinds) == ["added", "added", "added", "cut", "geometry", "removed"]


def drafting_history(draft: EditDraft) -> list[Any]:
    with acting_for([draft.tenant_id]):
        return drafting.history(draft)


def shapely_box(west: float, east: float) -> Any:
    return shapely.box(west, 5660000, east, 5660100)


def test_undo_by_button_says_what_and_refuses_an_old_page(
    draft: EditDraft, plan: Plan, planner: User
) -> None:
    client, address = as_(planner), url("edit_attributes", plan, "W")
    client.post(address, {**values(client, address), "p-GRZ": "0,4"})
    client.post(url("edit_undo", plan), {"revision": "0"})
    assert state_of(draft, "W").mark == 1
    client.post(url("edit_undo", plan), {"revision": "1"})
    assert state_of(draft, "W").mark == 0
    client.post(url("edit_redo", plan), {"revision": "2"})
    assert state_of(draft, "W").mark == 1
    for bad in ("", "-1", "x", "9" * 40):
        assert client.post(url("edit_undo", plan), {"revision": bad}).status_code == 302
    assert state_of(draft, "W").mark == 1


def test_finish_shows_what_differs_and_starts_the_job(draft: EditDraft, plan: Plan, planner: User) -> None:
    client, address = as_(planner), url("edit_attributes", plan, "W")
    client.post(address, {**values(client, address), "p-GRZ": "0,4"})
    page = page_of(client.get(url("edit_finish", plan)))
    assert [one.get("data-change") for one in page.xpath("//*[@data-change]")] == ["changed"]
    assert client.post(url("edit_finish", plan), {"revision": "0"}).status_code == 302
    with acting_for([plan.tenant_id]):
        assert not Job.objects.filter(task="planning.tasks.import_upload").exists()
    answer = client.post(url("edit_finish", plan), {"revision": "1"})
    with acting_for([plan.tenant_id]):
        job = Job.objects.get(task="planning.tasks.import_upload")
    assert answer["Location"] == reverse("planning:import", args=[job.public_id])
    assert client.get(url("edit", plan)).status_code == 200  # being written
    assert client.get(address).status_code == 404


def test_the_board_says_that_a_frozen_fassung_stays(draft: EditDraft, plan: Plan, planner: User) -> None:
    client = as_(planner)
    assert b"data-frozen" not in client.get(url("edit", plan)).content
    with acting_for([plan.tenant_id], [plan.tenant_id]):
        Fassung.objects.create(
            tenant_id=plan.tenant_id,
            plan=plan,
            kind="draft",
            dated_on=date(2026, 3, 1),
            version=draft.base,
            frozen_at=timezone.now(),
        )
    assert b"data-frozen" in client.get(url("edit", plan)).content


@pytest.mark.parametrize("two", [False, True])
def test_the_list_costs_the_same_whatever_its_length(
    two: bool, tenant: Tenant, planner: User, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    plan = imported(
        two_areas() if two else samples.simple_plan("6.0"), tenant=tenant, actor=planner, folder=tmp_path
    )
    with within(reach(planner).scope):
        editing.begin(plan, actor=planner)
    client = as_(planner)
    client.get(url("edit", plan))
    with django_assert_max_num_queries(34):
        client.get(url("edit", plan))


GEOJSON = {
    "type": "Feature",
    "properties": {},
    "geometry": {
        "type": "Polygon",
        "coordinates": [
            [[400000, 5660000], [400300, 5660000], [400300, 5660200], [400000, 5660200], [400000, 5660000]]
        ],
    },
}
BOW = {"type": "Polygon", "coordinates": [[[400000, 5660000], [400300, 5660200], [400300, 5660000], [400000, 5660200], [400000, 5660000]]]}  # fmt: skip
DEGREES = {"type": "Polygon", "coordinates": [[[13.4, 51.1], [13.41, 51.1], [13.41, 51.11], [13.4, 51.1]]]}


@pytest.mark.parametrize(
    "area",
    [
        {"corners": "400000 5660000\n400300 5660000\n400300 5660200\n400000 5660200"},
        {"place": json.dumps(GEOJSON["geometry"])},
        {"outline": json.dumps({"type": "FeatureCollection", "features": [GEOJSON]})},
        {"outline": json.dumps(DEGREES)},
    ],
)
def test_a_plan_is_begun_with_a_name_and_an_area(area: dict[str, str], tenant: Tenant, planner: User) -> None:
    given: dict[str, Any] = {
        "plan_type": "FP",
        "name": "Neue Siedlung",
        "number": "31",
        "town": "14627140",
        **area,
    }
    if "outline" in given:
        given["outline"] = SimpleUploadedFile("a.geojson", given["outline"].encode())
    answer = as_(planner).post(reverse("planning:found"), given)
    assert answer.status_code == 302
    with acting_for([tenant.pk]):
        job = Job.objects.get()
    assert answer["Location"] == reverse("planning:import", args=[job.public_id])


@pytest.mark.parametrize("kind", ["shp", "gpkg"])
def test_the_area_of_a_plan_is_taken_from_a_geopackage_or_shapefile(
    kind: str, tmp_path: Path, tenant: Tenant, planner: User
) -> None:
    halves = [
        shapely.box(400_000, 5_660_000, 400_100, 5_660_100),
        shapely.box(400_100, 5_660_000, 400_200, 5_660_100),
    ]
    path = shapefile(tmp_path, halves, code=25832)
    if kind == "gpkg":
        meta, _ids, shapes, fields = pyogrio.raw.read(tmp_path / "Fläche.shp")
        path = tmp_path / "a.gpkg"
        pyogrio.raw.write(
            path, shapes, fields, meta["fields"], geometry_type="Polygon", crs=meta["crs"], driver="GPKG"
        )
    given = {
        "plan_type": "BP",
        "name": "Neue Siedlung",
        "town": "14627140",
        "outline": SimpleUploadedFile(path.name, path.read_bytes()),
    }
    assert as_(planner).post(reverse("planning:found"), given).status_code == 302
    with acting_for([tenant.pk]):
        document = files.path_of(PrivateFile.objects.get()).read_bytes()
    plan = next(record for batch in Reader(io.BytesIO(document), srid=25833).batches() for record in batch)
    assert plan.geometry is not None
    assert shapely.hausdorff_distance(plan.geometry, shapely.union_all(halves)) < 0.01


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "__all__"),
        ({"name": "", "corners": "1 1\n2 2\n3 1"}, "name"),
        ({"plan_type": "RP", "corners": "1 1\n2 2\n3 1"}, "plan_type"),
        ({"town": "14627999", "corners": "1 1\n2 2\n3 1"}, "town"),
        ({"corners": "1 1\n2 2"}, "corners"),
        ({"place": "{"}, "place"),
        ({"place": '{"type": "Point", "coordinates": [1, 2]}'}, "place"),
        ({"place": '{"type": "Feature"}'}, "place"),
        ({"outline": "\xff"}, "outline"),
        ({"outline": json.dumps(BOW)}, "outline"),  # crosses itself
        (
            {"corners": "400000 5660000\n400300 5660200\n400300 5660000\n400000 5660200"},
            "__all__",
        ),  # crosses itself
    ],
)
def test_a_plan_without_a_sound_beginning_is_refused(
    given: dict[str, str], field: str, tenant: Tenant, planner: User
) -> None:
    posted: dict[str, Any] = {"plan_type": "BP", "name": "X", "town": "14627140", **given}
    if "outline" in posted:
        posted["outline"] = SimpleUploadedFile("a.geojson", posted["outline"].encode("latin-1"))
    answer = as_(planner).post(reverse("planning:found"), posted)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert as_(member(tenant, Role.EDITOR)).get(reverse("planning:found")).status_code == 403
