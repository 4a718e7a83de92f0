"""Many plan files at once: progress, report with filter, downloads, one answer for all that wait for a decision."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View

from planning import batch_report, deliveries
from planning.forms import BatchFilter
from planning.models import Batch
from tenants import access
from tenants.permissions import can

PER_PAGE = 100
ANSWERS = ("version", "new", "discard")


class BatchMixin(LoginRequiredMixin, View):
    """Fetches the batch of the address."""

    batch: Batch

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            batches = Batch.objects.select_related("tenant", "job")
            self.batch = access.fetch(batches, request.user, "view", public_id=kwargs["public_id"])


class BatchPage(BatchMixin, TemplateView):
    template_name = "planning/batch_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batch = self.batch
        found = batch_report.rows(batch)
        form = BatchFilter(self.request.GET)
        form.is_valid()  # a filter that cannot be read filters nothing
        page = Paginator(_filtered(found, **form.cleaned_data), PER_PAGE).get_page(
            self.request.GET.get("page")
        )
        counts = batch_report.tally(found)
        place = [batch.public_id]
        return super().get_context_data(**kwargs) | {
            "batch": batch,
            "tenant": batch.tenant,
            "form": form,
            "page": page,
            "total": len(found),
            "counts": [
                (f"{number} {batch_report.WORDS[key]}", batch_report.KINDS.get(key, "info"))
                for key, number in counts.items()
            ],
            "over": batch_report.is_over(batch),
            "percent": round(100 * batch_report.share_done(batch)),
            "asking": counts.get("asks", 0) if can(self.request.user, "import_plan", batch.tenant) else 0,
            "state_url": reverse("planning:batch_state", args=place),
            "cancel_url": reverse("planning:batch_cancel", args=place),
        }


def _filtered(found: list[batch_report.Row], *, q: str = "", verdict: str = "") -> list[batch_report.Row]:
    words = q.casefold().split()
    return [
        row
        for row in found
        if (not verdict or row.verdict in verdict.split(","))
        and all(word in f"{row.item.name} {row.plan or ''}".casefold() for word in words)
    ]


class BatchState(BatchMixin):
    """For the progress bar; see docs/frontend.md."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        batch = self.batch
        share = batch_report.share_done(batch)
        text = _("%(percent)s %% done") % {"percent": round(100 * share)}
        url = reverse("planning:batch", args=[batch.public_id]) if share >= 1 else None
        return JsonResponse({"percent": round(100 * share), "text": text, "finished": share >= 1, "url": url})


class BatchDownload(BatchMixin):
    """The report as JSON or CSV."""

    kind = "json"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if self.kind == "json":
            answer = HttpResponse(batch_report.as_json(self.batch), content_type="application/json")
        else:
            answer = HttpResponse(content_type="text/csv; charset=utf-8")
            batch_report.write_csv(self.batch, answer)
        answer["Content-Disposition"] = f'attachment; filename="import-{self.batch.public_id}.{self.kind}"'
        return answer


class CancelBatch(BatchMixin):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        deliveries.cancel_batch(self.batch, actor=request.user)  # type: ignore[arg-type]
        return redirect("planning:batch", public_id=self.batch.public_id)


class DecideBatch(BatchMixin):
    """POST answer = version, new or discard, for all files that wait."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        answer = request.POST.get("answer", "")
        if answer in ANSWERS:
            number = deliveries.decide_batch(self.batch, actor=request.user, answer=answer)  # type: ignore[arg-type]
            messages.success(request, ngettext("%s file goes on as you decided.", "%s files go on as you decided.", number) % number)  # fmt: skip
        return redirect("planning:batch", public_id=self.batch.public_id)
