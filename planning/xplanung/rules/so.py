"""Chapter 6: other plans (SO_Plan) and what they share with all: nachrichtliche Übernahmen, Schutzgebiete, Satzungen by BauGB."""

from planning.xplanung.rules.families import (
    closure,
    closure_stated,
    excludes,
    geometry_is,
    geometry_not_mixed,
    needs,
    only_with,
    requires,
)
from planning.xplanung.rules.linked import belongs_to, only_in, refers_back, refers_to
from planning.xplanung.rules.rule import Rule, Unchecked, rule
from planning.xplanung.rules.special import special_fits

_DETAIL = requires("detailArtDerFestlegung", "artDerFestlegung")
_BASE_AREA = closure(True, level="zero", area=True)
_OVERLAY_AREA = closure(False, area=True)
_DETAILED = {  # number -> (versions, type)
    "6.2.1.1": ("4.0-6.1", "SO_Bodenschutzrecht"),
    "6.2.2.1": ("4.0-6.1", "SO_Denkmalschutzrecht"),
    "6.2.3.1": ("4.0-6.1", "SO_Forstrecht"),
    "6.2.4.1": ("4.0-6.1", "SO_Luftverkehrsrecht"),
    "6.2.5.2": ("5.0-6.1", "SO_Schienenverkehrsrecht"),
    "6.2.6.1": ("4.0-6.1", "SO_SonstigesRecht"),
    "6.2.7.1": ("4.0-5.4", "SO_Strassenverkehrsrecht"),
    "6.2.8.1": ("4.0-6.1", "SO_Wasserrecht"),
    "6.2.9.1": ("5.2-5.4", "SO_Bauverbotszone"),
    "6.2.10.1": ("5.2-5.4", "SO_Gewaesser"),
    "6.2.12.1": ("6.0-6.1", "SO_Wasserwirtschaft"),
    "6.2.13.1": ("6.0-6.1", "SO_Baubeschraenkung"),
    "6.3.1.1": ("4.0-5.4", "SO_SchutzgebietNaturschutzrecht"),
    "6.3.2.1": ("4.0-6.1", "SO_SchutzgebietWasserrecht"),
    "6.3.3.1": ("4.0-5.4", "SO_SchutzgebietSonstigesRecht"),
}
_OF_PLANS = {  # number -> (property, type of plan)
    "6.1.3.4": ("wirdAusgeglichenDurchBPMassnahme", "BP_Plan"),
    "6.1.3.5": ("wirdAusgeglichenDurchBPSPEMassnahme", "BP_Plan"),
    "6.1.3.6": ("wirdAusgeglichenDurchBPABE", "BP_Plan"),
    "6.1.3.7": ("wirdAusgeglichenDurchBPSPEFlaeche", "BP_Plan"),
    "6.1.3.8": ("wirdAusgeglichenDurchBPFlaeche", "BP_Plan"),
    "6.1.3.9": ("wirdAusgeglichenDurchFPSPE", "FP_Plan"),
    "6.1.3.10": ("wirdAusgeglichenDurchFPFlaeche", "FP_Plan"),
    "6.1.3.11": ("zusatzkontingent", "BP_Plan"),
    "6.1.3.12": ("richtungssektorGrenze", "BP_Plan"),
    "6.1.3.13": ("zusatzkontingentFlaeche", "BP_Plan"),
    "6.1.3.14": ("laermkontingent", "BP_Plan"),
    "6.1.3.15": ("laermkontingentGebiet", "BP_Plan"),
    "6.1.3.16": ("vonGenehmigungAusgenommen", "FP_Plan"),
}

