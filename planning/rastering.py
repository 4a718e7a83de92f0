"""Pictures of a version in the worker: found among its documents, placed, made ready for the map."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from planning.models import PlanDocument, PlanRaster, PlanVersion, RasterState
from planning.rasters import georeference, process
from planning.rasters.opening import DRIVERS
from planning.rasters.refusal import RasterRefused
from planning.xplanung import content
from planning.xplanung.documents import file_name
from tenants import files, jobs
from tenants.errors import JobFailed
from tenants.jobs import Progress
from tenants.models import Job, PrivateFile, User
from tenants.workspace import workspace

TASK = "planning.tasks.prepare_rasters"
CONTENT_TYPE = "image/tiff"
_NEAR = 1.0  # metres; a picture that does not even touch the Geltungsbereich lies elsewhere


def note(version: PlanVersion) -> list[PlanRaster]:
    """Rows for those documents of a version that are pictures of the plan and have none yet: the plan calls them so, or they say
    where they lie."""
    rows = version.documents.current().filter(file__isnull=False).select_related("file")
    documents = list(rows.annotate(known=Count("rasters")))
    names = [row.file.name for row in documents]
    return [
        PlanRaster.objects.create(
            tenant_id=row.tenant_id,
            plan_id=row.plan_id,
            version=version,
            document=row,
            chosen_srid=_chosen(row),
        )
        for row in documents
        if not row.known and _is_picture(row, names)
    ]


def _chosen(document: PlanDocument) -> int | None:
    """What a person said of the same picture in an earlier version."""
    same = PlanRaster.objects.filter(plan=document.plan_id, document__sha256=document.sha256)
    found: int | None = same.order_by("-pk").values_list("chosen_srid", flat=True).first()
    return found


def _is_picture(document: PlanDocument, names: list[str]) -> bool:
    path = files.path_of(document.file)  # type: ignore[arg-type]  # filtered
    if not path.is_file() or content.type_of(path) not in DRIVERS:
        return False
    beside = georeference.world_file_for(document.file.name, names)  # type: ignore[union-attr]
    return document.is_picture or beside is not None or content.is_georeferenced(path)


def request(version: PlanVersion, *, actor: User | None) -> Job | None:
    """The job that prepares what waits; None where nothing does, the running one where there is one."""
    if not PlanRaster.objects.filter(version=version, state=RasterState.WAITING).exists():
        return None
    running = latest_job(version)
    if running is not None and not running.started_at and not running.is_over:
        return running  # it has not looked at what waits yet
    title = _("Rasters of %s") % version.plan
    return jobs.start(TASK, tenant=version.tenant, actor=actor, title=title, params={"version": version.pk})


def latest_job(version: PlanVersion) -> Job | None:
    rows = Job.objects.filter(tenant_id=version.tenant_id, task=TASK, params__version=version.pk)
    found: Job | None = rows.order_by("-created_at", "-pk").first()
    return found


def work(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Prepare what waits, one by one: each is stored when it is done, so a second attempt after a crash goes on with the rest."""
    version = PlanVersion.objects.select_related("plan", "tenant").filter(pk=job.params["version"]).first()
    if version is None:
        raise JobFailed(_("The plan is no longer there."))
    waiting = PlanRaster.objects.filter(version=version, state=RasterState.WAITING)
    rows = list(waiting.select_related("document__file").order_by("pk"))
    for number, row in enumerate(rows):
        with files.kept_only_on_success():
            _prepare(row, version, _Part(progress, number, len(rows), row.document.title))
    return {"url": reverse("planning:plan", args=[version.plan.public_id])}


@dataclass(frozen=True)
class _Part:
    """The share of one of several pieces of work in the whole."""

    progress: Progress
    number: int
    count: int
    title: str

    def __call__(self, share: float) -> None:
        self.progress((self.number + share) / self.count, self.title)


def _prepare(row: PlanRaster, version: PlanVersion, tell: _Part) -> None:
    try:
        place, size = _place(row, version, tell)
        if place is None:
            _refuse(row, RasterState.UNPLACED, _finding("raster.no_place"))
            return
        _make(row, version, place=place, size=size, tell=tell)
    except RasterRefused as refused:
        _refuse(row, RasterState.REFUSED, _finding(refused.rule, "error", **refused.params))


def _place(row: PlanRaster, version: PlanVersion, tell: _Part) -> tuple[dict[str, Any] | None, tuple[int, int]]:  # fmt: skip
    world = _world_file(row)
    found = process.run(
        "place",
        {
            "source": str(files.path_of(_file_of(row))),
            "world": str(files.path_of(world)) if world else None,
            "srid": row.chosen_srid,
            "assumed": system_of(version),
        },
        tell=lambda share: tell(0),
    )
    return found["place"], (found["width"], found["height"])


