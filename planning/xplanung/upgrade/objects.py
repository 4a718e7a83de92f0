"""One object of the old version -> one of the new."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from planning.xplanung.schema import GML, FeatureType, Property, Schema
from planning.xplanung.upgrade.building import Made, Parts, slot_of
from planning.xplanung.upgrade.codes import Codes
from planning.xplanung.upgrade.elements import Elements, Incomplete, append, facts_of
from planning.xplanung.upgrade.generic import generic_values
from planning.xplanung.upgrade.neighbours import Neighbours, Old, Value, generic_type, local, target_of
from planning.xplanung.upgrade.report import Fate, Loss
from planning.xplanung.upgrade.table import MOVES, PLAIN, SIBLINGS, TYPES, UNKNOWN, Move

_NO = ("false", "0")  # of xs:boolean
_XSI_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_SIMPLE = ("text", "code", "codelist", "measure")
_KEPT_ATTRIBUTES = {"measure": ("uom",), "codelist": ("codeSpace",)}


@dataclass(frozen=True, slots=True)
class Way:
    """Where a value goes. path: of the data type it stands in; inside: property/part where a data type took its place."""

    new: Property
    path: str
    move: Move | None = None
    inside: str = ""


class Objects:
    """Converts objects of one file, one after the other; `losses` grows."""

    def __init__(self, source: Schema, target: Schema, neighbours: Neighbours) -> None:
        self.source, self.target, self.neighbours = source, target, neighbours
        self.codes = Codes(source, target)
        self.losses: list[Loss] = []

    def upgraded(self, old: Old) -> etree._Element | None:
        """The new object, None if it is not carried over. Raises Incomplete."""
        name = self.neighbours.new_type(old)
        if name is None:
            self._report_gone(old)
            return None
        start = len(self.losses)
        try:
            return _Conversion(self, old, name).feature()
        except Incomplete:
            generic = generic_type(name, self.target)
            if old.type not in TYPES or generic in (None, name):
                raise
            del self.losses[start:]
            return _Conversion(self, old, str(generic)).feature()

    def _report_gone(self, old: Old) -> None:
        moved = {id(value): to for value, to in old.lifted}
        for value, to in old.lifted:
            self.losses.append(
                Loss(old.gml_id, old.line, old.type, value.name, shown(value.element), "moved", to)
            )
        self.losses.append(Loss(old.gml_id, old.line, old.type, "", old.type, "dropped", "", "type_gone"))
        for value in old.values:
            if id(value) not in moved:
                self.losses.append(
                    Loss(
                        old.gml_id,
                        old.line,
                        old.type,
                        value.name,
                        shown(value.element),
                        "dropped",
                        "",
                        "type_gone",
                    )
                )


class _Conversion:
    """One object."""

    def __init__(self, objects: Objects, old: Old, new_type: str) -> None:
        self.source, self.target = objects.source, objects.target
        self._new = Elements(self.target)
        self._objects, self._old = objects, old
        self._type = facts_of(self.target, new_type)
        self._root = etree.Element(f"{{{self.target.namespace}}}{new_type}")
        self._generic: list[etree._Element] = []
        self._may_keep = "hatGenerAttribut" in self._type.by_name

    def feature(self) -> etree._Element:
        old, root = self._old, self._root
        for name, text in old.element.items():
            root.set(name, text)
        self._announce()
        made = self._values(old.values, self._type, "")
        self._complete_feature(made)
        made.setdefault("hatGenerAttribut", []).extend(
            Made(each, Value("", each, "")) for each in self._generic
        )
        for child in old.element.iterchildren(etree.Element):
            if str(child.tag).startswith(f"{{{GML}}}"):
                root.append(deepcopy(child))
        append(root, made, self._type)
        return root

    def _announce(self) -> None:
        old = self._old
        for value, to in old.lifted:
            self._report(value, value.name, "moved", to)
        if self._type.name == old.type:
            return
        known = old.type in TYPES and TYPES[old.type].to == self._type.name
        self._note("", old.type, "renamed" if known else "converted", self._type.name)
        if not known:
            self._keep("Objektart", self._type_note())

    def _type_note(self) -> etree._Element:
        note = etree.Element("note")
        note.text = f"{self._old.type} (XPlanGML {self.source.version})"
        return note

    def _keep(self, name: str, element: etree._Element, old: Property | None = None) -> bool:
        """As generic attributes, if the type may have them and there is a text to keep."""
        if not self._may_keep:
            return False
        made = list(generic_values(name, element, old, self.target, self.source))
        self._generic += made
        return bool(made)

    # -- values ------------------------------------------------------------------------------------------------------

    def _values(self, values: Sequence[Value], new: FeatureType, path: str) -> dict[str, list[Made]]:
        """New property -> its values, within the limits of the schema."""
        made: dict[str, list[Made]] = {}
        parts: dict[str, Parts] = {}
        places: Counter[str] = Counter()
        for value in values:
            self._place(value, new, made, parts, (path, places[value.name]))
            places[value.name] += 1
        for name, group in parts.items():
            made.setdefault(name, []).extend(self._grouped(group, path))
        for name, found in made.items():
            maximum = new.by_name[name].maximum
            if maximum is not None:
                for extra in _without_repeats(found)[maximum:]:
                    self._lose(extra.value, path, "too_many")
                made[name] = _without_repeats(found)[:maximum]
        return made

    def _place(
        self,
        value: Value,
        new: FeatureType,
        made: dict[str, list[Made]],
        parts: dict[str, Parts],
        where: tuple[str, int],
    ) -> None:
        path, place = where
        old = facts_of(self.source, value.owner).by_name.get(value.name)
        if old is None:
            self._lose(value, path, "unknown_in_target")
            return
        direct = new.by_name.get(value.name)
        if direct and _alike(old, direct):
            made.setdefault(direct.name, []).extend(self._converted(value, old, Way(direct, path)))
            return
        move = self._move(value, new)
        if move is None:
            self._lose(value, path, "unknown_in_target")
            return
        head, _, part = move.to.partition("/")
        to = new.by_name[head]
        data = self.target.feature_type(to.data_type) if to.data_type else None
        if data and part not in data.by_name and "allgemein" in data.by_name and old.kind != "data":
            part = "allgemein"
        if not part or not data:
            made.setdefault(head, []).extend(self._converted(value, old, Way(to, path, move)))
            return
        found = self._converted(value, old, Way(data.by_name[part], path, move, f"{head}/{part}"))
        if found:
            group = parts.setdefault(head, Parts(to))
            group.slots[slot_of(value, part, place)][part] += found

    def _move(self, value: Value, new: FeatureType) -> Move | None:
        """The table's word, or the same name with another form; None where the new type has no such property."""
        owner = facts_of(self.source, value.owner)
        for name in (owner.name, *owner.ancestors, ""):
            found = MOVES.get((name, value.name))
            if found and found.to.partition("/")[0] in new.by_name:
                return found
        return Move(value.name) if value.name in new.by_name else None

    def _grouped(self, group: Parts, path: str) -> Iterator[Made]:
        name = str(group.property.data_type)
        data = facts_of(self.target, name)
        for slot in group.merged(data):
            for part, found in slot.items():
                maximum = data.by_name[part].maximum
                for extra in found[maximum:] if maximum is not None else ():
                    self._lose(extra.value, path, "too_many")
                slot[part] = found[:maximum]
            every = [made.value for found in slot.values() for made in found]
            if self._missing(slot, data):
                for value in every:
                    self._lose(value, path, "incomplete")
            elif every:
                yield Made(self._new.wrapped(group.property.name, name, slot), every[0])

    def _converted(self, value: Value, old: Property, way: Way) -> list[Made]:
        """The new values of an old one; where there is none that is reported, and kept if it can be."""
        if old.kind == "reference" and way.new.kind == "reference":
            return self._reference(value, way)
        if old.kind == "geometry" and way.new.kind == "geometry":
            return [Made(self._new.copied(value.element, way.new.name), value)]
        if old.kind == "data" and way.new.kind == "data":
            return self._data(value, way)
        if old.kind in _SIMPLE and way.new.kind in _SIMPLE and not len(value.element):
            return self._simple(value, old, way)
        if way.new.kind == "data" and old.type == "xs:boolean" and (value.element.text or "").strip() in _NO:
            self._report(value, way.path + value.name, "converted", reason="absence")
        else:
            self._lose(value, way.path, "other_form")
        return []

    def _reference(self, value: Value, way: Way) -> list[Made]:
        if target_of(value.element) in self._objects.neighbours.gone:
            if not self._absorbs(value):
                self._report(value, way.path + value.name, "dropped", reason="target_gone")
            return []
        if way.new.name != value.name:
            self._report(value, way.path + value.name, "renamed", way.new.name)
        return [Made(self._new.copied(value.element, way.new.name), value)]

    def _absorbs(self, value: Value) -> bool:
        found = self._objects.neighbours.objects.get(target_of(value.element))
        return bool(found and found.lifted)

    def _simple(self, value: Value, old: Property, way: Way) -> list[Made]:
        text = value.element.text or ""
        became = way.inside or way.new.name
        label = old.values.get(text.strip(), "") if way.move and way.move.labelled else ""
        texts = (label,) if label else self._objects.codes.texts(text, old, way.new)
        if not texts or value.element.get(_XSI_NIL):
            self._lose(value, way.path, "code" if old.values else "unknown_in_target")
            return []
        if texts != (text,):
            self._report(value, way.path + value.name, "converted", f"{became} = {', '.join(texts)}")
        elif became != value.name:
            self._report(value, way.path + value.name, "converted" if way.inside else "renamed", became)
        return [Made(self._leaf(value, way.new, each, way.path), value) for each in texts]

    def _leaf(self, value: Value, new: Property, text: str, path: str) -> etree._Element:
        element = self._new.text(new.name, text)
        for name, given in value.element.items():
            if name in _KEPT_ATTRIBUTES.get(new.kind, ()):
                element.set(name, given)
            else:
                self._note(
                    f"{path}{value.name}/@{etree.QName(name).localname}",
                    str(given),
                    "dropped",
                    "",
                    "attribute",
                )
        return element

    def _data(self, value: Value, way: Way) -> list[Made]:
        new, path, move = way.new, way.path, way.move
        found = []
        for inner in value.element.iterchildren(etree.Element):
            name = local(inner)
            new_name = TYPES[name].to if name in TYPES else name
            if move and move.sets:
                new_name = str(new.data_type)
            data = self.target.feature_type(new_name)
            if data is None:
                continue
            inside = [Value(local(child), child, name) for child in inner.iterchildren(etree.Element)]
            below = f"{path}{value.name}/"
            made = self._values(inside, data, below)
            for part, text in (move.sets if move else {}).items():
                made[part] = [Made(self._new.text(part, text), value)]
            if self._missing(made, data):
                self._lose(value, path, "incomplete")
                continue
            if move and move.to != value.name:
                self._report(value, path + value.name, "renamed", ", ".join((move.to, *move.sets.values())))
            found.append(Made(self._new.wrapped(new.name, new_name, made), value))
        return found

    # -- completeness ------------------------------------------------------------------------------------------------

    def _missing(self, made: Mapping[str, list[Made]], new: FeatureType) -> bool:
        for wanted in new.properties:
            if wanted.minimum and not made.get(wanted.name) and not self._from_sibling(made, wanted):
                return True
        return False

    def _from_sibling(self, made: Mapping[str, list[Made]], wanted: Property) -> bool:
        for name in SIBLINGS.get(wanted.name, ()):
            for given in made.get(name, ())[:1]:
                text = (given.element.text or "").strip()
                text = text if wanted.name == "referenzURL" else text.rstrip("/").rpartition("/")[2] or text
                if text and isinstance(made, dict) and self._objects.codes.fits(text, wanted):
                    made[wanted.name] = [Made(self._new.text(wanted.name, text), given.value)]
                    self._note(wanted.name, "", "filled", f"{wanted.name} = {text}")
                    return True
        return False

    def _complete_feature(self, made: dict[str, list[Made]]) -> None:
        retype = TYPES.get(self._old.type)
        if retype and retype.to == self._type.name:
            for name, text in retype.sets.items():
                made[name] = [Made(self._new.text(name, text), Value("", self._root, ""))]
        for wanted in self._type.properties:
            if wanted.minimum and not made.get(wanted.name):
                element = self._filled(wanted)
                made[wanted.name] = [Made(element, Value("", element, ""))]
                became = element.text or target_of(element)
                self._note(wanted.name, "", "filled", f"{wanted.name} = {became}")

    def _filled(self, wanted: Property) -> etree._Element:
        neighbours = self._objects.neighbours
        if wanted.name == "gehoertZuBereich" and neighbours.bereich(self._old):
            element = self._new.text(wanted.name, "")
            element.text = None
            element.set("{http://www.w3.org/1999/xlink}href", "#" + neighbours.bereich(self._old))
            return element
        if wanted.name == "rechtscharakter" and self._old.gml_id in neighbours.nachrichtlich:
            return self._new.text(wanted.name, "2000")
        if wanted.name in UNKNOWN:
            return self._new.text(wanted.name, UNKNOWN[wanted.name])
        for name in (self._type.name, *self._type.ancestors):
            if (name, wanted.name) in PLAIN:
                return self._new.text(wanted.name, PLAIN[name, wanted.name])
        raise Incomplete(wanted.name)

    # -- report ------------------------------------------------------------------------------------------------------

    def _lose(self, value: Value, path: str, reason: str) -> None:
        owner = self.source.feature_type(value.owner)
        old = owner.by_name.get(value.name) if owner else None
        if old and old.kind == "reference" and target_of(value.element) in self._objects.neighbours.gone:
            reason = "target_gone"
        keepable = old is not None and old.kind not in ("geometry", "reference")
        kept = keepable and self._keep(path + value.name, value.element, old)
        self._report(
            value,
            path + value.name,
            "generic" if kept else "dropped",
            "hatGenerAttribut" if kept else "",
            reason,
        )

    def _report(self, value: Value, name: str, fate: Fate, became: str = "", reason: str = "") -> None:
        self._note(name, shown(value.element), fate, became, reason)

    def _note(self, name: str, text: str, fate: Fate, became: str = "", reason: str = "") -> None:
        old = self._old
        self._objects.losses.append(Loss(old.gml_id, old.line, old.type, name, text, fate, became, reason))


def shown(element: etree._Element) -> str:
    """A value as a report shows it."""
    text = " ".join(" ".join(str(each) for each in element.itertext()).split())
    return (text or "#" * bool(target_of(element)) + target_of(element))[:200]


def _alike(old: Property, new: Property) -> bool:
    return old.kind == new.kind or (old.kind in _SIMPLE and new.kind in _SIMPLE)


def _without_repeats(found: list[Made]) -> list[Made]:
    """References that 4.x gave twice, by way of two properties."""
    seen = {target_of(made.element) or str(number): made for number, made in reversed(list(enumerate(found)))}
    return [made for made in found if any(made is each for each in seen.values())]
