"""What became of the values that an upgrade could not simply copy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Fate = Literal["renamed", "converted", "moved", "filled", "generic", "dropped"]
LOSSES: tuple[Fate, ...] = ("generic", "dropped")


@dataclass(frozen=True, slots=True)
class Loss:
    """One value of one object, in the words of its old version.

    fate: renamed (same value, new name), converted (new form or code), moved (to another object), filled (the standard
    wants a value where none was: its code for “unknown”, or what other values of the file say), generic (kept as
    hatGenerAttribut), dropped. became: new property, type or code. reason: key of REASONS, where the fate needs one.
    """

    gml_id: str
    line: int
    feature_type: str
    property: str
    value: str
    fate: Fate
    became: str = ""
    reason: str = ""


@dataclass(slots=True)
class UpgradeReport:
    """All that was not copied unchanged, in the order of the file. `source_version` equals `version` where nothing was done."""

    source_version: str = ""
    version: str = ""
    objects: int = 0
    losses: list[Loss] = field(default_factory=list)

    def count(self, fate: Fate) -> int:
        return sum(loss.fate == fate for loss in self.losses)

    @property
    def lossless(self) -> bool:
        """Nothing was dropped and nothing had to be kept as a generic attribute."""
        return not any(loss.fate in LOSSES for loss in self.losses)


EXAMPLES, NAMED = 5, 20  # of a group: values, and objects


@dataclass(slots=True)
class Group:
    """The same thing that became of many values. types: type of object -> how many; examples: (value, became), different ones;
    objects: (gml:id, line), the first ones."""

    fate: Fate
    property: str
    reason: str
    count: int = 0
    types: dict[str, int] = field(default_factory=dict)
    examples: list[tuple[str, str]] = field(default_factory=list)
    objects: list[tuple[str, int]] = field(default_factory=list)

    def add(self, loss: Loss) -> None:
        self.count += 1
        self.types[loss.feature_type] = self.types.get(loss.feature_type, 0) + 1
        example, place = (loss.value, loss.became), (loss.gml_id, loss.line)
        if len(self.examples) < EXAMPLES and example not in self.examples:
            self.examples.append(example)
        if len(self.objects) < NAMED and loss.gml_id and place not in self.objects:
            self.objects.append(place)


def grouped(losses: Iterable[Loss]) -> list[Group]:
    """What is said once where it is the same for many values, in the order of the first of each."""
    found: dict[tuple[str, ...], Group] = {}
    for loss in losses:
        # where a value moved to differs from object to object; so does the type where the object itself is meant
        to = "" if loss.fate == "moved" else loss.became.partition(" = ")[0]
        kind = (
            "" if loss.fate == "moved" else loss.feature_type
        )  # the same number means another thing in another type
        key = (loss.fate, loss.property or loss.feature_type, kind, to, loss.reason)
        found.setdefault(key, Group(loss.fate, loss.property, loss.reason)).add(loss)
    return list(found.values())


def _(text: str) -> str:
    """Marks a text for the catalogue of whoever shows it."""
    return text


REASONS = {
    "unknown_in_target": _("Version 6.0 has no such property."),
    "other_form": _("Version 6.0 states this in another form."),
    "absence": _("In version 6.0 its absence says the same."),
    "code": _("Version 6.0 has no such code."),
    "too_many": _("Version 6.0 allows fewer values."),
    "incomplete": _("Version 6.0 wants more than the file says."),
    "target_gone": _("The object it points to is not carried over."),
    "type_gone": _("Version 6.0 has no such type of object."),
    "attribute": _("Version 6.0 has no such XML attribute."),
    "location": _("The schema's address was that of the old version."),
}
FATES: Mapping[Fate, str] = {
    "renamed": _("renamed"),
    "converted": _("converted"),
    "moved": _("moved"),
    "filled": _("filled in"),
    "generic": _("kept as generic attribute"),
    "dropped": _("dropped"),
}
