"""What a person does with a workflow: begin it, plan its steps, go on and back, join runs to it, remove it."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tenants import events, outbox
from tenants.errors import Refused
from tenants.models import Tenant, User
from tenants.permissions import require
from tenants.roles import roles_with
from twin.analysis.errors import RowGone
from twin.analysis.models import Run, StepKind, Workflow, WorkflowRun, WorkflowStep
from twin.analysis.signals import workflow_moved
from twin.analysis.usecase import UseCase

ACTION = "analyse"


def colleagues(tenant: Tenant) -> Any:
    """Who can be asked to do a step."""
    held = {"memberships__tenant": tenant, "memberships__role__in": roles_with(ACTION)}
    return User.objects.filter(is_active=True, **held).distinct().order_by("name", "pk")


@transaction.atomic
def begin(use_case: UseCase, *, title: str, due: date | None, tenant: Tenant, actor: User) -> Workflow:
    """due: of its last step."""
    require(actor, ACTION, tenant)
    workflow: Workflow = Workflow.objects.create(
        tenant=tenant, use_case=use_case.slug, title=title, created_by=actor
    )
    last = len(StepKind) - 1
    WorkflowStep.objects.bulk_create(
        WorkflowStep(
            tenant=tenant,
            workflow=workflow,
            position=position,
            kind=kind,
            due=due if position == last else None,
        )
        for position, kind in enumerate(StepKind)
    )
    _record("begin_workflow", workflow, actor=actor, after={"title": title, "use_case": use_case.slug})
    return workflow


@transaction.atomic
def plan_step(step: WorkflowStep, *, assignee: User | None, due: date | None, note: str, actor: User) -> None:
    """Say who does it until when, and what was found."""
    workflow = _locked(step.workflow, actor)
    step.refresh_from_db(fields=["assignee", "due", "note"])  # what somebody else said meanwhile
    before = _planned(step)
    newly = assignee is not None and assignee.pk != step.assignee_id
    step.assignee, step.due, step.note = assignee, due, note
    step.save(update_fields=["assignee", "due", "note"])
    _record(
        "plan_workflow_step",
        workflow,
        actor=actor,
        before=before,
        after={"step": step.kind, **_planned(step)},
    )
    if newly and step == current(workflow):
        _tell(step, actor=actor, at=timezone.now())


@transaction.atomic
def finish_step(workflow: Workflow, *, kind: str, actor: User) -> None:
    """Go on to the next one. kind: the step that the person saw as the current one. Raises Refused."""
    _locked(workflow, actor)
    step = current(workflow)
    if step is None or step.kind != kind:
        raise Refused(_("Somebody else moved this workflow meanwhile. Look at it again."))
    _refuse_unfinished(step)
    step.done_at, step.done_by = timezone.now(), actor
    step.save(update_fields=["done_at", "done_by"])
    following = current(workflow)
    _close(workflow, None if following else step.done_at)
    _record("finish_workflow_step", workflow, actor=actor, after={"step": step.kind})
    if following:
        _tell(following, actor=actor, at=step.done_at)


@transaction.atomic
def reopen_step(workflow: Workflow, *, kind: str, actor: User) -> None:
    """Go back to this step; those behind it are to be done again. Raises Refused where it is not done."""
    _locked(workflow, actor)
    steps = list(workflow.steps.all())
    step = next((one for one in steps if one.kind == kind and one.done_at), None)
    if step is None:
        raise Refused(_("Somebody else moved this workflow meanwhile. Look at it again."))
    workflow.steps.filter(position__gte=step.position).update(done_at=None, done_by=None)
    _close(workflow, None)
    _record("reopen_workflow_step", workflow, actor=actor, after={"step": step.kind})
    _tell(step, actor=actor, at=timezone.now())


@transaction.atomic
def join(workflow: Workflow, run: Run, *, actor: User) -> None:
    """Say that this run answers the workflow's question. Raises Refused for one of another use case or another town, or that is gone."""
    _locked(workflow, actor)
    if (run.use_case, run.tenant_id) != (workflow.use_case, workflow.tenant_id):
        raise Refused(_("This analysis is not one of the workflow's use case."))
    if Run.objects.select_for_update(no_key=True, of=("self",)).only("pk").filter(pk=run.pk).first() is None:
        raise Refused(_("The analysis was deleted meanwhile."))
    WorkflowRun.objects.get_or_create(tenant_id=workflow.tenant_id, workflow=workflow, run=run)


