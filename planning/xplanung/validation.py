"""Validate a plan file: all stages in one reading, with bounded memory.

with path.open("rb") as source:
    report = validate(source, srid=25833)
report.valid, report.structure_valid, report.findings
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np
import shapely

from planning.xplanung import documents as papers
from planning.xplanung.findings import MOST_OF_A_RULE, Finding, UnreadableFile
from planning.xplanung.plans import PlanFacts, PlanIndex
from planning.xplanung.reader import FeatureRecord, Reader
from planning.xplanung.rules import SemanticCheck
from planning.xplanung.scanner import Limits
from planning.xplanung.stages import STAGES, Stage, stage_of
from planning.xplanung.topology.check import GeometryCheck

Progress = Callable[[Stage, int], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What the stages found, by line; what concerns the whole file comes first.

    structure_valid: valid by the schema of its version; capped: rules (or conditions) that broke more often than is listed.
    """

    version: str = ""
    plans: list[PlanFacts] = field(default_factory=list)
    features: int = 0
    structure_valid: bool = False
    findings: list[Finding] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        """No error in any stage."""
        return self.structure_valid and not any(each.severity in {"fatal", "error"} for each in self.findings)

    @property
    def plan_types(self) -> list[str]:
        return sorted({plan.kind for plan in self.plans})

    @property
    def capped(self) -> list[str]:
        counts = Counter(each.condition or each.rule for each in self.findings)
        return sorted(rule for rule, count in counts.items() if count >= MOST_OF_A_RULE)


def validate(
    source: BinaryIO,
    *,
    srid: int,
    limits: Limits | None = None,
    on_progress: Progress | None = None,
    documents: Mapping[str, Path] | None = None,
) -> Report:
    """Run all stages; never raises for what is wrong with the file.

    srid: EPSG code of the findings' points; on_progress: told the stage and the bytes read, may raise to stop;
    documents: name -> path of what was delivered with the file, None where that is not known.
    """
    tell = on_progress or (lambda stage, done: None)
    reader = Reader(source, srid=srid, limits=limits, on_progress=partial(tell, "structure"), check=True)
    try:
        return _Validation(reader, srid).run(tell, documents)
    except UnreadableFile as error:
        return Report(version=reader.version, findings=[error.finding])


class Check(Protocol):
    """Sees every object once, then says what it found."""

    def add(self, record: FeatureRecord) -> None: ...

    def finish(self) -> list[Finding]: ...


class _Validation:
    """One reading that feeds all checks."""

    def __init__(self, reader: Reader, srid: int) -> None:
        self._reader, self._srid = reader, srid
        self._index = PlanIndex()
        self._checks: dict[Stage, Check] = {}
        self._references: list[papers.Reference] = []
        self._places: dict[str, tuple[float, float]] = {}  # gml:id -> a point on the object
        self._features = 0

    def run(self, tell: Progress, delivered: Mapping[str, Path] | None) -> Report:
        for batch in self._reader.batches():
            for record in batch:
                self._add(record)
            self._place(batch)
        findings = [*self._reader.findings, *self._finish(tell, delivered)]
        findings.sort(key=_place_in_report)
        return Report(
            version=self._reader.version,
            plans=self._index.plans(),
            features=self._features,
            structure_valid=bool(self._reader.valid),
            findings=[self._placed(finding) for finding in findings],
        )

    def _add(self, record: FeatureRecord) -> None:
        if not self._checks:
            self._checks = {
                "semantics": SemanticCheck(record.version),
                "geometry": GeometryCheck(record.version, srid=self._srid, index=self._index),
            }
        self._features += 1
        known = len(self._index.documents)
        self._index.add(record)
        self._references += (
            papers.Reference(document, record.gml_id, record.line)
            for document in self._index.documents[known:]
        )
        for check in self._checks.values():
            check.add(record)

    def _finish(self, tell: Progress, delivered: Mapping[str, Path] | None) -> Iterator[Finding]:
        done = self._reader.bytes_read
        for stage, check in self._checks.items():
            tell(stage, done)
            yield from check.finish()
        tell("documents", done)
        yield from papers.check(self._references, delivered)

    def _place(self, batch: list[FeatureRecord]) -> None:
        """Remember where the objects are, for findings that know only their object."""
        shapes = np.array([record.geometry for record in batch], dtype=object)
        points = shapely.get_coordinates(shapely.point_on_surface(shapes), return_index=True)
        for (x, y), at in zip(*points, strict=True):
            self._places.setdefault(batch[at].gml_id, (float(x), float(y)))

    def _placed(self, finding: Finding) -> Finding:
        if finding.point is not None or finding.gml_id not in self._places:
            return finding
        return replace(finding, point=self._places[finding.gml_id])


def _place_in_report(finding: Finding) -> tuple[int, int, str, str]:
    return finding.line or 0, STAGES.index(stage_of(finding.rule)), finding.condition, finding.rule
