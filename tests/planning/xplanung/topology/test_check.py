"""The checks together, on documents: which objects count, what is an error in which version, and where it lies."""

from datetime import date

import pytest
import shapely
from shapely import LineString, Point, box

from planning.xplanung.plans import PlanIndex
from planning.xplanung.topology import relations
from planning.xplanung.topology.check import GeometryCheck
from tests.factories import topology as sheets
from tests.factories.topology import bereich, checked, plan, rules, thing, things

GROUND = box(0, 0, 100, 100)
WEST, EAST = box(0, 0, 50, 100), box(50, 0, 100, 100)
FLUSH = "<xplan:flaechenschluss>true</xplan:flaechenschluss>"


def whole(*more: str, version: str = "6.0", day: date | None = None) -> list[str]:
    """Rules found in a plan of one Bereich, covered by two areas, and what else is given."""
    features = plan(GROUND), bereich(GROUND), *things([WEST, EAST]), *more
    return rules(checked(*features, version=version, day=day))


@pytest.mark.parametrize("version", ["4.1", "5.0", "5.4", "6.0", "6.1"])
def test_plan_that_fits_has_no_findings(version: str) -> None:
    assert whole(version=version) == []


def test_gap_is_a_warning_and_since_6_0_an_error() -> None:
    for version, severity in (("5.4", "warning"), ("6.0", "error")):
        (gap,) = checked(plan(GROUND), bereich(GROUND), *things([WEST]), version=version)
        assert (gap.rule, gap.severity, gap.gml_id) == ("topology.gap_bereich", severity, "BEREICH")
        assert float(gap.params["size"]) == 5000
        assert gap.point is not None
        assert sheets.moved(EAST).contains(Point(gap.point))


def test_overlap_names_both_and_its_place() -> None:
    (overlap,) = checked(plan(GROUND), bereich(GROUND), *things([WEST, box(40, 0, 100, 100)]))

    assert overlap.condition == "2.2.1.1"
    assert (overlap.rule, overlap.severity, overlap.gml_id, overlap.params["other"]) == ("topology.overlap", "error", "T0", "T1")  # fmt: skip
    assert float(overlap.params["size"]) == 1000
    assert sheets.moved(box(40, 0, 50, 100)).contains(Point(overlap.point or (0, 0)))


def test_missing_vertex_is_a_warning_at_whom_it_lacks() -> None:
    findings = checked(
        plan(GROUND), bereich(GROUND), *things([WEST, box(50, 0, 100, 40), box(50, 40, 100, 100)])
    )

    assert [(one.rule, one.severity, one.gml_id, one.point) for one in findings] == [
        ("topology.vertex", "warning", "T0", (400050.0, 5660040.0))
    ]


@pytest.mark.parametrize(
    "extra",
    [
        "",
        "<xplan:flaechenschluss>false</xplan:flaechenschluss>",
        f"<xplan:ebene>1</xplan:ebene>{FLUSH}",
        f"<xplan:ebene>-1</xplan:ebene>{FLUSH}",
    ],
)
def test_only_flush_objects_of_level_0_count(extra: str) -> None:
    assert whole(thing(box(20, 20, 80, 80), "OVER", extra=extra)) == []
    assert whole(thing(box(20, 20, 80, 80), "ON", extra=f"<xplan:ebene>0</xplan:ebene>{FLUSH}")) == ["topology.overlap"] * 2  # fmt: skip


def test_only_what_is_in_force_on_the_day_counts() -> None:
    until = "<xplan:endeBedingung><xplan:XP_WirksamkeitBedingung><xplan:datumAbsolut>2030-06-30</xplan:datumAbsolut></xplan:XP_WirksamkeitBedingung></xplan:endeBedingung>"
    later = until.replace("endeBedingung", "startBedingung").replace("2030-06-30", "2030-07-01")
    features = plan(GROUND), thing(GROUND, "NOW", of="", extra=FLUSH + until), thing(GROUND, "THEN", of="", extra=later + FLUSH)  # fmt: skip

    assert checked(*features, day=date(2030, 6, 30)) == []
    assert checked(*features, day=date(2030, 7, 1)) == []
    assert (
        rules(checked(*features[:2], day=date(2030, 7, 1))) == []
    )  # nothing is in force: nothing to cover with
    both = features[0], features[1], thing(GROUND, "ALSO", of="", extra=FLUSH)
    assert rules(checked(*both, day=date(2030, 6, 30))) == ["topology.overlap"]


def test_plan_without_flush_objects_needs_no_cover() -> None:
    assert checked(plan(GROUND), bereich(GROUND), thing(LineString([(1, 1), (9, 9)]), "L", extra="")) == []


def test_landscape_plans_need_no_cover() -> None:
    covered = (
        plan(GROUND, kind="LP"),
        thing(WEST, "A", of="", kind="LP_SchutzBestimmterTeileVonNaturUndLandschaft"),
    )
    assert checked(*covered) == []


