"""Plan versions -> XPlanGML or a zip archive. Untouched objects leave as the very text they came as."""

import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO

from django.utils.text import slugify

from planning.errors import NotOneFile
from planning.models import PlanObject, PlanVersion
from planning.queries import frame_of
from planning.xplanung import writer
from tenants import files
from tenants.models import PrivateFile

_CHUNK = 500  # objects fetched at once
_UNTOUCHED: Mapping[int, bytes] = {}


def gml(
    *versions: PlanVersion, edited: Mapping[int, bytes] = _UNTOUCHED, added: Sequence[bytes] = ()
) -> Iterator[bytes]:
    """The XPlanGML document of one version, or of several versions that came in one file together.

    edited: position -> what stands in place of an object's XML, b"" where it goes; added: objects that come behind the last.
    Raises NotOneFile when the versions came in different files.
    """
    if len({version.sha256 for version in versions}) != 1:
        raise NotOneFile
    first = versions[0]
    frame = frame_of(first)
    rows = PlanObject.objects.filter(version__in=[version.pk for version in versions]).order_by(
        "position", "pk"
    )
    gone = sum(1 for raw in edited.values() if not raw)
    if gone or added:
        frame.head = writer.counted(frame.head, rows.count() - gone + len(added))
    if first.is_whole_file:
        pieces = rows.values_list("position", "before", "raw").iterator(_CHUNK)
        placed = ((before.encode(), edited.get(place, raw.encode())) for place, before, raw in pieces)
        yield from writer.whole(frame, placed, added=added)
    else:
        once = _once(rows.values_list("position", "raw").iterator(_CHUNK), edited)
        yield from writer.part(
            frame, [*(raw for raw in once if raw), *added] if added else filter(None, once)
        )


def _once(rows: Iterable[tuple[int, str]], edited: Mapping[int, bytes]) -> Iterator[bytes]:
    """Each object once, also where it belongs to several of the plans."""
    last = -1
    for position, raw in rows:
        if position != last:
            yield edited.get(position, raw.encode())
        last = position


def write_gml(version: PlanVersion, target: IO[bytes]) -> None:
    for chunk in gml(version):
        target.write(chunk)


def write_archive(version: PlanVersion, target: IO[bytes], *, documents: Iterable[PrivateFile]) -> None:
    """A zip archive with the plan and the given files, under the names that the plan refers to."""
    taken = {file_name_of(version)}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(file_name_of(version), "w", force_zip64=True) as sink:
            for chunk in gml(version):
                sink.write(chunk)
        for file in documents:
            if file.name not in taken:
                taken.add(file.name)
                archive.write(files.path_of(file), file.name)


def file_name_of(version: PlanVersion, *, suffix: str = ".gml") -> str:
    """Name of the exported file, after the plan's number and name."""
    header = version.header
    return (slugify(f"{header.get('number', '')} {header.get('name', '')}")[:80] or "plan") + suffix
