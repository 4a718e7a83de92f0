"""Staged files -> rows behind the wall: plans, versions, objects, references, documents, findings, events."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import connection
from django.utils import timezone

from planning import lifecycle, matching, papers, proceedings, rastering, validating
from planning.delivery import Delivery
from planning.models import Origin, Plan, PlanVersion
from planning.staging import Staged, StagedPlan
from planning.xplanung import content
from planning.xplanung import findings as core
from planning.xplanung.documents import GEOREFERENCED, RASTER_PROPERTY, file_name, is_remote
from planning.xplanung.plans import Document, day_of
from planning.xplanung.scanner import DocumentFrame
from planning.xplanung.stages import Stage
from tenants import events, files
from tenants.models import PrivateFile, Tenant, User

CONTENT_TYPE = "application/gml+xml"
READ: tuple[Stage, ...] = (
    "safety",
    "structure",
    "references",
    "documents",
)  # what an import looks at; the rest follows
_OBJECTS = """
    INSERT INTO planning_planobject (id, tenant_id, plan_id, version_id, is_public, position, gml_id, feature_type, bereich,
        ebene, rechtscharakter, flaechenschluss, properties, geometry, source_srid, raw, before, line)
    SELECT w.id, %(tenant)s, %(plan)s, %(version)s, false, position, o.gml_id, o.feature_type, w.bereich,
        o.ebene, o.rechtscharakter, o.flaechenschluss, o.properties, o.geometry, o.source_srid, o.raw, o.before, o.line
    FROM kz_stage_owner w JOIN kz_stage_object o USING (position) WHERE w.plan_no = %(number)s ORDER BY position
"""
_REFERENCES = """
    WITH own AS (
        SELECT w.id, position, o.gml_id FROM kz_stage_owner w JOIN kz_stage_object o USING (position) WHERE w.plan_no = %(number)s
    ), target AS (SELECT gml_id, min(id) AS id FROM own WHERE gml_id <> '' GROUP BY gml_id)
    INSERT INTO planning_planreference
        (tenant_id, plan_id, version_id, is_public, source_id, property, href, "order", target_id)
    SELECT %(tenant)s, %(plan)s, %(version)s, false, own.id, r.property, r.href, r.ordinal, target.id
    FROM kz_stage_reference r JOIN own USING (position) LEFT JOIN target ON target.gml_id = r.target
    ORDER BY position, r.ordinal
"""


@dataclass(frozen=True)
class Work:
    """What the storing of one read file needs, together."""

    delivery: Delivery
    tenant: Tenant
    actor: User | None
    content: Staged
    sha256: str
    kept: Mapping[str, PrivateFile] = field(default_factory=dict)  # documents whose files are stored already
    origin: str = Origin.DELIVERED

    def keep(self, path: Path, *, name: str, content_type: str) -> PrivateFile:
        with path.open("rb") as source:
            return files.store(
                source, tenant=self.tenant, name=name, content_type=content_type, by=self.actor
            )


def store(work: Work, *, decision: str, base: int | None, original: PrivateFile | None) -> list[Plan]:
    """Store a read file in the open transaction. base: as in `matching.match_all`; original: where the file lies already, else it is
    kept now.

    Raises NeedsDecision, ImportRefused.
    """
    matches = matching.match_all(work.content.plans, tenant=work.tenant, decision=decision, base=base)
    _note_delivery(work)
    name = PurePosixPath(work.delivery.name).name
    kept = original or work.keep(work.delivery.path, name=name, content_type=CONTENT_TYPE)
    stored: list[Plan] = []
    for number, (found, plan) in enumerate(zip(work.content.plans, matches, strict=True)):
        version = _store_version(work, found, plan=plan, original=kept)
        _store_objects(version, number)
        _store_documents(work, version, found)
        validating.keep(version, found.findings, checks=READ)
        validating.request(version, actor=work.actor)
        stored.append(version.plan)
    return stored


def _note_delivery(work: Work) -> None:
    """Findings that need the tenant or the documents that came along."""
    delivered = {file_name(name) for name in work.delivery.documents}
    for plan in work.content.plans:
        plan.findings += matching.outside(plan, work.tenant)
        plan.findings += (
            core.Finding("document.missing", "warning", {"href": document.url[:500]}, plan.header.gml_id)
            for document in _distinct(plan.documents)
            if not is_remote(document.url) and file_name(document.url) not in delivered
        )
    work.content.plans[0].findings += (
        core.Finding("document.unreferenced", "info", {"name": name[:500]}) for name in _unreferenced(work)
    )


def _distinct(documents: list[Document]) -> Iterator[Document]:
    """One of each address, in their order; a reference without an address names nothing to fetch."""
    first = {document.url: document for document in reversed(documents) if document.url}
    return iter(list(first.values())[::-1])


def _unreferenced(work: Work) -> list[str]:
    referred = {file_name(document.url) for plan in work.content.plans for document in plan.documents}
    return [name for name in work.delivery.documents if file_name(name) not in referred]


def _store_version(work: Work, found: StagedPlan, *, plan: Plan | None, original: PrivateFile) -> PlanVersion:
    area = _multipolygon(found.area)
    fallback = [work.tenant.ags] if work.tenant.ags else []
    header = {**found.header.as_json(), "ags": found.header.ags or fallback}
    before = plan.current_version if plan else None
    if plan is None:
        plan = Plan(tenant=work.tenant, plan_type=found.header.plan_type)
    lifecycle.after(plan.state, lifecycle.Action.IMPORT)
    if not plan.is_public:
        show(plan, header, area)
    plan.save()
    version: PlanVersion = PlanVersion.objects.create(
        tenant=work.tenant,
        plan=plan,
        number=before.number + 1 if before else 1,
        file=original,
        sha256=work.sha256,
        origin=work.origin,
        xplan_version=work.content.version,
        frame=_frame(work.content.frame),
        is_whole_file=len(work.content.plans) == 1,
        header=header,
        area=area,
        feature_count=found.feature_count,
        created_by=work.actor,
    )
    if before is not None:
        PlanVersion.objects.filter(pk=before.pk).update(superseded_by=version)
    plan.current_version = version
    plan.save(update_fields=["current_version"])
    proceedings.refresh(plan, on=timezone.localdate())
    _record(version, actor=work.actor)
    return version


def show(plan: Plan, header: dict[str, Any], area: MultiPolygon) -> None:
    """Let the plan's columns say what one version states; the caller saves."""
    for column in (
        "number",
        "name",
        "place",
        "ags",
        "gml_id",
        "xplan_version",
        "legal_status",
        "procedure_kind",
        "dates",
    ):
        setattr(plan, column, header[column])
    plan.valid_from, plan.valid_until = (
        date.fromisoformat(header[column]) if header[column] else None
        for column in ("valid_from", "valid_until")
    )
    plan.area = area


