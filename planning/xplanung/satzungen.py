"""Which paragraph of the Baugesetzbuch another Satzung rests on: by codes of the standard, else by its words.

Pure. SO_Plan.planArt is an open code list that every state fills differently, so its words count, not its numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from planning.xplanung.plans import as_list, text_of
from planning.xplanung.properties import Json

PARAGRAPHS = ("14", "25", "34", "35", "142", "172")
_PLAN_KINDS = {"4000": "34", "40000": "34", "40001": "34", "40002": "34", "5000": "35"}  # BP_PlanArt
_AREA_KINDS = {"1100": "142", "1700": "172", "17000": "172", "17001": "172", "17002": "172"}  # SO_GebietsArt
_WORDS: tuple[tuple[str, str], ...] = (
    ("veränderungssperre", "14"),
    ("veraenderungssperre", "14"),
    ("vorkaufsrecht", "25"),
    ("klarstellungssatzung", "34"),
    ("entwicklungssatzung", "34"),
    ("ergänzungssatzung", "34"),
    ("einbeziehungssatzung", "34"),
    ("abrundungssatzung", "34"),
    ("innenbereichssatzung", "34"),
    ("außenbereichssatzung", "35"),
    ("aussenbereichssatzung", "35"),
    ("sanierung", "142"),
    ("erhaltungssatzung", "172"),
    ("erhaltungsgebiet", "172"),
    ("milieuschutz", "172"),
)
_NUMBERS = {f"§ {number} ": number for number in PARAGRAPHS}


@dataclass(frozen=True)
class Basis:
    """certain: named by a code of the standard, not only by a word in its name."""

    paragraph: str
    certain: bool


def basis_of_plan(plan_type: str, properties: Mapping[str, Json], *, name: str) -> Basis | None:
    """Of a plan object; None for a plan that is none of these Satzungen."""
    if plan_type == "BP":
        codes = (text_of(value) for value in as_list(properties.get("planArt")))
        found = next((_PLAN_KINDS[code] for code in codes if code in _PLAN_KINDS), None)
        return Basis(found, True) if found else None
    if plan_type != "SO":
        return None
    words = " ".join(
        text_of(properties.get(key)) for key in ("planArt", "planTyp", "versionSonstRechtsgrundlageText")
    )
    return _by_words(f"{name} {words} ")


def basis_of_object(feature_type: str, properties: Mapping[str, Json]) -> Basis | None:
    """Of an object that is such an area itself."""
    if feature_type == "BP_Veraenderungssperre":
        return Basis("14", True)
    if feature_type != "SO_Gebiet":
        return None
    found = _AREA_KINDS.get(text_of(properties.get("gebietsArt")))
    return Basis(found, True) if found else None


def _by_words(text: str) -> Basis | None:
    lower = f"{text.casefold()} "
    found = next((number for word, number in _WORDS if word.casefold() in lower), None)
    found = found or next((number for words, number in _NUMBERS.items() if words in lower), None)
    return Basis(found, False) if found else None
