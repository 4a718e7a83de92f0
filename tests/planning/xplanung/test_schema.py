"""The schema facts: what other modules rely on, and that the tables fit themselves."""

import json
from pathlib import Path

import pytest

from planning.xplanung.schema import (
    PLAN_TYPES,
    VERSIONS,
    UnknownVersion,
    label,
    schema,
    value_label,
    version_of,
)
from planning.xplanung.schema.labels import _WRITTEN, readable, with_umlauts

FOLDER = Path(__file__).resolve().parents[3] / "planning" / "xplanung" / "schema"


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_has_the_five_plan_types(version: str) -> None:
    facts = schema(version)

    assert facts.namespace == "http://www.xplanung.de/xplangml/" + version.replace(".", "/")
    for name in PLAN_TYPES:
        found = facts.feature_type(name)
        assert found is not None
        assert found.is_a("XP_Plan")
        assert found.by_name["raeumlicherGeltungsbereich"].kind == "geometry"
        assert found.by_name["name"].kind == "text"


@pytest.mark.parametrize("version", VERSIONS)
def test_every_name_in_a_table_is_defined_in_it(version: str) -> None:
    table = json.loads((FOLDER / f"{version}.json").read_text(encoding="utf-8"))
    known = set(table["types"]) | set(table["simple"])

    def names(parts: list[dict[str, object]]) -> list[str]:
        inner = [name for part in parts for name in names(part.get("all", part.get("one", [])))]  # type: ignore[arg-type]
        return inner + [str(part["type"]) for part in parts if "type" in part]

    used = [str(fact["type"]) for fact in table["elements"].values()]
    used += [name for fact in table["types"].values() for name in names(fact.get("parts", []))]
    used += [str(fact["base"]) for fact in table["types"].values() if "base" in fact]
    assert [name for name in used if name not in known and not name.startswith("xs:")] == []
    assert [
        fact["head"]
        for fact in table["elements"].values()
        if "head" in fact and fact["head"] not in table["elements"]
    ] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_tables_stay_small(version: str) -> None:
    assert (FOLDER / f"{version}.json").stat().st_size < 500_000


def test_properties_come_in_schema_order_with_inherited_ones_first() -> None:
    found = schema("6.0").feature_type("BP_BaugebietsTeilFlaeche")

    assert found is not None
    names = [item.name for item in found.properties]
    assert (
        names.index("gehoertZuBereich")
        < names.index("rechtscharakter")
        < names.index("position")
        < names.index("flaechenschluss")
        < names.index("GFZ")
    )
    assert found.geometry_properties == ("position",)
    belongs = found.by_name["gehoertZuBereich"]
    assert (belongs.kind, belongs.minimum, belongs.maximum, belongs.targets) == (
        "reference",
        1,
        1,
        ("XP_Bereich",),
    )


def test_kinds_of_properties_are_told_apart() -> None:
    found = schema("6.0").feature_type("BP_BaugebietsTeilFlaeche")

    assert found is not None
    kinds = {
        name: found.by_name[name].kind
        for name in (
            "GFZ",
            "Fmin",
            "rechtscharakter",
            "sondernutzung",
            "detaillierteArtDerBaulNutzung",
            "dachgestaltung",
        )
    }
    assert kinds == {
        "GFZ": "text",
        "Fmin": "measure",
        "rechtscharakter": "code",
        "sondernutzung": "data",
        "detaillierteArtDerBaulNutzung": "codelist",
        "dachgestaltung": "data",
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_codes_have_german_labels(version: str) -> None:
    assert value_label(version, "BP_Plan.rechtsstand", "4000") == "In Kraft getreten"
    assert value_label(version, "BP_Plan.rechtsstand", "4711") == "4711"
    assert label(version, "BP_Plan") == "Bebauungsplan"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("enumeration", "code", "text"),
    [
        ("XP_BesondereArtDerBaulNutzung", "1200", "Allgemeines Wohngebiet"),
        ("XP_AllgArtDerBaulNutzung", "1000", "Wohnbaufläche"),
        ("XP_ArtHoehenbezugspunkt", "1000", "Traufhöhe"),  # "TH", but so is the Land
        ("XP_ArtHoehenbezugspunkt", "4000", "Sockelhöhe"),
        ("XP_Bundeslaender", "2500", "Thüringen"),
        ("XP_Sondernutzungen", "16002", "Sonstiger großflächiger Einzelhandel"),
    ],
)
def test_abbreviated_codes_are_spelled_out(version: str, enumeration: str, code: str, text: str) -> None:
    assert value_label(version, enumeration, code) == text


def test_version_comes_from_the_namespace() -> None:
    assert version_of("http://www.xplanung.de/xplangml/5/1") == "5.1"
    assert version_of("http://www.opengis.net/gml/3.2") is None
    with pytest.raises(UnknownVersion):
        schema("3.0")
    with pytest.raises(UnknownVersion):
        schema("../6.0")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("BP_BaugebietsTeilFlaeche", "Baugebietsteilfläche"),
        ("BP_BauGrenze", "Baugrenze"),
        ("BP_UeberbaubareGrundstuecksFlaeche", "Überbaubare Grundstücksfläche"),
        ("BP_StrassenVerkehrsFlaeche", "Straßenverkehrsfläche"),
        ("GFZmax", "Geschossflächenzahl, höchstens"),
        ("versionBauNVO", "Fassung der BauNVO"),
        ("raeumlicherGeltungsbereich", "Räumlicher Geltungsbereich"),
        ("BP_VerEntsorgung", "Ver- und Entsorgung"),
        ("neueQuelle", "Neue Quelle"),
        ("GRZ", "GRZ (Grundflächenzahl)"),
        ("_", "_"),
    ],
)
def test_names_become_readable(name: str, text: str) -> None:
    assert readable(name) == text


def test_umlauts_are_not_made_where_there_are_none() -> None:
    assert [
        with_umlauts(word) for word in ("neue", "Bauer", "Quelle", "aktuell", "Koeffizient", "Fuellung")
    ] == ["neue", "Bauer", "Quelle", "aktuell", "Koeffizient", "Füllung"]


def test_written_labels_name_only_what_the_standard_has() -> None:
    known = {
        "InkraftGetreten",
        "BPlan",
        "FPlan",
        "Paragraph13",
        "Paragraph13a",
        "XPlanAuszug",
    }  # codes and the root
    for version in VERSIONS:
        facts = schema(version)
        for name in facts.elements:
            known.add(name)
            found = facts.feature_type(name)
            known |= set(found.by_name) if found else set()
    assert set(_WRITTEN) <= known
