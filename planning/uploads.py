"""An upload in the worker: private files of the browser -> import -> report; what only carried the plan goes again."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from planning.importing import Order, Report, import_file
from planning.messages import finding_as_kept
from planning.models import Origin, PlanDocument, PlanVersion
from tenants import files
from tenants.errors import JobFailed, QuotaExceeded
from tenants.jobs import Progress
from tenants.models import Job, PrivateFile

TASK = "planning.tasks.import_upload"


def work(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Import the job's upload. Returns reports, one for each plan file; raises JobFailed when none could be kept.

    Nothing to resume: what was committed is known by its hash, so a second attempt after a crash doubles nothing.
    """
    rows = {row.pk: row for row in PrivateFile.objects.filter(pk__in=_ids(job))}
    upload = rows.get(job.params["file"])
    if upload is None:
        raise JobFailed(_("The uploaded file is no longer there. Upload it again."))
    documents = {rows[pk].name: rows[pk] for pk in job.params["documents"] if pk in rows}
    origin = job.params.get("origin", Origin.DELIVERED)
    order = Order(
        job.tenant,
        job.actor,
        decision=job.params["decision"],
        stored=upload,
        base=job.params.get("base"),
        documents={name: files.path_of(row) for name, row in documents.items()},
        kept=documents if origin != Origin.DELIVERED else {},
        origin=origin,
        progress=lambda share: progress(share, upload.name),
    )
    try:
        reports = import_file(files.path_of(upload), name=upload.name, order=order)
    except QuotaExceeded as error:
        raise JobFailed(_("The storage space of %s would not suffice.") % error) from error
    result = {"reports": [_kept(report) for report in reports]}
    if not any(report.ok or report.proposals for report in reports):
        raise JobFailed(_("The file could not be imported."), report=result)
    return result


def _kept(report: Report) -> dict[str, Any]:
    """The report as the job keeps it: rules and parameters, put into words when it is shown."""
    return {
        **report.as_json(),
        "file": Path(report.file).name,
        "proposals": report.proposals,
        "findings": [finding_as_kept(finding) for finding in report.findings],
    }


def awaits_decision(job: Job) -> bool:
    """Whether a person still has to say which plan the file belongs to."""
    return not job.params.get("decided") and any(
        report["proposals"] for report in job.result.get("reports", ())
    )


def tidy(job_id: int) -> None:
    """Remove the uploaded files of a job that is over, but for those that became part of a plan."""
    job = Job.objects.get(pk=job_id)
    if job.is_over and not awaits_decision(job) and not job.params.get("decided"):
        discard(job)


@transaction.atomic
def discard(job: Job) -> None:
    for row in PrivateFile.objects.filter(pk__in=_ids(job)):
        used = PlanVersion.objects.filter(file=row).exists() or PlanDocument.objects.filter(file=row).exists()
        if not used:
            files.remove(row)


def _ids(job: Job) -> list[int]:
    return [job.params["file"], *job.params["documents"]]
