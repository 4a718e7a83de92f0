"""Reads over plans: the list, the version a person sees, objects for map and table."""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.contrib.gis.geos import Polygon
from django.contrib.postgres.search import SearchQuery
from django.db.models import CharField, Count, FloatField, Func, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from planning.models import Plan, PlanObject, PlanRaster, PlanVersion
from planning.planzeichen.presentation import TYPES
from planning.xplanung.scanner import DocumentFrame
from tenants import lookups  # noqa: F401 - registers `within`
from tenants.models import Tenant
from tenants.permissions import Person, can, reach_of

WORDS = 8  # of a search; more would only cost time
_WORD = re.compile(r"\w+")
_LIKE = re.compile(r"([%_\\])")
_SIGNS = ("XP_PPO", "XP_PTO", "XP_LPO", "XP_LTO", "XP_FPO", "XP_Nutzungsschablone", "XP_Praesentationsobjekt")
DECIMALS = 3  # of coordinates given out: millimetres
_BYTES = ("head", "tail", "extras")


def plans_for(user: Person, *, site: Tenant | None, own: bool) -> QuerySet[Plan]:
    """Plans for a list, newest first. site: the town whose pages these are; own: a person's own and shared ones alone."""
    plans: QuerySet[Plan] = Plan.objects.visible_to(user).select_related("tenant")
    scope = reach_of(user).scope
    if own:
        return plans.filter(Q(tenant__in=scope.read) | Q(pk__in=scope.plans))
    if site:
        return plans.filter(Q(tenant=site) | Q(ags__contains=[site.ags]) if site.ags else Q(tenant=site))
    return plans


def having_words(plans: QuerySet[Plan], text: str) -> QuerySet[Plan]:
    """Plans with all words of the text: by German stem, or anywhere inside name, number or place."""
    words = _WORD.findall(text.replace("\0", ""))[:WORDS]
    if not words:
        return plans
    anywhere = Q()
    for word in words:
        pattern = "%" + _LIKE.sub(r"\\\1", word) + "%"
        anywhere &= Q(name__within=pattern) | Q(number__within=pattern) | Q(place__within=pattern)
    return plans.filter(Q(search=SearchQuery(" ".join(words), config="german")) | anywhere)


def version_for(user: Person, plan: Plan, *, number: int | None = None) -> PlanVersion | None:
    """The version that the person sees: staff the newest, everybody else the published one; or that number of those they may see."""
    versions = (
        plan.planversions.all()
    )  # without its file: that row is closed to the public, and a join would hide the version
    if not can(user, "view", plan):
        versions = versions.filter(is_public=True)
    found: PlanVersion | None
    if number is not None:
        found = versions.filter(number=number).first()
    elif can(user, "view", plan):
        found = versions.filter(pk=plan.current_version_id).first()
    else:
        found = versions.filter(pk=plan.published_version_id).first()
    return found


def content_of(version: PlanVersion) -> QuerySet[PlanObject]:
    """The objects that state something; signs and lettering of the drawing are left out."""
    return without_signs(version.plan_objects.order_by("position"))


def without_signs(rows: QuerySet[PlanObject]) -> QuerySet[PlanObject]:
    signs = Q()
    for prefix in _SIGNS:
        signs |= Q(feature_type__startswith=prefix)
    return rows.exclude(signs)


def for_map(version: PlanVersion) -> Iterator[dict[str, Any]]:
    """What a map needs of each object: position, gml_id, feature_type, properties, the geometry as GeoJSON text, and its kind."""
    kind = Func("geometry", function="GeometryType", output_field=CharField())  # "MULTIPOLYGON"
    rows = content_of(version).annotate(shape=AsGeoJSON("geometry", precision=DECIMALS), kind=kind)
    columns = ("position", "gml_id", "feature_type", "properties", "shape", "kind")
    found: Iterator[dict[str, Any]] = rows.values(*columns).iterator(chunk_size=1000)
    return found


