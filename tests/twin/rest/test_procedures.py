"""Participation procedures over the REST API: opened, changed, published and decided as on their pages, by whom the roles allow it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from participation.models import Phase, Procedure
from participation.phases import Kind
from tenants.models import AuditEvent, Tenant
from tenants.permissions import share
from tenants.roles import Role, Share
from tenants.scope import acting_for
from tests.factories.participation import add_phase, make_procedure, make_statement
from tests.factories.planning import make_plan
from tests.factories.tenants import TenantFactory, UserFactory, member
from tests.twin.rest.conftest import act, ask, secret_of

pytestmark = pytest.mark.django_db
COMING = date(2031, 3, 3)


def phase(kind: str = "consultation", *, days: int = 30, first: date = COMING, **key: int) -> dict[str, Any]:
    last = first + timedelta(days=days)
    return {"kind": kind, "first_day": first.isoformat(), "last_day": last.isoformat(), **key}


def test_free_topic_is_opened_changed_published_and_closed(town: Tenant, planner: str) -> None:
    body = {"title": "Spielplätze", "categories": ["Geräte", " Geräte ", "Schatten"], "phases": [phase()]}
    found = act("procedures/", body, secret=planner, status=201)
    assert (found["title"], found["plan"], found["is_public"], found["warnings"]) == ("Spielplätze", None, False, [])  # fmt: skip
    assert found["categories"] == ["Geräte", "Schatten"]
    ask(f"procedures/{found['id']}/", status=404)
    path, (first,) = f"procedures/{found['id']}/", found["phases"]
    assert first["starts"] == "2031-03-03T00:00:00+01:00"
    later = phase(first=COMING + timedelta(days=7), key=first["key"])
    further = phase("ideas", first=COMING + timedelta(days=100))
    found = act(path, {"phases": [later, further]}, secret=planner, method="patch")
    assert [(one["kind"], one["starts"][:10]) for one in found["phases"]] == [
        ("consultation", "2031-03-10"),
        ("ideas", "2031-06-11"),
    ]
    assert (found["title"], found["categories"]) == ("Spielplätze", ["Geräte", "Schatten"])
    assert act(f"{path}publish/", secret=planner)["is_public"] is True
    assert ask(path)["title"] == "Spielplätze"
    assert act(f"{path}decide/", secret=planner)["decided_at"]
    problem = act(f"{path}decide/", secret=planner, status=409)
    assert problem["detail"] == "Das Beteiligungsverfahren ist bereits entschieden."
    with acting_for([town.pk]):
        acts = AuditEvent.objects.exclude(action="make_token").order_by("pk").values_list("action", flat=True)
        assert list(acts) == ["open_procedure", "change_procedure", "publish_procedure", "decide_procedure"]


def test_procedure_on_a_plan_is_bound_to_it_and_warned_of_too_short_phases(
    town: Tenant, planner: str
) -> None:
    plan, other = make_plan(town, public=True), make_plan(town)
    body = {"title": "Am Weinberg", "plan": str(plan.public_id), "phases": [phase("draft_public", days=9)]}
    found = act("procedures/", body, secret=planner, status=201)
    assert found["plan"].endswith(f"/plans/{plan.public_id}/")
    (warning,) = found["warnings"]
    assert warning.startswith("„Veröffentlichung im Internet“ ist kürzer, als § 3 Abs. 2")
    path = f"procedures/{found['id']}/"
    changed = act(path, {"plan": str(other.public_id)}, secret=planner, method="patch")
    assert changed["plan"].endswith(f"/plans/{other.public_id}/")
    problem = act(f"{path}publish/", secret=planner, status=409)
    assert problem["detail"].startswith("Veröffentlichen Sie zuerst den Plan")
    act(path, {"plan": str(plan.public_id)}, secret=planner, method="patch")
    act(f"{path}publish/", secret=planner)
    problem = act(path, {"plan": None}, secret=planner, method="patch", status=409)
    assert problem["detail"] == (
        "Bei einem veröffentlichten Beteiligungsverfahren lässt sich der Plan nicht mehr wechseln."
    )


def test_phases_that_people_rely_on_stay(town: Tenant, planner: str) -> None:
    procedure = make_procedure(town, kind=None)
    now = timezone.now()
    running = add_phase(procedure, Kind.CONSULTATION, start=now - timedelta(days=9), end=now + timedelta(days=9))  # fmt: skip
    make_statement(procedure, phase=running)
    path = f"procedures/{procedure.public_id}/"
    problem = act(path, {"phases": []}, secret=planner, method="patch", status=409)
    assert problem["detail"] == "Die Phase hat begonnen. Sie können nur noch den letzten Tag ändern: auf heute oder später."  # fmt: skip
    overlapping = [phase("ideas"), phase("consultation")]
    elsewhere = {"title": "Neu", "phases": overlapping}
    problem = act("procedures/", elsewhere, secret=planner, status=409)
    assert problem["detail"] == "Zwei Phasen für dieselbe Zielgruppe überschneiden sich."
    foreign = add_phase(make_procedure(town, kind=None), Kind.IDEAS)
    problem = act(path, {"phases": [phase(key=foreign.pk)]}, secret=planner, method="patch", status=409)
    assert problem["detail"] == "Eine der zu ändernden Phasen gehört nicht zu diesem Verfahren."
    with acting_for([town.pk]):
        assert list(Phase.objects.filter(procedure=procedure)) == [running]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, "title"),
        ({"title": "  "}, 422, "title"),
        ({"title": 5}, 400, "title"),
        ({"title": "Neu", "phases": [phase("sonstiges")]}, 400, "phases"),
        ({"title": "Neu", "phases": [phase(days=-1)]}, 422, "last_day"),
        ({"title": "Neu", "phases": [phase(first=date(9998, 12, 31), days=365)]}, 422, "first_day"),
        ({"title": "Neu", "phases": [phase()] * 21}, 400, "phases"),
        ({"title": "Neu", "categories": ["x" * 81]}, 400, "categories"),
    ],
)
def test_what_cannot_be_taken_is_named(town: Tenant, planner: str, body: Any, status: int, field: str) -> None:  # fmt: skip
    assert field in act("procedures/", body, secret=planner, status=status)["errors"]
    with acting_for([town.pk]):
        assert not Procedure.objects.exists()


def test_nobody_opens_or_changes_for_another_town_or_without_the_role(town: Tenant, planner: str) -> None:
    own, other = make_procedure(town, public=False), TenantFactory.create()
    foreign_plan = make_plan(other, public=True)
    stranger = secret_of(member(other, *Role), other, may_write=True)
    moderator = secret_of(member(town, Role.MODERATOR), town, may_write=True)
    body_of_law = UserFactory.create()
    share(own, holder=body_of_law, as_=Share.BODY)
    path = f"procedures/{own.public_id}/"
    for tail, method in (("", "patch"), ("publish/", "post"), ("decide/", "post")):
        act(path + tail, {"title": "Anders"}, secret=stranger, status=404, method=method)
        act(path + tail, {"title": "Anders"}, secret=moderator, status=403, method=method)
        shared_with = secret_of(body_of_law, None, may_write=True)
        act(path + tail, {"title": "Anders"}, secret=shared_with, status=403, method=method)
        act(path + tail, {"title": "Anders"}, secret="", status=401, method=method)
    act("procedures/", {"title": "Neu"}, secret=moderator, status=403)
    act("procedures/", {"title": "Neu"}, secret=shared_with, status=403)
    for plan in (foreign_plan, own):
        act("procedures/", {"title": "Neu", "plan": str(plan.public_id)}, secret=planner, status=404)
    with acting_for([town.pk, other.pk]):
        assert Procedure.objects.get().title == own.title
