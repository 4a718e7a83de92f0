"""What the objects of a file say about which plan changes which: aendert and wurdeGeaendertVon of plans and Bereiche. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from planning.xplanung.plans import as_list, text_of
from planning.xplanung.properties import Json


class Effect(StrEnum):
    CHANGES = "changes"
    SUPPLEMENTS = "supplements"
    REPLACES = "replaces"  # Ersetzung, Überplanung: what was there no longer applies
    REPEALS = "repeals"


# XP_RechtscharakterPlanaenderung up to 5.4, XP_Aenderungsarten of 6.0; one code each, they do not contradict one another.
_EFFECTS = {
    "1000": Effect.CHANGES,
    "1100": Effect.SUPPLEMENTS,
    "10000": Effect.REPLACES,
    "10001": Effect.SUPPLEMENTS,
    "10002": Effect.REPEALS,
    "2000": Effect.REPEALS,
    "20000": Effect.REPEALS,
    "20001": Effect.REPLACES,
    "3000": Effect.REPLACES,
}
_ACTIVE = ("aendert", "aendertPlan", "aendertPlanBereich")
_PASSIVE = ("wurdeGeaendertVon", "wurdeGeaendertVonPlan", "wurdeGeaendertVonPlanBereich")


@dataclass(frozen=True)
class Relation:
    """active: the stating plan changes the other one; else it was changed by it. The other one by gml:id, or by name and number."""

    active: bool
    effect: Effect
    gml_id: str = ""
    name: str = ""
    number: str = ""


def relations_of(properties: Mapping[str, Json]) -> Iterator[Relation]:
    """Relations that one plan or Bereich states; those that name nobody are left out."""
    for names, active in ((_ACTIVE, True), (_PASSIVE, False)):
        for name in names:
            for value in as_list(properties.get(name)):
                if isinstance(value, Mapping) and (found := _relation(value, active=active)):
                    yield found


def _relation(value: Mapping[str, Json], *, active: bool) -> Relation | None:
    code = text_of(value.get("aenderungsArt")) or text_of(value.get("rechtscharakter"))
    link = value.get("verbundenerPlan")
    href = str(link.get("@href", "")) if isinstance(link, Mapping) else ""
    gml_id = href.rpartition("#")[2] if "/" not in href.rpartition("#")[2] else ""
    name, number = text_of(value.get("planName")), text_of(value.get("nummer"))
    if not (gml_id or name or number):
        return None
    return Relation(active, _EFFECTS.get(code, Effect.CHANGES), gml_id, name, number)
