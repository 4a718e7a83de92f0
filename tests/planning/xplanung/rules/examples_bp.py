"""Examples of chapter 4."""

from collections.abc import Mapping
from typing import Any

from tests.planning.xplanung.rules.building import (
    ARC,
    AREA,
    LINE,
    LONG_LINE,
    MIXED,
    Obj,
    data,
    obj,
    ref,
    text,
)
from tests.planning.xplanung.rules.example import Example, example

Values = Mapping[str, Any]
ZONE = "BP_BaugebietsTeilFlaeche"
AREA_OBJECT, FREE_OBJECT, OVERLAY, CLOSED = "BP_AbgrabungsFlaeche", "BP_GenerischesObjekt", "BP_NebenanlagenFlaeche", "BP_WaldFlaeche"  # fmt: skip
REASON = obj("XP_BegruendungAbschnitt", "R", text="Wortlaut")
PLAN, BEREICH = obj("BP_Plan", "PLAN"), obj("BP_Bereich", "B")


def refers(
    number: str,
    owner: str,
    name: str,
    right: str,
    *,
    wrong: str = "BP_WaldFlaeche",
    versions: str = "4.0-6.1",
) -> Example:
    good, bad = ((obj(owner, **{name: ref("X")}), obj(kind, "X")) for kind in (right, wrong))
    return example(number, good=good, bad=bad, versions=versions)


def zone(
    number: str,
    good: Values,
    bad: Values,
    *,
    versions: str = "4.0-6.1",
    kind: str = ZONE,
) -> Example:
    return example(number, good=obj(kind, **good), bad=obj(kind, **bad), versions=versions)


def area(number: str, kind: str, right: str, *, versions: str = "4.0-6.1") -> Example:
    """Drawn as an area (and, where it must be true, stated to be on ebene 0), flaechenschluss must be `right`."""
    wrong, stated = ("false", {"ebene": "0"}) if right == "true" else ("true", {})
    return example(
        number,
        good=obj(kind, flaechenschluss=right, **stated),
        bad=obj(kind, flaechenschluss=wrong, **stated),
        versions=versions,
    )


def use(code: str) -> object:
    return data("BP_KomplexeSondernutzung", allgemein=code)


def height(**values: str) -> Obj:
    return obj("BP_HoehenMass", hoehenangabe=data("XP_Hoehenangabe", hoehenbezug="1000", **values))


def dwellings(plan_type: str, **values: Any) -> tuple[Obj, ...]:
    return obj("BP_Plan", "PLAN", planArt=plan_type), obj("BP_WohngebaeudeFlaeche", **values)


def roof(**values: str) -> Obj:
    return obj(ZONE, dachgestaltung=data("BP_Dachgestaltung", **values))


def noise() -> object:
    return data("BP_EmissionskontingentLaerm", ekwertTag="60", ekwertNacht="50")


def measures(chapter: str, kind: str) -> list[Example]:
    """Measures of XPlanGML 4: the first, and numbered further ones."""
    one = data("XP_SPEMassnahmenDaten", massnahmeText="x")
    return [
        zone(f"{chapter}.1", {"massnahme": one, "weitereMassnahme1": one}, {"weitereMassnahme1": one}, kind=kind),
        zone(f"{chapter}.2", {"massnahme": one, "weitereMassnahme1": one, "weitereMassnahme2": one}, {"massnahme": one, "weitereMassnahme2": one}, kind=kind),
        example(f"{chapter}.3", good=obj(kind, massnahme=[one, one]), bad=obj(kind, massnahme=[one, one], weitereMassnahme2=one), also=f"{chapter}.2"),
    ]  # fmt: skip


