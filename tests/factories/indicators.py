"""Figures and checks for tests; the scope is the caller's."""

from datetime import UTC, date, datetime
from typing import Any

import factory

from tests.factories.tenants import TenantFactory
from twin.indicators.models import CountySnapshot, DeliveryCheck, MunicipalitySnapshot


class DeliveryCheckFactory(factory.django.DjangoModelFactory[DeliveryCheck]):
    class Meta:
        model = DeliveryCheck

    tenant = factory.SubFactory(TenantFactory)
    record = factory.Sequence(lambda n: f"record-{n}")
    checked_on = date(2026, 6, 15)
    violations = 0
    reachable = True
    data_version = date(2026, 6, 1)


class CountySnapshotFactory(factory.django.DjangoModelFactory[CountySnapshot]):
    class Meta:
        model = CountySnapshot

    month = "2026-06"
    computed_at = datetime(2026, 7, 1, 1, 30, tzinfo=UTC)
    municipalities = 28
    use_reached = 14
    use_year_reached = 20
    onboarded = 25
    trained = 18
    users = 61
    delivery_reached = 7
    delivery_by_county = 3
    pairs = 30
    pairs_year_before = 20
    growth = 0.5
    new_pairs = 12
    use_cases = 4
    cross_municipal = 2


class MunicipalitySnapshotFactory(factory.django.DjangoModelFactory[MunicipalitySnapshot]):
    class Meta:
        model = MunicipalitySnapshot

    tenant = factory.SubFactory(TenantFactory)
    month = "2026-06"
    computed_at = datetime(2026, 7, 1, 1, 30, tzinfo=UTC)
    use_missing: Any = factory.LazyFunction(list)
    use_year_missing: Any = factory.LazyFunction(list)
    delivery_missing: Any = factory.LazyFunction(lambda: ["record"])
    use_cases: Any = factory.LazyFunction(lambda: ["heavy-rain"])
