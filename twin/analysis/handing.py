"""The files of a run for whoever may see it: a share opens the run, not the table of files."""

from typing import Any

from tenants import geojson
from tenants.models import PrivateFile
from tenants.scope import acting_for
from twin.analysis.models import Run
from twin.catalogue.importing import GEOTIFF

IMPORTABLE = frozenset({GEOTIFF, geojson.CONTENT_TYPE})  # media types of files of which a dataset can be made


def files_of(run: Run) -> dict[int, PrivateFile]:
    """By their keys, of a run that the caller may see."""
    with acting_for([run.tenant_id]):
        return dict(PrivateFile.objects.in_bulk([each["file"] for each in run.outputs]))


def output_of(run: Run, name: str) -> tuple[dict[str, Any], PrivateFile] | None:
    """What the run says of a file, and the file."""
    found = next((each for each in run.outputs if each["name"] == name), None)
    file = files_of(run).get(found["file"]) if found else None
    return (found, file) if found is not None and file is not None else None
