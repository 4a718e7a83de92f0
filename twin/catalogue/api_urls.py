"""Addresses of datasets, records and sources in the REST API."""

from django.urls import path

from twin.catalogue.views import api, api_acts, api_tus

urlpatterns = [
    path("datasets/", api.Datasets.as_view(), name="datasets"),
    path("datasets/<uuid:public_id>/", api_acts.WholeDataset.as_view(), name="dataset"),
    path("datasets/<uuid:public_id>/versions/", api.DatasetVersions.as_view(), name="dataset_versions"),
    path(
        "datasets/<uuid:public_id>/versions/<int:number>/",
        api.OneDatasetVersion.as_view(),
        name="dataset_version",
    ),
    path("datasets/<uuid:public_id>/publish/", api_acts.PublishDataset.as_view(), name="dataset_publish"),
    path("datasets/<uuid:public_id>/withdraw/", api_acts.WithdrawDataset.as_view(), name="dataset_withdraw"),
    path(
        "datasets/<uuid:public_id>/versions/<int:number>/restore/",
        api_acts.RestoreVersion.as_view(),
        name="dataset_version_restore",
    ),
    path("uploads/", api_acts.NewUpload.as_view(), name="uploads"),
    path("uploads/tus/", api_tus.BeginUpload.as_view(), name="uploads_tus"),
    path("uploads/<uuid:public_id>/tus/", api_tus.ContinueUpload.as_view(), name="upload_tus"),
    path("uploads/<uuid:public_id>/", api_acts.OneUpload.as_view(), name="upload"),
    path("uploads/<uuid:public_id>/import/", api_acts.ImportUpload.as_view(), name="upload_import"),
    path("sources/<uuid:public_id>/publish/", api_acts.PublishSource.as_view(), name="source_publish"),
    path("sources/<uuid:public_id>/withdraw/", api_acts.WithdrawSource.as_view(), name="source_withdraw"),
    path("sources/<uuid:public_id>/harvest/", api_acts.HarvestSource.as_view(), name="source_harvest"),
    path("records/", api.Records.as_view(), name="records"),
    path("records/<uuid:public_id>/", api.OneRecord.as_view(), name="record"),
    path("sources/", api_acts.AllSources.as_view(), name="sources"),
    path("sources/<uuid:public_id>/", api_acts.WholeSource.as_view(), name="source"),
    path("sources/<uuid:public_id>/harvests/", api.Harvests.as_view(), name="harvests"),
    path("data-formats/", api.DataFormats.as_view(), name="data_formats"),
    path("data-formats/<uuid:public_id>/", api.OneDataFormat.as_view(), name="data_format"),
]
