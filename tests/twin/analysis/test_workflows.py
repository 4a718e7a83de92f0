"""Workflows: a use case worked through in steps, by whom until when; the county sees the state and nothing else."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tenants.errors import Forbidden, Refused
from tenants.models import AuditEvent, Membership, OutboxMessage, Tenant, User
from tenants.roles import Role
from tenants.scope import acting_for, working_for
from tests.factories.tenants import TenantFactory, county, member
from tests.twin.analysis.test_runs import ask, compute
from twin.analysis import registry, workflows
from twin.analysis.models import Run, StepKind, Workflow, WorkflowStep
from twin.analysis.usecase import UseCase
from twin.indicators import tasks, working
from twin.indicators.models import WorkflowState

pytestmark = pytest.mark.django_db(transaction=True)
LATE = date(2020, 2, 3)


@pytest.fixture
def planner(town: Tenant) -> User:
    return member(town, Role.PLANNER)


@pytest.fixture
def workflow(counting: UseCase, planner: User, town: Tenant) -> Workflow:
    with acting_for([town.pk], [town.pk]):
        return workflows.begin(
            counting, title="Wie weit reicht es?", due=date(2031, 5, 2), tenant=town, actor=planner
        )


def signed_in(client: Client, person: User) -> Client:
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def address(workflow: Workflow, name: str = "workflow", *rest: Any) -> str:
    return reverse(f"analysis:{name}", args=[workflow.public_id, *rest])


def now_at(workflow: Workflow) -> str:
    with acting_for([workflow.tenant_id]):
        step = workflows.current(workflow)
        return step.kind if step else ""


def sent(town: Tenant) -> list[tuple[str, str]]:
    with acting_for([town.pk]):
        return [(one.recipient, one.subject) for one in OutboxMessage.objects.order_by("pk")]


def test_a_question_goes_through_its_steps_to_the_public(
    client: Client, counting: UseCase, planner: User, town: Tenant
) -> None:
    signed_in(client, planner)
    client.post(
        reverse("analysis:begin_workflow"),
        {"title": "Wie weit?", "use_case": "counting", "due": "2031-05-02"},
    )
    with acting_for([town.pk]):
        workflow = Workflow.objects.get()
        assert [step.kind for step in workflow.steps.all()] == list(StepKind)
        assert [step.due for step in workflow.steps.all()][-1] == date(2031, 5, 2)
    for kind in ("question", "data"):
        client.post(address(workflow, "finish_step", kind))
    page = client.post(address(workflow, "finish_step", "run"), follow=True).content.decode()
    assert "noch keine fertige Analyse" in page
    assert now_at(workflow) == "run"
    response = client.post(address(workflow, "workflow_ask"), {"title": "Bis fünf", "steps": 5})
    assert (response.status_code, response["Location"]) == (302, address(workflow))
    with acting_for([town.pk]):
        run = workflows.runs_of(workflow).get()
    compute(run)
    for kind in ("run", "review", "result"):
        client.post(address(workflow, "finish_step", kind))
    page = client.post(address(workflow, "finish_step", "publication"), follow=True).content.decode()
    assert "Keine ihrer Analysen ist öffentlich" in page
    client.post(reverse("analysis:publish", args=[run.public_id]))
    client.post(address(workflow, "finish_step", "publication"))
    with acting_for([town.pk]):
        assert Workflow.objects.get().closed_at is not None
        acts = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
        assert acts.count("finish_workflow_step") == 6
    page = client.get(reverse("analysis:workflows") + "?state=closed").content.decode()
    assert "Wie weit?" in page
    assert "Wie weit?" not in client.get(reverse("analysis:workflows")).content.decode()


def test_nobody_begins_with_a_use_case_that_they_did_not_choose(client: Client, planner: User) -> None:
    signed_in(client, planner)
    page = client.get("/analysen/bearbeitungen/neu/").content.decode()
    assert '<option value="" selected>Bitte wählen</option>' in page
    answer = client.post("/analysen/bearbeitungen/neu/", {"title": "Wo steht das Wasser?", "use_case": ""})
    assert (answer.status_code, Workflow.objects.count()) == (200, 0)


def test_people_are_told_when_it_is_their_turn_and_when_a_step_is_due(
    client: Client, workflow: Workflow, planner: User, town: Tenant
) -> None:
    colleague, admin = member(town, Role.PLANNER), member(town, Role.MUNICIPAL_ADMIN)
    moderator = member(town, Role.MODERATOR)
    signed_in(client, planner)
    path = address(workflow, "workflow_step", "data")
    refused = client.post(path, {"assignee": moderator.pk})
    assert refused.status_code == 200
    client.post(path, {"assignee": colleague.pk, "due": LATE.isoformat(), "note": "DGM von 2024"})
    assert sent(town) == []
    client.post(address(workflow, "finish_step", "question"))
    assert sent(town) == [(colleague.email, "Sie sind an der Reihe: Wie weit reicht es?")]
    client.post(address(workflow, "workflow_step", "run"), {"assignee": admin.pk, "due": LATE.isoformat()})
    with working_for([town.pk], [town.pk]):
        for _again in range(2):
            workflows.remind(LATE)
            workflows.remind(LATE + timedelta(days=1))
        workflows.remind(LATE - timedelta(days=1))
    assert sent(town)[1:] == [(colleague.email, "Ein Schritt ist fällig: Wie weit reicht es?")]
    page = client.get(address(workflow)).content.decode()
    assert "überfällig" in page
    assert "DGM von 2024" in page
    mine = reverse("analysis:workflows") + "?mine=on"
    assert "Wie weit reicht es?" not in client.get(mine).content.decode()
    assert "Wie weit reicht es?" in signed_in(client, colleague).get(mine).content.decode()


def test_who_has_left_the_town_is_told_nothing(workflow: Workflow, planner: User, town: Tenant) -> None:
    left = member(town, Role.PLANNER)
    with acting_for([town.pk], [town.pk]):
        for step in workflow.steps.all():
            workflows.plan_step(step, assignee=left, due=LATE, note="Intern", actor=planner)
        OutboxMessage.objects.all().delete()
        Membership.objects.filter(user=left).delete()
        workflows.finish_step(workflow, kind="question", actor=planner)
    with working_for([town.pk], [town.pk]):
        workflows.remind(LATE)
    assert sent(town) == []


def test_a_note_beyond_its_length_is_refused(client: Client, workflow: Workflow, planner: User) -> None:
    signed_in(client, planner)
    path = address(workflow, "workflow_step", "data")
    assert "note" in client.post(path, {"note": "x" * 5001}).context["form"].errors
    assert client.post(path, {"note": "x" * 5000}).status_code == 302


def test_a_step_taken_up_again_reopens_what_stands_behind_it(
    workflow: Workflow, planner: User, town: Tenant
) -> None:
    with acting_for([town.pk], [town.pk]):
        for kind in ("question", "data"):
            workflows.finish_step(workflow, kind=kind, actor=planner)
        with pytest.raises(Refused):
            workflows.finish_step(workflow, kind="data", actor=planner)  # somebody's old page
        with pytest.raises(Refused):
            workflows.reopen_step(workflow, kind="result", actor=planner)
        workflows.reopen_step(workflow, kind="question", actor=planner)
        assert not WorkflowStep.objects.filter(done_at__isnull=False).exists()


def test_only_runs_of_its_use_case_and_its_town_belong_to_it(
    client: Client, workflow: Workflow, counting: UseCase, planner: User, town: Tenant
) -> None:
    other = member(TenantFactory.create(), Role.PLANNER)
    foreign, own = ask(counting, other, steps=3)[0], ask(counting, planner, steps=3)[0]
    signed_in(client, planner)
    client.post(address(workflow, "join_run"), {"run": foreign.public_id})
    with acting_for([town.pk]):
        assert not workflows.runs_of(workflow).exists()
    client.post(address(workflow, "join_run"), {"run": own.public_id})
    with acting_for([town.pk]):
        assert list(workflows.runs_of(workflow)) == [own]
    client.post(address(workflow, "part_run", own.public_id))
    client.post(address(workflow, "remove_workflow"))
    with acting_for([town.pk]):
        assert (Workflow.objects.count(), Run.objects.count()) == (0, 1)


def test_nobody_else_sees_or_moves_it(client: Client, workflow: Workflow, town: Tenant) -> None:
    kreis = county()
    strangers = [member(TenantFactory.create(), Role.PLANNER), member(kreis, Role.COUNTY_ADMIN)]
    for person in strangers:
        signed_in(client, person)
        assert client.get(address(workflow)).status_code == 404
        assert client.post(address(workflow, "finish_step", "question")).status_code == 404
        assert "Wie weit reicht es?" not in client.get(reverse("analysis:workflows")).content.decode()
        with acting_for([town.pk], [town.pk]), pytest.raises(Forbidden):
            workflows.finish_step(workflow, kind="question", actor=person)
    reader = signed_in(client, member(town, Role.MODERATOR))
    assert reader.get(address(workflow)).status_code == 200
    assert reader.post(address(workflow, "finish_step", "question")).status_code == 403
    assert now_at(workflow) == "question"


def test_the_county_sees_the_state_and_nothing_of_the_question(
    client: Client, workflow: Workflow, planner: User, town: Tenant
) -> None:
    kreis = county()
    analyst = member(kreis, Role.COUNTY_ANALYST)
    with acting_for([town.pk], [town.pk]):
        workflows.finish_step(workflow, kind="question", actor=planner)
    tasks.mirror_workflows(municipality_id=town.pk)
    with acting_for([kreis.pk]):
        state = WorkflowState.objects.get()
        assert (state.municipality, state.step, state.due) == (town, "data", date(2031, 5, 2))
        assert state.since == timezone.localdate()
    page = signed_in(client, analyst).get(reverse("cockpit")).content.decode()
    assert "Meißen" in page.partition("Woran die Gemeinden arbeiten")[2]
    assert "02.05.2031" in page
    assert "Wie weit reicht es?" not in page
    with acting_for([town.pk]):
        assert not WorkflowState.objects.exists()
    with acting_for([town.pk], [town.pk]):
        workflows.remove(workflow, actor=planner)
    tasks.take_nightly()
    with acting_for([kreis.pk]):
        assert not WorkflowState.objects.exists()


def test_of_two_who_tell_the_county_the_later_state_stays(workflow: Workflow, planner: User, town: Tenant) -> None:  # fmt: skip
    """One tells it while a step is being finished; it waits for who tells of that, and does not write what it saw before."""
    kreis = county()
    tasks.mirror_workflows(municipality_id=town.pk)

    def tell() -> None:
        try:
            tasks.mirror_workflows(municipality_id=town.pk)
        finally:
            connection.close()

    everyone = [kreis.pk, town.pk]
    with acting_for(everyone, everyone):
        working.mirror(town)
        other = threading.Thread(target=tell)
        other.start()
        other.join(0.5)
        assert other.is_alive()
        workflows.finish_step(workflow, kind="question", actor=planner)
        working.mirror(town)
    other.join()
    with acting_for([kreis.pk]):
        assert WorkflowState.objects.get().step == "data"


def test_the_list_costs_the_same_with_more_of_them(
    client: Client, workflow: Workflow, planner: User, town: Tenant
) -> None:
    signed_in(client, planner)
    path = reverse("analysis:workflows")
    client.get(path)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    before = cost()
    with acting_for([town.pk], [town.pk]):
        for number in range(4):
            workflows.begin(
                registry.use_cases()["counting"],
                title=f"Frage {number}",
                due=None,
                tenant=town,
                actor=planner,
            )
    assert cost() == before
