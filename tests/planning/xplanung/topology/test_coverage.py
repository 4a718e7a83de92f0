"""Gaps: exactly at the tolerance, across tiles, and in divisions of the ground that are known to be whole."""

import random

import numpy as np
import pytest
import shapely
from shapely import box
from shapely.geometry.base import BaseGeometry

from planning.xplanung.topology import tiles
from planning.xplanung.topology.coverage import Gap, gaps

TOLERANCE = 0.002
GROUND = box(0, 0, 100, 100)


def found(ground: BaseGeometry, *covers: BaseGeometry, most: int = 1000) -> list[Gap]:
    return gaps(ground, np.array(covers, dtype=object), TOLERANCE, most)


def division(count: int, chance: random.Random) -> list[BaseGeometry]:
    """Cells that cover the ground exactly, with the same vertices."""
    points = shapely.MultiPoint([(chance.uniform(0, 100), chance.uniform(0, 100)) for _point in range(count)])
    lines = shapely.voronoi_polygons(points, only_edges=True, extend_to=GROUND)
    return list(shapely.polygonize([shapely.unary_union([lines, GROUND.exterior])]).geoms)


@pytest.mark.parametrize(("by", "count"), [(0.0, 0), (0.0019, 0), (0.0021, 1), (7.0, 1)])
def test_gap_between_neighbours_may_be_less_than_two_millimetres(by: float, count: int) -> None:
    assert len(found(GROUND, box(0, 0, 50, 100), box(50 + by, 0, 100, 100))) == count


@pytest.mark.parametrize(("by", "count"), [(0.0019, 0), (0.0021, 1)])
def test_one_vertex_too_far_is_enough(by: float, count: int) -> None:
    neighbour = shapely.Polygon([(50 + by, 0), (100, 0), (100, 100), (50, 100)])

    assert len(found(GROUND, box(0, 0, 50, 100), neighbour)) == count


@pytest.mark.parametrize(("by", "count"), [(0.0019, 0), (0.0021, 1)])
def test_gap_at_the_boundary_counts_as_well(by: float, count: int) -> None:
    assert len(found(GROUND, box(0, 0, 100, 100 - by))) == count


def test_gap_says_how_much_and_where() -> None:
    ring = shapely.difference(GROUND, box(40, 40, 60, 50))
    (gap,) = found(GROUND, ring)

    assert gap.size == pytest.approx(200)
    assert box(40, 40, 60, 50).contains(shapely.Point(gap.point))


def test_nothing_at_all_is_one_gap() -> None:
    assert [gap.size for gap in found(GROUND)] == [pytest.approx(10_000)]


def test_hole_of_the_ground_is_no_gap() -> None:
    ground = shapely.difference(GROUND, box(40, 40, 60, 60))

    assert found(ground, box(0, 0, 40, 100), box(40, 0, 100, 40), box(40, 60, 100, 100), box(60, 40, 100, 60)) == []  # fmt: skip


def test_division_of_the_ground_has_no_gap_and_without_one_cell_exactly_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tiles, "_MOST", 100)
    chance = random.Random("gaps")
    for _round in range(10):
        cells = division(60, chance)
        assert found(GROUND, *cells) == []
        taken = cells.pop(chance.randrange(len(cells)))
        (gap,) = found(GROUND, *cells)
        assert gap.size == pytest.approx(taken.area, rel=1e-6)
        assert taken.contains(shapely.Point(gap.point))


def shaken(cell: BaseGeometry, chance: np.random.Generator) -> shapely.Polygon:
    points = shapely.get_coordinates(cell)[:-1]
    return shapely.Polygon(points + chance.uniform(-0.0006, 0.0006, points.shape))


def test_vertices_moved_by_less_than_half_the_tolerance_leave_no_gap() -> None:
    chance = np.random.default_rng(3)
    for round_ in range(5):
        cells = [shaken(cell, chance) for cell in division(80, random.Random(round_))]
        assert len(found(GROUND, *cells)) == 0


@pytest.mark.parametrize("shift", [-0.05, -0.001, 0.0, 0.001, 0.05])
def test_gap_along_the_edge_of_a_tile_is_seen_once(monkeypatch: pytest.MonkeyPatch, shift: float) -> None:
    """The vertices crowd at the gap, so a cut goes through it or close by."""
    monkeypatch.setattr(tiles, "_MOST", 100)
    west, east = box(0, 0, 50 + shift - 0.0021, 100), box(50 + shift, 0, 100, 100)
    covers = shapely.segmentize([west, east], 1.0)
    assert len(list(tiles.tiles(covers))) > 3
    (gap,) = found(GROUND, *covers)

    assert gap.size == pytest.approx(0.21, rel=1e-3)


def test_gaps_end_at_the_limit() -> None:
    islands = [box(x, y, x + 1, y + 1) for x in range(0, 100, 2) for y in range(0, 100, 2)]
    strips = [box(x, 0, x + 1, 100) for x in range(0, 100, 2)]

    assert len(found(GROUND, *islands)) == 1
    assert len(found(GROUND, *strips)) == 50
    assert len(found(GROUND, *strips, most=7)) <= 7
