"""Plans for tests, as an import leaves them: a version with its file, objects in order, everything of one tenant."""

import hashlib
from typing import Any

import factory
from django.contrib.gis.geos import MultiPolygon, Polygon

from planning.models import Plan, PlanObject, PlanState, PlanType, PlanVersion
from tenants import files
from tenants.models import Tenant
from tenants.scope import acting_for

NUMBERS = iter(range(1, 1_000_000))


def square(x: float = 385_000, y: float = 5_668_000, *, size: float = 100) -> Polygon:
    """A square of `size` metres with its lower left corner at (x, y), EPSG:25833."""
    return Polygon.from_bbox((x, y, x + size, y + size))


class PlanFactory(factory.django.DjangoModelFactory[Plan]):
    """Needs an open scope; tests mostly want `make_plan`."""

    class Meta:
        model = Plan

    plan_type = PlanType.BP
    number = factory.Sequence(lambda n: f"BP {n}")
    name = factory.Sequence(lambda n: f"Am Weinberg {n}")
    ags = factory.LazyAttribute(lambda plan: [plan.tenant.ags] if plan.tenant.ags else [])
    place = factory.LazyAttribute(lambda plan: plan.tenant.name)
    gml_id = factory.Sequence(lambda n: f"GML_plan_{n}")
    xplan_version = "6.0"
    legal_status = "3000"
    area = factory.LazyFunction(lambda: MultiPolygon(square(), srid=25833))


def make_plan(tenant: Tenant, *, public: bool = False, objects: int = 0, **fields: Any) -> Plan:
    """A plan of the tenant with one version and `objects` objects; public: published, children included."""
    with acting_for([tenant.pk], [tenant.pk]):
        plan: Plan = PlanFactory.create(tenant=tenant, **fields)
        add_version(plan, public=public, objects=objects)
    return plan


def add_version(plan: Plan, *, public: bool = False, objects: int = 0) -> PlanVersion:
    """One more version of the plan, its newest. Needs an open scope."""
    number = (plan.current_version.number if plan.current_version else 0) + 1
    content = f"<plan id='{plan.public_id}' number='{number}'/>".encode()
    version: PlanVersion = PlanVersion.objects.create(
        tenant=plan.tenant,
        plan=plan,
        number=number,
        file=files.store([content], tenant=plan.tenant, name="plan.gml", content_type="application/gml+xml"),
        sha256=hashlib.sha256(content).hexdigest(),
        xplan_version=plan.xplan_version,
        area=plan.area,
        header=header_of(plan),
        feature_count=objects,
        is_public=public,
    )
    for position in range(objects):
        add_object(version, position)
    plan.current_version = version
    if public:
        plan.is_public, plan.state, plan.published_version = True, PlanState.PUBLISHED, version
    plan.save()
    return version


def header_of(plan: Plan) -> dict[str, Any]:
    """The plan's columns as a delivered file states them."""
    columns = (
        "number",
        "name",
        "place",
        "ags",
        "gml_id",
        "xplan_version",
        "legal_status",
        "procedure_kind",
        "dates",
    )
    return {"valid_from": None, "valid_until": None, **{column: getattr(plan, column) for column in columns}}


def add_object(version: PlanVersion, position: int, **fields: Any) -> PlanObject:
    """One object of the version, a square of its own. Needs an open scope."""
    gml_id = f"GML_{next(NUMBERS)}"
    values: dict[str, Any] = {
        "gml_id": gml_id,
        "feature_type": "BP_BaugebietsTeilFlaeche",
        "properties": {"besondereArtDerBaulNutzung": "1200", "GRZ": "0.4"},
        "geometry": square(385_000 + 10 * position, size=10),
        "source_srid": 25833,
        "raw": f'<xplan:BP_BaugebietsTeilFlaeche gml:id="{gml_id}"/>',
        "line": position + 1,
    }
    row: PlanObject = PlanObject.objects.create(
        tenant_id=version.tenant_id,
        plan_id=version.plan_id,
        version=version,
        position=position,
        is_public=version.is_public,
        **{**values, **fields},
    )
    return row
