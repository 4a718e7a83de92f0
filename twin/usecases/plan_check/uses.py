"""What an object of a plan is for, as far as a check or a balance asks. Pure."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from planning.xplanung.plans import as_list, text_of
from planning.xplanung.properties import Json


class Use(StrEnum):
    BUILDING = "building"  # Baugebiete and Bauflächen (§ 1 Abs. 1, 2 BauNVO)
    BUILT = "built"  # other areas on which something is built
    TRAFFIC = "traffic"
    WATER = "water"
    OPEN = "open"
    LIMIT = "limit"  # lines up to which or on which may be built (§ 23 BauNVO)
    OTHER = "other"  # what lies over another use, or says nothing of it
    PLAN = "plan"  # the plan as a whole
    OUTLINE = "outline"  # the same, of a plan that holds no areas as objects


# Parts of feature types behind their prefix, XPlanGML 4.0 to 6.1; the first that fits decides.
_KINDS: tuple[tuple[Use, tuple[str, ...]], ...] = (
    (Use.BUILDING, ("BaugebietsTeilFlaeche", "BebauungsFlaeche")),
    (Use.BUILT, ("Gemeinbedarf", "BesondererNutzungszweck", "VerEntsorgung", "GemeinschaftsanlagenFlaeche", "NebenanlagenFlaeche", "UeberbaubareGrundstuecks", "GebaeudeFlaeche", "WohngebaeudeFlaeche")),
    (Use.TRAFFIC, ("erkehr", "Strassenkoerper")),
    (Use.WATER, ("Gewaesser", "Wasserwirtschaft")),
    (Use.LIMIT, ("BauGrenze", "BauLinie")),
    (Use.OPEN, ("Gruen", "Landwirtschaft", "Wald", "FreiFlaeche", "Kleintierhaltung", "Ausgleich", "SchutzPflegeEntwicklung", "AnpflanzungBindungErhaltung", "SpielSport")),
)  # fmt: skip
_VERGES = {"2400", "14015"}  # Verkehrsgrün, of XPlanGML 4.0 to 5.4 and from 6.0 on
_MEASURES = ("HoehenMass", "FirstRichtung", "NutzungsartenGrenze", "AbstandsMass")
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


def use_of(feature_type: str, properties: Mapping[str, Json]) -> Use:
    name = feature_type.partition("_")[2]
    if any(part in name for part in _NOT_BUILT):
        return Use.OTHER
    found = next((use for use, parts in _KINDS if any(part in name for part in parts)), Use.OTHER)
    purposes = {text_of(each) for each in as_list(properties.get("zweckbestimmung"))}
    return Use.OPEN if found is Use.TRAFFIC and purposes and purposes <= _VERGES else found


def is_place(feature_type: str) -> bool:
    """Whether an object states something of the ground where it lies, and not how high or how a roof is to be."""
    return not feature_type.partition("_")[2].startswith(_MEASURES)


def dwelling_share(properties: Mapping[str, Json]) -> float:
    """0 to 1."""
    special = text_of(properties.get("besondereArtDerBaulNutzung"))
    if special:
        return _DWELLINGS.get(special, 0.0)
    return _GENERAL.get(text_of(properties.get("allgArtDerBaulNutzung")), 0.0)


def measure(properties: Mapping[str, Json], *names: str, most: float = 1000) -> float | None:
    """The first of these that the object states as a number above 0 and below `most`."""
    for name in names:
        try:
            found = float(text_of(properties.get(name)).replace(",", "."))
        except ValueError:
            continue
        if 0 < found < most:
            return found
    return None


def ratio(properties: Mapping[str, Json], *names: str, absolute: Sequence[str], area: float) -> float | None:
    """The first of these; else what is stated as m² (§ 16 Abs. 2 BauNVO allows both) by the area."""
    found = measure(properties, *names)
    if found is None:
        total = measure(properties, *absolute, most=1e8)
        found = None if total is None else total / area
    return found
