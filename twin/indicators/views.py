"""Public page, county cockpit, CSV."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from tenants import geojson
from tenants.mixins import StaffPage
from tenants.models import TenantKind
from tenants.permissions import can, reach_of
from twin.analysis.presenting import title_of
from twin.indicators import services
from twin.indicators.exporting import county_figures, municipality_figures, write_csv
from twin.indicators.forms import TargetsForm
from twin.indicators.formulas import Month
from twin.indicators.models import CountySnapshot, Kind, MunicipalitySnapshot, Target, WorkflowState
from twin.indicators.presenting import (
    colour_of,
    indicators,
    legend,
    month_choices,
    month_rows,
    town_rows,
    used_cases,
)
from twin.indicators.wording import month_in_words

MONTHS_SHOWN = 14
WORKFLOWS_SHOWN = 25


def history() -> list[CountySnapshot]:
    """All months of the county, oldest first."""
    return list(CountySnapshot.objects.filter(is_public=True).order_by("month"))


def towns(month: str) -> list[MunicipalitySnapshot]:
    rows = MunicipalitySnapshot.objects.filter(is_public=True, month=month)
    return list(rows.select_related("tenant").defer("tenant__boundary").order_by("tenant__name"))


def used_since(first: str, last: str) -> list[MunicipalitySnapshot]:
    """Who used use cases in these months."""
    rows = MunicipalitySnapshot.objects.filter(
        is_public=True, month__range=(first, last), use_cases__len__gt=0
    )
    return list(rows.select_related("tenant").only("month", "use_cases", "tenant__name"))


def targets() -> dict[str, Target]:
    """By indicator; public like the figures."""
    return {target.indicator: target for target in Target.objects.filter(is_public=True)}


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
            "indicators": indicators(shown, running=running, targets=targets()),
            "towns": town_rows(towns(chosen)),
            "use_cases": used_cases(used_since(shown[0].month, chosen), month=chosen),
            **self._map(chosen),
        }

    def _map(self, month: str) -> dict[str, Any]:
        """What the map of the municipalities shows, which of the indicators is chosen."""
        asked = self.request.GET.get("map", Kind.USE)
        if asked not in Kind:
            raise Http404
        query = urlencode({"month": month, "map": asked})
        return {
            "map_choices": [
                {"value": kind.value, "label": kind.label, "chosen": kind == asked} for kind in Kind
            ],
            "map_title": Kind(asked).label,
            "map_legend": legend(Kind(asked)),
            "features_url": f"{reverse('indicators_map')}?{query}",
        }


class TownFigures(TemplateView):
    """One municipality, month by month: what it lacks, and what it uses."""

    template_name = "indicators/municipalitysnapshot_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = MunicipalitySnapshot.objects.filter(is_public=True, tenant__slug=self.kwargs["slug"])
        rows = rows.select_related("tenant").defer("tenant__boundary").order_by("-month")
        shown = list(reversed(rows[:MONTHS_SHOWN]))
        if not shown:
            raise Http404
        return super().get_context_data(**kwargs) | {
            "town": shown[-1].tenant,
            "months": month_rows(shown),
            "use_cases": [one for one in used_cases(shown, month=shown[-1].month) if one.since],
        }


class TownsMap(View):
    """The municipalities of a month as GeoJSON, each in the colour of how far it is."""

    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest) -> HttpResponse:
        kind, month = request.GET.get("map", ""), request.GET.get("month", "")
        rows = MunicipalitySnapshot.objects.filter(is_public=True, month=month[:7].replace("\0", ""))
        if kind not in Kind:
            raise Http404
        shaped = rows.filter(tenant__boundary__isnull=False).annotate(
            shape=AsGeoJSON("tenant__boundary", precision=0)
        )
        return geojson.answer(
            geojson.feature(
                row.tenant.slug,
                row.shape,
                {"label": row.tenant.name, "colour": colour_of(row, Kind(kind))},
            )
            for row in shaped.select_related("tenant").defer("tenant__boundary").order_by("tenant_id")
        )


class Cockpit(StaffPage, Figures):
    """The same for the county's staff, with the municipalities that need help first."""

    action = "see_indicators"
    template_name = "indicators/countysnapshot_cockpit.html"

    def check(self) -> None:
        active = reach_of(self.person).active
        if active is None or active.kind != TenantKind.COUNTY:
            raise Http404
        super().check()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = context.get("towns", [])
        return context | {
            "towns": sorted(rows, key=lambda row: (not (row.use or row.delivery), row.name)),
            **self._workflows(),
            "may_set_targets": can(self.person, "set_targets", self.tenant),
        }

    def _workflows(self) -> dict[str, Any]:
        """Those under way, the next due first; then those that are finished."""
        rows = WorkflowState.objects.select_related("municipality").defer("municipality__boundary")
        rows = rows.filter(tenant=self.tenant).order_by(Case(When(step="", then=1), default=0), "due", "pk")
        page = Paginator(rows, WORKFLOWS_SHOWN).get_page(self.request.GET.get("page"))
        return {
            "page": page,
            "rows": [(row, title_of(row.use_case)) for row in page],
            "today": timezone.localdate(),
        }


class SetTargets(StaffPage, FormView[TargetsForm]):
    """The county says what it wants to have reached, and when."""

    action = "set_targets"
    form_class = TargetsForm
    template_name = "indicators/target_form.html"
    success_url = reverse_lazy("cockpit")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "targets": targets()}

    def form_valid(self, form: TargetsForm) -> HttpResponse:
        month = Month.containing(timezone.now())
        services.set_targets(self.tenant, form.wanted, actor=self.person, month=month)
        messages.success(self.request, _("The targets are saved."))
        return super().form_valid(form)


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
