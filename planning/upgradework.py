"""A version of a plan in the worker: its file in XPlanung 6.0, and what became of each value; in place of what was made before."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from planning import exporting
from planning.messages import finding_as_kept
from planning.models import PlanUpgrade, PlanVersion
from planning.storing import CONTENT_TYPE
from planning.xplanung.scanner import Limits
from planning.xplanung.upgrade.document import UpgradeRefused, upgrade
from planning.xplanung.upgrade.report import FATES, REASONS, UpgradeReport, grouped
from tenants import files, tables
from tenants.errors import JobFailed, QuotaExceeded
from tenants.jobs import Progress
from tenants.models import Job, PrivateFile
from tenants.workspace import workspace

TASK = "planning.tasks.upgrade_version"
MOST = 200  # findings that are kept of a refusal
COLUMNS = ("gml_id", "line", "feature_type", "property", "value", "fate", "became", "reason")
_WRITTEN = 0.95  # share of the time at which the upgrade itself is done


def latest_job(version: PlanVersion) -> Job | None:
    rows = Job.objects.filter(tenant_id=version.tenant_id, task=TASK, params__version=version.pk)
    found: Job | None = rows.order_by("-created_at", "-pk").first()
    return found


def work(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Upgrade the version of the job. A second attempt after a crash starts anew and doubles nothing.

    Returns the address of the report; raises JobFailed where the plan is gone meanwhile, or the storage space is used up."""
    version = _version(job)
    fields: dict[str, Any] = {}
    with workspace() as folder:
        result = folder / "upgraded.gml"
        try:
            report = _upgraded(version, folder / "plan.gml", result, progress=progress)
        except UpgradeRefused as error:
            fields["findings"] = [finding_as_kept(finding) for finding in error.findings[:MOST]]
        with transaction.atomic():
            version = _version(job, lock=True)
            forget(version)
            if not fields.get("findings"):
                fields |= _stored(version, result, report, job=job)
            PlanUpgrade.objects.create(
                tenant_id=version.tenant_id, plan_id=version.plan_id, version=version, **fields
            )
    address = reverse("planning:upgrade", args=[version.plan.public_id])
    return {"url": f"{address}?version={version.number}"}


def _version(job: Job, *, lock: bool = False) -> PlanVersion:
    rows = PlanVersion.objects.select_related("plan__tenant")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    version: PlanVersion | None = rows.filter(pk=job.params["version"]).first()
    if version is None:
        raise JobFailed(_("The plan is no longer there."))
    return version


def _upgraded(version: PlanVersion, source: Path, target: Path, *, progress: Progress) -> UpgradeReport:
    with source.open("wb") as sink:
        exporting.write_gml(version, sink)
    words = _("Upgrading to XPlanung 6.0")
    limits = Limits(file=max(settings.UPLOAD_MAX_BYTES, source.stat().st_size))
    with source.open("rb") as before, target.open("wb") as after:
        return upgrade(before, after, limits=limits, tell=lambda share: progress(_WRITTEN * share, words))


def _stored(version: PlanVersion, result: Path, report: UpgradeReport, *, job: Job) -> dict[str, Any]:
    """The files of an upgrade, and its report in short."""
    counts = {fate: count for fate in FATES if (count := report.count(fate))}
    facts = {
        "plan": str(version.plan.public_id),
        "name": version.plan.name,
        "version": version.number,
        "sha256": version.sha256,
        "source_version": report.source_version,
        "xplan_version": report.version,
        "objects": report.objects,
        "structure_valid": True,  # what is not valid by the schema is refused
        "counts": counts,
        "losses": [asdict(loss) for loss in report.losses],
    }
    told = json.dumps(facts, ensure_ascii=False, indent=1).encode()
    stem = f"{Path(exporting.file_name_of(version)).stem}-xplanung-{report.version}"
    keep = partial(files.store, tenant=version.plan.tenant, by=job.actor)
    try:
        with result.open("rb") as source:
            file = keep(source, name=f"{stem}.gml", content_type=CONTENT_TYPE)
        losses = keep([told], name=f"{stem}.json", content_type="application/json")
    except QuotaExceeded as error:
        raise JobFailed(_("The storage space of %s would not suffice.") % error) from error
    groups = [asdict(group) for group in grouped(report.losses)]
    return {"file": file, "losses": losses, "counts": counts, "groups": groups}


def forget(version: PlanVersion) -> None:
    """Remove what an upgrade before made, in the open transaction."""
    for row in PlanUpgrade.objects.filter(version=version).select_related("file", "losses"):
        row.delete()
        for file in filter(None, (row.file, row.losses)):
            files.remove(file)


def read(losses: PrivateFile) -> list[dict[str, Any]]:
    """What became of each value."""
    found: list[dict[str, Any]] = json.loads(files.path_of(losses).read_bytes())["losses"]
    return found


def write_csv(losses: PrivateFile, target: tables.Writable) -> None:
    tables.write_csv(target, COLUMNS, _in_words(losses))


def _in_words(losses: PrivateFile) -> Iterator[dict[str, Any]]:
    for loss in read(losses):
        reason = loss["reason"]
        yield {**loss, "fate": _(FATES[loss["fate"]]), "reason": _(REASONS[reason]) if reason else ""}
