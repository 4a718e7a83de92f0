"""What a file says about its plans: key facts, documents, and which object belongs to which plan and Bereich.

index = PlanIndex()
for batch in reader.batches():
    for record in batch:
        index.add(record)
index.plans(), index.documents, index.owners()
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shapely.geometry.base import BaseGeometry

from planning.xplanung.reader import FeatureRecord
from planning.xplanung.schema import FeatureType, schema

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:Z|[+-]\d{2}:\d{2})?")
_DOCUMENT = "XP_ExterneReferenz"


@dataclass(frozen=True, slots=True)
class Code:
    """A code of an enumeration with the standard's German label."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Municipality:
    """XP_Gemeinde as delivered; the key of the municipality (`ags`) cannot be made from the regional key (`rs`)."""

    ags: str = ""
    rs: str = ""
    name: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A reference to a document or raster outside the file, never opened here. `order`: the object that holds it."""

    order: int
    property: str
    url: str
    name: str
    kind: Code | None
    form: str
    georeference: str
    mime: str
    date: str
    description: str


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """Key facts of one plan. `dates`: property -> days, in the plan's order; `kind`: BP, FP, RP, LP or SO."""

    order: int
    gml_id: str
    feature_type: str
    version: str
    name: str
    number: str
    internal_id: str
    description: str
    municipalities: tuple[Municipality, ...]
    forms: tuple[Code, ...]
    legal_state: Code | None
    procedure: Code | None
    dates: Mapping[str, tuple[date, ...]]
    area: BaseGeometry | None
    line: int

    @property
    def kind(self) -> str:
        return self.feature_type.partition("_")[0]


@dataclass(frozen=True, slots=True)
class Owner:
    """Orders of the plans an object belongs to (a text may serve several), and of its Bereich."""

    plans: tuple[int, ...] = ()
    bereich: int | None = None


@dataclass(slots=True)
class _Node:
    feature_type: str
    links: list[tuple[str, str]]  # (property, gml:id)
    plans: list[int] = field(default_factory=list)
    bereich: int | None = None

    @property
    def is_plan(self) -> bool:
        return self.feature_type.endswith("_Plan")

    @property
    def is_bereich(self) -> bool:
        return self.feature_type.endswith("_Bereich")


class PlanIndex:
    """Collects while a file is read; keeps of each object only its type and its references."""

    def __init__(self) -> None:
        self.documents: list[Document] = []
        self._plans: list[PlanFacts] = []
        self._nodes: dict[int, _Node] = {}
        self._orders: dict[str, int] = {}

    def add(self, record: FeatureRecord) -> None:
        links = [(reference.name, reference.target) for reference in record.references if reference.target]
        self._nodes[record.order] = _Node(record.feature_type, links)
        if record.gml_id:
            self._orders.setdefault(record.gml_id, record.order)
        self.documents += documents_of(record)
        if record.is_plan:
            self._plans.append(plan_facts(record))

    def plans(self) -> list[PlanFacts]:
        return list(self._plans)

    def owners(self) -> dict[int, Owner]:
        """Order of an object -> its owner. Plans own themselves; in a file of one plan nothing is left over."""
        self._own_bereiche()
        self._own_by_reference_up()
        self._own_by_reference_down()
        self._adopt()
        return {order: Owner(tuple(node.plans), node.bereich) for order, node in self._nodes.items()}

    def _targets(self, node: _Node, prefix: str = "") -> Iterator[tuple[int, _Node]]:
        for name, target in node.links:
            order = self._orders.get(target)
            if order is not None and name.startswith(prefix):
                yield order, self._nodes[order]

    def _own_bereiche(self) -> None:
        for order, node in self._nodes.items():
            if node.is_plan:
                node.plans = [order]
            elif node.is_bereich:
                node.bereich = order
                node.plans = [plan for plan, target in self._targets(node, "gehoert") if target.is_plan][:1]
        for order, node in self._nodes.items():
            for _order, target in self._targets(node) if node.is_plan else ():
                if target.is_bereich and not target.plans:
                    target.plans = [order]

    def _own_by_reference_up(self) -> None:
        """gehoertZuBereich, gehoertZuBP_Bereich, gehoertNachrichtlichZuBereich; gehoertZuPlan of texts."""
        for node in self._nodes.values():
            for order, target in self._targets(node, "gehoert"):
                if target.is_bereich and node.bereich is None:
                    node.bereich, node.plans = order, list(target.plans)
                elif target.is_plan and not node.plans:
                    node.plans = [order]

    def _own_by_reference_down(self) -> None:
        """planinhalt, nachrichtlich, texte and all that owned objects refer to, as far as it has no owner of its own."""
        settled = {order for order, node in self._nodes.items() if node.plans}
        queue = deque(sorted(settled, key=lambda order: (not self._nodes[order].is_bereich, order)))
        while queue:
            node = self._nodes[queue.popleft()]
            for order, target in self._targets(node):
                missing = [plan for plan in node.plans if plan not in target.plans]
                if order in settled or not missing:
                    continue
                target.plans += missing
                if target.bereich is None and node.is_bereich:
                    target.bereich = node.bereich
                queue.append(order)

    def _adopt(self) -> None:
        """What nothing refers to belongs to what it refers to; what stays is the only plan's."""
        for node in self._nodes.values():
            if not node.plans:
                _order, target = next(
                    ((order, found) for order, found in self._targets(node) if found.plans), (0, None)
                )
                node.plans = list(target.plans) if target else []
                node.bereich = target.bereich if target and node.bereich is None else node.bereich
            if not node.plans and len(self._plans) == 1:
                node.plans = [self._plans[0].order]


