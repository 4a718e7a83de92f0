"""Run the semantic rules of one version over a file, object by object."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from planning.xplanung.findings import MOST_OF_A_RULE, Finding
from planning.xplanung.reader import FeatureRecord
from planning.xplanung.rules import wording
from planning.xplanung.rules.rule import Check, Details, Document, Item, Link, Note, PlanFacts, Rule
from planning.xplanung.rules.table import RULES
from planning.xplanung.schema import Schema, schema


class SemanticCheck:
    """add() every record once, then finish(). Of each object only its type and watched references are kept, of plans a little more."""

    def __init__(self, version: str) -> None:
        self.facts: Schema = schema(version)
        self._rules, self._watched = _compiled(version)
        self._document = Document(self.facts)
        self._notes: list[tuple[Rule, Link, Note]] = []
        self._findings: list[Finding] = []
        self._counts: dict[str, int] = {}

    def add(self, record: FeatureRecord) -> None:
        self._remember(record)
        for item in _items(record):
            for rule in self._rules.get(item.type, ()):
                trigger = rule.check.trigger
                if not trigger or not trigger.isdisjoint(item.values):
                    self._apply(rule, item)

    def finish(self) -> list[Finding]:
        for rule, link, note in self._notes:
            for details in link.judge(note, self._document):
                self._report(rule, link, note, details)
        self._notes = []
        return self._findings

    def _remember(self, record: FeatureRecord) -> None:
        document = self._document
        document.types.setdefault(record.gml_id, record.feature_type)
        document.lines.setdefault(record.gml_id, record.line)
        document.srid = document.srid or record.source_srid or 0
        links: dict[str, list[str]] = {}
        for reference in record.references:
            if reference.name in self._watched and reference.target:
                links.setdefault(reference.name, []).append(reference.target)
        for name, targets in links.items():
            document.links[record.gml_id, name] = tuple(targets)
        if record.is_plan:
            document.plans[record.gml_id] = PlanFacts(
                record.feature_type, record.properties, record.geometries.get("raeumlicherGeltungsbereich")
            )

    def _apply(self, rule: Rule, item: Item) -> None:
        check = rule.check
        if isinstance(check, Check):
            details = check.broken(item)
            if details is not None:
                self._report(rule, check, _note(item), details, item.record)
        elif isinstance(check, Link):
            seen = check.note(item)
            if seen is not None:
                self._notes.append((rule, check, _note(item, seen)))

    def _report(
        self,
        rule: Rule,
        check: Check | Link,
        note: Note,
        details: Details,
        record: FeatureRecord | None = None,
    ) -> None:
        count = self._counts[rule.id] = self._counts.get(rule.id, 0) + 1
        if count > MOST_OF_A_RULE:
            return
        names = {**check.names, **details}
        if "at" in names:
            note = self._other(str(names.pop("at")))
        params = wording.params(names, facts=self.facts, type_name=note.type, holder=note.holder)
        point = _point(record) if record else None
        key = f"semantic.{check.family}"
        self._findings.append(Finding(key, rule.severity, params, note.gml_id, note.line, point, rule.id))

    def _other(self, gml_id: str) -> Note:
        """Another object than the one that was noted."""
        return Note(gml_id, self._document.lines[gml_id], self._document.types[gml_id], "")


def _items(record: FeatureRecord) -> Iterator[Item]:
    """The object itself and every data type inside it."""
    yield Item(record.feature_type, record.properties, record)
    yield from _inner(record.properties.values(), record)


def _inner(values: Iterable[Any], record: FeatureRecord) -> Iterator[Item]:
    for value in values:
        if type(value) is list:
            yield from _inner(value, record)
        elif type(value) is dict and "@type" in value:
            yield Item(value["@type"], value, record)
            yield from _inner(value.values(), record)


def _note(item: Item, seen: Any = None) -> Note:
    holder = "" if item.values is item.record.properties else item.record.feature_type
    return Note(item.record.gml_id, item.record.line, item.type, holder, seen)


def _point(record: FeatureRecord) -> tuple[float, float] | None:
    shape = record.geometry
    if shape is None or shape.is_empty:
        return None
    point = shape.representative_point()
    return point.x, point.y


@cache
def _compiled(version: str) -> tuple[Mapping[str, tuple[Rule, ...]], frozenset[str]]:
    """Concrete type -> its rules; and the references that they look up in other objects."""
    facts = schema(version)
    rules = [rule for rule in RULES if version in rule.versions and rule.checked]
    found: dict[str, tuple[Rule, ...]] = {}
    for name in facts.elements:
        declared = facts.feature_type(name)
        if declared and not declared.abstract:
            found[name] = tuple(
                rule for rule in rules if "*" in rule.types or any(map(declared.is_a, rule.types))
            )
    watched = frozenset[str]().union(*(rule.check.watch for rule in rules if isinstance(rule.check, Link)))
    return found, watched
