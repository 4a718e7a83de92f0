"""Rows -> the formulas' records. The caller has opened a scope over all tenants."""

from datetime import date, datetime, time, timedelta

from tenants.models import Tenant, TenantKind, UsageEvent
from twin.indicators.formulas import BERLIN, Actor, Delivery, Event, Month, Municipality, Run
from twin.indicators.models import DeliveryCheck

USE_CASE_RUN = "use_case_run"
PRODUCTIVE = frozenset(
    {"plan_created", "plan_changed", "dataset_published", USE_CASE_RUN, "statement_weighed"}
)


def municipalities() -> list[Municipality]:
    """Active municipalities with an AGS. A tenant knows only whether it is active now, so it counts for every month."""
    listed = Tenant.objects.filter(kind=TenantKind.MUNICIPALITY, active=True, ags__isnull=False)
    return [
        Municipality(
            ags=str(tenant.ags),
            population=tenant.population or 0,
            active_from=date.min,
            onboarded_on=tenant.onboarded_on,
            trained_on=tenant.trained_on,
        )
        for tenant in listed
    ]


def _span(first: date, last: date) -> tuple[datetime, datetime]:
    """From the first moment of `first` to the first moment after `last`, in Berlin."""
    start, end = (datetime.combine(day, time(), tzinfo=BERLIN) for day in (first, last + timedelta(days=1)))
    return start, end


def _actor(*, user_id: int | None, is_service: bool | None, by_county: bool) -> Actor:
    if user_id is None or is_service:
        return Actor.SERVICE
    return Actor.COUNTY if by_county else Actor.MUNICIPAL


def events(month: Month) -> list[Event]:
    """Usage events of municipalities in the 12 months up to the month's end."""
    start, end = _span(month.back(12).last_day + timedelta(days=1), month.last_day)
    rows = UsageEvent.objects.filter(at__gte=start, at__lt=end, tenant__ags__isnull=False).values_list(
        "at", "tenant__ags", "user_id", "user__is_service", "by_county", "kind"
    )
    return [
        Event(
            at=at,
            ags=str(ags),
            user=str(user_id),
            productive=kind in PRODUCTIVE,
            actor=_actor(user_id=user_id, is_service=is_service, by_county=by_county),
        )
        for at, ags, user_id, is_service, by_county, kind in rows.iterator()
    ]


def runs(month: Month) -> list[Run]:
    """Completed runs of use cases for municipalities, as far back as the comparison with the year before reaches."""
    start, end = _span(month.back(16).last_day, month.last_day)
    rows = UsageEvent.objects.filter(kind=USE_CASE_RUN, at__gte=start, at__lt=end, tenant__ags__isnull=False)
    listed = rows.values_list("at", "tenant__ags", "user_id", "user__is_service", "by_county", "use_case")
    return [
        Run(
            at=at,
            ags=str(ags),
            use_case=use_case,
            actor=_actor(user_id=user_id, is_service=is_service, by_county=by_county),
        )
        for at, ags, user_id, is_service, by_county, use_case in listed.iterator()
    ]


def deliveries(month: Month) -> list[Delivery]:
    """Checks of catalogue records up to the month's end."""
    rows = DeliveryCheck.objects.filter(checked_on__lte=month.last_day, tenant__ags__isnull=False)
    return [
        Delivery(
            ags=str(row.tenant.ags),
            record=row.record,
            checked_on=row.checked_on,
            violations=row.violations,
            reachable=row.reachable,
            data_version=row.data_version,
            frequency_days=row.frequency_days,
            in_force=row.in_force,
            confirmed_on=row.confirmed_on,
            by_county=row.by_county,
        )
        for row in rows.select_related("tenant")
    ]
