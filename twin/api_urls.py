"""All addresses of the REST API, version 1."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from twin.openapi import Nothing, Root, Schema

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", Root.as_view(), name="root"),
    path("schema/", Schema.as_view(), name="schema"),
    path("", include("tenants.api_urls")),
    path("", include("planning.api_urls")),
    path("", include("participation.api_urls")),
    path("", include("twin.catalogue.api_urls")),
    path("", include("twin.indicators.api_urls")),
    re_path(r".*/$", Nothing.as_view()),
]
