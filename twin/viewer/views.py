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
from twin.viewer import features, gauges, layers, passing, searching
from twin.viewer.errors import NoSuchPart

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
        folders = layers.tree(tenant, request.user)
        context = {
            "tenant": tenant,
            "folders": folders,
            "everything": tenant.kind == TenantKind.COUNTY,
            "more": layers.count(folders) >= layers.MOST,
            "extent": tenant.extent,
            "scales": SCALES,
        }
        answer = render(request, "viewer/map.html", context)
        patch_cache_control(answer, private=True, no_cache=True)  # it names what the person sees alone
        return answer


class Gauges(View):
    """Of a town, in a part of the map."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        tenant = get_object_or_404(Tenant, slug=slug, active=True)
        try:
            found = gauges.within(passing.box(request.GET.get("bbox", "")), tenant=tenant)
        except NoSuchPart:
            raise Http404 from None
        return JsonResponse(found, content_type="application/geo+json")


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
    """Abstract: something of a harvested service's layer that the person may see."""

    types: tuple[str, ...] = passing.PICTURES
    kept = 3600  # seconds, by whoever asked

    def get(self, request: HttpRequest, public_id: Any, **place: int) -> HttpResponseBase:
        offered = passing.offered(Record.objects.select_related("source"), self.types)
        record = get_object_or_404(passing.visible(offered, request.user), public_id=public_id)
        try:
            throttling.count(request)
            if passing.is_silent(record):
                raise FetchFailed("it was silent when last watched", reason="unreachable")
            answer = self.passed_on(record, **place)
            whose = "public" if passing.is_open(record) else "private"
            patch_cache_control(answer, **{whose: True}, max_age=self.kept)
            return answer
        except NoSuchPart:
            return _said(_("This part of the map cannot be asked for."), HTTPStatus.BAD_REQUEST)
        except TooMany as many:
            return _said(str(many), HTTPStatus.TOO_MANY_REQUESTS)
        except FetchFailed:
            return _said(_("The service does not answer."), HTTPStatus.BAD_GATEWAY)

    def passed_on(self, record: Record, **place: int) -> HttpResponseBase:
        raise NotImplementedError

    def extract(self, record: Record) -> passing.Extract:
        return passing.extract(self.request.GET, system=passing.system_of(record))


class Picture(Passing):
    def passed_on(self, record: Record, **place: int) -> HttpResponseBase:
        return HttpResponse(*passing.picture(record, self.extract(record)))


class Legend(Passing):
    types = (*passing.PICTURES, *passing.TILES)

    def passed_on(self, record: Record, **place: int) -> HttpResponseBase:
        return HttpResponse(*passing.legend(record))


class Tile(Passing):
    types = passing.TILES

    def passed_on(self, record: Record, **place: int) -> HttpResponseBase:
        return HttpResponse(*passing.tile(record, **place))


class Features(Passing):
    types = passing.FEATURES
    kept = 300

    def passed_on(self, record: Record, **place: int) -> HttpResponseBase:
        asked = self.request.GET
        most = passing.number(asked.get("limit", str(features.MOST)))
        found = features.within(
            passing.box(asked.get("bbox", "")), record=record, most=min(most, features.MOST)
        )
        return HttpResponse(features.as_geojson(found), content_type="application/geo+json")


class Information(Passing):
    kept = 0

    def passed_on(self, record: Record, **place: int) -> HttpResponseBase:
        across, down = (passing.number(self.request.GET.get(name, "")) for name in ("X", "Y"))
        return _said(passing.words(record, self.extract(record), (across, down)), HTTPStatus.OK)


def _said(text: str, status: HTTPStatus) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
