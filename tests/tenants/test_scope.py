"""The wall: what a scope opens, and that nothing opens without one."""

import re

import pytest
from django.db import DatabaseError, connection, transaction

from tenants import rls
from tenants.events import audit
from tenants.models import AuditEvent, Job, Tenant
from tenants.scope import SETTINGS, acting_for, working_for
from tests.factories.tenants import TenantFactory

pytestmark = pytest.mark.django_db


def job_of(tenant: Tenant) -> Job:
    with acting_for([tenant.pk], [tenant.pk]):
        row: Job = Job.objects.create(tenant=tenant, task="t", title="t")
        return row


def test_serving_login_cannot_lift_the_wall(serving_role: str) -> None:
    assert serving_role == "kz_app"
    assert rls.weaknesses() == []


def test_without_scope_no_row_is_seen() -> None:
    job_of(TenantFactory.create())
    assert Job.objects.count() == 0


def test_scope_shows_own_rows_only() -> None:
    own, other = TenantFactory.create(), TenantFactory.create()
    mine, theirs = job_of(own), job_of(other)
    with acting_for([own.pk]):
        assert list(Job.objects.all()) == [mine]
    with acting_for([own.pk, other.pk]):
        assert set(Job.objects.all()) == {mine, theirs}


def test_inner_scope_is_closed_again() -> None:
    own, other = TenantFactory.create(), TenantFactory.create()
    mine, _ = job_of(own), job_of(other)
    with acting_for([own.pk]):
        with acting_for([other.pk]):
            pass
        assert list(Job.objects.all()) == [mine]


def test_insert_for_another_tenant_is_refused() -> None:
    own, other = TenantFactory.create(), TenantFactory.create()
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        acting_for([own.pk, other.pk], [own.pk]),
        transaction.atomic(),
    ):
        Job.objects.create(tenant=other, task="t", title="t")


def test_update_of_a_readable_row_of_another_tenant_changes_nothing() -> None:
    own, other = TenantFactory.create(), TenantFactory.create()
    job_of(other)
    with acting_for([own.pk, other.pk], [own.pk]):
        assert Job.objects.update(title="taken over") == 0
        assert Job.objects.all().delete()[0] == 0


def test_setting_another_role_is_refused() -> None:
    for command in (
        "SET ROLE kz_owner",
        "SET SESSION AUTHORIZATION kz_owner",
        "ALTER TABLE tenants_job DISABLE ROW LEVEL SECURITY",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(command)


def test_audit_record_cannot_be_changed_or_removed() -> None:
    tenant = TenantFactory.create()
    with acting_for([tenant.pk], [tenant.pk]):
        audit(
            "brand",
            tenant_id=tenant.pk,
            thing=tenant,
            actor=None,
            before={"colour": "#000000"},
            after={"colour": "#111111"},
        )
        for change in (
            lambda: AuditEvent.objects.update(action="x"),
            lambda: AuditEvent.objects.all()._raw_delete("default"),
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                change()
        assert AuditEvent.objects.get().after == {"colour": "#111111"}


@pytest.mark.django_db(transaction=True)
def test_worker_scope_ends_with_the_task() -> None:
    tenant = TenantFactory.create()
    job_of(tenant)
    with working_for([tenant.pk]):
        assert Job.objects.count() == 1
    assert Job.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_worker_scope_fails_closed_after_a_reconnect() -> None:
    tenant = TenantFactory.create()
    job_of(tenant)
    with working_for([tenant.pk]):
        connection.close()
        assert Job.objects.count() == 0


def test_policies_read_no_setting_that_nobody_sets() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies")
        named = {name for (text,) in cursor.fetchall() for name in re.findall(r"app\.\w+", text)}
    assert {"app.read", "app.write"} <= named <= set(SETTINGS)
