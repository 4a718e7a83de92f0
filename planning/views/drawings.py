"""The drawing: catalogue of Planzeichen, picture of a section, print at a true scale."""

import json
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.generic import TemplateView, View

from planning import drawing, exporting, printing, services
from planning.errors import TooManySheets, TooMuchToDraw
from planning.forms import PictureQuery, PrintForm
from planning.planzeichen import catalogue
from planning.views.plans import PlanMixin
from tenants import files
from tenants.permissions import can


@method_decorator(gzip_page, name="dispatch")
class Catalogue(View):
    """What the browser draws with; the same for everybody, changed by a release alone."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        etag = f'"{catalogue.fingerprint()}"'
        answer = get_conditional_response(request, etag=etag)
        if answer is None:
            body = json.dumps(catalogue.as_json(), ensure_ascii=False, separators=(",", ":"))
            answer = HttpResponse(body, content_type="application/json")
            answer["ETag"] = etag
        answer["Cache-Control"] = "public, max-age=3600"
        return answer


class Picture(PlanMixin):
    """A section of the plan as PNG: ?bbox=west,south,east,north&crs=EPSG:25833&width=800&height=600&transparent=true"""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        form = PictureQuery(request.GET)
        if not form.is_valid():
            return JsonResponse({"errors": form.errors}, status=400)
        etag = f'"{self.version.sha256[:32]}-{self.version.pk}-{catalogue.fingerprint()}-{form.key()}"'
        answer = get_conditional_response(request, etag=etag)
        if answer is None:
            answer = self._picture(form)
            answer["ETag"] = etag
        everybody = self.version.is_public and request.user.is_anonymous
        answer["Cache-Control"] = "public, no-cache" if everybody else "private, no-cache"
        return answer

    def _picture(self, form: PictureQuery) -> HttpResponse:
        wanted = form.cleaned_data
        frame = drawing.on_screen(
            wanted["bbox"], srid=wanted["crs"], size=(wanted["width"], wanted["height"]), plan_type=self.plan.plan_type
        )  # fmt: skip
        try:
            objects = drawing.objects_in(self.version, frame)
        except ValueError:
            return JsonResponse({"errors": {"bbox": [_("This section does not lie in the reference system.")]}}, status=400)  # fmt: skip
        except TooMuchToDraw as error:
            words = _("More than %(most)s objects: choose a smaller section.") % {"most": error.most}
            return JsonResponse({"errors": {"bbox": [words]}}, status=413)
        ground = "" if wanted["transparent"] else "#ffffff"
        document = "".join(drawing.picture(objects, frame, ground=ground))
        return HttpResponse(drawing.as_png(document), content_type="image/png")


ORDINARY = {"BP": 1_000, "FP": 10_000}  # denominators that a first look at the page proposes


class PrintPage(PlanMixin, TemplateView):
    """Choose scale and paper; what fits is proposed."""

    template_name = "planning/plan_drawing.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = "scale" in self.request.GET
        form = PrintForm(self.request.GET if asked else None, initial=None if asked else self._proposal())
        return super().get_context_data(**kwargs) | {
            "form": form,
            "sheets": self._sheets(form) if asked and form.is_valid() else 0,
            "heavy": printing.is_heavy(self.version),
            "pdf_url": f"{reverse('planning:drawing_pdf', args=[self.plan.public_id])}?{self.request.GET.urlencode()}",
        }

    def _proposal(self) -> dict[str, Any]:
        order = printing.smallest_paper(self.version, ORDINARY.get(self.plan.plan_type, ORDINARY["BP"]))
        return {"scale": order.denominator, "paper": order.paper, "upright": order.upright}

    def _sheets(self, form: PrintForm) -> int:
        """How many pages the print takes; says in the form when they are too many."""
        try:
            return len(printing.frames(self.version, form.order()))
        except TooManySheets as error:
            form.add_error(None, _too_many(error))
        return 0


def _too_many(error: TooManySheets) -> str:
    return _("This would take %(sheets)s sheets; a print has at most %(most)s. Choose a larger paper or a smaller scale.") % {
        "sheets": error.sheets,
        "most": error.most,
    }  # fmt: skip


class PrintFile(PlanMixin):
    """The PDF at once, where that takes seconds; larger plans are printed by a worker for those who work on them."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        form = PrintForm(request.GET)
        if not form.is_valid():
            return JsonResponse({"errors": form.errors}, status=400)
        if printing.is_heavy(self.version):
            words = _("A plan of more than %(most)s objects is printed in the background, after signing in.")
            return JsonResponse({"errors": {"scale": [words % {"most": printing.HEAVY}]}}, status=413)
        try:
            body = printing.print_plan(self.plan, self.version, form.order())
        except TooManySheets as error:
            return JsonResponse({"errors": {"scale": [_too_many(error)]}}, status=400)
        except TooMuchToDraw as error:
            words = _("More than %(most)s objects on one sheet: choose a larger scale.") % {
                "most": error.most
            }
            return JsonResponse({"errors": {"scale": [words]}}, status=413)
        answer = HttpResponse(body, content_type="application/pdf")
        name = exporting.file_name_of(self.version, suffix=".pdf")
        answer["Content-Disposition"] = f'inline; filename="{name}"'
        answer["Cache-Control"] = "private, no-cache"
        return answer


class PrintInBackground(LoginRequiredMixin, PlanMixin):
    """Starts the worker's print and leads to its page."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not can(request.user, "view", self.plan):
            raise Http404
        form = PrintForm(request.POST)
        if not form.is_valid():
            return JsonResponse({"errors": form.errors}, status=400)
        job = services.request_print(self.version, form.order(), actor=request.user)  # type: ignore[arg-type]
        return redirect("job", job.public_id)


class PrintDownload(LoginRequiredMixin, PlanMixin):
    """What the worker printed for this person."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not can(request.user, "view", self.plan):
            raise Http404
        file = services.finished_print(self.plan, kwargs["job"], actor=request.user)  # type: ignore[arg-type]
        if file is None:
            raise Http404
        return files.serve(file, download=False)
