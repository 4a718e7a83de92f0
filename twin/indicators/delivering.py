"""Deliveries for the county's second indicator, taken each night from the municipalities' own records and plans in force."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils import timezone

from planning.models import CaptureStatement, Plan
from tenants.models import TenantKind
from twin.catalogue import quality
from twin.catalogue.entries import entry_of, version_date, with_all
from twin.catalogue.models import Record
from twin.indicators.models import DeliveryCheck

# Days within which data of a stated frequency are expected anew (EU authority table frequency); the rest is judged by the year.
DAYS = {
    "CONT": 1,
    "DAILY": 1,
    "WEEKLY": 7,
    "MONTHLY": 31,
    "QUARTERLY": 92,
    "ANNUAL_2": 184,
    "ANNUAL": 365,
    "BIENNIAL": 731,
}
_SAID = ("violations", "reachable", "data_version", "frequency_days", "in_force", "confirmed_on")
_MINE = {"tenant__active": True, "tenant__kind": TenantKind.MUNICIPALITY}


def check(*, on: date) -> int:
    """Note each public record that is otherwise than at its last check, and each that is no more. The caller sees all tenants.

    What stays as it was is not noted again: the table is only added to, and a check holds until the next one.
    """
    known = _last_checks()
    now = {(one.tenant_id, one.record): one for one in (*_of_records(on), *_of_plans(on))}
    found = [one for key, one in now.items() if key not in known or _differs(one, known[key])]
    gone = [
        last
        for key, last in known.items()
        if key not in now and last.reachable and _is_public_id(last.record)
    ]
    for last in gone:
        last.pk, last.checked_on, last.reachable = None, on, False
    DeliveryCheck.objects.bulk_create([*found, *gone], batch_size=1000)
    return len(found) + len(gone)


def _last_checks() -> dict[tuple[int, str], DeliveryCheck]:
    rows = DeliveryCheck.objects.order_by("tenant_id", "record", "-checked_on", "-pk")
    return {(row.tenant_id, row.record): row for row in rows.distinct("tenant_id", "record")}


def _differs(one: DeliveryCheck, last: DeliveryCheck) -> bool:
    return any(getattr(one, name) != getattr(last, name) for name in _SAID)


def _is_public_id(record: str) -> bool:
    """Checks of other origin, by another kind of name, are left alone."""
    try:
        return bool(UUID(record))
    except ValueError:
        return False


def _of_records(on: date) -> Iterable[DeliveryCheck]:
    rows = Record.objects.filter(is_public=True, is_gone=False, **_MINE).order_by("pk")
    for record in with_all(rows).select_related("source", "dataset__current_version"):
        yield DeliveryCheck(
            tenant=record.tenant,
            record=str(record.public_id),
            checked_on=on,
            violations=len(quality.violations(entry_of(record))),
            reachable=_is_reachable(record),
            data_version=version_date(record),
            frequency_days=DAYS.get(record.frequency),
        )


def _is_reachable(record: Record) -> bool:
    """An own dataset is given out by this platform itself; of a foreign source the last look at it counts."""
    if record.dataset is not None:
        return record.dataset.is_public and record.dataset.current_version_id is not None
    return record.source is not None and record.source.is_up is True


def _of_plans(on: date) -> Iterable[DeliveryCheck]:
    """A plan's record holds all that its profile asks for, and this platform gives its files out itself. It is confirmed by
    a new version, or by the town's statement that its plans of this kind are captured."""
    stated = {
        (one.tenant_id, one.kind.upper()): one.as_of
        for one in CaptureStatement.objects.exclude(captured="no")
    }
    rows = Plan.objects.in_force(on).filter(is_public=True, **_MINE).select_related("tenant")
    for plan in rows.defer("area", "tenant__boundary").order_by("pk"):
        changed = timezone.localdate(plan.changed_at)
        yield DeliveryCheck(
            tenant=plan.tenant,
            record=str(plan.public_id),
            checked_on=on,
            violations=0,
            reachable=True,
            data_version=plan.valid_from or changed,
            in_force=True,
            confirmed_on=max(changed, stated.get((plan.tenant_id, plan.plan_type), changed)),
        )
