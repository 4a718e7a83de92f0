"""What a delivered file really is, by its first bytes, whatever its name or a plan says."""

import mimetypes
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_START = 1024  # bytes; the header of a PDF may stand behind other bytes (ISO 32000-1, annex H.3.4.1)
_SIGNATURES = (
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"II+\0", "image/tiff"),  # BigTIFF
    (b"MM\0+", "image/tiff"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
)
_PDF, _HTML = "application/pdf", "text/html"
_WEB_PAGE = (b"<!doctype html", b"<html")
SIGNED = frozenset({kind for _, kind in _SIGNATURES} | {_PDF, _HTML})  # types that their bytes give away
RASTERS = frozenset({"image/tiff", "image/png", "image/jpeg", "image/gif"})
_SYNONYMS = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/tif": "image/tiff",
    "image/geotiff": "image/tiff",
    "image/x-png": "image/png",
    "application/x-pdf": _PDF,
    "application/xhtml+xml": _HTML,
}
# GeoTIFF 1.1, section 7.1: ModelPixelScale, ModelTiepoint, ModelTransformation, GeoKeyDirectory
_GEO_TAGS = frozenset({33550, 33922, 34264, 34735})
_MOST_TAGS = 4096


def type_of(path: Path) -> str:
    """One of SIGNED, or "" where the bytes give nothing away."""
    with path.open("rb") as source:
        start = source.read(_START)
    for signature, kind in _SIGNATURES:
        if start.startswith(signature):
            return kind
    if b"%PDF-" in start:
        return _PDF
    return _HTML if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB_PAGE) else ""


def media_type(path: Path, *, name: str) -> str:
    """What a file is given out as: its content decides; its name only where the content says nothing, and never for a type
    that would show in its first bytes."""
    found = type_of(path)
    guessed = canonical(mimetypes.guess_type(name)[0] or "")
    return found or (guessed if guessed and guessed not in SIGNED else "application/octet-stream")


def canonical(kind: str) -> str:
    """A stated media type without parameters and under its common name."""
    bare = kind.partition(";")[0].strip().lower()
    return _SYNONYMS.get(bare, bare)


def is_georeferenced(path: Path) -> bool:
    """Whether a TIFF carries its place in itself (GeoTIFF); False for anything else, damaged files too."""
    try:
        with path.open("rb") as source:
            return not _GEO_TAGS.isdisjoint(_tags(source))
    except (OSError, struct.error, OverflowError, ValueError):
        return False


def _tags(source: BinaryIO) -> Iterator[int]:
    """Numbers of the tags of a TIFF's first directory (TIFF 6.0, section 2; BigTIFF: 8-byte offsets)."""
    order = {b"II": "<", b"MM": ">"}.get(source.read(2))
    if order is None:
        return
    (version,) = struct.unpack(f"{order}H", source.read(2))
    big = version == 43
    if big:
        source.read(4)  # size of offsets, padding
    (offset,) = struct.unpack(f"{order}{'Q' if big else 'L'}", source.read(8 if big else 4))
    source.seek(offset)
    (count,) = struct.unpack(f"{order}{'Q' if big else 'H'}", source.read(8 if big else 2))
    for _ in range(min(count, _MOST_TAGS)):
        entry = source.read(20 if big else 12)
        yield struct.unpack(f"{order}H", entry[:2])[0]