OTHER_BUILDING = (
    {"abweichendeBauweise": "x", "bauweise": "3000"},
    {"abweichendeBauweise": "x", "bauweise": "1000"},
)
COMBINATIONS = {
    "4.2.1": ({"GFZmin": "0.2", "GFZmax": "0.6"}, {"GFZmin": "0.2"}, {"GFZ": "0.6"}, {"GFZ": "0.6", "GFZmax": "0.8"}),
    "4.2.2": ({"GFmin": "200", "GFmax": "600"}, {"GFmax": "200"}, {"GF": "600"}, {"GF": "600", "GFmin": "100"}),
    "4.2.3": ({"GF": "300"}, {"GF": "300", "GFZ": "0.6"}, {"GFZ": "0.6"}, {"GFmin": "200", "GFmax": "300", "GFZ": "0.6"}),
    "4.2.7": ({"GRZmin": "0.2", "GRZmax": "0.4"}, {"GRZmin": "0.2"}, {"GRZ": "0.4"}, {"GRZ": "0.4", "GRZmax": "0.6"}),
    "4.2.8": ({"GRmin": "200", "GRmax": "400"}, {"GRmin": "200"}, {"GR": "400"}, {"GR": "400", "GRmax": "600"}),
    "4.2.9": ({"GRZ": "0.4"}, {"GRZ": "0.4", "GR": "400"}, {"GR": "400"}, {"GRZ": "0.4", "GRmin": "200", "GRmax": "400"}),
    "4.2.10": ({"Zmin": "1", "Zmax": "2"}, {"Zmin": "1"}, {"Zzwingend": "2"}, {"Z": "2", "Zzwingend": "2"}),
    "4.2.11": ({"ZUmin": "1", "ZUmax": "2"}, {"ZUmax": "1"}, {"ZUzwingend": "2"}, {"ZU": "2", "ZUzwingend": "2"}),
}  # fmt: skip

