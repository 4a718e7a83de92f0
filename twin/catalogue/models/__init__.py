"""What municipalities deliver and what is known of it: records, datasets with versions and features, harvested sources."""

from twin.catalogue.models.datasets import (
    AreaRole,
    DataFormat,
    Dataset,
    DatasetKind,
    DatasetQuerySet,
    DatasetVersion,
    Feature,
    Upload,
    VersionState,
)
from twin.catalogue.models.records import Frequency, Licence, Record, RecordKind, RecordQuerySet, Theme
from twin.catalogue.models.sources import Harvest, Probe, Source, SourceKind

__all__ = [
    "AreaRole",
    "DataFormat",
    "Dataset",
    "DatasetKind",
    "DatasetQuerySet",
    "DatasetVersion",
    "Feature",
    "Frequency",
    "Harvest",
    "Licence",
    "Probe",
    "Record",
    "RecordKind",
    "RecordQuerySet",
    "Source",
    "SourceKind",
    "Theme",
    "Upload",
    "VersionState",
]
