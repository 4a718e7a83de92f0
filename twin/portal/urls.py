"""Addresses of the front that are no pages. The names of the query parameters are German: people read and pass them on."""

from django.urls import path

from twin.portal.views import (
    AnalysesView,
    MediaView,
    OutlinesView,
    ProcedureCalendar,
    ProcedureFeed,
    ProcedurePlacesView,
    SearchView,
)

app_name = "portal"
urlpatterns = [
    path("media/<path:path>", MediaView.as_view(), name="media"),
    path("analysen/veroeffentlicht/", AnalysesView.as_view(), name="analyses"),
    path("suche/", SearchView.as_view(), name="search"),
    path("verfahren.atom", ProcedureFeed.as_view(), name="feed"),
    path("termine.ics", ProcedureCalendar.as_view(), name="calendar"),
    path("karte/gemeinden.geojson", OutlinesView.as_view(), name="outlines"),
    path("karte/verfahren.geojson", ProcedurePlacesView.as_view(), name="procedures"),
]
