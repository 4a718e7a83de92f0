"""Which paragraph another Satzung rests on."""

from typing import Any

import pytest

from planning.xplanung.satzungen import Basis, basis_of_object, basis_of_plan


@pytest.mark.parametrize(
    ("plan_type", "properties", "name", "basis"),
    [
        ("BP", {"planArt": ["40001"]}, "Am Anger", Basis("34", True)),
        ("BP", {"planArt": ["1000", "5000"]}, "Am Anger", Basis("35", True)),
        (
            "BP",
            {"planArt": ["10001"]},
            "Sanierung der Altstadt",
            None,
        ),  # a name alone makes no Bebauungsplan a Satzung
        ("SO", {"planArt": "99"}, "Veränderungssperre zum Bebauungsplan 7", Basis("14", False)),
        (
            "SO",
            {"planArt": {"@text": "1100", "@codeSpace": "x"}},
            "Sanierungssatzung Altstadt",
            Basis("142", False),
        ),
        ("SO", {}, "ERHALTUNGSSATZUNG Triebischtal", Basis("172", False)),
        ("SO", {"versionSonstRechtsgrundlageText": "§ 25 BauGB"}, "Satzung Bahnhof", Basis("25", False)),
        ("SO", {}, "Baumschutzsatzung", None),
        ("FP", {}, "Flächennutzungsplan", None),
    ],
)
def test_basis_of_a_plan(plan_type: str, properties: dict[str, Any], name: str, basis: Basis | None) -> None:
    assert basis_of_plan(plan_type, properties, name=name) == basis


@pytest.mark.parametrize(
    ("feature_type", "properties", "basis"),
    [
        ("BP_Veraenderungssperre", {}, Basis("14", True)),
        ("SO_Gebiet", {"gebietsArt": "1100"}, Basis("142", True)),
        ("SO_Gebiet", {"gebietsArt": "17001"}, Basis("172", True)),
        ("SO_Gebiet", {"gebietsArt": "1300"}, None),
        ("BP_GruenFlaeche", {"gebietsArt": "1100"}, None),
    ],
)
def test_basis_of_an_object(feature_type: str, properties: dict[str, Any], basis: Basis | None) -> None:
    assert basis_of_object(feature_type, properties) == basis
