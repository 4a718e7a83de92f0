"""What the towns deliver, as the county's indicator sees it: from real records, night by night."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from freezegun import freeze_time

from planning.models import CaptureStatement, Plan
from tenants.models import Tenant
from tenants.scope import acting_for
from tests.factories.catalogue import make_dataset
from tests.factories.indicators import DeliveryCheckFactory
from tests.factories.planning import make_plan
from tests.factories.records import FULL, make_record
from tests.factories.tenants import TenantFactory, county
from twin.catalogue.models import Record, Source
from twin.indicators import delivering, queries
from twin.indicators.formulas import Missing, Month, delivery
from twin.indicators.models import DeliveryCheck
from twin.indicators.tasks import take_nightly

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 15)
DAY = timedelta(days=1)
JUNE = Month.parse("2026-06")
SAID = {name: FULL[name] for name in ("description", "themes", "frequency")}


@pytest.fixture
def town() -> Tenant:
    found: Tenant = TenantFactory.create(name="Meißen", ags="14627140", ars="146270140140", population=28_000)
    return found


@pytest.fixture
def everywhere(town: Tenant) -> Iterator[None]:
    kreis = county()
    with acting_for([town.pk, kreis.pk], [town.pk, kreis.pk]):
        yield


def delivered(
    town: Tenant, *, modified: datetime = datetime(2026, 3, 1, tzinfo=UTC), **fields: object
) -> Record:
    dataset = make_dataset(town, public=True)
    Record.objects.filter(dataset=dataset).update(**{**SAID, "modified": modified, **fields})
    return Record.objects.get(dataset=dataset)


def missing(town: Tenant, month: Month = JUNE) -> tuple[Missing, ...]:
    return delivery(queries.municipalities(), queries.deliveries(month), month).by_municipality[str(town.ags)]


@pytest.mark.usefixtures("everywhere")
def test_sound_record_of_an_own_dataset_is_a_delivery(town: Tenant) -> None:
    assert missing(town) == (Missing.RECORD,)
    delivered(town)
    assert delivering.check(on=TODAY) == 1
    assert missing(town) == ()


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize(
    ("fields", "lacks"),
    [
        ({"description": ""}, Missing.VIOLATIONS),
        ({"modified": datetime(2025, 3, 1, tzinfo=UTC)}, Missing.OUTDATED),
        ({"frequency": "MONTHLY"}, Missing.OUTDATED),
    ],
)
def test_each_condition_counts(town: Tenant, fields: dict[str, Any], lacks: Missing) -> None:
    delivered(town, **fields)
    delivering.check(on=TODAY)
    assert missing(town) == (lacks,)


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize(
    ("is_up", "lacks"), [(True, ()), (False, (Missing.UNREACHABLE,)), (None, (Missing.UNREACHABLE,))]
)
def test_foreign_service_is_reachable_when_it_was_seen_so(
    town: Tenant, is_up: bool | None, lacks: tuple[Missing, ...]
) -> None:
    source = Source.objects.create(
        tenant=town, kind="WMS", url="https://example.org/wms", is_public=True, is_up=is_up
    )
    make_record(town, source=source)
    delivering.check(on=TODAY)
    assert missing(town) == lacks


@pytest.mark.usefixtures("everywhere")
def test_internal_records_and_those_of_the_county_are_no_deliveries(town: Tenant) -> None:
    make_record(town, public=False)
    make_record(Tenant.objects.get(kind="county"))
    assert delivering.check(on=TODAY) == 0


@pytest.mark.usefixtures("everywhere")
def test_what_stays_is_noted_once_and_what_changes_again(town: Tenant) -> None:
    record = delivered(town)
    delivering.check(on=TODAY)
    assert delivering.check(on=TODAY) == delivering.check(on=TODAY + DAY) == 0
    Record.objects.filter(pk=record.pk).update(description="")
    assert delivering.check(on=TODAY + 2 * DAY) == 1
    assert missing(town) == (Missing.VIOLATIONS,)


@pytest.mark.usefixtures("everywhere")
def test_record_that_is_withdrawn_no_longer_counts_and_checks_of_other_origin_do(town: Tenant) -> None:
    record = delivered(town)
    delivering.check(on=TODAY)
    Record.objects.filter(pk=record.pk).update(is_public=False)
    assert delivering.check(on=TODAY + DAY) == 1
    assert delivering.check(on=TODAY + 2 * DAY) == 0
    assert missing(town) == (Missing.UNREACHABLE,)
    DeliveryCheckFactory.create(tenant=town, record="by-hand")
    assert delivering.check(on=TODAY + 3 * DAY) == 0
    assert missing(town) == ()


@pytest.mark.usefixtures("everywhere")
def test_plan_in_force_counts_by_its_yearly_confirmation(town: Tenant) -> None:
    with freeze_time("2024-05-01"):
        plan = make_plan(town, public=True, valid_from=date(2010, 1, 1))
    Plan.objects.filter(pk=plan.pk).update(changed_at=datetime(2024, 5, 1, tzinfo=UTC))
    delivering.check(on=TODAY)
    assert missing(town) == (Missing.OUTDATED,)
    CaptureStatement.objects.create(tenant=town, kind="bp", captured="yes", as_of=date(2026, 1, 7))
    delivering.check(on=TODAY)
    (last,) = DeliveryCheck.objects.filter(confirmed_on=date(2026, 1, 7))
    assert (last.in_force, last.data_version) == (True, date(2010, 1, 1))


@pytest.mark.django_db(transaction=True)
def test_the_night_notes_deliveries_before_it_counts_them(town: Tenant) -> None:
    kreis = county()
    with acting_for([town.pk], [town.pk]):
        delivered(town, modified=datetime.now(UTC))
    take_nightly()
    with acting_for([town.pk, kreis.pk]):
        assert DeliveryCheck.objects.count() == 1
