"""The working copy of a plan as it stands: the objects of the version below, those that steps changed in their place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Max, QuerySet
from shapely.geometry.base import BaseGeometry

from planning.models import DraftState, EditDraft, EditedObject, EditStep, Plan, PlanObject
from planning.queries import DECIMALS, content_of, for_map, frame_of, object_of
from planning.xplanung import codelists, writer
from planning.xplanung.cutting import MEETING
from planning.xplanung.findings import Finding
from planning.xplanung.reader import FeatureRecord, Reader
from planning.xplanung.schema import FeatureType, schema
from tenants.models import Job

STATED = ("position", "gml_id", "feature_type", "properties")
_LOOKED_AT = 2000  # objects of a type whose codes are offered for choice
_OWN = ("structure.", "geometry.", "crs.")  # rules about an object by itself


@dataclass(frozen=True)
class Item:
    """An object of the working copy. mark: number of the step that left it so, 0 for an untouched one."""

    position: int
    gml_id: str
    feature_type: str
    properties: dict[str, Any]
    raw: str = ""
    mark: int = 0
    geometry: BaseGeometry | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        return self.gml_id or f"@{self.position}"


def open_draft_of(plan: Plan) -> EditDraft | None:
    """The draft that is being edited or written; there is at most one."""
    rows = EditDraft.objects.filter(plan=plan, state__in=(DraftState.OPEN, DraftState.WRITING))
    found: EditDraft | None = rows.select_related("base", "plan__tenant", "created_by", "job").first()
    return found


def conclude(job_id: int) -> None:
    """What became of a draft that a job was to write: finished with the version it made, or open again when that failed."""
    job = Job.objects.filter(pk=job_id).first()
    waiting = EditDraft.objects.filter(job_id=job_id, state=DraftState.WRITING)
    if job is None or not job.is_over or not waiting.exists():
        return
    made = any(report["ok"] for report in job.result.get("reports", ())) if job.result else False
    for draft in waiting.select_related("plan"):
        draft.result_id = draft.plan.current_version_id if made else None
        draft.state = DraftState.FINISHED if made else DraftState.OPEN
        draft.save(update_fields=["result", "state"])


def overlay(draft: EditDraft) -> dict[int, EditedObject]:
    """Position -> the object as the newest step that counts left it."""
    rows = _edited(draft).order_by("position", "-number").distinct("position")
    return {row.position: row for row in rows}


def _edited(draft: EditDraft) -> QuerySet[EditedObject]:
    found: QuerySet[EditedObject] = EditedObject.objects.filter(draft=draft, number__lte=draft.head)
    return found


def item_of(draft: EditDraft, key: str) -> Item | None:
    """The object with this gml:id or @position, as it stands; None where it is not (or no longer) there."""
    rows = _edited(draft).order_by("-number")
    position = key.removeprefix("@")
    edited = rows.filter(gml_id=key).first()
    if edited is None and key.startswith("@") and position.isdecimal() and len(position) < 10:
        edited = rows.filter(position=int(position)).first()
    if edited is not None:
        return _as_item(edited)
    base = object_of(draft.base, key)
    return _as_item(base) if base else None


def item_at(draft: EditDraft, position: int, *, mark: int) -> Item | None:
    """The object as the step with this number left it (0: as delivered); None where that step is gone."""
    if mark:
        edited = EditedObject.objects.filter(draft=draft, position=position, number=mark).first()
        return _as_item(edited) if edited else None
    base = draft.base.plan_objects.filter(position=position).first()
    return _as_item(base) if base else None


def _as_item(row: PlanObject | EditedObject) -> Item | None:
    if not row.raw:
        return None
    mark = row.number if isinstance(row, EditedObject) else 0
    return replace(_stated(row, mark), raw=row.raw, geometry=_shapely(row.geometry))


def _stated(row: PlanObject | EditedObject, mark: int) -> Item:
    return Item(row.position, row.gml_id, row.feature_type, row.properties, mark=mark)


def _shapely(geometry: GEOSGeometry | None) -> BaseGeometry | None:
    found: BaseGeometry | None = shapely.from_wkb(bytes(geometry.wkb)) if geometry else None
    return found


def items(draft: EditDraft, *, types: Iterable[str] | None = None) -> list[Item]:
    """All objects as they stand, in the order of the file; of some types alone."""
    wanted = None if types is None else set(types)
    edited = overlay(draft)
    rows = draft.base.plan_objects.exclude(position__in=list(edited)).order_by("position")
    if wanted is not None:
        rows = rows.filter(feature_type__in=wanted)
    found = [_as_item(row) for row in rows]
    found += [_as_item(row) for row in edited.values() if wanted is None or row.feature_type in wanted]
    return sorted((item for item in found if item), key=lambda item: item.position)


def near(draft: EditDraft, shape: BaseGeometry, *, within: float = MEETING) -> list[Item]:
    """Objects whose geometry comes as near as that to a shape (metres)."""
    edited = overlay(draft)
    left, bottom, right, top = shape.buffer(within).bounds
    box = GEOSGeometry(
        memoryview(shapely.to_wkb(shapely.box(left, bottom, right, top))), srid=settings.TWIN_SRID
    )
    rows = draft.base.plan_objects.exclude(position__in=list(edited)).filter(geometry__bboverlaps=box)
    found = [_as_item(row) for row in [*rows, *edited.values()]]
    return [item for item in found if item and item.geometry and item.geometry.distance(shape) <= within]


def map_rows(draft: EditDraft) -> Iterator[dict[str, Any]]:
    """As queries.for_map, of the working copy; `mark` says which state of each object this is."""
    edited = overlay(draft)
    for row in for_map(draft.base):
        if row["position"] not in edited:
            yield {**row, "mark": 0}
    for one in edited.values():
        if one.raw:
            stated = {name: getattr(one, name) for name in STATED}
            yield {
                **stated,
                "shape": _as_json(one.geometry),
                "kind": _kind_of(one.geometry),
                "mark": one.number,
            }


def _kind_of(geometry: GEOSGeometry | None) -> str | None:
    """As the database calls it: "MULTIPOLYGON"."""
    return str(geometry.geom_type).upper() if geometry else None


def _as_json(geometry: GEOSGeometry | None) -> str | None:
    found = _shapely(geometry)
    return (
        None
        if found is None
        else str(shapely.to_geojson(shapely.transform(found, lambda points: points.round(DECIMALS))))
    )


def listed(draft: EditDraft) -> Sequence[Item]:
    """What a planner edits: all but signs and lettering of the drawing; without geometry and XML."""
    edited = overlay(draft)
    rows = content_of(draft.base).exclude(position__in=list(edited)).values_list(*STATED)
    found = [Item(*row) for row in rows]
    found += [_stated(row, row.number) for row in edited.values() if row.raw]
    return sorted(found, key=lambda item: item.position)


def history(draft: EditDraft) -> list[EditStep]:
    return list(draft.steps.select_related("actor").order_by("-number"))


def step_below(draft: EditDraft) -> int:
    """Number of the step before the head, 0 where there is none."""
    return int(draft.steps.filter(number__lt=draft.head).aggregate(last=Max("number"))["last"] or 0)


def step_above(draft: EditDraft) -> EditStep | None:
    """The first of the undone steps."""
    found: EditStep | None = draft.steps.filter(number__gt=draft.head).order_by("number").first()
    return found


def last_position(draft: EditDraft) -> int:
    edited = draft.edited_objects.aggregate(last=Max("position"))["last"]
    delivered = draft.base.plan_objects.aggregate(last=Max("position"))["last"]
    return max(edited or 0, delivered or 0)


def plan_item(draft: EditDraft) -> Item | None:
    """The plan object itself."""
    found = items(draft, types=[f"{draft.plan.plan_type}_Plan"])
    return found[0] if found else None


def bereiche(draft: EditDraft) -> list[Item]:
    return items(draft, types=[f"{draft.plan.plan_type}_Bereich"])


def type_of(draft: EditDraft, item: Item) -> FeatureType | None:
    return schema(draft.base.xplan_version).feature_type(item.feature_type)


def read(draft: EditDraft, raw: bytes) -> tuple[FeatureRecord, list[Finding]]:
    """One object's XML in the frame of its document: as the import will read it, and what its structure breaks.

    Raises UnreadableFile."""
    frame = frame_of(draft.base)
    source = BytesIO(b"".join(writer.part(frame, [raw])))
    reader = Reader(source, srid=settings.TWIN_SRID, check=True)
    record = next(record for batch in list(reader.batches()) for record in batch)
    own = [
        finding for finding in reader.findings if finding.rule.startswith(("structure.", "geometry.", "crs."))
    ]
    return record, [finding for finding in own if finding.severity in ("error", "fatal")]


def codes_in_use(draft: EditDraft, kind: FeatureType) -> dict[str, list[str]]:
    """Code list -> codes that objects of this type state in the working copy."""
    facts = schema(draft.base.xplan_version)
    edited = overlay(draft)
    rows = draft.base.plan_objects.exclude(position__in=list(edited)).filter(feature_type=kind.name)
    stated = [*rows.values_list("properties", flat=True)[:_LOOKED_AT], *(row.properties for row in edited.values() if row.feature_type == kind.name)]  # fmt: skip
    found: dict[str, set[str]] = {}
    for properties in stated:
        for listing, code in codelists.used(kind, properties, facts):
            found.setdefault(listing, set()).add(code)
    return {listing: sorted(codes) for listing, codes in found.items()}


def default_system(draft: EditDraft) -> str:
    """srsName where a geometry states none: the document's own, as the import took it."""
    found = (
        draft.base.plan_objects.filter(source_srid__isnull=False)
        .values_list("source_srid", flat=True)
        .first()
    )
    return f"EPSG:{found or settings.TWIN_SRID}"
