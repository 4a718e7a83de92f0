"""GML geometries against closed formulas, and the ways in which they can be wrong."""

import io
import math
import random

import numpy as np
import pytest
import shapely
from lxml import etree
from shapely.geometry.base import BaseGeometry

from planning.xplanung import arcs
from planning.xplanung.findings import Finding
from planning.xplanung.geometry import BadGeometry, Drawing, draw
from planning.xplanung.gml import to_gml
from planning.xplanung.reader import Reader
from tests.factories import xplanung as samples

GML = 'xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:xlink="http://www.w3.org/1999/xlink"'


def drawn(body: str) -> tuple[BaseGeometry, Drawing]:
    """The first geometry inside a property."""
    owner = etree.fromstring(f"<position {GML}>{body}</position>")
    drawing = Drawing("position", owner)
    return draw(owner[0], drawing), drawing


def refused(body: str) -> str:
    with pytest.raises(BadGeometry) as caught:
        drawn(body)
    return caught.value.rule


def placed(body: str, box: str | None = None) -> tuple[BaseGeometry | None, list[Finding]]:
    """What the reader makes of one geometry, in EPSG:25833."""
    reader = Reader(
        io.BytesIO(samples.document("6.0", samples.area("6.0", geometry=body), box=box)), srid=25833
    )
    (record,) = [record for batch in reader.batches() for record in batch]
    about = [found for found in reader.findings if not found.rule.startswith(("xplan.", "reference."))]
    assert all(finding.message for finding in about)
    return record.geometry, about


def ring(numbers: str) -> str:
    return f"<gml:LinearRing><gml:posList>{numbers}</gml:posList></gml:LinearRing>"


def polygon(numbers: str, attributes: str = 'srsName="EPSG:25833"') -> str:
    return f"<gml:Polygon {attributes}><gml:exterior>{ring(numbers)}</gml:exterior></gml:Polygon>"


def curve(segments: str) -> str:
    return f"<gml:Curve><gml:segments>{segments}</gml:segments></gml:Curve>"


