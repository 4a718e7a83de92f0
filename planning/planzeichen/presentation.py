"""Presentation objects of a file (XP_PPO, XP_PTO, XP_LTO, XP_Nutzungsschablone): where the planner wants a sign or letters to stand."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from planning.planzeichen.lettering import lettering_of, short
from planning.xplanung.plans import as_list, text_of

What = Literal["template", "signs", "text"]
TYPES = ("XP_PPO", "XP_PTO", "XP_LTO", "XP_Nutzungsschablone")
_USES = ("besondereArtDerBaulNutzung", "allgArtDerBaulNutzung")
_WORDS = ("gliederung1", "gliederung2", "zugunstenVon", "vormerkung", "textlicheErgaenzung", "aufschrift", "nummer", "name", "text")  # fmt: skip
_SIGN_NAMES = ("zweckbestimmung", "besondereZweckbestimmung", "artDerFestlegung", "gegenstand", "massnahme", "typ", "gebietsArt")  # fmt: skip
_LARGEST = 5.0  # times the ordinary size; a factor above is a mistake in the file


@dataclass(frozen=True, slots=True)
class Placed:
    """What stands at a place. x, y: in the system of the geometry; turn: degrees against the clock; target: gml:id of the object;
    frame: of the text, as of a cell of the Nutzungsschablone."""

    what: What
    x: float
    y: float
    target: str
    text: str = ""
    turn: float = 0
    scale: float = 1
    frame: str = ""


def placed(
    feature_type: str, properties: Mapping[str, Any], at: tuple[float, float], *, of: Mapping[str, Any] | None
) -> Placed | None:
    """of: properties of the object that is presented, if it is known. None where there is nothing to show."""
    turn, scale = _number(properties.get("drehwinkel"), 0), _number(properties.get("skalierung"), 1)
    scale = min(scale, _LARGEST) if scale > 0 else 1
    what, text, frame = _content(feature_type, properties, of)
    return Placed(what, *at, target_of(properties), text, turn, scale, frame) if what else None


def _content(
    feature_type: str, properties: Mapping[str, Any], of: Mapping[str, Any] | None
) -> tuple[What | Literal[""], str, str]:
    """(what, text, frame). A point may stand for a sign or, by its `art`, for letters."""
    if feature_type == "XP_Nutzungsschablone":
        return ("template" if of is not None else "", "", "")
    text, frame = short(text_of(properties.get("schriftinhalt"))), ""
    if not text:
        text, frame = _worded(properties, of or {})
    if text:
        return "text", text, frame
    return (
        "signs" if feature_type == "XP_PPO" and of is not None and _may_be_sign(properties) else "",
        "",
        "",
    )


def _may_be_sign(properties: Mapping[str, Any]) -> bool:
    names = _names(properties)
    return not names or any(name in _SIGN_NAMES for name in names)


def _names(properties: Mapping[str, Any]) -> list[str]:
    """["hoehenangabe"] for "xplan:hoehenangabe[1]/xplan:XP_Hoehenangabe/xplan:h"."""
    paths = [text_of(value).partition("/")[0] for value in as_list(properties.get("art"))]
    return [path.removeprefix("xplan:").partition("[")[0] for path in paths if path]


def target_of(properties: Mapping[str, Any]) -> str:
    """gml:id of the first object that is presented; empty where it stands for itself."""
    for value in as_list(properties.get("dientZurDarstellungVon")):
        href = str(value.get("@href", "")) if isinstance(value, Mapping) else ""
        if href:
            return href.removeprefix("#")
    return ""


def _worded(properties: Mapping[str, Any], of: Mapping[str, Any]) -> tuple[str, str]:
    """(text, frame) of the first property that `art` names and that has letters."""
    for name in _names(properties):
        lettering = lettering_of("", {name: of.get(name)})
        if name in _USES:
            use = {
                each: value for each, value in of.items() if each != "MaxZahlWohnungen"
            }  # has an `art` of its own
            return " ".join(lettering_of("", use).head), ""
        if lettering.cells:
            cell = lettering.cells[0]
            return (f"{name} {cell.text}" if name == "GRZ" else cell.text), cell.frame
        given = text_of(of.get(name))
        if name == "MaxZahlWohnungen" and given:
            return f"{short(given)} Wo", ""
        if name in _WORDS and given:
            return short(given), ""
    return "", ""


def _number(value: Any, otherwise: float) -> float:
    try:
        found = float(text_of(value))
    except ValueError:
        return otherwise
    return found if math.isfinite(found) else otherwise
