"""Append-only records: who did what (audit) and what was used (indicators). Written in the transaction of the act itself."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.utils import timezone

from tenants.models import AuditEvent, Tenant, TenantKind, UsageEvent, User
from tenants.scope import acting_for


class _Encoder(DjangoJSONEncoder):
    """Geometries and files leave as text; an audit record never fails for its form."""

    def default(self, o: object) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any]:
    return dict(json.loads(json.dumps(dict(values or {}), cls=_Encoder)))


def state_of(thing: Model, *fields: str) -> dict[str, Any]:
    """The named fields of a row, for `before` and `after` of an audit record."""
    return {name: getattr(thing, name) for name in fields}


def audit(  # noqa: PLR0913 - one record has these parts
    action: str,
    *,
    tenant_id: int,
    thing: Model,
    actor: User | AnonymousUser | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Record an administrative act. action: the verb, for example ``change_role``; before/after: the values that changed."""
    person = actor if isinstance(actor, User) else None
    return AuditEvent.objects.create(
        tenant_id=tenant_id,
        at=timezone.now(),
        actor=person,
        actor_name=str(person) if person else "",
        action=action,
        kind=thing._meta.label,
        object_id=str(thing.pk),
        label=str(thing)[:300],
        before=_plain(before),
        after=_plain(after),
    )


def used(
    kind: str,
    *,
    tenant: Tenant,
    actor: User | AnonymousUser | None,
    at: datetime | None = None,
    use_case: str = "",
) -> None:
    """Record a productive event. tenant: the municipality served, whoever did it."""
    person = actor if isinstance(actor, User) else None
    by_county = person is not None and person.memberships.filter(tenant__kind=TenantKind.COUNTY).exists()
    with acting_for(
        [tenant.pk], [tenant.pk]
    ):  # a Verwaltungsgemeinschaft or the county may serve a town that it does not write
        UsageEvent.objects.create(
            tenant=tenant,
            at=at or timezone.now(),
            kind=kind,
            use_case=use_case,
            user=person,
            by_county=by_county,
        )
