"""The legal procedure of a plan: its timeline, steps and corrections, papers, Fassungen, Rechtsstand."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from planning import presenting, proceedings, recording, timeline
from planning.errors import IllegalStep
from planning.forms import AS_FILED, CaseForm, CorrectionForm, FassungForm, PaperForm, StepForm
from planning.models import Fassung, Plan, ProcedureStep, StepDocument
from planning.proceedings import Difference
from planning.recording import StepData
from planning.views.actions import ActionMixin
from planning.xplanung.schema import value_label
from planning.xplanung.schema.labels import readable
from tenants import access, files
from tenants.permissions import actions, can


class LifecycleMixin(ActionMixin):
    """Fetches the plan; what a page of its procedure shows beside its own."""

    action = recording.ACTION

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated and not can(request.user, "view", self.plan):
            raise Http404  # public to everybody is the plan's own page

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"actions": actions(self.request.user, self.plan)}

    def back(self) -> HttpResponse:
        return redirect("planning:lifecycle", public_id=self.plan.public_id)


class Lifecycle(LifecycleMixin, TemplateView):
    """The timeline with periods, problems and what comes next."""

    action = "view"
    template_name = "planning/plan_lifecycle.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plan, today = self.plan, timezone.localdate()
        story = timeline.tell(plan, on=today)
        case = proceedings.case_of(plan)
        version = plan.current_version
        fassungen = Fassung.objects.filter(plan=plan).select_related("version")
        return super().get_context_data(**kwargs) | {
            "story": story,
            "facts": _facts(plan, story),
            "case": case,
            "differences": [_in_words(plan, one) for one in self._differences(today)],
            "fassungen": fassungen,
            "version": version,
            "named": version is not None and any(row.version_id == version.pk for row in fassungen),
            "fassung_form": FassungForm(initial={"kind": proceedings.fassung_kind(story.standing)}),
            "today": today,
        }

    def _differences(self, today: Any) -> list[Difference]:
        plan, version = self.plan, self.plan.current_version
        if version is None:
            return []
        wanted = proceedings.wanted(plan, proceedings.current_steps(plan), version, on=today)
        return proceedings.differences(version, wanted)


def _facts(plan: Plan, story: timeline.Story) -> list[tuple[str, Any]]:
    return [
        (_("Kind of procedure"), plan.get_track_display()),
        (_("Relation to the Flächennutzungsplan"), plan.get_development_display()),
        (_("Changes the plan"), f"{plan.amends} ({plan.get_amendment_display()})" if plan.amends else ""),
        (_("Changed by"), ", ".join(str(row) for row in plan.amendments.all())),
        (_("Rechtsstand in the newest version"), presenting.status_of(plan)),
    ]


def _in_words(plan: Plan, one: Difference) -> tuple[str, str, str]:
    """(attribute, what the file says, what the steps say)."""
    version = plan.current_version
    assert version is not None  # noqa: S101 - a difference has a version
    coded = one.name in ("rechtsstand", "verfahren")

    def told(values: tuple[str, ...]) -> str:
        kind = f"{plan.plan_type}_Plan.{one.name}"
        words = [
            value_label(version.xplan_version, kind, value) if coded else presenting.day(value)
            for value in values
        ]
        return ", ".join(words) or _("no entry")

    return readable(one.name), told(one.now), told(one.wanted)


class RecordStep(LifecycleMixin, FormView[StepForm]):
    """?kind= names the step; ?on= and ?until= what the file states of it."""

    form_class = StepForm
    template_name = "planning/procedurestep_form.html"

    def get_initial(self) -> dict[str, Any]:
        wanted = {
            name: self.request.GET[name] for name in ("kind", "on", "until") if name in self.request.GET
        }
        return {"body": _last_body(self.plan, wanted.get("kind", "")), **wanted}

    def form_valid(self, form: StepForm) -> HttpResponse:
        recording.record_step(self.plan, form.data_of_step(), actor=self.request.user)  # type: ignore[arg-type]
        messages.success(self.request, _("The step is recorded."))
        return self.back()


def _last_body(plan: Plan, kind: str) -> str:
    """Who did this step in other plans of the town."""
    rows = ProcedureStep.objects.filter(tenant=plan.tenant_id, kind=kind, is_current=True).exclude(body="")
    found: str | None = rows.order_by("-pk").values_list("body", flat=True).first()
    return found or ""


class StepMixin(LifecycleMixin):
    """Fetches the step of the address as it stands."""

    step: ProcedureStep

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = ProcedureStep.objects.filter(plan=self.plan).select_related("plan__tenant", "created_by")
            self.step = get_object_or_404(rows, entry=kwargs["entry"], is_current=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        revisions = ProcedureStep.objects.filter(plan=self.plan, entry=self.step.entry)
        return super().get_context_data(**kwargs) | {
            "step": self.step,
            "revisions": revisions.select_related("created_by").order_by("-revision"),
            "papers": recording.papers_of(self.step),
        }


class CorrectStep(StepMixin, FormView[CorrectionForm]):
    form_class = CorrectionForm
    template_name = "planning/procedurestep_correct.html"

    def get_initial(self) -> dict[str, Any]:
        names = (*StepData.__dataclass_fields__, "revision")
        return {name: getattr(self.step, name) for name in names}

    def form_valid(self, form: CorrectionForm) -> HttpResponse:
        cleaned = form.cleaned_data
        try:
            if cleaned["revision"] != self.step.revision:
                raise IllegalStep("corrected meanwhile")
            recording.correct_step(
                self.step,
                form.data_of_step(),
                actor=self.request.user,  # type: ignore[arg-type]
                reason=cleaned["reason"],
                void=cleaned["void"],
            )
        except IllegalStep:
            form.add_error(None, _("Somebody corrected this step meanwhile. Look at it again."))
            return self.form_invalid(form)
        messages.success(self.request, _("The correction is recorded."))
        return self.back()


class AddPaper(StepMixin, FormView[PaperForm]):
    form_class = PaperForm
    template_name = "planning/stepdocument_form.html"

    def form_valid(self, form: PaperForm) -> HttpResponse:
        cleaned = form.cleaned_data
        recording.add_paper(
            self.step,
            cleaned["file"],
            actor=self.request.user,  # type: ignore[arg-type]
            title=cleaned["title"],
            internal=cleaned["internal"],
        )
        messages.success(self.request, _("The document is added."))
        return self.back()


class Paper(View):
    """A document of a step: a public one for everybody, the others for who may see the plan."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        plans = Plan.objects.select_related("tenant")
        plan = access.fetch(plans, request.user, "view", public_id=kwargs["public_id"])
        papers = StepDocument.objects.filter(plan=plan)
        if not can(request.user, "view", plan):
            papers = papers.filter(is_public=True)
        paper = get_object_or_404(papers, public_id=kwargs["document_id"])
        return files.serve(recording.file_of(paper), download=False)


