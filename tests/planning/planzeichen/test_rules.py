"""Which Planzeichen an object gets, in the words of each version."""

from typing import Any

import pytest

from planning.planzeichen.rules import Shape, look_of

GREEN = {"@type": "BP_KomplexeZweckbestGruen", "allgemein": "1600"}


@pytest.mark.parametrize(
    ("feature_type", "properties", "base", "signs"),
    [
        ("BP_BaugebietsTeilFlaeche", {"besondereArtDerBaulNutzung": "1200"}, "1.1.3", ()),
        ("BP_BaugebietsTeilFlaeche", {"allgArtDerBaulNutzung": "3000"}, "1.3", ()),
        ("BP_BaugebietsTeilFlaeche", {"besondereArtDerBaulNutzung": "9999", "allgArtDerBaulNutzung": "1000"}, "1.1", ()),
        ("BP_BaugebietsTeilFlaeche", {}, "bauflaeche", ()),
        ("BP_BaugebietsTeilFlaeche", {"besondereArtDerBaulNutzung": ["1450"]}, "1.2.2", ()),
        ("FP_BebauungsFlaeche", {"allgArtDerBaulNutzung": "4000"}, "1.4", ()),
        ("BP_GruenFlaeche", {"zweckbestimmung": [GREEN]}, "9", ("9-spielplatz",)),  # 6.x
        ("BP_GruenFlaeche", {"zweckbestimmung": ["1000", "16000"]}, "9", ("9-spielplatz", "9-parkanlage")),  # 5.x, the finer first
        ("BP_GemeinbedarfsFlaeche", {"zweckbestimmung": ["2400"], "besondereZweckbestimmung": ["24000"]}, "4.1", ("4.1-feuerwehr",)),  # 4.x
        ("BP_GemeinbedarfsFlaeche", {"zweckbestimmung": ["12000"]}, "4.1", ("4.1-schule",)),
        ("BP_StrassenVerkehrsFlaeche", {}, "6.1", ()),
        ("BP_VerkehrsflaecheBesondererZweckbestimmung", {"zweckbestimmung": ["1000"]}, "6.3", ("6.3-parken",)),
        ("SO_Strassenverkehr", {"artDerFestlegung": [{"@type": "x", "allgemein": "14002"}]}, "6.3", ("6.3-fussgaenger",)),
        ("SO_Strassenverkehr", {}, "6.1", ()),
        ("FP_Strassenverkehr", {"zweckbestimmung": ["1000"]}, "5.1.1", ()),
        ("SO_Schienenverkehrsrecht", {"artDerFestlegung": "1000"}, "5.2.1", ()),
        ("FP_Gewaesser", {"zweckbestimmung": ["1000"]}, "10.1", ("10.1-H",)),
        ("SO_Gewaesser", {"artDerFestlegung": [{"@type": "x", "allgemein": "1000"}]}, "10.1", ()),
        ("SO_Wasserrecht", {"artDerFestlegung": "20000"}, "10.2", ("10.2-Ü",)),
        ("BP_AnpflanzungBindungErhaltung", {"massnahme": "2000", "gegenstand": ["2000"]}, "13.2.1", ("13.2.1-strauch",)),
        ("BP_AnpflanzungBindungErhaltung", {"massnahme": "3000", "gegenstand": ["1000"]}, "13.2.2", ("13.2.2-baum",)),
        ("BP_KennzeichnungsFlaeche", {"zweckbestimmung": ["4000"]}, "15.12", ()),
        ("BP_NebenanlagenFlaeche", {"zweckbestimmung": [{"@type": "x", "allgemein": "2000"}]}, "15.3", ("15.3-Ga",)),
        ("SO_Gebiet", {"gebietsArt": "1700"}, "14.1", ("14.1-E",)),
        ("BP_Unbekannt", {}, "hinweis", ()),
    ],
)  # fmt: skip
def test_an_area_gets_its_symbol_and_signs(
    feature_type: str, properties: dict[str, Any], base: str, signs: tuple[str, ...]
) -> None:
    look = look_of(feature_type, properties, "area")
    assert (look.base, look.signs) == (base, signs)


@pytest.mark.parametrize(
    ("feature_type", "properties", "shape", "base"),
    [
        ("BP_BauGrenze", {}, "line", "3.5"),
        ("BP_BauLinie", {}, "line", "3.4"),
        ("BP_StrassenbegrenzungsLinie", {}, "line", "6.2"),
        ("BP_NutzungsartenGrenze", {}, "line", "15.14"),
        ("BP_BereichOhneEinAusfahrtLinie", {"typ": "3000"}, "line", "6.4-ohne"),
        ("BP_Strassenkoerper", {"typ": "3000"}, "line", "15.9-mauer"),
        ("BP_AnpflanzungBindungErhaltung", {"massnahme": "2000"}, "line", "13.2.1-linie"),
        (
            "BP_AnpflanzungBindungErhaltung",
            {"massnahme": "2000", "gegenstand": ["1000"]},
            "point",
            "13.2.1-baum",
        ),
        (
            "BP_AnpflanzungBindungErhaltung",
            {"massnahme": "1000", "gegenstand": ["1000"]},
            "point",
            "13.2.2-baum",
        ),
        ("BP_VerEntsorgung", {"zweckbestimmung": ["10001"]}, "point", "7-elektrizitaet"),
        ("BP_VerEntsorgung", {}, "line", "8-unten"),
        ("BP_EinfahrtPunkt", {"typ": "1000"}, "point", "6.4-einfahrt"),
        ("SO_Denkmalschutzrecht", {"artDerFestlegung": "1100"}, "point", "14.3"),
        ("SO_Schienenverkehrsrecht", {"artDerFestlegung": "1000"}, "line", "5.2.2"),
    ],
)
def test_lines_and_points_have_symbols_of_their_own(
    feature_type: str, properties: dict[str, Any], shape: Shape, base: str
) -> None:
    assert look_of(feature_type, properties, shape).base == base


@pytest.mark.parametrize(
    "value", [None, [], {}, "", "NaN", ["x" * 10_000], {"@type": "x"}, [[["1200"]]], 1200]
)
def test_odd_values_do_no_harm(value: Any) -> None:
    properties = {"besondereArtDerBaulNutzung": value, "zweckbestimmung": value, "massnahme": value}
    for kind in ("BP_BaugebietsTeilFlaeche", "BP_GruenFlaeche", "BP_AnpflanzungBindungErhaltung", "BP_", "B"):
        assert look_of(kind, properties, "area").base
