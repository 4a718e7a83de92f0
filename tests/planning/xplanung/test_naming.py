"""Objects told from their neighbours by what the file says of them."""

from typing import Any

import pytest

from planning.xplanung.naming import group_label, object_label
from planning.xplanung.schema import VERSIONS


def purpose(kind: str, code: str, words: str = "") -> dict[str, str]:
    return {"@type": kind, "allgemein": code} | ({"textlicheErgaenzung": words} if words else {})


GREEN = "BP_KomplexeZweckbestGruen"


@pytest.mark.parametrize(
    ("feature_type", "properties", "words"),
    [
        ("BP_GruenFlaeche", {}, "Grünfläche"),
        ("BP_GruenFlaeche", {"zweckbestimmung": [purpose(GREEN, "1000")]}, "Grünfläche: Parkanlage"),
        (
            "BP_GruenFlaeche",
            {"zweckbestimmung": [purpose(GREEN, "1000", "Stadtgarten"), purpose(GREEN, "1600")]},
            "Grünfläche: Parkanlage (Stadtgarten), Spielplatz",
        ),
        (
            "BP_GruenFlaeche",
            {"zweckbestimmung": [purpose(GREEN, "1600", "Spielplatz am Anger")]},
            "Grünfläche: Spielplatz am Anger",
        ),
        (
            "BP_BaugebietsTeilFlaeche",
            {
                "aufschrift": "WA 1",
                "allgArtDerBaulNutzung": "1000",
                "besondereArtDerBaulNutzung": "1200",
                "GRZ": "0.3",
                "hoehenangabe": [{"@type": "XP_Hoehenangabe", "h": {"@text": "12.5", "@uom": "m"}}],
            },
            "Baugebietsteilfläche: WA 1, Allgemeines Wohngebiet, GRZ 0,3, 12,5 m",
        ),
        (
            "BP_Immissionsschutz",
            {"laermpegelbereich": "1300"},
            "Immissionsschutz: Lärmpegelbereich IV",
        ),
        (
            "BP_AnpflanzungBindungErhaltung",
            {"massnahme": "2000", "gegenstand": ["1000", "2000"], "pflanzenArt": "Stieleiche"},
            "Anpflanzung, Bindung, Erhaltung: Anpflanzung, Bäume, Sträucher, Stieleiche",
        ),
        ("SO_Strassenverkehr", {"name": "Uferweg", "einteilung": "1400"}, "Straßenverkehr: Uferweg, Gemeindestraße"),
        ("BP_Plan", {"name": "Bebauungsplan Elbauen"}, "Bebauungsplan Elbauen"),
        ("BP_BauGrenze", {"text": "Vorsprünge sind zulässig."}, "Baugrenze: Vorsprünge sind zulässig."),
        ("XP_TextAbschnitt", {"schluessel": "1.2", "text": "Dächer sind zu begrünen."}, "Textabschnitt: 1.2, Dächer sind zu begrünen."),
        ("BP_GruenFlaeche", {"zweckbestimmung": ["9"]}, "Grünfläche: 9"),
        ("BP_Unbekannt", {"zweckbestimmung": "1000"}, "Unbekannt: 1000"),
    ],
)  # fmt: skip
def test_label_says_kind_name_purpose_and_measure(
    feature_type: str, properties: dict[str, Any], words: str
) -> None:
    assert object_label("6.0", feature_type, properties) == words


def test_legend_groups_by_purpose_and_leaves_out_what_is_the_object_s_own() -> None:
    stated = {"name": "Stadtgarten", "zweckbestimmung": [purpose(GREEN, "1000", "Stadtgarten")]}
    assert group_label("6.0", "BP_GruenFlaeche", stated) == "Grünfläche: Parkanlage"
    area = {"besondereArtDerBaulNutzung": "1700", "GRZ": "0.8", "aufschrift": "GE 1"}
    assert group_label("6.0", "BP_BaugebietsTeilFlaeche", area) == "Baugebietsteilfläche: Gewerbegebiet"


def test_long_text_is_cut_between_words() -> None:
    label = object_label("6.0", "BP_BauLinie", {"text": "Zulässig sind " + "Vordächer " * 20})
    assert label.endswith("Vordächer …")
    assert len(label) <= len("Baulinie: ") + 62


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("odd", [None, "", [], {}, {"@nilReason": "unknown"}, [{"@href": "#x"}], {"@geometry": "Point"}])  # fmt: skip
def test_no_odd_value_breaks_a_label(version: str, odd: object) -> None:
    names = ("name", "text", "zweckbestimmung", "GRZ", "hoehenangabe", "besondereArtDerBaulNutzung")
    assert object_label(version, "BP_GruenFlaeche", dict.fromkeys(names, odd)) == "Grünfläche"
