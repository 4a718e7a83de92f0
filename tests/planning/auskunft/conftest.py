"""One town with a boundary, and plans drawn on a grid of ten metres from its corner."""

import itertools
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon

from planning.auskunft import places
from planning.auskunft.places import Extent, Place
from planning.models import Plan, PlanObject, PlanReference
from tenants.models import Tenant
from tenants.scope import acting_for
from tests.factories.planning import add_object, make_plan
from tests.factories.tenants import TenantFactory

X, Y = 385_000, 5_668_000
DAY = date(2026, 6, 15)
COUNTY = Extent(370_000, 5_648_000, 424_000, 5_705_000)
NUMBERS = itertools.count(100)
Maker = Callable[..., Plan]


def wkt(*corners: tuple[float, float], hole: tuple[tuple[float, float], ...] = ()) -> str:
    """A polygon of corners in metres from the corner of the town."""
    rings = [
        ", ".join(f"{X + east} {Y + north}" for east, north in (*ring, ring[0]))
        for ring in (corners, hole)
        if ring
    ]
    return "POLYGON (" + ", ".join(f"({ring})" for ring in rings) + ")"


def rectangle(
    west: float, south: float, east: float, north: float, *, hole: tuple[tuple[float, float], ...] = ()
) -> str:
    return wkt((west, south), (east, south), (east, north), (west, north), hole=hole)


def geometry(text: str) -> GEOSGeometry:
    return GEOSGeometry(text, srid=25833)


def line(*corners: tuple[float, float]) -> str:
    return "LINESTRING (" + ", ".join(f"{X + east} {Y + north}" for east, north in corners) + ")"


@pytest.fixture
def town() -> Tenant:
    boundary = geometry(rectangle(-1000, -1000, 2000, 2000))
    found: Tenant = TenantFactory.create(
        name="Meißen", slug="meissen", ags="14627140", boundary=MultiPolygon(boundary, srid=25833)
    )
    return found


@pytest.fixture
def planned(town: Tenant) -> Maker:
    """planned(area, public=True, objects=[(type, wkt, fields)], **columns) -> a plan in force with these objects."""

    def make(
        area: str, *, objects: Any = (), public: bool = True, tenant: Tenant | None = None, **columns: Any
    ) -> Plan:
        properties = columns.pop("properties", {})
        values = {"legal_status": "4000", "valid_from": date(2020, 1, 2), **columns}
        owner = tenant or town
        plan = make_plan(owner, public=public, area=MultiPolygon(geometry(area), srid=25833), **values)
        version = plan.current_version
        assert version is not None
        with acting_for([owner.pk], [owner.pk]):
            add_object(version, 0, feature_type=f"{plan.plan_type}_Plan", geometry=geometry(area), properties={"name": plan.name, **properties}, gml_id=plan.gml_id)  # fmt: skip
            for position, (feature_type, shape, fields) in enumerate(objects, start=1):
                add_object(
                    version,
                    position,
                    feature_type=feature_type,
                    geometry=geometry(shape) if shape else None,
                    **fields,
                )
        return plan

    return make


def refer(plan: Plan, source: str, target: str) -> None:
    """The object `source` says that the text section `target` applies to it."""
    version = plan.current_version
    assert version is not None
    with acting_for([plan.tenant_id], [plan.tenant_id]):
        rows = {row.gml_id: row for row in PlanObject.objects.filter(plan=plan)}
        PlanReference.objects.create(
            tenant_id=plan.tenant_id,
            plan=plan,
            version=version,
            source=rows[source],
            target=rows[target],
            property="refTextInhalt",
            href=f"#{target}",
            order=0,
            is_public=plan.is_public,
        )


def area(west: float, south: float, east: float, north: float) -> Place:
    return places.from_shape(shapely.box(X + west, Y + south, X + east, Y + north), extent=COUNTY)


def point(east: float, north: float) -> Place:
    return places.at(X + east, Y + north, extent=COUNTY)
