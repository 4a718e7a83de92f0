"""Neighbours that share an arc: however each of them gives it, no gap and no overlap may come of its drawing as lines."""

import math
import random

import pytest

from tests.factories import topology as sheets

SRS = 'srsName="EPSG:25833"'
Place = tuple[float, float]


def numbers(*points: Place) -> str:
    return " ".join(f"{400000 + x:.4f} {5660000 + y:.4f}" for x, y in points)


def straight(*points: Place) -> str:
    return f"<gml:LineStringSegment><gml:posList>{numbers(*points)}</gml:posList></gml:LineStringSegment>"


def arc(*points: Place) -> str:
    return f"<gml:Arc><gml:posList>{numbers(*points)}</gml:posList></gml:Arc>"


def area(*segments: str) -> str:
    curve = f"<gml:Curve><gml:segments>{''.join(segments)}</gml:segments></gml:Curve>"
    return f"<gml:Polygon {SRS}><gml:exterior><gml:Ring><gml:curveMember>{curve}</gml:curveMember></gml:Ring></gml:exterior></gml:Polygon>"


def on_circle(radius: float, angle: float) -> Place:
    """A circle whose lowest point is (0, 0)."""
    return radius * math.sin(angle), radius - radius * math.cos(angle)


def halves(radius: float, middles: tuple[float, float]) -> tuple[str, str, str]:
    """A plan of two areas, divided by an arc from -0.6 to 0.6 rad: the lower gives it forwards, the upper backwards, each by its own middle."""
    left, right = on_circle(radius, -0.6), on_circle(radius, 0.6)
    reach = radius
    lower = [(-reach, -reach), (reach, -reach), (reach, right[1]), right]
    upper = [(reach, reach), (-reach, reach), (-reach, left[1]), left]
    below = area(straight(*lower), arc(right, on_circle(radius, middles[0]), left), straight(left, (-reach, left[1]), lower[0]))  # fmt: skip
    above = area(straight(*upper), arc(left, on_circle(radius, middles[1]), right), straight(right, (reach, right[1]), upper[0]))  # fmt: skip
    whole = area(straight(lower[0], lower[1], lower[2], upper[0], upper[1], upper[2], lower[0]))
    return whole, below, above


@pytest.mark.parametrize("radius", [3.0, 25.0, 400.0, 5000.0])
def test_arc_given_in_opposite_directions_fits(radius: float) -> None:
    whole, below, above = halves(radius, (0.0, 0.0))

    assert sheets.checked(sheets.plan(whole), sheets.bereich(None), sheets.thing(below, "A"), sheets.thing(above, "B")) == []  # fmt: skip


def test_arc_given_by_other_points_fits() -> None:
    chance = random.Random("arcs")
    for _round in range(25):
        middles = chance.uniform(-0.5, 0.5), chance.uniform(-0.5, 0.5)
        whole, below, above = halves(chance.choice([8.0, 60.0, 500.0]), middles)
        findings = sheets.checked(sheets.plan(whole), sheets.bereich(None), sheets.thing(below, "A"), sheets.thing(above, "B"))  # fmt: skip
        assert findings == [], middles


def test_area_lies_within_a_geltungsbereich_that_has_its_arc_by_other_points() -> None:
    for middle in (-0.4, -0.05, 0.3):
        _whole, below, _above = halves(60.0, (middle, 0.0))
        _whole, outline, _above = halves(60.0, (0.1, 0.0))
        assert sheets.checked(sheets.plan(outline), sheets.thing(below, "A", of="")) == []


def test_chord_in_place_of_the_arc_is_a_gap() -> None:
    whole, below, above = halves(60.0, (0.0, 0.0))
    left, right = on_circle(60, -0.6), on_circle(60, 0.6)
    cut = area(straight((60, 60), (-60, 60), (-60, left[1]), left, right, (60, right[1]), (60, 60)))
    findings = sheets.checked(sheets.plan(whole), sheets.bereich(None), sheets.thing(below, "A"), sheets.thing(cut, "B"))  # fmt: skip

    (gap,) = [finding for finding in findings if finding.rule == "topology.gap_plan"]
    segment = 60**2 / 2 * (1.2 - math.sin(1.2))
    assert float(gap.params["size"]) == pytest.approx(segment, rel=1e-3)


@pytest.mark.parametrize("middle", [(0.0, 0.0), (10.0, 0.0), (-10.0, 0.0)])
def test_arc_of_three_points_in_a_line_is_a_line(middle: Place) -> None:
    """The third: all three are one point and its double."""
    left, right = (-10.0, 0.0), (10.0, 0.0)
    below = area(straight((-10, -10), (10, -10), right), arc(right, middle, left), straight(left, (-10, -10)))
    findings = sheets.checked(sheets.plan(below), sheets.thing(below, "A", of=""))

    assert {finding.rule for finding in findings} <= {"geometry.doubled_vertex"}
