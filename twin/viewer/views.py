"""The map page, its search, and what it passes on of harvested services."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.generic import View

from tenants.errors import FetchFailed
from tenants.models import Tenant, TenantKind
from twin.catalogue.models import Record
from twin.ogc import throttling
from twin.ogc.errors import TooMany
from twin.viewer import layers, passing, searching

QUERY_LENGTH = 200  # characters of a search
SCALES = (500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000)


def town_of(request: HttpRequest) -> Tenant:
    """The town that ?ort= names, else the host's, else the county."""
    towns = Tenant.objects.filter(active=True)
    if slug := request.GET.get("ort"):
        return get_object_or_404(towns, slug=slug)
    own: Tenant | None = getattr(request, "site_tenant", None) or None
    found = own or towns.filter(kind=TenantKind.COUNTY).first()
    if found is None:
        raise Http404
    return found


class MapPage(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        tenant = town_of(request)
        folders = layers.tree(tenant)
        context = {
            "tenant": tenant,
            "folders": folders,
            "everything": tenant.kind == TenantKind.COUNTY,
            "more": layers.count(folders) >= layers.MOST,
            "extent": tenant.extent,
            "scales": SCALES,
        }
        return render(request, "viewer/map.html", context)


class Search(View):
    def get(self, request: HttpRequest) -> JsonResponse:
        try:
            throttling.count(request)  # an address may be asked for at a service of somebody else's
        except TooMany as many:
            return JsonResponse({"found": [], "message": str(many)}, status=HTTPStatus.TOO_MANY_REQUESTS)
        text = request.GET.get("q", "")[:QUERY_LENGTH]
        found, why = searching.search(text, tenant=town_of(request))
        answer = JsonResponse({"found": [asdict(one) for one in found], "message": "" if found else why})
        patch_cache_control(answer, no_store=True)
        return answer


class Passing(View):
    """Abstract: something of a harvested service's layer that is public."""

    def get(self, request: HttpRequest, public_id: Any) -> HttpResponseBase:
        record = get_object_or_404(passing.offered(Record.objects.all()), public_id=public_id)
        system = passing.system_of(record)
        wanted = passing.extract(request.GET, system=system) if system else None
        if wanted is None:
            return _said(_("This part of the map cannot be asked for."), HTTPStatus.BAD_REQUEST)
        try:
            throttling.count(request)
            return self.passed_on(record, wanted)
        except TooMany as many:
            return _said(str(many), HTTPStatus.TOO_MANY_REQUESTS)
        except FetchFailed:
            return _said(_("The service does not answer."), HTTPStatus.BAD_GATEWAY)

    def passed_on(self, record: Record, wanted: passing.Extract) -> HttpResponseBase:
        raise NotImplementedError


class Picture(Passing):
    def passed_on(self, record: Record, wanted: passing.Extract) -> HttpResponseBase:
        content, kind = passing.picture(record, wanted)
        answer = HttpResponse(content, content_type=kind)
        patch_cache_control(answer, public=True, max_age=3600)
        return answer


class Information(Passing):
    def passed_on(self, record: Record, wanted: passing.Extract) -> HttpResponseBase:
        numbers = self.request.GET.get("X", ""), self.request.GET.get("Y", "")
        if not all(text.isascii() and text.isdecimal() and len(text) < 5 for text in numbers):
            return _said(_("This part of the map cannot be asked for."), HTTPStatus.BAD_REQUEST)
        across, down = map(int, numbers)
        return _said(passing.words(record, wanted, (across, down)), HTTPStatus.OK)


def _said(text: str, status: HTTPStatus) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