@transaction.atomic
def part(workflow: Workflow, run: Run, *, actor: User) -> None:
    """The run stays, the workflow forgets it."""
    _locked(workflow, actor)
    WorkflowRun.objects.filter(workflow=workflow, run=run).delete()


@transaction.atomic
def remove(workflow: Workflow, *, actor: User) -> None:
    """Its runs stay."""
    _locked(workflow, actor)
    before = events.state_of(workflow, "title", "use_case")
    _record("delete_workflow", workflow, actor=actor, before=before)
    workflow.delete()


def current(workflow: Workflow) -> WorkflowStep | None:
    found: WorkflowStep | None = workflow.steps.filter(done_at=None).select_related("assignee").first()
    return found


def runs_of(workflow: Workflow) -> Any:
    return Run.objects.filter(links__workflow=workflow)


def _locked(workflow: Workflow, actor: User) -> Workflow:
    """Two people at once go one after the other. Raises RowGone."""
    require(actor, ACTION, workflow)
    if Workflow.objects.select_for_update(of=("self",)).only("pk").filter(pk=workflow.pk).first() is None:
        raise RowGone(_("The workflow was deleted meanwhile."))
    return workflow


def _refuse_unfinished(step: WorkflowStep) -> None:
    runs = runs_of(step.workflow)
    if step.kind == StepKind.RUN and not runs.done().exists():
        raise Refused(
            _(
                "No finished analysis belongs to this workflow yet. Ask the use case, or add an analysis that there is."
            )
        )
    if step.kind == StepKind.PUBLICATION and not step.note and not runs.filter(is_public=True).exists():
        raise Refused(
            _(
                "None of its analyses is public. Publish one, or say in the note of this step why they stay closed."
            )
        )


def _planned(step: WorkflowStep) -> dict[str, Any]:
    return {
        "assignee": str(step.assignee or ""),
        "due": step.due and step.due.isoformat(),
        "note": step.note,
    }


def _close(workflow: Workflow, at: datetime | None) -> None:
    workflow.closed_at = at
    workflow.save(update_fields=["closed_at"])


def _record(action: str, workflow: Workflow, *, actor: User, **states: Any) -> None:
    events.audit(action, tenant_id=workflow.tenant_id, thing=workflow, actor=actor, **states)
    workflow_moved.send(Workflow, tenant=workflow.tenant)


# --- mails


def _tell(step: WorkflowStep, *, actor: User, at: datetime) -> None:
    """Whose turn it is now; nobody is told what they did themselves."""
    if step.assignee is None or step.assignee == actor:
        return
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("It is your turn: %s") % step.workflow
        _post(step, f"turn:{at.isoformat()}", to=step.assignee, subject=subject)


def remind(today: date) -> None:
    """A mail to who has a step that is due, once for each day that it was due on. The caller reads and writes all tenants."""
    first = Min("workflow__steps__position", filter=Q(workflow__steps__done_at=None))
    due = WorkflowStep.objects.filter(done_at=None, due__lte=today, assignee__is_active=True)
    for step in due.annotate(first=first).select_related("workflow", "tenant", "assignee"):
        if step.assignee and step.position == step.first:
            with translation.override(settings.LANGUAGE_CODE):
                subject = _("A step is due: %s") % step.workflow
                _post(step, f"due:{step.due}", to=step.assignee, subject=subject)


def _post(step: WorkflowStep, occasion: str, *, to: User, subject: str) -> None:
    """Nothing to who has left meanwhile: question and note are the town's own."""
    if not colleagues(step.tenant).filter(pk=to.pk).exists():
        return
    words = {
        "step": step.get_kind_display(),
        "due": date_format(step.due, "SHORT_DATE_FORMAT") if step.due else _("no date"),
    }
    body = _("Step “%(step)s”, due: %(due)s") % words
    text = "\n\n".join(
        filter(None, (body, step.note, f"{settings.BASE_URL}{step.workflow.get_absolute_url()}"))
    )
    outbox.post(
        step.tenant,
        key=f"workflow:{step.pk}:{occasion}",
        recipient=to.email,
        subject=subject,
        body=text,
    )
