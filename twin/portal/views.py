"""Search, feeds, and the county's map; everything else of the front is a page."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView
from django.views.static import serve

from participation.models import Procedure
from tenants import geojson
from tenants.models import Tenant, TenantKind
from twin.analysis import presenting
from twin.analysis.inputs import gone_of_public
from twin.portal import feeds, queries
from twin.portal.models import LandkreisHome, MunicipalityPage
from twin.portal.search import search

FEED_AGE = 300  # seconds
FEED_LENGTH = 50  # procedures
ANALYSES = 25  # on a page
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


class AnalysesView(TemplateView):
    """Published analyses of the county, or of one town with ?ort=; of one use case with ?fall=."""

    template_name = "portal/analyses.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        frame = start_page(self.request).frame(self.request)
        rows = queries.published(frame["tenant"])
        slugs = rows.order_by().values_list("use_case", flat=True).distinct()
        use_cases = sorted(((slug, presenting.title_of(slug)) for slug in slugs), key=lambda each: each[1])
        chosen = self.request.GET.get("fall", "")
        if chosen:
            rows = rows.filter(use_case=chosen)
        rows = rows.only(*queries.LISTED, "inputs", "is_public", "created_at")
        page = Paginator(rows, ANALYSES).get_page(self.request.GET.get("page"))
        lost = gone_of_public(list(page))
        return super().get_context_data(
            page=page,
            rows=[(run, presenting.title_of(run.use_case), lost[run.pk]) for run in page],
            use_cases=use_cases,
            chosen=chosen,
            **frame,
            **kwargs,
        )


class MediaView(View):
    """Public pictures and documents. A proxy may serve the folder itself, with the same headers (docs/betrieb.md)."""

    def get(self, request: HttpRequest, path: str) -> HttpResponseBase:
        response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        patch_cache_control(response, public=True, no_cache=True)  # what is removed is gone at once
        return response


class OutlinesView(View):
    """Boundaries of the municipalities, simplified, in the twin's reference system."""

    def get(self, request: HttpRequest) -> HttpResponse:
        features = [geojson.feature(slug, shape, {"label": name}) for slug, name, shape in queries.outlines()]
        response = geojson.answer(features)
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
        return geojson.answer(features)


class ProcedureFeed(View):
    """Public procedures of the county, or of one town with ?ort=, newest first, for feed readers and other websites."""

    content_type = "application/atom+xml; charset=utf-8"

    def get(self, request: HttpRequest) -> HttpResponse:
        page = start_page(request)
        key = f"{type(self).__name__}:{page.tenant_slug}"
        body = cache.get(key)
        if body is None:
            with translation.override(settings.LANGUAGE_CODE):  # one text for everybody
                body = self.body(page, request)
            cache.set(key, body, FEED_AGE)
        response = HttpResponse(body, content_type=self.content_type)
        patch_cache_control(response, public=True, max_age=FEED_AGE)
        return response

    def body(self, page: MunicipalityPage, request: HttpRequest) -> str | bytes:
        slug = page.tenant_slug
        return feeds.atom(
            self.rows(page).order_by("-published_at", "-pk")[:FEED_LENGTH],
            title=feed_title(page),
            address=page.get_url(request) or "/",
            feed_address=f"{reverse('portal:feed')}?ort={slug}",
        )

    def rows(self, page: MunicipalityPage) -> QuerySet[Procedure]:
        return queries.public_procedures(page.tenant)


class ProcedureCalendar(ProcedureFeed):
    """The dates of the same procedures, for calendar programs."""

    content_type = "text/calendar; charset=utf-8"

    def body(self, page: MunicipalityPage, request: HttpRequest) -> str | bytes:
        return feeds.calendar(self.rows(page).order_by("pk"), title=feed_title(page))


def feed_title(page: MunicipalityPage) -> str:
    return _("Participation: %(town)s") % {"town": page.tenant}
