"""Steps of a plan's procedure and batches of plan files over the REST API: as on their pages, by whom the roles allow it."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from planning import tasks
from planning.models import Batch, Plan, ProcedureStep
from tenants.models import Job, JobState, Tenant
from tenants.permissions import share
from tenants.roles import Role, Share
from tenants.scope import acting_for
from tests.factories.planning import make_plan
from tests.factories.tenants import TenantFactory, UserFactory, member
from tests.twin.rest.conftest import act, ask, secret_of

pytestmark = pytest.mark.django_db
STEP = {"kind": "initiation", "on": "2026-03-02", "number": "7/26", "body": "Stadtrat"}


@pytest.fixture
def plan(town: Tenant) -> Plan:
    return make_plan(town, public=True)


# --- steps


def test_step_is_recorded_corrected_with_a_reason_and_struck_out(plan: Plan, planner: str) -> None:
    path = f"plans/{plan.public_id}/steps/"
    step = act(path, STEP, secret=planner, status=201)
    assert (step["kind"], step["on"], step["until"], step["source"]) == (
        "initiation",
        "2026-03-02",
        None,
        "recorded",
    )
    assert (step["revision"], step["is_void"], step["number"]) == (1, False, "7/26")
    (listed,) = ask(path)["results"]
    assert (listed["id"], "body" in listed) == (step["id"], False)
    one = f"{path}{step['id']}/"
    wrong = act(one, {"on": "2026-03-03"}, secret=planner, method="patch", status=400)
    assert list(wrong["errors"]) == ["reason"]
    correction = {"on": "2026-03-03", "until": "2026-03-04", "reason": "Zahlendreher", "revision": 1}
    found = act(one, correction, secret=planner, method="patch")
    assert (found["on"], found["until"], found["body"]) == ("2026-03-03", "2026-03-04", "Stadtrat")
    assert (found["revision"], found["reason"]) == (2, "Zahlendreher")
    problem = act(one, correction, secret=planner, method="patch", status=409)
    assert problem["detail"].startswith("Dieser Schritt wurde inzwischen von jemand anderem berichtigt")
    cleared = act(one, {"until": None, "reason": "Ein Tag"}, secret=planner, method="patch")
    assert (cleared["on"], cleared["until"]) == ("2026-03-03", None)
    assert act(f"{one}void/", {"reason": "Anderer Plan"}, secret=planner)["is_void"] is True
    assert ask(path)["results"] == []
    assert ask(one, secret=planner)["reason"] == "Anderer Plan"
    ask(one, status=401)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"kind": "initiation"}, 400, "on"),
        ({"kind": "irgendwas", "on": "2026-03-02"}, 400, "kind"),
        ({**STEP, "on": "gestern"}, 400, "on"),
        ({**STEP, "until": "2026-03-01"}, 422, "until"),
        ({**STEP, "on": "0001-01-01"}, 422, "on"),
        ({**STEP, "number": 7}, 400, "number"),
    ],
)
def test_what_is_no_step_is_named(plan: Plan, planner: str, body: Any, status: int, field: str) -> None:
    path = f"plans/{plan.public_id}/steps/"
    assert list(act(path, body, secret=planner, status=status)["errors"]) == [field]
    assert ask(path)["results"] == []


def test_steps_are_recorded_by_own_planners_and_the_bureau_alone(
    town: Tenant, plan: Plan, planner: str
) -> None:
    other, bureau = TenantFactory.create(), UserFactory.create()
    share(plan, holder=bureau, as_=Share.EXTERNAL_PLANNER)
    path = f"plans/{plan.public_id}/steps/"
    one = f"{path}{act(path, STEP, secret=planner, status=201)['id']}/"
    stranger = secret_of(member(other, *Role), other, may_write=True)
    moderator = secret_of(member(town, Role.MODERATOR), town, may_write=True)
    own_elsewhere = f"plans/{make_plan(town).public_id}/steps/{one.rpartition('steps/')[2]}"
    reason = {"reason": "Weil"}
    for address, body, method in (
        (f"{one}papers/", {"file": SimpleUploadedFile("b.pdf", b"%PDF")}, "post"),
        (path, STEP, "post"),
        (one, reason, "patch"),
        (f"{one}void/", reason, "post"),
    ):
        act(address, body, secret=stranger, status=404, method=method)
        act(address, body, secret=moderator, status=403, method=method)
        act(address, body, secret="", status=401, method=method)
    act(own_elsewhere, reason, secret=planner, status=404, method="patch")
    ask(one, secret=stranger, status=404)
    with acting_for([town.pk]):
        assert ProcedureStep.objects.count() == 1
    corrected = act(
        one, {"note": "Vom Büro", **reason}, secret=secret_of(bureau, None, may_write=True), method="patch"
    )
    assert (corrected["note"], corrected["revision"]) == ("Vom Büro", 2)


def test_document_of_a_step_is_closed_unless_it_is_meant_to_be_read(plan: Plan, planner: str) -> None:
    path = f"plans/{plan.public_id}/steps/"
    step = act(path, STEP, secret=planner, status=201)
    papers = f"{path}{step['id']}/papers/"

    def paper(name: str, **said: Any) -> Any:
        return act(
            papers,
            {"file": SimpleUploadedFile(name, b"%PDF-1.7 Beschluss"), **said},
            secret=planner,
            status=201,
        )

    closed, opened = paper("vermerk.pdf"), paper("beschluss.pdf", title="Beschluss 7/26", internal=False)
    assert (closed["title"], closed["is_internal"], closed["is_public"]) == ("vermerk", True, False)
    assert (opened["title"], opened["is_public"]) == ("Beschluss 7/26", True)
    assert [one["id"] for one in ask(papers)["results"]] == [opened["id"]]
    assert len(ask(papers, secret=planner)["results"]) == 2
    file = Client().get(opened["file"])
    assert file.getvalue() == b"%PDF-1.7 Beschluss"
    assert Client().get(closed["file"]).status_code == 404
    act(papers, {"title": "Ohne Datei"}, secret=planner, status=415)
    ask(f"{path}{plan.public_id}/papers/", status=404)
    act(f"{path}{step['id']}/void/", {"reason": "Anderer Plan"}, secret=planner)
    ask(papers, status=404)
    assert Client().get(opened["file"]).status_code == 404


# --- batches


def file(name: str, content: bytes) -> io.BytesIO:
    found = io.BytesIO(content)
    found.name = name
    return found


def archive(*names: str) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as written:
        for name in names:
            written.writestr(name, b"<kein/>")
    return file("plaene.zip", target.getvalue())


def test_batch_is_delivered_followed_and_cancelled(town: Tenant, planner: str) -> None:
    batch = act("plan-batches/", {"delivered": archive("a.gml", "b.gml")}, secret=planner, status=202)
    assert (batch["title"], batch["tenant"]) == ("plaene.zip", "stadt")
    assert [one["id"] for one in ask("plan-batches/", secret=planner)["results"]] == [batch["id"]]
    path = f"plan-batches/{batch['id']}/"
    assert ask(path, secret=planner)["report"] == {"percent": 0, "over": False, "counts": {}, "files": []}
    found = act(f"{path}cancel/", secret=planner)
    assert (found["report"]["percent"], found["report"]["over"]) == (100, True)
    assert act(f"{path}decide/", {"answer": "new"}, secret=planner)["report"]["files"] == []
    act(f"{path}decide/", {"answer": "vielleicht"}, secret=planner, status=400)
    problem = act("plan-batches/", {"delivered": file("notiz.txt", b"nur Text")}, secret=planner, status=422)
    assert "Keine der Dateien ist ein Plan" in str(problem["errors"])


@pytest.mark.django_db(transaction=True)
def test_batch_says_what_became_of_each_file(town: Tenant, planner: str) -> None:
    batch = act("plan-batches/", {"delivered": archive("a.gml", "b.gml")}, secret=planner, status=202)
    with acting_for([town.pk]):
        taking_apart = Job.objects.get()
    tasks.take_apart(tenant_id=town.pk, job_id=taking_apart.pk)
    found = ask(f"plan-batches/{batch['id']}/", secret=planner)["report"]
    assert [(one["file"], one["verdict"], one["plan"]) for one in found["files"]] == [
        ("a.gml", "waiting", None),
        ("b.gml", "waiting", None),
    ]
    assert (found["counts"], found["over"]) == ({"waiting": 2}, False)
    with acting_for([town.pk]):
        assert Job.objects.get(pk=taking_apart.pk).state == JobState.DONE


def test_batches_are_for_their_people(town: Tenant, planner: str) -> None:
    other = TenantFactory.create()
    batch = act("plan-batches/", {"delivered": archive("a.gml")}, secret=planner, status=202)
    stranger = secret_of(member(other, *Role), other, may_write=True)
    moderator = secret_of(member(town, Role.MODERATOR), town, may_write=True)
    path = f"plan-batches/{batch['id']}/"
    assert ask("plan-batches/", secret=stranger)["results"] == []
    ask("plan-batches/", status=401)
    ask(path, secret=stranger, status=404)
    for tail, body in (("cancel/", None), ("decide/", {"answer": "discard"})):
        act(path + tail, body, secret=stranger, status=404)
        act(path + tail, body, secret=moderator, status=403)
        act(path + tail, body, secret="", status=401)
    act("plan-batches/", {"delivered": archive("b.gml")}, secret=moderator, status=403)
    with acting_for([town.pk, other.pk]):
        assert Job.objects.get().state == JobState.QUEUED
        assert Batch.objects.count() == 1
