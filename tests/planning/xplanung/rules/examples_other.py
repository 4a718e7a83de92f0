"""Examples of chapters 5 to 8."""

from collections.abc import Mapping
from typing import Any

from tests.planning.xplanung.rules.building import (
    AREA,
    LINE,
    MIXED,
    OTHER_AREA,
    Code,
    Obj,
    data,
    obj,
    ref,
    text,
)
from tests.planning.xplanung.rules.example import Example, example

Values = Mapping[str, Any]
LAND, FREE_FP, FREE_SO = "FP_BebauungsFlaeche", "FP_GenerischesObjekt", "SO_SonstigesRecht"
REASON = obj("XP_BegruendungAbschnitt", "R", text="Wortlaut")


def refers(
    number: str, owner: str, name: str, *, right: str, wrong: str, versions: str = "4.0-6.1", also: str = ""
) -> Example:
    good, bad = ((obj(owner, "O", **{name: ref("X")}), obj(kind, "X")) for kind in (right, wrong))
    return example(number, good=good, bad=bad, versions=versions, also=also)


def one(
    number: str,
    kind: str,
    good: Values,
    bad: Values,
    *,
    versions: str = "4.0-6.1",
    also: str = "",
) -> Example:
    return example(number, good=obj(kind, **good), bad=obj(kind, **bad), versions=versions, also=also)


def area(number: str, kind: str, right: str, *, versions: str = "4.0-6.1") -> Example:
    wrong, stated = ("false", {"ebene": "0"}) if right == "true" else ("true", {})
    good, bad = ({"flaechenschluss": value, **stated} for value in (right, wrong))
    return one(number, kind, good, bad, versions=versions)


def bereiche(number: str, kind: str) -> Example:
    """A Bereich whose plan does not name it."""
    plan, part = obj(f"{kind}_Plan", "PLAN"), obj(f"{kind}_Bereich", "B")
    return example(number, good=(plan, part), bad=(obj(f"{kind}_Plan", "PLAN", bereich=None), part))


def foreign(number: str, kind: str) -> Example:
    """A plan that names a Bereich of another kind of plan."""
    plan, part = obj(f"{kind}_Plan", "PLAN"), obj(f"{kind}_Bereich", "B")
    other = obj("BP_Bereich", "X", gehoertZuPlan=ref("P")), obj("BP_Plan", "P", bereich=ref("X"))
    return example(
        number,
        good=(plan, part),
        bad=(obj(f"{kind}_Plan", "PLAN", bereich=[ref("B"), ref("X")]), part, *other),
    )


def listed(number: str, kind: str, content: str, back: str, *, right: str) -> list[Example]:
    """What a Bereich of XPlanGML 4 lists: the right objects, and back."""
    part = obj(f"{kind}_Bereich", "B", **{content: ref("O")})
    wrong = obj("BP_WaldFlaeche", gehoertZuBP_Bereich=None)
    return [
        example(number.split()[0], good=(part, obj(right)), bad=(part, wrong), also=number.split()[1]),
        example(number.split()[1], good=(part, obj(right)), bad=(part, obj(right, **{back: None}))),
        example(number.split()[2], good=obj(right), bad=obj(right, gehoertNachrichtlichZuBereich=ref("B"))),
    ]


def texts(number: str, kind: str, owner: str) -> list[Example]:
    """refTextInhalt of XPlanGML 5: to 5.2 only texts of the same kind of plan."""
    good = (obj(owner, refTextInhalt=ref("T")), text(of=kind))
    return [
        example(number, good=good, bad=(obj(owner, refTextInhalt=ref("R")), REASON), versions="5.0-5.4"),
        example(
            number, good=good, bad=(obj(owner, refTextInhalt=ref("T")), text(of="BP")), versions="5.0-5.2"
        ),
    ]


def use(code: str) -> object:
    return data("FP_KomplexeSondernutzung", allgemein=code)


