"""Analyses: asked and listed by staff; each answer on a page for everybody who may see it, with what its staff does with it."""

import json
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from tenants import access
from tenants.errors import Refused
from tenants.mixins import StaffPage
from tenants.models import JobState, Tenant
from tenants.permissions import actions, shares_of
from twin.analysis import presenting, registry, services
from twin.analysis.errors import RunDoubted
from twin.analysis.filters import RunFilter
from twin.analysis.forms import PLAN, RunForm
from twin.analysis.inputs import Offer, gone, offered_to
from twin.analysis.models import OPEN, Run
from twin.analysis.usecase import UseCase
from twin.analysis.views.reaching import RunMixin
from twin.catalogue.forms import ShareForm

PER_PAGE = 25
SURE = "trotzdem"  # the button of who has read what may be wrong with the data


class Runs(StaffPage, TemplateView):
    """What can be asked, and what was."""

    template_name = "analysis/run_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        use_cases = registry.use_cases().values()
        form = RunFilter(self.request.GET or None, use_cases=[(each.slug, each.title) for each in use_cases])
        rows = presenting.listed(self.person, self.tenant)
        if form.is_valid():
            rows = _filtered(rows, form.cleaned_data)
        page = Paginator(rows.order_by("-created_at", "-pk"), PER_PAGE).get_page(self.request.GET.get("page"))
        lost = gone([run for run in page if run.tenant_id == self.tenant.pk], tenant=self.tenant)
        return super().get_context_data(**kwargs) | {
            "use_cases": use_cases,
            "form": form,
            "page": page,
            "rows": [
                (run, presenting.title_of(run.use_case), presenting.KINDS[run.state], lost.get(run.pk))
                for run in page
            ],
            "may_ask": "analyse" in actions(self.person, self.tenant),
            "waiting": services.waiting_of(self.tenant).count(),
        }


def _filtered(rows: Any, asked: dict[str, Any]) -> Any:
    if asked["q"]:
        rows = rows.filter(title__icontains=asked["q"])
    if asked["use_case"]:
        rows = rows.filter(use_case=asked["use_case"])
    if asked["state"] == JobState.DONE:  # the jobs of shared runs are hidden
        return rows.filter(finished_at__isnull=False)
    return rows.filter(job__state=asked["state"]) if asked["state"] else rows


class Ask(StaffPage, FormView[RunForm]):
    """The form of a use case; ?wie= begins with what another run asked, ?plan= is about a plan."""

    action = "analyse"
    template_name = "analysis/run_form.html"

    @property
    def use_case(self) -> UseCase:
        found = registry.find(self.kwargs["slug"])
        if found is None:
            raise Http404
        return found

    def get_form(self, form_class: type[RunForm] | None = None) -> RunForm:
        return self.use_case.form(offer=self.offer, **self.get_form_kwargs())

    @cached_property
    def offer(self) -> Offer:
        return offered_to(self.person, self.tenant)

    def get_initial(self) -> dict[str, Any]:
        model, plan = (self.request.GET.get(name) for name in ("wie", PLAN))
        if plan:
            access.fetch(self.offer.plans, self.person, "view", public_id=plan)
            return {PLAN: plan}
        if not model:
            return {}
        run: Run = access.fetch(Run.objects.all(), self.person, "view", public_id=model)
        geometries = {
            name: json.dumps(value)
            for name, value in run.parameters.items()
            if isinstance(value, dict) and "coordinates" in value
        }
        return {**run.parameters, "title": run.title, **geometries}

    def form_valid(self, form: RunForm) -> HttpResponse:
        try:
            run, is_new = services.request_run(
                self.use_case,
                replace(form.question(), is_sure=SURE in self.request.POST),
                title=form.cleaned_data["title"],
                tenant=self.tenant,
                actor=self.person,
            )
        except RunDoubted as doubted:
            return self.render_to_response(self.get_context_data(form=form, doubts=doubted.doubts), status=400)  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        if not is_new:
            messages.info(
                self.request, _("This has been asked before, of the same data. This is the answer there is.")
            )
        return self.answered(run)

    def answered(self, run: Run) -> HttpResponse:
        return redirect(run)

    def form_invalid(self, form: RunForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"use_case": self.use_case, "extent": self.tenant.extent}


class RunPage(RunMixin, TemplateView):
    template_name = "analysis/run_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run = self.fetched()
        may = actions(self.request.user, run)
        found = presenting.about(run) | {
            "may": may,
            "files": presenting.files(run),
            "features_url": reverse("analysis:area", args=[run.public_id]),
        }
        drawn = presenting.drawn(run)
        if maps := list(presenting.maps(run)):
            wanted = self.request.GET.get("karte")
            shown = next((each for each in maps if each["name"] == wanted), maps[0])
            address, step = reverse("analysis:grids", args=[run.public_id, shown["name"]]), presenting.step_of(shown, self.request.GET)  # fmt: skip
            found |= {"maps": maps, "shown": shown, "above": drawn, "marked": presenting.marked(run), "step": step, "rasters_url": f"{address}?stufe={step}" if step else address}  # fmt: skip
        else:
            found["shown"] = drawn
        if run.job is not None and "analyse" in may:
            found |= {"job": run.job, "course": presenting.course(run)}
            found["job_url"] = reverse("job_state", args=[run.job.public_id])
            found["cancel_url"] = reverse("analysis:cancel", args=[run.public_id])
        if "share" in may:
            holders = [holder for holder, _share in shares_of(run) if isinstance(holder, Tenant)]
            found |= {"share_form": ShareForm(owner=run.tenant), "holders": holders}
        found["under_way"] = run.state in OPEN
        return super().get_context_data(**kwargs) | found
