"""Two runs of one use case beside each other."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import TemplateView

from tenants import access
from twin.analysis import comparing, handing, presenting
from twin.analysis.models import Run
from twin.analysis.views.reaching import RowPage, RunMixin

MOST = 25  # runs offered to compare with


class Comparison(RowPage, RunMixin, TemplateView):
    """A run beside another one of its use case (?mit=); without one, those that there are."""

    template_name = "analysis/run_compare.html"

    def pair(self) -> tuple[Run, Run | None]:
        run, other = self.fetched(), self.request.GET.get("mit")
        if not other:
            return run, None
        rows = Run.objects.done().select_related("job", "tenant").filter(use_case=run.use_case)
        return run, access.fetch(rows, self.person, "view", public_id=other)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run, other = self.pair()
        found: dict[str, Any] = {"run": run, "other": other}
        if other is None:
            rows = presenting.listed(self.person, self.tenant).filter(use_case=run.use_case)
            found["others"] = (
                rows.exclude(finished_at=None).exclude(pk=run.pk).order_by("-created_at", "-pk")[:MOST]
            )
        else:
            found |= {
                "numbers": comparing.numbers(run, other),
                "otherwise": comparing.otherwise(run, other),
            }
            if pair := comparing.comparable(run, other):
                picture = reverse("analysis:difference", args=[run.public_id])
                found["picture"] = f"{picture}?mit={other.public_id}"
                built = presenting.marked(comparing.built(run, other))
                found |= {
                    "legend": [*comparing.legend(pair[0]), *built],
                    "shown": presenting.file_title(run, pair[0]),
                }
        return super().get_context_data(**kwargs) | found


class Difference(Comparison):
    """The picture of the difference."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        run, other = self.pair()
        pair = comparing.comparable(run, other) if other else None
        if other is None or pair is None:
            raise Http404
        marks = list(presenting.marks(comparing.built(run, other)))
        image = comparing.picture(pair, handing.files_of(run), handing.files_of(other), marks=marks)
        answer = HttpResponse(content_type="image/png", headers={"Cache-Control": "private, no-cache"})
        image.save(answer, "PNG", optimize=True)  # type: ignore[arg-type]  # it can be written to
        return answer