SIMPLE = {
    "<gml:Point><gml:pos>1 2</gml:pos></gml:Point>": "POINT (1 2)",
    "<gml:Point><gml:coordinates>1,2</gml:coordinates></gml:Point>": "POINT (1 2)",
    "<gml:Point><gml:pos>1 2 3</gml:pos></gml:Point>": "POINT (1 2)",
    "<gml:LineString><gml:posList>0 0 1 1</gml:posList></gml:LineString>": "LINESTRING (0 0, 1 1)",
    '<gml:LineString><gml:posList srsDimension="3">0 0 5 1 1 5</gml:posList></gml:LineString>': "LINESTRING (0 0, 1 1)",
    '<gml:LineString srsDimension="3"><gml:posList>0 0 5 1 1 5</gml:posList></gml:LineString>': "LINESTRING (0 0, 1 1)",
    "<gml:LineString><gml:pos>0 0</gml:pos><gml:pos>1 1</gml:pos></gml:LineString>": "LINESTRING (0 0, 1 1)",
    '<gml:LineString><gml:coordinates cs=";">0;0 1;1</gml:coordinates></gml:LineString>': "LINESTRING (0 0, 1 1)",
    "<gml:LineString><gml:pointProperty><gml:Point><gml:pos>0 0</gml:pos></gml:Point></gml:pointProperty><gml:pos>1 1</gml:pos></gml:LineString>": "LINESTRING (1 1, 0 0)",
    "<gml:LineString><gml:posList>0 0 <!-- a comment -->1 1</gml:posList></gml:LineString>": "LINESTRING (0 0, 1 1)",
    curve("<gml:LineStringSegment><gml:posList>0 0 1 1</gml:posList></gml:LineStringSegment><gml:LineStringSegment><gml:posList>1 1 2 0</gml:posList></gml:LineStringSegment>"): "LINESTRING (0 0, 1 1, 2 0)",
    f"<gml:CompositeCurve><gml:curveMember><gml:LineString><gml:posList>0 0 1 1</gml:posList></gml:LineString></gml:curveMember><gml:curveMember><gml:OrientableCurve orientation=\"-\"><gml:baseCurve>{curve('<gml:LineStringSegment><gml:posList>2 0 1 1</gml:posList></gml:LineStringSegment>')}</gml:baseCurve></gml:OrientableCurve></gml:curveMember></gml:CompositeCurve>": "LINESTRING (0 0, 1 1, 2 0)",
    polygon("0 0 1 0 1 1 0 0"): "POLYGON ((0 0, 1 0, 1 1, 0 0))",
    f"<gml:Polygon><gml:exterior>{ring('0 0 9 0 9 9 0 0')}</gml:exterior><gml:interior>{ring('5 1 6 1 6 2 5 1')}</gml:interior></gml:Polygon>": "POLYGON ((0 0, 9 0, 9 9, 0 0), (5 1, 6 1, 6 2, 5 1))",
    f"<gml:Surface><gml:patches><gml:PolygonPatch><gml:exterior>{ring('0 0 1 0 1 1 0 0')}</gml:exterior></gml:PolygonPatch></gml:patches></gml:Surface>": "POLYGON ((0 0, 1 0, 1 1, 0 0))",
    f"<gml:MultiSurface><gml:surfaceMember>{polygon('0 0 1 0 1 1 0 0')}</gml:surfaceMember><gml:surfaceMembers>{polygon('5 5 6 5 6 6 5 5')}</gml:surfaceMembers></gml:MultiSurface>": "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
    "<gml:MultiCurve><gml:curveMember><gml:LineString><gml:posList>0 0 1 1</gml:posList></gml:LineString></gml:curveMember></gml:MultiCurve>": "MULTILINESTRING ((0 0, 1 1))",
    "<gml:MultiPoint><gml:pointMember><gml:Point><gml:pos>1 2</gml:pos></gml:Point></gml:pointMember></gml:MultiPoint>": "MULTIPOINT (1 2)",
    '<gml:MultiCurve><gml:curveMember><gml:LineString gml:id="l"><gml:posList>0 0 1 1</gml:posList></gml:LineString></gml:curveMember><gml:curveMember xlink:href="#l"/></gml:MultiCurve>': "MULTILINESTRING ((0 0, 1 1), (0 0, 1 1))",
}  # fmt: skip


@pytest.mark.parametrize("body", SIMPLE, ids=[str(number) for number in range(len(SIMPLE))])
def test_straight_geometries_are_drawn_exactly(body: str) -> None:
    assert drawn(body)[0] == shapely.from_wkt(SIMPLE[body])


BAD = {
    "<gml:Point/>": "geometry.empty",
    "<gml:Point><gml:pos>1</gml:pos></gml:Point>": "geometry.odd_coordinates",
    "<gml:LineString><gml:posList>0 0 1 1 5</gml:posList></gml:LineString>": "geometry.odd_coordinates",
    '<gml:LineString><gml:posList srsDimension="0">0 0 1 1</gml:posList></gml:LineString>': "geometry.odd_coordinates",
    "<gml:LineString><gml:posList>0 0</gml:posList></gml:LineString>": "geometry.too_few_points",
    "<gml:LineString><gml:posList>0 0 NaN 1</gml:posList></gml:LineString>": "geometry.not_a_number",
    "<gml:LineString><gml:posList>0 0 INF 1</gml:posList></gml:LineString>": "geometry.not_a_number",
    "<gml:LineString><gml:posList>0 0 1e999 1</gml:posList></gml:LineString>": "geometry.not_a_number",
    "<gml:LineString><gml:posList>0 0 1,5 1</gml:posList></gml:LineString>": "geometry.not_a_number",
    polygon("0 0 1 0 0 0"): "geometry.too_few_points",
    "<gml:Polygon/>": "geometry.empty",
    "<gml:MultiSurface/>": "geometry.empty",
    "<gml:Solid/>": "geometry.unsupported",
    '<gml:MultiSurface><gml:surfaceMember xlink:href="#elsewhere"/></gml:MultiSurface>': "geometry.by_reference",
    '<gml:MultiSurface gml:id="m"><gml:surfaceMember xlink:href="#m"/></gml:MultiSurface>': "geometry.by_reference",
    curve("<gml:Arc><gml:posList>0 0 1 1</gml:posList></gml:Arc>"): "geometry.too_few_points",
    curve('<gml:CircleByCenterPoint><gml:pos>0 0</gml:pos><gml:radius uom="m">-1</gml:radius></gml:CircleByCenterPoint>'): "geometry.not_a_number",
    "<gml:Curve/>": "geometry.empty",
}  # fmt: skip


