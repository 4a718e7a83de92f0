"""access.fetch: one 404 for missing, foreign and malformed; 403 for a colleague without the role."""

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from tenants.access import fetch
from tenants.errors import Forbidden
from tenants.models import Job, PrivateFile, Tenant
from tenants.permissions import reach
from tenants.roles import Role
from tenants.scope import acting_for, within
from tests.factories.tenants import TenantFactory, member

pytestmark = pytest.mark.django_db


def file_of(tenant: Tenant, *, is_public: bool = False) -> PrivateFile:
    with acting_for([tenant.pk], [tenant.pk]):
        return PrivateFile.objects.create(
            tenant=tenant, name="n", content_type="text/plain", size=0, sha256="", is_public=is_public
        )


def test_own_row_is_fetched_and_a_missing_role_is_told() -> None:
    tenant = TenantFactory.create()
    anna, row = member(tenant, Role.EDITOR), file_of(tenant)
    with within(reach(anna).scope):
        assert fetch(PrivateFile.objects.all(), anna, "view", public_id=row.public_id) == row
        with pytest.raises(Forbidden):
            fetch(PrivateFile.objects.all(), anna, "import_plan", public_id=row.public_id)


@pytest.mark.parametrize("key", ["foreign", "missing", "malformed"])
def test_foreign_missing_and_malformed_are_one_404(key: str) -> None:
    carla = member(TenantFactory.create(), *Role)
    foreign = file_of(TenantFactory.create())
    keys = {"foreign": foreign.public_id, "missing": uuid.uuid4(), "malformed": "x'; DROP TABLE"}
    with within(reach(carla).scope), pytest.raises(Http404) as raised:
        fetch(PrivateFile.objects.all(), carla, "view", public_id=keys[key])
    assert raised.value.args == ()


def test_foreign_row_is_404_even_when_the_wall_is_open() -> None:
    foreign = file_of(TenantFactory.create())
    carla = member(TenantFactory.create(), *Role)
    with acting_for([foreign.tenant_id]), pytest.raises(Http404):
        fetch(PrivateFile.objects.all(), carla, "view", pk=foreign.pk)


def test_public_row_is_for_everybody_to_view_and_nobody_to_change() -> None:
    row = file_of(TenantFactory.create(), is_public=True)
    carla = member(TenantFactory.create(), *Role)
    for person in (AnonymousUser(), carla):
        with within(reach(person).scope):
            assert fetch(PrivateFile.objects.all(), person, "view", pk=row.pk) == row
            with pytest.raises(Http404):
                fetch(PrivateFile.objects.all(), person, "brand", pk=row.pk)


def test_rows_are_listed_in_one_query(django_assert_num_queries: object) -> None:
    tenant = TenantFactory.create()
    anna = member(tenant, Role.PLANNER)
    anna.reach = reach(anna)
    counts = set()
    for _ in (1, 3):
        with acting_for([tenant.pk], [tenant.pk]):
            Job.objects.create(tenant=tenant, task="t", title="t")
        with within(anna.reach.scope), django_assert_num_queries(1):  # type: ignore[operator]
            counts.add(len(Job.objects.visible_to(anna)))
    assert counts == {1, 2}
