"""Chapter 4: Bebauungsplan. The purposes (Zweckbestimmungen) are in purposes.py."""

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
    not_more_often,
    only_with,
    requires,
    requires_once,
    together,
)
from planning.xplanung.rules.linked import belongs_to, plan_has, refers_back, refers_to
from planning.xplanung.rules.rule import Rule, Unchecked, rule
from planning.xplanung.rules.special import angular_dimension, height_mark, not_both_ways, straight_dimension

_MEASURED = (
    "BP_Baugebiet BP_BaugebietsTeilFlaeche BP_BesondererNutzungszweckFlaeche BP_UeberbaubareGrundstuecksFlaeche BP_WohngebaeudeFlaeche "
    "BP_GemeinbedarfsFlaeche BP_SpielSportanlagenFlaeche BP_GruenFlaeche BP_VerEntsorgung BP_StrassenVerkehrsFlaeche "
    "BP_VerkehrsflaecheBesondererZweckbestimmung SO_Strassenverkehr"
)
_DESIGNED = "BP_Baugebiet BP_BaugebietsTeilFlaeche BP_BesondererNutzungszweckFlaeche BP_UeberbaubareGrundstuecksFlaeche BP_WohngebaeudeFlaeche BP_GemeinbedarfsFlaeche"
_ZONES = "BP_Baugebiet BP_BaugebietsTeilFlaeche"
_SPE = "BP_SchutzPflegeEntwicklungsFlaeche BP_AusgleichsFlaeche"
_OTHER_BUILDING = only_with("abweichendeBauweise", "bauweise", "3000")

