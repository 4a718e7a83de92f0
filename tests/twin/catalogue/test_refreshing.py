"""Datasets fetched on a schedule: what changed becomes a version, what fails says why, and nobody's network is looked into."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from tenants.models import Tenant
from tenants.roles import Role
from tenants.scope import acting_for, working_for
from tests.factories import datafiles
from tests.factories.services import Service
from tests.factories.tenants import TenantFactory, member
from twin.catalogue import importing, refreshing
from twin.catalogue.formats.reading import Wishes
from twin.catalogue.importing import Order
from twin.catalogue.models import Dataset
from twin.catalogue.scheduling import claim

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tenant(transactional_db: None) -> Tenant:
    found: Tenant = TenantFactory.create()
    return found


def csv(*arts: str) -> bytes:
    rows = [f"{number};{art};{datafiles.WEST + number};{datafiles.SOUTH}" for number, art in enumerate(arts)]
    return "\n".join(["nr;art;x;y", *rows]).encode()


@pytest.fixture
def dataset(tenant: Tenant, service: Service, tmp_path: Path) -> Dataset:
    path = tmp_path / "b.csv"
    path.write_bytes(csv("Linde", "Eiche"))
    service.answers["/b.csv"] = path.read_bytes()
    wishes = Wishes(x="x", y="y", srs=25833, key="nr")
    with acting_for([tenant.pk], [tenant.pk]):
        version = importing.import_file(
            path, order=Order(tenant, None, "b.csv", title="Bäume", wishes=wishes)
        )
        Dataset.objects.update(refresh_url=f"{service.url}/b.csv", refresh_hours=24)
        return Dataset.objects.select_related("tenant", "current_version").get(pk=version.dataset_id)


def refreshed(dataset: Dataset) -> Dataset:
    with working_for([dataset.tenant_id], [dataset.tenant_id]):
        row = Dataset.objects.select_related("tenant", "current_version").get(pk=dataset.pk)
        refreshing.refresh(row)
        return Dataset.objects.select_related("current_version").get(pk=dataset.pk)


def test_what_changed_becomes_a_version_read_as_the_one_before(dataset: Dataset, service: Service) -> None:
    service.answers["/b.csv"] = csv("Linde", "Rotbuche", "Ahorn")
    version = refreshed(dataset).current_version
    assert version is not None
    assert (version.number, version.added, version.changed, version.gone) == (2, 1, 1, 0)


def test_same_file_makes_no_version(dataset: Dataset) -> None:
    version = refreshed(dataset).current_version
    assert version is not None
    assert version.number == 1


@pytest.mark.parametrize("answer", [None, b"<html></html>", b""])
def test_failure_says_why_and_leaves_the_data(
    dataset: Dataset, service: Service, answer: bytes | None
) -> None:
    service.answers["/b.csv"] = answer
    row = refreshed(dataset)
    assert row.refresh_error
    assert row.current_version == dataset.current_version
    service.answers["/b.csv"] = csv("Linde", "Eiche")
    assert refreshed(dataset).refresh_error == ""


def test_own_network_is_not_looked_into(dataset: Dataset, settings: LazySettings, service: Service) -> None:
    settings.TRUSTED_HOSTS = []
    assert refreshed(dataset).refresh_error
    assert service.asked == []


def test_due_ones_are_taken_once(dataset: Dataset) -> None:
    now = timezone.now()
    with working_for([dataset.tenant_id], [dataset.tenant_id]):
        (row,) = refreshing.due_for_refresh(now)
        assert [claim(row, last="refreshed_at", at=now) for _ in range(2)] == [True, False]
        assert list(refreshing.due_for_refresh(now + timedelta(hours=23))) == []
        assert list(refreshing.due_for_refresh(now + timedelta(hours=25))) == [row]


def test_staff_sets_the_schedule(client: Client, dataset: Dataset, tenant: Tenant) -> None:
    client.force_login(member(tenant, Role.PLANNER))
    address = f"{dataset.get_absolute_url()}abruf/"
    client.post(address, {"refresh_url": "https://example.org/x.gpkg", "refresh_hours": ""})
    with acting_for([tenant.pk]):
        assert Dataset.objects.get().refresh_hours == 24  # refused: how often was not said
    client.post(address, {"refresh_url": "https://example.org/x.gpkg", "refresh_hours": "6"})
    with acting_for([tenant.pk]):
        assert (Dataset.objects.get().refresh_url, Dataset.objects.get().refresh_hours) == ("https://example.org/x.gpkg", 6)  # fmt: skip
    client.post(address, {"refresh_url": "", "refresh_hours": "6"})
    with acting_for([tenant.pk]):
        assert Dataset.objects.get().refresh_hours is None