def in_plan(kind: str, **values: Any) -> tuple[Obj, ...]:
    """A SO_Gebiet in a plan of that kind, and what its references lead to."""
    targets = [obj(TARGETS[name], "X") for name in values if name in TARGETS]
    around = obj(f"{kind}_Plan", "PLAN"), obj(f"{kind}_Bereich", "B")
    return *around, obj("SO_Gebiet", **values), *targets


TARGETS = {
    "wirdAusgeglichenDurchBPMassnahme": "BP_AusgleichsMassnahme",
    "wirdAusgeglichenDurchBPSPEMassnahme": "BP_SchutzPflegeEntwicklungsMassnahme",
    "wirdAusgeglichenDurchBPABE": "BP_AnpflanzungBindungErhaltung",
    "wirdAusgeglichenDurchBPSPEFlaeche": "BP_SchutzPflegeEntwicklungsFlaeche",
    "wirdAusgeglichenDurchBPFlaeche": "BP_AusgleichsFlaeche",
    "wirdAusgeglichenDurchFPSPE": "FP_SchutzPflegeEntwicklung",
    "wirdAusgeglichenDurchFPFlaeche": "FP_AusgleichsFlaeche",
    "zusatzkontingent": "BP_ZusatzkontingentLaerm",
    "richtungssektorGrenze": "BP_RichtungssektorGrenze",
    "zusatzkontingentFlaeche": "BP_ZusatzkontingentLaermFlaeche",
}
NOISE = {"ekwertTag": "60", "ekwertNacht": "50"}
IN_PLANS = {  # number -> (plan it belongs to, property, value)
    **{
        f"6.1.3.{4 + place}": ("FP" if "FP" in name else "BP", name, ref("X"))
        for place, name in enumerate(TARGETS)
    },
    "6.1.3.14": ("BP", "laermkontingent", data("BP_EmissionskontingentLaerm", **NOISE)),
    "6.1.3.15": (
        "BP",
        "laermkontingentGebiet",
        data("BP_EmissionskontingentLaermGebiet", **NOISE, gebietsbezeichnung="Nord"),
    ),
    "6.1.3.16": ("FP", "vonGenehmigungAusgenommen", "true"),
}
DETAILED = {"6.2.1.1": "SO_Bodenschutzrecht", "6.2.2.1": "SO_Denkmalschutzrecht", "6.2.3.1": "SO_Forstrecht", "6.2.4.1": "SO_Luftverkehrsrecht", "6.2.5.2": "SO_Schienenverkehrsrecht", "6.2.6.1": "SO_SonstigesRecht", "6.2.7.1": "SO_Strassenverkehrsrecht", "6.2.8.1": "SO_Wasserrecht", "6.2.9.1": "SO_Bauverbotszone", "6.2.10.1": "SO_Gewaesser", "6.2.12.1": "SO_Wasserwirtschaft", "6.2.13.1": "SO_Baubeschraenkung", "6.3.1.1": "SO_SchutzgebietNaturschutzrecht", "6.3.2.1": "SO_SchutzgebietWasserrecht", "6.3.3.1": "SO_SchutzgebietSonstigesRecht"}  # fmt: skip
CLOSED = {"5.4.1.8": "FP_Gemeinbedarf", "5.4.2.5": "FP_SpielSportanlage", "5.5.3.7": "FP_Gruen", "5.5.4.2": "FP_Landwirtschaft", "5.7.1.7": "FP_VerEntsorgung", "5.8.1.3": "FP_Strassenverkehr", "5.9.1.2": "FP_Gewaesser", "5.9.2.3": "FP_Wasserwirtschaft", "6.2.5.3": "SO_Schienenverkehrsrecht", "6.2.7.2": "SO_Strassenverkehrsrecht", "6.2.10.2": "SO_Gewaesser", "6.2.11.2": "SO_Strassenverkehr", "6.2.12.2": "SO_Wasserwirtschaft"}  # fmt: skip
OVERLAYS = {"5.9.2.2": "FP_Wasserwirtschaft", "5.10.4.1": "FP_UnverbindlicheVormerkung", "6.2.1.2": "SO_Bodenschutzrecht", "6.2.2.2": "SO_Denkmalschutzrecht", "6.3.1.2": "SO_SchutzgebietNaturschutzrecht", "6.3.2.2": "SO_SchutzgebietWasserrecht", "6.3.3.2": "SO_SchutzgebietSonstigesRecht", "6.4.1.2": "SO_Gebiet"}  # fmt: skip
AREA_LP = "LP_SchutzBestimmterTeileVonNaturUndLandschaft"
EXPLANATIONS = {"rechtsstandSchG": "rechtsstandSchGText", "gesetzlGeschBiotop": "gesetzlGeschBiotopText", "schutzzone": "schutzzonenText"}  # fmt: skip
EXPLAINED = {"8.6.1.2": "rechtsstandSchG", "8.6.1.3": "gesetzlGeschBiotop", "8.6.1.4": "schutzzone"}
ZEM = {  # number -> (property of LP_ZieleErfordernisseMassnahmen, its type, code, text)
    "8.8.1.1.1": ("adressat", "LP_AdressatKomplex", "adressatArt", "adressatText"),
    "8.8.1.3.1": ("boden", "LP_BodenKomplex", "bodenAuspraegung", "bodenText"),
    "8.8.1.4.1": ("erholung", "LP_ErholungKomplex", "erholungFunktionArt", "erholungFunktionText"),
    "8.8.1.5.1": ("klima", "LP_KlimaKomplex", "klimaArt", "klimaText"),
    "8.8.1.6.1": ("landschaftsbild", "LP_LandschaftsbildKomplex", "landschaftsbildArt", "landschaftsbildText"),
    "8.8.1.7.1": ("luft", "LP_LuftKomplex", "luftArt", "luftText"),
    "8.8.1.8.1": ("schutzgut", "LP_SchutzgutKomplex", "schutzgutArt", "schutzgutText"),
    "8.8.1.9.1": ("schutzPflegeEntwicklung", "LP_SPEKomplex", "schutzPflegeEntwicklungTyp", "schutzPflegeEntwicklungText"),
    "8.8.1.10.1": ("wasser", "LP_WasserKomplex", "wasserAuspraegung", "wasserText"),
    "8.8.1.11.1": ("zielDimNatSchLaPfl", "LP_ZielDimNatSchLaPflKomplex", "zielDimensionTyp", "zielDimensionText"),
}  # fmt: skip


