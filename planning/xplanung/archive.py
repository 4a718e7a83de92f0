"""Zip archives with plans and documents, opened without trusting a single number in them.

Nothing is unpacked into memory or to a path from the archive: members are streamed, and counted while they stream.
"""

import io
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, BinaryIO

from planning.xplanung.findings import Finding, UnreadableFile, Value

_MB = 1 << 20
_CHUNK = 1 << 18
_PLANS = (".gml", ".xml", ".xplan")
_SYSTEM = ("__MACOSX/", ".DS_Store", "Thumbs.db")
_NESTED = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz")


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """`total` and `member`: bytes after unpacking; `ratio`: unpacked to packed, judged from 1 MB on."""

    members: int = 2000
    member: int = 500 * _MB
    total: int = 2000 * _MB
    ratio: int = 200


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive. `name`: its checked relative path; `is_plan`: by its ending, to be read as XPlanGML."""

    name: str
    size: int
    is_plan: bool


def is_archive(source: BinaryIO) -> bool:
    """Whether the file starts like a zip archive; the position is restored."""
    position = source.tell()
    start = source.read(4)
    source.seek(position)
    return start in (b"PK\x03\x04", b"PK\x05\x06")


class Archive:
    """A checked archive. Raises UnreadableFile if it is damaged or unsafe; then nothing of it may be used."""

    def __init__(self, source: BinaryIO, *, limits: ArchiveLimits | None = None) -> None:
        self._limits = limits or ArchiveLimits()
        self._unpacked = 0
        try:
            self._zip = zipfile.ZipFile(source)
            infos = [
                info for info in self._zip.infolist() if not info.is_dir() and not _is_system(info.filename)
            ]
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError) as error:
            raise _refuse("archive.broken", reason=str(error)[:200]) from None
        self._infos = {info.filename: info for info in infos}
        self._check(infos)

    def members(self) -> list[Member]:
        return [
            Member(name, info.file_size, name.lower().endswith(_PLANS)) for name, info in self._infos.items()
        ]

    def open(self, name: str) -> BinaryIO:
        """A stream of one member; reading past a limit or a wrong checksum raises UnreadableFile."""
        try:
            stream = self._zip.open(self._infos[name])
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
            raise _refuse("archive.broken", reason=str(error)[:200]) from None
        return io.BufferedReader(_Counted(stream, self, name), _CHUNK)

    def count(self, size: int) -> None:
        """Add to what has been unpacked so far."""
        self._unpacked += size
        if self._unpacked > self._limits.total:
            raise _refuse("archive.too_large", limit_mb=self._limits.total // _MB)

    @property
    def limits(self) -> ArchiveLimits:
        return self._limits

    def _check(self, infos: list[zipfile.ZipInfo]) -> None:
        if len(infos) > self._limits.members:
            raise _refuse("archive.too_many", count=len(infos), limit=self._limits.members)
        if len(self._infos) != len(infos):
            raise _refuse("archive.duplicate", name=_first_duplicate(infos))
        for info in infos:
            self._check_member(info)
        if sum(info.file_size for info in infos) > self._limits.total:
            raise _refuse("archive.too_large", limit_mb=self._limits.total // _MB)

    def _check_member(self, info: zipfile.ZipInfo) -> None:
        name = info.filename
        shown = name[:200]
        if not is_safe(name):
            raise _refuse("archive.path", name=shown)
        if stat.S_ISLNK(info.external_attr >> 16):
            raise _refuse("archive.link", name=shown)
        if info.flag_bits & 0x1:
            raise _refuse("archive.encrypted", name=shown)
        if name.lower().endswith(_NESTED):
            raise _refuse("archive.nested", name=shown)
        if info.file_size > self._limits.member:
            raise _refuse("archive.member_too_large", name=shown, limit_mb=self._limits.member // _MB)
        if info.file_size > _MB and info.file_size > self._limits.ratio * max(info.compress_size, 1):
            raise _refuse("archive.bomb", name=shown)


class _Counted(io.RawIOBase):
    """Counts what really comes out: sizes stated in an archive may lie."""

    def __init__(self, stream: IO[bytes], archive: Archive, name: str) -> None:
        self._stream, self._archive, self._name = stream, archive, name
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError) as error:
            raise _refuse("archive.broken", reason=str(error)[:200]) from None
        self._size += len(data)
        self._archive.count(len(data))
        if self._size > self._archive.limits.member:
            raise _refuse(
                "archive.member_too_large", name=self._name, limit_mb=self._archive.limits.member // _MB
            )
        buffer[: len(data)] = data
        return len(data)


def is_safe(name: str) -> bool:
    """Whether a member's path stays inside: relative, no "..", no drive, no backslash, no control characters."""
    path = PurePosixPath(name)
    plain = not any(ord(sign) < 32 or sign in '\\:*?"<>|' for sign in name)
    return (
        plain and bool(path.parts) and not path.is_absolute() and ".." not in path.parts and len(name) < 1000
    )


def _is_system(name: str) -> bool:
    return name.startswith(_SYSTEM) or name.rpartition("/")[2] in _SYSTEM


def _first_duplicate(infos: list[zipfile.ZipInfo]) -> str:
    (name, _count), *_rest = Counter(info.filename for info in infos).most_common(1)
    return name


def _refuse(rule: str, **params: Value) -> UnreadableFile:
    return UnreadableFile(Finding(rule, "fatal", params))


def plan_members(archive: Archive) -> Iterator[Member]:
    """The members to read as plans. Raises UnreadableFile if there are none."""
    found = [member for member in archive.members() if member.is_plan]
    if not found:
        raise _refuse("archive.no_plan")
    yield from found