class SetCase(LifecycleMixin, FormView[CaseForm]):
    form_class = CaseForm
    template_name = "planning/plan_case.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "plan": self.plan}

    def get_initial(self) -> dict[str, Any]:
        known = {name.removesuffix("_id"): getattr(self.plan, name) for name in recording.CASE}
        return {**known, "track": known["track"] or AS_FILED}

    def form_valid(self, form: CaseForm) -> HttpResponse:
        recording.set_case(self.plan, actor=self.request.user, values=form.values())  # type: ignore[arg-type]
        messages.success(self.request, _("Saved."))
        return self.back()


class NameFassung(LifecycleMixin):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        form, version = FassungForm(request.POST), self.plan.current_version
        if version is None or not form.is_valid():
            messages.error(request, _("Choose a Fassung and its day."))
            return self.back()
        recording.name_fassung(version, actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        return self.back()


class FreezeFassung(LifecycleMixin):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        rows = Fassung.objects.filter(plan=self.plan).select_related("plan__tenant")
        fassung = get_object_or_404(rows, public_id=kwargs["fassung_id"])
        try:
            recording.freeze_fassung(fassung, actor=request.user)  # type: ignore[arg-type]
        except IllegalStep:
            messages.info(request, _("This Fassung is frozen already."))
        return self.back()


class WriteRechtsstand(LifecycleMixin):
    """POST: start the job that makes a version which says what the steps say."""

    action = "import_plan"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            job = recording.write_attributes(self.plan, actor=request.user)  # type: ignore[arg-type]
        except IllegalStep:
            messages.info(request, _("The newest version says already what the steps say."))
            return self.back()
        return redirect("planning:import", public_id=job.public_id)