@pytest.mark.parametrize("body", BAD, ids=[str(number) for number in range(len(BAD))])
def test_unreadable_geometry_says_why(body: str) -> None:
    assert refused(body) == BAD[body]


def sagitta(points: np.ndarray, centre: tuple[float, float], radius: float) -> float:
    """Largest distance between a chord and the circle."""
    middles = (points[1:] + points[:-1]) / 2
    return float(np.max(np.abs(radius - np.hypot(*(middles - centre).T))))


@pytest.mark.parametrize("radius", [0.5, 12.0, 350.0, 40_000.0])
@pytest.mark.parametrize("turn", [1, -1])
def test_arc_stays_within_the_tolerance_and_on_its_side(radius: float, turn: int) -> None:
    centre = (400_000.0, 5_660_000.0)
    angles = np.array([0.3, 0.3 + turn * 1.0, 0.3 + turn * 2.2])
    points = np.column_stack([centre[0] + radius * np.cos(angles), centre[1] + radius * np.sin(angles)])

    line = arcs.arc(points)

    assert sagitta(line, centre, radius) <= arcs.TOLERANCE * 1.01 + 1e-6
    assert (line[0] == points[0]).all()
    assert (line[-1] == points[2]).all()
    assert (line == points[1]).all(axis=1).any()
    assert shapely.LineString(line).length == pytest.approx(2.2 * radius, rel=1e-3)


def test_random_arcs_stay_within_the_tolerance() -> None:
    chance = random.Random("arcs")
    for _round in range(200):
        centre = (chance.uniform(3e5, 5e5), chance.uniform(5.6e6, 5.7e6))
        radius, start = chance.uniform(0.1, 5000), chance.uniform(-math.pi, math.pi)
        sweep = chance.choice([-1, 1]) * chance.uniform(0.2, 6.0)
        angles = np.array([start, start + sweep * chance.uniform(0.2, 0.8), start + sweep])
        points = np.column_stack([centre[0] + radius * np.cos(angles), centre[1] + radius * np.sin(angles)])
        line = arcs.arc(points)

        assert sagitta(line, centre, radius) < 0.0015
        assert shapely.LineString(line).length == pytest.approx(abs(sweep) * radius, rel=5e-3)


def test_collinear_and_doubled_arc_points_stay_a_line() -> None:
    for points in ([[0, 0], [1, 1], [2, 2]], [[0, 0], [0, 0], [2, 2]], [[3, 3], [3, 3], [3, 3]]):
        assert arcs.arc(np.array(points, dtype=float)).tolist() == points


def test_circles_have_the_area_of_circles() -> None:
    by_centre, _ = drawn(f"<gml:Polygon><gml:exterior><gml:Ring><gml:curveMember>{curve('<gml:CircleByCenterPoint><gml:pos>100 200</gml:pos><gml:radius>10</gml:radius></gml:CircleByCenterPoint>')}</gml:curveMember></gml:Ring></gml:exterior></gml:Polygon>")  # fmt: skip
    by_points, _ = drawn(f"<gml:Polygon><gml:exterior><gml:Ring><gml:curveMember>{curve('<gml:Circle><gml:posList>110 200 100 210 90 200</gml:posList></gml:Circle>')}</gml:curveMember></gml:Ring></gml:exterior></gml:Polygon>")  # fmt: skip

    for circle in (by_centre, by_points):
        assert circle.area == pytest.approx(math.pi * 100, abs=2 * math.pi * 10 * arcs.TOLERANCE)
        assert circle.is_valid
        assert circle.centroid.distance(shapely.Point(100, 200)) < 0.001


