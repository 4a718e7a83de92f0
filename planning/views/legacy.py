"""Old plans: the list to work through, and for each line scan, place, outline, facts, until it is XPlanGML."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import shapely
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View

from planning import areas, legacy, legacywork, matching
from planning.errors import IllegalStep, ImportRefused
from planning.legacyforms import (
    AreasForm,
    FactsForm,
    LegacyFilter,
    LineForm,
    ListForm,
    OutlineForm,
    PairFormSet,
    ScanForm,
    corners_of,
)
from planning.messages import text_of
from planning.models import LegacyPlan, LegacyState
from planning.rasters import fitting, tiles
from tenants import access, files
from tenants.mixins import StaffPage

PER_PAGE = 50
COARSE = 10.0  # metres; a plan 1:25,000 scanned at 100 dpi has 6.4
STRETCHED = 2.0  # percent; above, paper was folded or a point is wrong
NO_FIT = {
    "few": gettext_lazy("Two pairs are needed at least, three for a scan that is not quite even."),
    "same": gettext_lazy("Two points lie at the same place."),
    "line": gettext_lazy("The points lie on one line. Choose them in the corners of the sheet."),
    "mirror": gettext_lazy("Seen from above the points run the other way round than on the scan. Were two of them mixed up?"),
}  # fmt: skip


class LegacyList(StaffPage, TemplateView):
    """The list of the active tenant with its progress."""

    action = legacy.ACTION
    template_name = "planning/legacyplan_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = LegacyPlan.objects.visible_to(self.person).filter(tenant=self.tenant)
        form = LegacyFilter(self.request.GET)
        form.is_valid()  # a filter that cannot be read filters nothing
        rows = own.select_related("plan")
        if words := form.cleaned_data.get("q"):
            rows = rows.filter(Q(name__icontains=words) | Q(number__icontains=words))
        if state := form.cleaned_data.get("state"):
            rows = rows.filter(state=state)
        counts = Counter(own.values_list("state", flat=True))
        return super().get_context_data(**kwargs) | {
            "tenant": self.tenant,
            "form": form,
            "page": Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page")),
            "counts": [(state.label, counts[state.value]) for state in LegacyState],
            "done": counts[LegacyState.DONE.value],
            "total": sum(counts.values()),
        }


class LegacyUpload(StaffPage, FormView[ListForm]):
    """A list as a file."""

    action = legacy.ACTION
    form_class = ListForm
    template_name = "planning/legacyplan_upload.html"

    def form_valid(self, form: ListForm) -> HttpResponse:
        lines = form.cleaned_data["file"]
        made = legacy.add_to_list(self.tenant, lines, actor=self.person)
        words = {"made": len(made), "known": len(lines) - len(made)}
        messages.success(self.request, _("%(made)s old plans were added; %(known)s were listed already.") % words)  # fmt: skip
        return redirect("planning:legacies")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"tenant": self.tenant}


class LegacyNew(StaffPage, FormView[LineForm]):
    action = legacy.ACTION
    form_class = LineForm
    template_name = "planning/legacyplan_form.html"

    def form_valid(self, form: LineForm) -> HttpResponse:
        line = {name: form.cleaned_data[name] for name in legacy.LISTED}
        made = legacy.add_to_list(self.tenant, [line], actor=self.person)
        if not made:
            form.add_error("name", _("This plan is listed already."))
            return self.form_invalid(form)
        return redirect("planning:legacy_scan", made[0].public_id)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"tenant": self.tenant}


class LegacyMixin(LoginRequiredMixin, View):
    """Fetches the line of the address."""

    row: LegacyPlan

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            rows = LegacyPlan.objects.select_related("tenant", "plan", "scan", "sheet", "picture")
            self.row = access.fetch(rows, request.user, legacy.ACTION, public_id=kwargs["public_id"])

    @property
    def actor(self) -> Any:
        return self.request.user

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {"row": self.row, "tenant": self.row.tenant, "steps": steps_of(self.row)}


def steps_of(row: LegacyPlan) -> list[dict[str, Any]]:
    """The four steps for the page: what is done, what can be done now."""
    return [
        {"name": "legacy_scan", "address": "planning:legacy_scan", "label": _("Scan"), "done": row.sheet_id is not None, "open": True},
        {"name": "legacy_points", "address": "planning:legacy_points", "label": _("Georeference"), "done": row.picture_id is not None, "open": row.sheet_id is not None},
        {"name": "legacy_outline", "address": "planning:legacy_outline", "label": _("Outline"), "done": row.outline is not None, "open": row.picture_id is not None},
        {"name": "legacy_facts", "address": "planning:legacy_facts", "label": _("Facts"), "done": bool(row.facts), "open": True},
    ]  # fmt: skip


class LegacyPage(LegacyMixin, TemplateView):
    """Where a line stands, and the button that makes the plan."""

    template_name = "planning/legacyplan_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        problem = self.row.problem
        job = legacywork.latest_job(self.row)
        return context | {
            "ready": all(step["done"] for step in context["steps"]),
            "problem": text_of(problem["rule"], problem["params"]) if problem else "",
            "running": job if job is not None and not job.is_over else None,
            "job_url": reverse("job_state", args=[job.public_id]) if job else "",
        }


class LegacyChange(LegacyMixin, FormView[LineForm]):
    form_class = LineForm
    template_name = "planning/legacyplan_form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.row}

    def form_valid(self, form: LineForm) -> HttpResponse:
        legacy.describe(self.row, form.cleaned_data, actor=self.actor)
        return redirect(self.row)


class LegacyScan(LegacyMixin, FormView[ScanForm]):
    form_class = ScanForm
    template_name = "planning/legacyplan_scan.html"

    def form_valid(self, form: ScanForm) -> HttpResponse:
        try:
            job = legacy.add_scan(self.row, form.cleaned_data["scan"], actor=self.actor, page=form.cleaned_data["page"])  # fmt: skip
        except IllegalStep:
            form.add_error("scan", _("The file is no scan. Use PDF, TIFF, PNG or JPEG."))
            return self.form_invalid(form)
        return redirect("job", job.public_id)


class LegacyPoints(LegacyMixin, TemplateView):
    """Pairs of points. A browser with script sends each change and gets the misses as JSON."""

    template_name = "planning/legacyplan_points.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        pairs = kwargs.get("pairs") or PairFormSet(initial=self._initial(), prefix="pairs")
        told = _told(self.row)
        misses = [*told["residuals"], *([None] * len(pairs.forms))]
        return context | {
            "pairs": pairs,
            "rows": list(zip(pairs.forms, misses, strict=False)),
            "fit": told,
            "extent": self.row.tenant.extent,
        }

    def _initial(self) -> list[dict[str, float]]:
        names = ("column", "row", "easting", "northing")
        return [dict(zip(names, point, strict=True)) for point in self.row.points]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        pairs = PairFormSet(request.POST, prefix="pairs")
        if not pairs.is_valid():
            if request.accepts("text/html"):
                return self.render_to_response(self.get_context_data(pairs=pairs), status=400)
            return JsonResponse({"residuals": [], "error": _("A pair needs all four numbers.")}, status=400)
        points = [pair for form in pairs.forms if (pair := form.pair()) is not None]
        legacy.set_points(self.row, points, actor=self.actor)
        self.row.points = points
        if not request.accepts("text/html"):
            told = _told(self.row)
            sentence = render_to_string("planning/_legacy_fit.html", {"fit": told}, request)
            return JsonResponse({**told, "sentence": sentence})
        if "place" in request.POST:
            return self._place()
        return redirect("planning:legacy_points", self.row.public_id)

    def _place(self) -> HttpResponseBase:
        try:
            job = legacy.place(self.row, actor=self.actor)
        except fitting.NoFit as refused:
            messages.error(self.request, NO_FIT[refused.code])
            return redirect("planning:legacy_points", self.row.public_id)
        except IllegalStep:
            return redirect("planning:legacy_scan", self.row.public_id)
        return redirect("job", job.public_id)


def _told(row: LegacyPlan) -> dict[str, Any]:
    """What the pairs make: misses in metres, in the order of the pairs; why they make nothing."""
    if not row.points:
        return {"residuals": [], "error": ""}
    try:
        found = legacy.fit_of(row)
    except fitting.NoFit as refused:
        return {"residuals": [], "error": str(NO_FIT[refused.code])}
    return {
        "residuals": [round(miss, 2) for miss in found.residuals],
        "rms": round(found.rms, 2),
        "pixel": round(found.metres_per_pixel, 3),
        "stretch": round(found.stretch, 1),
        "stretched": found.stretch > STRETCHED,
        "coarse": found.metres_per_pixel > COARSE,
        "exact": len(row.points) <= fitting.AFFINE_FROM,
        "transform": found.transform,
        "error": "",
    }


class LegacyOutline(LegacyMixin, FormView[OutlineForm]):
    form_class = OutlineForm
    template_name = "planning/legacyplan_outline.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "areas": self.row.areas}

    def get_initial(self) -> dict[str, Any]:
        outline = self.row.outline
        return {"corners": corners_of(shapely.from_wkb(bytes(outline.wkb))) if outline else ""}

    def form_valid(self, form: OutlineForm) -> HttpResponse:
        drawn, parcels = form.cleaned_data["corners"], form.cleaned_data.get("parcels") or []
        shape = legacy.chosen(self.row, parcels) if parcels else drawn
        try:
            legacy.set_outline(self.row, shape, actor=self.actor)
        except IllegalStep:
            form.add_error(None, _("The outline encloses no ground."))
            return self.form_invalid(form)
        return redirect("planning:legacy_facts", self.row.public_id)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        place = [self.row.public_id]
        return super().get_context_data(**kwargs) | {
            "areas_form": AreasForm(),
            "features_url": reverse("planning:legacy_areas", args=place) if self.row.areas else "",
        }


class LegacyAreas(LegacyMixin):
    """GET: the parcels for the map; POST: another file with parcels or with the outline itself."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        features = [
            {"type": "Feature", "id": str(place), "geometry": json.loads(shape), "properties": {"label": label}}
            for place, (label, shape) in enumerate(self.row.areas)
        ]  # fmt: skip
        answer = JsonResponse({"type": "FeatureCollection", "features": features})
        answer["Cache-Control"] = "private, no-store"
        return answer

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        form = AreasForm(request.POST, request.FILES)
        if not form.is_valid():
            messages.error(request, _("Choose a file with parcels or the outline."))
        else:
            self._take(form.cleaned_data["areas"])
        return redirect("planning:legacy_outline", self.row.public_id)

    def _take(self, upload: Any) -> None:
        try:
            found = areas.of_upload(upload.chunks(), srid=settings.TWIN_SRID)
        except areas.AreasUnreadable as refused:
            messages.error(self.request, areas.REASONS[refused.code])
            return
        legacy.set_areas(self.row, found, actor=self.actor)
        if len(found) == 1:  # the outline itself
            legacy.set_outline(self.row, found[0].shape, actor=self.actor)