RULES: tuple[Rule, ...] = (
    # 6.1 Base
    rule("6.1.1.1", "4.0-6.1", "SO_Plan", refers_to("bereich", "SO_Bereich")),
    rule("6.1.2.1", "4.0-4.1", "SO_Bereich", refers_to("inhaltSoPlan", "SO_Objekt")),
    rule("6.1.2.2", "4.0-4.1", "SO_Bereich", refers_to("rasterAenderung", "SO_RasterplanAenderung")),
    rule("6.1.2.3", "4.0-6.1", "SO_Bereich", belongs_to("SO_Plan")),
    rule("6.1.3.1", "4.0-4.1", "SO_Bereich", refers_back("inhaltSoPlan", "gehoertZuSO_Bereich")),
    rule("6.1.3.2", "4.0-4.1", "SO_Objekt", excludes("gehoertNachrichtlichZuBereich", "gehoertZuSO_Bereich")),
    rule("6.1.3.3", "5.0-5.2", "SO_Objekt", refers_to("refTextInhalt", "SO_TextAbschnitt")),
    rule("6.1.3.3", "5.3-5.4", "SO_Objekt", refers_to("refTextInhalt", "XP_TextAbschnitt")),
    *(rule(number, "6.0-6.1", "SO_Objekt", only_in(name, plan)) for number, (name, plan) in _OF_PLANS.items()),
    rule("6.1.4.1", "4.0-6.1", "SO_Flaechenobjekt", closure(False, level="other")),
    rule("6.1.4.2", "4.0-6.1", "SO_Flaechenobjekt", geometry_is("area")),
    rule("6.1.5.1", "4.0-6.1", "SO_Geometrieobjekt", closure(False, level="other", area=True)),
    rule("6.1.5.2", "4.0-6.1", "SO_Geometrieobjekt", closure_stated()),
    rule("6.1.5.3", "5.0-5.2", "SO_Geometrieobjekt", geometry_not_mixed()),
    rule("6.1.6.1", "4.0-6.0", "SO_Linienobjekt", geometry_is("line")),
    rule("6.1.7.1", "4.0-6.0", "SO_Punktobjekt", Unchecked("no_objects", {"type": "SO_Punktobjekt"})),
    # 6.2 Taken over from other law
    *(rule(number, versions, types, _DETAIL) for number, (versions, types) in _DETAILED.items()),
    rule("6.2.1.2", "4.1-6.1", "SO_Bodenschutzrecht", _OVERLAY_AREA),
    rule("6.2.2.2", "4.1-6.1", "SO_Denkmalschutzrecht", _OVERLAY_AREA),
    rule("6.2.5.1", "4.0-4.1", "SO_Schienenverkehrsrecht", special_fits("besondereArtDerFestlegung", "artDerFestlegung")),
    rule("6.2.5.2", "4.0-4.1", "SO_Schienenverkehrsrecht", requires("detailArtDerFestlegung", "artDerFestlegung", "besondereArtDerFestlegung")),
    rule("6.2.5.3", "4.1-6.1", "SO_Schienenverkehrsrecht", _BASE_AREA),
    rule("6.2.7.2", "4.1-5.4", "SO_Strassenverkehrsrecht", _BASE_AREA),
    rule("6.2.10.1", "6.0", "SO_Gewaesser", Unchecked("no_such_property", {"type": "SO_Gewaesser", "name": "detailArtDerFestlegung"})),
    rule("6.2.10.2", "5.2-6.1", "SO_Gewaesser", _BASE_AREA),
    rule("6.2.11.1", "6.0-6.1", "SO_Strassenverkehr", refers_to("begrenzungslinie", "BP_StrassenbegrenzungsLinie")),
    rule("6.2.11.2", "6.0-6.1", "SO_Strassenverkehr", _BASE_AREA),
    rule("6.2.12.2", "6.0-6.1", "SO_Wasserwirtschaft", _BASE_AREA),
    # 6.3 to 6.5 Protected areas, Satzungen, other
    rule("6.3.1.2", "4.1-5.4", "SO_SchutzgebietNaturschutzrecht", _OVERLAY_AREA),
    rule("6.3.2.2", "4.1-6.1", "SO_SchutzgebietWasserrecht", _OVERLAY_AREA),
    rule("6.3.3.1", "6.0", "SO_SchutzgebietSonstigesRecht", Unchecked("no_such_type", {"type": "SO_SchutzgebietSonstigesRecht"})),
    rule("6.3.3.2", "4.1-5.4", "SO_SchutzgebietSonstigesRecht", _OVERLAY_AREA),
    rule("6.3.3.2", "6.0", "SO_SchutzgebietSonstigesRecht", Unchecked("no_such_type", {"type": "SO_SchutzgebietSonstigesRecht"})),
    rule("6.4.1.1", "4.0-6.1", "SO_Gebiet", only_with("sonstGebietsArt", "gebietsArt", "9999")),
    rule("6.4.1.2", "4.1-6.1", "SO_Gebiet", _OVERLAY_AREA),
    rule("6.5.1.1", "4.0-6.1", "SO_Grenze", only_with("sonstTyp", "typ", "9999")),
    rule("6.5.3.1", "6.0-6.1", "SO_TextAbschnittFlaeche", needs("refTextInhalt")),
)  # fmt: skip
