"""A town with an elevation model; compiled code is kept where the tests of the kernel keep it."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
import rasterio
import shapely

from tenants import files
from tenants.models import JobState, PrivateFile, Tenant, User
from tenants.permissions import reach
from tenants.roles import Role
from tenants.scope import acting_for, within
from tests.factories import elevation
from tests.factories.tenants import TenantFactory, member
from tests.twin.analysis.test_runs import ask, compute
from tests.twin.hydro import conftest as compiled
from twin.analysis.forms import data_of
from twin.analysis.inputs import offered_to
from twin.analysis.models import Run
from twin.analysis.usecase import UseCase
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


def table_of(run: Run, name: str) -> list[list[str]]:
    """Its rows, the heads first."""
    return list(csv.reader(io.StringIO(path_of(run, name).read_text("utf-8-sig")), delimiter=";"))


def answered(use_case: UseCase, person: User, **parameters: Any) -> Run:
    done = compute(ask(use_case, person, **parameters)[0])
    assert done.state == JobState.DONE, done.job and done.job.error
    return done


def errors(use_case: UseCase, person: User, town: Tenant, parameters: dict[str, Any]) -> dict[str, list[str]]:
    """What the form says at its fields."""
    person.reach = reach(person)
    with within(person.reach.scope):
        form = use_case.form(data_of(parameters), offer=offered_to(person, town))
        return {name: [str(each) for each in texts] for name, texts in form.errors.items()}


def grid_of(run: Run, name: str) -> Any:
    with rasterio.open(path_of(run, name)) as dataset:
        return dataset.read(1)
