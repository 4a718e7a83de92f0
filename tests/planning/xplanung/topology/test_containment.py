"""What reaches out of an area: exactly at the tolerance, in holes, lines and points."""

import numpy as np
import pytest
import shapely
from shapely import LineString, box
from shapely.geometry.base import BaseGeometry

from planning.xplanung import arcs
from planning.xplanung.topology.containment import Outside, outside
from planning.xplanung.topology.shapes import Shape

TOLERANCE = 0.001
GROUND = shapely.difference(box(0, 0, 100, 100), box(40, 40, 60, 60))


def shape(geometry: BaseGeometry, *, curved: bool = False) -> Shape:
    return Shape("A", 1, geometry, 25833, np.zeros((1 if curved else 0, 2)))


def found(geometry: BaseGeometry, *, ground: BaseGeometry = GROUND, curved: bool = False) -> list[Outside]:
    return list(outside(shape(ground, curved=curved), [shape(geometry)], TOLERANCE))


@pytest.mark.parametrize(("by", "count"), [(0.0, 0), (0.0009, 0), (0.0011, 1), (30.0, 1)])
@pytest.mark.parametrize(
    "kind", [lambda by: box(50, 70, 100 + by, 80), lambda by: LineString([(80, 80), (100 + by, 80)]), lambda by: shapely.Point(100 + by, 50)]
)  # fmt: skip
def test_objects_may_reach_out_by_a_millimetre(kind, by: float, count: int) -> None:  # type: ignore[no-untyped-def]
    assert len(found(kind(by))) == count


@pytest.mark.parametrize(("by", "count"), [(0.0019, 0), (0.0021, 1)])
def test_arcs_are_allowed_their_drawing_as_lines(by: float, count: int) -> None:
    assert arcs.TOLERANCE == 0.001
    assert len(found(box(50, 70, 100 + by, 80), curved=True)) == count


def test_whole_area_lies_within_itself() -> None:
    assert found(GROUND) == []


def test_hole_is_outside() -> None:
    (one,) = found(box(30, 30, 70, 70))

    assert one.size == pytest.approx(400, rel=1e-3)
    assert box(40, 40, 60, 60).contains(shapely.Point(one.point))


def test_line_says_its_length_and_point_its_place() -> None:
    assert [one.size for one in found(LineString([(90, 50), (120, 50)]))] == [pytest.approx(20, abs=0.01)]
    assert [(one.size, one.point) for one in found(shapely.Point(200, 50))] == [(0.0, (200.0, 50.0))]


def test_object_elsewhere_is_outside_whole() -> None:
    assert [one.size for one in found(box(200, 200, 210, 210))] == [pytest.approx(100)]


def test_empty_object_is_nowhere() -> None:
    assert found(shapely.Polygon()) == []
