"""Reads for the public pages. Only what is public, whoever looks: staff see their drafts on their own pages."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.gis.db.models import Extent, GeometryField
from django.contrib.gis.db.models.functions import AsGeoJSON, PointOnSurface
from django.db.models import F, Func, Q, QuerySet
from django.db.models.functions import Coalesce, Collate
from django.utils import timezone

from participation.models import Phase, Procedure
from participation.phases import Audience, Moment
from planning.models import Plan
from tenants.context import MAP
from tenants.models import Tenant, TenantKind
from twin.analysis.models import Run

CURRENT, COMING, PAST = "current", "coming", "past"
TOLERANCE = 20  # metres; what an outline of a town may lose on a map of the county


@dataclass(frozen=True)
class Listed:
    """A procedure as lists show it. first_day, last_day, days_left: of its running phase, else of the next or the last one."""

    procedure: Procedure
    state: str
    first_day: date | None = None
    last_day: date | None = None
    days_left: int | None = None


@dataclass
class Listing:
    """Procedures by what one can do: take part now (the soonest end first), wait (the soonest begin first), read."""

    current: list[Listed] = field(default_factory=list)
    coming: list[Listed] = field(default_factory=list)
    past: list[Listed] = field(default_factory=list)

    @property
    def on_map(self) -> list[Listed]:
        return [*self.current, *self.coming]


def public_procedures(tenant: Tenant | None = None) -> QuerySet[Procedure]:
    """Public procedures of all active tenants, or of one town: its own, and what others run for it."""
    rows: QuerySet[Procedure] = Procedure.objects.filter(is_public=True, tenant__active=True)
    if tenant is not None and tenant.kind != TenantKind.COUNTY:
        rows = rows.filter(_concerns(tenant))
    return rows.select_related("tenant").defer("tenant__boundary").prefetch_related("phases")


def _concerns(tenant: Tenant) -> Q:
    """Own procedures, those on a public plan over the town, and free topics of its Verwaltungsgemeinschaft."""
    whose = Q(tenant=tenant)
    if tenant.ags:
        whose |= Q(plan__is_public=True, plan__ags__contains=[tenant.ags])
    if tenant.association_id:
        whose |= Q(plan__isnull=True, tenant=tenant.association_id)
    return whose


def listing(rows: Iterable[Procedure], *, at: datetime) -> Listing:
    found = Listing()
    for row in rows:
        entry = listed(row, at=at)
        getattr(found, entry.state).append(entry)
    found.current.sort(key=lambda entry: (entry.last_day or date.max, entry.procedure.pk))
    found.coming.sort(key=lambda entry: (entry.first_day or date.max, entry.procedure.pk))
    found.past.sort(key=lambda entry: (entry.last_day or date.min, entry.procedure.pk), reverse=True)
    return found


def listed(procedure: Procedure, *, at: datetime) -> Listed:
    """Where the procedure stands for the public at this moment; phases of bodies do not count."""
    by_moment: dict[Moment, list[Phase]] = {}
    for phase in procedure.phases.all():
        if phase.audience == Audience.PUBLIC.value:
            by_moment.setdefault(phase.moment(at), []).append(phase)
    if running := by_moment.get(Moment.IN):
        last = max(phase.last_day for phase in running)
        days = (last - timezone.localdate(at)).days
        return Listed(procedure, CURRENT, min(phase.first_day for phase in running), last, days)
    if before := by_moment.get(Moment.BEFORE):
        following = min(before, key=lambda phase: phase.first_day)
        return Listed(procedure, COMING, following.first_day, following.last_day)
    over = [phase for phases in by_moment.values() for phase in phases]
    return Listed(
        procedure,
        PAST,
        min((phase.first_day for phase in over), default=None),
        max((phase.last_day for phase in over), default=None),
    )


def plans_in_force(tenant: Tenant, *, on: date) -> QuerySet[Plan]:
    """Public plans of the town in force on a day, also those that another tenant keeps for it."""
    whose = Q(tenant=tenant) | Q(ags__contains=[tenant.ags]) if tenant.ags else Q(tenant=tenant)
    found: QuerySet[Plan] = Plan.objects.in_force(on).filter(whose, is_public=True).order_by("name", "pk")
    return found.defer("area")


LISTED = ("public_id", "title", "use_case", "finished_at", "tenant__name")  # what lists of analyses tell


def published(tenant: Tenant) -> QuerySet[Run]:
    """Public analyses of a town, or of the whole county, the newest first."""
    rows: QuerySet[Run] = Run.objects.filter(is_public=True, tenant__active=True)
    if tenant.kind != TenantKind.COUNTY:
        rows = rows.filter(tenant=tenant)
    rows = rows.select_related("tenant").only(*LISTED)
    return rows.order_by("-finished_at", "-pk")


def municipalities() -> QuerySet[Tenant]:
    """In the order of German: Gröditz before Großenhain, whatever the database's own collation is."""
    rows = Tenant.objects.filter(active=True, kind=TenantKind.MUNICIPALITY).defer("boundary")
    return rows.order_by(Collate("name", "de-x-icu"))


def map_of(tenant: Tenant) -> dict[str, Any]:
    """What _map_attributes.html takes: the base map, and the town's extent; the county's where the town has no boundary yet."""
    extent = Tenant.objects.filter(pk=tenant.pk).aggregate(extent=Extent("boundary"))["extent"]
    return {**MAP, "extent": ",".join(f"{number:.0f}" for number in extent)} if extent else MAP


def outlines() -> list[tuple[str, str, str]]:
    """(slug, name, simplified boundary as GeoJSON) of the municipalities; boundaries are public."""
    simple = Func(
        F("boundary"),
        TOLERANCE,
        function="ST_SimplifyPreserveTopology",
        output_field=GeometryField(srid=25833),
    )
    rows = Tenant.objects.filter(active=True, kind=TenantKind.MUNICIPALITY, boundary__isnull=False)
    return list(rows.annotate(shape=AsGeoJSON(simple, precision=0)).values_list("slug", "name", "shape"))


def places(rows: QuerySet[Procedure]) -> dict[int, str]:
    """Procedure id -> a point for its marker as GeoJSON: inside the plan, else inside the town; none where both are unknown."""
    point = AsGeoJSON(PointOnSurface(Coalesce("plan__area", "tenant__boundary")), precision=0)
    found = rows.order_by().annotate(place=point).values_list("pk", "place")
    return {pk: place for pk, place in found if place}


def public_row(model: Any, public_id: str | UUID) -> Any:
    """The row while it is public; an unpublished one is not there, whoever looks."""
    return model.objects.filter(public_id=public_id, is_public=True).select_related("tenant").first()


def choices(model: Any, *order: str) -> list[tuple[str, str]]:
    """(public id, name) of all public rows for an editor's choice: who may point at it is who may see it."""
    rows = model.objects.filter(is_public=True).select_related("tenant").order_by("tenant__name", *order)
    return [(str(row.public_id), f"{row.tenant}: {row}") for row in rows]
