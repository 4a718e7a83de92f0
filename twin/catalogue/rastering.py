"""The file behind the raster of a dataset that somebody may see."""

from pathlib import Path

from tenants import files
from tenants.models import PrivateFile
from tenants.scope import acting_for
from twin.catalogue.models import DatasetVersion


def file_of(version: DatasetVersion) -> PrivateFile:
    """Of a version with a raster that the caller may see: a share opens the dataset's rows, not the table of files."""
    with acting_for([version.tenant_id]):
        found: PrivateFile = PrivateFile.objects.get(pk__in=[version.raster_id])
    return found


def path_of(version: DatasetVersion) -> Path:
    """Where the Cloud Optimized GeoTIFF lies; needs the same right."""
    return files.path_of(file_of(version))