def test_amending_plan_covers_its_bereich_only() -> None:
    amends = "<xplan:aendertPlan><xplan:XP_VerbundenerPlan><xplan:planName>A</xplan:planName></xplan:XP_VerbundenerPlan></xplan:aendertPlan>"

    assert checked(plan(GROUND, extra=amends), bereich(WEST), *things([WEST])) == []
    assert rules(checked(plan(GROUND), bereich(WEST), *things([WEST]))) == ["topology.gap_plan"]


def test_gap_in_a_bereich_is_not_said_again_for_the_plan() -> None:
    parts = [box(0, 0, 50, 90), EAST]
    features = plan(GROUND), bereich(WEST, gml_id="W"), bereich(EAST, gml_id="E"), thing(parts[0], "A", of="W"), thing(EAST, "B", of="E")  # fmt: skip

    assert [(one.rule, one.gml_id) for one in checked(*features)] == [("topology.gap_bereich", "W")]


def test_objects_of_several_bereiche_overlap_only_within_each() -> None:
    """Levels of one ground."""
    features = plan(GROUND), bereich(None, gml_id="L1"), bereich(None, gml_id="L2"), thing(GROUND, "A", of="L1"), thing(GROUND, "B", of="L2")  # fmt: skip

    assert checked(*features) == []


def test_flush_object_without_bereich_is_an_error_where_there_are_several() -> None:
    features = plan(GROUND), bereich(WEST, gml_id="W"), bereich(EAST, gml_id="E"), thing(WEST, "A", of="W"), thing(EAST, "B", of="")  # fmt: skip

    assert [(one.rule, one.gml_id) for one in checked(*features)] == [("topology.unassigned", "B")]
    assert checked(plan(GROUND), bereich(GROUND), thing(GROUND, "A", of="")) == []


@pytest.mark.parametrize(("by", "rule"), [(0.0009, []), (0.0011, ["topology.outside_bereich"])])
def test_objects_lie_within_their_bereich(by: float, rule: list[str]) -> None:
    assert whole(thing(box(90, 10, 100 + by, 20), "OUT", extra="")) == rule
    assert whole(thing(LineString([(90, 10), (100 + by, 20)]), "OUT", kind="BP_BauGrenze", extra="")) == rule


def test_object_may_lie_outside_of_bereich_and_plan_at_once() -> None:
    features = plan(GROUND), bereich(box(0, 0, 90, 100)), thing(box(80, 0, 110, 10), "OUT", extra="")

    assert [(one.rule, one.params["other"]) for one in checked(*features)] == [("topology.outside_bereich", "BEREICH"), ("topology.outside_plan", "PLAN")]  # fmt: skip


@pytest.mark.parametrize("kind", ["XP_PPO", "XP_PTO", "XP_Nutzungsschablone"])
def test_presentation_may_lie_anywhere(kind: str) -> None:
    assert whole(thing(Point(500, 500), "SIGN", kind=kind, extra="")) == []
    assert whole(thing(Point(500, 500), "TREE", kind="BP_AnpflanzungBindungErhaltung", extra="")) == ["topology.outside_bereich"]  # fmt: skip


def test_measures_may_lie_outside_since_5_3() -> None:
    measure = thing(LineString([(90, 50), (120, 50)]), "M", kind="BP_AbstandsMass", extra="")

    assert whole(measure, version="5.3") == []
    assert whole(measure, version="5.2") == ["topology.outside_bereich"]


@pytest.mark.parametrize(("version", "meaning", "free"), [("6.0", "1800", True), ("6.0", "2000", True), ("6.0", "1600", False), ("4.1", "1800", True), ("4.1", "2000", False)])  # fmt: skip
def test_compensation_lies_outside_the_plan(version: str, meaning: str, free: bool) -> None:
    far = box(500, 500, 600, 600)
    found = checked(plan(GROUND), bereich(GROUND), *things([WEST, EAST]), bereich(far, gml_id="FAR", meaning=meaning), thing(far, "A", of="FAR"), version=version)  # fmt: skip

    assert rules(found) == ([] if free else ["topology.outside_plan", "topology.bereich_outside"])


@pytest.mark.parametrize(("by", "rule"), [(0.0009, []), (0.0011, ["topology.bereich_outside"])])
def test_bereich_lies_within_the_plan(by: float, rule: list[str]) -> None:
    assert rules(checked(plan(GROUND), bereich(box(0, 0, 100 + by, 100)))) == rule


@pytest.mark.parametrize(("by", "rule"), [(0.0019, []), (0.0021, ["topology.bereiche_overlap"])])
def test_bereiche_of_a_plan_lie_beside_each_other(by: float, rule: list[str]) -> None:
    beside = bereich(box(0, 0, 50 + by, 100), gml_id="W"), bereich(EAST, gml_id="E")

    assert rules(checked(plan(GROUND), *beside)) == rule
    other = bereich(box(0, 0, 50 + by, 100), gml_id="W", meaning="3000")
    assert checked(plan(GROUND), other, beside[1]) == []  # another procedure: another matter


