"""Addresses of the OGC interfaces, named as the standards want them."""

from django.urls import path

from twin.ogc.views import collections, features, processes, records, service, things, tiles, wfs, wms

app_name = "ogc"

CATALOGUE = "collections/katalog"  # before those of features
COLLECTION = "collections/<str:collection_id>"
TILESET = f"{COLLECTION}/tiles/<str:scheme_id>"

urlpatterns = [
    path("", service.Landing.as_view(), name="landing"),
    path("conformance", service.Conformance.as_view(), name="conformance"),
    path("api", service.Api.as_view(), name="api"),
    path("collections", collections.Collections.as_view(), name="collections"),
    path(CATALOGUE, records.CataloguePage.as_view(), name="catalogue"),
    path(f"{CATALOGUE}/items", records.Records.as_view(), name="records"),
    path(f"{CATALOGUE}/items/<uuid:record_id>", records.RecordItem.as_view(), name="record"),
    path(COLLECTION, collections.CollectionPage.as_view(), name="collection"),
    path(f"{COLLECTION}/queryables", collections.Queryables.as_view(), name="queryables"),
    path(f"{COLLECTION}/items", features.Items.as_view(), name="items"),
    path(f"{COLLECTION}/items/<path:feature_id>", features.Item.as_view(), name="item"),
    path(f"{COLLECTION}/style.json", tiles.StyleSheet.as_view(), name="style"),
    path(f"{COLLECTION}/tiles", tiles.Tilesets.as_view(), name="tilesets"),
    path(TILESET, tiles.Tileset.as_view(), name="tileset"),
    path(f"{TILESET}/<str:zoom>/<str:row>/<str:column>", tiles.Tile.as_view(), name="tile"),
    path("processes", processes.Processes.as_view(), name="processes"),
    path("processes/<str:process_id>", processes.Process.as_view(), name="process"),
    path("processes/<str:process_id>/execution", processes.Execution.as_view(), name="execution"),
    path("jobs", processes.Jobs.as_view(), name="jobs"),
    path("jobs/<str:job_id>", processes.Job.as_view(), name="job"),
    path("jobs/<str:job_id>/results", processes.Results.as_view(), name="results"),
    path("jobs/<str:job_id>/results/<str:output_id>", processes.Result.as_view(), name="result"),
    path("sensorthings/v1.1", things.Things.as_view(), name="sensorthings"),
    path("sensorthings/v1.1/", things.Things.as_view(), name="sensorthings_root"),
    path("sensorthings/v1.1/<path:resource>", things.Things.as_view(), name="sensorthings_resource"),
    path("wfs", wfs.Wfs.as_view(), name="wfs"),
    path("wms", wms.Wms.as_view(), name="wms"),
    path("tileMatrixSets", tiles.TileMatrixSets.as_view(), name="tilematrixsets"),
    path("tileMatrixSets/<str:scheme_id>", tiles.TileMatrixSet.as_view(), name="tilematrixset"),
]
