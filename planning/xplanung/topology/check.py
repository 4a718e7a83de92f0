"""The geometry checks of XPlanung over one file.

check = GeometryCheck(version)
for batch in reader.batches():
    for record in batch:
        check.add(record)
findings = check.finish()
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from planning.xplanung.findings import MOST_OF_A_RULE, Finding
from planning.xplanung.plans import PlanIndex
from planning.xplanung.reader import FeatureRecord
from planning.xplanung.topology.groups import Entry, entry_of, grouped
from planning.xplanung.topology.relations import faults_of
from planning.xplanung.topology.shapes import Fault, Plane
from planning.xplanung.topology.validity import Validity

_FLUSH, _SOUND, _WITHIN, _ONCE = "2.2.1.1", "2.2.2.1", "2.2.3.1", "4.5.2.4"
CONDITIONS: Mapping[str, str] = {  # rule -> Konformitätsbedingung; what is not here breaks none by its letter
    **dict.fromkeys(["topology.overlap", "topology.gap_bereich", "topology.gap_plan", "topology.vertex", "topology.unassigned"], _FLUSH),
    **dict.fromkeys(["geometry.orientation", "geometry.doubled_vertex", "geometry.crossing", "geometry.patches_overlap", "geometry.patches_apart"], _SOUND),
    **dict.fromkeys(["topology.outside_bereich", "topology.outside_plan"], _WITHIN),
    "topology.doubled": _ONCE,
}  # fmt: skip


class GeometryCheck:
    """Add every record of a reader, then finish once.

    srid: EPSG code of the findings' points; index: one that the caller fills, where it has one; day: on which objects with
    a start or end are in force or not, today if not given."""

    def __init__(
        self, version: str, *, srid: int = 25833, index: PlanIndex | None = None, day: date | None = None
    ) -> None:
        self._version = version
        self._srid = srid
        self._day = day or datetime.now(ZoneInfo("Europe/Berlin")).date()
        self._index = PlanIndex() if index is None else index
        self._fills_index = index is None
        self._validity = Validity(srid)
        self._entries: dict[int, Entry] = {}

    def add(self, record: FeatureRecord) -> None:
        if self._fills_index:
            self._index.add(record)
        self._validity.add(record)
        self._entries[record.order] = entry_of(record, self._day)

    def finish(self) -> list[Finding]:
        """At most MOST_OF_A_RULE of each rule."""
        return list(_limited([*self._validity.finish(), *self._relations()]))

    def _relations(self) -> list[Finding]:
        shapes = [entry.shape for entry in self._entries.values() if entry.shape]
        if not shapes:
            return []
        plane = Plane.under(shapes, self._srid)
        faults: list[Fault] = []
        for plan in grouped(self._entries, self._index.owners()):
            faults += faults_of(plan, self._version)
        return plane.findings(faults)


def _limited(findings: list[Finding]) -> Iterator[Finding]:
    counts: Counter[str] = Counter()
    for finding in findings:
        counts[finding.rule] += 1
        if counts[finding.rule] <= MOST_OF_A_RULE:
            yield replace(finding, condition=CONDITIONS.get(finding.rule, ""))