RULES: tuple[Rule, ...] = (
    # 4.1 Base
    rule("4.1.1.1", "4.0-6.1", "BP_Plan", refers_to("bereich", "BP_Bereich")),
    rule("4.1.2.1", "4.0-4.1", "BP_Bereich", refers_to("inhaltBPlan", "BP_Objekt")),
    rule("4.1.2.2", "4.0-4.1", "BP_Bereich", refers_to("rasterAenderung", "BP_RasterplanAenderung")),
    rule("4.1.2.3", "4.0-6.1", "BP_Bereich", belongs_to("BP_Plan")),
    rule("4.1.3.1", "4.0-6.1", "BP_Objekt", refers_to("wirdAusgeglichenDurchFlaeche", "BP_AusgleichsFlaeche")),
    rule("4.1.3.2", "4.0-6.1", "BP_Objekt", refers_to("wirdAusgeglichenDurchMassnahme", "BP_AusgleichsMassnahme")),
    rule("4.1.3.3", "4.0-6.1", "BP_Objekt", refers_to("wirdAusgeglichenDurchSPEMassnahme", "BP_SchutzPflegeEntwicklungsMassnahme")),
    rule("4.1.3.4", "4.0-6.1", "BP_Objekt", refers_to("wirdAusgeglichenDurchSPEFlaeche", "BP_SchutzPflegeEntwicklungsFlaeche")),
    rule("4.1.3.5", "4.0-4.1", "BP_Bereich", refers_back("inhaltBPlan", "gehoertZuBP_Bereich")),
    rule("4.1.3.6", "4.0-4.1", "BP_Objekt", excludes("gehoertNachrichtlichZuBereich", "gehoertZuBP_Bereich")),
    rule("4.1.3.7", "4.1-6.1", "BP_Objekt", refers_to("wirdAusgeglichenDurchABE", "BP_AnpflanzungBindungErhaltung")),
    rule("4.1.3.8", "5.0-5.2", "BP_Objekt", refers_to("refTextInhalt", "BP_TextAbschnitt")),
    rule("4.1.3.8", "5.3-5.4", "BP_Objekt", refers_to("refTextInhalt", "XP_TextAbschnitt")),
    rule("4.1.3.9", "5.2-6.1", "BP_Objekt", excludes("laermkontingent", "laermkontingentGebiet")),
    rule("4.1.4.1", "4.0-6.1", "BP_Flaechenobjekt", closure(False, level="other")),
    rule("4.1.4.2", "4.0-6.1", "BP_Flaechenobjekt", geometry_is("area")),
    rule("4.1.5.1", "4.0-6.1", "BP_Geometrieobjekt", closure(False, level="other", area=True)),
    rule("4.1.5.2", "4.0-6.1", "BP_Geometrieobjekt", closure_stated()),
    rule("4.1.5.3", "5.0-5.2", "BP_Geometrieobjekt", geometry_not_mixed()),
    rule("4.1.6.1", "4.0-6.1", "BP_Ueberlagerungsobjekt", closure(False)),
    rule("4.1.7.1", "4.0-6.1", "BP_Flaechenschlussobjekt", closure(True, level="base")),
    rule("4.1.8.1", "4.0-6.1", "BP_Linienobjekt", geometry_is("line")),
    rule("4.1.9.1", "4.0-6.1", "BP_Punktobjekt", geometry_is("point")),
    # 4.2 Measure of use
    rule("4.2.1", "4.0-6.1", _MEASURED, combinations("GFZmin GFZmax", "GFZ")),
    rule("4.2.2", "4.0-6.1", _MEASURED, combinations("GFmin GFmax", "GF")),
    rule("4.2.3", "4.0-6.1", _MEASURED, excludes("GFmin GFmax GF", "GFZmin GFZmax GFZ")),
    rule("4.2.4", "4.0-4.1", _MEASURED, combinations("BMZmin BMZmax", "BMZ")),
    rule("4.2.5", "4.0-4.1", _MEASURED, combinations("BMmin BMmax", "BM")),
    rule("4.2.6", "4.0-4.1", _MEASURED, excludes("BMZmin BMZmax BMZ", "BMmin BMmax BM")),
    rule("4.2.6", "5.0-6.1", _MEASURED, excludes("BMZ", "BM")),
    rule("4.2.7", "4.0-6.1", _MEASURED, combinations("GRZmin GRZmax", "GRZ")),
    rule("4.2.8", "4.0-6.1", _MEASURED, combinations("GRmin GRmax", "GR")),
    rule("4.2.9", "4.0-6.1", _MEASURED, excludes("GRZmin GRZmax GRZ", "GRmin GRmax GR")),
    rule("4.2.10", "4.0-6.1", _MEASURED, combinations("Zmin Zmax", "Z", "Zzwingend")),
    rule("4.2.11", "4.0-6.1", _MEASURED, combinations("ZUmin ZUmax", "ZU", "ZUzwingend")),
    # 4.3 Design
    rule("4.3.1", "4.0-5.4", _DESIGNED, combinations("DNmin", "DNmin DNmax", "DN", "DNZwingend")),
    rule("4.3.2", "4.0-4.1", _DESIGNED, requires("detaillierteDachform", "dachform")),
    rule("4.3.2", "5.0-5.4", _DESIGNED, not_more_often("detaillierteDachform", "dachform")),
    rule("4.3.1.1", "5.1-6.1", "BP_Dachgestaltung", combinations("DNmin", "DNmin DNmax", "DN", "DNzwingend")),
    rule("4.3.1.2", "5.1-6.0", "BP_Dachgestaltung", requires("detaillierteDachform", "dachform")),
    # 4.5 Building zones
    rule("4.5.1.1", "4.0-4.1", _ZONES, refers_to("abweichungText", "XP_TextAbschnitt")),
    rule("4.5.1.1", "5.0-5.4", _ZONES, refers_to("abweichungText", "BP_TextAbschnitt")),
    rule("4.5.1.1", "6.0-6.1", _ZONES, refers_to("abweichungText", "XP_TextAbschnitt")),
    *uses.kind_of_use("4.5.1.2", _ZONES),
    *uses.special_use("4.5.1.3", _ZONES, "sondernutzung"),
    rule("4.5.1.4", "4.0-6.1", _ZONES, _OTHER_BUILDING),
    *uses.detailed_use("4.5.1.5", _ZONES, "sondernutzung"),
    rule("4.5.1.6", "5.3-5.4", _ZONES, requires("detaillierteSondernutzung", "sondernutzung")),
    uses.one_kind_of_special_use("4.5.1.7", _ZONES),
    rule("4.5.2.1", "4.0-6.1", "BP_UeberbaubareGrundstuecksFlaeche", refers_to("baugrenze", "BP_BauGrenze")),
    rule("4.5.2.2", "4.0-6.1", "BP_UeberbaubareGrundstuecksFlaeche", refers_to("baulinie", "BP_BauLinie")),
    rule("4.5.2.3", "5.0-6.1", "BP_UeberbaubareGrundstuecksFlaeche", _OTHER_BUILDING),
    rule("4.5.3.1", "5.2-6.1", "BP_BesondererNutzungszweckFlaeche", _OTHER_BUILDING),
    rule("4.5.10.1", "4.0-6.1", "BP_SpezielleBauweise", only_with("sonstTyp", "typ", "9999")),
    rule("4.5.10.2", "5.1-6.1", "BP_SpezielleBauweise", refers_to("wegerecht", "BP_Wegerecht")),
    rule("4.5.14.3", "4.0-6.1", "BP_GemeinschaftsanlagenFlaeche", refers_to("eigentuemer", "BP_BaugebietsTeilFlaeche")),
    rule("4.5.15.1", "4.1-6.1", "BP_GemeinschaftsanlagenZuordnung", closure(False, area=True)),
    rule("4.5.20.1", "5.4", "BP_WohngebaeudeFlaeche", refers_to("abweichungText", "BP_TextAbschnitt")),
    rule("4.5.20.1", "6.0-6.1", "BP_WohngebaeudeFlaeche", refers_to("abweichungText", "XP_TextAbschnitt")),
    rule("4.5.20.2", "5.4-6.1", "BP_WohngebaeudeFlaeche", _OTHER_BUILDING),
    rule("4.5.20.3", "5.4-6.1", "BP_WohngebaeudeFlaeche", plan_has("planArt", "10002")),
    # 4.6 to 4.9 Monuments, public needs, agriculture, nature
    rule("4.6.3.1", "4.1", "BP_DenkmalschutzEinzelanlage", closure(False, area=True)),
    rule("4.7.1.7", "5.2-6.1", "BP_GemeinbedarfsFlaeche", _OTHER_BUILDING),
    rule("4.8.2.4", "4.1-5.4", "BP_Landwirtschaft", closure(True, level="zero", area=True)),
    rule("4.8.2.4", "6.0", "BP_Landwirtschaft", Unchecked("no_such_type", {"type": "BP_Landwirtschaft"})),
    rule("4.9.2.1", "4.0", "BP_SchutzPflegeEntwicklungsMassnahme BP_AusgleichsMassnahme", requires("weitereMassnahme1", "massnahme")),
    rule("4.9.2.1", "4.1", "BP_SchutzPflegeEntwicklungsMassnahme", requires_once("weitereMassnahme1", "massnahme")),
    rule("4.9.2.2", "4.0", "BP_SchutzPflegeEntwicklungsMassnahme BP_AusgleichsMassnahme", requires("weitereMassnahme2", "weitereMassnahme1")),
    rule("4.9.2.2", "4.1", "BP_SchutzPflegeEntwicklungsMassnahme", requires("weitereMassnahme2", "weitereMassnahme1")),
    rule("4.9.2.3", "4.1", "BP_SchutzPflegeEntwicklungsMassnahme", not_both_ways("massnahme", "weitereMassnahme", 2)),
    rule("4.9.3.1", "4.0", _SPE, requires("weitereMassnahme1", "massnahme")),
    rule("4.9.3.1", "4.1", _SPE, requires_once("weitereMassnahme1", "massnahme")),
    rule("4.9.3.2", "4.0-4.1", _SPE, requires("weitereMassnahme2", "weitereMassnahme1")),
    rule("4.9.3.3", "4.1", _SPE, not_both_ways("massnahme", "weitereMassnahme", 2)),
    rule("4.9.5.1", "4.1", "BP_AusgleichsMassnahme", requires_once("weitereMassnahme1", "massnahme")),
    rule("4.9.5.2", "4.1", "BP_AusgleichsMassnahme", requires("weitereMassnahme2", "weitereMassnahme1")),
    rule("4.9.5.3", "4.1", "BP_AusgleichsMassnahme", not_both_ways("massnahme", "weitereMassnahme", 2)),
    rule("4.9.5.4", "4.1-6.1", "BP_AusgleichsMassnahme", closure(False, area=True)),
    rule("4.9.6.1", "4.1-5.0", "BP_AnpflanzungBindungErhaltung", closure(False, area=True)),
    # 4.10 to 4.12 Environment, supply, traffic
    rule("4.10.2.1", "4.1-5.4", "BP_Immissionsschutz", closure(False, area=True)),
    rule("4.10.2.2", "5.2-6.1", "BP_Immissionsschutz", requires("detaillierteTechnVorkehrung", "technVorkehrung")),
    rule("4.10.2.3", "6.0-6.1", "BP_Immissionsschutz", excludes("laermpegelbereich sonstLaermpegelbereich", "massgeblAussenLaermpegelTag massgeblAussenLaermpegelNacht")),
    rule("4.10.2.4", "6.0-6.1", "BP_Immissionsschutz", only_with("sonstLaermpegelbereich", "laermpegelbereich", "1700")),
    rule("4.11.1.7", "4.1-6.1", "BP_VerEntsorgung", closure(True, level="zero", area=True)),
    rule("4.12.1.1", "4.0-5.4", "BP_StrassenVerkehrsFlaeche", refers_to("begrenzungslinie", "BP_StrassenbegrenzungsLinie")),
    rule("4.12.2.1", "4.0-5.4", "BP_VerkehrsflaecheBesondererZweckbestimmung", refers_to("begrenzungslinie", "BP_StrassenbegrenzungsLinie")),
    rule("4.12.2.3", "5.1-5.4", "BP_VerkehrsflaecheBesondererZweckbestimmung", closure(True, level="zero", area=True)),
    rule("4.12.3.1", "4.1-6.1", "BP_Strassenkoerper", closure(False, area=True)),
    # 4.14 Other
    rule("4.14.2.1", "4.1-6.1", "BP_UnverbindlicheVormerkung BP_Wegerecht", closure(False, area=True)),
    rule("4.14.3.1", "4.0-6.1", "BP_AbstandsMass", together("startWinkel", "endWinkel")),
    rule("4.14.3.2", "4.1-5.4", "BP_AbstandsMass", geometry_not("area")),
    rule("4.14.3.3", "6.0-6.1", "BP_AbstandsMass", straight_dimension()),
    rule("4.14.3.4", "6.0-6.1", "BP_AbstandsMass", angular_dimension()),
    rule("4.14.6.1", "4.0-5.4", "BP_TextlicheFestsetzungsFlaeche", needs("refTextInhalt")),
    rule("4.14.7.1", "4.0", "BP_HoehenMass", height_mark()),
    rule("4.14.7.1", "4.1-5.0", "BP_HoehenMass", height_mark(point_forbidden=("bezugspunkt",))),
    rule("4.14.7.1", "5.1-6.1", "BP_HoehenMass", height_mark(point_forbidden=("bezugspunkt", "abweichenderBezugspunkt"))),
    rule("4.14.7.2", "4.1-6.1", "BP_HoehenMass", geometry_not("area")),
    rule("4.14.12.1", "6.0-6.1", "BP_TextAbschnittFlaeche", needs("refTextInhalt")),
)  # fmt: skip