def plan_facts(record: FeatureRecord) -> PlanFacts:
    """Facts of a plan object."""
    values = record.properties
    facts = schema(record.version).feature_type(record.feature_type)
    return PlanFacts(
        order=record.order,
        gml_id=record.gml_id,
        feature_type=record.feature_type,
        version=record.version,
        name=text_of(values.get("name")),
        number=text_of(values.get("nummer")),
        internal_id=text_of(values.get("internalId")),
        description=text_of(values.get("beschreibung")),
        municipalities=tuple(
            _municipality(item) for item in as_list(values.get("gemeinde")) if isinstance(item, dict)
        ),
        forms=tuple(_code(facts, "planArt", item) for item in as_list(values.get("planArt"))),
        legal_state=_first_code(facts, "rechtsstand", values),
        procedure=_first_code(facts, "verfahren", values),
        dates=_dates(facts, values),
        area=record.geometries.get("raeumlicherGeltungsbereich"),
        line=record.line,
    )


def documents_of(record: FeatureRecord) -> Iterator[Document]:
    """All external references of an object, at any depth."""
    facts = schema(record.version)
    for path, value in _walk(record.properties, ""):
        kind = facts.feature_type(value.get("@type", ""))
        if kind and kind.is_a(_DOCUMENT):
            yield _document(record.order, (path, kind), value)


def _walk(value: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, path)
    elif isinstance(value, dict):
        if "@type" in value:
            yield path, value
        for name, inner in value.items():
            if isinstance(inner, (dict, list)):
                yield from _walk(inner, f"{path}/{name}" if path else name)


def _document(order: int, kind: tuple[str, FeatureType], value: dict[str, Any]) -> Document:
    path, facts = kind
    return Document(
        order=order,
        property=path,
        url=text_of(value.get("referenzURL")),
        name=text_of(value.get("referenzName")),
        kind=_first_code(facts, "typ", value),
        form=text_of(value.get("art")),
        georeference=text_of(value.get("georefURL")),
        mime=text_of(value.get("referenzMimeType")),
        date=text_of(value.get("datum")),
        description=text_of(value.get("beschreibung")),
    )


def _municipality(value: dict[str, Any]) -> Municipality:
    return Municipality(*(text_of(value.get(name)) for name in ("ags", "rs", "gemeindeName", "ortsteilName")))


def _code(facts: FeatureType | None, name: str, value: Any) -> Code:
    code = text_of(value)
    known = facts.by_name.get(name) if facts else None
    return Code(code, known.values.get(code, code) if known else code)


def _first_code(facts: FeatureType | None, name: str, values: Mapping[str, Any]) -> Code | None:
    found = as_list(values.get(name))
    return _code(facts, name, found[0]) if found and text_of(found[0]) else None


def _dates(facts: FeatureType | None, values: Mapping[str, Any]) -> dict[str, tuple[date, ...]]:
    names = [item.name for item in facts.properties if item.type == "xs:date"] if facts else []
    found = {
        name: tuple(day for item in as_list(values.get(name)) if (day := day_of(text_of(item))))
        for name in names
    }
    return {name: days for name, days in found.items() if days}


def day_of(text: str) -> date | None:
    """The day of an xs:date; None if it is none."""
    match = _DATE.fullmatch(text.strip())
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def as_list(value: Any) -> list[Any]:
    """A property's values, whether the reader gave one, several or none."""
    return value if isinstance(value, list) else [] if value is None else [value]


def text_of(value: Any) -> str:
    """The text of a value on one line, with or without attributes; the first of several."""
    if isinstance(value, list):
        return text_of(value[0]) if value else ""
    found = value.get("@text", "") if isinstance(value, dict) else value
    return " ".join(str(found or "").split())
