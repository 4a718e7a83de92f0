"""Addresses of the monthly figures in the REST API."""

from django.urls import path

from twin.indicators import api

urlpatterns = [
    path("indicators/county/", api.OfCounty.as_view(), name="county_figures"),
    path("indicators/municipalities/", api.OfMunicipalities.as_view(), name="municipality_figures"),
    path("indicators/targets/", api.Targets.as_view(), name="targets"),
]
