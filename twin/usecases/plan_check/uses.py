"""What an object of a plan is for, as far as a check or a balance asks. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from planning.xplanung.plans import text_of
from planning.xplanung.properties import Json


class Use(StrEnum):
    BUILDING = "building"  # Baugebiete and Bauflächen (§ 1 Abs. 1, 2 BauNVO)
    BUILT = "built"  # other areas on which something is built
    TRAFFIC = "traffic"
    WATER = "water"
    OPEN = "open"
    OTHER = "other"  # what lies over another use, or says nothing of it
    PLAN = "plan"  # the plan as a whole
    OUTLINE = "outline"  # the same, of a plan that holds no areas as objects


# Parts of feature types behind their prefix, XPlanGML 4.0 to 6.1; the first that fits decides.
_KINDS: tuple[tuple[Use, tuple[str, ...]], ...] = (
    (Use.BUILDING, ("BaugebietsTeilFlaeche", "BebauungsFlaeche")),
    (Use.BUILT, ("Gemeinbedarf", "BesondererNutzungszweck", "VerEntsorgung", "GemeinschaftsanlagenFlaeche", "NebenanlagenFlaeche", "UeberbaubareGrundstuecks", "GebaeudeFlaeche", "WohngebaeudeFlaeche")),
    (Use.TRAFFIC, ("erkehr", "Strassenkoerper")),
    (Use.WATER, ("Gewaesser", "Wasserwirtschaft", "WasserwirtschaftsFlaeche")),
    (Use.OPEN, ("Gruen", "Landwirtschaft", "Wald", "FreiFlaeche", "Kleintierhaltung", "Ausgleich", "SchutzPflegeEntwicklung", "AnpflanzungBindungErhaltung", "SpielSport")),
)  # fmt: skip
_NOT_BUILT = ("NichtUeberbaubare", "Ausschluss")
# Share of the floor area that is for dwellings, by Art der baulichen Nutzung: an assumption for mixed ones.
_DWELLINGS = {
    "1000": 1.0,  # Kleinsiedlungsgebiet
    "1100": 1.0,  # Reines Wohngebiet
    "1200": 1.0,  # Allgemeines Wohngebiet
    "1300": 1.0,  # Besonderes Wohngebiet
    "1400": 0.5,  # Dorfgebiet
    "1450": 0.5,  # Dörfliches Wohngebiet
    "1500": 0.5,  # Mischgebiet
    "1550": 0.5,  # Urbanes Gebiet
}
_GENERAL = {"1000": 1.0, "2000": 0.5}  # Wohnbaufläche, gemischte Baufläche


def use_of(feature_type: str) -> Use:
    name = feature_type.partition("_")[2]
    if name.startswith(_NOT_BUILT) or any(part in name for part in _NOT_BUILT):
        return Use.OTHER
    return next((use for use, parts in _KINDS if any(part in name for part in parts)), Use.OTHER)


def dwelling_share(properties: Mapping[str, Json]) -> float:
    """0 to 1."""
    special = text_of(properties.get("besondereArtDerBaulNutzung"))
    if special:
        return _DWELLINGS.get(special, 0.0)
    return _GENERAL.get(text_of(properties.get("allgArtDerBaulNutzung")), 0.0)


def measure(properties: Mapping[str, Json], *names: str) -> float | None:
    """The first of these that the object states as a number above 0."""
    for name in names:
        try:
            found = float(text_of(properties.get(name)).replace(",", "."))
        except ValueError:
            continue
        if 0 < found < 1000:
            return found
    return None
