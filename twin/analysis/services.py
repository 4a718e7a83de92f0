"""What a person does with analyses."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from tenants import events, files, jobs, permissions
from tenants.errors import Refused
from tenants.models import JobState, PrivateFile, Tenant, User
from tenants.permissions import require
from tenants.roles import Share
from twin.analysis import handing, printing, requesting
from twin.analysis.errors import RowGone
from twin.analysis.forms import Question
from twin.analysis.inputs import MODELS
from twin.analysis.models import Run
from twin.analysis.usecase import UseCase
from twin.catalogue import deliveries
from twin.catalogue.models import Upload

ACTS = {True: "publish_run", False: "withdraw_run"}


def request_run(
    use_case: UseCase, question: Question, *, title: str, tenant: Tenant, actor: User
) -> tuple[Run, bool]:
    """Have a question answered: the run, and whether it is a new one. Raises RunRefused with a proposal."""
    require(actor, "analyse", tenant)
    return requesting.request(use_case, question, title=title, tenant=tenant, actor=actor)


def cancel_run(run: Run, *, actor: User) -> None:
    """Stop it; what is over stays as it is."""
    require(actor, "analyse", run)
    if run.job is not None:
        jobs.cancel(run.job, actor=actor)


def cancel_waiting(tenant: Tenant, *, actor: User) -> int:
    """Stop all of the tenant's that nobody has begun; how many. What is being computed goes on."""
    require(actor, "analyse", tenant)
    waiting = waiting_of(tenant).select_related("job")
    for run in waiting:
        cancel_run(run, actor=actor)
    return len(waiting)


def waiting_of(tenant: Tenant) -> QuerySet[Run]:
    found: QuerySet[Run] = Run.objects.filter(tenant=tenant, job__state=JobState.QUEUED)
    return found


def request_report(run: Run, *, actor: User | None) -> None:
    """Have a long report printed, for whoever may see the run. One that was given up is tried again by the town's people alone."""
    if printing.kept(run) is None and printing.latest(run) is None:
        printing.request(run, actor=actor)


def retry_report(run: Run, *, actor: User) -> None:
    require(actor, "analyse", run)
    printing.request(run, actor=actor)


def cancel_report(run: Run, *, actor: User) -> None:
    """Stop printing it; one that is kept stays."""
    require(actor, "analyse", run)
    job = printing.latest(run)
    if job is not None:
        jobs.cancel(job, actor=actor)


@transaction.atomic
def publish_run(run: Run, *, actor: User) -> None:
    """Let everybody read the answer. Raises Refused where there is none yet, and where it tells what others shared with us alone."""
    require(actor, "publish_run", run)
    _hold(run)
    if run.finished_at is None:
        raise Refused(_("The analysis has no result yet."))
    _refuse_borrowed(run)
    _show(run, visible=True, actor=actor)
    if printing.is_long(run) and printing.kept(run) is None:  # so that readers need not wait
        printing.request(run, actor=actor)


@transaction.atomic
def withdraw_run(run: Run, *, actor: User) -> None:
    require(actor, "publish_run", run)
    _hold(run)
    _show(run, visible=False, actor=actor)


def _hold(run: Run) -> None:
    """Nobody deletes it until the transaction ends. Raises RowGone where somebody has."""
    if Run.objects.select_for_update(no_key=True, of=("self",)).only("pk").filter(pk=run.pk).first() is None:
        raise RowGone(_("The analysis was deleted meanwhile."))


def _refuse_borrowed(run: Run) -> None:
    """What another tenant lets this one read is not for this one to pass on."""
    others = [each for each in run.inputs if each.get("owner", run.tenant.slug) != run.tenant.slug]
    closed = [each["title"] for each in others if not _is_public(each)]
    if closed:
        named = ", ".join(closed[:3])
        raise Refused(_("The analysis tells what others have not made public: %s") % named)


def _is_public(of: Mapping[str, Any]) -> bool:
    kind = next(name for name in MODELS if name in of)
    found: bool = MODELS[kind].objects.filter(public_id=of[kind], is_public=True).exists()
    return found


def _show(run: Run, *, visible: bool, actor: User) -> None:
    before = events.state_of(run, "is_public")
    run.is_public = visible
    run.save(update_fields=["is_public"])
    _files(run).update(is_public=visible)
    events.audit(ACTS[visible], tenant_id=run.tenant_id, thing=run, actor=actor, before=before, after={"is_public": visible})  # fmt: skip


def _files(run: Run) -> QuerySet[PrivateFile]:
    keys = [each["file"] for each in (*run.outputs, run.report) if each]
    return PrivateFile.objects.filter(tenant=run.tenant_id, pk__in=keys)


@transaction.atomic
def deliver_output(run: Run, name: str, *, actor: User) -> Upload:
    """Hand one of its files over to the data of its town, where it is chosen about as of any delivery. Raises Refused."""
    require(actor, "import_dataset", run)
    _hold(run)
    found = handing.output_of(run, name)
    if found is None or found[0]["content_type"] not in handing.IMPORTABLE:
        raise Refused(_("No dataset can be made of this file."))
    _refuse_borrowed(run)
    output, file = found
    named = f"{slugify(run.title) or run.use_case}-{output['file_name']}"
    upload = deliveries.begin_upload(named, size=file.size, tenant=run.tenant, actor=actor)
    with files.path_of(file).open("rb") as source:
        return deliveries.append(upload, files.chunks(source), offset=0, actor=actor)


@transaction.atomic
def share_run(run: Run, *, holder: User | Tenant, actor: User) -> None:
    """Let a person or another tenant read the answer. Raises Refused as `publish_run`."""
    require(actor, "share", run)
    _hold(run)
    _refuse_borrowed(run)
    permissions.share(run, holder=holder, as_=Share.READER)
    events.audit("share_run", tenant_id=run.tenant_id, thing=run, actor=actor, after={"holder": str(holder)})


@transaction.atomic
def unshare_run(run: Run, *, holder: User | Tenant, actor: User) -> None:
    require(actor, "share", run)
    _hold(run)
    permissions.unshare(run, holder=holder, as_=Share.READER)
    events.audit("unshare_run", tenant_id=run.tenant_id, thing=run, actor=actor, before={"holder": str(holder)})  # fmt: skip


@transaction.atomic
def delete_run(run: Run, *, actor: User) -> None:
    """Remove it with its files. Raises Refused while it is under way."""
    require(actor, "delete_run", run)
    _hold(run)
    if not run.is_over:
        raise Refused(_("The analysis is under way. Cancel it first."))
    events.audit("delete_run", tenant_id=run.tenant_id, thing=run, actor=actor, before=events.state_of(run, "title", "public_id"))  # fmt: skip
    for holder, as_ in permissions.shares_of(run):
        permissions.unshare(run, holder=holder, as_=as_)
    for file in _files(run):
        files.remove(file)
    run.delete()
