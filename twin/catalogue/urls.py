"""Addresses of the catalogue; German, because people read them."""

from django.urls import URLPattern, URLResolver, path

from twin.catalogue.views import sources

app_name = "catalogue"

# foreign services
of_sources = [
    path("dienste/", sources.SourceList.as_view(), name="sources"),
    path("dienste/neu/", sources.Register.as_view(), name="register_source"),
    path("dienste/stand/", sources.Status.as_view(), name="status"),
    path("dienste/<uuid:public_id>/", sources.SourcePage.as_view(), name="source"),
    path("dienste/<uuid:public_id>/abrufen/", sources.HarvestNow.as_view(), name="harvest_source"),
    path("dienste/<uuid:public_id>/pruefen/", sources.ProbeNow.as_view(), name="probe_source"),
    path("dienste/<uuid:public_id>/oeffentlich/", sources.Open.as_view(), name="open_source"),
    path("dienste/<uuid:public_id>/einstellungen/", sources.Settings.as_view(), name="source_settings"),
    path("dienste/<uuid:public_id>/entfernen/", sources.Remove.as_view(), name="remove_source"),
]

urlpatterns: list[URLPattern | URLResolver] = [*of_sources]
