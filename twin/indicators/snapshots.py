"""Compute a month's figures from all tenants' events and keep them as aggregates."""

from datetime import datetime

from django.db import transaction

from tenants.models import Tenant, TenantKind
from twin.indicators import queries
from twin.indicators.formulas import DeliveryIndicator, GrowthIndicator, Month, UseIndicator, suppressed
from twin.indicators.formulas import delivery as delivery_of
from twin.indicators.formulas import growth as growth_of
from twin.indicators.formulas import use as use_of
from twin.indicators.models import CountySnapshot, MunicipalitySnapshot


@transaction.atomic
def take(month: Month, *, at: datetime) -> CountySnapshot:
    """Compute and store; again for the same month replaces. The caller has opened a scope over all tenants.

    Raises Tenant.DoesNotExist where no county has been set up.
    """
    municipalities = queries.municipalities()
    use = use_of(municipalities, queries.events(month), month)
    delivery = delivery_of(municipalities, queries.deliveries(month), month)
    growth = growth_of(municipalities, queries.runs(month), month)
    _store_municipalities(month, at, use, delivery=delivery, growth=growth)
    return _store_county(month, at, use, delivery=delivery, growth=growth)


def _store_county(
    month: Month, at: datetime, use: UseIndicator, *, delivery: DeliveryIndicator, growth: GrowthIndicator
) -> CountySnapshot:
    county = Tenant.objects.get(kind=TenantKind.COUNTY)
    row, _ = CountySnapshot.objects.update_or_create(
        tenant=county,
        month=str(month),
        defaults={
            "computed_at": at,
            "municipalities": use.of,
            "use_reached": use.reached,
            "use_year_reached": use.year_reached,
            "onboarded": use.onboarded,
            "trained": use.trained,
            "users": suppressed(use.users),
            "delivery_reached": delivery.reached,
            "delivery_by_county": delivery.by_county,
            "pairs": growth.pairs,
            "pairs_year_before": growth.pairs_year_before,
            "growth": growth.growth,
            "new_pairs": growth.new_pairs,
            "use_cases": growth.use_cases,
            "cross_municipal": growth.cross_municipal,
        },
    )
    snapshot: CountySnapshot = row
    return snapshot


def _store_municipalities(
    month: Month, at: datetime, use: UseIndicator, *, delivery: DeliveryIndicator, growth: GrowthIndicator
) -> None:
    tenants = {str(t.ags): t for t in Tenant.objects.filter(kind=TenantKind.MUNICIPALITY, ags__isnull=False)}
    MunicipalitySnapshot.objects.filter(month=str(month)).exclude(
        tenant__ags__in=use.by_municipality
    ).delete()  # a municipality that no longer takes part
    MunicipalitySnapshot.objects.bulk_create(
        [
            MunicipalitySnapshot(
                tenant=tenants[ags],
                month=str(month),
                computed_at=at,
                use_missing=list(found.missing),
                use_year_missing=list(found.year_missing),
                delivery_missing=list(delivery.by_municipality[ags]),
                use_cases=list(growth.by_municipality[ags]),
            )
            for ags, found in use.by_municipality.items()
        ],
        update_conflicts=True,
        unique_fields=("tenant", "month"),
        update_fields=(
            "computed_at",
            "use_missing",
            "use_year_missing",
            "delivery_missing",
            "use_cases",
        ),
    )
