"""A run in the worker: read, compute with progress and checkpoints, write the files, keep the answer."""

import errno
import json
import time
from collections.abc import Generator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from planning.rasters.converting import grid_of
from tenants import events, files, geojson
from tenants.errors import JobCancelled, JobFailed, QuotaExceeded, Refused
from tenants.jobs import Progress
from tenants.models import Job
from tenants.workspace import workspace
from twin.analysis import checkpoints, registry, signs
from twin.analysis.models import Run
from twin.analysis.stage import Stage
from twin.analysis.usecase import Answer, Compute, Output, UseCase
from twin.catalogue.importing import GEOTIFF

USED = "use_case_run"  # the productive event of the county's indicators
KEEP_EVERY = 60.0  # seconds between two checkpoints, more where they are large:
KEEP_SHARE = 0.05  # of the time that they may take
_READ, _COMPUTED = 0.02, 0.95  # share done when the data are read, and when all is computed


def work(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Raises JobFailed with the reason in words."""
    run = Run.objects.select_related("tenant", "created_by").filter(pk=job.params["run"]).first()
    if run is None:
        raise JobFailed(_("The analysis is no longer there."))
    if run.finished_at is not None:  # by a worker that died before it could say so
        return {"url": run.get_absolute_url()}
    use_case = _same(run)
    try:
        _answer(run, use_case, job, progress)
    except JobCancelled:
        checkpoints.remove(run.public_id)
        raise
    except (Refused, QuotaExceeded, SoftTimeLimitExceeded, MemoryError, OSError) as error:
        if reason := _reason(error):
            raise _failed(run, reason) from error
        raise
    return {"url": run.get_absolute_url()}


def _reason(error: Exception) -> str:
    """In words for who asked; empty where it is for the operator alone."""
    match error:
        case Refused():
            return str(error)
        case QuotaExceeded():
            return _("The storage space of %s would not suffice.") % error
        case SoftTimeLimitExceeded():
            minutes = settings.CELERY_TASK_SOFT_TIME_LIMIT // 60
            return (
                _("The analysis took longer than %s minutes. Choose larger cells or a smaller area.")
                % minutes
            )
        case MemoryError():
            return _("The memory did not suffice. Choose larger cells or a smaller area.")
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return _("The disk is full. The operator has to make room; then ask again.")
    return ""


def _failed(run: Run, reason: str) -> JobFailed:
    checkpoints.remove(run.public_id)
    _note(run, reason)
    return JobFailed(reason)


def _same(run: Run) -> UseCase:
    """The use case, as it was when it was asked: else the answer would be another than the one that is looked for later."""
    use_case = registry.find(run.use_case)
    if use_case is None or (use_case.version, use_case.engine) != (run.use_case_version, run.engine_version):
        raise _failed(run, _("The platform has been updated since this was asked. Ask again."))
    return use_case


def _answer(run: Run, use_case: UseCase, job: Job, progress: Progress) -> None:
    _note(run, _("Attempt %s begins.") % job.attempts)
    progress(0.0, _("Reading the data"))
    course = _Course(run, job, progress)
    result = course.run(use_case, use_case.load(run))
    progress(_COMPUTED, _("Writing the results"))
    with workspace() as folder:
        answer = use_case.save(run, result, folder)
        with transaction.atomic():
            _keep(run, answer, seconds=course.seconds)
    checkpoints.remove(run.public_id)


@dataclass
class _Course:
    """How a computation goes on."""

    of: Run
    job: Job
    progress: Progress
    started: float = field(default_factory=time.monotonic)
    began: float = 0.0  # share done when this attempt began
    keep_at: float = field(default_factory=lambda: time.monotonic() + KEEP_EVERY)

    def run(self, use_case: UseCase, inputs: Any) -> Any:
        compute: Compute = import_string(use_case.compute.replace(":", "."))
        saved = checkpoints.load(self.of.public_id)
        if saved:
            self.began = float(self.job.checkpoint.get("done", 0.0))
            _note(self.of, _("Going on from %s %%.") % round(100 * self.began))
        stages = compute(inputs, saved)
        del saved  # it may be large, and is the computation's now
        return self._through(stages)

    def _through(self, stages: Generator[Stage, None, Any]) -> Any:
        while True:
            try:
                stage = next(stages)
            except StopIteration as end:
                return end.value
            self._tell(stage)

    def _tell(self, stage: Stage) -> None:
        share = _READ + (_COMPUTED - _READ) * stage.done
        checkpoint = self._checkpoint(stage) if time.monotonic() >= self.keep_at else None
        self.progress(share, self._words(stage.done), checkpoint=checkpoint)

    def _checkpoint(self, stage: Stage) -> dict[str, float] | None:
        """What the job keeps of it; None where there was no room."""
        began = time.monotonic()
        kept = checkpoints.save(self.of.public_id, stage.pack())
        now = time.monotonic()
        self.keep_at = now + max(KEEP_EVERY, (now - began) / KEEP_SHARE)
        return {"done": stage.done, "seconds": self.seconds} if kept else None

    def _words(self, done: float) -> str:
        lapse = time.monotonic() - self.started
        if done - self.began < 0.01 or lapse < 2:
            return _("Computing")
        end = timezone.localtime() + timedelta(seconds=lapse * (1 - done) / (done - self.began))
        return _("Computing, until about %s") % date_format(end, "TIME_FORMAT")

    @property
    def seconds(self) -> float:
        """Of all attempts, but for what came after their last checkpoints."""
        return float(self.job.checkpoint.get("seconds", 0.0)) + time.monotonic() - self.started


def _note(run: Run, text: str) -> None:
    run.log = [*run.log, {"at": timezone.now().isoformat(timespec="seconds"), "text": text}]
    Run.objects.filter(pk=run.pk).update(log=run.log)


def _keep(run: Run, answer: Answer, *, seconds: float) -> None:
    run.summary = {**run.summary, **answer.summary}
    run.outputs = [_stored(run, output) for output in answer.outputs]
    run.seconds, run.finished_at = round(seconds, 2), timezone.now()
    run.save(update_fields=["summary", "outputs", "seconds", "finished_at"])
    _note(run, _("Finished."))
    events.used(USED, tenant=run.tenant, actor=run.created_by, use_case=run.use_case)


def _signs(output: Output) -> dict[str, Any]:
    features = json.loads(output.path.read_bytes())["features"] if output.legend else []
    return {"shapes": signs.shapes_of(features), "extent": signs.extent_of(features)} if features else {}


def _stored(run: Run, output: Output) -> dict[str, Any]:
    with output.path.open("rb") as source:
        file = files.store(source, tenant=run.tenant, name=output.path.name, content_type=output.content_type, by=run.created_by)  # fmt: skip
    known = {
        "name": output.name,
        "file": file.pk,
        "file_name": file.name,
        "content_type": output.content_type,
        "size": file.size,
        "unit": output.unit,
    }
    if output.content_type == geojson.CONTENT_TYPE:
        return (
            known | {"colours": [[colour, words] for _low, colour, words in output.legend]} | _signs(output)
        )
    if output.content_type != GEOTIFF:
        return known
    legend = [[low, colour, words] for low, colour, words in output.legend]
    steps = [
        {"title": str(each.title), "words": str(each.words), "value": each.value, "asked": each.asked}
        for each in output.steps
    ]
    return known | {
        "grid": asdict(grid_of(output.path)),
        "legend": legend,
        **({"steps": steps} if steps else {}),
        **({"frames": True} if output.frames else {}),
    }
