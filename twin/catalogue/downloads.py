"""The files in which everybody who may see a dataset takes it away, as offers of its record."""

from collections.abc import Iterator

from django.urls import reverse

from twin.catalogue.entry import Offer
from twin.catalogue.models import Dataset, DatasetKind
from twin.catalogue.offers import offering

FILES = (
    ("GEOJSON", "GeoJSON", "application/geo+json", "catalogue:dataset_geojson"),
    ("GPKG", "GeoPackage", "application/geopackage+sqlite3", "catalogue:dataset_gpkg"),
    ("CSV", "CSV", "text/csv", "catalogue:dataset_csv"),
)
RASTERS = (("GEOTIFF", "GeoTIFF", "image/tiff", "catalogue:dataset_tif"),)


@offering
def downloads(dataset: Dataset) -> Iterator[Offer]:
    for name, title, media_type, address in RASTERS if dataset.kind == DatasetKind.RASTER else FILES:
        yield Offer(title, reverse(address, args=[dataset.public_id]), name, media_type, is_download=True)
