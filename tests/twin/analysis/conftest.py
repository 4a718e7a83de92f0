"""A use case in a folder of the tests, beside those of the product."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tenants.models import Tenant
from tests.factories.tenants import TenantFactory
from tests.twin.hydro import conftest as compiled
from twin import usecases
from twin.analysis import registry
from twin.analysis.usecase import UseCase

__all__ = ["compiled"]  # code that is compiled is kept where the tests of the kernel keep it
FOLDERS = str(Path(__file__).parent / "folders")


@pytest.fixture
def counting() -> Iterator[UseCase]:
    usecases.__path__.append(FOLDERS)
    registry.use_cases.cache_clear()
    yield registry.use_cases()["counting"]
    usecases.__path__.remove(FOLDERS)
    registry.use_cases.cache_clear()


@pytest.fixture
def town() -> Tenant:
    found: Tenant = TenantFactory.create(slug="meissen", name="Meißen")
    return found
