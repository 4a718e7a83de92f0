"""How the check runs: any order, few findings of one kind, where and about what they are, how long it takes."""

import io
import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from shapely import Point, box

from planning.xplanung.findings import MOST_OF_A_RULE, Finding
from planning.xplanung.reader import FeatureRecord, Reader
from planning.xplanung.rules import SemanticCheck
from planning.xplanung.schema import schema
from tests.planning.xplanung.rules.building import LINE, Obj, data, document, obj, ref, text

ZONE = "BP_BaugebietsTeilFlaeche"


def records(version: str, *objects: Obj) -> list[FeatureRecord]:
    reader = Reader(io.BytesIO(document(version, objects)), srid=25833)
    return [record for batch in reader.batches() for record in batch]


def run(version: str, read: Iterable[FeatureRecord]) -> list[Finding]:
    check = SemanticCheck(version)
    for record in read:
        check.add(record)
    return check.finish()


def test_finding_says_where_and_about_what() -> None:
    read = records("6.0", obj(ZONE, "HERE", abweichendeBauweise="x", bauweise="1000"))
    (finding,) = run("6.0", read)
    assert (finding.condition, finding.rule, finding.severity) == (
        "4.5.1.4",
        "semantic.only_with_or_none",
        "error",
    )
    assert finding.gml_id == "HERE"
    assert finding.line == next(record.line for record in read if record.gml_id == "HERE")
    assert finding.point is not None
    assert box(400000, 5660000, 400100, 5660100).contains(Point(finding.point))
    assert finding.params["name"] == "Abweichende Bauweise (abweichendeBauweise)"
    assert finding.params["object"] == "Baugebietsteilfläche (BP_BaugebietsTeilFlaeche)"
    assert finding.params["found"] == "1000 (Offene Bauweise)"
    assert all(str(value) in finding.message for value in finding.params.values())


def test_finding_in_a_data_type_names_the_object_that_holds_it() -> None:
    height = data("XP_Hoehenangabe", bezugspunkt="1000", h="3")
    (finding,) = run("6.0", records("6.0", obj(ZONE, hoehenangabe=height)))
    assert finding.condition == "3.2.3.3"
    assert (
        finding.params["object"]
        == "Baugebietsteilfläche (BP_BaugebietsTeilFlaeche) › Höhenangabe (XP_Hoehenangabe)"
    )


def test_data_types_are_reached_in_data_types() -> None:
    roof = data("BP_Dachgestaltung", dachform="1000", hoehenangabe=data("XP_Hoehenangabe", hMax="3"))
    assert [item.condition for item in run("6.0", records("6.0", obj(ZONE, dachgestaltung=roof)))] == [
        "3.2.3.3"
    ]


def test_missing_back_reference_is_found_at_the_object_that_lacks_it() -> None:
    drawn, sign = obj(ZONE, "DRAWN"), obj("XP_PPO", "SIGN", art="text", dientZurDarstellungVon=ref("DRAWN"))
    (finding,) = run("5.4", records("5.4", drawn, sign))
    assert (finding.condition, finding.gml_id, finding.params["source"]) == ("3.1.3.4", "DRAWN", "SIGN")


def test_what_the_standard_only_advises_is_a_warning() -> None:
    plan = obj("BP_Plan", "PLAN", inkrafttretensDatum="2026-11-02Z")
    assert [(each.condition, each.severity) for each in run("5.4", records("5.4", plan))] == [
        ("2.1.4", "warning")
    ]
    assert [(each.condition, each.severity) for each in run("6.0", records("6.0", plan))] == [
        ("2.1.4", "error")
    ]


MISTAKES = (
    obj("BP_Plan", "PLAN", texte=ref("T"), bereich=ref("B")),
    obj("BP_Bereich", "B", texte=ref("T"), gehoertZuPlan=ref("PLAN")),
    text(),
    obj("BP_WohngebaeudeFlaeche", "W"),
    obj(ZONE, "Z", wirdAusgeglichenDurchFlaeche=ref("W"), hoehenangabe=data("XP_Hoehenangabe", hoehenbezug="3000", hMax="3")),
    obj("SO_Gebiet", "G", vonGenehmigungAusgenommen="true"),
)  # fmt: skip


def test_order_of_the_objects_does_not_matter() -> None:
    read = records("6.0", *MISTAKES)
    forth, back = (
        {(each.condition, each.gml_id) for each in run("6.0", order)} for order in (read, reversed(read))
    )
    assert (
        forth
        == back
        == {("3.2.1.2", "T"), ("4.5.20.3", "W"), ("4.1.3.1", "Z"), ("3.2.3.2", "Z"), ("6.1.3.16", "G")}
    )


