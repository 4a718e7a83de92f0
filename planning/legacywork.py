"""Old plans in the worker: the scan as a picture in its own pixels, then on the ground; what an import made of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from planning.models import LegacyPlan, LegacyState, Plan
from planning.rasters import fitting, process
from planning.rasters.refusal import RasterRefused
from planning.xplanung import content
from tenants import files, jobs
from tenants.errors import JobFailed
from tenants.jobs import Progress
from tenants.models import Job, JobState, PrivateFile, User
from tenants.workspace import workspace

TASK = "planning.tasks.prepare_legacy"
CONTENT_TYPE = "image/tiff"
_DRAWN = 0.5  # share of the time that drawing a page of a PDF takes
# The sheet lies in a plane of its own: one unit per pixel, rows downwards from zero.
_SHEET = {"transform": [1, 0, 0, 0, -1, 0], "source": "points"}


def request(row: LegacyPlan, *, actor: User | None) -> Job:
    """The job that prepares the scan as far as the entries go."""
    title = _("Scan of %s") % row
    return jobs.start(TASK, tenant=row.tenant, actor=actor, title=title, params={"legacy": row.pk})


def latest_job(row: LegacyPlan) -> Job | None:
    rows = Job.objects.filter(tenant_id=row.tenant_id, params__legacy=row.pk)
    found: Job | None = rows.order_by("-created_at", "-pk").first()
    return found


def work(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Make the sheet where it is missing, else put it on the ground. A second attempt after a crash begins the step anew."""
    row = LegacyPlan.objects.select_related("tenant", "scan", "sheet").filter(pk=job.params["legacy"]).first()
    if row is None or row.scan is None:
        raise JobFailed(_("The old plan is no longer there."))

    def tell(share: float) -> None:
        progress(share, str(row))

    try:
        if row.sheet is None:
            _make_sheet(row, tell)
            return {"url": reverse("planning:legacy_points", args=[row.public_id])}
        _make_picture(row, tell)
        return {"url": reverse("planning:legacy_outline", args=[row.public_id])}
    except RasterRefused as refused:
        problem = {"rule": refused.rule, "params": dict(refused.params)}
        LegacyPlan.objects.filter(pk=row.pk).update(problem=problem)
        return {"url": reverse("planning:legacy", args=[row.public_id])}


def _make_sheet(row: LegacyPlan, tell: Any) -> None:
    assert row.scan is not None  # noqa: S101 - work has looked
    source = files.path_of(row.scan)
    with workspace() as folder:
        begun = 0.0
        if content.type_of(source) == "application/pdf":
            page, begun = folder / "page.tif", _DRAWN
            arguments = {"source": str(source), "target": str(page), "number": row.page}
            process.run("page", arguments, tell=lambda share: tell(_DRAWN * share))
            source = page
        target = folder / "sheet.tif"
        grid = _warp(source, target, _SHEET, lambda share: tell(begun + (1 - begun) * share))
        _keep(row, target, "sheet", grid, state=LegacyState.SCANNED)


def _make_picture(row: LegacyPlan, tell: Any) -> None:
    assert row.sheet is not None  # noqa: S101 - work has looked
    found = fitting.fit([(x, y) for x, y, _, _ in row.points], [(e, n) for _, _, e, n in row.points])
    with workspace() as folder:
        target = folder / "picture.tif"
        place = {"transform": list(found.transform), "source": "points"}
        grid = _warp(files.path_of(row.sheet), target, place, tell)
        _keep(row, target, "picture", grid, state=LegacyState.PLACED)


def _warp(source: Path, target: Path, place: Mapping[str, Any], tell: Any) -> dict[str, Any]:
    there = {**place, "crs": f"EPSG:{settings.TWIN_SRID}"}
    arguments = {"source": str(source), "target": str(target), "place": there, "srid": settings.TWIN_SRID}
    return process.run("warp", arguments, tell=tell)


def _keep(row: LegacyPlan, path: Path, column: str, grid: Mapping[str, Any], *, state: str) -> None:
    """Store what was made, unless the scan or the points were changed meanwhile: then it is of no use."""
    with path.open("rb") as source, transaction.atomic():
        now = LegacyPlan.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
        if now is None or now.scan_id != row.scan_id or (column == "picture" and now.points != row.points):
            return
        before: PrivateFile | None = getattr(now, column)
        kept = files.store(
            source, tenant=row.tenant, name=f"{column}.tif", content_type=CONTENT_TYPE, by=None
        )
        fields = {column: kept, f"{column}_grid": dict(grid), "problem": {}}
        if now.state != LegacyState.DONE:
            fields["state"] = state
        LegacyPlan.objects.filter(pk=row.pk).update(**fields)
        if before is not None:
            files.remove(before)


def note_import(job_id: int) -> None:
    """After an import: the old plan that it was made of is done."""
    job = Job.objects.filter(pk=job_id, state=JobState.DONE, params__has_key="legacy").first()
    if job is None:
        return
    made = [public_id for report in job.result.get("reports", ()) for public_id in report["plan_ids"]]
    plan = Plan.objects.filter(tenant=job.tenant_id, public_id__in=made).first()
    if plan is not None:
        LegacyPlan.objects.filter(pk=job.params["legacy"]).update(plan=plan, state=LegacyState.DONE)
