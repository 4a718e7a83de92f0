"""Which plan a delivered file belongs to, and which municipalities it serves."""

from typing import Any
from uuid import UUID

import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Q

from planning.errors import NeedsDecision, refuse
from planning.models import Plan, PlanVersion
from planning.staging import StagedPlan
from planning.xplanung.findings import Finding, Value
from tenants.models import Tenant

AUTO, ASK, NEW = "auto", "ask", "new"  # which plan a file belongs to: by match, ask at a match, a new one
_SLIVER = 0.01  # share of the area; boundaries of different sources differ by metres


def same_file(sha256: str, *, tenant: Tenant, decision: str) -> list[PlanVersion]:
    """The versions that this very file made before; with a plan decided on, that plan's."""
    known = PlanVersion.objects.filter(tenant=tenant, sha256=sha256).select_related("plan").order_by("pk")
    if decision not in {AUTO, ASK, NEW}:
        known = known.filter(plan__public_id=UUID(decision))
    return list(known)


def match_all(
    found: list[StagedPlan], *, tenant: Tenant, decision: str, base: int | None
) -> list[Plan | None]:
    """For each plan of the file the plan that it is a new version of, None for a new one. base: the version of the decided plan that
    the file was made of.

    Raises NeedsDecision where the decision is ASK and a plan exists; ImportRefused where the decided plan cannot be it.
    """
    if decision == NEW:
        return [None] * len(found)
    if decision not in {AUTO, ASK}:
        plan = _decided(found, tenant=tenant, public_id=decision)
        if base is not None and plan.current_version is not None and plan.current_version_id != base:
            raise refuse("plan.newer", number=plan.current_version.number)
        return [plan]
    taken: set[int] = set()
    matches: list[Plan | None] = []
    for staged_plan in found:
        match = _match(staged_plan, tenant, taken)
        taken |= {match.pk} if match else set()
        matches.append(match)
    proposals = {str(plan.public_id): str(plan) for plan in matches if plan}
    if decision == ASK and proposals:
        raise NeedsDecision(proposals)
    return matches


def _decided(found: list[StagedPlan], *, tenant: Tenant, public_id: str) -> Plan:
    if len(found) > 1:
        raise refuse("plan.several")
    plan: Plan = Plan.objects.select_for_update(of=("self",)).get(tenant=tenant, public_id=public_id)
    if plan.plan_type != found[0].header.plan_type:
        raise refuse("plan.other_type", type=found[0].header.plan_type, gml_id=found[0].header.gml_id)
    return plan


def _match(found: StagedPlan, tenant: Tenant, taken: set[int]) -> Plan | None:
    """By gml:id, else by number and name; and only where the areas meet: files are copied and their ids and names with them."""
    header = found.header
    same_name = Q(number=header.number, name=header.name) if header.number else Q(name=header.name, number="")
    own = Plan.objects.filter(tenant=tenant, plan_type=header.plan_type).exclude(pk__in=taken)
    candidates = own.select_for_update(of=("self",))  # somebody may publish it meanwhile
    area = _geos(found.area)
    for condition in (Q(gml_id=header.gml_id) & ~Q(gml_id=""), same_name):
        for plan in candidates.filter(condition, area__bboverlaps=area).order_by("pk"):
            if plan.area.intersects(area):
                matched: Plan = plan
                return matched
    return None


def _geos(area: shapely.MultiPolygon | None) -> GEOSGeometry:
    return GEOSGeometry(memoryview(shapely.to_wkb(area or shapely.MultiPolygon())), srid=settings.TWIN_SRID)


def territory(tenant: Tenant) -> list[Tenant]:
    """The tenant and, of a Verwaltungsgemeinschaft, its members."""
    return list(Tenant.objects.filter(Q(pk=tenant.pk) | Q(association=tenant)).order_by("pk"))


def outside(found: StagedPlan, tenant: Tenant) -> list[Finding]:
    """A warning when more than a sliver of the plan lies outside the tenant's boundary, where that is known."""
    boundaries: list[Any] = [shapely.from_wkb(bytes(t.boundary.wkb)) for t in territory(tenant) if t.boundary]
    if not boundaries or found.area is None or not found.area.area:
        return []
    share = 1 - shapely.intersection(found.area, shapely.union_all(boundaries)).area / found.area.area
    if share <= _SLIVER:
        return []
    centre = shapely.point_on_surface(found.area)
    params: dict[str, Value] = {"percent": round(100 * share), "tenant": tenant.name}
    return [Finding("plan.outside", "warning", params, found.header.gml_id, found.line, (centre.x, centre.y))]


def served(plan: Plan) -> list[Tenant]:
    """The municipalities whose plan this is: those it names within the owner's territory, else the owner."""
    own = territory(plan.tenant)
    return [tenant for tenant in own if tenant.ags in plan.ags] or [plan.tenant]