def _file_of(row: PlanRaster) -> PrivateFile:
    file: PrivateFile = row.document.file  # type: ignore[assignment]  # a raster's document has one
    return file


def _world_file(row: PlanRaster) -> PrivateFile | None:
    """Of the same version: named by the plan (georefURL), else by its name."""
    documents = PlanDocument.objects.filter(version=row.version_id, file__isnull=False).current()
    companions = {each.file.name: each.file for each in documents.select_related("file")}
    named = file_name(row.document.georeference)
    wanted = next((name for name in companions if named and file_name(name) == named), None)
    wanted = wanted or georeference.world_file_for(_file_of(row).name, companions)
    return companions[wanted] if wanted else None


def system_of(version: PlanVersion) -> int:
    """The system the plan's own geometries came in: a world file names none."""
    found = version.plan_objects.filter(source_srid__isnull=False).values_list("source_srid", flat=True).first()  # fmt: skip
    return found or settings.TWIN_SRID


def _make(row: PlanRaster, version: PlanVersion, *, place: dict[str, Any], size: tuple[int, int], tell: _Part) -> None:  # fmt: skip
    with workspace() as folder:
        target = folder / "picture.tif"
        arguments = {"source": str(files.path_of(_file_of(row))), "target": str(target), "place": place, "srid": settings.TWIN_SRID}  # fmt: skip
        grid = process.run("warp", arguments, tell=tell)
        outline = _outline(grid)
        findings = _elsewhere(outline, place, size, version)
        with target.open("rb") as picture, transaction.atomic():
            _replace(
                row,
                picture,
                grid=grid,
                footprint=GEOSGeometry(memoryview(shapely.to_wkb(outline)), srid=settings.TWIN_SRID),
                source=place["source"],
                system=georeference.label_of(place["crs"])[:60],
                findings=findings,
            )


def _outline(grid: Mapping[str, Any]) -> shapely.Polygon:
    (left, top), metres = grid["origin"], grid["resolution"]
    found: shapely.Polygon = shapely.box(
        left, top - metres * grid["height"], left + metres * grid["width"], top
    )
    return found


def _elsewhere(
    outline: shapely.Polygon, place: Mapping[str, Any], size: tuple[int, int], version: PlanVersion
) -> list[dict[str, Any]]:
    """A warning where the picture lies off the plan, with the systems in which it would lie on it."""
    area: Any = shapely.from_wkb(bytes(version.area.wkb))
    away = shapely.distance(outline, area)
    if area.is_empty or away < _NEAR:
        return []
    points = georeference.corners(place["transform"], *size)
    fitting = georeference.proposals(points, area=area, srid=settings.TWIN_SRID)
    system = georeference.label_of(place["crs"])
    words = ", ".join(f"EPSG:{code}" for code in fitting)
    rule = "raster.elsewhere_fits" if fitting else "raster.elsewhere"
    finding = _finding(rule, "warning", km=round(float(away) / 1000, 1), system=system, proposals=words)
    return [{**finding, "systems": fitting}]


def _finding(rule: str, severity: str = "warning", **params: Any) -> dict[str, Any]:
    return {"rule": rule, "severity": severity, "params": params}


def _replace(row: PlanRaster, picture: Any, **fields: Any) -> None:
    """Store the picture that was made, in the place of the one before."""
    now = _still_wanted(row)
    if now is None:
        return
    name = f"{row.public_id}.tif"
    kept = files.store(picture, tenant=row.tenant, name=name, content_type=CONTENT_TYPE, by=None)
    _write(now, state=RasterState.READY, file=kept, **fields)
    if now.file is not None:
        files.remove(now.file)


def _refuse(row: PlanRaster, state: RasterState, finding: dict[str, Any]) -> None:
    with transaction.atomic():
        now = _still_wanted(row)
        if now is not None:
            _write(now, state=state, findings=[finding])


def _still_wanted(row: PlanRaster) -> PlanRaster | None:
    """The row as it stands, locked; None where another worker was faster, or somebody chose another system meanwhile.

    Raises JobFailed where the plan is gone."""
    rows = PlanRaster.objects.select_for_update(of=("self",)).select_related("document", "file")
    now: PlanRaster | None = rows.filter(pk=row.pk).first()
    if now is None:
        raise JobFailed(_("The plan is no longer there."))
    same = now.state == RasterState.WAITING and now.chosen_srid == row.chosen_srid
    return now if same else None


def _write(now: PlanRaster, **fields: Any) -> None:
    """What is public follows the document as it stands now."""
    public = PlanDocument.objects.select_for_update(of=("self",)).get(pk=now.document_id).is_public
    PlanRaster.objects.filter(pk=now.pk).update(is_public=public, **fields)
    if "file" in fields:
        PrivateFile.objects.filter(pk=fields["file"].pk).update(is_public=public)
