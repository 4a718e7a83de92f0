"""Letters and the Nutzungsschablone, as planners write them."""

from typing import Any

import pytest

from planning.planzeichen.lettering import Cell, decimal, lettering_of, roman, short
from planning.planzeichen.presentation import Placed, placed

AREA = "BP_BaugebietsTeilFlaeche"


def cells_of(**properties: Any) -> list[tuple[str, str, str]]:
    return [(cell.text, cell.frame, cell.number) for cell in lettering_of(AREA, properties).cells]


def test_a_whole_template() -> None:
    properties = {
        "besondereArtDerBaulNutzung": "1200", "gliederung1": "2", "Z": "3", "GRZ": "0.40", "GFZ": "1.2", "bauweise": "1000",
        "bebauungsArt": "4000", "hoehenangabe": [{"@type": "XP_Hoehenangabe", "bezugspunkt": "2000", "hMax": {"@text": "9.5", "@uom": "m"}}],
    }  # fmt: skip
    lettering = lettering_of(AREA, properties)
    assert lettering.head == ("WA 2",)
    assert lettering.cells == (
        Cell("III", "", "2.7"),
        Cell("0,4", "", "2.5"),
        Cell("1,2", "kreis", "2.1"),
        Cell("o", "", "3.1"),
        Cell("ED", "dreieck", "3.1.4"),
        Cell("FH 9,5 m", "", "2.8"),
    )


@pytest.mark.parametrize(
    ("properties", "cells"),
    [
        ({"Zzwingend": "4"}, [("IV", "kreis", "2.7")]),
        ({"Zmin": "2", "Zmax": "3"}, [("II–III", "", "2.7")]),
        ({"Zmax": "2"}, [("II", "", "2.7")]),
        ({"BMZ": "3"}, [("3,0", "kasten", "2.3")]),
        ({"GRZmin": "0.2", "GRZmax": "0.4"}, [("0,2–0,4", "", "2.5")]),
        ({"GR": {"@text": "120", "@uom": "m2"}}, [("GR 120 m²", "", "2.6")]),
        ({"bauweise": "3000"}, [("a", "", "3.3")]),
        ({"GRZ": "NaN", "GFZ": "inf", "BMZ": "1e9", "Z": "-1"}, []),
        ({"GRZ": "<script>alert(1)</script>", "Z": "99999999999999999999"}, []),
        ({"Z": "٣"}, []),  # a digit, but of another script
    ],
)
def test_measures(properties: dict[str, Any], cells: list[tuple[str, str, str]]) -> None:
    assert cells_of(**properties) == cells


def test_a_special_area_says_what_it_is_for_and_homes_are_limited() -> None:
    clinic = {"@type": "BP_KomplexeSondernutzung", "allgemein": "23000"}
    assert lettering_of(AREA, {"besondereArtDerBaulNutzung": "2100", "sondernutzung": [clinic]}).head == (
        "SO",
        "KLINIK",
    )
    assert lettering_of(AREA, {"besondereArtDerBaulNutzung": "1100", "MaxZahlWohnungen": "2"}).head == (
        "WR",
        "2 Wo",
    )


def test_a_template_never_grows_beyond_its_rows() -> None:
    heights = [{"hMax": str(number)} for number in range(1, 50)]
    assert len(lettering_of(AREA, {"hoehenangabe": heights}).cells) == 8


@pytest.mark.parametrize(
    ("text", "numeral"),
    [("1", "I"), ("4", "IV"), ("9", "IX"), ("14", "XIV"), ("60", "XXXXXX"), ("0", ""), ("61", ""), ("x", "")],
)
def test_roman(text: str, numeral: str) -> None:
    assert roman(text) == numeral


@pytest.mark.parametrize(("text", "shown"), [("0.40", "0,4"), ("12", "12"), ("-1.50", "-1,5"), ("nan", ""), ("1,5", "")])  # fmt: skip
def test_decimal(text: str, shown: str) -> None:
    assert decimal(text) == shown


def test_a_long_text_is_cut() -> None:
    assert len(short("x" * 100_000)) == 24


