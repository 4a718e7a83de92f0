"""What may stand in an element, compiled from the schema facts; children are judged by their names alone, and once.

Plans repeat themselves: of 3,000 objects most have children of the same names in the same order as one before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from planning.xplanung.datatypes import DataTypes
from planning.xplanung.findings import Value
from planning.xplanung.schema import GML, XLINK, Fact, Schema

PLACEHOLDER = "object-stands-here"
_PREFIXES = {
    GML: "gml:",
    XLINK: "xlink:",
    "http://www.w3.org/2001/XMLSchema": "xs:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}
_SHOWN = 8  # names in a list of what would be allowed
_REMEMBERED, _SHORT = 5_000, 100  # arrangements that are kept, and children up to which one is


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an element must hold."""

    type: str
    nillable: bool = False
    default: str | None = None


@dataclass(frozen=True)
class Particle:
    """A place in a content model: one element (`declarations`: allowed names), all of `parts` in order, or one of them."""

    kind: str
    minimum: int
    maximum: int | None
    parts: tuple["Particle", ...] = ()
    declarations: Mapping[str, Declaration] = field(default_factory=dict)

    @cached_property
    def can_be_empty(self) -> bool:
        return self.minimum == 0 or self.content_can_be_empty

    @cached_property
    def content_can_be_empty(self) -> bool:
        if self.kind == "element":
            return False
        test = all if self.kind == "all" else any
        return not self.parts or test(part.can_be_empty for part in self.parts)

    @cached_property
    def first(self) -> frozenset[str]:
        """Names that may begin it."""
        names = set(self.declarations)
        for part in self.parts:
            names |= part.first
            if self.kind == "all" and not part.can_be_empty:
                break
        return frozenset(names)

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(self.declarations).union(*(part.names for part in self.parts))


_NOTHING = Particle("all", 1, 1)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong that the children's names show. child: its place among the children, None: the parent lacks something."""

    rule: str
    child: int | None
    params: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The children of an element, judged by their names. expected: what the child at a place must hold, where it may stand there."""

    expected: tuple[tuple[int, Declaration], ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, eq=False, slots=True)
class CompiledType:
    """A type ready to check with: attributes, and either a content model or text. lax: anything goes below it."""

    name: str
    content: Particle = _NOTHING
    attributes: Mapping[str, Fact] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    text_type: str | None = None
    abstract: bool = False
    lax: bool = False
    known: dict[tuple[object, ...], Arrangement] = field(default_factory=dict)


class ContentModels:
    """The types of one version of the standard, compiled as they are met."""

    def __init__(self, schema: Schema, data: DataTypes) -> None:
        self._schema, self._data = schema, data
        self._types: dict[str, CompiledType] = {}
        self._names: dict[str, str] = {}
        self._remembered = 0

    def name(self, tag: str) -> str:
        """Short name as in the facts: the standard's own without prefix, gml: and xlink: with theirs, others in full."""
        short = self._names.get(tag)
        if short is None:
            short = self._names[tag] = self._shorten(tag)
        return short

    def _shorten(self, tag: str) -> str:
        namespace, _, local = tag.rpartition("}")
        namespace = namespace[1:]
        if namespace == self._schema.namespace or tag == PLACEHOLDER:
            return local
        return (
            _PREFIXES[namespace] + local if namespace in _PREFIXES else tag if namespace else f"{{}}{local}"
        )

    @staticmethod
    def attribute_name(key: str) -> str:
        """As in the facts: no namespace, or gml: and xlink: and xml:."""
        if key[0] != "{":
            return key
        namespace, _, local = key[1:].partition("}")
        return _PREFIXES.get(namespace, namespace) + local

    def declared(self, name: str) -> Declaration | None:
        """The global element of that name; None if there is none or it is abstract."""
        fact = self._schema.elements.get(name)
        if fact is None or fact.get("abstract"):
            return None
        return Declaration(fact["type"], bool(fact.get("nillable")))

    def type(self, name: str) -> CompiledType:
        if name not in self._types:
            self._types[name] = self._compile(name)
        return self._types[name]

    def is_known(self, name: str) -> bool:
        return name in self._schema.types or self._data.is_simple(name)

    def arrange(self, parent: CompiledType, tags: tuple[object, ...]) -> Arrangement:
        """Judge the children of an element of this type. tags: theirs; what is no text is a comment."""
        found = parent.known.get(tags)
        if found is None:
            found = _arrange(parent.content, [self.name(tag) if isinstance(tag, str) else "" for tag in tags])
            if len(tags) <= _SHORT and self._remembered < _REMEMBERED:
                self._remembered += 1
                parent.known[tags] = found
        return found

    def _compile(self, name: str) -> CompiledType:
        if name == "xs:anyType":
            return CompiledType(name, lax=True)
        if self._data.is_simple(name):
            return CompiledType(name, text_type=name)
        chain = self._schema.type_chain(name)
        attributes: dict[str, Fact] = {}
        for fact in self._schema.type_chain(name, through_restrictions=True):
            attributes |= fact.get("attrs", {})
        parts = tuple(self._particle(part) for fact in chain for part in fact.get("parts", ()))
        return CompiledType(
            name,
            content=Particle("all", 1, 1, parts),
            attributes=attributes,
            required=frozenset(key for key, fact in attributes.items() if fact.get("required")),
            text_type=chain[0].get("base") if any(fact.get("text") for fact in chain) else None,
            abstract=bool(chain[-1].get("abstract")),
        )

    def _particle(self, part: Mapping[str, Any]) -> Particle:
        maximum = part.get("max", 1)
        bounds = (part.get("min", 1), None if maximum < 0 else maximum)
        for kind in ("all", "one"):
            if kind in part:
                return Particle(kind, *bounds, tuple(self._particle(inner) for inner in part[kind]))
        if "ref" in part:
            members = {name: self.declared(name) for name in self._schema.heads.get(part["ref"], ())}
            allowed = {name: found for name, found in members.items() if found}
            if part["ref"] == "gml:AbstractFeature":
                allowed[PLACEHOLDER] = Declaration("xs:anyType")
            return Particle("element", *bounds, declarations=allowed)
        found = Declaration(part["type"], False, part.get("default") or part.get("fixed"))
        return Particle("element", *bounds, declarations={part["name"]: found})


