"""Addresses of the catalogue; German, because people read them."""

from django.urls import URLPattern, URLResolver, path

from twin.catalogue.views import feeds, records, sources

app_name = "catalogue"

# the search, and one record
of_records = [
    path("", records.RecordList.as_view(), name="records"),
    path("<uuid:public_id>/", records.RecordPage.as_view(), name="record"),
    path("<uuid:public_id>/angaben/", records.Describe.as_view(), name="describe"),
    path("<uuid:public_id>/dcat.rdf", feeds.RecordRdf.as_view(form="xml"), name="record_rdf"),
    path("<uuid:public_id>/dcat.ttl", feeds.RecordRdf.as_view(form="turtle"), name="record_ttl"),
    path("<uuid:public_id>/dcat.jsonld", feeds.RecordRdf.as_view(form="json-ld"), name="record_jsonld"),
    path("dcat.rdf", feeds.Feed.as_view(form="xml", address_name="catalogue:dcat_rdf"), name="dcat_rdf"),
    path("dcat.ttl", feeds.Feed.as_view(form="turtle", address_name="catalogue:dcat_ttl"), name="dcat_ttl"),
    path(
        "dcat.jsonld",
        feeds.Feed.as_view(form="json-ld", address_name="catalogue:dcat_jsonld"),
        name="dcat_jsonld",
    ),
]

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

urlpatterns: list[URLPattern | URLResolver] = [*of_records, *of_sources]
