"""Reports that take longer to print than a page may take: made by a worker, kept, and given out until what they say is another.

A run never changes once it is finished, but its data may be withdrawn, and the platform may learn to say more of its use case.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tenants import files, jobs
from tenants.errors import JobFailed, QuotaExceeded
from tenants.jobs import Progress
from tenants.models import Job, JobState, PrivateFile, User
from tenants.scope import acting_for
from twin.analysis import handing, presenting, registry, reporting
from twin.analysis.errors import RowGone
from twin.analysis.models import OPEN, Run

TASK = "twin.analysis.tasks.print_report"
LONG = 60_000  # characters of a result; about 20 pages, which take three seconds
PAGE = 3_500  # characters of a result on a page, about


def is_long(run: Run) -> bool:
    return _length(run) > LONG


def _length(run: Run) -> int:
    return len(json.dumps(run.summary, ensure_ascii=False))


def state_of(run: Run) -> str:
    """Of what is printed, in whichever language it is asked."""
    use_case = registry.find(run.use_case)
    with translation.override(settings.LANGUAGE_CODE):
        method = str(use_case.method) if use_case else ""
    said = [presenting.lost(run), use_case.version if use_case else "", method]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def kept(run: Run) -> PrivateFile | None:
    """The report as it would be printed now, of a run that the caller may see."""
    if run.report.get("of") != state_of(run):
        return None
    with acting_for([run.tenant_id]):
        return PrivateFile.objects.filter(pk=run.report["file"]).first()


def latest(run: Run) -> Job | None:
    """The newest job that prints it as it is now, of a run that the caller may see."""
    with acting_for([run.tenant_id]):
        rows = Job.objects.filter(
            task=TASK, tenant=run.tenant_id, params__run=run.pk, params__of=state_of(run)
        )
        found: Job | None = rows.order_by("-pk").first()
        return found


def request(run: Run, *, actor: User | None) -> Job:
    """The job that prints it, a new one where none is under way. Whoever may see the run may want its report. Raises RowGone."""
    with acting_for([run.tenant_id], [run.tenant_id]):
        rows = Run.objects.select_for_update(no_key=True, of=("self",)).only(
            "pk"
        )  # of two at once one starts it
        if rows.filter(pk=run.pk).first() is None:
            raise RowGone(_("The analysis was deleted meanwhile."))
        job = latest(run)
        if job is not None and job.state in OPEN:
            return job
        params = {"run": run.pk, "of": state_of(run)}
        title = _("Report: %s") % run.title
        return jobs.start(TASK, tenant=run.tenant, actor=actor, title=title, params=params)


def work(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Print the report of the job's run; it takes the place of the one before at once, or not at all. Raises JobFailed, JobCancelled."""
    run = Run.objects.select_related("tenant", "created_by").filter(pk=job.params["run"]).first()
    if run is None:
        raise JobFailed(_("The analysis is no longer there."))
    url = {"url": f"{run.get_absolute_url()}bericht/"}
    if kept(run) is not None:  # by a worker that died before it could say so
        return url
    progress(0.0, _("Drawing the maps"))
    expected = max(1, _length(run) // PAGE)

    def told(page: int) -> None:
        progress(0.1 + 0.8 * min(page / expected, 1.0), _("Page %s") % page)

    of = state_of(run)
    with translation.override(settings.LANGUAGE_CODE):  # it is kept for everybody
        body = reporting.report(run, handing.files_of(run), told=told)
    progress(0.95, _("Writing the file"))
    try:
        with transaction.atomic():
            _keep(run, body, of=of)
    except QuotaExceeded as error:
        raise JobFailed(_("The storage space of %s would not suffice.") % error) from error
    return url


def _keep(run: Run, body: bytes, *, of: str) -> None:
    row = Run.objects.select_for_update(of=("self",)).filter(pk=run.pk).first()
    if row is None:
        raise JobFailed(_("The analysis is no longer there."))
    file = files.store([body], tenant=run.tenant, name=name_of(run), content_type="application/pdf", by=run.created_by)  # fmt: skip
    PrivateFile.objects.filter(pk=file.pk).update(is_public=row.is_public)
    for earlier in PrivateFile.objects.filter(pk=row.report.get("file", 0)):
        files.remove(earlier)
    Run.objects.filter(pk=run.pk).update(report={"file": file.pk, "of": of})


def name_of(run: Run) -> str:
    return f"{run.use_case}-{run.finished_at:%Y-%m-%d}.pdf"


def gave_up(job: Job | None) -> str:
    """Why there is no report, in words; empty where one is there or under way."""
    if job is None or job.state not in (JobState.FAILED, JobState.CANCELLED):
        return ""
    return job.error or _("The report was cancelled.")
