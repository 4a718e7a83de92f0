"""Uploading plan files, following the import, deciding where a file belongs."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from planning import deliveries, repeating, services, uploads
from planning.errors import ImportRefused
from planning.forms import UploadForm
from planning.messages import text_of
from planning.models import Batch, Plan
from planning.tasks import import_upload
from planning.xplanung.findings import Finding
from tenants import access, tables
from tenants.errors import Forbidden
from tenants.models import Job, Tenant
from tenants.permissions import can, reach_of, require

SHOWN = 50  # imports in the list


class Upload(LoginRequiredMixin, FormView[UploadForm]):
    """Into the active tenant, or (?plan=) as a new version of one plan."""

    template_name = "planning/plan_upload.html"
    form_class = UploadForm
    plan: Plan | None = None
    tenant: Tenant

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_anonymous:
            return
        if wanted := request.GET.get("plan"):
            plans = Plan.objects.select_related("tenant")
            self.plan = access.fetch(plans, request.user, "import_plan", public_id=wanted)
        active = self.plan.tenant if self.plan else reach_of(request.user).active
        if active is None:
            raise Forbidden("import_plan")
        self.tenant = active
        require(request.user, "import_plan", self.plan or active)

    def form_valid(self, form: UploadForm) -> HttpResponse:
        delivered, actor = form.cleaned_data["delivered"], self.request.user
        try:
            if self.plan is None and deliveries.holds_several(delivered):
                batch = deliveries.request_batch(delivered, actor=actor, tenant=self.tenant)  # type: ignore[arg-type]
                return redirect("planning:batch", public_id=batch.public_id)
            started = services.request_import(delivered, actor=actor, tenant=self.tenant, plan=self.plan)  # type: ignore[arg-type]
        except ImportRefused as error:
            form.add_error("delivered", [text_of(finding.rule, finding.params) for finding in error.findings])
            return self.form_invalid(form)
        if len(started) == 1:
            return redirect("planning:import", public_id=started[0].public_id)
        return redirect("planning:imports")

    def form_invalid(self, form: UploadForm) -> HttpResponse:
        """400, so that a sender other than a browser sees that nothing was taken."""
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"plan": self.plan, "tenant": self.tenant}


class ImportList(LoginRequiredMixin, TemplateView):
    """The latest imports of the tenant, or one's own."""

    template_name = "planning/job_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        jobs = Job.objects.visible_to(self.request.user).filter(task=import_upload.name)
        shown = list(jobs.select_related("actor").order_by("-created_at")[:SHOWN])
        batches = Batch.objects.visible_to(self.request.user).order_by("-created_at", "-pk")
        running = next((job for job in reversed(shown) if not job.is_over), None)
        return super().get_context_data(**kwargs) | {
            "jobs": [(job, uploads.awaits_decision(job)) for job in shown],
            "batches": batches[:SHOWN],
            "running": running,
            "running_url": reverse("planning:import_state", args=[running.public_id]) if running else "",
        }


class ImportMixin(LoginRequiredMixin, View):
    """Fetches the job of the address."""

    job: Job

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            jobs = Job.objects.filter(task=import_upload.name).select_related("tenant")
            self.job = access.fetch(jobs, request.user, "view", public_id=kwargs["public_id"])


class ImportPage(ImportMixin, TemplateView):
    """Progress while it runs, then the report, and the question where one is open."""

    template_name = "planning/job_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        job = self.job
        reports = [_in_words(report) for report in job.result.get("reports", ())]
        found = Plan.objects.visible_to(self.request.user).filter(
            public_id__in=[public_id for report in reports for public_id in report["plan_ids"]]
        )
        return super().get_context_data(**kwargs) | {
            "job": job,
            "reports": reports,
            "plans": found,
            "asks": uploads.awaits_decision(job) and can(self.request.user, "import_plan", job.tenant),
            "job_url": reverse("planning:import_state", args=[job.public_id]),
            "cancel_url": reverse("planning:import_cancel", args=[job.public_id]),
        }


def _in_words(report: dict[str, Any]) -> dict[str, Any]:
    return {**report, "groups": repeating.grouped(Finding(**each) for each in report["findings"])}


class ImportFindings(ImportMixin):
    """Every finding of every file as CSV."""

    COLUMNS = ("file", "severity", "rule", "message", "gml_id", "line")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        name = slugify(PurePosixPath(self.job.title).stem)[:80] or "import"
        answer = tables.download(f"{name}-befunde.csv")
        tables.write_csv(answer, self.COLUMNS, self._rows())
        return answer

    def _rows(self) -> Iterator[dict[str, Any]]:
        for report in self.job.result.get("reports", ()):
            for each in report["findings"]:
                yield {
                    "file": report["file"],
                    "message": text_of(each["rule"], each["params"]),
                    **{name: each[name] for name in ("severity", "rule", "gml_id", "line")},
                }


class ImportState(ImportMixin):
    """For the progress bar; see docs/frontend.md."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        job = self.job
        return JsonResponse(
            {
                "percent": job.percent if job.started_at else None,
                "text": job.step or job.get_state_display(),
                "finished": job.is_over,
                "url": reverse("planning:import", args=[job.public_id]) if job.is_over else None,
            }
        )


class CancelImport(ImportMixin):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        services.cancel_import(self.job, actor=request.user)  # type: ignore[arg-type]
        return redirect("planning:import", public_id=self.job.public_id)


class DecideImport(ImportMixin):
    """POST answer = version, new or discard."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        actor: Any = request.user
        if request.POST.get("answer") == "discard":
            services.discard_import(self.job, actor=actor)
            messages.success(request, _("The file was discarded."))
            return redirect("planning:imports")
        job = services.decide_import(self.job, actor=actor, as_new=request.POST.get("answer") == "new")
        return redirect("planning:import", public_id=job.public_id)