def _arrange(content: Particle, names: Sequence[str]) -> Arrangement:
    """names: of the children, "" for a comment."""
    places = [place for place, name in enumerate(names) if name in content.names]
    matching = _Matching([names[place] for place in places])
    missing = matching.match(content)
    faults = [
        Fault("structure.unknown_element", place, {"element": name, "expected": shown(content.names)})
        for place, name in enumerate(names)
        if name and name not in content.names and name != PLACEHOLDER
    ]
    present = set(matching.names) if missing else set()
    faults += [
        Fault("structure.missing", None, {"expected": shown(particle.names)})
        for particle in missing
        if not present & particle.names
    ]
    faults += [
        Fault("structure.order", place, {"element": names[place]}) for place in places[len(matching.taken) :]
    ]
    taken = zip(places, matching.taken, strict=False)
    return Arrangement(tuple(taken), tuple(faults))


class _Matching:
    """Children's names taken one after the other. The schema's models never need to look ahead."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.taken: list[Declaration] = []  # of the first names

    def _next(self) -> str | None:
        return self.names[len(self.taken)] if len(self.taken) < len(self.names) else None

    def match(self, particle: Particle) -> list[Particle]:
        """Take what belongs to the particle; returns what it misses."""
        missing: list[Particle] = []
        count = 0
        most = particle.maximum or len(self.names)
        while count < most and (name := self._next()) in particle.first:
            if particle.kind == "element":
                self.taken.append(particle.declarations[str(name)])
            else:
                missing += self._match_parts(particle)
            count += 1
        if count < particle.minimum and not particle.content_can_be_empty:
            missing.append(particle)
        return missing

    def _match_parts(self, particle: Particle) -> list[Particle]:
        missing: list[Particle] = []
        parts = particle.parts
        if particle.kind == "one":
            parts = tuple(part for part in parts if self._next() in part.first)[:1]
        for part in parts:
            if (
                part.minimum or self._next() in part.first
            ):  # most of a feature type's properties are not there
                missing += self.match(part)
        return missing


def shown(names: frozenset[str]) -> str:
    """A few of the names, for a sentence."""
    known = sorted(names - {PLACEHOLDER})
    return ", ".join(known[:_SHOWN]) + (" …" if len(known) > _SHOWN else "")
