"""Public page, county cockpit, CSV."""

from typing import Any, ClassVar

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.generic import TemplateView, View

from tenants.models import TenantKind
from tenants.permissions import reach_of, require
from twin.indicators.exporting import county_figures, municipality_figures, write_csv
from twin.indicators.formulas import Month
from twin.indicators.models import CountySnapshot, MunicipalitySnapshot
from twin.indicators.presenting import indicators, month_choices, town_rows
from twin.indicators.wording import month_in_words

MONTHS_SHOWN = 14


def history() -> list[CountySnapshot]:
    """All months of the county, oldest first."""
    return list(CountySnapshot.objects.filter(is_public=True).order_by("month"))


def towns(month: str) -> list[MunicipalitySnapshot]:
    rows = MunicipalitySnapshot.objects.filter(is_public=True, month=month)
    return list(rows.select_related("tenant").order_by("tenant__name"))


class Figures(TemplateView):
    """The three indicators of a chosen month, with the months before it."""

    template_name = "indicators/countysnapshot_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = history()
        context = super().get_context_data(**kwargs)
        if not known:
            return context
        months = [row.month for row in known]
        running = str(Month.containing(timezone.now()))
        chosen = self.request.GET.get("month") or next(
            (m for m in reversed(months) if m < running), months[-1]
        )
        if chosen not in months:
            raise Http404
        shown = known[: months.index(chosen) + 1][-MONTHS_SHOWN:]
        return context | {
            "month": chosen,
            "month_in_words": month_in_words(chosen),
            "is_running": chosen == running,
            "computed_at": shown[-1].computed_at,
            "months": month_choices(known, chosen),
            "indicators": indicators(shown, running=running),
            "towns": town_rows(towns(chosen)),
        }


class Cockpit(LoginRequiredMixin, Figures):
    """The same for the county's staff, with the municipalities that need help first."""

    template_name = "indicators/countysnapshot_cockpit.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        active = reach_of(request.user).active
        if active is None or active.kind != TenantKind.COUNTY:
            raise Http404
        require(request.user, "see_indicators", active)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = context.get("towns", [])
        return context | {"towns": sorted(rows, key=lambda row: (not (row.use or row.delivery), row.name))}


class Download(View):
    """All months as CSV: of the county, or of the municipalities."""

    of_municipalities: ClassVar[bool] = False
    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest) -> HttpResponse:
        name = "gemeinden" if self.of_municipalities else "landkreis"
        disposition = f'attachment; filename="kennzahlen-{name}.csv"'
        answer = HttpResponse(
            content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition}
        )
        if self.of_municipalities:
            rows = MunicipalitySnapshot.objects.filter(is_public=True).select_related("tenant")
            write_csv(map(municipality_figures, rows.order_by("month", "tenant__ags")), answer)
        else:
            write_csv(map(county_figures, history()), answer)
        return answer
