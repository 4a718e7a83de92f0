"""A version of a plan as INSPIRE Planned Land Use: what its rows say, in the terms of the writer."""

from collections.abc import Iterator
from datetime import date

import shapely
from django.conf import settings
from django.contrib.gis.db.models.functions import AsWKB

from planning import queries
from planning.auskunft import gathering
from planning.auskunft.gathering import Candidate
from planning.auskunft.measuring import sound
from planning.auskunft.validity import Validity
from planning.models import Plan, PlanVersion, ProcedureStep, StepKind
from planning.models.plans import FRAME
from planning.xplanung.inspire import table, writing
from planning.xplanung.inspire.writing import Element, Ordinance, SpatialPlan
from planning.xplanung.naming import object_label
from planning.xplanung.schema import label

_STEPS = {Validity.IN_FORCE: "legalForce", Validity.ENDED: "obsolete", Validity.UNCLEAR: ""}
_DECIDED = {"3000"}  # Satzung or Plan: under adoption until it is announced
_INHERITED = {"2000", "4200", "4300"}  # nachrichtliche Übernahme, as 6.0 numbers it
_COLUMNS = ("position", "gml_id", "feature_type", "rechtscharakter", "flaechenschluss", "ebene", "properties")


def gml(plan: Plan, version: PlanVersion, *, on: date) -> Iterator[bytes]:
    """The document in pieces; `on`: the day of which the plan's state is told."""
    return writing.document(
        _spatial_plan(plan, version, on=on), _elements(plan, version), srid=settings.TWIN_SRID
    )


def _spatial_plan(plan: Plan, version: PlanVersion, *, on: date) -> SpatialPlan:
    candidate = Candidate(plan, shapely.Point())
    gathering.judge([candidate], on=on)
    under_way = "adoption" if plan.legal_status in _DECIDED else "elaboration"
    return SpatialPlan(
        key=str(plan.public_id),
        namespace=f"{settings.BASE_URL}{plan.get_absolute_url()}",
        version=str(version.number),
        changed=version.created_at,
        title=plan.name,
        number=plan.number,
        kind=label(version.xplan_version, f"{plan.plan_type}_Plan"),
        level=table.LEVELS[plan.plan_type],
        step=_STEPS.get(candidate.validity, under_way),
        area=sound(shapely.from_wkb(bytes(version.area.wkb))),
        valid_from=candidate.since,
        valid_to=candidate.until,
        ordinances=tuple(_ordinances(plan, candidate)),
        document=f"{settings.BASE_URL}{plan.get_absolute_url()}",
    )


def _ordinances(plan: Plan, candidate: Candidate) -> Iterator[Ordinance]:
    """Decisions that are public, else the day of the Satzung that the file states."""
    kinds = (StepKind.INITIATION, StepKind.DRAFT_DECISION, StepKind.ADOPTION, StepKind.APPROVAL)
    rows = ProcedureStep.objects.filter(
        plan=plan, is_public=True, is_current=True, is_void=False, kind__in=kinds
    )
    found = [
        Ordinance(row.on, f"{row.get_kind_display()} {row.number}".strip())
        for row in rows.order_by("on", "pk")
    ]
    if not found and candidate.adopted:
        found = [Ordinance(candidate.adopted, str(StepKind.ADOPTION.label))]
    yield from found


def _elements(plan: Plan, version: PlanVersion) -> Iterator[Element]:
    rows = queries.content_of(version).exclude(FRAME).filter(geometry__isnull=False)
    taken = {str(plan.public_id)}
    for row in rows.annotate(shape=AsWKB("geometry")).values(*_COLUMNS, "shape").iterator(chunk_size=500):
        key = row["gml_id"] if row["gml_id"] not in {"", *taken} else f"{plan.public_id}.{row['position']}"
        taken.add(key)
        kind, properties = row["feature_type"], row["properties"]
        shape = sound(shapely.from_wkb(bytes(row["shape"])))
        zoned = bool(row["flaechenschluss"]) and not row["ebene"] and int(shapely.get_dimensions(shape)) == 2
        yield Element(
            key=key,
            geometry=shape,
            uses=table.land_uses(kind, properties) if zoned else (),
            code=table.regulation(kind),
            nature=table.nature(kind, row["rechtscharakter"], version.xplan_version),
            name=object_label(version.xplan_version, kind, properties),
            local=label(version.xplan_version, kind),
            inherited=version.xplan_version >= "6.0" and row["rechtscharakter"] in _INHERITED,
        )
