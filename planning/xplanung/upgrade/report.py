"""What became of the values that an upgrade could not simply copy."""

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


def _(text: str) -> str:
    """Marks a text for the catalogue of whoever shows it."""
    return text


REASONS = {
    "unknown_in_target": _("Version 6.0 has no such property."),
    "code": _("Version 6.0 has no such code."),
    "too_many": _("Version 6.0 allows fewer values."),
    "incomplete": _("Version 6.0 wants more than the file says."),
    "target_gone": _("The object it points to is not carried over."),
    "type_gone": _("Version 6.0 has no such type of object."),
    "attribute": _("Version 6.0 has no such XML attribute."),
    "location": _("The schema's address belongs to the old version."),
}
FATES = {
    "renamed": _("renamed"),
    "converted": _("converted"),
    "moved": _("moved"),
    "filled": _("filled in"),
    "generic": _("kept as generic attribute"),
    "dropped": _("dropped"),
}
