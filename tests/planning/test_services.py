"""What a person does with plans: who may, what others see afterwards, what is recorded."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from planning import filing, services
from planning.errors import IllegalStep, UnknownHolder
from planning.models import Plan, PlanDocument, PlanObject, PlanReference, PlanVersion, ProcedureStep
from tenants import files
from tenants.errors import Forbidden
from tenants.models import AuditEvent, OutboxMessage, PrivateFile, Tenant, UsageEvent, User
from tenants.permissions import can, reach, share
from tenants.roles import Role, Share
from tenants.scope import acting_for, within
from tests.factories.planning import add_version, header_of, make_plan
from tests.factories.tenants import TenantFactory, UserFactory, county, member

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 2)


@pytest.fixture
def tenant() -> Tenant:
    found: Tenant = TenantFactory.create()
    return found


def document(plan: Plan, *, internal: bool = False) -> PlanDocument:
    version = plan.current_version
    assert version is not None
    with acting_for([plan.tenant_id], [plan.tenant_id]):
        file = files.store([b"%PDF"], tenant=plan.tenant, name="text.pdf", content_type="application/pdf")
        row: PlanDocument = PlanDocument.objects.create(
            tenant=plan.tenant, plan=plan, version=version, title="Text", file=file, is_internal=internal
        )
    return row


def public_rows() -> list[int]:
    models = (Plan, PlanVersion, PlanObject, PlanReference, PlanDocument, PrivateFile, ProcedureStep)
    return [model.objects.count() for model in models]


def test_published_plan_is_seen_with_its_version_and_open_documents(tenant: Tenant) -> None:
    plan, _other = make_plan(tenant, objects=2), make_plan(tenant, objects=5)
    document(plan)
    document(plan, internal=True)
    with acting_for([tenant.pk], [tenant.pk]):
        ProcedureStep.objects.create(tenant=tenant, plan=plan, kind="initiation", on=ON)
    planner = member(tenant, Role.PLANNER)
    with within(reach(planner).scope):
        services.publish_plan(plan, actor=planner, on=ON)
    assert public_rows() == [1, 1, 2, 0, 1, 1, 1]
    with acting_for([tenant.pk]):
        plan.refresh_from_db()
        assert (plan.state, plan.published_on, plan.published_version) == (
            "published",
            ON,
            plan.current_version,
        )
        assert AuditEvent.objects.get().action == "publish_plan"
        assert UsageEvent.objects.get().kind == "plan_changed"


def test_newer_version_is_seen_only_when_published_again(tenant: Tenant) -> None:
    plan = make_plan(tenant, objects=1)
    planner = member(tenant, Role.PLANNER)
    with within(reach(planner).scope):
        services.publish_plan(plan, actor=planner, on=ON)
        plan.refresh_from_db()
        second = add_version(plan, objects=3)
        PlanVersion.objects.filter(pk=second.pk).update(header={**header_of(plan), "name": "Zweiter Entwurf"})
    assert PlanObject.objects.count() == 1
    with within(reach(planner).scope):
        services.publish_plan(plan, actor=planner, on=ON)
    assert PlanObject.objects.count() == 4  # what was published stays readable
    assert Plan.objects.get().name == "Zweiter Entwurf"


def test_withdrawn_plan_is_seen_by_nobody_outside(tenant: Tenant) -> None:
    plan = make_plan(tenant, public=True, objects=2)
    planner = member(tenant, Role.PLANNER)
    with within(reach(planner).scope):
        services.withdraw_plan(plan, actor=planner)
    assert public_rows() == [0] * 7
    with within(reach(planner).scope):
        assert PlanObject.objects.count() == 2
        with pytest.raises(IllegalStep):
            services.withdraw_plan(plan, actor=planner)


def test_deleted_draft_leaves_no_row_and_no_file(tenant: Tenant, tmp_path: Path, django_capture_on_commit_callbacks: Callable[..., object]) -> None:  # fmt: skip
    plan, other = make_plan(tenant, objects=2), make_plan(tenant, objects=1)
    document(plan)
    planner = member(tenant, Role.PLANNER)
    share(plan, holder=UserFactory.create(), as_=Share.READER)
    with django_capture_on_commit_callbacks(execute=True), within(reach(planner).scope):  # type: ignore[attr-defined]
        services.delete_plan(plan, actor=planner)
    with acting_for([tenant.pk]):
        assert list(Plan.objects.all()) == [other]
        assert PlanObject.objects.count() == 1
        assert PrivateFile.objects.count() == 1
        assert AuditEvent.objects.get().before["name"] == plan.name
    assert sum(path.is_file() for path in (tmp_path / "private").rglob("*")) == 1


def test_published_plan_cannot_be_deleted(tenant: Tenant) -> None:
    plan = make_plan(tenant, public=True)
    planner = member(tenant, Role.PLANNER)
    with within(reach(planner).scope), pytest.raises(IllegalStep):
        services.delete_plan(plan, actor=planner)


def test_shared_plan_is_read_by_the_county_until_it_is_taken_back(tenant: Tenant) -> None:
    plan, other = make_plan(tenant, objects=1), make_plan(tenant)
    landkreis = county()
    planner, analyst = member(tenant, Role.PLANNER), member(landkreis, Role.COUNTY_ANALYST)
    with within(reach(planner).scope):
        services.share_plan(plan, actor=planner, holder=landkreis, as_=Share.READER)
    with within(reach(analyst).scope):
        assert list(Plan.objects.all()) == [plan]
        assert can(analyst, "view", plan)
        assert not can(analyst, "change_plan", plan)
        assert not can(analyst, "view", other)
    with within(reach(planner).scope):
        services.unshare_plan(plan, actor=planner, holder=landkreis, as_=Share.READER)
        assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == [
            "share_plan",
            "unshare_plan",
        ]
    with within(reach(analyst).scope):
        assert Plan.objects.count() == 0


def test_external_planner_is_told_by_mail(tenant: Tenant) -> None:
    plan = make_plan(tenant)
    planner, bureau = member(tenant, Role.PLANNER), UserFactory.create()
    with within(reach(planner).scope):
        services.share_plan(plan, actor=planner, holder=bureau, as_=Share.EXTERNAL_PLANNER)
        mail = OutboxMessage.objects.get()
    assert mail.recipient == bureau.email
    assert str(plan.public_id) in mail.body
    assert services.person_with(f" {bureau.email.upper()} ") == bureau
    with pytest.raises(UnknownHolder):
        services.person_with("nobody@example.org")


ACTS: dict[str, Callable[[Plan, User], None]] = {
    "publish": lambda plan, actor: services.publish_plan(plan, actor=actor, on=ON),
    "withdraw": lambda plan, actor: services.withdraw_plan(plan, actor=actor),
    "delete": lambda plan, actor: services.delete_plan(plan, actor=actor),
    "share": lambda plan, actor: services.share_plan(plan, actor=actor, holder=actor, as_=Share.READER),
    "unshare": lambda plan, actor: services.unshare_plan(plan, actor=actor, holder=actor, as_=Share.READER),
}


@pytest.mark.parametrize("act", ACTS)
def test_nobody_but_the_owners_planner_acts_on_a_plan(act: str, tenant: Tenant) -> None:
    plan = make_plan(tenant, public=True)
    bureau = UserFactory.create()
    share(plan, holder=bureau, as_=Share.EXTERNAL_PLANNER)
    strangers = [bureau, UserFactory.create(), member(TenantFactory.create(), Role.PLANNER)]
    strangers += [member(county(), Role.PLANNER), member(tenant, Role.EDITOR), member(tenant, Role.MODERATOR)]
    for actor in strangers:
        with within(reach(actor).scope), pytest.raises(Forbidden):
            ACTS[act](plan, actor)


def test_internal_document_is_closed_at_once(tenant: Tenant) -> None:
    plan = make_plan(tenant, objects=1)
    row = document(plan)
    planner = member(tenant, Role.PLANNER)
    with within(reach(planner).scope):
        services.publish_plan(plan, actor=planner, on=ON)
    assert PlanDocument.objects.count() == PrivateFile.objects.count() == 1
    with within(reach(planner).scope):
        filing.set_document_internal(PlanDocument.objects.get(pk=row.pk), actor=planner, internal=True)
    assert PlanDocument.objects.count() == PrivateFile.objects.count() == 0
    with within(reach(planner).scope):
        filing.set_document_internal(PlanDocument.objects.get(pk=row.pk), actor=planner, internal=False)
    assert PlanDocument.objects.count() == PrivateFile.objects.count() == 1
