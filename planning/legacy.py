"""What a person does with old plans: list them, add the scan, say where it lies, trace the outline, make XPlanGML of it."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import Any

import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from planning import legacywork, tasks
from planning.areas import Area
from planning.errors import IllegalStep, ImportRefused
from planning.matching import NEW
from planning.models import LegacyPlan, LegacyState, Origin
from planning.rasters import fitting
from planning.services import Upload
from planning.storing import CONTENT_TYPE
from planning.xplanung import content, outline
from planning.xplanung.outline import OutlinePlan, Reference
from planning.xplanung.validation import validate
from tenants import events, files, jobs
from tenants.models import Job, PrivateFile, Tenant, User
from tenants.permissions import require

ACTION = "import_plan"
LISTED = ("plan_type", "number", "name", "year", "note")
_SHEETS = frozenset({"application/pdf", "image/tiff", "image/png", "image/jpeg"})
_SCAN_KIND = "1030"  # XP_ExterneReferenzTyp: Rechtsplan
_LEAST_AREA = 1.0  # m²


@transaction.atomic
def add_to_list(tenant: Tenant, lines: Iterable[Mapping[str, str]], *, actor: User) -> list[LegacyPlan]:
    """New lines of the list; those with a number and name that are listed already are left out. lines: LISTED."""
    require(actor, ACTION, tenant)
    known = set(LegacyPlan.objects.filter(tenant=tenant).values_list("plan_type", "number", "name"))
    made = []
    for line in lines:
        key = (line["plan_type"], line["number"], line["name"])
        if key not in known:
            known.add(key)
            made.append(LegacyPlan(tenant=tenant, created_by=actor, **{name: line[name] for name in LISTED}))
    LegacyPlan.objects.bulk_create(made)
    if made:
        events.audit("list_old_plans", tenant_id=tenant.pk, thing=made[0], actor=actor, after={"count": len(made)})  # fmt: skip
    return made


def _locked(row: LegacyPlan, actor: User) -> LegacyPlan:
    require(actor, ACTION, row)
    found: LegacyPlan = LegacyPlan.objects.select_for_update(of=("self",)).select_related("tenant", "scan", "sheet", "picture", "plan").get(pk=row.pk)  # fmt: skip
    return found


@transaction.atomic
def describe(row: LegacyPlan, values: Mapping[str, Any], *, actor: User) -> None:
    """Change the line of the list. values: LISTED."""
    row = _locked(row, actor)
    for name in LISTED:
        setattr(row, name, values[name])
    row.save(update_fields=[*LISTED, "changed_at"])


@transaction.atomic
def add_scan(row: LegacyPlan, upload: Upload, *, actor: User, page: int) -> Job:
    """Keep the scan and prepare it; another one takes the place of the first, with its points. Raises IllegalStep for what is no
    scan, QuotaExceeded."""
    row = _locked(row, actor)
    with files.kept_only_on_success():
        upload.seek(0)
        kept = files.store(upload.chunks(), tenant=row.tenant, name=upload.name or "", content_type="application/octet-stream", by=actor)  # fmt: skip
        kept.content_type = content.media_type(files.path_of(kept), name=kept.name)
        kept.save(update_fields=["content_type"])
        if kept.content_type not in _SHEETS:
            raise IllegalStep("the file is no scan")
        before = [each for each in (row.scan, row.sheet, row.picture) if each is not None]
        row.scan, row.page, row.sheet, row.picture = kept, page, None, None
        row.sheet_grid, row.picture_grid, row.points, row.problem = {}, {}, [], {}
        row.state = LegacyState.DONE if row.plan_id else LegacyState.OPEN
        row.save()
        for file in before:
            files.remove(file)
        events.audit("add_scan", tenant_id=row.tenant_id, thing=row, actor=actor, after={"name": kept.name, "sha256": kept.sha256})  # fmt: skip
        return legacywork.request(row, actor=actor)


@transaction.atomic
def set_points(row: LegacyPlan, points: Sequence[Sequence[float]], *, actor: User) -> None:
    """Keep the pairs as they are, also while they determine nothing yet. points: [column, row, easting, northing]."""
    row = _locked(row, actor)
    row.points = [list(each) for each in points]
    row.save(update_fields=["points", "changed_at"])


def fit_of(row: LegacyPlan) -> fitting.Fit:
    """Raises fitting.NoFit."""
    return fitting.fit([(x, y) for x, y, _, _ in row.points], [(e, n) for _, _, e, n in row.points])


@transaction.atomic
def place(row: LegacyPlan, *, actor: User) -> Job:
    """Put the scan on the ground by its points. Raises fitting.NoFit, IllegalStep without a scan."""
    row = _locked(row, actor)
    if row.sheet is None:
        raise IllegalStep("there is no scan yet")
    fit_of(row)
    return legacywork.request(row, actor=actor)


@transaction.atomic
def set_areas(row: LegacyPlan, found: Sequence[Area], *, actor: User) -> None:
    """Keep parcels to choose the outline from."""
    row = _locked(row, actor)
    row.areas = [[each.label, shapely.to_geojson(shapely.set_precision(each.shape, 0.001))] for each in found]
    row.save(update_fields=["areas", "changed_at"])


@transaction.atomic
def set_outline(row: LegacyPlan, shape: shapely.Geometry, *, actor: User) -> None:
    """Keep the outline. Raises IllegalStep where it has no area."""
    row = _locked(row, actor)
    row.outline = _multipolygon(shape)
    row.save(update_fields=["outline", "changed_at"])


def chosen(row: LegacyPlan, numbers: Iterable[int]) -> shapely.Geometry:
    """The union of parcels by their places in the list."""
    shapes = [shapely.from_geojson(row.areas[number][1]) for number in numbers if number < len(row.areas)]
    return shapely.union_all(shapes)


def _multipolygon(shape: shapely.Geometry) -> MultiPolygon:
    valid = shapely.make_valid(shape)
    parts = [part for part in shapely.get_parts(shapely.get_parts([valid])) if part.geom_type == "Polygon" and part.area >= _LEAST_AREA]  # fmt: skip
    if not parts:
        raise IllegalStep("the outline has no area")
    whole = shapely.MultiPolygon(parts)
    return GEOSGeometry(memoryview(shapely.to_wkb(whole)), srid=settings.TWIN_SRID)  # type: ignore[return-value]


@transaction.atomic
def set_facts(row: LegacyPlan, facts: Mapping[str, Any], *, actor: User) -> None:
    """Keep the facts of the plan; number and name go into the list too."""
    row = _locked(row, actor)
    row.facts = {key: value.isoformat() if isinstance(value, date) else value for key, value in facts.items()}
    row.name, row.number = str(facts["name"]), str(facts["number"])
    row.save(update_fields=["facts", "name", "number", "changed_at"])


@transaction.atomic
def finish(row: LegacyPlan, *, actor: User) -> Job:
    """Write XPlanGML of what was entered, check it, and import it like any delivered file: a new plan, or a new version of the
    plan that was made of this line before. Raises IllegalStep where something is missing, ImportRefused where it is not valid."""
    row = _locked(row, actor)
    if row.picture is None or row.scan is None or row.outline is None or not row.facts:
        raise IllegalStep("something is missing")
    document = outline.write(_as_plan(row))
    report = validate(io.BytesIO(document), srid=settings.TWIN_SRID)
    if not report.valid:
        raise ImportRefused(report.findings)
    with files.kept_only_on_success():
        picture, scan = _names(row)
        kept = [
            files.store([document], tenant=row.tenant, name=f"{_stem(row)}.gml", content_type=CONTENT_TYPE, by=actor),
            _copied(row.picture, picture, actor),
            _copied(row.scan, scan, actor),
        ]  # fmt: skip
        events.audit("finish_old_plan", tenant_id=row.tenant_id, thing=row, actor=actor, after={"sha256": kept[0].sha256})  # fmt: skip
        return jobs.start(
            tasks.import_upload.name,
            tenant=row.tenant,
            actor=actor,
            title=str(row),
            params={
                "file": kept[0].pk,
                "documents": [kept[1].pk, kept[2].pk],
                "decision": str(row.plan.public_id) if row.plan else NEW,
                "plan": str(row.plan.public_id) if row.plan else None,
                "origin": Origin.LEGACY.value,
                "legacy": row.pk,
            },
        )


def _copied(file: PrivateFile, name: str, actor: User) -> PrivateFile:
    """A file of the plan's own: the list of old plans goes on with its."""
    with files.path_of(file).open("rb") as source:
        return files.store(source, tenant=file.tenant, name=name, content_type=file.content_type, by=actor)