def test_arc_string_is_one_curve() -> None:
    line, _ = drawn(curve("<gml:ArcString><gml:posList>0 0 1 1 2 0 3 -1 4 0</gml:posList></gml:ArcString>"))

    assert line.length == pytest.approx(2 * math.pi, rel=1e-3)
    assert line.coords[0] == (0, 0)
    assert line.coords[-1] == (4, 0)


def test_arc_by_centre_goes_counter_clockwise_from_start_to_end() -> None:
    line, _ = drawn(curve('<gml:ArcByCenterPoint><gml:pos>0 0</gml:pos><gml:radius>2</gml:radius><gml:startAngle uom="deg">0</gml:startAngle><gml:endAngle uom="deg">90</gml:endAngle></gml:ArcByCenterPoint>'))  # fmt: skip

    assert line.length == pytest.approx(math.pi, rel=1e-3)
    np.testing.assert_allclose([line.coords[0], line.coords[-1]], [(2, 0), (0, 2)], atol=1e-12)


def test_ring_of_curves_closes() -> None:
    body = (
        f"<gml:Polygon><gml:exterior><gml:Ring><gml:curveMember>{curve('<gml:Arc><gml:posList>0 0 5 5 10 0</gml:posList></gml:Arc>')}</gml:curveMember>"
        "<gml:curveMember><gml:LineString><gml:posList>10 0 0 0</gml:posList></gml:LineString></gml:curveMember></gml:Ring></gml:exterior></gml:Polygon>"
    )
    area, drawing = drawn(body)

    assert area.area == pytest.approx(math.pi * 25 / 2, rel=1e-3)
    assert drawing.notes == []


def test_open_ring_is_closed_and_reported() -> None:
    area, found = placed(polygon("400000 5660000 400100 5660000 400100 5660100"))

    assert area is not None
    assert area.area == 5000
    assert [finding.rule for finding in found] == ["geometry.ring_not_closed"]


def test_self_intersection_is_repaired_for_the_map_and_located() -> None:
    area, found = placed(
        polygon("400000 5660000 400100 5660100 400100 5660000 400000 5660100 400000 5660000")
    )

    (finding,) = found
    assert (finding.rule, finding.gml_id, finding.point) == (
        "geometry.invalid",
        "BT_1",
        (400050.0, 5660050.0),
    )
    assert area is not None
    assert area.is_valid
    assert area.area == 5000


def test_geometry_that_collapses_is_lost_but_not_the_object() -> None:
    area, found = placed(polygon("400000 5660000 400100 5660000 400050 5660000 400000 5660000"))

    assert area is None
    assert [finding.rule for finding in found] == ["geometry.lost"]


def test_surface_of_patches_without_area_is_reported() -> None:
    patch = f"<gml:PolygonPatch><gml:exterior>{ring('0 0 0 0 0 0 0 0')}</gml:exterior></gml:PolygonPatch>"
    geometry, findings = placed(
        f'<gml:Surface srsName="EPSG:25833"><gml:patches>{patch * 2}</gml:patches></gml:Surface>'
    )
    assert geometry is None
    assert [finding.rule for finding in findings] == ["geometry.empty"]


def test_bad_geometry_of_one_object_leaves_the_others_alone() -> None:
    bad = samples.area("6.0", gml_id="BAD", geometry=polygon("0 0 NaN 1 2 2 0 0"))
    reader = Reader(io.BytesIO(samples.simple_plan("6.0", bad)), srid=25833)
    records = [record for batch in reader.batches() for record in batch]

    assert [record.geometry is not None for record in records] == [True, True, True, False]
    assert [(finding.rule, finding.gml_id) for finding in reader.findings] == [
        ("geometry.not_a_number", "BAD")
    ]


