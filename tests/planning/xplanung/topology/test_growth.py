"""Time grows with the number of objects, not with its square; and the worst of the real sizes is checked at all."""

import time

import numpy as np
import pytest
import shapely

from planning.xplanung.topology.groups import Bereich, Entry, Plan
from planning.xplanung.topology.relations import faults_of
from planning.xplanung.topology.shapes import Shape


def shape(geometry: shapely.Polygon, gml_id: str = "A") -> Shape:
    return Shape(gml_id, 1, geometry, 25833, np.empty((0, 2)))


def entry(kind: str, geometry: shapely.Polygon) -> Entry:
    return Entry(kind, shape(geometry), flush=False, free=False, elsewhere=False, tile=True, amending=False, names=frozenset())  # fmt: skip


def sheet(side: int, ground: shapely.Polygon, *, rough: float = 0.0) -> Plan:
    """side * side areas of 30 m with 12 vertices each, whose common vertices differ by up to `rough` metres."""
    chance = np.random.default_rng(7)
    corners = chance.uniform(-5, 5, (side + 1, side + 1, 2)) + 30 * np.stack(np.meshgrid(np.arange(side + 1), np.arange(side + 1)), axis=2)  # fmt: skip
    corners[[0, -1], :, 1] = np.array([[0.0], [30.0 * side]])
    corners[:, [0, -1], 0] = np.array([0.0, 30.0 * side])
    rings = np.stack([corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1]], axis=2).reshape(-1, 4, 2)  # fmt: skip
    after = np.roll(rings, -1, axis=1)
    points = np.stack([rings, rings + (after - rings) / 3, after + (rings - after) / 3], axis=2).reshape(-1, 12, 2)  # fmt: skip
    points = points + chance.uniform(-rough, rough, points.shape)
    shapes = [shape(area, f"A{number}") for number, area in enumerate(np.asarray(shapely.polygons(points)))]
    plan = Plan(entry("BP_Plan", ground))
    plan.bereiche[0] = Bereich(entry("BP_Bereich", ground), flush=shapes, bound=shapes)
    return plan


def square(side: int) -> shapely.Polygon:
    return shapely.box(0, 0, 30 * side, 30 * side)


def seconds(plan: Plan) -> float:
    started = time.process_time()
    list(faults_of(plan, "6.0"))
    return time.process_time() - started


@pytest.mark.parametrize("rough", [0.0, 0.0004])
def test_time_grows_with_the_number_of_objects(rough: float) -> None:
    few, many = sheet(13, square(13), rough=rough), sheet(39, square(39), rough=rough)  # nine times as many

    ratio = min(seconds(many) for _try in range(2)) / max(min(seconds(few) for _try in range(3)), 0.01)
    assert ratio < 25  # squared it would be 81


def test_sheets_of_the_timing_fit_unless_told_otherwise() -> None:
    assert list(faults_of(sheet(12, square(12)), "6.0")) == []
    assert list(faults_of(sheet(12, square(12), rough=0.0004), "6.0")) == []
    assert list(faults_of(sheet(12, square(12), rough=0.01), "6.0")) != []


def test_outline_of_100_000_vertices_costs_what_its_length_costs() -> None:
    def outline(count: int) -> shapely.Polygon:
        angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
        radii = 280 + 12 * np.sin(31 * angles) + np.sin(4001 * angles)
        return shapely.Polygon(np.column_stack([180 + radii * np.cos(angles), 180 + radii * np.sin(angles)]))

    coarse, fine = sheet(12, outline(12_500)), sheet(12, outline(100_000))  # eight times the vertices

    assert fine.bereiche[0].entry.shape is not None
    assert shapely.get_num_coordinates(fine.bereiche[0].entry.shape.geometry) == 100_001
    ratio = seconds(fine) / max(min(seconds(coarse) for _try in range(2)), 0.05)
    assert ratio < 16  # squared it would be 64


def test_pile_of_areas_costs_what_its_height_costs() -> None:
    def pile(height: int) -> Plan:
        ground = square(13)
        shapes = [
            shape(shapely.box(0, 0, 300 - number / 1000, 300), f"P{number}") for number in range(height)
        ]
        plan = Plan(entry("BP_Plan", ground))
        plan.bereiche[0] = Bereich(entry("BP_Bereich", ground), flush=shapes, bound=shapes)
        return plan

    few, many = pile(300), pile(2_700)
    assert {fault.rule for fault in faults_of(few, "6.0")} >= {"topology.overlap", "topology.gap_bereich"}
    ratio = seconds(many) / max(min(seconds(few) for _try in range(3)), 0.05)
    assert ratio < 25  # squared it would be 81
