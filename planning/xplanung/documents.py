"""What a plan says about its documents and rasters, held against the files that came with it. Nothing is fetched."""

import mimetypes
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from planning.xplanung import content
from planning.xplanung.findings import Finding, Severity, Value
from planning.xplanung.plans import Document

_LENGTH = 500  # of a name or address in a finding
GEOREFERENCED = "PlanMitGeoreferenz"  # XP_ExterneReferenzArt
RASTER_PROPERTY = "refScan"
_WORLD_FILES = frozenset(
    {".tfw", ".tifw", ".jgw", ".jpgw", ".pgw", ".pngw", ".gfw", ".wld", ".xml"}
)  # .xml: NAME.aux.xml of GDAL
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_ONE_COMPUTER = re.compile(r"(?:[A-Za-z]:[\\/]|\\\\|/|file:)", re.IGNORECASE)
_BLANK = re.compile(r"[\s\x00-\x1f]")


class Reference(NamedTuple):
    """A document as an object of the file refers to it."""

    document: Document
    gml_id: str
    line: int


def check(references: Iterable[Reference], delivered: Mapping[str, Path] | None) -> Iterator[Finding]:
    """Findings on all references of a file.

    delivered: name of a file in the delivery -> where it lies; None where nothing is known of a delivery, as for a plan file
    alone: then only addresses are judged.
    """
    listed = list(_distinct(references))
    files = None if delivered is None else {file_name(name): path for name, path in delivered.items()}
    for reference in listed:
        for address in dict.fromkeys((reference.document.url, reference.document.georeference)):
            yield from _address(reference, address.strip())
        if files is not None and reference.document.url:
            yield from _file(reference, files)
    if delivered is not None:
        for name in _unreferenced(listed, delivered):
            yield Finding("document.unreferenced", "info", {"name": name[:_LENGTH]})


def _distinct(references: Iterable[Reference]) -> Iterator[Reference]:
    """The first of those that say the same: hundreds of objects may refer to one Begründung."""
    first: dict[tuple[str, ...], Reference] = {}
    for reference in references:
        document = reference.document
        key = (document.url, document.georeference, document.form, document.mime)
        first.setdefault(key, reference)
    return iter(first.values())


def _address(reference: Reference, address: str) -> Iterator[Finding]:
    if not address:
        return
    if _ONE_COMPUTER.match(address):
        yield _finding(reference, "document.one_computer", href=address)
    elif _SCHEME.match(address) and not _is_well_formed(address):
        yield _finding(reference, "document.address", href=address)


def _is_well_formed(address: str) -> bool:
    """An http(s) address with a host and nothing that may not stand in one (RFC 3986)."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises ValueError where it is no number
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and not _BLANK.search(address)


def _file(reference: Reference, files: Mapping[str, Path]) -> Iterator[Finding]:
    """What is wrong with a document that should have come along."""
    document = reference.document
    if is_remote(document.url):
        return
    path = files.get(file_name(document.url))
    if path is None:
        yield _finding(reference, "document.missing", href=document.url)
        return
    name = _shown(document.url)
    if not path.stat().st_size:
        yield _finding(reference, "document.empty", name=name)
        return
    found = content.type_of(path)
    stated = content.canonical(document.mime or mimetypes.guess_type(name)[0] or "")
    if not _fits(found, stated):
        yield _finding(reference, "document.type", name=name, stated=stated, found=found or "?")
    yield from _georeference(reference, files, path)


def _fits(found: str, stated: str) -> bool:
    if stated in content.SIGNED:
        return found == stated
    return not found or not stated or stated == "application/octet-stream"


def _georeference(reference: Reference, files: Mapping[str, Path], path: Path) -> Iterator[Finding]:
    """A raster must say where it lies: in itself, in a world file beside it, or by georefURL."""
    document = reference.document
    other = document.georeference
    if other and not is_remote(other) and file_name(other) not in files:
        yield _finding(reference, "document.georeference_missing", name=_shown(document.url), href=other)
        return
    expected = document.form == GEOREFERENCED or document.property.endswith(RASTER_PROPERTY)
    if not expected or other or content.type_of(path) not in content.RASTERS:
        return
    beside = any(_is_world_file_of(file_name(document.url), name) for name in files)
    if not beside and not content.is_georeferenced(path):
        yield _finding(reference, "document.no_georeference", name=_shown(document.url))


def _is_world_file_of(raster: str, name: str) -> bool:
    """Both without folders and in lower case."""
    other = PurePosixPath(name)
    stem = PurePosixPath(raster).stem
    return (
        other.suffix in _WORLD_FILES and name != raster and other.name.startswith((f"{stem}.", f"{raster}."))
    )


def _unreferenced(references: list[Reference], delivered: Mapping[str, Path]) -> Iterator[str]:
    referred = {file_name(url) for each, *_ in references for url in (each.url, each.georeference) if url}
    for name in delivered:
        bare = file_name(name)
        if bare not in referred and not any(_is_world_file_of(raster, bare) for raster in referred):
            yield name


def _finding(reference: Reference, rule: str, severity: Severity = "warning", **params: Value) -> Finding:
    short = {key: value[:_LENGTH] if isinstance(value, str) else value for key, value in params.items()}
    short["property"] = reference.document.property
    return Finding(rule, severity, short, reference.gml_id, reference.line)


def _shown(address: str) -> str:
    return PurePosixPath(address.replace("\\", "/")).name or address


def file_name(path: str) -> str:
    """Name of the file that a path or address ends in, to compare: without folders, query and case."""
    bare = unquote(path.split("?", 1)[0].split("#", 1)[0]).replace("\\", "/")
    return bare.rstrip("/").rpartition("/")[2].casefold()


def is_remote(address: str) -> bool:
    return address.lower().startswith(("http://", "https://"))