class LegacyFacts(LegacyMixin, FormView[FactsForm]):
    form_class = FactsForm
    template_name = "planning/legacyplan_facts.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        towns = [town for town in matching.territory(self.row.tenant) if town.ags]
        return {**super().get_form_kwargs(), "kind": self.row.plan_type, "towns": towns}

    def get_initial(self) -> dict[str, Any]:
        kind = {"form": "1000", "status": "4000", "ags": self.row.tenant.ags}
        return {**kind, "name": self.row.name, "number": self.row.number, **self.row.facts}

    def form_valid(self, form: FactsForm) -> HttpResponse:
        legacy.set_facts(self.row, form.facts(), actor=self.actor)
        return redirect(self.row)


class LegacyFinish(LegacyMixin):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            job = legacy.finish(self.row, actor=self.actor)
        except IllegalStep:
            messages.error(request, _("Something is missing yet."))
            return redirect(self.row)
        except ImportRefused as refused:
            for finding in refused.findings[:10]:
                messages.error(request, text_of(finding.rule, finding.params))
            return redirect(self.row)
        return redirect("planning:import", job.public_id)


class LegacyRemove(LegacyMixin, TemplateView):
    template_name = "planning/legacyplan_delete.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        legacy.remove(self.row, actor=self.actor)
        messages.success(request, _("The line was removed from the list."))
        return redirect("planning:legacies")


class LegacyGrid(LegacyMixin):
    """For the map: the scan in its own pixels (blatt), or on the ground (bild)."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        row, layer = self.row, kwargs["layer"]
        grid = row.picture_grid if layer == "bild" else row.sheet_grid
        template = reverse("planning:legacy_tile", args=[row.public_id, layer, "__tile__"])
        found = [{"id": layer, "title": str(row), "tiles": template, **grid}] if grid.get("origin") else []
        answer = JsonResponse({"rasters": found})
        answer["Cache-Control"] = "private, no-store"
        return answer


class LegacyTile(LegacyMixin):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        file = self.row.picture if kwargs["layer"] == "bild" else self.row.sheet
        if file is None:
            raise Http404
        etag = f'"{file.sha256[:32]}-{kwargs["tile"]}"'
        answer = get_conditional_response(request, etag=etag) or _drawn(files.path_of(file), kwargs["tile"])
        answer["ETag"], answer["Cache-Control"] = etag, "private, no-cache"
        return answer


def _drawn(path: Path, key: str) -> HttpResponse:
    try:
        return HttpResponse(tiles.tile(path, key), content_type=tiles.CONTENT_TYPE)
    except tiles.NoTile as error:
        raise Http404 from error
