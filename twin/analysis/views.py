"""Analyses: asked and listed by staff; each answer on a page for everybody who may see it, with what its staff does with it."""

import gzip
import json
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.generic import FormView, TemplateView, View

from planning.rasters import tiles
from tenants import access, files, geojson
from tenants.errors import Refused
from tenants.mixins import StaffPage
from tenants.models import JobState, PrivateFile, Tenant
from tenants.permissions import actions, shares_of
from twin.analysis import comparing, handing, painting, presenting, registry, reporting, services
from twin.analysis.forms import PLAN, RunFilter, RunForm
from twin.analysis.inputs import Offer, offered_to
from twin.analysis.models import OPEN, Run
from twin.analysis.usecase import UseCase
from twin.catalogue.forms import ShareForm

PER_PAGE = 25


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
        return super().get_context_data(**kwargs) | {
            "use_cases": use_cases,
            "form": form,
            "page": page,
            "rows": [(run, presenting.title_of(run.use_case), presenting.KINDS[run.state]) for run in page],
            "may_ask": "analyse" in actions(self.person, self.tenant),
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
                form.question(),
                title=form.cleaned_data["title"],
                tenant=self.tenant,
                actor=self.person,
            )
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


class RunMixin(View):
    """Fetches the run of the address for what is to be done with it."""

    action = "view"

    def fetched(self) -> Run:
        rows = Run.objects.select_related("job", "tenant", "created_by")
        found: Run = access.fetch(rows, self.request.user, self.action, public_id=self.kwargs["public_id"])
        return found

    def output(self, run: Run) -> tuple[dict[str, Any], PrivateFile]:
        """The file that the address names; else 404."""
        found = handing.output_of(run, self.kwargs["output"])
        if found is None:
            raise Http404
        return found


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
            found |= {"maps": maps, "shown": shown, "above": drawn, "step": step, "rasters_url": f"{address}?stufe={step}" if step else address}  # fmt: skip
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


class Comparison(StaffPage, RunMixin, TemplateView):
    """A run beside another one of its use case (?mit=); without one, those that there are."""

    template_name = "analysis/run_compare.html"

    def check(self) -> None:
        """The runs decide, not the active tenant."""

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
                rows.exclude(finished_at=None).exclude(pk=run.pk).order_by("-created_at", "-pk")[:PER_PAGE]
            )
        else:
            found |= {
                "numbers": comparing.numbers(run, other),
                "otherwise": comparing.otherwise(run, other),
            }
            if pair := comparing.comparable(run, other):
                picture = reverse("analysis:difference", args=[run.public_id])
                found["picture"] = f"{picture}?mit={other.public_id}"
                found |= {"legend": comparing.legend(pair[0]), "shown": presenting.file_title(run, pair[0])}
        return super().get_context_data(**kwargs) | found


class Difference(Comparison):
    """The picture of the difference."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        run, other = self.pair()
        pair = comparing.comparable(run, other) if other else None
        if other is None or pair is None:
            raise Http404
        image = comparing.picture(pair, handing.files_of(run), handing.files_of(other))
        answer = HttpResponse(content_type="image/png", headers={"Cache-Control": "private, no-cache"})
        image.save(answer, "PNG", optimize=True)  # type: ignore[arg-type]  # it can be written to
        return answer


class Report(RunMixin):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        run = self.fetched()
        if run.finished_at is None:
            raise Http404
        body = reporting.report(run, handing.files_of(run))
        name = f'attachment; filename="{run.use_case}-{run.finished_at:%Y-%m-%d}.pdf"'
        return HttpResponse(body, content_type="application/pdf", headers={"Content-Disposition": name})


class Area(RunMixin):
    """For the map: where the run is about (without an area: its first raster) and what was drawn into the question; or what it found."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        run = self.fetched()
        if drawn := presenting.drawn(run):
            output = handing.output_of(run, drawn["name"])
            if output is None:
                raise Http404
            content = files.path_of(output[1]).read_bytes()
            return HttpResponse(content, content_type=geojson.CONTENT_TYPE)
        area = run.parameters.get("area") or next(
            (presenting.box_of(each["grid"]) for each in run.outputs if "grid" in each), None
        )
        features = (
            [
                geojson.feature(
                    "area", json.dumps(area), {"label": pgettext("analysis", "Area"), "outline": True}
                )
            ]
            if area
            else []
        )
        return geojson.answer([*features, *presenting.marks(run)])


