"""Procedures and statements for tests, as the services leave them."""

import hashlib
from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Point

from participation.models import (
    Anchor,
    Category,
    Phase,
    Procedure,
    Publication,
    ReceiptCounter,
    Statement,
    Submitter,
)
from participation.phases import RULES, Kind
from planning.models import Plan, PlanObject
from tenants.models import Tenant
from tenants.scope import acting_for

START = datetime(2026, 3, 2, tzinfo=UTC)
END = datetime(2026, 4, 4, tzinfo=UTC)
IN = datetime(2026, 3, 20, 12, tzinfo=UTC)
SECRET = "ABCDEFGHJKMNPQRSTUVW"
NUMBERS = count(1)


def make_procedure(
    tenant: Tenant,
    *,
    kind: Kind | None = Kind.CONSULTATION,
    start: datetime = START,
    end: datetime = END,
    public: bool = True,
    plan: Plan | None = None,
    categories: tuple[str, ...] = (),
    **fields: Any,
) -> Procedure:
    """A procedure with one phase (none when kind is None) and its categories."""
    number = next(NUMBERS)
    with acting_for([tenant.pk], [tenant.pk]):
        procedure: Procedure = Procedure.objects.create(
            tenant=tenant,
            plan=plan,
            plan_version=plan.current_version if plan else None,
            is_public=public,
            published_at=start if public else None,
            **{"title": f"Am Weinberg {number}", "summary": "Worum es geht", **fields},
        )
        ReceiptCounter.objects.create(tenant=tenant, procedure=procedure)
        if kind is not None:
            add_phase(procedure, kind, start=start, end=end)
        for name in categories:
            Category.objects.create(tenant=tenant, procedure=procedure, name=name, is_public=public)
    return procedure


def add_phase(procedure: Procedure, kind: Kind, *, start: datetime = START, end: datetime = END) -> Phase:
    with acting_for([procedure.tenant_id], [procedure.tenant_id]):
        phase: Phase = Phase.objects.create(
            tenant_id=procedure.tenant_id,
            procedure=procedure,
            kind=kind.value,
            audience=RULES[kind].audience.value,
            period=(start, end),
            is_public=procedure.is_public,
        )
        phase.refresh_from_db()
    return phase


def make_statement(
    procedure: Procedure,
    *,
    text: str = "Bitte mehr Bäume.",
    published: bool = False,
    place: GEOSGeometry | None = None,
    plan_object: PlanObject | None = None,
    **fields: Any,
) -> Statement:
    """A statement in the procedure's first phase, with its submitter and anchor; its secret is SECRET."""
    submitter = {key: fields.pop(key) for key in ("name", "email", "postal_address") if key in fields}
    scope = [procedure.tenant_id]
    with acting_for(scope, scope):
        counter = ReceiptCounter.objects.get(procedure=procedure)
        counter.last += 1
        counter.save()
        values: dict[str, Any] = {
            "phase": procedure.phases.first(),
            "received_at": IN,
            "secret_hash": hashlib.sha256(SECRET.encode()).hexdigest(),
            "publication_consent": published,
            "publication": Publication.PUBLISHED if published else Publication.PENDING,
        }
        statement: Statement = Statement.objects.create(
            tenant_id=procedure.tenant_id,
            procedure=procedure,
            number=counter.last,
            text=text,
            is_public=published,
            **{**values, **fields},
        )
        Submitter.objects.create(tenant_id=procedure.tenant_id, statement=statement, **submitter)
        Anchor.objects.create(
            tenant_id=procedure.tenant_id,
            statement=statement,
            geometry=place,
            plan_object=plan_object,
            is_public=published,
        )
    return statement


def spot(x: float = 386_000, y: float = 5_669_000) -> Point:
    """A point in the county, EPSG:25833."""
    return Point(x, y, srid=25833)
