"""Plans behind the wall: who reads which rows, and that no child hangs on another tenant's plan."""

import pytest
from django.db import DatabaseError, transaction

from planning.models import Finding, Plan, PlanObject, PlanReference, ValidationRun
from tenants.permissions import reach, share
from tenants.roles import Share
from tenants.scope import acting_for, within
from tests.factories.planning import add_object, add_version, make_plan
from tests.factories.tenants import TenantFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_public_plan_is_read_by_everybody_and_a_draft_by_its_tenant_alone() -> None:
    own, other = TenantFactory.create(), TenantFactory.create()
    draft, public = make_plan(own, objects=1), make_plan(own, public=True, objects=2)
    assert list(Plan.objects.all()) == [public]
    assert PlanObject.objects.count() == 2
    with acting_for([other.pk], [other.pk]):
        assert list(Plan.objects.all()) == [public]
    with acting_for([own.pk]):
        assert set(Plan.objects.all()) == {draft, public}
        assert PlanObject.objects.count() == 3


def test_shared_plan_opens_its_children_and_no_other_plan() -> None:
    tenant = TenantFactory.create()
    shared, closed = make_plan(tenant, objects=1), make_plan(tenant, objects=1)
    planner = UserFactory.create()
    share(shared, holder=planner, as_=Share.EXTERNAL_PLANNER)
    with within(reach(planner).scope):
        assert list(Plan.objects.all()) == [shared]
        assert [row.plan_id for row in PlanObject.objects.all()] == [shared.pk]
        assert closed.pk not in PlanObject.objects.values_list("plan_id", flat=True)


def test_findings_of_a_public_plan_stay_with_the_tenant() -> None:
    tenant = TenantFactory.create()
    plan = make_plan(tenant, public=True)
    assert plan.current_version is not None
    with acting_for([tenant.pk], [tenant.pk]):
        run = ValidationRun.objects.create(tenant=tenant, plan=plan, version=plan.current_version)
        Finding.objects.create(tenant=tenant, plan=plan, run=run, rule="xplan.no_id", severity="error")
        assert Finding.objects.count() == 1
    assert Finding.objects.count() == 0
    assert ValidationRun.objects.count() == 0


def test_object_cannot_hang_on_another_tenants_version() -> None:
    own, other = TenantFactory.create(), TenantFactory.create()
    foreign = make_plan(other, public=True)
    version = foreign.current_version
    assert version is not None
    version.tenant_id = own.pk
    refused = pytest.raises(DatabaseError, match="row-level security")
    with acting_for([own.pk], [own.pk]), refused, transaction.atomic():
        add_object(version, 0)


def test_rows_of_a_version_name_its_plan() -> None:
    tenant = TenantFactory.create()
    plan, other = make_plan(tenant, objects=1), make_plan(tenant)
    one = {"tenant": tenant, "version": plan.current_version}
    with acting_for([tenant.pk], [tenant.pk]):
        source = plan.planobjects.get()
        PlanReference.objects.create(plan=plan, source=source, property="p", href="#a", order=0, **one)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            PlanReference.objects.create(plan=other, source=source, property="p", href="#b", order=0, **one)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            plan.planobjects.update(plan=other)


def test_two_versions_of_a_plan_have_their_own_objects() -> None:
    tenant = TenantFactory.create()
    plan = make_plan(tenant, objects=2)
    with acting_for([tenant.pk], [tenant.pk]):
        second = add_version(plan, objects=3)
        assert plan.current_version == second
        assert second.plan_objects.count() == 3
        assert plan.planobjects.count() == 5


@pytest.mark.parametrize(
    ("number", "name", "shown"),
    [
        ("7/26", "Am Weinberg", "7/26 Am Weinberg"),
        ("LA 22", "Plan LA 22", "Plan LA 22"),
        ("", "Nord", "Nord"),
    ],
)
def test_plan_is_called_by_number_and_name_once(number: str, name: str, shown: str) -> None:
    assert str(Plan(number=number, name=name)) == shown