class Download(RunMixin):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return files.serve(self.output(self.fetched())[1])


class Grids(RunMixin):
    """A raster for the map: title, grid and address of the tiles; see docs/frontend.md."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        run = self.fetched()
        output, _file = self.output(run)
        if not output.get("legend"):
            raise Http404
        place = {"public_id": run.public_id, "output": output["name"], "tile": "__tile__"}
        step = presenting.step_of(output, request.GET)
        address = reverse("analysis:numbers" if step else "analysis:tile", kwargs=place)
        told = {"id": output["name"], "title": run.title, "tiles": address, **output["grid"]}
        told |= {"step": step, "frames": output.get("frames", False), "colours": [row[1] for row in output["legend"]]} if step else {}  # fmt: skip
        return JsonResponse({"rasters": [told]}, headers={"Cache-Control": "private, no-cache"})


class Tile(RunMixin):
    """One tile in the colours of its classes, or the numbers of one with steps; who asks again is asked for the right again."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        output, file = self.output(self.fetched())
        if not output.get("legend"):
            raise Http404
        etag = f'"{file.sha256[:32]}-{kwargs["tile"]}"'
        answer = get_conditional_response(request, etag=etag) or self._drawn(output, file)
        answer["ETag"], answer["Cache-Control"] = etag, "private, no-cache"
        return answer

    def _drawn(self, output: dict[str, Any], file: PrivateFile) -> HttpResponse:
        path, key, safely = files.path_of(file), self.kwargs["tile"], {"X-Content-Type-Options": "nosniff"}
        try:
            if output.get("steps"):
                body = gzip.compress(tiles.numbers(path, key), 1, mtime=0)
                return HttpResponse(body, content_type="application/octet-stream", headers=safely | {"Content-Encoding": "gzip"})  # fmt: skip
            body = tiles.tile(path, key, paint=partial(painting.paint, legend=output["legend"]))
        except tiles.NoTile as error:
            raise Http404 from error
        return HttpResponse(body, content_type=tiles.CONTENT_TYPE, headers=safely)


# --- acts


class Act(StaffPage, RunMixin):
    """POST; the service decides who may. What it refuses stands on the run's page."""

    http_method_names: tuple[str, ...] = ("post",)

    def check(self) -> None:
        """The run decides, not the active tenant."""

    def act(self, run: Run) -> str:
        """What to say afterwards."""
        raise NotImplementedError

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        run = self.fetched()
        address = run.get_absolute_url()
        try:
            messages.success(request, self.act(run))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect(address if Run.objects.filter(pk=run.pk).exists() else "analysis:runs")


class Cancel(Act):
    action = "analyse"

    def act(self, run: Run) -> str:
        services.cancel_run(run, actor=self.person)
        return _("The analysis is being cancelled.")


class Publish(Act):
    action = "publish_run"

    def act(self, run: Run) -> str:
        services.publish_run(run, actor=self.person)
        return _("The analysis is public.")


class Withdraw(Act):
    action = "publish_run"

    def act(self, run: Run) -> str:
        services.withdraw_run(run, actor=self.person)
        return _("The analysis is no longer public.")


class Deliver(Act):
    """A file of the run becomes a delivery, and the person goes on there."""

    action = "import_dataset"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        run = self.fetched()
        try:
            upload = services.deliver_output(run, self.kwargs["output"], actor=self.person)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(run)
        return redirect("catalogue:upload", upload.public_id)


class Share(Act):
    action = "share"

    def act(self, run: Run) -> str:
        holder = self.holder(run)
        services.share_run(run, holder=holder, actor=self.person)
        return str(_("%s can read the analysis now.") % holder)

    def holder(self, run: Run) -> Tenant:
        form = ShareForm(self.request.POST, owner=run.tenant)
        if not form.is_valid():
            raise Refused(_("Choose an administration."))
        found: Tenant = form.cleaned_data["tenant"]
        return found


class Unshare(Share):
    def act(self, run: Run) -> str:
        holder = self.holder(run)
        services.unshare_run(run, holder=holder, actor=self.person)
        return str(_("%s can no longer read the analysis.") % holder)


class Delete(Act):
    action = "delete_run"

    def act(self, run: Run) -> str:
        services.delete_run(run, actor=self.person)
        return _("The analysis is deleted.")