TARGET = {"@href": "#GML_1"}
OBJECT = {
    "besondereArtDerBaulNutzung": "1200", "GRZ": "0.4", "Z": "2", "bauweise": "2000", "bebauungsArt": "1000", "MaxZahlWohnungen": "3",
    "hoehenangabe": [{"bezugspunkt": "6000", "h": {"@text": "9.5", "@uom": "m"}}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "properties", "found"),
    [
        (
            "XP_Nutzungsschablone",
            {"drehwinkel": {"@text": "30"}, "skalierung": "1.5"},
            ("template", "", 30, 1.5),
        ),
        ("XP_PPO", {}, ("signs", "", 0, 1)),
        ("XP_PTO", {"schriftinhalt": "Elbweg"}, ("text", "Elbweg", 0, 1)),
        ("XP_PTO", {"art": ["besondereArtDerBaulNutzung"]}, ("text", "WA", 0, 1)),
        ("XP_PTO", {"art": ["xplan:Z[1]"]}, ("text", "II", 0, 1)),
        ("XP_PTO", {"art": ["GRZ"]}, ("text", "GRZ 0,4", 0, 1)),
        ("XP_PPO", {"art": ["Z"]}, ("text", "II", 0, 1)),
        ("XP_PPO", {"art": ["xplan:bebauungsArt"]}, ("text", "E", 0, 1, "dreieck")),
        (
            "XP_PPO",
            {"art": ["xplan:hoehenangabe[1]/xplan:XP_Hoehenangabe/xplan:h"]},
            ("text", "GH 9,5 m", 0, 1),
        ),
        ("XP_PPO", {"art": ["MaxZahlWohnungen"]}, ("text", "3 Wo", 0, 1)),
        ("XP_PPO", {"art": ["zweckbestimmung"]}, ("signs", "", 0, 1)),
        ("XP_PPO", {"art": ["unbekannt"]}, None),
        ("XP_PTO", {"art": ["bauweise"]}, ("text", "g", 0, 1)),
        ("XP_PTO", {"art": ["unbekannt"]}, None),
        ("XP_PPO", {"drehwinkel": "NaN", "skalierung": "-3"}, ("signs", "", 0, 1)),
        ("XP_PPO", {"skalierung": "1e300"}, ("signs", "", 0, 5)),
    ],
)
def test_presentation_objects(kind: str, properties: dict[str, Any], found: tuple[Any, ...] | None) -> None:
    result = placed(kind, {**properties, "dientZurDarstellungVon": [TARGET]}, (10, 20), of=OBJECT)
    wanted = Placed(found[0], 10, 20, "GML_1", *found[1:]) if found else None
    assert result == wanted


def test_a_sign_of_an_unknown_object_is_left_out() -> None:
    assert placed("XP_PPO", {"dientZurDarstellungVon": [TARGET]}, (0, 0), of=None) is None


@pytest.mark.parametrize(
    ("feature_type", "properties", "text"),
    [
        ("BP_GruenFlaeche", {"nutzungsform": "1000"}, "privat"),
        ("BP_GruenFlaeche", {"nutzungsform": "2000"}, "öffentlich"),
        ("BP_Wegerecht", {"typ": "5000"}, "G F L"),  # 4.x and 5.x: one code for all
        ("BP_Wegerecht", {"typ": ["4000", "1000"]}, "G L"),  # 6.x: several codes
        ("BP_Immissionsschutz", {"laermpegelbereich": "1200"}, "LPB III"),
        ("BP_AbstandsMass", {"wert": {"@text": "13.50", "@uom": "m"}}, "13,5"),
    ],
)
def test_labels_of_one_property(feature_type: str, properties: dict[str, Any], text: str) -> None:
    assert lettering_of(feature_type, properties).cells == (Cell(text),)


@pytest.mark.parametrize("feature_type", ["BP_GruenFlaeche", "BP_Wegerecht", "BP_Immissionsschutz", "BP_AbstandsMass", "", "BP"])  # fmt: skip
def test_no_label_without_a_known_code(feature_type: str) -> None:
    for value in (None, "", "9999", "NaN", {"@text": "x"}):
        properties = dict.fromkeys(("nutzungsform", "typ", "laermpegelbereich", "wert"), value)
        assert lettering_of(feature_type, {**properties, "wert": "NaN"}).cells == ()