def _stem(row: LegacyPlan) -> str:
    return slugify(f"{row.number} {row.name}")[:60] or "plan"


def _names(row: LegacyPlan) -> tuple[str, str]:
    """Names of the georeferenced picture and of the scan in the plan's archive."""
    assert row.scan is not None  # noqa: S101 - finish has looked
    suffix = PurePosixPath(row.scan.name).suffix.lower() or ".bin"
    return f"{_stem(row)}-georeferenziert.tif", f"{_stem(row)}-scan{suffix}"


def _as_plan(row: LegacyPlan) -> OutlinePlan:
    facts: dict[str, Any] = row.facts
    assert row.outline is not None and row.scan is not None  # noqa: S101 - finish has looked
    area: Any = shapely.from_wkb(bytes(row.outline.wkb))
    picture, scan = _names(row)
    return OutlinePlan(
        kind=row.plan_type,
        name=facts["name"],
        number=facts["number"],
        ags=facts["ags"],
        municipality=facts["municipality"],
        form=facts["form"],
        status=facts["status"],
        procedure=facts["procedure"],
        in_force=_day(facts["in_force"]),
        baunvo=_day(facts["baunvo"]),
        area=shapely.set_srid(area, settings.TWIN_SRID),
        picture=Reference(picture, "image/tiff", _("Picture of the plan, georeferenced")),
        papers=((Reference(scan, row.scan.content_type, _("Scan of the plan")), _SCAN_KIND),),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@transaction.atomic
def remove(row: LegacyPlan, *, actor: User) -> None:
    """Take a line off the list with its scan; a plan that was made of it stays."""
    row = _locked(row, actor)
    kept = [each for each in (row.scan, row.sheet, row.picture) if each is not None]
    events.audit("remove_old_plan", tenant_id=row.tenant_id, thing=row, actor=actor, before={"name": str(row)})  # fmt: skip
    row.delete()
    for file in kept:
        files.remove(file)
