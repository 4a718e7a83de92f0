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


@pytest.mark.parametrize("version", [version for version in samples.VERSIONS if version >= "5.0"])
def test_every_kind_makes_a_valid_object(version: str) -> None:
    facts = schema(version)
    kinds = palette.kinds_of(version, "BP")
    assert {"wa", "building", "green", "tree"} <= {kind.key for kind in kinds}
    assert len({kind.key.removesuffix("_5") for kind in kinds}) == len(kinds)
    for kind in kinds:
        _gml_id, raw = palette.made(
            kind, SHAPES[kind.shape], into=Setting(facts, SYSTEM, 25833, "B"), values={}
        )
        check = StructureCheck(facts)
        check.element(etree.fromstring(raw), line=1)
        assert check.findings == [], kind.key


def test_only_a_bebauungsplan_is_drawn() -> None:
    assert palette.kinds_of("6.0", "FP") == []


def test_a_plan_from_nothing_has_no_error() -> None:
    plan = Founding("Am <Weinberg> & Söhne", "7/26", (("14627140", "Meißen"),), SHAPES["area"], 25833)  # type: ignore[arg-type]
    report = validate(io.BytesIO(palette.founded(plan)), srid=25833, limits=Limits(), documents={})
    assert [finding for finding in report.findings if finding.severity in ("error", "fatal")] == []
    assert report.structure_valid
    assert [facts.name for facts in report.plans] == ["Am <Weinberg> & Söhne"]