def test_reference_that_leads_nowhere_is_left_to_the_reader() -> None:
    lost = obj(ZONE, wirdAusgeglichenDurchFlaeche=ref("NOWHERE"), gehoertZuBereich=ref("LOST"))
    bereich = obj("BP_Bereich", "B", gehoertZuPlan=ref("NOWHERE"))
    assert run("6.0", records("6.0", lost, bereich)) == []


def test_each_object_is_judged_by_its_own_plan() -> None:
    """Two plans in a file, one of them a sectoral plan for dwellings."""
    dwellings = [
        obj("BP_Plan", "P1", planArt="10002", bereich=ref("B1")),
        obj("BP_Bereich", "B1", gehoertZuPlan=ref("P1")),
    ]
    other = [
        obj("BP_Plan", "P2", planArt="1000", bereich=ref("B2")),
        obj("BP_Bereich", "B2", gehoertZuPlan=ref("P2")),
    ]
    areas = [obj("BP_WohngebaeudeFlaeche", f"W{each}", gehoertZuBereich=ref(f"B{each}")) for each in (1, 2)]
    found = run("6.0", records("6.0", *dwellings, *other, *areas))
    assert [(each.condition, each.gml_id) for each in found] == [("4.5.20.3", "W2")]


def test_a_broken_export_does_not_flood_the_report() -> None:
    many = [
        obj("BP_WaldFlaeche", f"W{each}", position=LINE, flaechenschluss="true")
        for each in range(MOST_OF_A_RULE + 50)
    ]
    found = run("6.0", records("6.0", *many, obj(ZONE, abweichendeBauweise="x", bauweise="1000")))
    assert len([each for each in found if each.condition == "4.1.4.2"]) == MOST_OF_A_RULE
    assert "4.5.1.4" in {each.condition for each in found}


def test_foreign_objects_are_left_alone() -> None:
    (record, *_others) = records("6.0", obj(ZONE))
    record.feature_type = "Something"
    assert run("6.0", [record]) == []


def test_6_1_is_judged_by_what_6_0_demands_but_not_where_it_has_changed() -> None:
    wrong = records("6.1", obj(ZONE, abweichendeBauweise="x", bauweise="1000"))
    assert [each.condition for each in run("6.1", wrong)] == ["4.5.1.4"]
    mixed = [data("BP_KomplexeSondernutzung", allgemein=code) for code in ("1500", "3000")]
    assert run("6.1", records("6.1", obj(ZONE, sondernutzung=mixed))) == []


@pytest.mark.parametrize("version", ["4.1", "5.4", "6.0", "6.1"])
def test_rules_cost_less_than_the_reading(version: str) -> None:
    values = {"GFZ": "0.6", "GRZ": "0.3", "Z": "2", "bauweise": "1000", "besondereArtDerBaulNutzung": "1200"}
    height = data("XP_Hoehenangabe", hoehenbezug="1000", bezugspunkt="1000", hMin="3", hMax="9")
    kinds = ["BP_BauGrenze", "BP_WaldFlaeche", "BP_VerEntsorgung", "BP_GenerischesObjekt"]
    zones = [obj(ZONE, f"Z{each}", hoehenangabe=height, **values) for each in range(1500)]
    others = [obj(kinds[each % 4], f"O{each}") for each in range(1500)]
    start = time.process_time()
    read = records(version, *zones, *others)
    reading = time.process_time() - start
    SemanticCheck(version)  # reads the facts and compiles the rules, once per process
    start = time.process_time()
    found = run(version, read)
    spent = time.process_time() - start
    assert found == []
    assert spent < reading


ODD: tuple[Any, ...] = ("", "x", [], ["x", "x"], {}, {"@text": "x"}, {"@href": "#"}, {"@href": "http://x/y#z"}, {"@type": "XP_Hoehenangabe"}, {"@items": [{"@type": "XP_Gemeinde"}]}, {"@geometry": "Polygon"}, {"@geometry": "Torus"})  # fmt: skip


@pytest.mark.parametrize("version", ["4.0", "5.2", "6.0", "6.1"])
def test_properties_of_any_shape_are_read(version: str) -> None:
    """Whatever a broken file puts where a value belongs, the check goes on."""
    facts = schema(version)
    check = SemanticCheck(version)
    (sample, *_others) = records(version, obj(ZONE))
    for declared in facts.feature_types():
        for odd in ODD:
            values = {item.name: odd for item in declared.properties}
            check.add(replace(sample, gml_id=declared.name, feature_type=declared.name, properties=values))
    assert all(finding.message for finding in check.finish())
