"""What a source describes -> records, and how it differs from the run before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models.fields.json import KT
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants import jobs
from tenants.errors import JobFailed
from tenants.jobs import Progress
from tenants.models import Job, User
from twin.catalogue import gathering, harvested
from twin.catalogue.gathering import Gathered
from twin.catalogue.models import Harvest, Record, Source
from twin.catalogue.refusals import SourceRefused

TASK = "twin.catalogue.tasks.harvest_source"
FILE = "file:"  # how the address of a source begins that was read from a file
_TITLES = 100  # named in a run's changes, of each sort
_KEPT = timedelta(days=30)
_CHUNK = 200  # rows written at once
_FIELDS = (*harvested.FIELDS, "parent", "changed_at")


@dataclass
class Changes:
    """Titles of what one run found different."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


def start(source: Source, *, actor: User | None) -> Job:
    """Give a source to the worker."""
    title = _("Harvest of %s") % source
    return jobs.start(TASK, tenant=source.tenant, actor=actor, title=title, params={"source": source.pk})


def tidy(at: datetime) -> int:
    """Remove the jobs of old runs, which no page shows; what they found stands in Harvest."""
    return jobs.purge(TASK, before=at - _KEPT)


def work(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Harvest the job's source. Raises JobFailed with the reason."""
    source = Source.objects.filter(pk=job.params["source"]).first()
    if source is None:
        raise JobFailed(_("The source is no longer there."))
    try:
        run = harvest(source, progress=lambda share: progress(share, str(source)))
    except SourceRefused as error:
        raise JobFailed(str(error)) from error
    return {"added": run.added, "changed": run.changed, "gone": run.gone}


def harvest(source: Source, *, progress: Callable[[float], None] = lambda share: None) -> Harvest:
    """Read a source anew and write down the run; a failed one changes nothing else. Raises SourceRefused."""
    try:
        if source.url.startswith(FILE):
            raise SourceRefused(_("The source was read from a file. Read the file again with “manage.py harvest”."))  # fmt: skip
        gathered = gathering.gather(source.kind, source.url, progress=progress)
    except SourceRefused as error:
        now = timezone.now()
        Source.objects.filter(pk=source.pk).update(error=str(error), harvested_at=now)
        Harvest.objects.create(tenant_id=source.tenant_id, source=source, at=now, ok=False, error=str(error))
        raise
    return write(source, gathered, at=timezone.now())


@transaction.atomic
def write(source: Source, gathered: Gathered, *, at: datetime) -> Harvest:
    """Make what was gathered the records of the source. What is there no more is kept as gone, and comes back when it is."""
    source = Source.objects.select_for_update().get(pk=source.pk)
    wanted = dict(harvested.records(source, gathered.description))
    digest = harvested.digest_of(wanted)
    changes = _merge(source, wanted, at=at, whole=gathered.whole) if digest != source.settled else Changes()
    source.settled, source.harvested_at, source.error = digest, at, ""
    source.title = source.title or gathered.description.title
    source.save(update_fields=["settled", "harvested_at", "error", "title"])
    return Harvest.objects.create(
        tenant_id=source.tenant_id,
        source=source,
        at=at,
        ok=True,
        error=""
        if gathered.whole
        else _("The source holds more; the first %s were taken over.")
        % len(gathered.description.entries),  # fmt: skip
        added=len(changes.added),
        changed=len(changes.changed),
        gone=len(changes.gone),
        changes={name: titles[:_TITLES] for name, titles in vars(changes).items()},
    )


def _merge(source: Source, wanted: Mapping[str, dict[str, Any]], *, at: datetime, whole: bool) -> Changes:
    rows = Record.objects.filter(source=source).annotate(told=KT("foreign__digest"))
    known = {row.identifier: row for row in rows}
    changes = Changes()
    parent: Record | None = None
    new: list[Record] = []
    other: list[Record] = []
    for identifier, values in wanted.items():
        row = known.get(identifier)
        if row is None or row.is_gone or row.told != values["foreign"]["digest"]:
            sort = changes.added if row is None or row.is_gone else changes.changed
            sort.append(values["title"])
            row = _filled(
                row or Record(tenant_id=source.tenant_id, source=source, identifier=identifier), values
            )
            row.changed_at, row.parent = at, parent
            (other if row.pk else new).append(row)
        if parent is None:  # the service itself comes first, and its parts need its number
            row.save()
            parent, new, other = row, [], []
    Record.objects.bulk_create(new, batch_size=_CHUNK)
    Record.objects.bulk_update(other, _FIELDS, batch_size=_CHUNK)
    if whole:
        gone = [row for identifier, row in known.items() if identifier not in wanted and not row.is_gone]
        Record.objects.filter(pk__in=[row.pk for row in gone]).update(is_gone=True, changed_at=at)
        changes.gone = [row.title for row in gone]
    return changes


def _filled(row: Record, values: Mapping[str, Any]) -> Record:
    for name, value in values.items():
        setattr(row, name, value)
    return row
