"""What a rule is: the number of a Konformitätsbedingung, the versions and types it holds for, and the check that decides."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from planning.xplanung.findings import Severity, Value
from planning.xplanung.reader import FeatureRecord
from planning.xplanung.rules.titles import TITLES
from planning.xplanung.schema import VERSIONS, Schema

Names = Mapping[str, str]
Details = Mapping[str, Value]  # what a finding's message needs beyond the names of its check
FINE: None = None


@dataclass(frozen=True, slots=True)
class Item:
    """An object, or a data type somewhere inside it: its type, its properties as the reader gives them, the object that holds it."""

    type: str
    values: Mapping[str, Any]
    record: FeatureRecord


@dataclass(frozen=True, slots=True)
class Check:
    """A family with its parameters, decided on one item alone.

    family: key of TITLES, and with "semantic." before it of MESSAGES; names: property names and codes for both texts;
    broken: None where all is well, else what the message says beyond the names; trigger: properties of which one must be
    there for the check to have anything to say (empty: always)."""

    family: str
    names: Names
    broken: Callable[[Item], Details | None]
    trigger: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Link:
    """A family that needs other objects too: `note` says what must be remembered of an item (None: nothing), `judge` decides
    at the end of the file, once all are known; what it says is about the item, or about the object with the id `at`.
    watch: references of all objects that `judge` looks up."""

    family: str
    names: Names
    note: Callable[[Item], Any]
    judge: Callable[["Note", "Document"], Iterable[Details]]
    watch: frozenset[str] = frozenset()
    trigger: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A number of the standard that no program can decide, or that says nothing in this version."""

    family: str
    names: Names = field(default_factory=dict)
    trigger: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Note:
    """What is remembered of an item until the end of the file."""

    gml_id: str
    line: int
    type: str
    holder: str  # the type of the object where `type` is a data type inside it, else ""
    seen: Any = None


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What rules ask of a plan."""

    type: str
    values: Mapping[str, Any]
    area: Any


@dataclass(slots=True)
class Document:
    """What is known of the whole file once it has been read: type and line of every id, watched references, plans."""

    facts: Schema
    types: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    links: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)  # (id, property) -> ids
    plans: dict[str, PlanFacts] = field(default_factory=dict)
    srid: int = 0  # EPSG code of the first geometry

    def is_a(self, gml_id: str, types: Iterable[str]) -> bool:
        found = self.facts.feature_type(self.types.get(gml_id, ""))
        return found is not None and any(map(found.is_a, types))

    def targets(self, gml_id: str, name: str) -> tuple[str, ...]:
        return self.links.get((gml_id, name), ())

    def plan_of(self, areas: Sequence[str]) -> PlanFacts | None:
        """The plan of an object that belongs to these Bereiche; the only plan of the file where the references say nothing."""
        for area in areas:
            for plan in self.targets(area, "gehoertZuPlan"):
                if plan in self.plans:
                    return self.plans[plan]
        return next(iter(self.plans.values())) if len(self.plans) == 1 else None


@dataclass(frozen=True, slots=True)
class Rule:
    """One Konformitätsbedingung. A number that changed its meaning has one entry per meaning. `types`: with all that inherit from them."""

    id: str
    versions: frozenset[str]
    types: tuple[str, ...]
    check: Check | Link | Unchecked
    severity: Severity = "error"

    @property
    def title(self) -> str:
        """English; a user interface translates TITLES[rule.check.family] and fills in the same names."""
        return TITLES[self.check.family] % self.check.names

    @property
    def checked(self) -> bool:
        return not isinstance(self.check, Unchecked)


def rule(
    number: str, versions: str, types: str, check: Check | Link | Unchecked, *, severity: Severity = "error"
) -> Rule:
    """versions: "6.0" or "5.0-5.4"; types: names with spaces between."""
    first, _, last = versions.partition("-")
    span = VERSIONS[VERSIONS.index(first) : VERSIONS.index(last or first) + 1]
    return Rule(number, frozenset(span), tuple(types.split()), check, severity)
