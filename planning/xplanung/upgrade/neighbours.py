"""What an object's upgrade must know of the others: Bereiche and plans, values that change their owner, objects that go."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from planning.xplanung.schema import GML, PLAN_TYPES, XLINK, Schema
from planning.xplanung.upgrade.table import ABSORBED, LIFTS, TYPES

_ID, _HREF = f"{{{GML}}}id", f"{{{XLINK}}}href"
_CONTENT = (
    "planinhalt",
    "inhaltBPlan",
    "inhaltFPlan",
    "inhaltLPlan",
    "inhaltRPlan",
    "inhaltSoPlan",
    "nachrichtlich",
)


@dataclass(slots=True)
class Value:
    """One value of one property as it stands in the old file. owner: the type that declares it."""

    name: str
    element: etree._Element
    owner: str


@dataclass(slots=True)
class Old:
    """One object of the old file, parsed."""

    gml_id: str
    type: str
    line: int
    element: etree._Element
    values: list[Value] = field(default_factory=list)
    lifted: list[tuple[Value, str]] = field(default_factory=list)  # with the id of who has it now

    @property
    def kind(self) -> str:
        if self.type in PLAN_TYPES:
            return "plan"
        return "bereich" if self.type.endswith("_Bereich") else "raster" if self.type in ABSORBED else ""


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def target_of(element: etree._Element) -> str:
    """gml:id a reference points to; "" where it leads elsewhere."""
    href = element.get(_HREF, "")
    return href[1:] if href.startswith("#") else ""


class Neighbours:
    """All objects of a file; moves the values that LIFTS names when it is made."""

    def __init__(self, objects: Iterable[Old], target: Schema) -> None:
        self.objects = {each.gml_id: each for each in objects}
        self._target = target
        self.bereich_of: dict[str, str] = {}
        self.nachrichtlich: set[str] = set()
        self._plan_of: dict[str, str] = {}
        self._rasters: dict[str, list[str]] = defaultdict(list)
        for each in self.objects.values():
            self._note(each)
        self.gone = {each.gml_id for each in self.objects.values() if self.new_type(each) is None}
        for each in list(self.objects.values()):
            self._lift(each)

    def new_type(self, old: Old) -> str | None:
        """None where nothing of the object itself can be carried over."""
        if old.type in ABSORBED:
            return None
        name = TYPES[old.type].to if old.type in TYPES else old.type
        found = self._target.feature_type(name)
        if found and not found.abstract:
            return name
        generic = generic_type(name, self._target)
        return generic if generic and any(value.name == "position" for value in old.values) else None

    def bereich(self, old: Old) -> str:
        """The Bereich that names the object, or the only one there is; "" if there is no telling."""
        only = [each.gml_id for each in self.objects.values() if each.kind == "bereich"]
        return self.bereich_of.get(old.gml_id) or (only[0] if len(only) == 1 else "")

    def _note(self, old: Old) -> None:
        for value in old.values:
            target = target_of(value.element)
            if old.kind == "bereich" and value.name in _CONTENT:
                self.bereich_of.setdefault(target, old.gml_id)
                self.nachrichtlich |= {target} if value.name == "nachrichtlich" else set()
            elif old.kind == "bereich" and value.name == "gehoertZuPlan":
                self._plan_of[old.gml_id] = target
            elif old.kind == "bereich" and value.name == "rasterBasis":
                self._rasters[target].append(old.gml_id)
            elif old.kind == "plan" and value.name == "bereich":
                self._plan_of.setdefault(target, old.gml_id)
            elif value.name == "gehoertNachrichtlichZuBereich":
                self.nachrichtlich.add(old.gml_id)

    def _lift(self, old: Old) -> None:
        facts = self._target.feature_type(old.type)
        for value in list(old.values):
            to = LIFTS.get((old.kind, value.name))
            receivers = list(self._receivers(old, to)) if to else []
            direct = facts.by_name.get(value.name) if facts else None
            if not receivers or (direct and direct.kind != "data"):
                continue
            old.values.remove(value)
            for receiver in receivers:
                if not self._states(receiver, value):
                    receiver.values.append(value)
                old.lifted.append((value, receiver.gml_id))

    def _states(self, receiver: Old, value: Value) -> bool:
        """The plan says so itself, or another Bereich said the same."""
        stated = [each for each in receiver.values if each.name == value.name]
        own = any(each.owner == receiver.type for each in stated)
        return own or any(_text(each) == _text(value) for each in stated if not len(value.element))

    def _receivers(self, old: Old, kind: str | None) -> Iterator[Old]:
        bereiche = self._rasters[old.gml_id] if old.kind == "raster" else [old.gml_id]
        if old.kind == "plan":
            bereiche = [each for each, plan in self._plan_of.items() if plan == old.gml_id]
        ids = (
            bereiche if kind == "bereich" else dict.fromkeys(self._plan_of.get(each, "") for each in bereiche)
        )
        for each in ids:
            if each in self.objects:
                yield self.objects[each]


def _text(value: Value) -> str:
    return (value.element.text or "").strip()


def generic_type(name: str, target: Schema) -> str | None:
    found = f"{name[:2]}_GenerischesObjekt"
    return found if target.feature_type(found) else None
