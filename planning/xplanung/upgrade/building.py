"""Collect the new values of one object or data type, then put them in the order of the schema."""

from collections import defaultdict
from dataclasses import dataclass, field

from lxml import etree

from planning.xplanung.schema import FeatureType, Property
from planning.xplanung.upgrade.neighbours import Value

_INDEXED = ("allgemein", "detail", "dachform", "detaillierteDachform")
COMMON = -1  # the slot of parts that belong to no particular one of several values


@dataclass(frozen=True, slots=True)
class Made:
    """A new value, and the old one it came from."""

    element: etree._Element
    value: Value


def slot_of(value: Value, part: str, place: int) -> int:
    """Which of several values a part belongs to. place: among the old property's values. 4.x numbered its properties."""
    if part not in _INDEXED:
        return COMMON
    digits = value.name[len(value.name.rstrip("0123456789")) :]
    return (100 if "esond" in value.name else 0) + (int(digits) if digits else place)


@dataclass(slots=True)
class Parts:
    """The parts of a property whose values are data, by slot."""

    property: Property
    slots: dict[int, dict[str, list[Made]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def merged(self, data: FeatureType) -> list[dict[str, list[Made]]]:
        """One mapping per new value. What belongs to no particular one joins the only one there is."""
        needed = [each.name for each in data.properties if each.minimum]
        own = [
            slot
            for slot in self.slots
            if slot != COMMON and all(self.slots[slot].get(name) for name in needed)
        ]
        if len(own) == 1 or not self.property.repeats:
            into = own[0] if own else min(self.slots)
            for slot in sorted(set(self.slots) - {into}):
                for name, made in self.slots.pop(slot).items():
                    self.slots[into][name] += made
        return [self.slots[slot] for slot in sorted(self.slots)]
