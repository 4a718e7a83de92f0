"""Plan versions -> XPlanGML or a zip archive. Untouched objects leave as the very text they came as."""

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import IO, Any

from planning.errors import NotOneFile
from planning.models import PlanDocument, PlanObject, PlanVersion
from planning.xplanung import writer
from planning.xplanung.scanner import DocumentFrame
from tenants import files

_CHUNK = 500  # objects fetched at once
_BYTES = ("head", "tail", "extras")


def gml(*versions: PlanVersion) -> Iterator[bytes]:
    """The XPlanGML document of one version, or of several versions that came in one file together.

    Raises NotOneFile when the versions came in different files.
    """
    if len({version.sha256 for version in versions}) != 1:
        raise NotOneFile
    first = versions[0]
    frame = frame_of(first)
    rows = PlanObject.objects.filter(version__in=[version.pk for version in versions]).order_by(
        "position", "pk"
    )
    if first.is_whole_file:
        pieces = rows.values_list("before", "raw").iterator(_CHUNK)
        yield from writer.whole(frame, ((before.encode(), raw.encode()) for before, raw in pieces))
    else:
        yield from writer.part(frame, _once(rows.values_list("position", "raw").iterator(_CHUNK)))


def frame_of(version: PlanVersion) -> DocumentFrame:
    stored: dict[str, Any] = version.frame
    return DocumentFrame(**{key: value.encode() if key in _BYTES else value for key, value in stored.items()})


def _once(rows: Iterable[tuple[int, str]]) -> Iterator[bytes]:
    """Each object once, also where it belongs to several of the plans."""
    last = -1
    for position, raw in rows:
        if position != last:
            yield raw.encode()
        last = position


def write_gml(version: PlanVersion, target: IO[bytes]) -> None:
    for chunk in gml(version):
        target.write(chunk)


def write_archive(version: PlanVersion, target: IO[bytes], *, documents: Iterable[PlanDocument]) -> None:
    """A zip archive with the plan and the given documents, under the names that the plan refers to."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(file_name_of(version), "w", force_zip64=True) as sink:
            for chunk in gml(version):
                sink.write(chunk)
        taken = {file_name_of(version)}
        for document in documents:
            if document.file is not None and document.file.name not in taken:
                taken.add(document.file.name)
                archive.write(files.path_of(document.file), document.file.name)


def file_name_of(version: PlanVersion) -> str:
    """Name of the exported file: as it was delivered, ending in .gml."""
    return f"{PurePosixPath(version.file.name).stem}.gml"
