"""Which objects the checks compare: plans, their Bereiche, and what belongs to each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from planning.xplanung.plans import Owner, as_list, day_of, text_of
from planning.xplanung.reader import FeatureRecord
from planning.xplanung.schema import schema
from planning.xplanung.topology.shapes import Shape, shape_of

_PRESENTATION = "XP_AbstraktesPraesentationsobjekt"
_DIMENSIONS = ("BP_HoehenMass", "BP_AbstandsMass")  # may stand beside what they measure, since 5.3
_TILES = ("", "1600")  # no meaning stated, Teilbereich: such Bereiche lie beside each other
_AMENDING = ("aendertPlan", "aendertPlanBereich")


@dataclass(slots=True)
class Entry:
    """What is kept of an object.

    flush: Flächenschluss object of level 0; free: may lie anywhere; elsewhere: a Bereich that may lie outside the plan's area;
    tile: a Bereich that shares the plan's area with others; amending: a plan or Bereich that changes another plan;
    names: the properties it has."""

    feature_type: str
    shape: Shape | None
    flush: bool
    free: bool
    elsewhere: bool
    tile: bool
    amending: bool
    names: frozenset[str]


@dataclass(slots=True)
class Bereich:
    """flush: its Flächenschluss objects; bound: what must lie within its area."""

    entry: Entry
    flush: list[Shape] = field(default_factory=list)
    bound: list[Shape] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """bereiche: by order of the object. flush, bound: what belongs to none of them. entries: all its objects."""

    entry: Entry
    bereiche: dict[int, Bereich] = field(default_factory=dict)
    flush: list[Shape] = field(default_factory=list)
    bound: list[Shape] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    @property
    def amending(self) -> bool:
        return self.entry.amending or any(bereich.entry.amending for bereich in self.bereiche.values())


def entry_of(record: FeatureRecord, day: date) -> Entry:
    """`day`: on which objects with a start or end are in force or not."""
    values, shape = record.properties, shape_of(record)
    meaning = text_of(values.get("bedeutung"))
    return Entry(
        feature_type=record.feature_type,
        shape=shape,
        flush=shape is not None and shape.is_area and _is_flush(record, day),
        free=_is_free(record),
        elsewhere=meaning == "1800" or (meaning == "2000" and record.version >= "5"),
        tile=meaning in _TILES,
        amending=any(name in values for name in _AMENDING),
        names=frozenset(values),
    )


def grouped(entries: Mapping[int, Entry], owners: Mapping[int, Owner]) -> list[Plan]:
    """The plans with all that belongs to them. An object without Bereich belongs to the only one of its plan."""
    plans = {order: Plan(entry) for order, entry in entries.items() if entry.feature_type.endswith("_Plan")}
    for order, entry in entries.items():
        if entry.feature_type.endswith("_Bereich"):
            for plan in owners[order].plans:
                plans[plan].bereiche[order] = Bereich(entry)
    for order, entry in entries.items():
        if not entry.feature_type.endswith(("_Plan", "_Bereich")):
            for plan in owners[order].plans:
                _add(plans[plan], entry, owners[order].bereich)
    return list(plans.values())


def _add(plan: Plan, entry: Entry, owner: int | None) -> None:
    only = next(iter(plan.bereiche.values())) if len(plan.bereiche) == 1 else None
    home = plan.bereiche.get(owner, only) if owner is not None else only
    plan.entries.append(entry)
    if entry.shape and entry.flush and entry.shape.is_area:
        (home or plan).flush.append(entry.shape)
    if entry.shape and not entry.free:
        (home or plan).bound.append(entry.shape)


def _is_flush(record: FeatureRecord, day: date) -> bool:
    values = record.properties
    return (
        text_of(values.get("flaechenschluss")) in ("true", "1")
        and (text_of(values.get("ebene")) or "0").lstrip("+-").strip("0") == ""
        and (not record.feature_type.startswith("BP_") or _in_force(values, day))
    )


def _in_force(values: Mapping[str, Any], day: date) -> bool:
    start, end = _day(values.get("startBedingung")), _day(values.get("endeBedingung"))
    return (start is None or start <= day) and (end is None or day <= end)


def _day(condition: Any) -> date | None:
    """datumAbsolut of an XP_WirksamkeitBedingung."""
    first = next(iter(as_list(condition)), None)
    return day_of(text_of(first.get("datumAbsolut"))) if isinstance(first, dict) else None


def _is_free(record: FeatureRecord) -> bool:
    kind = schema(record.version).feature_type(record.feature_type)
    measures = record.feature_type in _DIMENSIONS and record.version >= "5.3"
    return measures or (kind is not None and kind.is_a(_PRESENTATION))
