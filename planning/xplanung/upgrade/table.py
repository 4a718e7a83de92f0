"""What changed between XPlanGML 4.0–5.4 and 6.0, where comparing the tables of both versions cannot tell.

Names are the standard's. A property that is in both versions under the same name and type needs no entry; neither does a
property or code that 6.0 dropped: its value is kept as a generic attribute.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

TARGET = "6.0"
SOURCES = ("4.0", "4.1", "5.0", "5.1", "5.2", "5.3", "5.4")


@dataclass(frozen=True, slots=True)
class Retype:
    """The object is of another type now. sets: what the old type's name said, as values."""

    to: str
    sets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Move:
    """The value stands elsewhere now. to: property, or property/part of its data type; sets: parts of the data type that the
    old property's name said; labelled: the code's meaning is written out, as the new property holds text."""

    to: str
    sets: Mapping[str, str] = field(default_factory=dict)
    labelled: bool = False


_PLAIN_ROAD, _SPECIAL_ROAD = {"hatDarstellungMitBesondZweckbest": "false"}, {"hatDarstellungMitBesondZweckbest": "true"}  # fmt: skip

TYPES: Mapping[str, Retype] = {
    "BP_AbweichungVonUeberbaubererGrundstuecksFlaeche": Retype("BP_AbweichungVonUeberbaubarerGrundstuecksFlaeche"),
    "BP_BodenschaetzeFlaeche": Retype("BP_AbgrabungsFlaeche"),
    "BP_DenkmalschutzEinzelanlage": Retype("SO_Denkmalschutzrecht", {"artDerFestlegung": "1100"}),
    "BP_DenkmalschutzEnsembleFlaeche": Retype("SO_Denkmalschutzrecht", {"artDerFestlegung": "1000"}),
    "BP_ErhaltungsBereichFlaeche": Retype("SO_Gebiet"),
    "BP_ErneuerbareEnergieFlaeche": Retype("BP_TechnischeMassnahmenFlaeche", {"zweckbestimmung": "2000"}),
    "BP_FirstRichtungsLinie": Retype("BP_GebaeudeStellung", {"typ": "1000"}),
    "BP_GewaesserFlaeche": Retype("SO_Gewaesser"),
    "BP_Landwirtschaft": Retype("BP_LandwirtschaftsFlaeche"),
    "BP_LuftreinhalteFlaeche": Retype("BP_TechnischeMassnahmenFlaeche", {"zweckbestimmung": "1000"}),
    "BP_RekultivierungsFlaeche": Retype("SO_SonstigesRecht", {"artDerFestlegung": "1500"}),
    "BP_Sichtflaeche": Retype("SO_Sichtflaeche"),
    "BP_StrassenVerkehrsFlaeche": Retype("SO_Strassenverkehr", _PLAIN_ROAD),
    "BP_TextAbschnitt": Retype("XP_TextAbschnitt"),
    "BP_TextlicheFestsetzungsFlaeche": Retype("BP_TextAbschnittFlaeche"),
    "BP_VerkehrsflaecheBesondererZweckbestimmung": Retype("SO_Strassenverkehr", _SPECIAL_ROAD),
    "BP_WasserwirtschaftsFlaeche": Retype("SO_Wasserwirtschaft"),
    "BP_WirksamkeitBedingung": Retype("XP_WirksamkeitBedingung"),
    "FP_AbgrabungsFlaeche": Retype("FP_Abgrabung"),
    "FP_AufschuettungsFlaeche": Retype("FP_Aufschuettung"),
    "FP_Bodenschaetze": Retype("FP_Abgrabung"),
    "FP_BodenschaetzeFlaeche": Retype("FP_Abgrabung"),
    "FP_Gewaesser": Retype("SO_Gewaesser"),
    "FP_LandwirtschaftsFlaeche": Retype("FP_Landwirtschaft"),
    "FP_NutzungsbeschraenkungsFlaeche": Retype("FP_Nutzungsbeschraenkung"),
    "FP_Strassenverkehr": Retype("SO_Strassenverkehr", _PLAIN_ROAD),
    "FP_TextAbschnitt": Retype("XP_TextAbschnitt"),
    "FP_TextlicheDarstellungsFlaeche": Retype("FP_TextAbschnittFlaeche"),
    "FP_Wasserwirtschaft": Retype("SO_Wasserwirtschaft"),
    "LP_Denkmalschutzrecht": Retype("SO_Denkmalschutzrecht"),
    "LP_TextAbschnitt": Retype("XP_TextAbschnitt"),
    "LP_TextlicheFestsetzungsFlaeche": Retype("LP_TextAbschnittObjekt"),
    "RP_TextAbschnitt": Retype("XP_TextAbschnitt"),
    "SO_Bauverbotszone": Retype("SO_Baubeschraenkung"),
    "SO_SchutzgebietSonstigesRecht": Retype("SO_SonstigesRecht"),
    "SO_SchutzgebietNaturschutzrecht": Retype("LP_SchutzBestimmterTeileVonNaturUndLandschaft"),
    "SO_Strassenverkehrsrecht": Retype("SO_Strassenverkehr", _PLAIN_ROAD),
    "SO_TextAbschnitt": Retype("XP_TextAbschnitt"),
}  # fmt: skip

