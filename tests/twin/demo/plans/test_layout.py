"""Painting and cutting, on figures small enough to check by eye."""

import pytest
import shapely
from shapely import LineString, Point, Polygon, box

from twin.demo.plans.layout import Frame, band, building_window, partition, polygons, row_of_points, single


def test_frame_turns_about_its_origin() -> None:
    frame = Frame(origin=(100.0, 200.0), turn=90.0)
    assert frame.point(10, 0).distance(Point(100, 210)) < 1e-9
    assert frame.box(0, 0, 10, 20).area == pytest.approx(200)


def test_frame_along_a_line_looks_ahead() -> None:
    frame = Frame.along(LineString([(0, 0), (0, 100)]), 10, 20)
    assert (frame.origin, frame.turn) == ((0.0, 10.0), 90.0)


def test_later_areas_cover_earlier_ones() -> None:
    outline = box(0, 0, 10, 10)
    ground, road = partition(outline, [box(-5, -5, 20, 20), box(-5, 4, 20, 6)])
    assert sorted(piece.area for piece in ground) == [40.0, 40.0]
    assert [piece.area for piece in road] == [20.0]
    assert shapely.coverage_is_valid([*ground, *road])


def test_a_corner_on_a_neighbours_edge_becomes_a_vertex_of_both() -> None:
    outline = box(0, 0, 10, 10)
    pieces = partition(outline, [outline, box(0, 5, 4, 10), box(4, 5, 10, 10)])
    below = pieces[0][0]
    assert (4.0, 5.0) in list(below.exterior.coords)


def test_slivers_go_to_the_neighbour() -> None:
    outline = box(0, 0, 10, 10)
    ground, strip, rest = partition(outline, [outline, box(0, 0, 10, 5.05), box(0, 5, 10, 10)])
    assert (len(ground), len(strip), len(rest)) == (0, 1, 1)
    narrow, wide = partition(outline, [box(0, 0, 10, 0.05), box(0, 0.05, 10, 10)])
    assert narrow == []
    assert wide[0].area == pytest.approx(100)


def test_bare_ground_is_refused() -> None:
    with pytest.raises(ValueError, match="bare"):
        partition(box(0, 0, 10, 10), [box(0, 0, 10, 9)])


def test_building_window_keeps_the_yard_of_a_wide_plot_free() -> None:
    (narrow,) = building_window(box(0, 0, 30, 30), setback=5, depth=15)
    (wide,) = building_window(box(0, 0, 100, 100), setback=5, depth=15)
    assert narrow.area == pytest.approx(20 * 20)
    assert wide.area == pytest.approx(90 * 90 - 60 * 60)


def test_band_points_and_parts() -> None:
    axis = LineString([(0, 0), (10, 0)])
    assert band(axis, 4).equals(box(0, -2, 10, 2))
    assert [point.x for point in row_of_points(axis, every=4)] == [0, 4, 8]
    assert [part.area for part in polygons(shapely.MultiPolygon([box(0, 0, 1, 1), box(5, 5, 9, 9)]))] == [
        16,
        1,
    ]
    with pytest.raises(ValueError, match="MultiPolygon"):
        single(shapely.union_all([Polygon(box(0, 0, 1, 1)), box(5, 5, 6, 6)]))