def measures(chapter: str, kind: str) -> list[Example]:
    """Measures of XPlanGML 4: the first, and numbered further ones."""
    some = data("XP_SPEMassnahmenDaten", massnahmeText="x")
    return [
        one(f"{chapter}.1", kind, {"massnahme": some, "weitereMassnahme1": some}, {"massnahme": some, "weitereMassnahme2": some}),
        one(f"{chapter}.2", kind, {"massnahme": [some, some]}, {"massnahme": [some, some], "weitereMassnahme1": some}),
    ]  # fmt: skip


def aims(name: str, kind: str, **values: Any) -> Obj:
    return obj("LP_ZieleErfordernisseMassnahmen", **{name: data(kind, **values)})


def species(name: str, kind: str, **values: Any) -> Obj:
    inner = data("LP_BiologischeVielfaltKomplex", **{name: data(kind, **values)})
    return obj("LP_ZieleErfordernisseMassnahmen", biologischeVielfalt=inner)


def plant(**values: Any) -> Obj:
    return species("bioVfPflanzenArt", "LP_BioVfPflanzenArtKomplex", **values)


def animal(**values: Any) -> Obj:
    return species("bioVfTierArt", "LP_BioVfTiereArtKomplex", **values)


EXAMPLES: tuple[Example, ...] = (
    # 5.1
    foreign("5.1.1.1", "FP"),
    one("5.1.1.2", "FP_Plan", {"planArt": "9999", "sonstPlanArt": "x"}, {"planArt": "1000", "sonstPlanArt": "x"}),
    *listed("5.1.2.1 5.1.3.3 5.1.3.4", "FP", "inhaltFPlan", "gehoertZuFP_Bereich", right=FREE_FP),
    refers("5.1.2.2", "FP_Bereich", "rasterAenderung", right="FP_RasterplanAenderung", wrong="BP_RasterplanAenderung"),
    bereiche("5.1.2.3", "FP"),
    refers("5.1.3.1", FREE_FP, "wirdAusgeglichenDurchFlaeche", right="FP_AusgleichsFlaeche", wrong="FP_WaldFlaeche"),
    refers("5.1.3.2", FREE_FP, "wirdAusgeglichenDurchSPE", right="FP_SchutzPflegeEntwicklung", wrong="FP_WaldFlaeche"),
    *texts("5.1.3.5", "FP", FREE_FP),
    one("5.1.4.1", "FP_WaldFlaeche", {"ebene": "1", "flaechenschluss": "false"}, {"ebene": "1"}),
    one("5.1.4.2", "FP_WaldFlaeche", {}, {"position": LINE, "flaechenschluss": "true"}),
    one("5.1.5.1", FREE_FP, {"ebene": "1"}, {"ebene": "1", "flaechenschluss": "true"}),
    one("5.1.5.2", FREE_FP, {"position": LINE}, {"flaechenschluss": None}),
    one("5.1.5.3", FREE_FP, {}, {"position": MIXED, "flaechenschluss": "false"}),
    one("5.1.6.1", "FP_NutzungsbeschraenkungsFlaeche", {}, {"flaechenschluss": "true"}, versions="4.0-5.4"),
    one("5.1.6.1", "FP_ZentralerVersorgungsbereich", {}, {"flaechenschluss": "true"}, versions="6.0-6.1"),
    one("5.1.7.1", "FP_WaldFlaeche", {"ebene": "0"}, {"flaechenschluss": "false"}),
    # 5.3
    *(one("5.3.1.1", LAND, {"allgArtDerBaulNutzung": right, "besondereArtDerBaulNutzung": code}, {"allgArtDerBaulNutzung": wrong, "besondereArtDerBaulNutzung": code}) for code, right, wrong in (("1100", "1000", "2000"), ("1600", "2000", "1000"), ("1700", "3000", "4000"), ("2100", "4000", "1000"))),
    one("5.3.1.1", LAND, {"allgArtDerBaulNutzung": "2000", "besondereArtDerBaulNutzung": "1550"}, {"allgArtDerBaulNutzung": "1000", "besondereArtDerBaulNutzung": "1550"}, versions="5.0-6.1"),
    one("5.3.1.1", LAND, {"allgArtDerBaulNutzung": "2000", "besondereArtDerBaulNutzung": "1450"}, {"allgArtDerBaulNutzung": "1000", "besondereArtDerBaulNutzung": "1450"}, versions="5.4-6.1"),
    one("5.3.1.2", LAND, {"besondereArtDerBaulNutzung": "2000", "sonderNutzung": "1200"}, {"besondereArtDerBaulNutzung": "2100", "sonderNutzung": "1200"}, versions="4.0-5.4"),
    one("5.3.1.2", LAND, {"besondereArtDerBaulNutzung": "2100", "sonderNutzung": "1800"}, {"besondereArtDerBaulNutzung": "2000", "sonderNutzung": "1800"}, versions="4.0-5.4"),
    one("5.3.1.2", LAND, {"besondereArtDerBaulNutzung": "3000", "sonderNutzung": "1000"}, {"besondereArtDerBaulNutzung": "2000", "sonderNutzung": "1000"}, versions="4.0-5.1"),
    one("5.3.1.2", LAND, {"besondereArtDerBaulNutzung": "2100", "sonderNutzung": "16001"}, {"besondereArtDerBaulNutzung": "2000", "sonderNutzung": "16001"}, versions="4.1-5.4"),
    one("5.3.1.2", LAND, {"besondereArtDerBaulNutzung": "2000", "sonderNutzung": "1000"}, {"besondereArtDerBaulNutzung": "3000", "sonderNutzung": "1000"}, versions="5.2-5.4"),
    one("5.3.1.2", LAND, {"besondereArtDerBaulNutzung": "2100", "sonderNutzung": "23000"}, {"besondereArtDerBaulNutzung": "2000", "sonderNutzung": "23000"}, versions="5.2-5.4"),
    one("5.3.1.2", LAND, {"besondereArtDerBaulNutzung": "2000", "sondernutzung": use("1200")}, {"besondereArtDerBaulNutzung": "2100", "sondernutzung": use("1200")}, versions="6.0-6.1"),
    one("5.3.1.3", LAND, {"besondereArtDerBaulNutzung": "1200", "detaillierteArtDerBaulNutzung": "x"}, {"detaillierteArtDerBaulNutzung": "x"}),
    one("5.3.1.3", LAND, {"sonderNutzung": "1800", "detaillierteArtDerBaulNutzung": "x"}, {"detaillierteArtDerBaulNutzung": "x"}, versions="4.0-5.4"),
    one("5.3.1.3", LAND, {"allgArtDerBaulNutzung": "1000", "detaillierteArtDerBaulNutzung": "x"}, {"sondernutzung": use("1800"), "detaillierteArtDerBaulNutzung": "x"}, versions="6.0-6.1"),
    one("5.3.1.4", LAND, {"GFZmin": "0.2", "GFZmax": "0.6"}, {"GFZmin": "0.2"}),
    one("5.3.1.5", LAND, {"sonderNutzung": "1800", "detaillierteSondernutzung": "x"}, {"detaillierteSondernutzung": "x"}, versions="5.3-5.4"),
    one("5.3.1.6", LAND, {"sondernutzung": [use("1500"), use("9999")]}, {"sondernutzung": [use("1500"), use("1200")]}, versions="6.0"),
    # 5.4 to 5.10
    one("5.4.1.7", "FP_Gemeinbedarf", {}, {"position": LINE}),
    one("5.4.2.4", "FP_SpielSportanlage", {}, {"position": LINE}),
    one("5.4.3.1", "FP_AnpassungKlimawandel", {"massnahme": "1000", "detailMassnahme": "x"}, {"detailMassnahme": "x"}, versions="5.3-5.4"),
    *(measure for chapter, kind in (("5.6.1", "FP_SchutzPflegeEntwicklung"), ("5.6.2", "FP_AusgleichsFlaeche")) for measure in measures(chapter, kind)),
    one("5.6.3.1", "FP_AnpassungKlimawandel", {"massnahme": "1000", "detailMassnahme": "x"}, {"detailMassnahme": "x"}, versions="6.0-6.1"),
    one("5.5.2.4", "FP_LandwirtschaftsFlaeche", {}, {"ebene": "0", "flaechenschluss": "false"}, also="5.1.7.1"),
    *(area(number, kind, "true") for number, kind in CLOSED.items()),
    *(area(number, kind, "false") for number, kind in OVERLAYS.items()),
    example("5.10.6.1", good=(obj("FP_TextlicheDarstellungsFlaeche", refTextInhalt=ref("T")), text(of="FP")), bad=obj("FP_TextlicheDarstellungsFlaeche"), versions="4.0-5.4"),
    example("5.10.10.1", good=(obj("FP_TextAbschnittFlaeche", refTextInhalt=ref("T")), text()), bad=obj("FP_TextAbschnittFlaeche")),
    one("5.10.11.1", "FP_Nutzungsbeschraenkung", {"technVorkehrung": "1000", "detaillierteTechnVorkehrung": "x"}, {"detaillierteTechnVorkehrung": "x"}),
    # 6.1
    foreign("6.1.1.1", "SO"),
    *listed("6.1.2.1 6.1.3.1 6.1.3.2", "SO", "inhaltSoPlan", "gehoertZuSO_Bereich", right=FREE_SO),
    refers("6.1.2.2", "SO_Bereich", "rasterAenderung", right="SO_RasterplanAenderung", wrong="BP_RasterplanAenderung"),
    bereiche("6.1.2.3", "SO"),
    *texts("6.1.3.3", "SO", FREE_SO),
    *(example(number, good=in_plan(kind, **{name: value}), bad=in_plan("SO", **{name: value})) for number, (kind, name, value) in IN_PLANS.items()),
    one("6.1.4.1", "SO_Gebiet", {"ebene": "1"}, {"ebene": "1", "flaechenschluss": "true"}, also="6.4.1.2"),
    one("6.1.4.2", "SO_Gebiet", {}, {"position": LINE, "flaechenschluss": "false"}),
    one("6.1.5.1", FREE_SO, {"ebene": "1"}, {"ebene": "1", "flaechenschluss": "true"}),
    one("6.1.5.2", FREE_SO, {"position": LINE}, {"flaechenschluss": None}),
    one("6.1.5.3", FREE_SO, {}, {"position": MIXED, "flaechenschluss": "false"}),
    one("6.1.6.1", "SO_Grenze", {}, {"position": AREA, "flaechenschluss": None}),
    # 6.2 to 6.5
    *(one(number, kind, {"artDerFestlegung": Code(0), "detailArtDerFestlegung": "x"}, {"detailArtDerFestlegung": "x"}) for number, kind in DETAILED.items()),
    one("6.2.5.1", "SO_Schienenverkehrsrecht", {"artDerFestlegung": "1000", "besondereArtDerFestlegung": "10001"}, {"artDerFestlegung": "1200", "besondereArtDerFestlegung": "10001"}),
    one("6.2.5.2", "SO_Schienenverkehrsrecht", {"besondereArtDerFestlegung": "10001", "detailArtDerFestlegung": "x"}, {"detailArtDerFestlegung": "x"}, versions="4.0-4.1"),
    refers("6.2.11.1", "SO_Strassenverkehr", "begrenzungslinie", right="BP_StrassenbegrenzungsLinie", wrong="BP_BauGrenze"),
    one("6.4.1.1", "SO_Gebiet", {"gebietsArt": "9999", "sonstGebietsArt": "x"}, {"gebietsArt": "1000", "sonstGebietsArt": "x"}),
    one("6.5.1.1", "SO_Grenze", {"sonstTyp": "x"}, {"typ": "1000", "sonstTyp": "x"}),
    example("6.5.3.1", good=(obj("SO_TextAbschnittFlaeche", refTextInhalt=ref("T")), text()), bad=obj("SO_TextAbschnittFlaeche")),
    # 7
    foreign("7.1.1.1", "RP"),
    bereiche("7.1.2.2", "RP"),
    *texts("7.1.4.1", "RP", "RP_Bodenschutz"),
    one("7.1.5.1", "RP_Bodenschutz", {"ebene": "1"}, {"ebene": "1", "flaechenschluss": "true"}),
    one("7.1.5.2", "RP_Bodenschutz", {}, {"position": MIXED}),
    # 8
    foreign("8.1.1.1", "LP"),
    one("8.1.1.2", "LP_Plan", {"planArt": "9999", "sonstPlanArt": "x"}, {"planArt": "1000", "sonstPlanArt": "x"}),
    one("8.1.1.3", "LP_Plan", {"gemeinde": None, "plangeber": data("XP_Plangeber", name="Meißen")}, {"gemeinde": None}),
    one("8.1.1.4", "LP_Plan", {"sonstVerfahrensDatum": "2026-11-02", "sonstVerfahrensText": "x"}, {"sonstVerfahrensDatum": "2026-11-02"}),
    bereiche("8.1.2.2", "LP"),
    *texts("8.1.3.1", "LP", "LP_ErholungFreizeit"),
    one("8.1.4.1", "LP_AllgGruenflaeche", {}, {"position": LINE}, versions="5.0-5.4"),
    one("8.1.5.1", "LP_ErholungFreizeit", {}, {"position": MIXED}, versions="5.0-5.2"),
    one("8.1.5.2", "LP_GenerischesObjekt", {"raumkonkretisierung": "5000"}, {"raumkonkretisierung": "5000", "position": OTHER_AREA}),
    one("8.1.6.1", "LP_Abgrenzung", {}, {"position": AREA}, versions="5.0-5.4"),
    one("8.2.2.1", "LP_ErholungFreizeit", {"funktion": "1000", "detaillierteFunktion": "x"}, {"funktion": "1000", "detaillierteFunktion": ["x", "y"]}, versions="5.0-5.4"),
    *(one(number, kind, {"typ": "1000", "detailTyp": "x"}, {"detailTyp": "x"}, versions="5.0-5.4") for number, kind in (("8.4.2.1", "LP_Bodenschutzrecht"), ("8.4.4.1", "LP_Forstrecht"), ("8.4.8.1", "LP_SonstigesRecht"), ("8.4.10.1", "LP_WasserrechtWirtschaftAbflussHochwSchutz"), ("8.4.11.1", "LP_WasserrechtSchutzgebiet"))),
    one("8.4.6.1", "LP_SchutzobjektInternatRecht", {"typ": "9999", "sonstTyp": "x"}, {"sonstTyp": "x"}, versions="5.0-5.4"),
    one("8.6.1.1", AREA_LP, {"artDerFestlegung": "1700", "gesetzlGeschBiotop": "1000"}, {"artDerFestlegung": "1700"}),
    *(one(number, AREA_LP, {name: "9999", EXPLANATIONS[name]: "x"}, {name: "9999"}) for number, name in EXPLAINED.items()),
    one("8.7.1.1", "LP_BiotopverbundBiotopvernetzung", {"rechtlicheSicherung": "9999", "rechtlicheSicherungText": "x"}, {"rechtlicheSicherung": "9999"}),
    one("8.7.2.1.1", "LP_Eingriffsregelung", {"eingriffsregelungFlaechenTyp": data("LP_EingriffsregelungKomplex", eRFlaechenArt="9999", eRFlaechenArtText="x")}, {"eingriffsregelungFlaechenTyp": data("LP_EingriffsregelungKomplex", eRFlaechenArt="9999")}),
    *(example(number, good=aims(name, kind, **{code: "9999", words: "x"}), bad=aims(name, kind, **{code: "9999"})) for number, (name, kind, code, words) in ZEM.items()),
    example("8.8.1.2.1", good=plant(bioVfPflanzenSystematik="9999", bioVfPflanzenSystematikText="x"), bad=plant(bioVfPflanzenSystematik="9999")),
    example("8.8.1.2.2", good=plant(bioVfPflanzenRechtlicherSchutz="9999", bioVfPflanzenRechtlicherSchutzText="x"), bad=plant(bioVfPflanzenRechtlicherSchutz="9999")),
    example("8.8.1.2.3", good=animal(bioVfTierArtName="Luchs"), bad=animal(bioVfTierArtName=None, bioVfTiereSystematik=None, bioVfTierArtRechtlicherSchutz="1000")),
    example("8.8.1.2.4", good=animal(bioVfTiereSystematik="9999", bioVfTiereSystematikText="x"), bad=animal(bioVfTiereSystematik="9999")),
    example("8.8.1.2.5", good=animal(bioVfTierArtName="Luchs", bioVfTierArtHabitatanforderung="9999", bioVfTierArtHabitatanforderungText="x"), bad=animal(bioVfTierArtName="Luchs", bioVfTierArtHabitatanforderung="9999")),
)  # fmt: skip
