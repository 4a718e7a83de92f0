"""A town with an elevation model; compiled code is kept where the tests of the kernel keep it."""

from pathlib import Path
from typing import Any

import pytest
import rasterio
import shapely

from tenants import files
from tenants.models import PrivateFile, Tenant, User
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories import elevation
from tests.factories.tenants import TenantFactory, member
from tests.twin.hydro import conftest as compiled
from twin.analysis.models import Run
from twin.catalogue.models import Dataset

__all__ = ["compiled"]


@pytest.fixture
def town() -> Tenant:
    found: Tenant = TenantFactory.create(slug="meissen", name="Meißen")
    return found


@pytest.fixture
def planner(town: Tenant) -> User:
    return member(town, Role.PLANNER)


@pytest.fixture
def ground(town: Tenant, tmp_path: Path) -> Dataset:
    return elevation.model(town, tmp_path)


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    found: dict[str, Any] = shapely.geometry.mapping(shapely.box(west, south, east, north))
    return found


def path_of(run: Run, name: str) -> Path:
    (output,) = (each for each in run.outputs if each["name"] == name)
    with acting_for([run.tenant_id]):
        return files.path_of(PrivateFile.objects.get(pk=output["file"]))


def grid_of(run: Run, name: str) -> Any:
    with rasterio.open(path_of(run, name)) as dataset:
        return dataset.read(1)