def presentation_of(version: PlanVersion) -> Iterator[dict[str, Any]]:
    """The planner's own places of signs and letters: feature_type, properties, geometry."""
    rows = version.plan_objects.filter(feature_type__in=TYPES, geometry__isnull=False).order_by("position")
    found: Iterator[dict[str, Any]] = rows.values("feature_type", "properties", "geometry").iterator(
        chunk_size=1000
    )
    return found


def properties_of(version: PlanVersion, ids: set[str]) -> dict[str, dict[str, Any]]:
    """gml:id -> properties of those objects of the version that exist."""
    rows = version.plan_objects.filter(gml_id__in=ids).values_list("gml_id", "properties")
    return dict(rows)


def plan_properties(version: PlanVersion) -> list[dict[str, Any]]:
    """What the file says of the plan itself."""
    rows = version.plan_objects.filter(feature_type__endswith="_Plan").order_by("position")
    return list(rows.values_list("properties", flat=True)[:3])


def to_draw(version: PlanVersion, box: Polygon) -> Iterator[dict[str, Any]]:
    """What a picture needs of each object whose box meets the given one: gml_id, feature_type, properties, geometry."""
    drawn = (
        content_of(version) | version.plan_objects.filter(feature_type__in=("XP_LPO", "XP_FPO"))
    ).order_by("position")
    rows = drawn.filter(geometry__bboverlaps=box)
    columns = ("gml_id", "feature_type", "properties", "geometry")
    found: Iterator[dict[str, Any]] = rows.values(*columns).iterator(chunk_size=500)
    return found


def measured(rows: QuerySet[PlanObject]) -> QuerySet[PlanObject]:
    """With `area` in m² and `length` in m, 0 where an object has none; without what only an export needs."""
    return rows.defer("raw", "before", "geometry").annotate(
        area=Func("geometry", function="ST_Area", output_field=FloatField()),
        length=Func("geometry", function="ST_Length", output_field=FloatField()),
    )


def object_of(version: PlanVersion, key: str) -> PlanObject | None:
    """The object with this gml:id (the first, should a file use one twice), or with @position."""
    objects = version.plan_objects.order_by("position")
    position = key.removeprefix("@")
    found: PlanObject | None
    if key.startswith("@") and position.isdecimal() and len(position) < 10:
        found = objects.filter(position=int(position)).first()
    else:
        found = objects.filter(gml_id=key).first()
    return found


def by_standing(plans: QuerySet[Plan]) -> dict[tuple[str, str], int]:
    """(Standing, kind of plan) -> how many plans."""
    rows = plans.order_by().values_list("standing", "plan_type").annotate(Count("pk"))
    return {(standing, kind): count for standing, kind, count in rows}


def first_of_each_standing(plans: QuerySet[Plan], *, count: int) -> list[Plan]:
    """The plans changed last of each standing."""
    rank = Window(RowNumber(), partition_by="standing", order_by=("-changed_at", "-pk"))
    return list(plans.annotate(rank=rank).filter(rank__lte=count).order_by("standing", "rank"))


def municipalities() -> QuerySet[Tenant]:
    rows = Tenant.objects.filter(active=True, ags__isnull=False, kind="municipality")
    return rows.defer("boundary").order_by("name")


def objects_by_id(version: PlanVersion, ids: list[str]) -> dict[str, PlanObject]:
    """gml:id -> those objects of the version that exist."""
    rows = version.plan_objects.filter(gml_id__in=ids).only("gml_id", "feature_type", "properties", "tenant")
    return {row.gml_id: row for row in rows}


def frame_of(version: PlanVersion) -> DocumentFrame:
    """All of the version's file that is no object."""
    stored: dict[str, Any] = version.frame
    return DocumentFrame(**{key: value.encode() if key in _BYTES else value for key, value in stored.items()})


def rasters_of(version: PlanVersion) -> QuerySet[PlanRaster]:
    """Pictures of a version, without those whose document was replaced."""
    rows: QuerySet[PlanRaster] = version.rasters.filter(document__superseded_by__isnull=True)
    return rows.select_related("document").order_by("document__order", "pk")
