"""What somebody deletes between the look of a request and its act: said in words, never a failure."""

import json
import threading
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tenants.models import Tenant, User
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.tenants import TenantFactory, member
from tests.twin.analysis.test_processes import program
from tests.twin.analysis.test_runs import ask, compute
from twin.analysis import workflows
from twin.analysis.models import Run, Workflow, WorkflowRun
from twin.analysis.usecase import UseCase

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
PATIENCE = 10.0  # seconds


@pytest.fixture
def planner(town: Tenant) -> User:
    return member(town, Role.PLANNER)


@pytest.fixture
def staff(planner: User) -> Client:
    client = Client()
    client.force_login(planner, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def workflow(counting: UseCase, planner: User, town: Tenant) -> Workflow:
    with acting_for([town.pk], [town.pk]):
        return workflows.begin(counting, title="Wie weit?", due=date(2031, 5, 2), tenant=town, actor=planner)


def while_deleting(row: Any, act: Callable[[], Any]) -> Any:
    """What `act` gives: it sees the row, waits for its lock, and the row is gone when it gets it."""
    begun = threading.Event()

    def delete() -> None:
        try:
            with acting_for([row.tenant_id], [row.tenant_id]):
                type(row).objects.get(pk=row.pk).delete()
                begun.set()
                until = time.monotonic() + PATIENCE
                while not _somebody_waits() and time.monotonic() < until:
                    time.sleep(0.01)
        finally:
            connection.close()

    thread = threading.Thread(target=delete)
    thread.start()
    assert begun.wait(PATIENCE)
    found = act()
    thread.join()
    return found


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("name", "rest", "fields"),
    [
        ("finish_step", ["question"], {}),
        ("reopen_step", ["question"], {}),
        ("workflow_step", ["question"], {"note": "x", "due": "", "assignee": ""}),
        ("remove_workflow", [], {}),
        ("join_run", [], {"run": "it"}),
        ("part_run", ["it"], {}),
    ],
)
def test_acts_on_a_workflow_that_goes_meanwhile_say_so_on_the_list(staff: Client, counting: UseCase, planner: User, workflow: Workflow, name: str, rest: list[str], fields: dict[str, str]) -> None:  # fmt: skip
    run = compute(ask(counting, planner, steps=1)[0])
    if name == "part_run":
        with acting_for([run.tenant_id], [run.tenant_id]):
            WorkflowRun.objects.create(tenant=run.tenant, workflow=workflow, run=run)
    meant = {"it": str(run.public_id)}
    address = reverse(f"analysis:{name}", args=[workflow.public_id, *(meant.get(each, each) for each in rest)])  # fmt: skip
    sent = {key: meant.get(value, value) for key, value in fields.items()}
    answer = while_deleting(workflow, lambda: staff.post(address, sent))
    assert (answer.status_code, answer["Location"]) == (302, reverse("analysis:workflows"))
    assert "Die Bearbeitung wurde inzwischen gelöscht." in staff.get(answer["Location"]).content.decode()
    assert staff.post(address, sent).status_code == 404  # afterwards it is not there


def test_a_question_of_a_workflow_that_goes_meanwhile_is_answered_all_the_same(staff: Client, workflow: Workflow) -> None:  # fmt: skip
    address = reverse("analysis:workflow_ask", args=[workflow.public_id])
    answer = while_deleting(workflow, lambda: staff.post(address, {"steps": "3"}))
    with acting_for([workflow.tenant_id]):
        run = Run.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, run.get_absolute_url())
    assert "Die Bearbeitung wurde inzwischen gelöscht." in staff.get(run.get_absolute_url()).content.decode()


def test_a_run_that_goes_meanwhile_joins_nothing(staff: Client, counting: UseCase, planner: User, workflow: Workflow) -> None:  # fmt: skip
    run = compute(ask(counting, planner, steps=1)[0])
    address = reverse("analysis:join_run", args=[workflow.public_id])
    answer = while_deleting(run, lambda: staff.post(address, {"run": str(run.public_id)}))
    assert (answer.status_code, answer["Location"]) == (302, workflow.get_absolute_url())
    assert "Die Analyse wurde inzwischen gelöscht." in staff.get(answer["Location"]).content.decode()
    with acting_for([run.tenant_id]):
        assert not WorkflowRun.objects.exists()


@pytest.mark.parametrize("name", ["publish", "withdraw", "share", "unshare", "delete"])
def test_acts_on_a_run_that_goes_meanwhile_say_so_on_the_list(staff: Client, counting: UseCase, planner: User, name: str) -> None:  # fmt: skip
    other = TenantFactory.create(slug="riesa")
    run = compute(ask(counting, planner, steps=1)[0])
    address = reverse(f"analysis:{name}", args=[run.public_id])
    answer = while_deleting(run, lambda: staff.post(address, {"tenant": other.slug}))
    assert (answer.status_code, answer["Location"]) == (302, reverse("analysis:runs"))
    assert "Die Analyse wurde inzwischen gelöscht." in staff.get(answer["Location"]).content.decode()


def test_a_job_that_goes_meanwhile_is_no_such_job(counting: UseCase, planner: User, town: Tenant) -> None:
    run, client = compute(ask(counting, planner, steps=1)[0]), program(planner, town)
    answer = while_deleting(run, lambda: client.delete(f"/ogc/jobs/{run.public_id}"))
    assert (answer.status_code, json.loads(answer.content)["type"].rpartition("/")[2]) == (404, "no-such-job")