def _multipolygon(area: shapely.MultiPolygon | None) -> MultiPolygon:
    found = GEOSGeometry(memoryview(shapely.to_wkb(area or shapely.MultiPolygon())), srid=settings.TWIN_SRID)
    return MultiPolygon(found) if found.geom_type == "Polygon" else found  # type: ignore[return-value]


def _frame(frame: DocumentFrame) -> dict[str, Any]:
    return {
        key: value.decode() if isinstance(value, bytes) else value for key, value in asdict(frame).items()
    }


def _record(version: PlanVersion, *, actor: User | None) -> None:
    plan = version.plan
    after = {"version": version.number, "sha256": version.sha256, "features": version.feature_count}
    events.audit("import_plan", tenant_id=plan.tenant_id, thing=plan, actor=actor, after=after)
    kind = "plan_created" if version.number == 1 else "plan_changed"
    for tenant in matching.served(plan):
        events.used(kind, tenant=tenant, actor=actor)


def _store_objects(version: PlanVersion, number: int) -> None:
    """Move the staged rows of one plan of the file behind the wall."""
    own = {"tenant": version.tenant_id, "plan": version.plan_id, "version": version.pk, "number": number}
    with connection.cursor() as cursor:
        cursor.execute(_OBJECTS, own)
        cursor.execute(_REFERENCES, own)


def _store_documents(work: Work, version: PlanVersion, found: StagedPlan) -> None:
    """The referenced documents of a plan, with their files where delivered; with the first plan also what nobody refers to."""
    delivered = {file_name(name): name for name in work.delivery.documents}
    for document in _distinct(found.documents):
        papers.keep(version, _entry(work, document, delivered.get(file_name(document.url))), actor=work.actor)
    if found is work.content.plans[0]:
        for name in _unreferenced(work):
            papers.keep(version, _entry(work, None, name), actor=work.actor)
    rastering.note(version)
    rastering.request(version, actor=work.actor)


def _entry(work: Work, document: Document | None, name: str | None) -> papers.Entry:
    file = _keep_document(work, name) if name else None
    if document is None:
        return papers.Entry(PurePosixPath(name or "").name, file=file)
    return papers.Entry(
        _title(document),
        kind=document.kind.code if document.kind else "",
        href=document.url,
        dated_on=day_of(document.date),
        georeference=document.georeference,
        is_picture=document.form == GEOREFERENCED or document.property.endswith(RASTER_PROPERTY),
        file=file,
    )


def _title(document: Document) -> str:
    return (
        document.name
        or document.description
        or PurePosixPath(document.url.replace("\\", "/")).name
        or document.url
    )


def _keep_document(work: Work, name: str) -> PrivateFile:
    if name in work.kept:
        return work.kept[name]
    path = work.delivery.documents[name]
    return work.keep(path, name=PurePosixPath(name).name, content_type=content.media_type(path, name=name))
