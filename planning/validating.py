"""A version of a plan in the worker: its file through all stages, the outcome into rows, in place of the outcome before."""

import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import shapely
from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from planning import matching
from planning.explaining import STAGE_LABELS
from planning.headers import header_of
from planning.models import Finding, PlanVersion, ValidationRun
from planning.staging import StagedPlan
from planning.xplanung import findings as core
from planning.xplanung.scanner import Limits
from planning.xplanung.stages import STAGES, Stage, stage_of
from planning.xplanung.validation import Report, validate
from tenants import files, jobs
from tenants.errors import JobFailed
from tenants.jobs import Progress
from tenants.models import Job, User

TASK = "planning.tasks.check_version"
MOST = 20_000  # findings that are kept of one run
_READING = 0.7  # share of the time that the reading takes; the other stages follow at these shares
_SHARES: Mapping[str, float] = {"semantics": 0.7, "geometry": 0.75, "documents": 0.95}
_ID = 300  # length of the column
# One statement for all rows; COPY is refused under row-level security.
_INSERT = """
    INSERT INTO planning_finding
        (tenant_id, plan_id, run_id, "order", rule, condition, severity, params, gml_id, line, point)
    SELECT %(tenant)s, %(plan)s, %(run)s, place, rule, condition, severity, params, gml_id, line,
        ST_SetSRID(ST_MakePoint(x, y), %(srid)s)
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS found(
        place int, rule text, condition text, severity text, params jsonb, gml_id text, line int, x float8, y float8)
"""


def request(version: PlanVersion, *, actor: User | None) -> Job:
    """The job that checks the version, started now where none is under way."""
    job = latest_job(version)
    if job is not None and not job.is_over:
        return job
    title = _("Check of %s") % version.plan
    params = {"version": version.pk}
    return jobs.start(TASK, tenant=version.tenant, actor=actor, title=title, params=params)


def latest_job(version: PlanVersion) -> Job | None:
    rows = Job.objects.filter(tenant_id=version.tenant_id, task=TASK, params__version=version.pk)
    found: Job | None = rows.order_by("-created_at", "-pk").first()
    return found


def work(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Check the version of the job. A second attempt after a crash starts anew and doubles nothing.

    Returns the address of the report; raises JobFailed where the plan is gone meanwhile.
    """
    version = _version(job)
    started = time.monotonic()
    report = _validate(version, progress)
    found = sorted([*_own(version, report), *_of_the_plan(version, report)], key=lambda each: each.line or 0)
    with transaction.atomic():
        _version(job, lock=True)
        run = keep(version, found, checks=STAGES, capped=report.capped)
        run.structure_valid, run.seconds = report.structure_valid, time.monotonic() - started
        run.save(update_fields=["structure_valid", "seconds"])
        _forget(ValidationRun.objects.filter(version=version).exclude(pk=run.pk))
    address = reverse("planning:findings", args=[version.plan.public_id])
    return {"url": f"{address}?version={version.number}"}


def _version(job: Job, *, lock: bool = False) -> PlanVersion:
    rows = PlanVersion.objects.select_related("plan__tenant", "file")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    version: PlanVersion | None = rows.filter(pk=job.params["version"]).first()
    if version is None:
        raise JobFailed(_("The plan is no longer there."))
    return version


def _validate(version: PlanVersion, progress: Progress) -> Report:
    size = max(version.file.size, 1)

    def tell(stage: Stage, done: int) -> None:
        progress(_SHARES.get(stage, _READING * done / size), str(STAGE_LABELS[stage]))

    try:
        source = files.path_of(version.file).open("rb")
    except OSError as error:
        raise JobFailed(_("The file of the plan cannot be read.")) from error
    with source:
        return validate(
            source,
            srid=settings.TWIN_SRID,
            limits=Limits(file=max(settings.UPLOAD_MAX_BYTES, size)),
            on_progress=tell,
            documents=_documents(version),
        )


def _documents(version: PlanVersion) -> dict[str, Path]:
    rows = version.documents.current().filter(file__isnull=False).select_related("file")
    paths = {row.file.name: files.path_of(row.file) for row in rows}
    return {name: path for name, path in paths.items() if path.is_file()}


def _own(version: PlanVersion, report: Report) -> Iterable[core.Finding]:
    """Of a file with several plans, what concerns this one or the whole file."""
    if version.is_whole_file:
        return report.findings
    ids = set(version.plan_objects.values_list("gml_id", flat=True))
    return [finding for finding in report.findings if not finding.gml_id or finding.gml_id in ids]


def _of_the_plan(version: PlanVersion, report: Report) -> Iterable[core.Finding]:
    """What only the municipality makes a finding, and what is odd about the plan's own columns."""
    if not report.plans:
        return []
    own = [plan for plan in report.plans if plan.gml_id == version.header.get("gml_id")]
    header, findings = header_of((own or report.plans)[0], file_stem="")
    area = shapely.from_wkb(bytes(version.area.wkb))
    staged = StagedPlan(header, (own or report.plans)[0].line, area)  # type: ignore[arg-type]  # the column is a MultiPolygon
    return [*findings, *matching.outside(staged, version.plan.tenant)]


def keep(
    version: PlanVersion,
    found: Iterable[core.Finding],
    *,
    checks: Iterable[Stage],
    capped: Iterable[str] = (),
) -> ValidationRun:
    """Store the outcome of a check, in the open transaction; of more findings than MOST the first ones of the worst."""
    listed = list(found)
    stages = {stage: Counter[str]() for stage in STAGES}
    for finding in listed:
        stages[stage_of(finding.rule)][finding.severity] += 1
    totals = sum(stages.values(), Counter[str]())
    run: ValidationRun = ValidationRun.objects.create(
        tenant_id=version.tenant_id,
        plan_id=version.plan_id,
        version=version,
        checks=list(checks),
        stages=stages,
        errors=totals["error"] + totals["fatal"],
        warnings=totals["warning"],
        infos=totals["info"],
        capped=list(capped),
        left_out=max(len(listed) - MOST, 0),
    )
    rows = [_row(place, finding) for place, finding in enumerate(_most_important(listed))]
    own = {"tenant": version.tenant_id, "plan": version.plan_id, "run": run.pk}
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, {**own, "srid": settings.TWIN_SRID, "rows": json.dumps(rows)})
    return run


def _most_important(found: list[core.Finding]) -> list[core.Finding]:
    """All of them, in their order; without the mildest and last ones where there are too many."""
    if len(found) <= MOST:
        return found
    rank = {"fatal": 0, "error": 1, "warning": 2, "info": 3}
    worst = sorted(range(len(found)), key=lambda place: (rank[found[place].severity], place))
    return [found[place] for place in sorted(worst[:MOST])]


def _row(place: int, finding: core.Finding) -> dict[str, Any]:
    x, y = finding.point or (None, None)
    return {
        "place": place,
        "rule": finding.rule,
        "condition": finding.condition,
        "severity": finding.severity,
        "params": dict(finding.params),
        "gml_id": finding.gml_id[:_ID],
        "line": finding.line,
        "x": x,
        "y": y,
    }


def _forget(runs: Any) -> None:
    """Findings before their runs: the composite keys know no cascade."""
    Finding.objects.filter(run__in=runs.values("pk"))._raw_delete("default")
    runs._raw_delete("default")
