"""Every entry of the list of things to draw makes a valid object, and a plan from nothing is valid before anything is drawn."""

import io

import pytest
import shapely
from lxml import etree

from planning.xplanung import palette
from planning.xplanung.palette import Founding, Setting
from planning.xplanung.reshaping import System
from planning.xplanung.scanner import Limits
from planning.xplanung.schema import schema
from planning.xplanung.structure import StructureCheck
from planning.xplanung.validation import validate
from tests.factories import xplanung as samples

SHAPES = {"area": shapely.box(400000, 5660000, 400010, 5660010), "line": shapely.LineString([(400000, 5660000), (400010, 5660000)]), "point": shapely.Point(400000, 5660000), "none": None}  # fmt: skip
SYSTEM = System(25833, "EPSG:25833")


@pytest.mark.parametrize("plan_type", ["BP", "FP"])
@pytest.mark.parametrize("version", [version for version in samples.VERSIONS if version >= "5.0"])
def test_every_kind_makes_a_valid_object(version: str, plan_type: str) -> None:
    facts = schema(version)
    kinds = palette.kinds_of(version, plan_type)
    usual = {"BP": {"wa", "building", "tree"}, "FP": {"housing", "forest"}}[plan_type]
    assert {*usual, "green", "community"} <= {kind.key for kind in kinds}
    assert len({kind.key.removesuffix("_5") for kind in kinds}) == len(kinds)
    for kind in kinds:
        _gml_id, raw = palette.made(
            kind, SHAPES[kind.shape], into=Setting(facts, SYSTEM, 25833, "B", plan_type), values={}
        )
        check = StructureCheck(facts)
        element = etree.fromstring(raw)
        check.element(element, line=1)
        assert check.findings == [], kind.key
        known = facts.feature_type(kind.feature_type)
        character = element.findtext("{*}rechtscharakter")
        if known and "rechtscharakter" in known.by_name:
            words = known.by_name["rechtscharakter"].values[str(character)]
            assert words.startswith({"BP": "Festsetzung", "FP": "Darstellung"}[plan_type])


def test_other_plans_are_not_drawn() -> None:
    assert [palette.kinds_of("6.0", plan_type) for plan_type in ("RP", "LP", "SO")] == [[], [], []]


@pytest.mark.parametrize("plan_type", ["BP", "FP"])
def test_a_plan_from_nothing_has_no_error(plan_type: str) -> None:
    area = shapely.box(400000, 5660000, 400010, 5660010)
    plan = Founding("Am <Weinberg> & Söhne", "7/26", (("14627140", "Meißen"),), area, 25833, plan_type)
    report = validate(io.BytesIO(palette.founded(plan)), srid=25833, limits=Limits(), documents={})
    assert [finding for finding in report.findings if finding.severity in ("error", "fatal")] == []
    assert report.structure_valid
    assert [(facts.name, facts.kind) for facts in report.plans] == [("Am <Weinberg> & Söhne", plan_type)]
