"""Overlaps: exactly at the tolerance, across tiles, and against the plain computation."""

import itertools
import random

import numpy as np
import pytest
import shapely
from shapely import box
from shapely.geometry.base import BaseGeometry

from planning.xplanung.topology import tiles
from planning.xplanung.topology.overlap import Overlap, overlaps

TOLERANCE = 0.002


def found(*areas: BaseGeometry, most: int = 1000) -> list[Overlap]:
    return overlaps(np.array(areas, dtype=object), TOLERANCE, most)


@pytest.mark.parametrize(("by", "count"), [(0.0, 0), (0.0019, 0), (0.0021, 1), (5.0, 1)])
def test_neighbours_may_overlap_by_less_than_two_millimetres(by: float, count: int) -> None:
    assert len(found(box(0, 0, 50, 50), box(50 - by, 0, 100, 50))) == count


@pytest.mark.parametrize(("by", "count"), [(0.0019, 0), (0.0021, 1)])
def test_one_vertex_too_far_is_enough(by: float, count: int) -> None:
    """A sliver that narrows from its one wrong vertex to nothing is as wide as that vertex is off."""
    neighbour = shapely.Polygon([(50 - by, 0), (100, 0), (100, 50), (50, 50)])

    assert len(found(box(0, 0, 50, 50), neighbour)) == count


def test_overlap_says_which_how_much_and_where() -> None:
    (one,) = found(box(0, 0, 50, 50), box(200, 0, 250, 50), box(40, 10, 60, 20))

    assert (one.first, one.second) == (0, 2)
    assert one.size == pytest.approx(100)
    assert box(40, 10, 50, 20).contains(shapely.Point(one.point))


def test_same_and_contained_areas_overlap() -> None:
    assert [pair[:2] for pair in found(box(0, 0, 9, 9), box(0, 0, 9, 9), box(20, 0, 40, 20), box(25, 5, 30, 10))] == [(0, 1), (2, 3)]  # fmt: skip


def test_areas_that_meet_in_lines_and_points_do_not_overlap() -> None:
    island = shapely.difference(box(0, 0, 90, 90), box(30, 30, 60, 60))

    assert found(island, box(30, 30, 60, 60), box(90, 90, 99, 99)) == []


def test_nothing_and_empty_areas_overlap_nothing() -> None:
    assert found() == []
    assert found(shapely.Polygon(), box(0, 0, 9, 9), shapely.Polygon()) == []


def test_pairs_are_those_of_the_plain_computation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "_MOST", 60)  # so that nearly every pair is cut by tiles
    chance = random.Random("overlaps")
    for _round in range(4):
        areas = [
            shapely.Point(chance.uniform(0, 300), chance.uniform(0, 300)).buffer(chance.uniform(1, 40))
            for _area in range(40)
        ]
        plain = {
            pair: areas[pair[0]].intersection(areas[pair[1]]).area
            for pair in itertools.combinations(range(len(areas)), 2)
            if not areas[pair[0]].intersection(areas[pair[1]]).buffer(-TOLERANCE / 2).is_empty
        }
        here = {(one.first, one.second): one.size for one in found(*areas)}
        assert here.keys() == plain.keys()
        assert all(here[pair] == pytest.approx(plain[pair], rel=1e-6) for pair in plain)


@pytest.mark.parametrize("shift", [-0.05, -0.001, 0.0, 0.001, 0.05])
def test_overlap_along_the_edge_of_a_tile_is_seen(monkeypatch: pytest.MonkeyPatch, shift: float) -> None:
    """The vertices crowd at the overlap, so a cut goes through it or close by."""
    monkeypatch.setattr(tiles, "_MOST", 100)
    west, east = box(0, 0, 50 + shift, 100), box(50 + shift - 0.0021, 0, 100, 100)
    areas = shapely.segmentize([west, east], 1.0)

    assert len(list(tiles.tiles(areas))) > 3
    (one,) = found(*areas)
    assert one.size == pytest.approx(0.21, rel=1e-3)


def test_many_copies_of_one_area_end_at_the_limit() -> None:
    assert len(found(*[box(0, 0, 9, 9)] * 3000, most=50)) == 50
