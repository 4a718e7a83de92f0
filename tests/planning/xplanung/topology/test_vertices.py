"""Vertices that a neighbour has and an area lacks."""

import numpy as np
import pytest
import shapely
from shapely import box
from shapely.geometry.base import BaseGeometry

from planning.xplanung.topology.shapes import Shape
from planning.xplanung.topology.vertices import missing_vertices

TOLERANCE = 0.002


def found(*areas: BaseGeometry, bends: np.ndarray | None = None) -> list[tuple[str, tuple[float, float]]]:
    points = np.empty((0, 2)) if bends is None else bends
    shapes = [Shape(f"A{number}", 1, area, 25833, points) for number, area in enumerate(areas)]
    return [(one.shape.gml_id, one.point) for one in missing_vertices(shapes, TOLERANCE)]


def test_same_edges_lack_nothing() -> None:
    assert found(box(0, 0, 50, 50), box(50, 0, 100, 50), box(0, 50, 50, 100)) == []


def test_corner_on_a_longer_edge_is_missing_there() -> None:
    assert found(box(0, 0, 100, 50), box(0, 50, 40, 100), box(40, 50, 100, 100)) == [("A0", (40.0, 50.0))]


@pytest.mark.parametrize(("off", "count"), [(0.0, 1), (0.0019, 1), (0.0021, 0)])
def test_corner_beside_an_edge_counts_within_the_tolerance(off: float, count: int) -> None:
    """Farther away it is a gap or an overlap, and said as that."""
    assert len(found(box(0, 0, 100, 50), shapely.Polygon([(40, 50 + off), (60, 60), (20, 60)]))) == count


@pytest.mark.parametrize(("off", "count"), [(0.0019, 0), (0.0021, 1)])
def test_corner_near_a_vertex_is_that_vertex(off: float, count: int) -> None:
    """Along the edge no gap arises: only the distance of the vertices tells."""
    assert len(found(box(0, 0, 100, 50), shapely.Polygon([(100 - off, 50), (100, 60), (80, 60)]))) == count


def test_points_of_arcs_need_no_partner() -> None:
    tent = shapely.Polygon([(0, 50), (50, 50), (100, 50), (50, 90)])

    assert len(found(box(0, 0, 100, 50), tent)) == 1
    assert found(box(0, 0, 100, 50), tent, bends=np.array([[50.0, 50.0]])) == []


def test_nothing_lacks_nothing() -> None:
    assert found() == []
    assert found(shapely.Polygon()) == []
