"""A plan of three areas beside a river, and datasets that meet it, small enough to be measured by hand."""

from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon

from planning.models import Plan, PlanVersion
from tenants.models import Tenant, User
from tenants.roles import Role
from tenants.scope import acting_for
from tests.factories.catalogue import arrival, deliver, make_dataset
from tests.factories.planning import add_object, make_plan
from tests.factories.tenants import TenantFactory, member
from twin.analysis import registry
from twin.analysis.usecase import UseCase
from twin.catalogue.models import Dataset

WEST, SOUTH = 385_000.0, 5_668_000.0
FLOODED = (25.0, -10.0, 75.0, 110.0)  # west, south, east, north of the flood area, from WEST and SOUTH


def geometry(west: float, south: float, east: float, north: float) -> GEOSGeometry:
    return GEOSGeometry(shapely.box(WEST + west, SOUTH + south, WEST + east, SOUTH + north).wkt, srid=25833)


def area(west: float, south: float, east: float, north: float) -> Any:
    return shapely.box(WEST + west, SOUTH + south, WEST + east, SOUTH + north)


def village(tenant: Tenant, *, east: float = 0.0, **fields: Any) -> Plan:
    """100 m by 100 m, so many m further east: 50 m of Allgemeines Wohngebiet, a street of 10 m, 40 m of green."""
    whole = MultiPolygon(geometry(east, 0, east + 100, 100), srid=25833)
    plan = make_plan(tenant, area=whole, **fields)
    with acting_for([tenant.pk], [tenant.pk]):
        version = plan.current_version
        assert version is not None
        for position, row in enumerate(OBJECTS):
            fill(version, position, east=east, **row)
    return plan


OBJECTS: tuple[dict[str, Any], ...] = (
    {"feature_type": "BP_BaugebietsTeilFlaeche", "span": (0, 50), "properties": {"besondereArtDerBaulNutzung": "1200", "GRZ": "0.4", "GFZ": "0.8"}},
    {"feature_type": "BP_StrassenVerkehrsFlaeche", "span": (50, 60), "properties": {}},
    {"feature_type": "BP_GruenFlaeche", "span": (60, 100), "properties": {}},
)  # fmt: skip


def fill(version: PlanVersion, position: int, *, span: tuple[float, float], east: float, **fields: Any) -> None:  # fmt: skip
    shape = geometry(east + span[0], 0, east + span[1], 100)
    add_object(version, position, **{"flaechenschluss": True, "geometry": shape, **fields})


def areas(tenant: Tenant, role: str, *shapes: Any, public: bool = False, title: str = "Gebiete") -> Dataset:
    """A dataset whose areas mean this in law."""
    dataset = make_dataset(tenant, public=public, features=0, title=title, role=role)
    deliver(dataset, *(arrival(str(number), {"name": title}, shape) for number, shape in enumerate(shapes)))
    return dataset


@pytest.fixture
def plan_check() -> UseCase:
    found = registry.find("plan-check")
    assert found is not None
    return found


@pytest.fixture
def town() -> Tenant:
    found: Tenant = TenantFactory.create(slug="meissen", name="Meißen", ags="14627140")
    return found


@pytest.fixture
def planner(town: Tenant) -> User:
    return member(town, Role.PLANNER)


@pytest.fixture
def plan(town: Tenant) -> Plan:
    return village(town, number="7/26", name="Am Weinberg")