EXAMPLES: tuple[Example, ...] = (
    # 4.1
    example("4.1.1.1", good=(PLAN, BEREICH), bad=(obj("BP_Plan", "PLAN", bereich=[ref("B"), ref("X")]), BEREICH, obj("FP_Bereich", "X", gehoertZuPlan=ref("F")), obj("FP_Plan", "F", bereich=ref("X")))),
    example("4.1.2.1", good=(obj("BP_Bereich", "B", inhaltBPlan=ref("O")), obj(ZONE)), bad=(obj("BP_Bereich", "B", inhaltBPlan=ref("O")), obj("SO_Bodenschutzrecht", gehoertZuSO_Bereich=None)), also="4.1.3.5"),
    refers("4.1.2.2", "BP_Bereich", "rasterAenderung", "BP_RasterplanAenderung"),
    example("4.1.2.3", good=(PLAN, BEREICH), bad=(obj("BP_Plan", "PLAN", bereich=None), BEREICH)),
    example("4.1.2.3", good=(PLAN, BEREICH), bad=(PLAN, BEREICH, obj("BP_Plan", "SECOND", bereich=None), obj("BP_Bereich", "C", gehoertZuPlan=ref("SECOND")))),
    refers("4.1.3.1", ZONE, "wirdAusgeglichenDurchFlaeche", "BP_AusgleichsFlaeche"),
    refers("4.1.3.2", ZONE, "wirdAusgeglichenDurchMassnahme", "BP_AusgleichsMassnahme"),
    refers("4.1.3.3", ZONE, "wirdAusgeglichenDurchSPEMassnahme", "BP_SchutzPflegeEntwicklungsMassnahme"),
    refers("4.1.3.4", ZONE, "wirdAusgeglichenDurchSPEFlaeche", "BP_SchutzPflegeEntwicklungsFlaeche"),
    example("4.1.3.5", good=(obj("BP_Bereich", "B", inhaltBPlan=ref("O")), obj(ZONE)), bad=(obj("BP_Bereich", "B", inhaltBPlan=ref("O")), obj(ZONE, gehoertZuBP_Bereich=None))),
    example("4.1.3.5", good=(obj("BP_Bereich", "B", inhaltBPlan=ref("O")), obj(ZONE)), bad=(obj("BP_Bereich", "B", inhaltBPlan=ref("O")), obj(ZONE, gehoertZuBP_Bereich=[ref("B"), ref("B")]))),
    zone("4.1.3.6", {}, {"gehoertNachrichtlichZuBereich": ref("B")}),
    refers("4.1.3.7", ZONE, "wirdAusgeglichenDurchABE", "BP_AnpflanzungBindungErhaltung"),
    example("4.1.3.8", versions="5.0-5.4", good=(obj(ZONE, refTextInhalt=ref("T")), text()), bad=(obj(ZONE, refTextInhalt=ref("R")), REASON)),
    example("4.1.3.8", versions="5.0-5.2", good=(obj(ZONE, refTextInhalt=ref("T")), text()), bad=(obj(ZONE, refTextInhalt=ref("T")), text(of="FP"))),
    zone("4.1.3.9", {"laermkontingent": noise()}, {"laermkontingent": noise(), "laermkontingentGebiet": data("BP_EmissionskontingentLaermGebiet", ekwertTag="60", ekwertNacht="50", gebietsbezeichnung="Nord")}),
    zone("4.1.4.1", {"ebene": "1", "flaechenschluss": "false"}, {"ebene": "1", "flaechenschluss": "true"}, kind=CLOSED),
    zone("4.1.4.2", {}, {"position": LINE, "flaechenschluss": "true"}, kind=CLOSED),
    zone("4.1.5.1", {"ebene": "-1", "flaechenschluss": "false"}, {"ebene": "-1", "flaechenschluss": "true"}, kind=FREE_OBJECT),
    zone("4.1.5.2", {"position": LINE}, {"flaechenschluss": None}, kind=FREE_OBJECT),
    zone("4.1.5.3", {}, {"position": MIXED, "flaechenschluss": "false"}, kind=FREE_OBJECT),
    zone("4.1.6.1", {}, {"flaechenschluss": "true"}, kind=OVERLAY),
    zone("4.1.7.1", {"ebene": "0"}, {"flaechenschluss": "false"}, kind=CLOSED),
    zone("4.1.8.1", {}, {"position": AREA, "flaechenschluss": None}, kind="BP_BauGrenze"),
    zone("4.1.9.1", {}, {"position": LINE}, kind="BP_EinfahrtPunkt"),
    # 4.2
    *(zone(number, good, bad) for number, (good, bad, _good, _bad) in COMBINATIONS.items()),
    *(zone(number, good, bad, kind="BP_UeberbaubareGrundstuecksFlaeche") for number, (_good, _bad, good, bad) in COMBINATIONS.items()),
    zone("4.2.1", {"GFZ": "0.6"}, {"GFZmin": "0.6"}, kind="SO_Strassenverkehr", versions="6.0-6.1"),
    zone("4.2.4", {"BMZmin": "2", "BMZmax": "3"}, {"BMZmin": "2"}),
    zone("4.2.5", {"BMmin": "200", "BMmax": "300"}, {"BMmax": "300"}),
    zone("4.2.6", {"BMZ": "3"}, {"BMZ": "3", "BM": "300"}),
    # 4.3
    zone("4.3.1", {"DNmin": "30", "DNmax": "45"}, {"DNmax": "45"}, versions="4.0-5.4"),
    zone("4.3.1", {"DNmin": "30"}, {"DNmin": "30", "DNZwingend": "45"}, versions="4.0-5.4"),
    zone("4.3.2", {"dachform": "1000", "detaillierteDachform": "x"}, {"detaillierteDachform": "x"}, versions="4.0-5.4"),
    zone("4.3.2", {"dachform": ["1000", "2100"], "detaillierteDachform": "x"}, {"dachform": "1000", "detaillierteDachform": ["x", "y"]}, versions="5.0-5.4"),
    example("4.3.1.1", good=roof(DNmin="30", DNmax="45"), bad=roof(DNmax="45")),
    example("4.3.1.2", good=roof(dachform="1000", detaillierteDachform="x"), bad=roof(detaillierteDachform="x")),
    # 4.5
    example("4.5.1.1", good=(obj(ZONE, abweichungText=ref("T")), text()), bad=(obj(ZONE, abweichungText=ref("R")), REASON)),
    example("4.5.1.1", versions="5.0-5.4", good=(obj(ZONE, abweichungText=ref("T")), text()), bad=(obj(ZONE, abweichungText=ref("T")), text(of="FP"))),
    *(zone("4.5.1.2", {"allgArtDerBaulNutzung": right, "besondereArtDerBaulNutzung": code}, {"allgArtDerBaulNutzung": wrong, "besondereArtDerBaulNutzung": code}) for code, right, wrong in (("1100", "1000", "2000"), ("1600", "2000", "1000"), ("1700", "3000", "4000"), ("2100", "4000", "1000"))),
    zone("4.5.1.2", {"allgArtDerBaulNutzung": "2000", "besondereArtDerBaulNutzung": "1550"}, {"allgArtDerBaulNutzung": "1000", "besondereArtDerBaulNutzung": "1550"}, versions="5.0-6.1"),
    zone("4.5.1.2", {"allgArtDerBaulNutzung": "2000", "besondereArtDerBaulNutzung": "1450"}, {"allgArtDerBaulNutzung": "1000", "besondereArtDerBaulNutzung": "1450"}, versions="5.4-6.1"),
    zone("4.5.1.3", {"besondereArtDerBaulNutzung": "2000", "sondernutzung": "1200"}, {"besondereArtDerBaulNutzung": "2100", "sondernutzung": "1200"}, versions="4.0-5.4"),
    zone("4.5.1.3", {"besondereArtDerBaulNutzung": "2100", "sondernutzung": "1800"}, {"besondereArtDerBaulNutzung": "2000", "sondernutzung": "1800"}, versions="4.0-5.4"),
    zone("4.5.1.3", {"besondereArtDerBaulNutzung": "3000", "sondernutzung": "1000"}, {"besondereArtDerBaulNutzung": "2000", "sondernutzung": "1000"}, versions="4.0-5.0"),
    zone("4.5.1.3", {"besondereArtDerBaulNutzung": "2100", "sondernutzung": "16001"}, {"besondereArtDerBaulNutzung": "2000", "sondernutzung": "16001"}, versions="4.1-5.4"),
    zone("4.5.1.3", {"besondereArtDerBaulNutzung": "2000", "sondernutzung": "1000"}, {"besondereArtDerBaulNutzung": "3000", "sondernutzung": "1000"}, versions="5.1-5.4"),
    zone("4.5.1.3", {"besondereArtDerBaulNutzung": "2100", "sondernutzung": "2720"}, {"besondereArtDerBaulNutzung": "2000", "sondernutzung": "2720"}, versions="5.2-5.4"),
    zone("4.5.1.3", {"besondereArtDerBaulNutzung": "2000", "sondernutzung": use("1200")}, {"besondereArtDerBaulNutzung": "2100", "sondernutzung": use("1200")}, versions="6.0-6.1"),
    zone("4.5.1.3", {"besondereArtDerBaulNutzung": "2100", "sondernutzung": use("1650")}, {"besondereArtDerBaulNutzung": "2000", "sondernutzung": use("1650")}, versions="6.0-6.1"),
    zone("4.5.1.4", *OTHER_BUILDING),
    zone("4.5.1.4", {"abweichendeBauweise": "x"}, {"abweichendeBauweise": "x", "bauweise": "2000"}),
    zone("4.5.1.5", {"besondereArtDerBaulNutzung": "1200", "detaillierteArtDerBaulNutzung": "x"}, {"detaillierteArtDerBaulNutzung": "x"}),
    zone("4.5.1.5", {"sondernutzung": "1800", "detaillierteArtDerBaulNutzung": "x"}, {"detaillierteArtDerBaulNutzung": "x"}, versions="4.0-5.4"),
    zone("4.5.1.5", {"allgArtDerBaulNutzung": "1000", "detaillierteArtDerBaulNutzung": "x"}, {"sondernutzung": use("1800"), "detaillierteArtDerBaulNutzung": "x"}, versions="6.0-6.1"),
    zone("4.5.1.6", {"sondernutzung": "1800", "detaillierteSondernutzung": "x"}, {"detaillierteSondernutzung": "x"}, versions="5.3-5.4"),
    zone("4.5.1.7", {"sondernutzung": [use("1500"), use("9999")]}, {"sondernutzung": [use("1500"), use("1200")]}, versions="6.0"),
    refers("4.5.2.1", "BP_UeberbaubareGrundstuecksFlaeche", "baugrenze", "BP_BauGrenze"),
    refers("4.5.2.2", "BP_UeberbaubareGrundstuecksFlaeche", "baulinie", "BP_BauLinie"),
    zone("4.5.2.3", *OTHER_BUILDING, kind="BP_UeberbaubareGrundstuecksFlaeche"),
    zone("4.5.3.1", *OTHER_BUILDING, kind="BP_BesondererNutzungszweckFlaeche"),
    zone("4.5.10.1", {"typ": "9999", "sonstTyp": "x"}, {"typ": "1000", "sonstTyp": "x"}, kind="BP_SpezielleBauweise"),
    refers("4.5.10.2", "BP_SpezielleBauweise", "wegerecht", "BP_Wegerecht"),
    refers("4.5.14.3", "BP_GemeinschaftsanlagenFlaeche", "eigentuemer", ZONE),
    area("4.5.15.1", "BP_GemeinschaftsanlagenZuordnung", "false"),
    example("4.5.20.1", good=(*dwellings("10002", abweichungText=ref("T")), text()), bad=(*dwellings("10002", abweichungText=ref("R")), REASON)),
    example("4.5.20.1", versions="5.4", good=(*dwellings("10002", abweichungText=ref("T")), text()), bad=(*dwellings("10002", abweichungText=ref("T")), text(of="FP"))),
    example("4.5.20.2", good=dwellings("10002", **OTHER_BUILDING[0]), bad=dwellings("10002", **OTHER_BUILDING[1])),
    example("4.5.20.3", good=dwellings("10002"), bad=dwellings("1000")),
    # 4.6 to 4.9
    area("4.6.3.1", "BP_DenkmalschutzEinzelanlage", "false"),
    zone("4.7.1.7", *OTHER_BUILDING, kind="BP_GemeinbedarfsFlaeche"),
    area("4.8.2.4", "BP_Landwirtschaft", "true"),
    *measures("4.9.2", "BP_SchutzPflegeEntwicklungsMassnahme"),
    *measures("4.9.3", "BP_SchutzPflegeEntwicklungsFlaeche"),
    *measures("4.9.5", "BP_AusgleichsMassnahme"),
    area("4.9.5.4", "BP_AusgleichsMassnahme", "false"),
    area("4.9.6.1", "BP_AnpflanzungBindungErhaltung", "false"),
    # 4.10 to 4.12
    area("4.10.2.1", "BP_Immissionsschutz", "false"),
    zone("4.10.2.2", {"technVorkehrung": "1000", "detaillierteTechnVorkehrung": "x"}, {"detaillierteTechnVorkehrung": "x"}, kind="BP_Immissionsschutz"),
    zone("4.10.2.3", {"laermpegelbereich": "1000"}, {"laermpegelbereich": "1000", "massgeblAussenLaermpegelTag": "60"}, kind="BP_Immissionsschutz"),
    zone("4.10.2.3", {"massgeblAussenLaermpegelNacht": "60"}, {"sonstLaermpegelbereich": "x", "massgeblAussenLaermpegelNacht": "60"}, kind="BP_Immissionsschutz"),
    zone("4.10.2.4", {"laermpegelbereich": "1700", "sonstLaermpegelbereich": "x"}, {"laermpegelbereich": "1000", "sonstLaermpegelbereich": "x"}, kind="BP_Immissionsschutz"),
    area("4.11.1.7", "BP_VerEntsorgung", "true"),
    zone("4.11.1.7", {"flaechenschluss": "false"}, {"ebene": "0", "flaechenschluss": "false"}, kind="BP_VerEntsorgung"),
    refers("4.12.1.1", "BP_StrassenVerkehrsFlaeche", "begrenzungslinie", "BP_StrassenbegrenzungsLinie", versions="4.0-5.4"),
    refers("4.12.2.1", "BP_VerkehrsflaecheBesondererZweckbestimmung", "begrenzungslinie", "BP_StrassenbegrenzungsLinie", versions="4.0-5.4"),
    area("4.12.2.3", "BP_VerkehrsflaecheBesondererZweckbestimmung", "true"),
    area("4.12.3.1", "BP_Strassenkoerper", "false"),
    # 4.14
    area("4.14.2.1", "BP_Wegerecht", "false"),
    area("4.14.2.1", "BP_UnverbindlicheVormerkung", "false"),
    zone("4.14.3.1", {"startWinkel": "10", "endWinkel": "20"}, {"startWinkel": "10"}, kind="BP_AbstandsMass"),
    zone("4.14.3.2", {}, {"position": AREA, "flaechenschluss": "false"}, kind="BP_AbstandsMass", versions="4.1-5.4"),
    zone("4.14.3.3", {"typ": "1000"}, {"typ": "1000", "position": LONG_LINE}, kind="BP_AbstandsMass"),
    zone("4.14.3.4", {"typ": "2000", "position": ARC}, {"typ": "2000"}, kind="BP_AbstandsMass"),
    example("4.14.6.1", versions="4.0-5.4", good=(obj("BP_TextlicheFestsetzungsFlaeche", refTextInhalt=ref("T")), text()), bad=obj("BP_TextlicheFestsetzungsFlaeche")),
    example("4.14.7.1", versions="4.0-4.1", good=height(h="3"), bad=obj("BP_HoehenMass")),
    example("4.14.7.1", versions="4.1", good=height(h="3"), bad=height(bezugspunkt="1000", h="3")),
    example("4.14.7.1", versions="5.0", good=height(abweichenderBezugspunkt="Sims", h="3"), bad=height(bezugspunkt="1000", h="3")),
    example("4.14.7.1", versions="5.1-6.1", good=height(h="3"), bad=obj("BP_HoehenMass")),
    example("4.14.7.1", versions="5.1-6.1", good=height(h="3"), bad=height(bezugspunkt="1000", h="3")),
    example("4.14.7.1", versions="5.3-6.1", good=height(h="3"), bad=height(abweichenderBezugspunkt="Sims", h="3")),
    example("4.14.7.2", versions="4.1", good=height(h="3"), bad=obj("BP_HoehenMass", position=AREA, flaechenschluss="false", hoehenangabe=data("XP_Hoehenangabe", hoehenbezug="1000", h="3"))),
    example("4.14.7.2", versions="5.0", good=height(abweichenderBezugspunkt="Sims", h="3"), bad=obj("BP_HoehenMass", position=AREA, flaechenschluss="false", hoehenangabe=data("XP_Hoehenangabe", hoehenbezug="1000", abweichenderBezugspunkt="Sims", h="3"))),
    example("4.14.7.2", versions="5.1-6.1", good=height(h="3"), bad=obj("BP_HoehenMass", position=AREA, flaechenschluss="false", hoehenangabe=data("XP_Hoehenangabe", hoehenbezug="1000", h="3"))),
    example("4.14.12.1", good=(obj("BP_TextAbschnittFlaeche", refTextInhalt=ref("T")), text()), bad=obj("BP_TextAbschnittFlaeche")),
)  # fmt: skip
