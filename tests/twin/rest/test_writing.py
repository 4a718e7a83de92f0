"""What is done over the REST API: by the same services as on the pages, for whom the same roles allow it."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from participation.models import Category
from planning.models import Plan, PlanUpgrade
from tenants import files, jobs
from tenants.models import ApiToken, AuditEvent, Job, Tenant
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.catalogue import make_dataset
from tests.factories.participation import make_procedure, make_statement
from tests.factories.planning import make_plan
from tests.factories.tenants import TenantFactory, member
from tests.twin.rest.conftest import act, ask, secret_of
from twin.catalogue import publishing
from twin.catalogue.models import Dataset, Source

pytestmark = pytest.mark.django_db


def recorded(town: Tenant) -> list[str]:
    with acting_for([town.pk]):
        return list(
            AuditEvent.objects.exclude(action="make_token").order_by("pk").values_list("action", flat=True)
        )


def test_token_writes_only_where_its_person_has_said_so(town: Tenant) -> None:
    plan = make_plan(town)
    person = member(town, Role.PLANNER)
    path = f"plans/{plan.public_id}/publish/"
    problem = act(path, secret=secret_of(person, town), status=403)
    assert "liest nur" in problem["detail"]
    act(path, secret="", status=401)
    assert ask("plans/", secret=secret_of(person, town))["results"][0]["is_public"] is False
    assert act(path, secret=secret_of(person, town, may_write=True))["is_public"] is True
    assert set(ApiToken.objects.values_list("may_write", flat=True)) == {True, False}


def test_plan_is_published_withdrawn_and_deleted_as_on_its_page(town: Tenant, planner: str) -> None:
    plan, draft = make_plan(town), make_plan(town)
    found = act(f"plans/{plan.public_id}/publish/", {"on": "2026-03-02"}, secret=planner)
    assert (found["state"], found["published_on"]) == ("published", "2026-03-02")
    assert len(ask("plans/")["results"]) == 1
    assert act(f"plans/{plan.public_id}/withdraw/", secret=planner)["state"] == "withdrawn"
    problem = act(f"plans/{plan.public_id}/withdraw/", secret=planner, status=409)
    assert problem["detail"] == "Der Zustand des Plans lässt das nicht zu."
    act(f"plans/{plan.public_id}/", secret=planner, method="delete", status=409)
    act(f"plans/{draft.public_id}/", secret=planner, method="delete", status=204)
    assert recorded(town) == ["publish_plan", "withdraw_plan", "delete_plan"]


ACTS: tuple[tuple[str, Callable[[Tenant], Any]], ...] = (
    ("plans/{}/publish/", make_plan),
    ("plans/{}/withdraw/", lambda town: make_plan(town, public=True)),
    ("plans/{}/upgrade/", lambda town: make_plan(town, xplan_version="5.4")),
    ("plans/{}/upgrade/take-over/", lambda town: make_plan(town, xplan_version="5.4")),
    ("datasets/{}/publish/", make_dataset),
    ("datasets/{}/withdraw/", lambda town: make_dataset(town, public=True)),
    ("statements/{}/moderate/", lambda town: make_statement(make_procedure(town), published=True)),
)


@pytest.mark.parametrize(("path", "make"), ACTS)
def test_nobody_acts_for_another_town_or_without_the_role(
    town: Tenant, path: str, make: Callable[[Tenant], Any]
) -> None:
    address, other = path.format(make(town).public_id), TenantFactory.create()
    body = {"act": "publish"}
    act(address, body, secret=secret_of(member(other, *Role), other, may_write=True), status=404)
    act(address, body, secret=secret_of(member(town, Role.EDITOR), town, may_write=True), status=403)
    assert recorded(town) == []


def test_plan_files_are_imported_by_a_job(town: Tenant, planner: str) -> None:
    file = BytesIO(b"<kein/>")
    file.name = "plan.gml"
    (job,) = act("plan-imports/", {"delivered": file}, secret=planner, status=202)
    assert (job["state"], job["title"], job["awaits_decision"]) == ("queued", "plan.gml", False)
    assert [one["id"] for one in ask("plan-imports/", secret=planner)["results"]] == [job["id"]]
    assert act(f"jobs/{job['id']}/cancel/", secret=planner)["state"] == "cancelled"
    text = BytesIO(b"nur Text")
    text.name = "notiz.txt"
    problem = act("plan-imports/", {"delivered": text}, secret=planner, status=422)
    assert "Keine der Dateien ist ein Plan" in str(problem["errors"])
    act(f"plan-imports/{job['id']}/decide/", {"answer": "new"}, secret=planner, status=409)


def test_import_tells_what_became_of_each_file(town: Tenant, planner: str) -> None:
    with acting_for([town.pk], [town.pk]):
        finding = {
            "rule": "file.kind",
            "severity": "fatal",
            "params": {"name": "a.gml"},
            "gml_id": "",
            "line": None,
        }
        report = {"file": "a.gml", "ok": False, "plan_ids": [], "findings": [finding], "proposals": {}}
        job = jobs.start("planning.tasks.import_upload", tenant=town, actor=None, title="a.gml", params={})
        Job.objects.filter(pk=job.pk).update(state="failed", result={"reports": [report]})
    (found,) = ask(f"plan-imports/{job.public_id}/", secret=planner)["reports"]
    assert (found["ok"], found["findings"][0]["rule"]) == (False, "file.kind")
    assert "a.gml" in found["findings"][0]["message"]


def test_plan_is_upgraded_beside_it_and_taken_over(town: Tenant, planner: str) -> None:
    plan, newest = make_plan(town, xplan_version="5.4"), make_plan(town)
    address = f"plans/{plan.public_id}/upgrade/"
    ask(address, secret=planner, status=404)
    act(f"{address}take-over/", secret=planner, status=404)
    job = act(address, secret=planner, status=202)
    assert (job["state"], job["url"]) == ("queued", f"http://testserver/api/v1/jobs/{job['id']}/")
    assert act(address, secret=planner, status=202)["id"] == job["id"]
    problem = act(f"plans/{newest.public_id}/upgrade/", secret=planner, status=409)
    assert "nur die neueste Version" in problem["detail"]
    with acting_for([town.pk], [town.pk]):
        file = files.store([b"<neu/>"], tenant=town, name="neu.gml", content_type="application/gml+xml")
        told = {"losses": [{"gml_id": "G", "line": 1, "feature_type": "BP_Plan", "property": "x", "value": "1", "fate": "dropped", "became": "", "reason": "code"}]}  # fmt: skip
        losses = files.store(
            [json.dumps(told).encode()], tenant=town, name="neu.json", content_type="application/json"
        )
        PlanUpgrade.objects.create(tenant=town, plan=plan, version_id=plan.current_version_id or 0, file=file, losses=losses, counts={"dropped": 1})  # fmt: skip
    found = ask(address, secret=planner)
    assert (found["version"], found["refused"], found["counts"]) == (1, False, {"dropped": 1})
    for place, content in (("losses/", json.dumps(told).encode()), ("gml/", b"<neu/>")):
        answer = Client().get(f"/api/v1/{address}{place}", headers={"Authorization": f"Bearer {planner}"})
        assert b"".join(answer) == content
        ask(f"{address}{place}", status=401)
    ask(address, status=401)
    started = act(f"{address}take-over/", secret=planner, status=202)
    assert started["url"] == f"http://testserver/api/v1/plan-imports/{started['id']}/"
    assert recorded(town) == ["upgrade_plan", "take_over_upgrade"]


def test_dataset_is_opened_with_a_licence_and_restored(town: Tenant, planner: str) -> None:
    dataset = make_dataset(town)
    act(f"datasets/{dataset.public_id}/publish/", {"licence": "cc-zero"}, secret=planner, status=409)
    found = act(
        f"datasets/{dataset.public_id}/publish/",
        {"licence": "cc-zero", "description": "Alle Bäume"},
        secret=planner,
    )
    assert found["is_public"] is True
    assert ask("records/")["results"][0]["licence"] == "cc-zero"
    act(f"datasets/{dataset.public_id}/versions/1/restore/", secret=planner, status=409)
    assert act(f"datasets/{dataset.public_id}/withdraw/", secret=planner)["is_public"] is False
    act(f"datasets/{dataset.public_id}/", secret=planner, method="delete", status=204)
    with acting_for([town.pk]):
        assert not Dataset.objects.exists()


def test_large_dataset_is_opened_by_a_job(town: Tenant, planner: str, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(publishing, "AT_ONCE", 2)
    dataset = make_dataset(town, features=3, title="Gebäude")
    job = act(
        f"datasets/{dataset.public_id}/publish/",
        {"licence": "cc-zero", "description": "Alle Häuser"},
        secret=planner,
        status=202,
    )
    assert (job["state"], job["title"]) == ("queued", "Gebäude")
    act(f"datasets/{dataset.public_id}/withdraw/", secret=planner, status=409)


def test_file_with_data_is_uploaded_and_ordered_to_be_imported(town: Tenant, planner: str) -> None:
    file = BytesIO(b"name;x;y\nLinde;13,4;51,1\n")
    file.name = "baeume.csv"
    upload = act("uploads/", {"file": file}, secret=planner, status=201)
    assert (upload["received"], upload["job"]["state"], upload["layers"]) == (upload["size"], "queued", [])
    order = {"title": "Bäume"}
    problem = act(f"uploads/{upload['id']}/import/", order, secret=planner, status=409)
    assert "noch bearbeitet" in problem["detail"] or problem["detail"]
    problem = act(f"uploads/{upload['id']}/import/", {"title": 5}, secret=planner, status=400)
    assert list(problem["errors"]) == ["title"]
    stranger = secret_of(member(TenantFactory.create(), *Role), None)
    ask(f"uploads/{upload['id']}/", secret=stranger, status=404)


def test_source_is_set_harvested_opened_and_removed(town: Tenant, planner: str) -> None:
    with acting_for([town.pk], [town.pk]):
        source = Source.objects.create(tenant=town, kind="WMS", url="https://example.org/wms", title="Karte")
    path = f"sources/{source.public_id}/"
    found = act(path, {"title": "Neu", "harvest_hours": 48}, secret=planner, method="patch")
    assert (found["title"], found["harvest_hours"]) == ("Neu", 48)
    assert list(act(path, {"harvest_hours": 0}, secret=planner, method="patch", status=400)["errors"]) == [
        "harvest_hours"
    ]
    assert act(f"{path}harvest/", secret=planner, status=202)["state"] == "queued"
    assert act(f"{path}publish/", secret=planner)["is_public"] is True
    assert len(ask("sources/")["results"]) == 1
    assert act(f"{path}withdraw/", secret=planner)["is_public"] is False
    act(path, secret=planner, method="delete", status=204)
    act("sources/", {"address": "http://127.0.0.1/wms"}, secret=planner, status=409)


def test_moderator_publishes_hides_and_undoes(town: Tenant) -> None:
    moderator = secret_of(member(town, Role.MODERATOR), town, may_write=True)
    procedure = make_procedure(town)
    statement = make_statement(procedure, publication_consent=True)
    path = f"statements/{statement.public_id}/moderate/"
    assert act(path, {"act": "publish"}, secret=moderator)["publication"] == "published"
    assert len(ask(f"procedures/{procedure.public_id}/statements/")["results"]) == 1
    problem = act(path, {"act": "hide"}, secret=moderator, status=409)
    assert "Begründung" in problem["detail"] or problem["detail"]
    assert act(path, {"act": "hide", "reason": "Beleidigung"}, secret=moderator)["publication"] == "hidden"
    assert act(path, {"act": "undo"}, secret=moderator)["publication"] == "published"
    silent = make_statement(procedure)
    act(f"statements/{silent.public_id}/moderate/", {"act": "publish"}, secret=moderator, status=409)
    act(path, {"act": "delete"}, secret=moderator, status=400)


def test_statement_gets_a_topic_and_an_official_answer(town: Tenant, planner: str) -> None:
    moderator = secret_of(member(town, Role.MODERATOR), town, may_write=True)
    procedure = make_procedure(town)
    with acting_for([town.pk], [town.pk]):
        Category.objects.create(tenant=town, procedure=procedure, name="Verkehr")
    path = f"statements/{make_statement(procedure, publication_consent=True).public_id}/"
    assert act(f"{path}sort/", {"category": "Verkehr"}, secret=moderator)["category"] == "Verkehr"
    wrong = act(f"{path}sort/", {"category": "Lärm"}, secret=moderator, status=422)
    assert wrong["errors"]["category"] == ["Das Verfahren hat kein solches Thema."]
    assert act(f"{path}sort/", {"category": None}, secret=moderator)["category"] is None
    (answer,) = act(f"{path}answer/", {"text": "Danke."}, secret=planner, status=201)["answers"]
    assert answer["text"] == "Danke."
    act(f"{path}answer/", {"text": " "}, secret=planner, status=422)
    other = secret_of(member(TenantFactory.create(), Role.PLANNER), None, may_write=True)
    for act_of_theirs in ("sort", "answer"):
        act(f"{path}{act_of_theirs}/", {"category": None, "text": "Nein"}, secret=other, status=404)


def test_session_writes_only_with_its_proof_against_forgery(town: Tenant) -> None:
    plan = make_plan(town)
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        member(town, Role.PLANNER), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    answer = client.post(f"/api/v1/plans/{plan.public_id}/publish/", {}, content_type="application/json")
    assert answer.status_code == 403
    with acting_for([town.pk]):
        assert Plan.objects.get().is_public is False
