"""Jobs: progress, cancel, report."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView

from tenants import services
from tenants.access import fetch
from tenants.mixins import StaffPage
from tenants.models import Job


class JobPage(StaffPage, TemplateView):
    template_name = "tenants/job_detail.html"

    def check(self) -> None:
        """The job itself decides: its tenant's people, and who started it."""

    @property
    def job(self) -> Job:
        return fetch(
            Job.objects.select_related("tenant", "actor"),
            self.person,
            "view",
            public_id=self.kwargs["public_id"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        job = self.job
        return super().get_context_data(
            job=job,
            job_url=reverse("job_state", args=[job.public_id]),
            cancel_url=reverse("cancel_job", args=[job.public_id]),
            **kwargs,
        )


class JobState(JobPage):
    """The job for polling; see docs/frontend.md."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        job = self.job
        state = {
            "percent": job.percent,
            "text": job.step or str(job.get_state_display()),
            "finished": job.is_over,
            "url": job.result.get("url") or reverse("job", args=[job.public_id]),
        }
        return JsonResponse(state, headers={"Cache-Control": "no-store"})


class CancelJob(JobPage):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.http_method_not_allowed(request)

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        services.cancel_job(self.job, actor=self.person)
        return redirect("job", public_id)
