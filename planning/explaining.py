"""Stages and rules in words: what a stage looks at, what a rule demands."""

from collections.abc import Mapping
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from planning.xplanung.rules import RULES, Rule
from planning.xplanung.rules.titles import TITLES
from planning.xplanung.stages import Stage

STAGE_LABELS: Mapping[Stage, Promise] = {
    "safety": _("Safety of the file"),
    "structure": _("Structure"),
    "references": _("References"),
    "semantics": _("Konformitätsbedingungen"),
    "geometry": _("Geometry"),
    "documents": _("Documents and rasters"),
}
STAGE_TEXTS: Mapping[Stage, Promise] = {
    "safety": _("The file can be opened, is complete and holds nothing dangerous."),
    "structure": _("Objects, properties and values are those of the schema of this XPlanGML version, in its order."),
    "references": _("Every reference between objects leads to an object of the right kind."),
    "semantics": _("The rules of the standard that no schema can express: what must stand together, and what may not."),
    "geometry": _("Geometries are valid, lie within the plan, and those of the Flächenschluss cover it without gaps and overlaps."),
    "documents": _("Documents and rasters that the plan refers to came with it, are what they claim to be and know their place."),
}  # fmt: skip
# The standard's own conditions for 6.1 are not known to us (docs/pruefregeln.md).
_BORROWED = _("For XPlanGML 6.1: the rules of 6.0 about what has not changed since; to be verified.")
# Konformitätsbedingungen about neighbours; the others have their titles with the rules.
NEIGHBOURS: Mapping[str, str] = {
    "2.2.1.1": gettext_noop("Objects of the Flächenschluss cover the plan without gaps and overlaps"),
    "2.2.2.1": gettext_noop("Areas are valid: closed, without crossings, rings in the right direction"),
    "2.2.3.1": gettext_noop("Objects lie within the Geltungsbereich"),
    "4.5.2.4": gettext_noop("No property twice for the same ground"),
}


def text_of_stage(stage: Stage, version: str) -> str:
    """version: of XPlanGML."""
    borrowed = stage == "semantics" and version == "6.1"
    return f"{STAGE_TEXTS[stage]} {_BORROWED}" if borrowed else str(STAGE_TEXTS[stage])


@cache
def _rules() -> Mapping[tuple[str, str], list[Rule]]:
    """(Number, rule of the finding) -> its entries in the table, newest version first."""
    found: dict[tuple[str, str], list[Rule]] = {}
    for rule in RULES:
        found.setdefault((rule.id, f"semantic.{rule.check.family}"), []).append(rule)
    return found


def title_of(rule: str, condition: str, version: str) -> str:
    """What the Konformitätsbedingung demands, in the active language; empty where the finding breaks none."""
    if condition in NEIGHBOURS and not rule.startswith("semantic."):
        return gettext(NEIGHBOURS[condition])
    entries = _rules().get((condition, rule), ())
    fitting = next((entry for entry in entries if version in entry.versions), None)
    return gettext(TITLES[fitting.check.family]) % fitting.check.names if fitting else ""
