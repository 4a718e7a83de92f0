"""Roads as a network, by hand: what meets and what does not, the shorter way, what a flood closes."""

from typing import Any

import numpy as np
import pytest
import shapely

from twin.analysis import network
from twin.analysis.network import Network
from twin.analysis.water import Areas


def lines(*found: Any) -> Any:
    return np.array([shapely.LineString(each) for each in found], object)


def built(shapes: Any, *stops: tuple[float, float], speeds: Any = None, tolerance: float = 1.0, reach: float = 100.0) -> Network:  # fmt: skip
    """At 36 km/h, which are 10 m/s, where nothing else is said."""
    fast = np.full(len(shapes), 36.0) if speeds is None else np.array(speeds, float)
    return network.build(shapes, fast, tolerance=tolerance, stops=np.array(stops, float).reshape(-1, 2), reach=reach)  # fmt: skip


def seconds(roads: Network, *points: tuple[float, float], closed: Any = None) -> list[float]:
    """From the stops to the points."""
    open_roads = roads if closed is None else roads.without(closed)
    found = network.ways(open_roads, roads.stops)
    anchors = network.anchored(roads, np.array(points, float), reach=100.0)
    return [round(float(each), 3) for each in network.arrivals(roads, found, anchors, closed=closed).seconds]


# A square of 1000 m: its south side is 500 m of slow road; a house road leaves the north side.
SQUARE = (
    [(0, 0), (1000, 0)],
    [(1000, 0), (1000, 1000)],
    [(1000, 1000), (0, 1000)],
    [(0, 1000), (0, 0)],
    [(500, 1000), (500, 1300)],
)


def test_the_shorter_way_is_found_and_each_point_has_its_place() -> None:
    """From (0, 0): to (1000, 0) along 18 km/h takes 200 s, around the other three sides 300 s."""
    roads = built(lines(*SQUARE), (0, 0), speeds=[18, 36, 36, 36, 36])
    assert seconds(roads, (1000, 0), (0, 1000), (500, 1300), (1000, 500), (250, 0)) == [
        200,
        100,
        180,
        250,
        50,
    ]
    two = built(lines(*SQUARE), (0, 0), (1000, 1000), speeds=[18, 36, 36, 36, 36])
    found = network.ways(two, two.stops)
    anchors = network.anchored(two, np.array([(1000.0, 0.0), (0.0, 900.0), (300.0, 5000.0)]), reach=100.0)
    arrived = network.arrivals(two, found, anchors)
    assert (arrived.seconds.tolist(), arrived.nearest.tolist()) == ([pytest.approx(100, abs=1e-3), pytest.approx(90, abs=1e-3), np.inf], [1, 0, -1])  # fmt: skip


def test_a_line_that_ends_on_another_joins_it_and_one_that_crosses_does_not() -> None:
    """One ends 0.6 m short of the road; one crosses it on a bridge, where both are divided into pieces, too."""
    shapes = lines([(0, 0), (100, 0)], [(40, 0.6), (40, 80)], [(50, -50), (50, 50)])
    roads = built(shapes, (0, 0))
    assert seconds(roads, (40, 80), (50, 50)) == [pytest.approx(11.94), np.inf]
    of, lengths = network.groups(roads)
    assert sorted(np.round(lengths[lengths > 0], 1).tolist()) == [100.0, 179.4]
    assert seconds(built(shapes, (0, 0), tolerance=0.1), (40, 80)) == [np.inf]


def test_ends_within_the_tolerance_and_shared_corners_are_one_place() -> None:
    """The second begins 0.5 m beside the end of the first; the third passes a corner of the second."""
    shapes = lines([(0, 0), (100, 0)], [(100.3, 0.4), (200, 0), (300, 0)], [(200, -50), (200, 0), (200, 50)])
    roads = built(shapes, (0, 0))
    assert seconds(roads, (200, 50)) == [pytest.approx(25, abs=0.06)]


def test_stops_and_ends_on_one_road_divide_it_in_their_order() -> None:
    roads = built(lines([(0, 0), (40, 0)]), (10, 3), (30, -3), reach=5.0)
    assert roads.stops.tolist() == [2, 3]
    assert roads.lengths.tolist() == [10, 20, 10]
    assert built(lines([(0, 0), (40, 0)]), (10, 8), reach=5.0).stops.tolist() == [-1]


def test_roads_under_water_are_closed_and_what_lies_behind_is_cut_off() -> None:
    """60 cm at the west side and at the middle of the north side, 20 cm at the east side."""
    roads = built(lines(*SQUARE), (0, 0))
    assert seconds(roads, (0, 900), (1000, 900), (500, 1200)) == [90, 190, 170]
    deep, shallow = Areas(np.array([shapely.box(-10, 400, 10, 600), shapely.box(480, 990, 520, 1010)], object), 0.6), Areas(np.array([shapely.box(990, 400, 1010, 600)], object), 0.2)  # fmt: skip
    closed = network.closed(roads, deep, depth=0.3) | network.closed(roads, shallow, depth=0.3)
    assert seconds(roads, (0, 900), (1000, 900), (500, 1200), closed=closed) == [np.inf, 190, np.inf]
    assert 200 <= roads.lengths[closed].sum() <= 500  # whole pieces
    of, lengths = network.groups(roads.without(closed))
    assert (lengths > 0).sum() == 3


def test_without_places_there_is_no_way() -> None:
    roads = built(lines(*SQUARE))
    assert seconds(roads, (0, 900)) == [np.inf]


def test_a_grid_agrees_with_what_can_be_counted() -> None:
    """21 by 21 streets, 100 m apart: the way between two crossings is the sum of what lies between them."""
    shapes = lines(*([(100 * x, 0), (100 * x, 2000)] for x in range(21)), *([(0, 100 * y), (2000, 100 * y)] for y in range(21)))  # fmt: skip
    crossed = np.array(shapely.get_parts(shapely.node(shapely.multilinestrings(shapes))), object)
    roads = built(crossed, (0, 0), (2000, 2000))
    at = np.random.default_rng(5).integers(0, 21, (60, 2)) * 100.0
    wanted = np.minimum(at.sum(axis=1), (2000 - at).sum(axis=1)) / 10
    np.testing.assert_allclose(seconds(roads, *map(tuple, at)), wanted, atol=1e-3)
