"""A delivered file -> plan files and documents, unpacked into a folder under names of our own."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from planning.errors import ImportRefused
from planning.xplanung.archive import Archive, Member, is_archive, plan_members
from planning.xplanung.findings import Finding, UnreadableFile

_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True)
class Delivery:
    """One plan file with the documents that came along: name of the file in the delivery -> where it lies."""

    name: str
    path: Path
    documents: dict[str, Path] = field(default_factory=dict)


def unpack(path: Path, *, name: str, folder: Path) -> list[Delivery]:
    """The plan files in a delivered file, in the order of the archive; a plain plan file is one itself.

    folder: an empty folder for unpacked files, the caller's to remove. Raises ImportRefused.
    """
    with path.open("rb") as source:
        if not is_archive(source):
            if name.lower().endswith(".zip"):
                raise ImportRefused([Finding("archive.broken", "fatal", {"reason": name})])
            return [Delivery(name, path)]
        try:
            archive = Archive(source)
            plans = list(plan_members(archive))
            places = {
                member.name: _unpack(archive, member, folder / str(number))
                for number, member in enumerate(archive.members())
            }
        except UnreadableFile as error:
            raise ImportRefused([error.finding]) from error
    documents = {
        member: place for member, place in places.items() if member not in {plan.name for plan in plans}
    }
    return [Delivery(plan.name, places[plan.name], documents) for plan in plans]


def _unpack(archive: Archive, member: Member, target: Path) -> Path:
    with archive.open(member.name) as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink, _CHUNK)
    return target
