"""The report of an upgrade in words, as its page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from planning import repeating
from planning.models import PlanUpgrade
from planning.xplanung.findings import Finding
from planning.xplanung.schema import label, schema, value_label
from planning.xplanung.schema.labels import readable
from planning.xplanung.upgrade.report import FATES, REASONS, Fate
from planning.xplanung.upgrade.table import TARGET


@dataclass(frozen=True)
class Named:
    """An object that a group names. key: of its row and of its mark on the map."""

    key: str
    gml_id: str
    line: int


@dataclass(frozen=True)
class Told:
    """The same thing that became of many values. words: on one line; level: of its mark; examples: (before, after)."""

    title: str
    name: str
    words: str
    level: str
    count: int
    types: str
    examples: list[tuple[str, str]]
    objects: list[Named]

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.objects)


@dataclass(frozen=True)
class Section:
    """What a person does about it: code, kind of badge, heading, explanation; how many values, and the groups of them."""

    code: str
    kind: str
    title: str
    text: str
    count: int
    groups: list[Told]


def sections(upgrade: PlanUpgrade, version: str) -> list[Section]:
    """Those that hold something, the gravest first. version: of XPlanGML, before the upgrade."""
    kinds: list[tuple[str, str, str, str, tuple[Fate, ...]]] = [
        ("dropped", "warning", _("Dropped"), _("XPlanung 6.0 has no place for these values; they are not in the new file."), ("dropped",)),
        ("review", "warning", _("To be checked"), _("Kept as a generic attribute, or filled in because XPlanung 6.0 demands a value: look whether it is right."), ("generic", "filled")),
        ("changed", "info", _("Changed"), _("The same statement in the form of XPlanung 6.0. Nothing is lost."), ("renamed", "converted", "moved")),
    ]  # fmt: skip
    numbered = list(enumerate(upgrade.groups))
    found = []
    for code, kind, title, text, fates in kinds:
        own = [_told(number, group, version, kind) for number, group in numbered if group["fate"] in fates]
        if own:
            found.append(Section(code, kind, title, text, sum(each.count for each in own), own))
    return found


def _told(number: int, group: Mapping[str, Any], version: str, level: str) -> Told:
    name, (kind, *_others) = group["property"], group["types"]
    title = readable(name.rpartition("/")[2]) if name else label(version, kind)
    reason = _(REASONS[group["reason"]]) if group["reason"] else ""
    fate = _(FATES[group["fate"]])
    return Told(
        title,
        name or kind,
        f"{title}: {fate}. {reason}" if reason else f"{title}: {fate}",
        level,
        group["count"],
        ", ".join(f"{label(version, one)} ({count})" for one, count in group["types"].items() if one),
        [
            (_worded(version, kind, name, before), _became(kind, after, fate=group["fate"]))
            for before, after in group["examples"]
        ],
        [Named(f"{number}-{place}", gml_id, line) for place, (gml_id, line) in enumerate(group["objects"])],
    )


def _became(kind: str, text: str, *, fate: str) -> str:
    """ "rechtscharakter = 9998" with what the code means; a type with its label; where the same value stands now."""
    name, equals, value = text.partition(" = ")
    if equals:
        return f"{_place(name)} = {_worded(TARGET, kind, name, value)}"
    if fate == "moved":
        return _("in the object %(id)s") % {"id": text}
    if fate == "generic":
        return _("kept as a generic attribute, to be read but without meaning for programs")
    if schema(TARGET).feature_type(text):
        return f"{label(TARGET, text)} ({text})"
    return _("the same, now under “%(place)s”") % {"place": _place(text)} if text else ""


def _place(path: str) -> str:
    """ "zweckbestimmung/allgemein" as people read it."""
    return " › ".join(readable(part) for part in path.split("/"))


def _worded(version: str, kind: str, name: str, value: str) -> str:
    """A code with its meaning, where the standard says one."""
    if not name:
        return f"{label(version, kind)} ({kind})"
    words = value_label(version, f"{kind}.{name}", value)
    return f"{words} ({value})" if words != value else value


def refusal(upgrade: PlanUpgrade) -> list[repeating.Repeated[Finding]]:
    """Why the version could not be upgraded."""
    return repeating.grouped(Finding(**each) for each in upgrade.findings)
