"""Long jobs of a tenant: started by a service, worked on by a task, shown with progress, cancelled, resumed after a crash.

A running job is alive exactly while the worker's database session holds the job's advisory lock: when the worker dies,
PostgreSQL frees the lock at once, and the sweeper hands the job to the next worker, which goes on from its checkpoint.
"""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants import events, files
from tenants.errors import JobCancelled, JobFailed
from tenants.models import Job, JobState, Tenant, User
from tenants.scope import acting_for

LOCK_SPACE = 0x4B5A  # first key of our advisory locks: "KZ"
MAX_ATTEMPTS = 3
MESSAGE_LOST_AFTER = timedelta(minutes=10)
REPORT_EVERY = 0.5  # seconds between two progress reports to the database
log = logging.getLogger(__name__)


def start(task: str, *, tenant: Tenant, actor: User | None, title: str, params: Mapping[str, Any]) -> Job:
    """Create a job and give it to the worker after commit. task: the Celery task's name; it gets tenant_id and job_id."""
    job: Job = Job.objects.create(
        task=task,
        tenant=tenant,
        actor=actor,
        title=title[:300],
        params=dict(params),
        sent_at=timezone.now(),
    )
    # Robust: where the broker is away the job waits for the sweeper, and what was committed stays done.
    transaction.on_commit(lambda: _send(job), robust=True)
    return job


def _send(job: Job) -> None:
    current_app.send_task(job.task, kwargs={"tenant_id": job.tenant_id, "job_id": job.pk})


def cancel(job: Job, *, actor: User) -> None:
    """Ask the worker to stop; a job that still waits ends at once, one that is over stays as it is."""
    with acting_for([job.tenant_id], [job.tenant_id]):
        ended = Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
            state=JobState.CANCELLED, finished_at=timezone.now()
        )
        asked = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, cancel_requested=False).update(
            cancel_requested=True
        )
        if ended or asked:
            before = {"state": JobState.QUEUED if ended else JobState.RUNNING}
            after = {"state": JobState.CANCELLED} if ended else {"cancel_requested": True}
            events.audit(
                "cancel_job", tenant_id=job.tenant_id, thing=job, actor=actor, before=before, after=after
            )


class Progress:
    """Handed to the work function: report a share done, keep a checkpoint, learn of a cancel."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._reported = 0.0

    def __call__(
        self, share_done: float, step: str = "", *, checkpoint: Mapping[str, Any] | None = None
    ) -> None:
        """share_done: 0 to 1. step: what is being done, for people. Raises JobCancelled when somebody asked for it.

        Inside a transaction a report would stay invisible until its end; there the share alone goes beside it.
        """
        now = time.monotonic()
        if checkpoint is None and now - self._reported < REPORT_EVERY:
            return
        self._reported = now
        if not connection.in_atomic_block:
            fields: dict[str, Any] = {"share_done": min(max(share_done, 0.0), 1.0), "step": step[:300]}
            if checkpoint is not None:
                fields["checkpoint"] = dict(checkpoint)
            Job.objects.filter(pk=self.job.pk).update(**fields)
        else:
            self.job.tell(share_done)
        if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
            raise JobCancelled


Work = Callable[[Job, Progress], Mapping[str, Any]]


def work_on(job_id: int, work: Work) -> bool:
    """Do a job in the worker: `work` returns the result; every end is written down, none leaves a half-done row or file.

    Does nothing, and says so, when the job is over, cancelled, or alive in another worker.
    """
    if not _lock(job_id):
        return False
    try:
        job = _claim(job_id)
        if job is not None:
            _work(job, work)
    finally:
        _unlock(job_id)
    return job is not None


def _claim(job_id: int) -> Job | None:
    open_states = (JobState.QUEUED, JobState.RUNNING)
    claimed = Job.objects.filter(
        pk=job_id, state__in=open_states, cancel_requested=False, attempts__lt=MAX_ATTEMPTS
    ).update(state=JobState.RUNNING, started_at=timezone.now(), attempts=F("attempts") + 1)
    if claimed:
        return Job.objects.select_related("tenant", "actor").get(pk=job_id)
    Job.objects.filter(pk=job_id, state__in=open_states, cancel_requested=True).update(
        state=JobState.CANCELLED, finished_at=timezone.now()
    )
    Job.objects.filter(pk=job_id, state__in=open_states).update(
        state=JobState.FAILED,
        finished_at=timezone.now(),
        error=_("The job was interrupted several times and was given up."),
    )
    return None


def _work(job: Job, work: Work) -> None:
    try:
        with files.kept_only_on_success():
            result = work(job, Progress(job))
    except JobCancelled:
        _finish(job, JobState.CANCELLED)
    except JobFailed as error:
        _finish(job, JobState.FAILED, error=str(error), result=error.report)
    except Exception:
        log.exception("job %s failed", job.pk)
        _finish(
            job,
            JobState.FAILED,
            error=_("An unexpected error ended the job. The operator finds it in the log as job %s.")
            % job.pk,
        )
    else:
        _finish(job, JobState.DONE, share_done=1.0, result=dict(result))


def _finish(job: Job, state: JobState, **fields: Any) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, finished_at=timezone.now(), step="", **fields)


def _lock(job_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, job_id])
        return bool((cursor.fetchone() or (False,))[0])


def _unlock(job_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, job_id])


def purge(task: str, *, before: datetime) -> int:
    """Remove jobs of a task that ended before this moment; returns how many. For those that no page shows any more."""
    return int(Job.objects.filter(task=task, finished_at__lt=before).delete()[0])


def hand_over_dead() -> int:
    """Give every job again to the worker that nobody works on although it is open; returns how many. Called each minute.

    A job that waits is sent again only when its message seems lost: a second message does no harm, but thousands would.
    """
    lost = timezone.now() - MESSAGE_LOST_AFTER
    waiting = Q(state=JobState.QUEUED) & (Q(sent_at__lt=lost) | Q(sent_at__isnull=True, created_at__lt=lost))
    handed = 0
    for job in Job.objects.filter(waiting | Q(state=JobState.RUNNING)):
        if _lock(job.pk):
            handed += _hand_over(job)
    return handed


def _hand_over(job: Job) -> int:
    try:
        still_open = Job.objects.filter(pk=job.pk, state__in=(JobState.QUEUED, JobState.RUNNING))
        changed = still_open.update(state=JobState.QUEUED, sent_at=timezone.now())
    finally:
        _unlock(job.pk)
    if changed:
        _send(job)
    return changed
