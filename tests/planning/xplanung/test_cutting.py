"""Moving shared corners, snapping, cutting, gaps; corners as text."""

import pytest
import shapely
from shapely import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from planning.xplanung import coordinates, cutting
from planning.xplanung.coordinates import BadCoordinates

LEFT, RIGHT = box(0, 0, 10, 10), box(10, 0, 20, 10)


def test_a_shared_corner_moves_in_both() -> None:
    moves = {(10.0, 10.0): (11.0, 12.0)}
    new = [cutting.moved(area, moves) for area in (LEFT, RIGHT)]
    assert shapely.union_all(new).area == pytest.approx(sum(area.area for area in new))
    assert new[0].touches(new[1])
    assert cutting.moved(box(50, 50, 60, 60), moves).equals(box(50, 50, 60, 60))


def test_a_corner_on_a_shared_edge_is_given_to_the_neighbour() -> None:
    new = cutting.with_corner(RIGHT, (10.0, 5.0))
    assert shapely.get_num_coordinates(new) == 6
    assert cutting.with_corner(new, (10.0, 5.0)) is not None
    assert shapely.get_num_coordinates(cutting.with_corner(new, (10.0, 5.0))) == 6
    assert cutting.with_corner(RIGHT, (5.0, 5.0)) is RIGHT
    holed = Polygon(box(0, 0, 30, 30).exterior, [box(5, 5, 10, 10).exterior])
    assert shapely.get_num_coordinates(cutting.with_corner(holed, (5.0, 7.0))) == 11


def test_snapping_takes_corners_before_edges() -> None:
    assert cutting.snapped((10.1, 0.1), [LEFT]) == (10.0, 0.0)
    assert cutting.snapped((10.1, 5.0), [LEFT]) == (10.0, 5.0)
    assert cutting.snapped((12.0, 5.0), [LEFT]) == (12.0, 5.0)
    assert cutting.all_snapped(box(10.1, 0.1, 20, 10), [LEFT]).equals(
        Polygon([(10, 0), (20, 0.1), (20, 10), (10, 10)])
    )


def test_a_cut_leaves_pieces_that_meet_exactly() -> None:
    pieces = cutting.cut(LEFT, LineString([(3, -1), (7, 11)]))
    assert len(pieces) == 2
    assert sum(piece.area for piece in pieces) == pytest.approx(100, abs=0.01)
    assert pieces[0].intersection(pieces[1]).area == 0
    corners = cutting.new_corners(pieces, LEFT)
    assert sorted(corners) == [(3.333, 0.0), (6.667, 10.0)]


@pytest.mark.parametrize("line", [[(3, 2), (7, 8)], [(20, 0), (20, 10)], [(0, 0), (10, 0)]])
def test_a_line_that_does_not_cross_cuts_nothing(line: list[tuple[float, float]]) -> None:
    with pytest.raises(cutting.NotCut):
        cutting.cut(LEFT, LineString(line))


def test_a_gap_is_found_by_a_place_in_it() -> None:
    frame = box(0, 0, 30, 10)
    gap = cutting.gap_at(frame, [LEFT, RIGHT], (25, 5))
    assert gap is not None
    assert gap.equals(box(20, 0, 30, 10))
    assert cutting.gap_at(frame, [LEFT, RIGHT], (5, 5)) is None
    assert cutting.gap_at(frame, [LEFT, RIGHT], (35, 5)) is None


@pytest.mark.parametrize(
    "geometry",
    [
        Point(400000.5, 5660000.25),
        LineString([(0, 0), (1, 1), (2, 0)]),
        LEFT,
        Polygon(box(0, 0, 30, 30).exterior, [box(5, 5, 10, 10).exterior]),
        shapely.MultiPolygon([LEFT, box(50, 0, 60, 10)]),
    ],
)
def test_corners_as_text_and_back(geometry: BaseGeometry) -> None:
    text = coordinates.as_text(geometry)
    assert coordinates.like(text, geometry).equals_exact(geometry, 0)
    shape = {0: "point", 1: "line", 2: "area"}[int(shapely.get_dimensions(geometry))]
    assert coordinates.as_shape(text, shape=shape).equals(geometry)


def test_typed_corners_may_use_commas_and_more_lines() -> None:
    new = coordinates.like("0,5 0\r\n10;0\n10 10\n5 12\n0 10", LEFT)
    assert shapely.get_coordinates(new)[:-1].tolist() == [[0.5, 0], [10, 0], [10, 10], [5, 12], [0, 10]]


@pytest.mark.parametrize(("text", "line"), [("1 2\nx y\n3 4", 2), ("1 2 3", 1), ("", 0), ("1 1\n2 2", 0), ("1e9 2\n3 4\n5 6", 1), ("nan 1\n2 2\n3 3", 1)])  # fmt: skip
def test_what_is_no_corner_is_named_by_its_line(text: str, line: int) -> None:
    with pytest.raises(BadCoordinates) as caught:
        coordinates.as_shape(text, shape="area")
    assert caught.value.line == line
