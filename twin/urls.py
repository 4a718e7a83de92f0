"""All addresses; packages are named by string."""

from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls

from planning.sitemaps import SITEMAPS
from twin.catalogue.sitemaps import RECORDS
from twin.catalogue.views.csw import Csw
from twin.catalogue.views.masterportal import Masterportal
from twin.ogc.views.service import Landing
from twin.portal.work import WorkPage

handler400 = "twin.api.bad_request"
urlpatterns: list[URLPattern | URLResolver] = [
    path("redaktion/", include("twin.portal.admin_urls")),
    path("verwaltung/", admin.site.urls),
    path("arbeit/", WorkPage.as_view(), name="work"),
    path("sitemap.xml", sitemap, {"sitemaps": {**SITEMAPS, **RECORDS}}, name="sitemap"),
    path("", include("tenants.urls")),
    path("konto/", include("allauth.urls")),
    path("sprache/", include("django.conf.urls.i18n")),
    path("", include("twin.indicators.urls")),
    path("", include("participation.urls")),
    path("plaene/", include("planning.urls")),
    path("pegel/", include("twin.sensors.urls")),
    path("csw", Csw.as_view(), name="csw"),
    path("analysen/", include("twin.analysis.urls")),
    path("daten/", include("twin.catalogue.urls")),
    *(
        path(
            f"masterportal/<slug:slug>/{document}.json",
            Masterportal.as_view(document=document),
            name=f"masterportal_{document}",
        )
        for document in ("services", "config", "style")
    ),
    path(
        "ogc", Landing.as_view(), name="ogc_landing"
    ),  # QGIS 3.22 follows no redirect to the address with a slash
    path("ogc/", include("twin.ogc.urls")),
    path("api/v1/", include("twin.api_urls")),
    path("karte/", include("twin.viewer.urls")),
    path("", include("twin.portal.urls")),
    path("", include(wagtail_urls)),
]