def test_plans_of_one_file_are_checked_each_by_itself() -> None:
    features = plan(GROUND), plan(GROUND, gml_id="P2"), bereich(GROUND), bereich(GROUND, gml_id="B2", of="P2"), thing(GROUND, "A"), thing(GROUND, "B", of="B2")  # fmt: skip

    assert checked(*features) == []


LIMIT = "<xplan:Z>2</xplan:Z>"


@pytest.mark.parametrize(
    ("version", "above", "extra", "count"),
    [
        ("6.0", box(10, 10, 40, 40), LIMIT, 1),
        ("6.0", box(50 - 0.0021, 10, 90, 40), LIMIT, 1),
        ("6.0", box(50 - 0.0019, 10, 90, 40), LIMIT, 0),
        ("6.0", box(10, 10, 40, 40), "<xplan:GRZ>0.4</xplan:GRZ>", 0),
        ("5.4", box(10, 10, 40, 40), LIMIT, 0),
    ],
)
def test_nothing_is_set_twice(version: str, above: shapely.Polygon, extra: str, count: int) -> None:
    ground = thing(WEST, "GROUND", extra=FLUSH + LIMIT)
    over = thing(above, "OVER", kind="BP_UeberbaubareGrundstuecksFlaeche", extra=extra)
    found = checked(plan(GROUND), bereich(GROUND), ground, thing(EAST, "REST"), over, version=version)

    assert [(one.rule, one.gml_id, one.params["properties"]) for one in found] == [("topology.doubled", "GROUND", "Z")] * count  # fmt: skip


def test_invalid_objects_are_repaired_before_they_are_compared() -> None:
    bow = shapely.Polygon([(0, 0), (50, 100), (50, 0), (0, 100)])
    found = checked(plan(GROUND), bereich(GROUND), thing(bow, "BOW"), thing(EAST, "E"))

    assert {"geometry.crossing", "topology.gap_bereich"} <= set(rules(found))


@pytest.mark.parametrize("position", ["", "<gml:Polygon/>", "<gml:MultiSurface/>", "<gml:Null/>"])
def test_objects_without_geometry_are_left_out(position: str) -> None:
    assert whole(thing(position, "NONE")) == []
    assert checked(plan(position), bereich(None), *things([WEST])) == []


def test_file_without_plan_or_geometry_has_no_findings() -> None:
    assert checked(thing(WEST, "A", of="")) == []
    assert checked(plan(""), bereich(None)) == []


def test_findings_lie_in_the_target_system_while_the_file_is_measured_in_its_own() -> None:
    """A neighbour's vertex in the middle of an edge of two kilometres: straight in the file, bent by four millimetres in the next zone."""

    def square(*points: tuple[float, float]) -> str:
        numbers = " ".join(f"{790000 + x} {5677000 + y}" for x, y in points)
        return f'<gml:Polygon srsName="EPSG:25832"><gml:exterior><gml:LinearRing><gml:posList>{numbers}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>'

    outline = square((0, 0), (2000, 0), (2000, 2000), (0, 2000), (0, 0))
    south = square((0, 0), (2000, 0), (2000, 1000), (0, 1000), (0, 0))
    north = square((0, 1000), (1000, 1000), (2000, 1000), (2000, 2000), (0, 2000), (0, 1000))
    found = checked(plan(outline), bereich(None), thing(south, "S"), thing(north, "N"))

    (vertex,) = found
    assert (vertex.rule, vertex.gml_id) == ("topology.vertex", "S")
    assert vertex.point is not None
    assert shapely.Point(vertex.point).distance(shapely.Point(371600, 5670400)) < 2000


def test_index_of_the_caller_is_used_and_not_filled() -> None:
    index = PlanIndex()
    check = GeometryCheck("6.0", index=index)

    assert check.finish() == []
    assert index.plans() == []


def test_findings_of_one_rule_are_limited() -> None:
    squares = [
        thing(box(200 + x, y, 201 + x, y + 1), f"A{x}_{y}", extra="")
        for x in range(0, 80, 2)
        for y in range(0, 60, 2)
    ]

    assert rules(checked(plan(GROUND), bereich(None), *squares)) == ["topology.outside_plan"] * 1000


def test_what_the_engine_gives_up_on_stops_no_other_check(monkeypatch: pytest.MonkeyPatch) -> None:
    def gives_up(*_arguments: object) -> None:
        raise shapely.errors.GEOSException("TopologyException: side location conflict")

    monkeypatch.setattr(relations, "gaps", gives_up)
    found = checked(
        plan(GROUND), bereich(GROUND), *things([WEST, WEST]), thing(box(90, 0, 110, 10), "OUT", extra="")
    )

    assert sorted(rules(found)) == ["topology.failed", "topology.outside_bereich", "topology.overlap"]
