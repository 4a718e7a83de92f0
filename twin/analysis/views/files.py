"""The files of a run: on the map, to download, as report."""

import gzip
import json
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import pgettext
from django.views.generic import TemplateView

from planning.rasters import tiles
from tenants import files, geojson
from tenants.models import PrivateFile, User
from tenants.permissions import actions
from tenants.throttling import WINDOW, is_too_often
from twin.analysis import handing, painting, presenting, printing, reporting, services
from twin.analysis.models import Run
from twin.analysis.views.reaching import RunMixin

REPORTS_PER_MINUTE = 3  # that a stranger may have printed


class Report(RunMixin):
    """The PDF at once where that takes seconds; a longer one where it is kept, else its page, from which a worker is asked for it."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        run = self.finished()
        if not printing.is_long(run):
            headers = {"Content-Disposition": f'attachment; filename="{printing.name_of(run)}"'}
            body = reporting.report(run, handing.files_of(run))
            return HttpResponse(body, content_type="application/pdf", headers=headers)
        file = printing.kept(run)
        return files.serve(file) if file is not None else redirect("analysis:report_page", run.public_id)


class ReportPage(RunMixin, TemplateView):
    """How far a long report is. Looking starts nothing: a button does, once for each state of the report, and not too often."""

    template_name = "analysis/run_printing.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        run, person = self.long(), request.user
        if is_too_often(request, at="report", most=REPORTS_PER_MINUTE):
            return self.render_to_response(self.get_context_data(too_often=True), status=429, headers={"Retry-After": str(WINDOW)})  # fmt: skip
        services.request_report(run, actor=person if isinstance(person, User) else None)
        return redirect("analysis:report_page", run.public_id)

    def long(self) -> Run:
        """Whose report is not printed at once; else 404."""
        run = self.finished()
        if not printing.is_long(run):
            raise Http404
        return run

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run, person = self.long(), self.request.user
        file = printing.kept(run)
        job = printing.latest(run) if file is None else None
        found = {
            "run": run,
            "tenant": run.tenant,
            "ready": file is not None,
            "asked": job is not None,
            "gave_up": printing.gave_up(job),
        }
        if job is not None and "analyse" in actions(person, run):
            found |= {"job": job, "job_url": reverse("job_state", args=[job.public_id])}
            found["cancel_url"] = reverse("analysis:cancel_report", args=[run.public_id])
        return super().get_context_data(**kwargs) | found


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
        return geojson.answer([*features, *map(json.dumps, presenting.marks(run))])


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


class Value(RunMixin):
    """?at=x,y in EPSG:25833, ?stufe=: what a raster says there, in words; no words where it draws nothing."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        output, file = self.output(self.fetched())
        if not output.get("legend"):
            raise Http404
        try:
            x, y = map(float, request.GET.get("at", "").split(","))
        except ValueError:
            return HttpResponse(status=400)
        bands = painting.values_at(files.path_of(file), x=x, y=y)
        text = presenting.said_at(output, bands, step=presenting.step_of(output, request.GET))
        return JsonResponse({"text": text}, headers={"Cache-Control": "private, no-cache"})


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
