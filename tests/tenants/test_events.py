"""Audit and usage records."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import Point

from tenants import events
from tenants.models import AuditEvent, UsageEvent
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.tenants import TenantFactory, county, member

pytestmark = pytest.mark.django_db


def test_audit_names_person_thing_and_values() -> None:
    tenant = TenantFactory.create()
    anna = member(tenant, Role.MUNICIPAL_ADMIN)
    with acting_for([tenant.pk], [tenant.pk]):
        before = events.state_of(tenant, "colour", "onboarded_on")
        events.audit(
            "brand",
            tenant_id=tenant.pk,
            thing=tenant,
            actor=anna,
            before=before,
            after={"colour": "#111111", "onboarded_on": date(2026, 1, 2), "boundary": Point(1, 2)},
        )
        row = AuditEvent.objects.get()
    assert (row.actor, row.actor_name, row.action, row.kind, row.object_id, row.label) == (
        anna,
        anna.name,
        "brand",
        "tenants.Tenant",
        str(tenant.pk),
        tenant.name,
    )
    assert row.before == {"colour": "#1a4b7a", "onboarded_on": None}
    assert (row.after["onboarded_on"], row.after["colour"]) == ("2026-01-02", "#111111")
    assert "POINT" in row.after["boundary"]


def test_use_by_county_staff_is_marked() -> None:
    tenant, bert = TenantFactory.create(), member(county(), Role.COUNTY_ANALYST)
    anna = member(tenant, Role.PLANNER)
    with acting_for([tenant.pk], [tenant.pk]):
        for actor in (anna, bert, AnonymousUser(), None):
            events.used("plan_created", tenant=tenant, actor=actor)
        rows = UsageEvent.objects.order_by("pk").values_list("user", "by_county")
        assert list(rows) == [(anna.pk, False), (bert.pk, True), (None, False), (None, False)]
