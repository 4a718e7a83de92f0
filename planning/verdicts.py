"""The program's verdicts on files, held against those that a list expects."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from planning.checking import Checked, check_file
from planning.errors import BadVerdictList
from planning.xplanung.stages import STAGES, stage_of

_VERDICTS = {"valid": True, "true": True, "1": True, "invalid": False, "false": False, "0": False}


@dataclass(frozen=True)
class Expected:
    """A line of the list. stage: the one that is judged, "" for all together."""

    file: str
    valid: bool
    stage: str = ""


@dataclass(frozen=True)
class Outcome:
    expected: Expected
    found: bool
    checked: list[Checked]

    @property
    def agrees(self) -> bool:
        return self.expected.valid == self.found

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.expected.file,
            "stage": self.expected.stage,
            "expected": self.expected.valid,
            "found": self.found,
            "agrees": self.agrees,
        }


def read_list(source: TextIO) -> list[Expected]:
    """Lines `file,verdict[,stage]`, verdict valid or invalid; blank lines and comments (#) are skipped. Raises BadVerdictList."""
    rows = csv.reader(line for line in source if line.strip() and not line.startswith("#"))
    return [_expected(number, row) for number, row in enumerate(rows, 1)]


def _expected(number: int, row: list[str]) -> Expected:
    file, verdict, stage = ([cell.strip() for cell in row] + ["", ""])[:3]
    if verdict.lower() not in _VERDICTS or stage not in {"", *STAGES}:
        raise BadVerdictList(f"{number}: {','.join(row)}")
    return Expected(file, _VERDICTS[verdict.lower()], stage)


def compare(listed: Iterable[Expected], folder: Path) -> Iterator[Outcome]:
    """Check every listed file below the folder. An archive is valid where all of its plans are."""
    for expected in listed:
        checked = list(check_file(folder / expected.file))
        yield Outcome(expected, all(_is_valid(each, expected.stage) for each in checked), checked)


def _is_valid(checked: Checked, stage: str) -> bool:
    """A file that nothing can be read of is valid in no stage."""
    report = checked.report
    if not stage or not report.features:
        return report.valid
    if stage == "structure":
        return report.structure_valid
    return not any(each.severity == "error" and stage_of(each.rule) == stage for each in report.findings)
