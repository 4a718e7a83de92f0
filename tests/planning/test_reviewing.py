"""The loop with a bureau: delivered, sent back with reasons, delivered again, accepted; the record of it."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from planning import reviewing, services
from planning.errors import IllegalStep
from planning.models import Plan, PlanReview, Verdict
from tenants.errors import Forbidden
from tenants.models import AuditEvent, OutboxMessage, Tenant, User
from tenants.permissions import reach, share
from tenants.roles import Role, Share
from tenants.scope import acting_for, within
from tests.factories.planning import add_version, make_plan
from tests.factories.tenants import TenantFactory, UserFactory, member

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create(name="Meißen")
    return found


@pytest.fixture
def planner(tenant: Tenant) -> User:
    return member(tenant, Role.PLANNER)


@pytest.fixture
def bureau() -> User:
    found: User = UserFactory.create()
    return found


@pytest.fixture
def plan(tenant: Tenant, bureau: User) -> Plan:
    """Delivered by the bureau."""
    made = make_plan(tenant)
    share(made, holder=bureau, as_=Share.EXTERNAL_PLANNER)
    delivered(made, bureau)
    return made


def delivered(plan: Plan, bureau: User) -> None:
    with acting_for([plan.tenant_id], [plan.tenant_id]):
        version = plan.current_version
        assert version is not None
        version.created_by = bureau
        version.save(update_fields=["created_by"])


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def test_delivery_is_sent_back_then_accepted_and_all_of_it_is_on_record(plan: Plan, planner: User, bureau: User) -> None:  # fmt: skip
    address = reverse("planning:review", args=[plan.public_id])
    answer = client_of(planner).post(address, {"verdict": "returned", "reason": "Baugrenzen fehlen."})
    assert answer.status_code == 302
    with acting_for([plan.tenant_id]):
        mail = OutboxMessage.objects.get()
    assert (mail.recipient, "Baugrenzen fehlen." in mail.body) == (bureau.email, True)
    seen = client_of(bureau).get(address)
    assert b'data-verdict="returned"' in seen.content
    assert b"Baugrenzen fehlen." in seen.content
    with within(reach(planner).scope), pytest.raises(IllegalStep):
        services.publish_plan(plan, actor=planner, on=timezone.localdate())
    with acting_for([plan.tenant_id], [plan.tenant_id]):
        plan.refresh_from_db()
        add_version(plan)
    delivered(plan, bureau)
    with within(reach(planner).scope):
        plan.refresh_from_db()
        reviewing.judge(plan, actor=planner, verdict=Verdict.ACCEPTED, reason="")
        services.publish_plan(plan, actor=planner, on=timezone.localdate())
    with acting_for([plan.tenant_id]):
        found = PlanReview.objects.order_by("pk").values_list("version__number", "verdict", "created_by")
        assert list(found) == [(1, "returned", planner.pk), (2, "accepted", planner.pk)]
        events = AuditEvent.objects.filter(action="review_plan").order_by("pk")
        assert [event.after["verdict"] for event in events] == ["returned", "accepted"]


def test_nothing_is_sent_back_without_a_reason(plan: Plan, planner: User) -> None:
    address = reverse("planning:review", args=[plan.public_id])
    for reason in ("", "  \n"):
        answer = client_of(planner).post(address, {"verdict": "returned", "reason": reason})
        assert "reason" in answer.context["form"].errors
    with within(reach(planner).scope), pytest.raises(IllegalStep):
        reviewing.judge(plan, actor=planner, verdict=Verdict.RETURNED, reason=" ")
    with acting_for([plan.tenant_id]):
        assert PlanReview.objects.count() == 0


def test_bureau_reads_but_does_not_judge_its_own_work(plan: Plan, bureau: User) -> None:
    address = reverse("planning:review", args=[plan.public_id])
    assert client_of(bureau).get(address).status_code == 200
    assert client_of(bureau).post(address, {"verdict": "accepted"}).status_code == 403
    with within(reach(bureau).scope), pytest.raises(Forbidden):
        reviewing.judge(plan, actor=bureau, verdict=Verdict.ACCEPTED, reason="")
    stranger = member(TenantFactory.create(), Role.PLANNER)
    assert client_of(stranger).get(address).status_code == 404
    assert client_of(stranger).post(address, {"verdict": "accepted"}).status_code == 404
    with acting_for([plan.tenant_id]):
        assert PlanReview.objects.count() == 0


def test_public_plan_keeps_its_deliveries_to_itself(tenant: Tenant) -> None:
    plan = make_plan(tenant, public=True)
    stranger = member(TenantFactory.create(), Role.PLANNER)
    assert client_of(stranger).get(reverse("planning:review", args=[plan.public_id])).status_code == 404


def test_verdict_is_never_changed(plan: Plan, planner: User) -> None:
    with within(reach(planner).scope):
        reviewing.judge(plan, actor=planner, verdict=Verdict.ACCEPTED, reason="")
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE planning_planreview SET reason = 'other'")
        services.delete_plan(plan, actor=planner)
    with acting_for([plan.tenant_id]):
        assert PlanReview.objects.count() == 0
