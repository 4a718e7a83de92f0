"""What is to be said about the rows of a file: one note for each rule and attribute, with the first rows it is about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["fatal", "error", "warning", "info"]
_MOST_ROWS = 100  # named of one note; its count tells them all
_MOST_NOTES = 500
_LONGEST = 120  # characters of a value that is shown
_ORDER = ("fatal", "error", "warning", "info")


@dataclass
class Note:
    """fatal: nothing of the file is taken; error: its rows are not; warning: a person should look; info: for the record.

    rows: [number, value] pairs; numbers as people count in the file.
    """

    rule: str
    severity: Severity
    attribute: str = ""
    params: Mapping[str, str | int | float] = field(default_factory=dict)
    count: int = 0
    rows: list[tuple[int, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "severity": self.severity,
            "attribute": self.attribute,
            "params": dict(self.params),
            "count": self.count,
            "rows": self.rows,
        }


class Notes:
    def __init__(self) -> None:
        self._notes: dict[tuple[str, str], Note] = {}

    def of_rows(
        self,
        rule: str,
        rows: Iterable[tuple[int, Any]],
        *,
        severity: Severity = "error",
        attribute: str = "",
        **params: str | int | float,
    ) -> None:
        """rows: (number, value) of those it is about; nothing is noted where there are none."""
        for number, value in rows:
            note = self._note(rule, severity, attribute, params)
            note.count += 1
            if len(note.rows) < _MOST_ROWS:
                note.rows.append((int(number), "" if value is None else str(value)[:_LONGEST]))

    def of_file(
        self,
        rule: str,
        *,
        severity: Severity = "info",
        attribute: str = "",
        **params: str | int | float,
    ) -> None:
        self._note(rule, severity, attribute, params).count += 1

    def _note(
        self, rule: str, severity: Severity, attribute: str, params: dict[str, str | int | float]
    ) -> Note:
        key = (rule, attribute if len(self._notes) < _MOST_NOTES else "")
        return self._notes.setdefault(key, Note(rule, severity, key[1], params))

    def as_json(self) -> list[dict[str, Any]]:
        """The worst first."""
        return [
            note.as_json()
            for note in sorted(self._notes.values(), key=lambda note: _ORDER.index(note.severity))
        ]
