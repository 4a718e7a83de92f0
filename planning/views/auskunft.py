"""Plan information for everybody: the question, and the answer as page, JSON and PDF. Nothing of the question is kept."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.generic import View

from planning import capturing
from planning.auskunft import asking, printing, telling, wording
from planning.auskunft.answering import Answer, answer
from planning.auskunft.errors import PlaceRefused
from planning.auskunft.forms import PlaceForm
from planning.auskunft.places import Place
from planning.forms import CaptureForm
from planning.models import CaptureKind, CaptureStatement
from tenants.mixins import StaffPage
from tenants.models import Tenant

FORMATS = ("json", "pdf")
TEMPLATE = "planning/auskunft.html"


class PlanInformation(View):
    """GET punkt= (and flurstueck=1) answers at an address that can be passed on; POST answers about an area. f=json, f=pdf."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if "punkt" not in request.GET:
            return self._page(request, PlaceForm())
        try:
            place = asking.by_words(request.GET["punkt"])
            whole = request.GET.get("flurstueck") == "1"
            found = answer(asking.whole_parcel(place) if whole else place, on=timezone.localdate())
        except PlaceRefused as refused:
            return self._refused(request, refused)
        return self._answered(request, found, wanted=request.GET.get("f", ""))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = PlaceForm(request.POST, request.FILES)
        wanted = request.POST.get("f", "")
        if not form.is_valid():
            if wanted == "json":
                return _error(form.errors.as_data())
            return self._page(request, form, status=400)
        if not form.place.is_area and wanted not in FORMATS:
            return redirect(_address(form.place, request))
        try:
            found = answer(form.place, on=timezone.localdate())
        except PlaceRefused as refused:
            return self._refused(request, refused)
        return self._answered(request, found, wanted=wanted)

    def _refused(self, request: HttpRequest, refused: PlaceRefused) -> HttpResponseBase:
        if (request.GET.get("f") or request.POST.get("f")) == "json":
            return JsonResponse({"error": refused.code, "message": wording.refusal(refused)}, status=400)
        form = PlaceForm({"suche": request.GET.get("punkt", "")})
        form.is_valid()
        if not form.errors:
            form.add_error(None, wording.refusal(refused))
        return self._page(request, form, status=400)

    def _answered(self, request: HttpRequest, found: Answer, *, wanted: str) -> HttpResponseBase:
        response: HttpResponseBase
        if wanted == "json":
            response = JsonResponse(telling.as_json(found), json_dumps_params={"ensure_ascii": False})
            response["Access-Control-Allow-Origin"] = (
                "*"  # other portals show it; it is public, and no cookie changes it
            )
        elif wanted == "pdf":
            url = (
                request.build_absolute_uri(_address(found.place, request)) if not found.place.is_area else ""
            )
            body = printing.as_pdf(found, printed=timezone.localtime(), url=url)
            name = _("plan-information") + ".pdf"
            response = HttpResponse(body, content_type="application/pdf")
            response["Content-Disposition"] = f'inline; filename="{name}"'
        else:
            again = PlaceForm(initial={"umriss": asking.as_geometry(found.place), "name": found.place.label})
            response = self._page(request, again, **printing.rows(found))
        patch_cache_control(response, private=True)
        return response

    def _page(
        self, request: HttpRequest, form: PlaceForm, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        town = _town(request)
        shape = {"form": form, "town": town, **context}
        if town:  # the host's comes lazily: None in a wrapper
            shape |= {"tenant": town, "extent": town.extent}
        if "answer" in context and not context["answer"].place.is_area:
            shape["permalink"] = _address(context["answer"].place, request)
        return render(request, TEMPLATE, shape, status=status)


def _town(request: HttpRequest) -> Tenant | None:
    """Whose frame the page has: the town that ?ort= names, else the host's."""
    slug = request.GET.get("ort", "")
    named = Tenant.objects.filter(slug=slug[:100].replace("\0", ""), active=True).first() if slug else None
    return named or getattr(request, "site_tenant", None)


def _address(place: Place, request: HttpRequest) -> str:
    query = QueryDict(mutable=True)
    query["punkt"] = f"{place.easting:.2f} {place.northing:.2f}"
    if request.GET.get("ort"):
        query["ort"] = request.GET["ort"]
    return f"{reverse('planning:auskunft')}?{query.urlencode()}"


def _error(errors: Any) -> JsonResponse:
    first = next(error for found in errors.values() for error in found)
    return JsonResponse({"error": first.code or "invalid", "message": " ".join(first.messages)}, status=400)


class Capture(StaffPage):
    """How much of its plans a town has captured; everybody reads it beside every answer."""

    action = "publish_plan"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self._page(
            request, [CaptureForm(prefix=kind, initial=self._said(kind)) for kind in CaptureKind]
        )

    def post(self, request: HttpRequest) -> HttpResponseBase:
        forms = [CaptureForm(request.POST, prefix=kind, initial=self._said(kind)) for kind in CaptureKind]
        if [
            form for form in forms if not form.is_valid()
        ]:  # every one is asked, so that all errors are shown
            return self._page(request, forms, status=400)
        for kind, form in zip(CaptureKind, forms, strict=True):
            if form.cleaned_data["captured"]:
                capturing.state_capture(self.tenant, actor=self.person, kind=kind, said=form.said())
        return redirect("planning:capture")

    def _said(self, kind: CaptureKind) -> dict[str, Any]:
        row = CaptureStatement.objects.filter(tenant=self.tenant, kind=kind).first()
        return {"captured": row.captured, "as_of": row.as_of, "note": row.note} if row else {}

    def _page(self, request: HttpRequest, forms: list[CaptureForm], *, status: int = 200) -> HttpResponse:
        named = [(kind.label, form) for kind, form in zip(CaptureKind, forms, strict=True)]
        return render(
            request,
            "planning/capturestatement_form.html",
            {"forms": named, "tenant": self.tenant},
            status=status,
        )
