"""What stands in the water, measured by hand: published points of the curve, walls beside wet cells, people by floor area."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from tests.factories.datafiles import SOUTH, WEST
from tests.twin.usecases.exposure.conftest import box, depths
from twin.analysis import terrain, water
from twin.analysis.water import Areas, Raster, classed
from twin.hydro.classes import DEPTHS, RIVER_DEPTHS
from twin.usecases.exposure.case import Buildings, Inputs, People, Places, Roads
from twin.usecases.exposure.cutting import cut_off
from twin.usecases.exposure.damage import factor
from twin.usecases.exposure.housing import housed


def shapes(*found: Any) -> Any:
    return np.array(found, object)


@pytest.fixture
def river(tmp_path: Path) -> Raster:
    return Raster(depths(tmp_path))


def test_the_curve_is_the_published_one(shared_data: Path) -> None:
    with (shared_data / "flood" / "cases" / "jrc_europe_residential.csv").open() as source:
        rows = [(float(row["depth_m"]), float(row["damage_factor"])) for row in csv.DictReader(source)]
    points, factors = np.array(rows, np.float32).T
    np.testing.assert_allclose(factor(points), factors, atol=1e-7)


def test_between_the_points_the_curve_is_straight_and_ends_at_one() -> None:
    asked = np.array([0.25, 0.75, 2.5, 6.0, 40.0, np.nan, 0.0], np.float32)
    np.testing.assert_allclose(factor(asked), [0.125, 0.325, 0.675, 1.0, 1.0, 0.0, 0.0])


def test_classes_begin_at_their_lower_end_and_dry_is_none() -> None:
    found = classed(np.array([0.0, 0.049, 0.05, 0.5, 7.0, np.nan], np.float32), DEPTHS)
    assert found.tolist() == [0, 0, 1, 3, 4, 0]
    assert classed(np.array([0.0, 0.001, 0.5, 4.0], np.float32), RIVER_DEPTHS).tolist() == [0, 1, 2, 5]


def test_walls_are_looked_at_just_outside(river: Raster) -> None:
    """The second stands half in 30 cm and half in 1.2 m; the last where nothing is known."""
    found = river.walls(shapes(box(10, 10, 20, 20), box(35, 10, 45, 20), box(70, 10, 80, 20), box(92, 10, 98, 20)))  # fmt: skip
    np.testing.assert_allclose(found.most, [0.3, 1.2, 0.0, np.nan], rtol=1e-6)
    np.testing.assert_allclose(found.mean, [0.3, 0.75, 0.0, np.nan], rtol=1e-6)


def test_a_building_that_is_an_obstacle_in_the_raster_is_as_wet(river: Raster, tmp_path: Path) -> None:
    """As a heavy rain run writes it: no value in cells whose middle lies in the building. One stands askew."""
    askew = shapely.affinity.rotate(box(10, 40, 20, 50), 30)
    with_yard = box(10, 60, 30, 80).difference(box(16, 66, 24, 74))
    part = terrain.Frame(WEST, SOUTH + 100, 1.0, 100, 100)
    values = np.full((100, 100), 0.3, np.float32)
    values[terrain.covered([askew, with_yard], part)] = np.nan
    values[terrain.covered([box(16, 66, 24, 74)], part)] = 0.9  # the yard
    terrain.write(values, tmp_path / "regen.tif", part=part, srid=25833)
    found = Raster(tmp_path / "regen.tif").walls(shapes(askew, with_yard))
    np.testing.assert_allclose(found.most, [0.3, 0.9], rtol=1e-6)
    assert found.mean[0] == pytest.approx(0.3)
    assert found.mean[1] == pytest.approx((80 * 0.3 + 32 * 0.9) / 112)


def test_tiles_are_put_together(river: Raster, monkeypatch: pytest.MonkeyPatch) -> None:
    at = np.random.default_rng(1).uniform(-10, 110, (500, 2)) + (WEST, SOUTH)
    whole = river.at(at)
    fields = shapes(box(20, 60, 80, 90), box(85, 0, 95, 10))
    counted = river.over(fields, DEPTHS)
    monkeypatch.setattr(water, "TILE", 16)
    np.testing.assert_array_equal(river.at(at), whole)
    np.testing.assert_array_equal(river.over(fields, DEPTHS), counted)
    np.testing.assert_allclose(counted, [[0, 600, 0, 600], [0, 0, 0, 0]])
    assert np.isnan(whole[(at[:, 0] < WEST) | (at[:, 0] >= WEST + 90)]).all()


def test_in_areas_what_touches_is_wet_and_land_is_cut() -> None:
    wet = Areas(shapes(box(0, 0, 50, 100), box(40, 0, 60, 100)), 2.0)
    found = wet.walls(shapes(box(55, 10, 65, 20), box(70, 10, 80, 20)))
    assert (found.most.tolist(), found.mean.tolist()) == ([2.0, 0.0], [2.0, 0.0])
    np.testing.assert_allclose(
        wet.over(shapes(box(20, 60, 80, 90)), RIVER_DEPTHS), [[0, 0, 0, 1200, 0]]
    )  # the overlap once
    assert wet.at(np.array([[WEST + 10, SOUTH + 10], [WEST + 61, SOUTH + 10]])).tolist() == [2.0, 0.0]


def houses() -> Buildings:
    """A home of two storeys, one of one, a shed."""
    found = shapes(box(0, 0, 10, 10), box(20, 0, 30, 10), box(40, 0, 44, 4))
    return Buildings(np.array(["a", "b", "c"], object), found, np.array([2.0, 1.0, 1.0]), np.array([True, True, False]))  # fmt: skip


def test_people_live_by_floor_area_in_the_homes_of_their_area() -> None:
    found, lost = housed(houses(), People(np.array([300.0])))
    assert (found.tolist(), lost) == ([200.0, 100.0, 0.0], 0.0)
    areas = shapes(box(-5, -5, 15, 15), box(15, -5, 35, 15), box(35, -5, 50, 15))
    found, lost = housed(houses(), People(np.array([4.0, 6.0, 8.0]), areas))
    assert (found.tolist(), lost) == ([4.0, 6.0, 0.0], 8.0)


def test_people_of_an_address_live_in_the_nearest_building() -> None:
    at = shapely.points([(WEST + 12, SOUTH + 5), (WEST + 25, SOUTH + 5), (WEST + 200, SOUTH)])
    found, lost = housed(houses(), People(np.array([4.0, 3.0, 5.0]), at))
    assert (found.tolist(), lost) == ([4.0, 3.0, 0.0], 5.0)


def test_who_loses_the_way_to_the_rest_of_the_roads_is_cut_off() -> None:
    """A road of 1 km under water from 400 to 420 m: its west end is cut off, but for who lives far from it; on a bridge nobody is."""
    roads = Roads(shapes(shapely.LineString([(WEST, SOUTH), (WEST + 1000, SOUTH)])), np.array([False]), 0.3)
    found = shapes(
        box(100, 10, 110, 20), box(100, 200, 110, 210), box(410, 10, 415, 20), box(900, 10, 910, 20)
    )
    village = Buildings(np.array(list("abcd"), object), found, np.ones(4), np.ones(4, bool))
    none = Places([], shapes(), [])
    given = Inputs(Areas(shapes(box(400, -50, 420, 50)), 0.5), RIVER_DEPTHS, True, village, None, None, roads, None, None, none, None)  # fmt: skip
    wet = np.array([False, False, True, False])
    assert cut_off(given, wet).tolist() == [True, False, False, False]
    assert not cut_off(replace(given, roads=replace(roads, bridges=np.array([True]))), wet).any()
    assert not cut_off(replace(given, roads=replace(roads, closing=0.6)), wet).any()
