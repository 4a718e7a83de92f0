"""What a delivery leaves in the table of features: what changed, and nothing twice."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from tenants.scope import acting_for
from tests.factories.catalogue import DatasetFactory, arrival, deliver, square
from tests.factories.tenants import TenantFactory
from twin.catalogue import storing
from twin.catalogue.models import Dataset, Feature
from twin.catalogue.storing import Difference

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset() -> Dataset:
    tenant = TenantFactory.create()
    with acting_for([tenant.pk], [tenant.pk]):
        found: Dataset = DatasetFactory.create(tenant=tenant)
    return found


def content(dataset: Dataset, *, version: int | None = None) -> dict[str, str]:
    with acting_for([dataset.tenant_id]):
        rows = Feature.objects.filter(dataset=dataset)
        rows = (
            rows.filter(until__isnull=True)
            if version is None
            else rows.filter(since__lte=version).exclude(until__lte=version)
        )
        return {row.key: row.properties["name"] for row in rows}


def test_delivery_writes_what_changed_in_it_alone(dataset: Dataset) -> None:
    first = deliver(dataset, arrival("1", {"name": "Linde"}), arrival("2", {"name": "Eiche"}))
    second = deliver(
        dataset,
        arrival("1", {"name": "Linde"}),
        arrival("2", {"name": "Rotbuche"}),
        arrival("3", {"name": "Ahorn"}),
    )
    third = deliver(dataset, arrival("3", {"name": "Ahorn"}))
    assert (first, second, third) == (Difference(2, 0, 0), Difference(1, 1, 0), Difference(0, 0, 2))
    assert content(dataset, version=1) == {"1": "Linde", "2": "Eiche"}
    assert content(dataset, version=2) == {"1": "Linde", "2": "Rotbuche", "3": "Ahorn"}
    assert content(dataset) == {"3": "Ahorn"}
    with acting_for([dataset.tenant_id]):
        assert Feature.objects.filter(dataset=dataset).count() == 4


def test_moved_feature_is_a_changed_one(dataset: Dataset) -> None:
    deliver(dataset, arrival("1", {"name": "Linde"}, square(1)))
    assert deliver(dataset, arrival("1", {"name": "Linde"}, square(2))) == Difference(0, 1, 0)


def test_same_delivery_again_writes_nothing(dataset: Dataset) -> None:
    rows = [arrival(str(number), {"name": "Linde"}, square(number)) for number in range(3)]
    deliver(dataset, *rows)
    assert deliver(dataset, *rows) == Difference(0, 0, 0)


def test_old_version_is_restored_as_a_new_one(dataset: Dataset) -> None:
    deliver(dataset, arrival("1", {"name": "Linde"}), arrival("2", {"name": "Eiche"}))
    deliver(dataset, arrival("2", {"name": "Rotbuche"}))
    with acting_for([dataset.tenant_id], [dataset.tenant_id]):
        difference = storing.restore(dataset, old=1, version=3)
    assert difference == Difference(1, 1, 0)
    assert content(dataset) == {"1": "Linde", "2": "Eiche"}
    assert content(dataset, version=2) == {"2": "Rotbuche"}


def test_nothing_of_another_dataset_is_touched(dataset: Dataset) -> None:
    with acting_for([dataset.tenant_id], [dataset.tenant_id]):
        neighbour: Dataset = DatasetFactory.create(tenant=dataset.tenant)
    deliver(neighbour, arrival("1", {"name": "Weide"}))
    deliver(dataset, arrival("1", {"name": "Linde"}))
    deliver(dataset)
    assert content(neighbour) == {"1": "Weide"}


@pytest.mark.parametrize("way", [storing.add, storing.merge])
@pytest.mark.parametrize(("count", "by_place"), [(900, False), (1_100, True)])
def test_rows_of_a_long_delivery_that_lie_together_are_stored_together(
    dataset: Dataset, count: int, by_place: bool, way: Callable[..., Any]
) -> None:
    places = [number * 617 % count for number in range(count)]  # each once, in no order
    rows = [arrival(str(number), {}, square(place)).row() for number, place in enumerate(places)]
    with acting_for([dataset.tenant_id], [dataset.tenant_id]):
        with storing.arriving():
            storing.copy(b"".join(rows))
            way(dataset, version=1)
        keys = Feature.objects.filter(dataset=dataset).order_by("pk").values_list("key", flat=True)
        stored = [int(key) for key in keys]
    near = [abs(places[one] - places[other]) < 10 for one, other in pairwise(stored)]
    assert sorted(stored) == list(range(count))
    assert (sum(near) > count * 0.6) is by_place
    assert by_place or stored == list(range(count))
