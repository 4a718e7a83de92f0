"""All addresses; packages are named by string."""

from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("redaktion/", include(wagtailadmin_urls)),
    path("konto/", include("allauth.urls")),
    path("", include("twin.indicators.urls")),
    path("", include(wagtail_urls)),
]
