"""Facts of the standard per version: feature types, property order, cardinalities, code values, labels.

The tables `<version>.json` beside this module are written by scripts/xplan_schema.py; names without prefix are XPlanGML's,
`gml:` and `xlink:` mark the others.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from planning.xplanung.schema.labels import readable

VERSIONS = ("4.0", "4.1", "5.0", "5.1", "5.2", "5.3", "5.4", "6.0", "6.1")
NAMESPACE_PREFIX = "http://www.xplanung.de/xplangml/"
GML = "http://www.opengis.net/gml/3.2"
XLINK = "http://www.w3.org/1999/xlink"
PLAN_TYPES = ("BP_Plan", "FP_Plan", "RP_Plan", "LP_Plan", "SO_Plan")

Kind = Literal["text", "code", "codelist", "measure", "reference", "geometry", "data"]
Fact = Mapping[str, Any]
_FOLDER = Path(__file__).resolve().parent
_MEASURES = {"gml:AngleType", "gml:AreaType", "gml:LengthType", "gml:MeasureType", "gml:ScaleType", "gml:SpeedType", "gml:VolumeType"}  # fmt: skip


class UnknownVersion(ValueError):
    """No table for this version of XPlanGML."""


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a feature or data type, in schema order. `maximum` is None where unbounded."""

    name: str
    type: str
    kind: Kind
    minimum: int
    maximum: int | None
    default: str | None = None
    targets: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    codelist: str | None = None
    data_type: str | None = None

    @property
    def label(self) -> str:
        return readable(self.name)

    @property
    def repeats(self) -> bool:
        return self.maximum is None or self.maximum > 1


@dataclass(frozen=True)
class FeatureType:
    """A feature or data type with all its properties, inherited ones first."""

    name: str
    abstract: bool
    ancestors: tuple[str, ...]
    properties: tuple[Property, ...]

    @property
    def label(self) -> str:
        return readable(self.name)

    @cached_property
    def by_name(self) -> Mapping[str, Property]:
        return {item.name: item for item in self.properties}

    @cached_property
    def geometry_properties(self) -> tuple[str, ...]:
        return tuple(item.name for item in self.properties if item.kind == "geometry")

    def is_a(self, ancestor: str) -> bool:
        return self.name == ancestor or ancestor in self.ancestors


class Schema:
    """One version of the standard."""

    def __init__(self, table: Fact) -> None:
        self.version: str = table["version"]
        self.namespace: str = table["namespace"]
        self.elements: Mapping[str, Fact] = table["elements"]
        self.types: Mapping[str, Fact] = table["types"]
        self.simple: Mapping[str, Fact] = table["simple"]
        self._known: dict[str, FeatureType | None] = {}

    def feature_type(self, name: str) -> FeatureType | None:
        """The type of an element of the standard's own namespace; None if it has none of that name."""
        if name not in self._known:
            self._known[name] = self._build(name) if ":" not in name and name in self.elements else None
        return self._known[name]

    def feature_types(self) -> Iterator[FeatureType]:
        """All concrete feature types."""
        for name in self.elements:
            found = self.feature_type(name)
            if found and not found.abstract and found.is_a("gml:AbstractFeature"):
                yield found

    @cached_property
    def heads(self) -> Mapping[str, frozenset[str]]:
        """Element -> the concrete elements that may stand in its place, itself included."""
        members: dict[str, set[str]] = {name: set() for name in self.elements}
        for name, fact in self.elements.items():
            head: str | None = name
            while head and not fact.get("abstract"):
                members.setdefault(head, set()).add(name)
                head = self.elements.get(head, {}).get("head")
        return {name: frozenset(found) for name, found in members.items()}

    def type_chain(self, name: str, *, through_restrictions: bool = False) -> list[Fact]:
        """A complex type's facts from the most general to itself. A restriction restates the content of what it restricts,
        and inherits its attributes all the same: those want the chain through restrictions."""
        chain: list[Fact] = []
        current = name
        while current in self.types:
            fact = self.types[current]
            chain.insert(0, fact)
            ends = fact.get("restricts") and not fact.get("text") and not through_restrictions
            current = "" if ends else fact.get("base", "")
        return chain

    def values_of(self, type_name: str) -> Mapping[str, str]:
        """Code -> German label of an enumeration; empty if the type is none."""
        found: Mapping[str, str] = self.simple.get(type_name, {}).get("codes", {})
        return found

    def _build(self, name: str) -> FeatureType:
        fact = self.elements[name]
        ancestors = []
        head = fact.get("head")
        while head:
            ancestors.append(head)
            head = self.elements.get(head, {}).get("head")
        parts = [part for step in self.type_chain(fact["type"]) for part in step.get("parts", ())]
        properties = tuple(self._property(part) for part in parts if "name" in part)
        return FeatureType(name, bool(fact.get("abstract")), tuple(ancestors), properties)

    def _property(self, part: Fact) -> Property:
        type_name = part["type"]
        maximum = part.get("max", 1)
        kind, data_type = self._kind(type_name)
        return Property(
            name=part["name"],
            type=type_name,
            kind=kind,
            minimum=part.get("min", 1),
            maximum=None if maximum < 0 else maximum,
            default=part.get("default"),
            targets=(part["target"],) if "target" in part else (),
            values=self.values_of(type_name),
            codelist=part.get("codes"),
            data_type=data_type,
        )

    def _kind(self, type_name: str) -> tuple[Kind, str | None]:
        if type_name == "gml:ReferenceType":
            return "reference", None
        if type_name == "gml:CodeType":
            return "codelist", None
        if type_name in _MEASURES:
            return "measure", None
        if type_name in self.types:
            inner = _first_reference(self.types[type_name].get("parts", ()))
            return ("data", inner) if inner and ":" not in inner else ("geometry", None)
        return ("code", None) if self.values_of(type_name) else ("text", None)


def _first_reference(parts: Any) -> str | None:
    for part in parts:
        found = part.get("ref") or _first_reference(part.get("all") or part.get("one") or ())
        if found:
            return str(found)
    return None


@cache
def schema(version: str) -> Schema:
    """Raises UnknownVersion if there is no table for it."""
    path = _FOLDER / f"{version}.json"
    if version not in VERSIONS or not path.exists():
        raise UnknownVersion(version)
    return Schema(json.loads(path.read_text(encoding="utf-8")))


def version_of(namespace: str) -> str | None:
    """ "http://www.xplanung.de/xplangml/5/1" -> "5.1"; None if it is no namespace of XPlanGML."""
    if not namespace.startswith(NAMESPACE_PREFIX):
        return None
    return namespace.removeprefix(NAMESPACE_PREFIX).strip("/").replace("/", ".")


def label(version: str, name: str) -> str:
    """German label of a feature or data type."""
    found = schema(version).feature_type(name)
    return found.label if found else readable(name)


def value_label(version: str, enumeration: str, code: str) -> str:
    """German label of a code; the code itself where the standard has none.

    enumeration: a type ("BP_Rechtsstand") or a property ("BP_Plan.rechtsstand")."""
    facts = schema(version)
    owner, _, name = enumeration.partition(".")
    found = facts.feature_type(owner) if name else None
    if found and name in found.by_name:
        return found.by_name[name].values.get(code, code)
    return facts.values_of(owner).get(code) or facts.values_of(owner + "Type").get(code, code)
