"""Pages of workflows: a use case worked through in steps, with people and due dates."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Min, OuterRef, Q, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView

from tenants import access
from tenants.errors import Refused
from tenants.mixins import StaffPage
from tenants.models import Tenant
from tenants.permissions import actions
from twin.analysis import presenting, registry, workflows
from twin.analysis.errors import RowGone
from twin.analysis.models import Run, StepKind, Workflow, WorkflowStep
from twin.analysis.usecase import UseCase
from twin.analysis.views.reaching import Act, RowPage
from twin.analysis.views.runs import Ask
from twin.analysis.workflow_forms import JoinForm, StepForm, WorkflowFilter, WorkflowForm

PER_PAGE = 25
JOINABLE = 50  # of the newest analyses
HINTS = {
    StepKind.QUESTION: _(
        "What is to be found out, for whom and until when? Put into the note what the question leaves open."
    ),
    StepKind.DATA: _(
        "Which data answer it, how old are they, and what do they lack? What is missing is delivered under “Data”."
    ),
    StepKind.RUN: _("Ask the use case. Several analyses may belong here, to be compared."),
    StepKind.REVIEW: _(
        "Somebody else looks at method, limits and result, and puts into the note what they found."
    ),
    StepKind.RESULT: _("What is the answer, and what follows from it? Put it into the note."),
    StepKind.PUBLICATION: _("Publish an analysis on its page, or say in the note why they stay closed."),
}


class Workflows(StaffPage, TemplateView):
    """What is worked on, whose turn it is until when."""

    template_name = "analysis/workflow_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = WorkflowFilter(self.request.GET or None)
        asked = form.cleaned_data if form.is_valid() else {"state": "", "mine": False}
        page = Paginator(self._rows(asked), PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "form": form,
            "page": page,
            "rows": [
                (row, presenting.title_of(row.use_case), row.step_kind and StepKind(row.step_kind).label)
                for row in page
            ],
            "today": timezone.localdate(),
            "may_begin": workflows.ACTION in actions(self.person, self.tenant),
        }

    def _rows(self, asked: dict[str, Any]) -> Any:
        """Each with its current step; the one that is due first comes first."""
        rows: Any = Workflow.objects.filter(tenant=self.tenant)
        if asked["state"] != "all":
            rows = rows.filter(closed_at__isnull=asked["state"] != "closed")
        current = WorkflowStep.objects.filter(workflow=OuterRef("pk"), done_at=None).order_by("position")
        named = {f"step_{name}": Subquery(current.values(name)[:1]) for name in ("kind", "assignee")}
        rows = rows.annotate(**named, step_person=Subquery(current.values("assignee__name")[:1]))
        if asked["mine"]:
            rows = rows.filter(step_assignee=self.person.pk)
        return rows.annotate(first_due=Min("steps__due", filter=Q(steps__done_at=None))).order_by(
            "first_due", "-pk"
        )


class Begin(StaffPage, FormView[WorkflowForm]):
    action = workflows.ACTION
    form_class = WorkflowForm
    template_name = "analysis/workflow_form.html"

    def get_initial(self) -> dict[str, Any]:
        return {"use_case": self.request.GET.get("anwendungsfall", "")}

    def get_form_kwargs(self) -> dict[str, Any]:
        choices = [(each.slug, each.title) for each in registry.use_cases().values()]
        return {**super().get_form_kwargs(), "use_cases": choices}

    def form_valid(self, form: WorkflowForm) -> HttpResponse:
        said = form.cleaned_data
        use_case = registry.use_cases()[said["use_case"]]
        workflow = workflows.begin(
            use_case, title=said["title"], due=said["due"], tenant=self.tenant, actor=self.person
        )
        return redirect(workflow)


class OfWorkflow(RowPage):
    action = workflows.ACTION
    list_of_rows = "analysis:workflows"

    @cached_property
    def workflow(self) -> Workflow:
        rows = Workflow.objects.select_related("tenant", "created_by")
        found: Workflow = access.fetch(rows, self.person, self.action, public_id=self.kwargs["workflow_id"])
        return found


class WorkflowPage(OfWorkflow, TemplateView):
    action = "view"
    template_name = "analysis/workflow_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        workflow = self.workflow
        steps = list(workflow.steps.select_related("assignee", "done_by"))
        runs = list(presenting.listed(self.person, workflow.tenant).filter(links__workflow=workflow))
        current = next((step for step in steps if step.done_at is None), None)
        found = super().get_context_data(**kwargs) | {
            "workflow": workflow,
            "use_case_title": presenting.title_of(workflow.use_case),
            "is_offered": registry.find(workflow.use_case) is not None,
            "steps": steps,
            "current": current,
            "hint": current and HINTS[StepKind(current.kind)],
            "runs": [(run, presenting.KINDS[run.state]) for run in runs],
            "today": timezone.localdate(),
            "may": actions(self.person, workflow),
        }
        return found | {"join_form": JoinForm(runs=joinable(workflow))}


def joinable(workflow: Workflow) -> Any:
    """Analyses of its use case that do not belong to it yet, the newest ones."""
    rows = Run.objects.filter(tenant=workflow.tenant_id, use_case=workflow.use_case)
    newest = rows.exclude(links__workflow=workflow).order_by("-created_at", "-pk")[:JOINABLE]
    return Run.objects.filter(pk__in=newest.values("pk")).order_by("-created_at", "-pk")


class AskFor(OfWorkflow, Ask):
    """The form of its use case; the answer belongs to the workflow and its town."""

    @property
    def tenant(self) -> Tenant:
        return self.workflow.tenant

    @property
    def use_case(self) -> UseCase:
        found = registry.find(self.workflow.use_case)
        if found is None:
            raise Http404
        return found

    def get_initial(self) -> dict[str, Any]:
        return {"title": self.workflow.title}

    def answered(self, run: Run) -> HttpResponse:
        try:
            workflows.join(self.workflow, run, actor=self.person)
        except RowGone as gone:  # the question stands all the same
            messages.warning(self.request, str(gone))
            return redirect(run)
        return redirect(self.workflow)


class PlanStep(OfWorkflow, FormView[StepForm]):
    form_class = StepForm
    template_name = "analysis/workflowstep_form.html"

    @cached_property
    def step(self) -> WorkflowStep:
        found = self.workflow.steps.filter(kind=self.kwargs["kind"]).first()
        if found is None:
            raise Http404
        found.workflow = self.workflow
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        people = workflows.colleagues(self.workflow.tenant)
        return {**super().get_form_kwargs(), "instance": self.step, "people": people}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "workflow": self.workflow,
            "step": self.step,
            "hint": HINTS[StepKind(self.step.kind)],
        }

    def form_valid(self, form: StepForm) -> HttpResponse:
        step = self.workflow.steps.filter(pk=self.step.pk).first()  # the form has written into the other one
        if step is None:
            raise RowGone(gettext("The workflow was deleted meanwhile."))
        step.workflow = self.workflow
        workflows.plan_step(step, **form.cleaned_data, actor=self.person)
        messages.success(self.request, gettext("Saved."))
        return redirect(self.workflow)


class WorkflowAct(OfWorkflow, Act):
    def back(self) -> str:
        return self.workflow.get_absolute_url()


class FinishStep(WorkflowAct):
    def act(self) -> str:
        workflows.finish_step(self.workflow, kind=self.kwargs["kind"], actor=self.person)
        return ""


class ReopenStep(WorkflowAct):
    def act(self) -> str:
        workflows.reopen_step(self.workflow, kind=self.kwargs["kind"], actor=self.person)
        return ""


class JoinRun(WorkflowAct):
    def act(self) -> str:
        form = JoinForm(self.request.POST, runs=joinable(self.workflow))
        if not form.is_valid():
            raise Refused(gettext("Choose an analysis."))
        workflows.join(self.workflow, form.cleaned_data["run"], actor=self.person)
        return ""


class PartRun(WorkflowAct):
    def act(self) -> str:
        rows = workflows.runs_of(self.workflow)
        run = access.fetch(rows, self.person, "view", public_id=self.kwargs["public_id"])
        workflows.part(self.workflow, run, actor=self.person)
        return ""


class RemoveWorkflow(WorkflowAct):
    def act(self) -> str:
        workflows.remove(self.workflow, actor=self.person)
        return gettext("The workflow is deleted; its analyses stay.")

    def after(self) -> str:
        return reverse("analysis:workflows")
