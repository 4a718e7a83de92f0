"""Which step of the procedure sets which XPlanung attribute, by plan type and version; the schema facts decide what exists.

Pure. Codes and names are the standard's; where a version lacks one, the next of the candidates is taken, or nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from planning.steps import Entry, Standing, Step, Track, in_order
from planning.xplanung.schema import FeatureType, schema

# Rechtsstand: candidates for the Bauleitpläne, most fitting first.
_STATUS: dict[Step, tuple[str, ...]] = {
    Step.INITIATION: ("1000",),
    Step.EARLY_BODIES: ("2100",),
    Step.EARLY_PUBLIC: ("2200",),
    Step.DRAFT_DECISION: ("2250", "2000"),
    **dict.fromkeys((Step.BODIES, Step.AFFECTED_BODIES, Step.REPEATED_BODIES), ("2300", "2000")),
    **dict.fromkeys((Step.PUBLICATION, Step.REPEATED_PUBLICATION), ("2400", "2000")),
    Step.AFFECTED_PUBLIC: ("2260", "2000"),
    Step.ADOPTION: ("3000",),
    Step.ANNOUNCEMENT: ("4000",),
    Step.REPEAL: ("50000", "5000"),
    Step.DISCONTINUED: ("1500",),
}
# Attributes of the day a step happened, or of the first and the last day of a hearing.
_DAYS: dict[Step, tuple[str, ...]] = {
    Step.INITIATION: ("aufstellungsbeschlussDatum",),
    Step.DRAFT_DECISION: ("entwurfsbeschlussDatum",),
    Step.ADOPTION: ("satzungsbeschlussDatum", "planbeschlussDatum"),
    Step.APPROVAL: ("genehmigungsDatum",),
    Step.EXECUTION: ("ausfertigungsDatum",),
    Step.ANNOUNCEMENT: ("inkrafttretensDatum", "wirksamkeitsDatum", "inkrafttretenDatum", "datumDesInkrafttretens"),
    Step.REPEAL: ("untergangsDatum",),
}  # fmt: skip
_STARTS: dict[Step, tuple[str, ...]] = {
    Step.EARLY_PUBLIC: ("fruehzeitigeOeffentlichkeitsbeteiligungsStartDatum",),
    Step.EARLY_BODIES: ("fruehzeitigeTraegerbeteiligungsStartDatum",),
    Step.PUBLICATION: ("auslegungsStartDatum", "auslegungStartDatum"),
    Step.BODIES: ("traegerbeteiligungsStartDatum", "tOeBbeteiligungsStartDatum"),
}
_SAME_AS = {Step.REPEATED_PUBLICATION: Step.PUBLICATION, Step.REPEATED_BODIES: Step.BODIES}
_VERFAHREN = {Track.FULL: "1000", Track.SIMPLIFIED: "2000", Track.ACCELERATED: "3000"}
# What the Rechtsstand of a file nobody recorded steps of says about its standing.
_STANDING = {
    "1000": Standing.INITIATED,
    "1500": Standing.DISCONTINUED,
    "2000": Standing.DRAFT,
    "2050": Standing.EARLY,
    "2100": Standing.EARLY,
    "2200": Standing.EARLY,
    "2250": Standing.DRAFT,
    "2260": Standing.PUBLISHED,
    "2300": Standing.PUBLISHED,
    "2400": Standing.PUBLISHED,
    "3000": Standing.ADOPTED,
    "4000": Standing.IN_FORCE,
    "4500": Standing.IN_FORCE,
    "45000": Standing.IN_FORCE,
    "45001": Standing.IN_FORCE,
    "5000": Standing.REPEALED,
    "50000": Standing.REPEALED,
    "50001": Standing.REPEALED,
}
BAULEITPLAENE = ("BP", "FP")


@dataclass(frozen=True)
class Attributes:
    """Values to stand in a file: properties of the plan object, and of each of its Bereiche."""

    plan: Mapping[str, str | list[str]] = field(default_factory=dict)
    bereich: Mapping[str, str] = field(default_factory=dict)


def standing_by(plan_type: str, code: str) -> Standing:
    """What a file's Rechtsstand says of a Bauleitplan; PREPARED where it says nothing."""
    return _STANDING.get(code, Standing.PREPARED) if plan_type in BAULEITPLAENE else Standing.PREPARED


