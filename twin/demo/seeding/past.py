"""The invented history as rows, and the monthly figures that follow from it."""

from datetime import date, datetime

from tenants.models import Tenant, UsageEvent, User
from twin.demo.geography import Place, places
from twin.demo.history import Career, careers, checks, months, uses
from twin.demo.seeding.towns import colleague_email, slug_of
from twin.indicators import snapshots
from twin.indicators.models import CountySnapshot, DeliveryCheck, Kind, Target

PEOPLE_PER_TOWN = 2
TARGETS = (
    {"indicator": Kind.USE, "percent": 60, "months": 24},
    {"indicator": Kind.DELIVERY, "percent": 90, "months": 18},
)


def seed_past(on: date, *, now: datetime) -> None:
    """Events and checks of 14 months, once; then the figures of all those months."""
    if CountySnapshot.objects.exists():
        return
    tenants = {str(tenant.ags): tenant for tenant in Tenant.objects.filter(ags__isnull=False)}
    for career in careers(places()):
        _seed_uses(career, tenants[career.place.ags], on=on)
        _seed_checks(career, tenants[career.place.ags], on=on)
    for month in months(on):
        row = snapshots.take(month, at=now)
    for target in TARGETS:
        Target.objects.create(tenant=row.tenant, start=str(months(on)[0]), **target)


def _seed_uses(career: Career, tenant: Tenant, *, on: date) -> None:
    """All at once: one by one, a thousand past events would take most of the seeding's time."""
    people = _people(career.place)
    UsageEvent.objects.bulk_create(
        UsageEvent(
            tenant=tenant,
            at=use.at,
            kind=use.kind,
            use_case=use.use_case,
            user=people[use.person],
            by_county=False,
        )
        for use in uses(career, on=on)
    )


def _people(place: Place) -> list[User]:
    emails = [colleague_email(place, number) for number in range(1, PEOPLE_PER_TOWN + 1)]
    return list(User.objects.filter(email__in=emails).order_by("email"))


def _seed_checks(career: Career, tenant: Tenant, *, on: date) -> None:
    DeliveryCheck.objects.bulk_create(
        DeliveryCheck(
            tenant=tenant,
            record=f"bebauungsplaene-{slug_of(career.place.name)}",
            checked_on=check.on,
            violations=check.violations,
            reachable=check.reachable,
            data_version=check.data_version,
            by_county=check.by_county,
        )
        for check in checks(career, on=on)
    )
