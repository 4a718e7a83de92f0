"""What is read over the REST API: one's own and what is public, in pages, narrowed as asked."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from freezegun import freeze_time

from planning.models import PlanDocument
from tenants.models import PrivateFile
from tenants.permissions import share
from tenants.roles import Role, Share
from tenants.scope import acting_for
from tests.factories.catalogue import make_dataset
from tests.factories.isolation import SECRET, World, people_the_world
from tests.factories.participation import make_procedure, make_statement, spot
from tests.factories.planning import make_plan, square
from tests.factories.tenants import TenantFactory, UserFactory, member
from tests.twin.rest.conftest import API, Stage, ask, secret_of

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def addresses(world: World) -> Iterator[tuple[str, str]]:
    """(list, one row of it) of everything that has rows of a tenant."""
    row = world.rows
    plan, dataset = row["planning.Plan"], row["catalogue.Dataset"]
    version = f"plans/{plan.public_id}/versions/{row['planning.PlanVersion'].number}/"  # type: ignore[attr-defined]
    yield "plans/", f"plans/{plan.public_id}/"  # type: ignore[attr-defined]
    yield f"plans/{plan.public_id}/versions/", version  # type: ignore[attr-defined]
    yield f"{version}objects/", f"{version}objects/{row['planning.PlanObject'].position}/"  # type: ignore[attr-defined]
    yield "procedures/", f"procedures/{row['participation.Procedure'].public_id}/"  # type: ignore[attr-defined]
    yield "datasets/", f"datasets/{dataset.public_id}/"  # type: ignore[attr-defined]
    yield f"datasets/{dataset.public_id}/versions/", f"datasets/{dataset.public_id}/versions/1/"  # type: ignore[attr-defined]
    yield "records/", f"records/{row['catalogue.Record'].public_id}/"  # type: ignore[attr-defined]
    yield "sources/", f"sources/{row['catalogue.Source'].public_id}/"  # type: ignore[attr-defined]
    yield "data-formats/", f"data-formats/{row['catalogue.DataFormat'].public_id}/"  # type: ignore[attr-defined]


def test_draft_is_there_for_its_own_people_alone(stage: Stage) -> None:
    draft = people_the_world(stage.town, stage.person, "draft")
    own = secret_of(stage.person, stage.town)
    other = TenantFactory.create()
    strangers = ("", secret_of(member(other, *Role), other), secret_of(UserFactory.create(), None))
    for listed, single in addresses(draft):
        assert (
            SECRET in Client().get(API + single, headers={"Authorization": f"Bearer {own}"}).content.decode()
        ), single
        for stranger in strangers:
            headers = {"Authorization": f"Bearer {stranger}"} if stranger else {}
            for path in (listed, single):
                answer = Client().get(API + path, headers=headers)
                assert SECRET not in answer.content.decode(), path
            assert answer.status_code == 404, single
    for listed, single in addresses(stage.world):
        assert len(ask(listed)["results"]) == 1, listed
        assert ask(single)


def test_jobs_and_statements_are_for_their_people(stage: Stage) -> None:
    other = TenantFactory.create()
    stranger = secret_of(member(other, *Role), other)
    editor = secret_of(member(stage.town, Role.EDITOR), stage.town)
    own = secret_of(stage.person, stage.town)
    job = f"jobs/{stage.row('tenants.Job').public_id}/"
    statement = f"statements/{stage.row('participation.Statement').public_id}/"
    for path in ("jobs/", job, "statements/", statement):
        answer = Client().get(API + path)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert ask("jobs/", secret=stranger)["results"] == []
    assert ask("statements/", secret=stranger)["results"] == []
    ask(job, secret=stranger, status=404)
    ask(statement, secret=stranger, status=404)
    ask("statements/", secret=editor, status=403)
    ask(statement, secret=editor, status=403)
    assert ask(job, secret=own)["percent"] == 100
    assert ask(statement, secret=own)["publication"] == "published"


def test_shared_plan_and_dataset_are_read_by_whom_they_are_shared_with(stage: Stage) -> None:
    draft = people_the_world(stage.town, stage.person, "draft")
    bureau = UserFactory.create()
    secret = secret_of(bureau, None)
    share(draft.rows["planning.Plan"], holder=bureau, as_=Share.EXTERNAL_PLANNER)
    share(draft.rows["catalogue.Dataset"], holder=bureau, as_=Share.READER)
    found = {one["is_public"] for one in ask("plans/", secret=secret)["results"]}
    assert found == {True, False}
    assert ask(f"datasets/{draft.rows['catalogue.Dataset'].public_id}/", secret=secret)["is_public"] is False  # type: ignore[attr-defined]
    assert len(ask("records/", secret=secret)["results"]) == 2


def test_reader_of_a_shared_dataset_sees_its_current_version_alone(db: None) -> None:
    town, bureau = TenantFactory.create(), UserFactory.create()
    dataset = make_dataset(town, features=2)
    with acting_for([town.pk], [town.pk]):
        old = dataset.datasetversions.get()
        old.pk, old.number = None, 2
        old.save()
        dataset.current_version = old
        dataset.save()
    share(dataset, holder=bureau, as_=Share.READER)
    path = f"datasets/{dataset.public_id}/versions/"

    def numbers(secret: str) -> list[int]:
        return [one["number"] for one in ask(path, secret=secret)["results"]]

    assert numbers(secret_of(bureau, None)) == [2]
    assert numbers(secret_of(member(town, Role.PLANNER), town)) == [2, 1]
    ask(f"{path}1/", secret=secret_of(bureau, None), status=404)


# --- what stands in it


def test_plan_says_what_its_file_says_and_where_it_lies(db: None) -> None:
    town = TenantFactory.create(slug="stadt")
    plan = make_plan(
        town, public=True, objects=2, name="Am Weinberg", area=MultiPolygon(square(), srid=25833)
    )
    (listed,) = ask("plans/")["results"]
    found = ask(listed["url"])
    assert (found["name"], found["tenant"], found["plan_type"]) == ("Am Weinberg", "stadt", "BP")
    west, south, east, north = found["bbox"]
    assert 13.3 < west < east < 13.4 and 51.1 < south < north < 51.2
    ring = found["area"]["coordinates"][0][0]
    assert min(x for x, _y in ring) == pytest.approx(west, abs=1e-6)
    (version,) = ask(found["versions"])["results"]
    assert (version["number"], version["feature_count"]) == (1, 2)
    objects = ask(version["objects"])["results"]
    assert [one["position"] for one in objects] == [0, 1]
    assert ask(objects[1]["url"]) == objects[1]
    assert plan.get_absolute_url() in listed["page"]


def test_document_is_given_out_only_where_it_is_open(db: None, tmp_path: Any) -> None:
    town = TenantFactory.create()
    plan = make_plan(town, public=True)
    with acting_for([town.pk], [town.pk]):
        file = PrivateFile.objects.get()
        common = {"tenant": town, "plan": plan, "version": plan.current_version, "file": file}
        PlanDocument.objects.create(**common, title="offen", is_public=True)
        closed = PlanDocument.objects.create(**common, title="intern", is_internal=True)
    path = f"plans/{plan.public_id}/versions/1/documents/"
    (found,) = ask(path)["results"]
    answer = Client().get(found["file"])
    assert (answer.status_code, b"".join(answer.streaming_content)[:5]) == (200, b"<plan")  # type: ignore[attr-defined]
    hidden = f"{API}plans/{plan.public_id}/documents/{closed.public_id}/file/"
    assert Client().get(hidden).status_code == 404
    own = secret_of(member(town, Role.PLANNER), town)
    assert {one["title"] for one in ask(path, secret=own)["results"]} == {"offen", "intern"}
    answer = Client().get(hidden, headers={"Authorization": f"Bearer {own}"})
    assert (answer.status_code, bool(b"".join(answer.streaming_content))) == (200, True)  # type: ignore[attr-defined]


def test_statement_shows_its_place_and_never_who_said_it(db: None) -> None:
    town = TenantFactory.create()
    procedure = make_procedure(town, categories=("Verkehr",))
    make_statement(
        procedure,
        text="Bitte leiser.",
        published=True,
        place=spot(),
        name=SECRET,
        email=f"{SECRET}@example.org",
    )
    make_statement(procedure, text="Noch nicht geprüft.", name=SECRET)
    (found,) = ask(f"procedures/{procedure.public_id}/statements/")["results"]
    assert (found["text"], found["place"]["type"]) == ("Bitte leiser.", "Point")
    staff = ask("statements/", secret=secret_of(member(town, Role.MODERATOR), town))
    assert [one["publication"] for one in staff["results"]] == ["pending", "published"]
    assert SECRET not in str(staff)
    (phase,) = ask(f"procedures/{procedure.public_id}/")["phases"]
    assert (phase["audience"], phase["starts"][:10]) == ("public", "2026-03-02")


def test_dataset_tells_the_ways_to_its_data(db: None) -> None:
    make_dataset(TenantFactory.create(slug="stadt"), public=True, features=4, slug="baeume")
    (listed,) = ask("datasets/")["results"]
    assert (listed["feature_count"], listed["version"]) == (4, 1)
    offers = {offer["format"]: offer["url"] for offer in ask(listed["url"])["offers"]}
    assert offers["OAF"] == "http://testserver/ogc/collections/stadt.baeume"


# --- narrowing and paging


def test_filters_narrow_and_wrong_ones_are_refused(db: None) -> None:
    one, two = TenantFactory.create(slug="eins", ags="14627010"), TenantFactory.create(slug="zwei")
    make_plan(one, public=True, name="Am Weinberg")
    make_plan(two, public=True, name="Elbaue", plan_type="FP")

    def names(**query: Any) -> list[str]:
        return [plan["name"] for plan in ask("plans/", **query)["results"]]

    assert names() == ["Elbaue", "Am Weinberg"]
    assert names(tenant="eins") == names(q="weinberg") == names(ags="14627010") == ["Am Weinberg"]
    assert names(plan_type="FP", is_public="true") == ["Elbaue"]
    assert names(changed_since=timezone.now().isoformat()) == []
    for wrong in (
        {"plan_typ": "FP"},
        {"plan_type": "XX"},
        {"limit": "0"},
        {"limit": "201"},
        {"changed_since": "gestern"},
    ):
        problem = ask("plans/", status=400, **wrong)
        assert list(problem["errors"]) == list(wrong)
    assert list(ask("plans/?tenant=eins&tenant=zwei", status=400)["errors"]) == ["tenant"]
    assert [record["title"] for record in ask("records/", bbox="13,51,14,52")["results"]] == []


def test_pages_hold_every_row_once_and_cost_the_same(db: None) -> None:
    town = TenantFactory.create()
    for _number in range(5):
        make_plan(town, public=True)
    seen: list[str] = []
    following = f"{API}plans/?limit=2"
    while following:
        page = ask(following)
        seen += [plan["id"] for plan in page["results"]]
        following = page["next"]
    assert len(seen) == len(set(seen)) == 5
    for cursor in ("abc", "cD1hYmM=", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5"):  # nonsense, p=abc, p=999…
        answer = Client().get(f"{API}plans/", {"cursor": cursor})
        assert answer.status_code in {200, 404}


LISTS = (
    "tenants/",
    "plans/",
    "procedures/",
    "datasets/",
    "records/",
    "sources/",
    "indicators/municipalities/",
    "indicators/targets/",
)


@pytest.mark.parametrize("path", LISTS)
def test_lists_cost_the_same_with_more_rows(stage: Stage, path: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ask(path)["results"]
        return len(queries)

    cost()  # fills caches
    before = cost()
    for _number in range(2):
        town = TenantFactory.create()
        people_the_world(town, stage.person, "public")
    assert len(ask(path)["results"]) == 3
    assert cost() == before


# --- answers


def test_only_what_everybody_sees_is_kept_by_caches(stage: Stage) -> None:
    assert Client().get(f"{API}plans/")["Cache-Control"] == "public, max-age=60"
    answer = Client().get(
        f"{API}plans/", headers={"Authorization": f"Bearer {secret_of(stage.person, stage.town)}"}
    )
    assert answer["Cache-Control"] == "private, no-store"
    assert {"Authorization", "Cookie", "Accept"} <= set(answer["Vary"].split(", "))
    assert (
        Client().get(f"{API}plans/", headers={"Accept": "text/html"})["Cache-Control"] == "private, no-store"
    )


@pytest.mark.parametrize(
    ("path", "status"), [("plans/?x=1", 400), ("jobs/", 401), ("gibtesnicht/", 404), ("plans/?f=xml", 400)]
)
def test_problems_are_json_for_programs_and_a_page_for_people(db: None, path: str, status: int) -> None:
    answer = Client().get(API + path)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (answer.json()["status"], bool(answer.json()["detail"])) == (status, True)
    assert answer["Access-Control-Allow-Origin"] == "*"
    page = Client().get(API + path, headers={"Accept": "text/html"})
    assert page.status_code == status
    if "f=" not in path:
        assert page["Content-Type"].startswith("text/html")


def test_json_nested_without_end_is_refused(planner: str) -> None:
    answer = Client().post(
        f"{API}procedures/", "[" * 100_000, "application/json", headers={"Authorization": f"Bearer {planner}"}
    )
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_another_site_may_ask_before_it_sends_a_token(db: None) -> None:
    answer = Client().options(f"{API}jobs/")
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, "*")
    assert "Authorization" in answer["Access-Control-Allow-Headers"]
    assert Client().get(f"{API}jobs/").status_code == 401


def test_english_is_spoken_to_whom_has_chosen_it(db: None) -> None:
    client = Client()
    client.cookies["django_language"] = "en"
    assert client.get(f"{API}gibtesnicht/").json()["title"] == "Not found"
    assert Client().get(f"{API}gibtesnicht/").json()["title"] == "Nicht gefunden"


def test_each_token_and_each_address_has_its_share(stage: Stage, settings: Any) -> None:
    settings.API_PER_MINUTE = 2
    headers = {"Authorization": f"Bearer {secret_of(stage.person, stage.town)}"}
    with freeze_time(timezone.now() + timedelta(days=1)):  # a minute of its own
        strangers = [Client().get(API, REMOTE_ADDR="192.0.2.77") for _number in range(3)]
        assert [one.status_code for one in strangers] == [200, 200, 429]
        assert strangers[2]["Retry-After"] == "60"
        assert Client().get(API, REMOTE_ADDR="192.0.2.78").status_code == 200
        found = [Client().get(API, headers=headers).status_code for _number in range(11)]
        assert found == [200] * 10 + [429]


def test_session_reads_as_a_token_does(stage: Stage) -> None:
    client = Client()
    client.force_login(stage.person, backend=BACKEND)
    assert client.get(f"{API}jobs/").json()["results"][0]["tenant"] == "stadt"
    assert Client().get(f"{API}jobs/", headers={"Authorization": "Bearer kz_falsch"}).status_code == 401