def attributes(entries: Iterable[Entry], *, plan_type: str, version: str, track: Track | None) -> Attributes:
    """What the steps so far say in the terms of this version. Attributes of steps nobody recorded are left alone, and the
    Verfahren where nobody chose it (None)."""
    plan, bereich = _types(plan_type, version)
    if plan is None:
        return Attributes()
    rows = in_order(entries)
    values: dict[str, str | list[str]] = {}
    if code := _status(rows, plan):
        values["rechtsstand"] = code
    for step in (*_DAYS, *_STARTS):
        values.update(_days(step, [row for row in rows if _SAME_AS.get(row.step, row.step) is step], plan))
    code = _VERFAHREN.get(track, "") if track else ""
    if code in _codes(plan, "verfahren"):
        values["verfahren"] = code
    return Attributes(values, {"verfahren": code} if code in _codes(bereich, "verfahren") else {})


def entries_in(dates: Mapping[str, list[str]], *, plan_type: str, version: str) -> list[Entry]:
    """Steps that a file states by its dates alone: hearsay, until somebody confirms them."""
    plan, _bereich = _types(plan_type, version)
    found: list[Entry] = []
    if plan is None or plan_type not in BAULEITPLAENE:
        return found
    for step in (*_DAYS, *_STARTS):
        name = _first((*_DAYS.get(step, ()), *_STARTS.get(step, ())), plan)
        days = [date.fromisoformat(day) for day in dates.get(name, ())]
        ends = [date.fromisoformat(day) for day in dates.get(_end_of(name), ())] if step in _STARTS else []
        for number, day in enumerate(days):
            until = ends[number] if len(ends) == len(days) and ends[number] >= day else None
            found.append(Entry(f"{name}.{number}", step, day, until, certain=False))
    return in_order(found)


def _types(plan_type: str, version: str) -> tuple[FeatureType | None, FeatureType | None]:
    facts = schema(version)
    return facts.feature_type(f"{plan_type}_Plan"), facts.feature_type(f"{plan_type}_Bereich")


def _codes(kind: FeatureType | None, name: str) -> Mapping[str, str]:
    known = kind.by_name.get(name) if kind else None
    return known.values if known else {}


def _status(rows: list[Entry], plan: FeatureType) -> str:
    known = _codes(plan, "rechtsstand")
    for row in reversed(rows):
        for code in _STATUS.get(row.step, ()):
            if code in known:
                return code
    return ""


def _first(names: Iterable[str], plan: FeatureType) -> str:
    return next((name for name in names if name in plan.by_name), "")


def _end_of(start: str) -> str:
    """Only 4.x of the Regionalplan names start and end unalike; it is no Bauleitplan."""
    return start.replace("StartDatum", "EndDatum")


def _days(step: Step, rows: list[Entry], plan: FeatureType) -> dict[str, str | list[str]]:
    if not rows:
        return {}
    start = _first((*_DAYS.get(step, ()), *_STARTS.get(step, ())), plan)
    found: dict[str, str | list[str]] = {}
    if start:
        found[start] = _as_many(start, [row.on for row in rows], plan)
    end = _end_of(start) if step in _STARTS else ""
    if end in plan.by_name and all(row.until for row in rows):
        found[end] = _as_many(end, [row.end for row in rows], plan)
    return found


def _as_many(name: str, days: list[date], plan: FeatureType) -> str | list[str]:
    """All days, or the last one where the version has room for one."""
    texts = [day.isoformat() for day in days]
    return texts if plan.by_name[name].repeats else texts[-1]