ABSORBED = ("XP_Rasterdarstellung", "XP_RasterplanBasis")
"""Objects that became properties of their Bereich and plan (LIFTS)."""


def _further(stem: str, count: int, to: str) -> dict[tuple[str, str], Move]:
    """The numbered properties of 4.x that repeat a property which may itself repeat today."""
    return {("", f"{stem}{number or ''}"): Move(to) for number in range(count + 1)}


_REFERENCES = {
    "refBeschreibung": "1000", "refBegruendung": "1010", "refLegende": "1020", "refRechtsplan": "1030",
    "refPlangrundlage": "1040", "refUmweltbericht": "1050", "refSatzung": "1060", "refErlaeuterung": "1080",
    "refKoordinatenListe": "2000", "refGrundstuecksverzeichnis": "2100", "refPflanzliste": "2200",
    "refGruenordnungsplan": "2300", "rechtsverbindlich": "9998", "informell": "9999",
}  # fmt: skip

MOVES: Mapping[tuple[str, str], Move] = {
    # to whom an object belongs (4.x)
    **{("", f"gehoertZu{kind}_Bereich"): Move("gehoertZuBereich") for kind in ("BP", "FP", "LP", "RP", "SO")},
    ("", "gehoertNachrichtlichZuBereich"): Move("gehoertZuBereich"),
    **{("", name): Move("planinhalt") for name in ("inhaltBPlan", "inhaltFPlan", "inhaltLPlan", "inhaltRPlan", "inhaltSoPlan", "nachrichtlich")},
    # plans
    ("", "aendert"): Move("aendertPlan"),
    ("", "wurdeGeaendertVon"): Move("wurdeGeaendertVonPlan"),
    ("XP_VerbundenerPlan", "rechtscharakter"): Move("aenderungsArt"),
    ("", "erstellungsMasstab"): Move("erstellungsMassstab"),
    ("", "planTyp"): Move("planArt"),
    **{("", name): Move("externeReferenz", {"typ": typ}) for name, typ in _REFERENCES.items()},
    ("", "versionBauNVO"): Move("versionBauNVO/name", labelled=True),
    ("", "versionBauNVOText"): Move("versionBauNVO/name"),
    ("", "versionBauNVODatum"): Move("versionBauNVO/datum"),
    ("", "versionBauGB"): Move("versionBauGB/datum"),
    ("", "versionBauGBText"): Move("versionBauGB/name"),
    ("", "versionBauGBDatum"): Move("versionBauGB/datum"),
    ("", "versionSonstRechtsgrundlageText"): Move("versionSonstRechtsgrundlage/name"),
    ("", "versionSonstRechtsgrundlageDatum"): Move("versionSonstRechtsgrundlage/datum"),
    ("BP_Plan", "veraenderungssperreDatum"): Move("veraenderungssperre/startDatum"),
    ("BP_Plan", "veraenderungssperreEndDatum"): Move("veraenderungssperre/endDatum"),
    ("BP_Plan", "veraenderungssperreBeschlussDatum"): Move("veraenderungssperre/beschlussDatum"),
    ("BP_Plan", "verlaengerungVeraenderungssperre"): Move("veraenderungssperre/verlaengerung"),
    ("BP_Veraenderungssperre", "veraenderungssperreStartDatum"): Move("daten/startDatum"),
    ("BP_Veraenderungssperre", "gueltigkeitsDatum"): Move("daten/endDatum"),
    ("BP_Veraenderungssperre", "veraenderungssperreBeschlussDatum"): Move("daten/beschlussDatum"),
    ("BP_Veraenderungssperre", "verlaengerung"): Move("daten/verlaengerung"),
    ("BP_Veraenderungssperre", "refBeschluss"): Move("daten/refBeschluss"),
    ("LP_Plan", "planungstraeger"): Move("plangeber/name"),
    ("LP_Plan", "planungstraegerGKZ"): Move("plangeber/kennziffer"),
    ("LP_Plan", "auslegungsDatum"): Move("auslegungsStartDatum"),
    ("LP_Plan", "tOeBbeteiligungsDatum"): Move("tOeBbeteiligungsStartDatum"),
    ("LP_Plan", "oeffentlichkeitsbeteiligungDatum"): Move("oeffentlichkeitsBetStartDatum"),
    # Objekte
    ("", "gesetzlicheGrundlage"): Move("gesetzlicheGrundlage/name"),
    ("LP_GenerischesObjekt", "status"): Move("rechtscharakter"),
    ("SO_SchutzgebietNaturschutzrecht", "rechtsstand"): Move("rechtsstandSchG"),
    ("", "DN"): Move("dachgestaltung/DN"),
    ("", "DNmin"): Move("dachgestaltung/DNmin"),
    ("", "DNmax"): Move("dachgestaltung/DNmax"),
    ("", "DNZwingend"): Move("dachgestaltung/DNzwingend"),
    ("", "dachform"): Move("dachgestaltung/dachform"),
    ("", "detaillierteDachform"): Move("dachgestaltung/detaillierteDachform"),
    ("", "sonderNutzung"): Move("sondernutzung/allgemein"),
    ("", "sondernutzung"): Move("sondernutzung/allgemein"),
    ("", "detaillierteSondernutzung"): Move("sondernutzung/detail"),
    ("", "nutzungText"): Move("sondernutzung/nutzungText"),
    **_further("weitereMassnahme", 2, "massnahme"),
    **_further("weitereZweckbestimmung", 5, "zweckbestimmung"),
    **_further("weitereBesondZweckbestimmung", 5, "zweckbestimmung"),
    ("", "besondereZweckbestimmung"): Move("zweckbestimmung"),
    **_further("weitereDetailZweckbestimmung", 5, "zweckbestimmung/detail"),
    ("", "detaillierteZweckbestimmung"): Move("zweckbestimmung/detail"),
    ("", "textlicheErgaenzung"): Move("zweckbestimmung/textlicheErgaenzung"),
    ("BP_AnpflanzungBindungErhaltung", "baumArt"): Move("pflanzenArt"),
    ("BP_ErneuerbareEnergieFlaeche", "technischeMaßnahme"): Move("technischeMassnahme"),
    ("BP_DenkmalschutzEinzelanlage", "denkmal"): Move("name"),
    ("BP_DenkmalschutzEnsembleFlaeche", "denkmal"): Move("name"),
    ("BP_ErhaltungsBereichFlaeche", "grund"): Move("gebietsArt"),
    ("RP_GenerischesObjekt", "zweckbestimmung"): Move("typ"),
    ("SO_Schienenverkehrsrecht", "besondereArtDerFestlegung"): Move("artDerFestlegung"),
    ("SO_Strassenverkehrsrecht", "artDerFestlegung"): Move("einteilung"),
    ("SO_Gewaesser", "artDerFestlegung"): Move("artDerFestlegung/allgemein"),
    ("SO_Gewaesser", "detailArtDerFestlegung"): Move("artDerFestlegung/detail"),
    **{
        (owner, name): Move(f"artDerFestlegung/{part}")
        for owner in ("BP_GewaesserFlaeche", "FP_Gewaesser", "FP_Strassenverkehr", "BP_VerkehrsflaecheBesondererZweckbestimmung")
        for name, part in (("zweckbestimmung", "allgemein"), ("besondereZweckbestimmung", "allgemein"), ("detaillierteZweckbestimmung", "detail"))
    },
    **{
        (owner, name): Move(to)
        for owner in ("BP_WasserwirtschaftsFlaeche", "FP_Wasserwirtschaft")
        for name, to in (("zweckbestimmung", "artDerFestlegung"), ("detaillierteZweckbestimmung", "detailArtDerFestlegung"))
    },
}  # fmt: skip
"""(old type or one of its ancestors, old property) -> where its values stand; "" for every type. Where a data type with
`allgemein` took a code's place the part is found by itself. Applied only where 6.0 does not know the property as it was."""

