"""From rows of several towns, behind the wall, to figures without people."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from freezegun import freeze_time

from tenants.events import used
from tenants.models import Tenant, User
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.indicators import DeliveryCheckFactory
from tests.factories.tenants import TenantFactory, UserFactory, county, member
from twin.indicators import snapshots
from twin.indicators.formulas import Month
from twin.indicators.models import CountySnapshot, DeliveryCheck, MunicipalitySnapshot
from twin.indicators.tasks import take_nightly

JUNE = Month(2026, 6)
NOW = datetime(2026, 7, 1, 0, 30, tzinfo=UTC)


def at(day: int, month: int = 6, year: int = 2026) -> datetime:
    return datetime(year, month, day, 10, tzinfo=UTC)


@pytest.fixture
def kreis(db: None) -> Tenant:
    return county()


@pytest.fixture
def towns(kreis: Tenant) -> tuple[Tenant, Tenant, Tenant]:
    """Two big ones and a small one."""
    return (
        TenantFactory.create(population=28_000),
        TenantFactory.create(population=9_000),
        TenantFactory.create(population=1_500),
    )


@pytest.fixture
def everywhere(towns: tuple[Tenant, ...], kreis: Tenant) -> Iterator[None]:
    ids = [kreis.pk, *(town.pk for town in towns)]
    with acting_for(ids, ids):
        yield


def work(town: Tenant, user: User, *days: int, kind: str = "plan_changed", use_case: str = "") -> None:
    for day in days:
        used(kind, tenant=town, actor=user, at=at(day), use_case=use_case)


@pytest.mark.usefixtures("everywhere")
def test_month_is_computed_from_the_events_of_all_towns(
    towns: tuple[Tenant, Tenant, Tenant], kreis: Tenant
) -> None:
    # big: two people on two days, reached. second: one person and a county officer on three days, lacks a person.
    # small: one person on two days, reached; the plan was changed by a service account on one more day, not counted.
    big, second, small = towns
    work(big, UserFactory.create(), 3, 4)
    work(big, UserFactory.create(), 4)
    work(second, UserFactory.create(), 3, 4)
    work(second, member(kreis, Role.COUNTY_ANALYST), 5)
    work(small, UserFactory.create(), 3, 4, kind="use_case_run", use_case="heavy_rain")
    work(small, UserFactory.create(is_service=True), 5)
    DeliveryCheckFactory.create(tenant=big)
    DeliveryCheckFactory.create(tenant=second, by_county=True)
    row = snapshots.take(JUNE, at=NOW)
    assert (row.municipalities, row.use_reached, row.users) == (3, 2, 4)
    assert (row.delivery_reached, row.delivery_by_county) == (1, 1)
    assert (row.pairs, row.use_cases, row.growth) == (1, 1, None)
    by_town = {s.tenant_id: s for s in MunicipalitySnapshot.objects.all()}
    assert by_town[big.pk].use_missing == by_town[small.pk].use_missing == []
    assert (by_town[big.pk].use_cases, by_town[small.pk].use_cases) == ([], ["heavy_rain"])
    assert by_town[second.pk].use_missing == ["users"]
    assert [by_town[t.pk].delivery_missing for t in towns] == [[], ["record"], ["record"]]


@pytest.mark.usefixtures("everywhere")
def test_other_events_count_a_person_but_no_day(towns: tuple[Tenant, Tenant, Tenant]) -> None:
    work(towns[2], UserFactory.create(), 3, 4, kind="signed_in")
    snapshots.take(JUNE, at=NOW)
    assert MunicipalitySnapshot.objects.get(tenant=towns[2]).use_missing == ["days"]


@pytest.mark.usefixtures("everywhere")
def test_few_people_are_not_kept(towns: tuple[Tenant, Tenant, Tenant]) -> None:
    work(towns[0], UserFactory.create(), 3)
    work(towns[0], UserFactory.create(), 4)
    assert snapshots.take(JUNE, at=NOW).users is None


@pytest.mark.usefixtures("everywhere")
def test_same_month_again_replaces(towns: tuple[Tenant, Tenant, Tenant]) -> None:
    snapshots.take(JUNE, at=NOW)
    work(towns[2], UserFactory.create(), 3, 4)
    assert snapshots.take(JUNE, at=NOW).use_reached == 1
    assert CountySnapshot.objects.count() == 1
    assert MunicipalitySnapshot.objects.count() == 3


@pytest.mark.usefixtures("everywhere")
def test_town_that_left_loses_its_row(towns: tuple[Tenant, Tenant, Tenant]) -> None:
    snapshots.take(JUNE, at=NOW)
    Tenant.objects.filter(pk=towns[1].pk).update(active=False)
    assert snapshots.take(JUNE, at=NOW).municipalities == 2
    assert not MunicipalitySnapshot.objects.filter(tenant=towns[1]).exists()


@pytest.mark.usefixtures("everywhere")
def test_query_count_does_not_grow_with_events(towns: tuple[Tenant, Tenant, Tenant]) -> None:
    snapshots.take(JUNE, at=NOW)
    counts = []
    for days in (range(1, 2), range(2, 20)):
        work(towns[0], UserFactory.create(), *days)
        with CaptureQueriesContext(connection) as queries:
            snapshots.take(JUNE, at=NOW)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_figures_are_public_and_checks_are_not(towns: tuple[Tenant, Tenant, Tenant], kreis: Tenant) -> None:
    ids = [kreis.pk, *(town.pk for town in towns)]
    with acting_for(ids, ids):
        DeliveryCheckFactory.create(tenant=towns[0])
        snapshots.take(JUNE, at=NOW)
    assert (CountySnapshot.objects.count(), MunicipalitySnapshot.objects.count()) == (1, 3)
    assert DeliveryCheck.objects.count() == 0
    with acting_for([towns[1].pk], [towns[1].pk]):
        assert DeliveryCheck.objects.count() == 0


def test_checks_only_grow(towns: tuple[Tenant, Tenant, Tenant]) -> None:
    with acting_for([towns[0].pk], [towns[0].pk]):
        row = DeliveryCheckFactory.create(tenant=towns[0])
        for forbidden in (row.save, row.delete):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                forbidden()


@pytest.mark.django_db(transaction=True)
def test_nightly_takes_this_month_and_the_last() -> None:
    with freeze_time("2026-06-30 22:30"):  # 1 July, 00:30 in Berlin
        take_nightly()
        assert CountySnapshot.objects.count() == 0  # no county yet
        county()
        take_nightly()
    assert [row.month for row in CountySnapshot.objects.all()] == ["2026-06", "2026-07"]


@pytest.mark.django_db(transaction=True)
def test_command_prints_the_month_as_json() -> None:
    kreis, town = county(), TenantFactory.create(population=1_500)
    with acting_for([town.pk], [town.pk]):
        work(town, UserFactory.create(), 3, 4)
    out = StringIO()
    call_command("indicators", "--month", "2026-06", "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert (found["month"], found["use"], found["use_reached"], found["users"]) == ("2026-06", 1.0, 1, None)
    assert found["by_municipality"] == [
        {
            "month": "2026-06",
            "ags": town.ags,
            "name": town.name,
            "use_missing": [],
            "use_12_months_missing": [],
            "delivery_missing": ["record"],
            "use_cases_in_use": 0,
            "use_cases": [],
        }
    ]
    assert kreis.pk == CountySnapshot.objects.get().tenant_id


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("month", ["2026-6", "06/2026", "2026-13", "'; DROP TABLE x; --"])
def test_command_refuses_a_month_in_another_form(month: str) -> None:
    with pytest.raises(CommandError):
        call_command("indicators", "--month", month, "--json")


@pytest.mark.django_db(transaction=True)
def test_command_says_that_there_is_no_county() -> None:
    with pytest.raises(CommandError):
        call_command("indicators", "--month", "2026-06")
