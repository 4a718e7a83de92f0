"""What a person does with plans: may they, change, record."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import PROTECT, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from planning import lifecycle, matching, printing, proceedings, storing, tasks, uploads, validating
from planning.errors import IllegalStep, NothingToDecide, UnknownHolder, refuse
from planning.lifecycle import Action
from planning.matching import ASK, AUTO, NEW
from planning.models import (
    BatchItem,
    EditDraft,
    EditedObject,
    EditStep,
    Fassung,
    Finding,
    Plan,
    PlanDocument,
    PlanObject,
    PlanRaster,
    PlanReference,
    PlanReview,
    PlanUpgrade,
    PlanVersion,
    ProcedureStep,
    StepDocument,
    ValidationRun,
)
from tenants import events, files, jobs, outbox, permissions
from tenants.models import Job, PrivateFile, Tenant, User
from tenants.permissions import require
from tenants.roles import Share
from tenants.scope import acting_for

if TYPE_CHECKING:
    Upload = UploadedFile[Any]
else:
    Upload = UploadedFile
PLAN_SUFFIXES = frozenset({".gml", ".xml", ".zip"})
_PUBLIC_CHILDREN: tuple[Any, ...] = (PlanObject, PlanReference)
# Children before parents: the composite keys know no cascade.
_CHILDREN: tuple[Any, ...] = (
    EditedObject,
    EditStep,
    EditDraft,
    Finding,
    ValidationRun,
    PlanReview,
    PlanUpgrade,
    PlanReference,
    PlanObject,
    PlanRaster,
    PlanDocument,
    StepDocument,
    ProcedureStep,
    Fassung,
)


def request_import(
    delivered: Sequence[Upload], *, actor: User, tenant: Tenant, plan: Plan | None = None
) -> list[Job]:
    """Start one job for each plan file or archive; other files of the same upload are its documents.

    plan: the plan that the file is a new version of, else it is matched and the actor asked. Raises ImportRefused.
    """
    require(actor, "import_plan", plan or tenant)
    plans = [upload for upload in delivered if _suffix(upload) in PLAN_SUFFIXES]
    documents = [upload for upload in delivered if upload not in plans]
    if not plans:
        raise refuse("file.kind", name=delivered[0].name or "")
    with acting_for([tenant.pk], [tenant.pk]):
        return [
            jobs.start(
                tasks.import_upload.name,
                tenant=tenant,
                actor=actor,
                title=upload.name or "",
                params={
                    "file": keep(upload, tenant, actor).pk,
                    "documents": [keep(document, tenant, actor).pk for document in documents],
                    "decision": str(plan.public_id) if plan else ASK,
                    "plan": str(plan.public_id) if plan else None,
                },
            )
            for upload in plans
        ]


def _suffix(upload: Upload) -> str:
    return PurePosixPath(upload.name or "").suffix.lower()


def keep(upload: Upload, tenant: Tenant, actor: User) -> PrivateFile:
    """An upload as a private file of the tenant."""
    upload.seek(0)
    kind = storing.CONTENT_TYPE if _suffix(upload) in {".gml", ".xml"} else upload.content_type
    return files.store(
        upload.chunks(),
        tenant=tenant,
        name=upload.name or "",
        content_type=(kind or "application/octet-stream")[:100],
        by=actor,
    )


def decide_import(job: Job, *, actor: User, as_new: bool) -> Job:
    """Go on with a file that looked like a new version: store it so, or as a plan of its own. Raises NothingToDecide."""
    require(actor, "import_plan", job.tenant)
    with acting_for([job.tenant_id], [job.tenant_id]):
        _close(job)
        decision = NEW if as_new else AUTO
        events.audit(
            "decide_import", tenant_id=job.tenant_id, thing=job, actor=actor, after={"decision": decision}
        )
        params = {**job.params, "decision": decision, "decided": False}
        following = jobs.start(job.task, tenant=job.tenant, actor=actor, title=job.title, params=params)
        BatchItem.objects.filter(job=job).update(job=following)
        return following


def discard_import(job: Job, *, actor: User) -> None:
    """Throw away a file that waits for a decision. Raises NothingToDecide."""
    require(actor, "import_plan", job.tenant)
    with acting_for([job.tenant_id], [job.tenant_id]):
        _close(job)
        events.audit("discard_import", tenant_id=job.tenant_id, thing=job, actor=actor)
        uploads.discard(job)


def _close(job: Job) -> None:
    """Mark the decision as taken; of two persons the first one takes it."""
    row = Job.objects.select_for_update().get(pk=job.pk)
    if not uploads.awaits_decision(row):
        raise NothingToDecide
    Job.objects.filter(pk=job.pk).update(params={**row.params, "decided": True})


def request_check(version: PlanVersion, *, actor: User) -> Job:
    """Check a version anew; where its check is under way already, that one goes on."""
    plan = version.plan
    require(actor, "change_plan", plan)
    with acting_for([plan.tenant_id], [plan.tenant_id]):
        job = validating.request(version, actor=actor)
        after = {"version": version.number}
        events.audit("check_plan", tenant_id=plan.tenant_id, thing=plan, actor=actor, after=after)
        for tenant in matching.served(plan):
            events.used("plan_checked", tenant=tenant, actor=actor)
    return job


def request_print(version: PlanVersion, order: printing.Order, *, actor: User) -> Job:
    """Have a worker print a version; a reader from outside gets what is public of the procedure, as on the page."""
    plan = version.plan
    require(actor, "view", plan)
    public = plan.tenant_id not in permissions.reach_of(actor).scope.read
    title = _("Planzeichnung of %s") % plan
    params = printing.params_of(version, order, public=public)
    with acting_for([plan.tenant_id], [plan.tenant_id]):
        return jobs.start(printing.TASK, tenant=plan.tenant, actor=actor, title=title, params=params)


def finished_print(plan: Plan, job: UUID, *, actor: User) -> PrivateFile | None:
    """The file of a print that the person asked for; None where there is none (any more)."""
    with acting_for([plan.tenant_id]):
        rows = Job.objects.filter(task=printing.TASK, actor=actor, tenant=plan.tenant_id, public_id=job)
        found = rows.filter(params__plan=plan.pk).first()
        return PrivateFile.objects.filter(pk=found.result.get("file", 0)).first() if found else None


def cancel_check(version: PlanVersion, *, actor: User) -> None:
    """Stop the check of a version; what the check before found stays."""
    plan = version.plan
    require(actor, "change_plan", plan)
    with acting_for([plan.tenant_id]):
        job = validating.latest_job(version)
    if job is not None:
        jobs.cancel(job, actor=actor)


def cancel_import(job: Job, *, actor: User) -> None:
    """Stop an import; whoever started it may, and who may import for the tenant."""
    if job.actor_id != actor.pk:
        require(actor, "import_plan", job.tenant)
    jobs.cancel(job, actor=actor)


@transaction.atomic
def publish_plan(plan: Plan, *, actor: User, on: date) -> None:
    """Make the newest version what everybody sees. Earlier published versions stay readable. Raises IllegalStep."""
    require(actor, "publish_plan", plan)
    plan = Plan.objects.select_for_update(of=("self",)).select_related("current_version").get(pk=plan.pk)
    before = events.state_of(plan, "state", "published_version", "published_on")
    version = plan.current_version
    if version is None or version.is_sent_back:
        raise IllegalStep("there is no version to publish")
    plan.state = lifecycle.after(plan.state, Action.PUBLISH) or plan.state
    plan.is_public, plan.published_on, plan.published_version = True, on, version
    storing.show(plan, version.header, version.area)
    plan.save()
    _open(version)
    after = events.state_of(plan, "state", "published_version", "published_on")
    _record("publish_plan", plan, actor=actor, before=before, after=after)


def _open(version: PlanVersion) -> None:
    """Let everybody read the rows of a version; internal documents stay closed."""
    PlanVersion.objects.filter(pk=version.pk).update(is_public=True)
    for model in _PUBLIC_CHILDREN:
        model.objects.filter(version=version).update(is_public=True)
    documents = PlanDocument.objects.filter(version=version, is_internal=False).current()
    documents.update(is_public=True)
    PrivateFile.objects.filter(pk__in=documents.values("file")).update(is_public=True)
    rasters = PlanRaster.objects.filter(version=version, document__is_public=True)
    rasters.update(is_public=True)
    PrivateFile.objects.filter(pk__in=rasters.values("file")).update(is_public=True)
    proceedings.open_to_public(version)


@transaction.atomic
def withdraw_plan(plan: Plan, *, actor: User) -> None:
    """Take a published plan back from the public, all its versions and documents with it. Raises IllegalStep."""
    require(actor, "withdraw_plan", plan)
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    before = events.state_of(plan, "state", "published_version")
    plan.state = lifecycle.after(plan.state, Action.WITHDRAW) or plan.state
    plan.is_public, plan.published_version, plan.published_on = False, None, None
    plan.save()
    for model in (
        PlanVersion,
        PlanDocument,
        PlanRaster,
        StepDocument,
        Fassung,
        ProcedureStep,
        *_PUBLIC_CHILDREN,
    ):
        model.objects.filter(plan=plan).update(is_public=False)
    _files_of(plan).update(is_public=False)
    _record("withdraw_plan", plan, actor=actor, before=before, after={"state": plan.state})


@transaction.atomic
def delete_plan(plan: Plan, *, actor: User) -> None:
    """Remove a draft with all its versions and files. Raises IllegalStep, also when a procedure hangs on it."""
    require(actor, "delete_plan", plan)
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    lifecycle.after(plan.state, Action.DELETE)
    _refuse_when_needed(plan)
    _record("delete_plan", plan, actor=actor, before=events.state_of(plan, "number", "name", "public_id"))
    for holder, as_ in permissions.shares_of(plan):
        permissions.unshare(plan, holder=holder, as_=as_)
    kept = list(_files_of(plan))
    for model in _CHILDREN:
        model.objects.filter(plan=plan)._raw_delete("default")
    plan.delete()
    for row in kept:
        if not PlanVersion.objects.filter(file=row).exists():  # a file of several plans
            files.remove(row)


def _refuse_when_needed(plan: Plan) -> None:
    """Raise IllegalStep when records of another package (a procedure) hang on the plan."""
    for relation in Plan._meta.related_objects:
        if getattr(relation, "on_delete", None) is PROTECT:
            manager = relation.related_model._default_manager
            if manager.filter(**{relation.field.name: plan}).exists():
                raise IllegalStep(f"{relation.related_model._meta.label} hangs on the plan")


def _files_of(plan: Plan) -> QuerySet[PrivateFile]:
    documents = PlanDocument.objects.filter(plan=plan, file__isnull=False).values("file")
    versions = PlanVersion.objects.filter(plan=plan).values("file")
    papers = StepDocument.objects.filter(plan=plan).values("file")
    rasters = PlanRaster.objects.filter(plan=plan, file__isnull=False).values("file")
    upgrades = PlanUpgrade.objects.filter(plan=plan, file__isnull=False)
    every = documents.union(versions, papers, rasters, upgrades.values("file"), upgrades.values("losses"))
    found: QuerySet[PrivateFile] = PrivateFile.objects.filter(pk__in=every)
    return found


@transaction.atomic
def share_plan(plan: Plan, *, actor: User, holder: User | Tenant, as_: Share) -> None:
    """Open one plan to a person or to another tenant, who learns of it by mail where it is a person."""
    require(actor, "share", plan)
    permissions.share(plan, holder=holder, as_=as_)
    events.audit("share_plan", tenant_id=plan.tenant_id, thing=plan, actor=actor, after=_grant(holder, as_))
    if isinstance(holder, User):
        _tell(plan, holder, actor)


def _tell(plan: Plan, person: User, actor: User) -> None:
    words = {
        "actor": actor,
        "tenant": plan.tenant,
        "plan": plan,
        "url": f"{settings.BASE_URL}{plan.get_absolute_url()}",
    }
    with translation.override(settings.LANGUAGE_CODE):  # nobody knows the recipient's; not that of who shares
        subject = _("A plan was shared with you: %s") % plan
        body = _("%(actor)s of %(tenant)s shared the plan “%(plan)s” with you:\n\n%(url)s") % words
    outbox.post(
        plan.tenant,
        key=f"share:{plan.public_id}:{person.pk}",
        recipient=person.email,
        subject=subject,
        body=body,
    )


@transaction.atomic
def unshare_plan(plan: Plan, *, actor: User, holder: User | Tenant, as_: Share) -> None:
    require(actor, "share", plan)
    permissions.unshare(plan, holder=holder, as_=as_)
    events.audit(
        "unshare_plan", tenant_id=plan.tenant_id, thing=plan, actor=actor, before=_grant(holder, as_)
    )


def _grant(holder: User | Tenant, as_: Share) -> dict[str, str]:
    return {"holder": str(holder), "share": as_.value}


def person_with(address: str) -> User:
    """The active person with this mail address. Raises UnknownHolder."""
    person = User.objects.filter(email=address.strip().lower(), is_active=True).first()
    if person is None:
        raise UnknownHolder(address)
    return person


def _record(
    action: str,
    plan: Plan,
    *,
    actor: User,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    events.audit(action, tenant_id=plan.tenant_id, thing=plan, actor=actor, before=before, after=after)
    for tenant in matching.served(plan):
        events.used("plan_changed", tenant=tenant, actor=actor)


def readable_files(plan: Plan, documents: Iterable[PlanDocument]) -> list[PrivateFile]:
    """The files of documents that the caller was already allowed to see: a share opens the plan's rows, not the file table."""
    with acting_for([plan.tenant_id]):
        return list(PrivateFile.objects.filter(pk__in=[document.file_id for document in documents]))