LIFTS: Mapping[tuple[str, str], str] = {
    **{
        ("bereich", name): "plan"
        for name in (
            "versionBauNVO", "versionBauNVOText", "versionBauNVODatum", "versionBauGB", "versionBauGBText",
            "versionBauGBDatum", "versionSonstRechtsgrundlageText", "versionSonstRechtsgrundlageDatum",
        )
    },
    ("plan", "verfahren"): "bereich",
    ("raster", "refScan"): "bereich",
    ("raster", "refLegende"): "plan",
    ("raster", "refText"): "plan",
}  # fmt: skip
"""(kind of object, property) -> kind of object that has the property now. A Bereich's value goes to its plan only where that
states none itself."""

_ROAD = {
    "1000": "16000", "1100": "14002", "1200": "14000", "1300": "14003", "1400": "14004", "1500": "14005", "1550": "14006",
    "1560": "14007", "1580": "140012", "1600": "16001", "1700": "140010", "1800": "140011", "2000": "16002",
    "2100": "14001", "2200": "14014", "2300": "140013", "2400": "14015", "2500": "14008", "2600": "14009",
    "3000": "16005", "3100": "16006", "3200": "16003", "3300": "16004",
}  # fmt: skip

CODES: Mapping[str, Mapping[str, str | None]] = {
    "BP_Rechtscharakter": {"3000": "6000", "4000": "8000", "5000": "7000"},
    "FP_Rechtscharakter": {"1000": "3000", "3000": "6000", "4000": "8000", "5000": "7000"},
    "SO_Rechtscharakter": {"1500": "3000", "1800": "5300", "3000": "6000", "4000": "8000", "5000": "7000"},
    "RP_Rechtscharakter": {
        "1000": "4000", "2000": "4100", "3000": "2000", "4000": "4200", "5000": "4300",
        "6000": "4400", "7000": "4500", "8000": "4600", "9000": "4700",
    },
    "LP_Rechtscharakter": {"1000": "5000", "2000": "5100", "3000": "2000", "4000": "5200", "5000": "1000"},
    "LP_Status": {"1000": "5000", "2000": "5100", "3000": "2000", "4000": "5200", "5000": "1000"},
    "XP_RechtscharakterPlanaenderung": {"1100": "10001", "20000": "2000", "20001": "3000"},
    "XP_ZweckbestimmungGemeinbedarf": {
        "10003": "1000", "12004": "1200", "14003": "1400", "16004": "1600", "18001": "1800",
        "20002": "2000", "22002": "2200", "24003": "2400", "26001": "2600",
    },
    "XP_BesondereZweckbestGemeinbedarf": {
        "10003": "1000", "12004": "1200", "14003": "1400", "16004": "1600", "18001": "1800",
        "20002": "2000", "22002": "2200", "24003": "2400", "26001": "2600",
    },
    "XP_ZweckbestimmungGruen": {"14007": "1400", "24002": "2400"},
    "XP_BesondereZweckbestimmungGruen": {"14007": "1400", "24002": "2400"},
    "XP_ZweckbestimmungVerEntsorgung": {"18005": "1800"},
    "XP_BesondereZweckbestimmungVerEntsorgung": {
        "10010": "100010", "18005": "1800", "28000": "10003", "28001": "10002", "28002": "10007", "28003": "10004",
    },
    "XP_ZweckbestimmungGewaesser": {"1000": "4000", "10000": "40000", "1100": "3000", "1200": "2000"},
    "SO_KlassifizGewaesser": {"10000": "20000", "10001": "20001", "10002": "20002", "10003": "3000", "2000": "4000"},
    "BP_ErhaltungsGrund": {"1000": "17000", "2000": "17001", "3000": "17002"},
    "SO_GebietsArt": {"1999": "1700", "2000": "17000", "2100": "17001", "2200": "17002"},
    "SO_KlassifizSchutzgebietSonstRecht": {"1000": "1700", "2000": "1800"},
    "BP_ZweckbestimmungStrassenverkehr": _ROAD,
    "FP_ZweckbestimmungStrassenverkehr": {"3000": "16005", "3100": "16006", "3200": "16003", "3300": "16004"},
    "FP_BesondereZweckbestimmungStrassenverkehr": {"14010": "140010", "14011": "140011"},
    # same number, other meaning
    "XP_BedeutungenBereich@4": {"2000": None, "3000": None},
    "RP_Rechtsstand@4": {"5000": None},
    "RP_Art@4": {"5000": "5001", "5100": "5000"},
    "RP_WasserwirtschaftTypen@4": {"3000": None, "4000": "5000"},
    "RP_EnergieversorgungTypen@4": {"1000": "1001"},
}  # fmt: skip
"""Enumeration of the old version -> old code -> new code; None: no code means the same. "@4": only in 4.0 and 4.1. Codes not
named here stay as they are where the new enumeration has them. “Sonstige(r) …” below a general code becomes that code."""

SPLITS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "BP_WegerechtTypen": {
        "3000": ("1000", "2000"), "4100": ("1000", "4000"), "4200": ("2000", "4000"), "5000": ("1000", "2000", "4000"),
    },
}  # fmt: skip
"""One code that stood for several."""

UNKNOWN: Mapping[str, str] = {"rechtscharakter": "9998", "raumkonkretisierung": "9998"}
"""Mandatory properties for which the standard has a code that says “unknown”."""

PLAIN: Mapping[tuple[str, str], str] = {("XP_Plan", "name"): "ohne Namen", ("FP_Plan", "planArt"): "1000"}
"""What says no more than the plan itself: that nobody named it; that a Flächennutzungsplan is one. By (type or ancestor, property)."""

SIBLINGS: Mapping[str, tuple[str, ...]] = {"referenzURL": ("referenzName",), "referenzName": ("referenzURL",)}
"""Mandatory parts of a reference to a document: its name stands for its place and the other way round."""