def test_third_dimension_is_noted_once() -> None:
    point, found = placed(
        '<gml:Point srsName="EPSG:25833"><gml:pos>400000 5660000 120.5</gml:pos></gml:Point>'
    )

    assert point == shapely.Point(400000, 5660000)
    assert [finding.rule for finding in found] == ["geometry.third_dimension"]


MEISSEN = {  # Albrechtsburg, about 13.4709 E 51.1661 N, in the systems in use (by PROJ 9.5)
    "EPSG:25833": "393085 5669402",
    "EPSG:25832": "812527.624 5677797.394",
    "EPSG:4258": "13.470831377 51.166049717",
    "urn:ogc:def:crs:EPSG::4258": "51.166049717 13.470831377",
    "EPSG:31469": "5393178.470 5671225.005",
    "EPSG:31468": "4602982.530 5671146.697",
    "EPSG:3857": "1499566.089 6650718.722",
}


@pytest.mark.parametrize("name", MEISSEN)
def test_systems_lead_to_the_same_place(name: str) -> None:
    point, _found = placed(f'<gml:Point srsName="{name}"><gml:pos>{MEISSEN[name]}</gml:pos></gml:Point>')

    assert point is not None
    assert point.distance(shapely.Point(393085, 5669402)) < 5


def test_old_system_states_method_and_accuracy() -> None:
    _point, found = placed('<gml:Point srsName="EPSG:31469"><gml:pos>5393205 5671155</gml:pos></gml:Point>')

    (finding,) = found
    assert (finding.rule, finding.params["srs"], finding.params["target"]) == (
        "crs.transformed",
        "EPSG:31469",
        25833,
    )
    assert 0 < float(finding.params["accuracy"]) <= 5


def test_swapped_axes_are_turned_and_noted() -> None:
    point, found = placed('<gml:Point srsName="EPSG:25833"><gml:pos>5669402 393085</gml:pos></gml:Point>')

    assert point == shapely.Point(393085, 5669402)
    assert [finding.rule for finding in found] == ["crs.swapped"]


def test_place_outside_germany_is_a_warning() -> None:
    _point, found = placed('<gml:Point srsName="EPSG:25833"><gml:pos>1 2</gml:pos></gml:Point>')

    assert [(finding.rule, finding.severity) for finding in found] == [("crs.outside", "warning")]


def test_system_is_inherited_from_the_envelope() -> None:
    point, found = placed("<gml:Point><gml:pos>393085 5669402</gml:pos></gml:Point>")

    assert point == shapely.Point(393085, 5669402)
    assert found == []


@pytest.mark.parametrize(
    ("body", "box", "rule"),
    [
        ("<gml:Point><gml:pos>1 2</gml:pos></gml:Point>", "", "crs.missing"),
        ('<gml:Point srsName="EPSG:999999"><gml:pos>1 2</gml:pos></gml:Point>', None, "crs.unknown"),
        ('<gml:Point srsName="urn:adv:crs:MARS"><gml:pos>1 2</gml:pos></gml:Point>', None, "crs.unknown"),
        ('<gml:Point srsName="EPSG:5783"><gml:pos>1 2</gml:pos></gml:Point>', None, "crs.unknown"),
    ],
)
def test_unknown_system_is_named(body: str, box: str | None, rule: str) -> None:
    point, found = placed(body, box)

    assert point is None
    assert [finding.rule for finding in found] == [rule]


@pytest.mark.parametrize(
    "geometry",
    [
        shapely.Point(393085.1234, 5669402),
        shapely.LineString([(0, 0), (1.5, 1)]),
        shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 0)], [[(5, 1), (6, 1), (6, 2), (5, 1)]]),
        shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(5, 5, 6, 6)]),
        shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]),
        shapely.MultiPoint([(0, 0), (1, 1)]),
    ],
)
def test_written_geometry_is_read_back(geometry: BaseGeometry) -> None:
    text = etree.tostring(to_gml(geometry, gml_id="g")).decode()

    assert shapely.equals(drawn(text)[0], geometry)
