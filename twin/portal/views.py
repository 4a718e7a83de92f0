"""Search, and the county's map; everything else of the front is a page."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views import View
from django.views.generic import TemplateView
from django.views.static import serve

from tenants.models import Tenant, TenantKind
from twin.portal import geojson, queries
from twin.portal.models import LandkreisHome, MunicipalityPage
from twin.portal.search import search

QUERY_LENGTH = 200  # characters of a search


def start_page(request: HttpRequest) -> MunicipalityPage:
    """The start page of the town that ?ort= names, else of the host's town, else of the county."""
    slug = request.GET.get("ort") or getattr(getattr(request, "site_tenant", None), "slug", "")
    home = LandkreisHome.objects.first()
    slug = slug or (home.tenant_slug if home else "")
    page: MunicipalityPage | None = MunicipalityPage.objects.live().filter(tenant_slug=slug).first()
    if page is None or page.tenant is None:
        raise Http404
    return page


class SearchView(TemplateView):
    """The search of the county, or of one town with ?ort=."""

    template_name = "portal/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = start_page(self.request)
        frame = page.frame(self.request)
        tenant: Tenant = frame["tenant"]
        query = " ".join(self.request.GET.get("q", "").split())[:QUERY_LENGTH]
        below = page.get_parent() if tenant.kind == TenantKind.COUNTY else page
        return super().get_context_data(
            query=query, found=search(query, below=below, tenant=tenant), **frame, **kwargs
        )


class MediaView(View):
    """Public pictures and documents. A proxy may serve the folder itself, with the same headers (docs/betrieb.md)."""

    def get(self, request: HttpRequest, path: str) -> HttpResponseBase:
        response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        patch_cache_control(response, public=True, max_age=3600)
        return response


class OutlinesView(View):
    """Boundaries of the municipalities, simplified, in the twin's reference system."""

    def get(self, request: HttpRequest) -> HttpResponse:
        features = [geojson.feature(slug, shape, {"label": name}) for slug, name, shape in queries.outlines()]
        response = geojson.collection(features)
        patch_cache_control(response, public=True, max_age=3600)
        return response


class ProcedurePlacesView(View):
    """A marker for each public procedure that runs or comes, of the county or of one town with ?ort=."""

    def get(self, request: HttpRequest) -> HttpResponse:
        tenant = start_page(request).tenant
        rows = queries.public_procedures(tenant)
        places = queries.places(rows)
        listed = queries.listing(rows, at=timezone.now()).on_map
        features = [
            geojson.feature(
                entry.procedure.public_id,
                places[entry.procedure.pk],
                {"label": entry.procedure.title, "url": entry.procedure.get_absolute_url()},
            )
            for entry in listed
            if entry.procedure.pk in places
        ]
        return geojson.collection(features)
