"""The demo's plans are valid, complete and drawn without gaps."""

import io
from pathlib import Path

import pytest
import shapely
from lxml import etree

from planning.xplanung.validation import validate
from twin.demo.geography import boundaries
from twin.demo.plans.gml import GML, XLINK, XPLAN, Feature
from twin.demo.plans.library import SHEETS, document
from twin.demo.plans.sheet import features

SCHEMA = "xplan/ref/xsd/XPlanGML_6_0/XPlanung-Operationen.xsd"
MILLIMETRE = 0.001

slugs = pytest.mark.parametrize("slug", sorted(SHEETS))


def drawn(slug: str) -> list[Feature]:
    return features(SHEETS[slug]())


def objects(slug: str) -> list[Feature]:
    return [f for f in drawn(slug) if "gehoertZuBereich" in f.properties]


def test_there_are_three_bebauungsplaene_and_a_flaechennutzungsplan() -> None:
    assert sorted(make().kind for make in SHEETS.values()) == ["BP", "BP", "BP", "FP"]
    assert all(name == make().slug for name, make in SHEETS.items())


@slugs
def test_plan_is_valid_against_the_schema(slug: str, shared_data: Path) -> None:
    schema = etree.XMLSchema(etree.parse(shared_data / SCHEMA))
    schema.assertValid(etree.fromstring(document(slug)))


@slugs
def test_plan_has_no_error_in_any_stage_of_our_own_check(slug: str) -> None:
    report = validate(io.BytesIO(document(slug)), srid=25833)
    assert [one for one in report.findings if one.severity in {"fatal", "error"}] == []
    assert report.valid


@slugs
def test_plan_has_forty_objects_or_more(slug: str) -> None:
    assert len(objects(slug)) >= 40


@slugs
def test_areas_meet_without_gap_or_overlap(slug: str) -> None:
    plan = drawn(slug)[0].geometry
    closing = [f.geometry for f in objects(slug) if f.closes]
    assert plan is not None
    assert shapely.coverage_is_valid(closing)
    assert shapely.equals(shapely.coverage_union_all(closing), plan)
    assert min(shapely.area(closing)) > 1  # square metre; no slivers


@slugs
def test_every_geometry_is_valid_and_lies_in_the_plan(slug: str) -> None:
    listed = drawn(slug)
    assert listed[0].geometry is not None
    scope = listed[0].geometry.buffer(MILLIMETRE)
    for feature in listed:
        if feature.geometry is not None:
            assert feature.geometry.is_valid, feature.key
            assert scope.covers(feature.geometry), feature.key


@slugs
def test_plan_lies_in_its_municipalities(slug: str) -> None:
    sheet = SHEETS[slug]()
    territory = shapely.coverage_union_all([boundaries()[place.ags] for place in sheet.places])
    plan = features(sheet)[0].geometry
    assert plan is not None
    assert territory.buffer(2 * MILLIMETRE).covers(plan)


@slugs
def test_buildings_stay_inside_their_areas(slug: str) -> None:
    plots = shapely.union_all(
        [f.geometry for f in objects(slug) if f.closes and f.kind.startswith(("BP_Bau", "BP_Gem"))]
    )
    for feature in objects(slug):
        if feature.kind == "BP_UeberbaubareGrundstuecksFlaeche":
            assert feature.closes is False
            assert plots.contains(feature.geometry), feature.key


@slugs
def test_every_reference_resolves_and_every_id_is_unique(slug: str) -> None:
    root = etree.fromstring(document(slug))
    ids = [element.get(f"{{{GML}}}id") for element in root.iter() if element.get(f"{{{GML}}}id")]
    targets = {
        str(element.get(f"{{{XLINK}}}href")) for element in root.iter() if element.get(f"{{{XLINK}}}href")
    }
    assert len(ids) == len(set(ids))
    assert targets <= {f"#{name}" for name in ids}


@slugs
def test_plan_says_that_it_is_a_demo(slug: str) -> None:
    root = etree.fromstring(document(slug))
    names = [element.text or "" for element in root.iter(f"{{{XPLAN}}}name")]
    assert "Demo" in names[0]
    assert all("Demo" in (element.text or "") for element in root.iter(f"{{{XPLAN}}}text"))


@slugs
def test_file_is_the_same_in_every_run(slug: str) -> None:
    assert document(slug) == document(slug)
