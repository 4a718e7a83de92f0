"""Addresses of the catalogue; German, because people read them."""

from django.urls import URLPattern, URLResolver, path

from twin.catalogue.views import csw, dataformats, datasets, feeds, rasters, records, sources, uploads

app_name = "catalogue"

# the search, and one record
of_records = [
    path("", records.RecordList.as_view(), name="records"),
    path("<uuid:public_id>/", records.RecordPage.as_view(), name="record"),
    path("<uuid:public_id>/angaben/", records.Describe.as_view(), name="describe"),
    path("<uuid:public_id>/dcat.rdf", feeds.RecordRdf.as_view(form="xml"), name="record_rdf"),
    path("<uuid:public_id>/dcat.ttl", feeds.RecordRdf.as_view(form="turtle"), name="record_ttl"),
    path("<uuid:public_id>/dcat.jsonld", feeds.RecordRdf.as_view(form="json-ld"), name="record_jsonld"),
    path("<uuid:public_id>/iso.xml", csw.RecordIso.as_view(), name="record_iso"),
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

# own data: deliveries, and the datasets that become of them
of_datasets = [
    path("lieferungen/neu/", uploads.NewUpload.as_view(), name="deliver"),
    path("lieferungen/tus/", uploads.Tus.as_view(), name="tus"),
    path("lieferungen/tus/<uuid:public_id>/", uploads.TusFile.as_view(), name="tus_file"),
    path("lieferungen/<uuid:public_id>/", uploads.UploadPage.as_view(), name="upload"),
    path("lieferungen/<uuid:public_id>/stand/", uploads.UploadState.as_view(), name="upload_state"),
    path("lieferungen/<uuid:public_id>/abbrechen/", uploads.CancelUpload.as_view(), name="upload_cancel"),
    path(
        "lieferungen/<uuid:public_id>/vorschau.geojson", uploads.UploadShapes.as_view(), name="upload_shapes"
    ),
    path("datensaetze/", datasets.DatasetList.as_view(), name="datasets"),
    path("datensaetze/<uuid:public_id>/", datasets.DatasetPage.as_view(), name="dataset"),
    path("datensaetze/<uuid:public_id>/veroeffentlichen/", datasets.Publish.as_view(), name="publish"),
    path("datensaetze/<uuid:public_id>/zurueckziehen/", datasets.Withdraw.as_view(), name="withdraw"),
    path("datensaetze/<uuid:public_id>/abruf/", datasets.Refresh.as_view(), name="refresh"),
    path("datensaetze/<uuid:public_id>/bedeutung/", datasets.SetRole.as_view(), name="role"),
    path("datensaetze/<uuid:public_id>/freigeben/", datasets.Share.as_view(), name="share"),
    path("datensaetze/<uuid:public_id>/freigabe-beenden/", datasets.Unshare.as_view(), name="unshare"),
    path("datensaetze/<uuid:public_id>/loeschen/", datasets.Delete.as_view(), name="delete_dataset"),
    path(
        "datensaetze/<uuid:public_id>/versionen/<int:number>/", datasets.VersionPage.as_view(), name="version"
    ),
    path(
        "datensaetze/<uuid:public_id>/versionen/<int:number>/wiederherstellen/",
        datasets.Restore.as_view(),
        name="restore_version",
    ),
    path(
        "datensaetze/<uuid:public_id>/daten.geojson",
        datasets.Download.as_view(kind="geojson"),
        name="dataset_geojson",
    ),
    path("datensaetze/<uuid:public_id>/daten.csv", datasets.Download.as_view(kind="csv"), name="dataset_csv"),
    path("datensaetze/<uuid:public_id>/daten.gpkg", datasets.GeoPackage.as_view(), name="dataset_gpkg"),
    path("datensaetze/<uuid:public_id>/daten.tif", rasters.Download.as_view(), name="dataset_tif"),
    path("datensaetze/<uuid:public_id>/raster/", rasters.Grids.as_view(), name="dataset_rasters"),
    path("datensaetze/<uuid:public_id>/raster/wert/", rasters.Value.as_view(), name="dataset_value"),
    path(
        "datensaetze/<uuid:public_id>/raster/<int:number>/<str:tile>.webp",
        rasters.Tile.as_view(),
        name="dataset_tile",
    ),
    path("datensaetze/<uuid:public_id>/karte.geojson", datasets.Shapes.as_view(), name="dataset_shapes"),
]

of_formats = [
    path("datenformate/", dataformats.FormatList.as_view(), name="formats"),
    path("datenformate/neu/", dataformats.DeclareFormat.as_view(), name="declare_format"),
    path("datenformate/<uuid:public_id>/", dataformats.FormatPage.as_view(), name="format"),
    path("datenformate/<uuid:public_id>/aendern/", dataformats.DeclareFormat.as_view(), name="change_format"),
    path(
        "datenformate/<uuid:public_id>/vorlage.csv",
        dataformats.Template.as_view(kind="csv"),
        name="format_csv",
    ),
    path(
        "datenformate/<uuid:public_id>/vorlage.gpkg",
        dataformats.Template.as_view(kind="gpkg"),
        name="format_gpkg",
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [*of_records, *of_sources, *of_datasets, *of_formats]
