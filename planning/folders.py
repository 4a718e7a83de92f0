"""Plan files below folders and archives, worked on one after the other in a process beside this one, with a log.

A file that brings that process down has its verdict like any other; the next file gets a new process. The log has one JSON line for
each plan file; a second run with the same log leaves out what stands in it, unless the file has changed meanwhile.
Knows no database: what is done with a file is handed in.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import django

from planning.delivery import Delivery, unpack
from planning.errors import ImportRefused
from planning.messages import finding_as_json, unreadable
from planning.xplanung.findings import Finding
from tenants.workspace import workspace

SUFFIXES = (".gml", ".xml", ".zip")
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Unit:
    """One plan file. name: its path, and for an archive the name inside it after another slash. alone: without an archive
    around it. findings: why it can't be read."""

    name: str
    sha256: str
    delivery: Delivery
    alone: bool = True
    findings: tuple[Finding, ...] = ()


Work = Callable[[Unit], Mapping[str, Any]]


@dataclass
class Log:
    """The lines of earlier runs and of this one. known: (file, SHA-256) -> line."""

    path: Path
    known: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.path.exists():
            for line in self.path.read_text(encoding="utf-8").splitlines():
                record = _record(line)
                self.known[str(record.get("file")), str(record.get("sha256"))] = record

    def add(self, record: Mapping[str, Any]) -> None:
        """Begins with a line's end, should a kill have cut the line before short."""
        with self.path.open("a", encoding="utf-8") as target:
            target.write("\n" * self._is_cut() + json.dumps(record, ensure_ascii=False) + "\n")

    def _is_cut(self) -> bool:
        if not self.path.exists() or not self.path.stat().st_size:
            return False
        with self.path.open("rb") as source:
            source.seek(-1, 2)
            return source.read(1) != b"\n"


def _record(line: str) -> Mapping[str, Any]:
    """A line that a kill cut short counts as none."""
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def run(paths: Iterable[Path], work: Work, *, log: Log) -> Iterator[Mapping[str, Any]]:
    """Lines for all plan files in their order, known ones without working on them again. work: picklable; its mapping joins
    the line, beside file, sha256 and, where the process died or `work` raised, crashed."""
    with _Process() as process:
        for path in paths:
            with workspace() as folder:
                for unit in units(path, folder):
                    record = log.known.get((unit.name, unit.sha256))
                    if record is None:
                        record = {"file": unit.name, "sha256": unit.sha256, **_outcome(unit, work, process)}
                        log.add(record)
                    yield record


def _outcome(unit: Unit, work: Work, process: "_Process") -> Mapping[str, Any]:
    if unit.findings:
        told = [finding_as_json(each) for each in unit.findings]
        return {"ok": False, "valid": False, "findings": told}
    return process.do(work, unit)


def files_below(paths: Iterable[Path]) -> Iterator[Path]:
    """The files themselves, and those below folders that are plans by their ending, by name; hidden ones are left out."""
    for path in paths:
        if path.is_dir():
            found = (each for each in path.rglob("*") if each.suffix.lower() in SUFFIXES and each.is_file())
            yield from sorted(each for each in found if not each.name.startswith("."))
        else:
            yield path


def units(path: Path, folder: Path) -> Iterator[Unit]:
    """The plan files in one file. folder: an empty one for what is unpacked."""
    try:
        found = unpack(path, name=str(path), folder=folder)
    except ImportRefused as error:
        yield Unit(str(path), _hash(path), Delivery(str(path), path), findings=tuple(error.findings))
    except OSError as error:
        yield Unit(str(path), "", Delivery(str(path), path), findings=(unreadable(error),))
    else:
        for delivery in found:
            alone = delivery.path == path
            name = str(path) if alone else f"{path}/{delivery.name}"
            yield Unit(name, _hash(delivery.path), delivery, alone)


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


class _Process:
    """One process at a time; a dead one is replaced."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> "_Process":
        return self

    def __exit__(self, *_error: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def do(self, work: Work, unit: Unit) -> Mapping[str, Any]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=django.setup)
        future = self._pool.submit(work, unit)
        error = future.exception()
        if isinstance(error, BrokenProcessPool):
            self._pool.shutdown()
            self._pool = None
        return future.result() if error is None else {"crashed": f"{type(error).__name__}: {error}"[:500]}
