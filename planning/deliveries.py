"""What a person does with many plan files at once: may they, change, record."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from planning import services, uploads
from planning.errors import NothingToDecide, refuse
from planning.models import Batch
from planning.services import PLAN_SUFFIXES, Upload
from planning.tasks import take_apart
from planning.xplanung.archive import Archive, is_archive, plan_members
from planning.xplanung.findings import UnreadableFile
from tenants import events, jobs
from tenants.models import Job, Tenant, User
from tenants.permissions import require
from tenants.scope import acting_for


def holds_several(delivered: Sequence[Upload]) -> bool:
    """Whether there is more than one plan file in it, in one archive or beside one another."""
    return sum(_count(upload) for upload in delivered) > 1


def _count(upload: Upload) -> int:
    """Plan files in an upload; a damaged archive is one file, whose report says so."""
    if _suffix(upload) not in PLAN_SUFFIXES:
        return 0
    upload.seek(0)
    source: Any = upload.file
    try:
        return len(list(plan_members(Archive(source)))) if is_archive(source) else 1
    except UnreadableFile:
        return 1
    finally:
        upload.seek(0)


def _suffix(upload: Upload) -> str:
    return PurePosixPath(upload.name or "").suffix.lower()


@transaction.atomic
def request_batch(delivered: Sequence[Upload], *, actor: User, tenant: Tenant) -> Batch:
    """Keep what was delivered and start taking it apart. Raises ImportRefused where no plan is among it."""
    require(actor, "import_plan", tenant)
    plans = [upload for upload in delivered if _suffix(upload) in PLAN_SUFFIXES]
    documents = [upload for upload in delivered if upload not in plans]
    if not plans:
        raise refuse("file.kind", name=delivered[0].name or "")
    title = (plans[0].name or "")[:200] if len(plans) == 1 else _("%(name)s and %(count)s more") % {"name": (plans[0].name or "")[:200], "count": len(plans) - 1}  # fmt: skip
    with acting_for([tenant.pk], [tenant.pk]):
        batch: Batch = Batch.objects.create(tenant=tenant, title=title, created_by=actor)
        params = {
            "batch": batch.pk,
            "files": [services.keep(upload, tenant, actor).pk for upload in plans],
            "documents": [services.keep(upload, tenant, actor).pk for upload in documents],
        }
        batch.job = jobs.start(take_apart.name, tenant=tenant, actor=actor, title=title, params=params)
        batch.save(update_fields=["job"])
        events.audit(
            "request_batch", tenant_id=tenant.pk, thing=batch, actor=actor, after={"files": len(plans)}
        )
    return batch


def cancel_batch(batch: Batch, *, actor: User) -> None:
    """Stop it; files imported already stay."""
    require(actor, "import_plan", batch.tenant)
    with acting_for([batch.tenant_id], [batch.tenant_id]):
        own = [batch.job] if batch.job else []
        for job in own + _jobs(batch):
            jobs.cancel(job, actor=actor)


def _jobs(batch: Batch) -> list[Job]:
    """Of the files of a batch that have one, in their order."""
    items = batch.items.select_related("job__tenant", "job__actor").order_by("pk")
    return [item.job for item in items if item.job is not None]


def decide_batch(batch: Batch, *, actor: User, answer: str) -> int:
    """Answer for all files that wait for a decision: version, new or discard; returns for how many."""
    require(actor, "import_plan", batch.tenant)
    with acting_for([batch.tenant_id], [batch.tenant_id]):
        waiting = [job for job in _jobs(batch) if uploads.awaits_decision(job)]
        return sum(_decide(job, actor=actor, answer=answer) for job in waiting)


def _decide(job: Job, *, actor: User, answer: str) -> int:
    try:
        if answer == "discard":
            services.discard_import(job, actor=actor)
        else:
            services.decide_import(job, actor=actor, as_new=answer == "new")
    except NothingToDecide:  # a colleague was faster
        return 0
    return 1
