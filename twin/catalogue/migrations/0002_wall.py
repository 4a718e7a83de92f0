"""Row-level security for the catalogue; a child hangs only on a parent of its own tenant.

Features come in masses: the policy looks for their dataset, once for each statement.
"""

from typing import ClassVar

from django.db import migrations

from tenants import rls

CHILDREN = (
    ("dataset", "catalogue_datasetversion", "current_version_id"),
    ("datasetversion", "catalogue_dataset", "dataset_id"),
    ("datasetversion", "tenants_privatefile", "file_id"),
    ("datasetversion", "tenants_privatefile", "raster_id"),
    ("record", "catalogue_dataset", "dataset_id"),
    ("record", "catalogue_source", "source_id"),
    ("record", "catalogue_record", "parent_id"),
    ("harvest", "catalogue_source", "source_id"),
    ("probe", "catalogue_source", "source_id"),
    ("upload", "tenants_privatefile", "file_id"),
    ("upload", "tenants_job", "job_id"),
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("catalogue", "0001_initial"), ("tenants", "0002_wall")]

    operations: ClassVar = [
        rls.protect("catalogue_dataset", public=True, shared=("id", "dataset")),
        rls.protect("catalogue_datasetversion", public=True, shared=("dataset_id", "dataset")),
        rls.protect("catalogue_feature", public=True, shared=("dataset_id", "dataset")),
        rls.protect("catalogue_record", public=True, shared=("dataset_id", "dataset")),
        rls.protect("catalogue_dataformat", public=True),
        rls.protect("catalogue_source", public=True),
        rls.protect("catalogue_harvest", public=True),
        rls.protect("catalogue_probe", public=True),
        rls.protect("catalogue_upload"),
        *(rls.same_tenant(f"catalogue_{child}", parent, column) for child, parent, column in CHILDREN),
        rls.of_own("catalogue_feature", "catalogue_dataset", "dataset_id"),
    ]
