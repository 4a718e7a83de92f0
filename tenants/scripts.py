"""Pure: may a file do something when it is opened? Asked of what strangers upload, before a browser may show it."""

import mmap
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

_START = 1024  # bytes; the header of a PDF may stand behind other bytes (ISO 32000-1, annex H.3.4.1)
_CHUNK = 1 << 22
_OVERLAP = 64  # bytes; longer than any name looked for, escaped too
_MOST = 64 * 1024**2  # unpacked bytes looked at; a PDF with more is doubtful
_DICTIONARY = 4096  # bytes before a stream in which its dictionary begins
# Names without which a PDF cannot act (ISO 32000-1, 7.11.4, 12.6.4, 12.7.8, 13.2), and encryption, behind which none is seen.
_ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA\s*[\[\d]|SubmitForm|ImportData|GoToR|GoToE|Encrypt)(?![A-Za-z_])"
)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")  # /J#61vaScript is /JavaScript
_STREAM = re.compile(rb"(?<!end)stream\r?\n")


def has_script(path: Path) -> bool:
    """Whether a PDF holds anything that acts, or hides what it holds. False for what is no PDF."""
    if not path.stat().st_size:
        return False
    with path.open("rb") as source, mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return b"%PDF-" in data[:_START] and any(_ACTIVE.search(_plain(part)) for part in _parts(data))


def _plain(part: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found.group(1), 16)]), part)


def _parts(data: mmap.mmap) -> Iterator[bytes]:
    """All bytes as they stand, then those of objects that are packed into streams."""
    for start in range(0, len(data), _CHUNK):
        yield data[start : start + _CHUNK + _OVERLAP]
    left = _MOST
    for start in _object_streams(data):
        unpacked, complete = _unpacked(data[start : start + left], left)
        left -= len(unpacked)
        yield unpacked if complete else b"/JavaScript"  # cannot be looked at: taken for the worst


def _object_streams(data: mmap.mmap) -> Iterator[int]:
    """Where the bytes of streams begin whose dictionary, since the object's beginning, says that they hold objects."""
    for found in _STREAM.finditer(data):
        before = data[max(0, found.start() - _DICTIONARY) : found.start()]
        if b"ObjStm" in _plain(before[before.rfind(b"obj") + 1 :]):
            yield found.end()


def _unpacked(packed: bytes, limit: int) -> tuple[bytes, bool]:
    """What was deflated, and whether all of it could be read."""
    machine = zlib.decompressobj()
    try:
        found = machine.decompress(packed, max(limit, 1))
    except zlib.error:
        return b"", False
    return found, machine.eof
