"""The part of a model that is computed: cells on whole multiples, means of finer heights, what can't be meant."""

from pathlib import Path

import numpy as np
import pytest
from rasterio.transform import from_origin

from tests.factories import grids
from tests.factories.datafiles import SOUTH, WEST
from twin.analysis import terrain
from twin.analysis.terrain import Frame, Suspicion
from twin.catalogue.formats.grids import order
from twin.hydro.case import Grid

NORTH = SOUTH + 100.0
ALL = np.ones((10, 10), bool)


def stored(folder: Path, values: object, **options: object) -> Path:
    flat, target = folder / "flat.tif", folder / "dgm.tif"
    grids.geotiff(flat, values, tiled=True, blockxsize=256, blockysize=256, **options)  # type: ignore[arg-type]
    order(flat, target)
    return target


def test_cells_lie_on_whole_multiples_and_cover_the_box() -> None:
    found = terrain.frame((385_003.0, 5_668_001.0, 385_016.0, 5_668_012.5), 5.0)
    assert found == Frame(385_000.0, 5_668_015.0, 5.0, rows=3, columns=4)
    assert found.bounds == (385_000.0, 5_668_000.0, 385_020.0, 5_668_015.0)
    assert terrain.frame((0.0, 0.0, 20.0, 10.0), 5.0) == Frame(0.0, 10.0, 5.0, rows=2, columns=4)


def test_heights_of_the_same_cells_are_taken_as_they_are(tmp_path: Path) -> None:
    path = stored(tmp_path, grids.slope())
    part = terrain.frame((WEST + 10, SOUTH + 20, WEST + 40, SOUTH + 50), 1.0)
    np.testing.assert_array_equal(terrain.heights(path, part), grids.slope()[50:80, 10:40])


def test_coarser_cells_have_the_mean_of_what_lies_in_them(tmp_path: Path) -> None:
    path = stored(tmp_path, grids.slope())
    part = terrain.frame((WEST, SOUTH, WEST + 100, NORTH), 10.0)
    wanted = grids.slope().reshape(10, 10, 10, 10).mean(axis=(1, 3))
    np.testing.assert_allclose(terrain.heights(path, part), wanted, atol=1e-3)


def test_beside_the_model_and_in_its_holes_there_is_no_height(tmp_path: Path) -> None:
    values = grids.slope()
    values[:10, :10] = -9999.0
    path = stored(tmp_path, values, nodata=-9999.0)
    part = terrain.frame((WEST - 20, SOUTH, WEST + 100, NORTH), 10.0)
    found = terrain.heights(path, part)
    assert np.isnan(found[:, :2]).all()
    assert np.isnan(found[0, 2])
    assert np.isfinite(found[1:, 2:]).all()
    undeclared = terrain.heights(stored(tmp_path, grids.slope()), part)  # a file without a value for none
    assert np.isnan(undeclared[:, :2]).all()
    assert np.isfinite(undeclared[:, 2:]).all()


def test_files_hold_the_values_and_their_place(tmp_path: Path) -> None:
    part = Frame(WEST, NORTH, 5.0, rows=20, columns=20)
    values = np.where(np.eye(20, dtype=bool), np.float32(np.nan), np.float32(0.25))
    terrain.write(values, tmp_path / "tiefe.tif", part=part, srid=25833)
    np.testing.assert_array_equal(terrain.heights(tmp_path / "tiefe.tif", part, exact=True), values)


@pytest.mark.parametrize(
    ("sample", "wanted"),
    [
        (np.full((10, 10), 120.0), None),
        (np.full((10, 10), np.nan), Suspicion("empty")),
        (np.full((10, 10), 12_000.0), Suspicion("range", 12_000.0)),  # centimetres
        (np.where(np.eye(10, dtype=bool), -9999.0, 120.0), Suspicion("range", -9999.0)),
        (np.where(np.eye(10, dtype=bool), 0.0, 120.0), Suspicion("zeros", 0.1)),
        (np.where(np.eye(10, dtype=bool), 0.0, 1.5), None),  # a coast
    ],
)
def test_heights_that_can_not_be_meant_are_noticed(sample: object, wanted: Suspicion | None) -> None:
    assert terrain.suspicion(np.asarray(sample, np.float32), ALL) == wanted


def test_holes_are_counted_in_the_area_alone() -> None:
    sample = np.where(np.arange(10) < 2, np.nan, 120.0) * np.ones((10, 1))
    assert terrain.holes(sample, ALL) == 0.2
    area = ALL.copy()
    area[:, :1] = False
    assert terrain.holes(sample, area) == pytest.approx(1 / 9)


def test_a_sample_is_no_larger_than_asked() -> None:
    part = Frame(WEST, NORTH, 1.0, rows=4000, columns=1000).coarser(10_000)
    assert part.rows * part.columns <= 10_300
    assert part.bounds[2] == pytest.approx(WEST + 1000, abs=25)
    assert from_origin(WEST, NORTH, part.cell, part.cell) == part.transform


# --- tiles that don't fit together


def ground(side: int = 220) -> Grid:
    """Metres: a slope, rough by some centimetres."""
    rows, columns = np.mgrid[0:side, 0:side]
    rough = np.random.default_rng(5).normal(0, 0.03, (side, side))
    return (120 + 0.02 * rows + 0.05 * columns + rough).astype(np.float32)


@pytest.mark.parametrize(("upright", "rise"), [(True, 0.5), (True, -3.0), (False, 0.3)])
def test_a_step_at_the_edge_of_a_tile_is_found_where_it_is(upright: bool, rise: float) -> None:
    heights = ground()
    heights[(slice(40, 180), slice(160, None)) if upright else (slice(100, None), slice(None))] += rise
    found = terrain.stair(heights, Frame(400_000.0, 5_670_000.0, 2.0, *heights.shape))
    assert found is not None
    assert (found.upright, found.at) == (upright, 400_320.0 if upright else 5_669_800.0)
    assert found.rise == pytest.approx(rise, abs=0.03)


def test_slopes_bends_walls_and_holes_are_no_step() -> None:
    rows, columns = np.mgrid[0:220, 0:220]
    askew, short, holed = ground(), ground(), ground()
    askew[columns > rows] += 3
    short[60:120, 150:] += 3
    holed[::10, 100] = np.nan
    steep = ground() + 2 * np.abs(columns - 110).astype(np.float32)
    wall = ground()
    wall[:, 100] += 2
    models = (ground(), askew, short, holed, steep, wall)
    assert [terrain.stair(each.astype(np.float32), Frame(0.0, 440.0, 2.0, 220, 220)) for each in models] == [None] * 6  # fmt: skip
