"""Findings that say the same of many objects, said once."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from planning.messages import LEVELS, text_of
from planning.models import Finding, Severity
from planning.xplanung import findings as core

SHOWN = 20  # findings of a group that are listed with it
GAP = "…"  # in the words of a group, where its findings differ
_NAME = re.compile(
    r"[A-Za-zÄÖÜäöüß_:/,() ]+"
)  # of a type or property; numbers, ids and addresses are not the same twice
_Key = tuple[str, str, str, tuple[tuple[str, str], ...]]


Row = TypeVar("Row", Finding, core.Finding)


@dataclass
class Repeated(Generic[Row]):
    """Findings of one rule and one wording."""

    findings: list[Row] = field(default_factory=list)

    @property
    def first(self) -> Row:
        return self.findings[0]

    @property
    def rule(self) -> str:
        """As a filter asks for it."""
        return f"{self.first.rule}:{self.first.condition}"

    @property
    def words(self) -> str:
        """What all of them say, with gaps where they differ."""
        params = {
            name: value if all(each.params.get(name) == value for each in self.findings) else GAP
            for name, value in self.first.params.items()
        }
        return text_of(self.first.rule, params)

    @property
    def shown(self) -> Sequence[Row]:
        return self.findings[:SHOWN]

    @property
    def is_cut(self) -> bool:
        return len(self.findings) > SHOWN

    @property
    def told(self) -> list[tuple[Row, str]]:
        """Those that are listed, each with its own words where they are not those of the group."""
        words = ((each, text_of(each.rule, each.params)) for each in self.shown)
        return [(each, "" if own == self.words else own) for each, own in words]

    @property
    def level(self) -> str:
        return LEVELS[self.first.severity]

    @property
    def severity(self) -> str:
        return str(Severity(self.first.severity).label)


def grouped(findings: Iterable[Row]) -> list[Repeated[Row]]:
    """In the order of the first of each group."""
    found: dict[_Key, Repeated[Row]] = {}
    for one in findings:
        found.setdefault(_key(one), Repeated()).findings.append(one)
    return list(found.values())


def _key(one: Finding | core.Finding) -> _Key:
    wording = ((name, _lasting(value)) for name, value in one.params.items())
    return one.rule, one.condition, one.severity, tuple(sorted(wording))


def _lasting(value: Any) -> str:
    return value if isinstance(value, str) and _NAME.fullmatch(value) else GAP
