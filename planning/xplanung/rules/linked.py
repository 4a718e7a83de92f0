"""The families of checks that need other objects of the file: they remember what they need, and judge at its end.

A reference whose target is not in the file is reported by the reader and says nothing here.
"""

from collections.abc import Iterable, Iterator

import shapely

from planning.xplanung.rules.rule import FINE, Check, Details, Document, Item, Link, Note
from planning.xplanung.rules.values import references, texts

_TO_BEREICH = ("gehoertZuBereich", "gehoertZuBP_Bereich", "gehoertZuFP_Bereich", "gehoertZuSO_Bereich", "gehoertZuLP_Bereich", "gehoertZuRP_Bereich", "gehoertNachrichtlichZuBereich")  # fmt: skip
_SAME = 0.002  # metres: the standard's own distance below which two points are one


def refers_to(name: str, *types: str) -> Link:
    """The targets of `name` are of these types."""

    def note(item: Item) -> list[str] | None:
        return references(item, name) or None

    def judge(note: Note, document: Document) -> Iterator[Details]:
        for target in note.seen:
            if target in document.types and not document.is_a(target, types):
                yield {"target": target, "type": document.types[target]}

    return Link(
        "refers_to", {"name": name, "types": ", ".join(types)}, note, judge, trigger=frozenset({name})
    )


def belongs_to(plan: str) -> Link:
    """A Bereich refers to exactly one plan of this type, and that plan back to it."""

    def note(item: Item) -> list[str]:
        return references(item, "gehoertZuPlan")

    def judge(note: Note, document: Document) -> Iterable[Details]:
        if any(target not in document.types for target in note.seen):
            return []
        plans = [target for target in note.seen if document.is_a(target, (plan,))]
        fine = (
            len(plans) == len(note.seen) == 1
            and list(document.targets(plans[0], "bereich")).count(note.gml_id) >= 1
        )
        return [] if fine else [{"target": ", ".join(note.seen) or "–"}]

    return Link("belongs_to", {"plan": plan}, note, judge, frozenset({"bereich"}))


def refers_back(name: str, back: str, *, once: bool = True) -> Link:
    """What an object refers to by `name` refers to it by `back` (exactly once). The finding is the target's."""

    def note(item: Item) -> list[str] | None:
        return references(item, name) or None

    def judge(note: Note, document: Document) -> Iterator[Details]:
        for target in note.seen:
            if target not in document.types:
                continue
            count = list(document.targets(target, back)).count(note.gml_id)
            if count < 1 or (once and count > 1):
                yield {"at": target, "source": note.gml_id, "count": count}

    family = "refers_back_once" if once else "refers_back"
    return Link(family, {"name": name, "back": back}, note, judge, frozenset({back}), frozenset({name}))


def plan_states(name: str, code: str, wanted: str) -> Link:
    """Where `name` has the code, the plan must state `wanted`."""

    def note(item: Item) -> list[str] | None:
        return _bereiche(item) if code in texts(item.values, name) else None

    def judge(note: Note, document: Document) -> Iterable[Details]:
        plan = document.plan_of(note.seen)
        return [{"plan": plan.type}] if plan and wanted not in plan.values else []

    names = {"name": name, "code": code, "needed": wanted}
    return Link("plan_states", names, note, judge, frozenset({"gehoertZuPlan"}), frozenset({name}))


def plan_has(name: str, code: str) -> Link:
    """The plan of the object has the code."""

    def judge(note: Note, document: Document) -> Iterable[Details]:
        plan = document.plan_of(note.seen)
        found = texts(plan.values, name) if plan else [code]
        return [] if code in found else [{"found": ", ".join(found) or "–"}]

    return Link("plan_has", {"name": name, "code": code}, _bereiche, judge, frozenset({"gehoertZuPlan"}))


def only_in(name: str, plan: str) -> Link:
    """The property is for plans of this type."""

    def judge(note: Note, document: Document) -> Iterable[Details]:
        found = document.plan_of(note.seen)
        return [{"type": found.type}] if found and found.type != plan else []

    names = {"name": name, "plan": plan}
    return Link("only_in", names, _bereiche, judge, frozenset({"gehoertZuPlan"}), frozenset({name}))


def same_as_plan(name: str, code: str) -> Link:
    """Where `name` has the code, the geometry is the plan's Geltungsbereich."""

    def note(item: Item) -> tuple[list[str], object] | None:
        shape = item.record.geometries.get("position")
        return (_bereiche(item), shape) if code in texts(item.values, name) and shape is not None else None

    def judge(note: Note, document: Document) -> Iterable[Details]:
        areas, shape = note.seen
        plan = document.plan_of(areas)
        if plan is None or plan.area is None or shapely.equals_exact(shape, plan.area, _SAME, normalize=True):
            return []
        area = float(shapely.symmetric_difference(shape, plan.area).area)
        return [{"area": round(area, 1)}] if area > _SAME * plan.area.length else []

    names = {"name": name, "code": code}
    return Link("same_as_plan", names, note, judge, frozenset({"gehoertZuPlan"}), frozenset({name}))


def text_of_one() -> Link:
    """A text is referred to by a plan or by a Bereich, not by both. Noted on the Bereich: the finding is the text's."""

    def note(item: Item) -> list[str] | None:
        return references(item, "texte") or None

    def judge(note: Note, document: Document) -> Iterator[Details]:
        of_plans = {target for plan in document.plans for target in document.targets(plan, "texte")}
        for target in note.seen:
            if target in of_plans:
                yield {"at": target, "source": note.gml_id}

    return Link("text_of_one", {}, note, judge, frozenset({"texte"}), frozenset({"texte"}))


def one_system() -> Link:
    """All geometries are in one coordinate reference system, and in a stated one."""

    def note(item: Item) -> int | None:
        record = item.record
        if item.values is not record.properties or not any(map(_is_geometry, item.values.values())):
            return None
        return record.source_srid or 0

    def judge(note: Note, document: Document) -> Iterable[Details]:
        return (
            [] if note.seen == document.srid else [{"srid": note.seen or "–", "first": document.srid or "–"}]
        )

    return Link("one_system", {}, note, judge)


def stated_system() -> Check:
    """Each geometry has a stated coordinate reference system."""

    def broken(item: Item) -> Details | None:
        held = item.values is item.record.properties and any(map(_is_geometry, item.values.values()))
        return {} if held and not item.record.source_srid else FINE

    return Check("stated_system", {}, broken)


def _is_geometry(value: object) -> bool:
    return isinstance(value, dict) and "@geometry" in value


def _bereiche(item: Item) -> list[str]:
    """The Bereiche that the object holding the item belongs to."""
    whole = Item(item.record.feature_type, item.record.properties, item.record)
    return [target for name in _TO_BEREICH for target in references(whole, name)]
