"""Chapter 5: Flächennutzungsplan. The purposes (Zweckbestimmungen) are in purposes.py."""

from planning.xplanung.rules import uses
from planning.xplanung.rules.families import (
    closure,
    closure_stated,
    combinations,
    excludes,
    geometry_is,
    geometry_not,
    geometry_not_mixed,
    needs,
    only_with,
    requires,
)
from planning.xplanung.rules.linked import belongs_to, refers_back, refers_to
from planning.xplanung.rules.rule import Rule, Unchecked, rule
from planning.xplanung.rules.special import not_both_ways, numbered

_BASE_AREA = closure(True, level="zero", area=True)
_OVERLAY_AREA = closure(False, area=True)

RULES: tuple[Rule, ...] = (
    # 5.1 Base
    rule("5.1.1.1", "4.0-6.1", "FP_Plan", refers_to("bereich", "FP_Bereich")),
    rule("5.1.1.2", "4.0-4.1", "FP_Plan", only_with("sonstPlanArt", "planArt", "9999")),
    rule("5.1.1.2", "5.0-6.1", "FP_Plan", only_with("sonstPlanArt", "planArt", "9999", given=True)),
    rule("5.1.2.1", "4.0-4.1", "FP_Bereich", refers_to("inhaltFPlan", "FP_Objekt")),
    rule("5.1.2.2", "4.0-4.1", "FP_Bereich", refers_to("rasterAenderung", "FP_RasterplanAenderung")),
    rule("5.1.2.3", "4.0-6.1", "FP_Bereich", belongs_to("FP_Plan")),
    rule("5.1.3.1", "4.0-6.1", "FP_Objekt", refers_to("wirdAusgeglichenDurchFlaeche", "FP_AusgleichsFlaeche")),
    rule("5.1.3.2", "4.0-6.1", "FP_Objekt", refers_to("wirdAusgeglichenDurchSPE", "FP_SchutzPflegeEntwicklung")),
    rule("5.1.3.3", "4.0-4.1", "FP_Bereich", refers_back("inhaltFPlan", "gehoertZuFP_Bereich")),
    rule("5.1.3.4", "4.0-4.1", "FP_Objekt", excludes("gehoertNachrichtlichZuBereich", "gehoertZuFP_Bereich")),
    rule("5.1.3.5", "5.0-5.2", "FP_Objekt", refers_to("refTextInhalt", "FP_TextAbschnitt")),
    rule("5.1.3.5", "5.3-5.4", "FP_Objekt", refers_to("refTextInhalt", "XP_TextAbschnitt")),
    rule("5.1.4.1", "4.0-6.1", "FP_Flaechenobjekt", closure(False, level="other")),
    rule("5.1.4.2", "4.0-6.1", "FP_Flaechenobjekt", geometry_is("area")),
    rule("5.1.5.1", "4.0-6.1", "FP_Geometrieobjekt", closure(False, level="other", area=True)),
    rule("5.1.5.2", "4.0-6.1", "FP_Geometrieobjekt", closure_stated()),
    rule("5.1.5.3", "5.0-5.2", "FP_Geometrieobjekt", geometry_not_mixed()),
    rule("5.1.6.1", "4.0-6.1", "FP_Ueberlagerungsobjekt", closure(False)),
    rule("5.1.7.1", "4.0-6.1", "FP_Flaechenschlussobjekt", closure(True, level="base")),
    rule("5.1.8.1", "4.0-6.0", "FP_Linienobjekt", Unchecked("no_objects", {"type": "FP_Linienobjekt"})),
    rule("5.1.9.1", "4.0-6.0", "FP_Punktobjekt", Unchecked("no_objects", {"type": "FP_Punktobjekt"})),
    # 5.3 Building land
    *uses.kind_of_use("5.3.1.1", "FP_BebauungsFlaeche"),
    *uses.special_use("5.3.1.2", "FP_BebauungsFlaeche", "sonderNutzung", changed="5.2"),
    *uses.detailed_use("5.3.1.3", "FP_BebauungsFlaeche", "sonderNutzung"),
    rule("5.3.1.4", "4.0-6.1", "FP_BebauungsFlaeche", combinations("GFZmin GFZmax", "GFZ")),
    rule("5.3.1.5", "5.3-5.4", "FP_BebauungsFlaeche", requires("detaillierteSondernutzung", "sonderNutzung")),
    uses.one_kind_of_special_use("5.3.1.6", "FP_BebauungsFlaeche"),
    # 5.4 to 5.10
    rule("5.4.1.7", "4.0-6.1", "FP_Gemeinbedarf", geometry_not("line")),
    rule("5.4.1.8", "4.1-6.1", "FP_Gemeinbedarf", _BASE_AREA),
    rule("5.4.2.4", "4.0-6.1", "FP_SpielSportanlage", geometry_not("line")),
    rule("5.4.2.5", "4.1-6.1", "FP_SpielSportanlage", _BASE_AREA),
    rule("5.4.3.1", "5.3-5.4", "FP_AnpassungKlimawandel", requires("detailMassnahme", "massnahme")),
    rule("5.5.2.4", "5.1-5.4", "FP_LandwirtschaftsFlaeche", _BASE_AREA),
    rule("5.5.3.7", "4.1-6.1", "FP_Gruen", _BASE_AREA),
    rule("5.5.4.2", "5.1-6.1", "FP_Landwirtschaft", _BASE_AREA),
    rule("5.6.1.1", "4.0-4.1", "FP_SchutzPflegeEntwicklung", numbered("massnahme", "weitereMassnahme", 2)),
    rule("5.6.1.2", "4.1", "FP_SchutzPflegeEntwicklung", not_both_ways("massnahme", "weitereMassnahme", 2)),
    rule("5.6.2.1", "4.0-4.1", "FP_AusgleichsFlaeche", numbered("massnahme", "weitereMassnahme", 2)),
    rule("5.6.2.2", "4.1", "FP_AusgleichsFlaeche", not_both_ways("massnahme", "weitereMassnahme", 2)),
    rule("5.6.3.1", "6.0-6.1", "FP_AnpassungKlimawandel", requires("detailMassnahme", "massnahme")),
    rule("5.7.1.7", "4.1-6.1", "FP_VerEntsorgung", _BASE_AREA),
    rule("5.8.1.3", "4.1-5.4", "FP_Strassenverkehr", _BASE_AREA),
    rule("5.9.1.2", "4.1-5.4", "FP_Gewaesser", _BASE_AREA),
    rule("5.9.2.2", "4.1", "FP_Wasserwirtschaft", _OVERLAY_AREA),
    rule("5.9.2.3", "5.0", "FP_Wasserwirtschaft", _BASE_AREA),
    rule("5.10.4.1", "4.1-6.1", "FP_UnverbindlicheVormerkung", _OVERLAY_AREA),
    rule("5.10.6.1", "4.0-5.4", "FP_TextlicheDarstellungsFlaeche", needs("refTextInhalt")),
    rule("5.10.10.1", "6.0-6.1", "FP_TextAbschnittFlaeche", needs("refTextInhalt")),
    rule("5.10.11.1", "6.0-6.1", "FP_Nutzungsbeschraenkung", requires("detaillierteTechnVorkehrung", "technVorkehrung")),
)  # fmt: skip
