"""Chapter 8: Landschaftsplan."""

from planning.xplanung.rules.families import (
    code_requires,
    geometry_is,
    geometry_not_mixed,
    needs_any,
    not_more_often,
    only_with,
    requires,
)
from planning.xplanung.rules.linked import belongs_to, refers_to, same_as_plan
from planning.xplanung.rules.rule import Rule, Unchecked, rule

_DETAIL = requires("detailTyp", "typ")
_AREA = "LP_SchutzBestimmterTeileVonNaturUndLandschaft"
_PLANTS, _ANIMALS = "LP_BioVfPflanzenArtKomplex", "LP_BioVfTiereArtKomplex"
_EXPLAINED = {  # number -> (type, property, the text that explains its code 9999)
    "8.6.1.2": (_AREA, "rechtsstandSchG", "rechtsstandSchGText"),
    "8.6.1.3": (_AREA, "gesetzlGeschBiotop", "gesetzlGeschBiotopText"),
    "8.6.1.4": (_AREA, "schutzzone", "schutzzonenText"),
    "8.7.1.1": ("LP_BiotopverbundBiotopvernetzung", "rechtlicheSicherung", "rechtlicheSicherungText"),
    "8.7.2.1.1": ("LP_EingriffsregelungKomplex", "eRFlaechenArt", "eRFlaechenArtText"),
    "8.8.1.1.1": ("LP_AdressatKomplex", "adressatArt", "adressatText"),
    "8.8.1.2.1": (_PLANTS, "bioVfPflanzenSystematik", "bioVfPflanzenSystematikText"),
    "8.8.1.2.2": (_PLANTS, "bioVfPflanzenRechtlicherSchutz", "bioVfPflanzenRechtlicherSchutzText"),
    "8.8.1.2.4": (_ANIMALS, "bioVfTiereSystematik", "bioVfTiereSystematikText"),
    "8.8.1.2.5": (_ANIMALS, "bioVfTierArtHabitatanforderung", "bioVfTierArtHabitatanforderungText"),
    "8.8.1.3.1": ("LP_BodenKomplex", "bodenAuspraegung", "bodenText"),
    "8.8.1.4.1": ("LP_ErholungKomplex", "erholungFunktionArt", "erholungFunktionText"),
    "8.8.1.5.1": ("LP_KlimaKomplex", "klimaArt", "klimaText"),
    "8.8.1.6.1": ("LP_LandschaftsbildKomplex", "landschaftsbildArt", "landschaftsbildText"),
    "8.8.1.7.1": ("LP_LuftKomplex", "luftArt", "luftText"),
    "8.8.1.8.1": ("LP_SchutzgutKomplex", "schutzgutArt", "schutzgutText"),
    "8.8.1.9.1": ("LP_SPEKomplex", "schutzPflegeEntwicklungTyp", "schutzPflegeEntwicklungText"),
    "8.8.1.10.1": ("LP_WasserKomplex", "wasserAuspraegung", "wasserText"),
    "8.8.1.11.1": ("LP_ZielDimNatSchLaPflKomplex", "zielDimensionTyp", "zielDimensionText"),
}

RULES: tuple[Rule, ...] = (
    # 8.1 Base
    rule("8.1.1.1", "5.0-6.1", "LP_Plan", refers_to("bereich", "LP_Bereich")),
    rule("8.1.1.2", "5.0-6.1", "LP_Plan", only_with("sonstPlanArt", "planArt", "9999", given=True)),
    rule("8.1.1.3", "6.0-6.1", "LP_Plan", needs_any("gemeinde", "plangeber")),
    rule("8.1.1.4", "6.0-6.1", "LP_Plan", requires("sonstVerfahrensDatum", "sonstVerfahrensText")),
    rule("8.1.2.1", "5.0-5.4", "LP_Bereich", Unchecked("no_such_property", {"type": "LP_Bereich", "name": "rasterAenderung"})),
    rule("8.1.2.2", "5.0-6.1", "LP_Bereich", belongs_to("LP_Plan")),
    rule("8.1.3.1", "5.0-5.2", "LP_Objekt", refers_to("refTextInhalt", "LP_TextAbschnitt")),
    rule("8.1.3.1", "5.3-5.4", "LP_Objekt", refers_to("refTextInhalt", "XP_TextAbschnitt")),
    rule("8.1.4.1", "5.0-5.4", "LP_Flaechenobjekt", geometry_is("area")),
    rule("8.1.4.1", "6.0", "LP_Flaechenobjekt", Unchecked("no_such_type", {"type": "LP_Flaechenobjekt"})),
    rule("8.1.5.1", "5.0-5.2", "LP_Geometrieobjekt", geometry_not_mixed()),
    rule("8.1.5.2", "6.0-6.1", "LP_Geometrieobjekt", same_as_plan("raumkonkretisierung", "5000")),
    rule("8.1.6.1", "5.0-5.4", "LP_Linienobjekt", geometry_is("line")),
    rule("8.1.7.1", "5.0-5.4", "LP_Punktobjekt", Unchecked("no_objects", {"type": "LP_Punktobjekt"})),
    # 8.2 and 8.4, up to 5.4
    rule("8.2.2.1", "5.0-5.4", "LP_ErholungFreizeit", not_more_often("detaillierteFunktion", "funktion")),
    rule("8.4.2.1", "5.0-5.4", "LP_Bodenschutzrecht", _DETAIL),
    rule("8.4.4.1", "5.0-5.4", "LP_Forstrecht", _DETAIL),
    rule("8.4.6.1", "5.0-5.4", "LP_SchutzobjektInternatRecht", only_with("sonstTyp", "typ", "9999", given=True)),
    rule("8.4.8.1", "5.0-5.4", "LP_SonstigesRecht", _DETAIL),
    rule("8.4.10.1", "5.0-5.4", "LP_WasserrechtWirtschaftAbflussHochwSchutz", _DETAIL),
    rule("8.4.11.1", "5.0-5.4", "LP_WasserrechtSchutzgebiet", _DETAIL),
    # 8.6 to 8.8, since 6.0
    rule("8.6.1.1", "6.0-6.1", _AREA, code_requires("artDerFestlegung", "1700", "gesetzlGeschBiotop")),
    rule("8.8.1.2.3", "6.0-6.1", _ANIMALS, needs_any("bioVfTierArtName", "bioVfTiereSystematik")),
    *(
        rule(number, "6.0-6.1", types, code_requires(name, "9999", text))
        for number, (types, name, text) in _EXPLAINED.items()
    ),
)  # fmt: skip
