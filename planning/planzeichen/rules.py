"""Which Planzeichen an object is drawn with: by its type and its codes, for every version from 4.0 to 6.1.

Tables, not code: a type without its prefix (BP_, FP_, SO_ …) leads to a symbol for areas, one for lines, one for points; codes then
choose a finer one and the pictograms inside. A code of five or more digits stands for the one of its first four digits, too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from planning.xplanung.plans import as_list, text_of

Shape = Literal["area", "line", "point"]


@dataclass(frozen=True, slots=True)
class Base:
    """Symbols of one kind of object by the shape it is given as. by: the property whose codes choose a finer one for areas."""

    area: str = "hinweis"
    line: str = "hinweis-linie"
    point: str = "punkt"
    by: str = ""
    finer: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """base: id of the symbol of the geometry itself; signs: of those inside it."""

    base: str
    signs: tuple[str, ...] = ()


GENERAL_USE = {"1000": "1.1", "2000": "1.2", "3000": "1.3", "4000": "1.4"}
SPECIAL_USE = {
    "1000": "1.1.1", "1100": "1.1.2", "1200": "1.1.3", "1300": "1.1.4", "1400": "1.2.1", "1450": "1.2.2", "1500": "1.2.3",
    "1550": "1.2.4", "1600": "1.2.5", "1700": "1.3.1", "1800": "1.3.2", "2000": "1.4.1", "2100": "1.4.2", "3000": "1.4.1", "4000": "1.4.2",
}  # fmt: skip
# Traffic: 5.x has types of their own, 6.x one type with codes; both keep the same words.
SPECIAL_TRAFFIC = {"1400": "6.3", "1600": "6.3", "3400": "6.3", "3500": "6.3", "3000": "6.3", "3100": "6.3", "3200": "6.3", "3300": "6.3"}  # fmt: skip
ROADS = {"1000": "5.1.1", "1200": "5.1.2", "1300": "5.1.2", **SPECIAL_TRAFFIC}
RAILWAYS = {"12005": "5.2.3", "14000": "5.2.2"}

_GROUND = "hinweis"
BASES: Mapping[str, Base] = {
    "Plan": Base("15.13", "15.13"),
    "Bereich": Base("bereich", "bereich"),
    "XP_LPO": Base("hilfslinie", "hilfslinie"),
    "XP_FPO": Base("hilfslinie", "hilfslinie"),
    "BaugebietsTeilFlaeche": Base("bauflaeche", by="besondereArtDerBaulNutzung", finer=SPECIAL_USE),
    "BebauungsFlaeche": Base("bauflaeche", by="besondereArtDerBaulNutzung", finer=SPECIAL_USE),
    "WohngebaeudeFlaeche": Base("1.1"),
    "BesondererNutzungszweckFlaeche": Base("15.4"),
    "PersGruppenBestimmteFlaeche": Base("hinweis"),
    "UeberbaubareGrundstuecksFlaeche": Base("3.5-flaeche"),
    "BauGrenze": Base(line="3.5"),
    "BauLinie": Base(line="3.4"),
    "GebaeudeFlaeche": Base("gebaeude"),
    "GebaeudeStellung": Base(line="abstandsmass"),
    "FirstRichtungsLinie": Base(line="abstandsmass"),
    "AbstandsMass": Base(line="abstandsmass"),
    "GemeinbedarfsFlaeche": Base("4.1"),
    "Gemeinbedarf": Base("4.1", point="4.1-verwaltung"),
    "SpielSportanlagenFlaeche": Base("4.2"),
    "SpielSportanlage": Base("4.2", point="4.2-sportanlage"),
    "StrassenVerkehrsFlaeche": Base("6.1"),
    "Strassenverkehr": Base("6.1", by="artDerFestlegung", finer={"1000": "5.1.1", **SPECIAL_TRAFFIC}),
    "FP_Strassenverkehr": Base("5.1.2", "5.1.2", by="zweckbestimmung", finer=ROADS),
    "Strassenverkehrsrecht": Base("6.1"),
    "VerkehrsflaecheBesondererZweckbestimmung": Base("6.3"),
    "StrassenbegrenzungsLinie": Base(line="6.2"),
    "EinfahrtPunkt": Base(point="6.4-einfahrt"),
    "EinfahrtsbereichLinie": Base(line="6.4-bereich"),
    "BereichOhneEinAusfahrtLinie": Base(line="6.4-ohne"),
    "Strassenkoerper": Base("15.9-boeschung", "15.9-boeschung", by="typ", finer={"3000": "15.9-mauer"}),
    "Schienenverkehrsrecht": Base("5.2.1", "5.2.2", by="artDerFestlegung", finer=RAILWAYS),
    "Luftverkehrsrecht": Base("5.4", point="5.4-flugzeug"),
    "VerEntsorgung": Base("7", "8-unten", "7-elektrizitaet"),
    "ErneuerbareEnergieFlaeche": Base("7"),
    "GruenFlaeche": Base("9"),
    "Gruen": Base("9", point="9-parkanlage"),
    "KleintierhaltungFlaeche": Base("9"),
    "GewaesserFlaeche": Base("10.1"),
    "Gewaesser": Base("10.1", "10.1"),
    "WasserwirtschaftsFlaeche": Base("10.2"),
    "Wasserwirtschaft": Base("10.2"),
    "Wasserrecht": Base("10.2", by="artDerFestlegung", finer={"1000": "10.1"}),
    "SchutzBestimmterTeileVonNaturUndLandschaft": Base("13.3", point="13.3-ND"),
    "SchutzgebietWasserrecht": Base("10.3"),
    "AufschuettungsFlaeche": Base("11.1", point="11.1-aufschuettung"),
    "Aufschuettung": Base("11.1", point="11.1-aufschuettung"),
    "AbgrabungsFlaeche": Base("11.2", point="11.2-abgrabung"),
    "Abgrabung": Base("11.2", point="11.2-abgrabung"),
    "BodenschaetzeFlaeche": Base("11.2", point="11.2-abgrabung"),
    "Bodenschaetze": Base("11.2", point="11.2-abgrabung"),
    "LandwirtschaftsFlaeche": Base("12.1"),
    "Landwirtschaft": Base("12.1", "12.1"),
    "WaldFlaeche": Base("12.2"),
    "SchutzPflegeEntwicklungsFlaeche": Base("13.1"),
    "SchutzPflegeEntwicklungsMassnahme": Base("13.1", "13.2.1-linie"),
    "SchutzPflegeEntwicklung": Base("13.1", "13.2.1-linie"),
    "AusgleichsFlaeche": Base("13.1"),
    "AusgleichsMassnahme": Base("13.1", "13.2.1-linie"),
    "EingriffsBereich": Base("hinweis"),
    "AnpflanzungBindungErhaltung": Base("13.2.2", "13.2.2-linie", "13.2.2-baum", by="massnahme", finer={"2000": "13.2.1"}),
    "SchutzgebietNaturschutzrecht": Base("13.3", point="13.3-ND"),
    "Schutzgebiet": Base("13.3"),
    "ErhaltungsBereichFlaeche": Base("14.1"),
    "Gebiet": Base("hinweis", by="gebietsArt", finer={"1700": "14.1"}),
    "Denkmalschutzrecht": Base("14.2", point="14.3"),
    "DenkmalschutzEnsembleFlaeche": Base("14.2"),
    "DenkmalschutzEinzelanlage": Base("14.2", point="14.3"),
    "KeineZentrAbwasserBeseitigungFlaeche": Base("15.1"),
    "NebenanlagenFlaeche": Base("15.3"),
    "GemeinschaftsanlagenFlaeche": Base("15.3"),
    "Wegerecht": Base("15.5", "15.5-linie"),
    "Immissionsschutz": Base("15.6"),
    "Nutzungsbeschraenkung": Base("15.6"),
    "NutzungsbeschraenkungsFlaeche": Base("15.6"),
    "LuftreinhalteFlaeche": Base("15.7"),
    "TechnischeMassnahmenFlaeche": Base("hinweis", by="zweckbestimmung", finer={"1000": "15.7"}),
    "FreiFlaeche": Base("15.8"),
    "Sichtflaeche": Base("15.8"),
    "Bauverbotszone": Base("15.8"),
    "Baubeschraenkung": Base("15.8"),
    "HoehenMass": Base(point="15.10"),
    "HoehenFestsetzung": Base(point="15.10"),
    "Festpunkt": Base(point="15.10"),
    "KennzeichnungsFlaeche": Base("15.11", by="zweckbestimmung", finer={"4000": "15.12"}),
    "Kennzeichnung": Base("15.11", by="zweckbestimmung", finer={"4000": "15.12"}),
    "Bodenschutzrecht": Base("15.12", point="15.12-altlast"),
    "NutzungsartenGrenze": Base(line="15.14"),
    "Grenze": Base(line="grenze"),
    "FlaecheOhneFestsetzung": Base("ohne-festsetzung"),
    "FlaecheOhneDarstellung": Base("ohne-festsetzung"),
}  # fmt: skip

# Types that the PlanZV has no sign for, or that say in their text alone what they are: drawn with a sign of our own.
GENERIC = frozenset(
    {
        "AbstandsFlaeche", "AbweichungVonBaugrenze", "AbweichungVonUeberbaubarerGrundstuecksFlaeche", "AbweichungVonUeberbaubererGrundstuecksFlaeche",
        "FoerderungsFlaeche", "GemeinschaftsanlagenZuordnung", "NebenanlagenAusschlussFlaeche", "NichtUeberbaubareGrundstuecksflaeche",
        "RegelungVergnuegungsstaetten", "SpezielleBauweise", "RichtungssektorGrenze", "ZusatzkontingentLaerm", "ZusatzkontingentLaermFlaeche",
        "ImmissionsortLaerm", "FestsetzungNachLandesrecht", "GenerischesObjekt", "TextAbschnittFlaeche", "TextlicheFestsetzungsFlaeche",
        "TextlicheDarstellungsFlaeche", "UnverbindlicheVormerkung", "Veraenderungssperre", "ZentralerVersorgungsbereich", "AnpassungKlimawandel",
        "NatuerlicherKlimaschutz", "DarstellungNachLandesrecht", "PrivilegiertesVorhaben", "VorbehalteFlaeche", "RekultivierungsFlaeche",
        "RasterplanAenderung", "Forstrecht", "SonstigesRecht", "SchutzgebietSonstigesRecht", "Gelaendemorphologie", "Linienobjekt",
    }
)  # fmt: skip

_CODES = {
    "zweckbestimmung": (
        "zweckbestimmung", "besondereZweckbestimmung", "weitereZweckbestimmung1", "weitereZweckbestimmung2", "weitereZweckbestimmung3",
        "weitereZweckbestimmung4", "weitereBesondZweckbestimmung1", "artDerFestlegung",
    ),
}  # fmt: skip
_WATER = {"1000": "10.2-R", "1100": "10.2-Ü", "1500": "10.2-R", "2000": "10.2-Ü"}
_GREEN = {
    "1000": "9-parkanlage", "1200": "9-kleingarten", "1400": "9-sportplatz", "1600": "9-spielplatz", "1800": "9-zeltplatz",
    "2000": "9-badeplatz", "2600": "9-friedhof",
}  # fmt: skip
_PLACE = {"1000": "15.3-St", "2000": "15.3-Ga", "3000": "9-spielplatz", "3100": "15.3-Cp", "3200": "15.3-TGa"}
_PUBLIC = {
    "1000": "4.1-verwaltung", "1200": "4.1-schule", "1400": "4.1-kirche", "1600": "4.1-soziales", "1800": "4.1-gesundheit",
    "2000": "4.1-kultur", "2200": "4.1-sport", "24000": "4.1-feuerwehr", "24001": "4.1-schutzbauwerk", "26000": "4.1-post",
}  # fmt: skip
_SUPPLY = {
    "1000": "7-elektrizitaet", "1200": "7-gas", "1400": "7-fernwaerme", "1600": "7-wasser", "1800": "7-abwasser", "2000": "7-abwasser",
    "2200": "7-abfall", "2400": "7-ablagerung", "2800": "7-EE", "3000": "7-KWK",
}  # fmt: skip
_STREET = {
    "14000": "6.3-verkehrsberuhigt", "14002": "6.3-fussgaenger", "14005": "6.3-fussgaenger", "14006": "5.3-W", "1600": "6.3-parken",
}  # fmt: skip
_STREET_5 = {
    "1000": "6.3-parken", "1100": "6.3-fussgaenger", "1200": "6.3-verkehrsberuhigt", "1500": "6.3-fussgaenger", "2000": "6.3-parken",
    "1550": "5.3-W", "3300": "6.3-parken",
}  # fmt: skip
_PLANTS = {
    "1000": "baum",
    "1100": "baum",
    "1200": "baum",
    "2000": "strauch",
    "2050": "baum",
    "2100": "strauch",
    "2200": "strauch",
}
_NATURE = {
    "1000": "13.3-N",
    "1100": "13.3-NLP",
    "1300": "13.3-L",
    "1400": "13.3-NP",
    "1500": "13.3-ND",
    "1600": "13.3-LB",
}
SIGNS_BY_CODE: Mapping[str, Mapping[str, str]] = {
    "GemeinbedarfsFlaeche": _PUBLIC,
    "Gemeinbedarf": _PUBLIC,
    "SpielSportanlagenFlaeche": {"1000": "4.2-sportanlage", "2000": "4.2-spielanlage", "3000": "4.2-spielanlage"},
    "SpielSportanlage": {"1000": "4.2-sportanlage", "2000": "4.2-spielanlage", "3000": "4.2-spielanlage"},
    "GruenFlaeche": _GREEN,
    "Gruen": _GREEN,
    "VerEntsorgung": _SUPPLY,
    "VerkehrsflaecheBesondererZweckbestimmung": _STREET_5,
    "Strassenverkehr": _STREET,
    "GewaesserFlaeche": {"1000": "10.1-H"},
    "FP_Gewaesser": {"1000": "10.1-H"},
    "Gewaesser": {"4000": "10.1-H"},
    "WasserwirtschaftsFlaeche": _WATER,
    "Wasserwirtschaft": _WATER,
    "Wasserrecht": {"2000": "10.2-Ü"},
    "SchutzgebietWasserrecht": {"1000": "10.3-GW", "10001": "10.3-OW"},
    "WaldFlaeche": {"1400": "12.2-E"},
    "SchutzgebietNaturschutzrecht": _NATURE,
    "SchutzBestimmterTeileVonNaturUndLandschaft": _NATURE,
    "Denkmalschutzrecht": {"1000": "14.2-D", "1100": "14.3", "1500": "14.3", "1600": "14.3"},
    "Luftverkehrsrecht": {"1000": "5.4-flugzeug", "2000": "5.4-flugzeug", "3000": "5.4-segelflug", "4000": "5.4-hubschrauber"},
    "NebenanlagenFlaeche": _PLACE,
    "GemeinschaftsanlagenFlaeche": {**_PLACE, "1000": "15.3-GSt", "2000": "15.3-GGa"},
}  # fmt: skip
ALWAYS: Mapping[str, str] = {
    "ErhaltungsBereichFlaeche": "14.1-E",
    "DenkmalschutzEnsembleFlaeche": "14.2-D",
    "DenkmalschutzEinzelanlage": "14.3",
    "GebaeudeStellung": "stellung",
    "FirstRichtungsLinie": "stellung",
    "AufschuettungsFlaeche": "11.1-aufschuettung",
    "Aufschuettung": "11.1-aufschuettung",
    "AbgrabungsFlaeche": "11.2-abgrabung",
    "Abgrabung": "11.2-abgrabung",
    "BodenschaetzeFlaeche": "11.2-abgrabung",
    "Bodenschaetze": "11.2-abgrabung",
}


def look_of(feature_type: str, properties: Mapping[str, Any], shape: Shape) -> Look:
    """How an object is drawn; what no rule knows gets the sign of our own for its shape."""
    name = feature_type[3:]
    base = BASES.get(feature_type) or BASES.get(name) or Base()
    signs = tuple(dict.fromkeys(_signs(feature_type, name, properties)))
    if shape == "point":
        return Look(signs[0] if signs else base.point, signs[1:])
    found: str = getattr(base, shape)
    if base.finer is not None and (shape == "area" or name != "Schienenverkehrsrecht"):
        found = _finer(base, properties, found)
    if shape == "line" and found in ("13.2.1", "13.2.2"):
        found += "-linie"
    return Look(found, signs)


def _finer(base: Base, properties: Mapping[str, Any], otherwise: str) -> str:
    wanted = codes(properties, base.by)
    if base.by == "besondereArtDerBaulNutzung" and not any(code in SPECIAL_USE for code in wanted):
        general = codes(properties, "allgArtDerBaulNutzung")
        return next((GENERAL_USE[code] for code in general if code in GENERAL_USE), otherwise)
    return next(filter(None, (_by_code(base.finer or {}, code) for code in wanted)), otherwise)


def _signs(feature_type: str, name: str, properties: Mapping[str, Any]) -> Iterator[str]:
    if name in ALWAYS:
        yield ALWAYS[name]
    if name == "AnpflanzungBindungErhaltung":
        yield from _plants(properties)
    table = SIGNS_BY_CODE.get(feature_type) or SIGNS_BY_CODE.get(name, {})
    if feature_type.startswith("SO_") and name == "Gebiet" and "1700" in codes(properties, "gebietsArt"):
        yield "14.1-E"
    for code in codes(properties, "zweckbestimmung"):
        found = _by_code(table, code)
        if found:
            yield found


def _plants(properties: Mapping[str, Any]) -> Iterator[str]:
    number = "13.2.1" if codes(properties, "massnahme")[:1] == ["2000"] else "13.2.2"
    for code in codes(properties, "gegenstand"):
        yield f"{number}-{_PLANTS.get(code, 'sonstiges')}"


def _by_code(table: Mapping[str, str], code: str) -> str:
    return table.get(code) or table.get(code[:4], "")


def codes(properties: Mapping[str, Any], name: str) -> list[str]:
    """All codes of a property: plain in 4.0 to 5.4, inside a data type (`allgemein`) from 6.0 on; the finest first."""
    found: list[str] = []
    for source in _CODES.get(name, (name,)):
        for value in as_list(properties.get(source)):
            inner = value.get("allgemein") if isinstance(value, Mapping) and "@type" in value else value
            found.append(text_of(inner))
    return (
        sorted(filter(None, found), key=len, reverse=True)
        if name == "zweckbestimmung"
        else list(filter(None, found))
    )
