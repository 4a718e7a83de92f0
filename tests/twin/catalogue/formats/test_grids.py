"""Rasters become Cloud Optimized GeoTIFFs in the twin's system, with the values they had; what can't be meant is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine, from_origin

from tests.factories import datafiles as files
from tests.factories import grids
from twin.catalogue.formats import looking, reading
from twin.catalogue.formats.reading import RASTER, Wishes
from twin.catalogue.formats.refusal import FileRefused

ELSEWHERE = from_origin(1_000_000, 1_000_000, 1, 1)


def read(path: Path, **wishes: Any) -> tuple[dict[str, Any], Any, Any]:
    """What is said of the file, the values of the raster made of it, and its transform."""
    parts = path.parent / "work" / "parts"
    parts.mkdir(parents=True)
    facts = reading.read(path, parts, wishes=Wishes(**wishes), srid=25833, extent=files.EXTENT)
    with rasterio.open(parts.parent / RASTER) as dataset:
        assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert dataset.crs.to_epsg() == 25833
        return facts, dataset.read(masked=True), dataset.transform


def refusal(path: Path, **wishes: Any) -> FileRefused:
    with pytest.raises(FileRefused) as error:
        read(path, **wishes)
    return error.value


def test_raster_in_the_twins_system_keeps_every_value_and_place(tmp_path: Path) -> None:
    facts, (values,), transform = read(grids.geotiff(tmp_path / "dgm.tif", nodata=-1))
    np.testing.assert_array_equal(values.filled(0), grids.slope())
    assert tuple(transform)[:6] == (1, 0, files.WEST, 0, -1, grids.NORTH)
    assert facts["extent"] == [files.WEST, files.SOUTH, files.WEST + 100, grids.NORTH]
    grid = facts["grid"]
    assert (grid["width"], grid["height"], grid["resolution"], grid["bands"], grid["type"]) == (100, 100, 1.0, 1, "float32")  # fmt: skip
    np.testing.assert_allclose([grid["low"], grid["high"]], np.percentile(grids.slope(), (2, 98)))
    assert (facts["source_crs"], facts["findings"], facts["kept"]) == ("EPSG:25833", [], 0)


def test_value_that_may_stand_for_none_is_asked_about(tmp_path: Path) -> None:
    heights = grids.slope()
    heights[:10] = -9999
    facts, _values, _transform = read(grids.geotiff(tmp_path / "dgm.tif", heights, nodata=-1))
    (note,) = facts["findings"]
    assert (note["rule"], note["severity"], note["params"]) == (
        "raster.odd",
        "warning",
        {"value": "-9999", "percent": 10},
    )
    assert facts["grid"]["low"] > 0  # colours are not spent on it


def test_xyz_is_the_grid_that_its_points_are_the_middles_of(tmp_path: Path) -> None:
    _facts, (values,), transform = read(grids.xyz(tmp_path / "dgm.xyz", step=2.0), srs=25833)
    np.testing.assert_allclose(values, grids.slope(), atol=0.006)
    assert tuple(transform)[:6] == (2, 0, files.WEST, 0, -2, grids.NORTH)


def test_raster_in_another_system_is_moved_and_says_so(tmp_path: Path) -> None:
    """A plane stays the plane that it was: its values at the same ground, against the formula."""
    from_25832 = Affine(1, 0, 803_900, 0, -1, 5_680_000)
    facts, (values,), transform = read(grids.geotiff(tmp_path / "dgm.tif", grids.slope(400), code=25832, transform=from_25832))  # fmt: skip
    assert [note["rule"] for note in facts["findings"]] == ["raster.warped", "raster.gaps"]
    row, column = (size // 2 for size in values.shape)
    (x,), (y,) = rasterio.warp.transform("EPSG:25833", "EPSG:25832", [transform.c + (column + 0.5) * transform.a], [transform.f + (row + 0.5) * transform.e])  # fmt: skip
    expected = 100 + (x - 803_900 - 0.5) / 10 + (5_680_000 - y - 0.5)
    np.testing.assert_allclose(values[row, column], expected, atol=0.02)
    assert np.ma.getmaskarray(values)[0, 0] or np.ma.getmaskarray(values)[0, -1]


def test_picture_keeps_its_colours(tmp_path: Path) -> None:
    colours = np.zeros((3, 40, 40), dtype=np.uint8)
    colours[0], colours[2, :20] = 200, 90
    facts, values, _transform = read(grids.geotiff(tmp_path / "luftbild.tif", colours, photometric="RGB"))
    np.testing.assert_array_equal(values.filled(0), colours)
    assert facts["grid"]["bands"] == 3


@pytest.mark.parametrize(
    ("wanted", "path_of"),
    [
        ("file.no_system_proposed", lambda folder: grids.xyz(folder / "dgm.xyz")),
        ("file.elsewhere", lambda folder: grids.geotiff(folder / "a.tif", transform=ELSEWHERE)),
        ("raster.no_place", lambda folder: grids.geotiff(folder / "a.tif", transform=Affine.identity())),
        ("raster.empty", lambda folder: grids.geotiff(folder / "a.tif", np.full((9, 9), -1, np.float32), nodata=-1)),
        ("raster.bands", lambda folder: grids.geotiff(folder / "a.tif", np.zeros((9, 5, 5), np.uint8))),
        ("raster.bands", lambda folder: grids.geotiff(folder / "a.tif", np.zeros((5, 5), np.complex64))),
    ],
)  # fmt: skip
def test_raster_that_can_not_be_meant_is_refused(tmp_path: Path, wanted: str, path_of: Any) -> None:
    assert refusal(path_of(tmp_path)).rule == wanted


def test_small_file_with_a_huge_raster_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "bomb.tif"
    with rasterio.open(path, "w", driver="GTiff", width=200_000, height=200_000, count=1, dtype="uint8", crs="EPSG:25833", transform=from_origin(files.WEST, grids.NORTH, 0.1, 0.1), tiled=True, sparse_ok=True):  # fmt: skip
        pass
    assert path.stat().st_size < 20_000_000
    assert refusal(path).rule == "raster.pixels"


def test_damaged_rasters_are_refused(tmp_path: Path) -> None:
    whole = grids.geotiff(tmp_path / "a.tif", np.random.default_rng(1).random((200, 200)).astype(np.float32), compress="LZW").read_bytes()  # fmt: skip
    cut = tmp_path / "cut.tif"
    cut.write_bytes(whole[: len(whole) // 2])
    assert refusal(cut).rule == "file.damaged"


def test_points_beside_a_grid_are_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "punkte.xyz"
    rng = np.random.default_rng(2)
    path.write_text("".join(f"{files.WEST + x:.2f} {files.SOUTH + y:.2f} {z:.2f}\n" for x, y, z in rng.uniform(0, 90, (50, 3))))  # fmt: skip
    assert refusal(path, srs=25833).rule == "file.no_grid"


def test_preview_says_what_the_raster_is_and_where(tmp_path: Path) -> None:
    folder = tmp_path / "look"
    folder.mkdir()
    found = looking.look(grids.xyz(tmp_path / "dgm.xyz"), folder=folder, srid=25833, extent=files.EXTENT)
    (layer,) = found["layers"]
    assert (found["driver"], layer["raster"], layer["srs"]) == ("XYZ", {"width": 100, "height": 100, "bands": 1, "type": "float32", "resolution": 1.0}, 25833)  # fmt: skip
    assert f"[{files.WEST}, {grids.NORTH}]" in layer["shapes"][0]


def test_real_terrain_model_keeps_its_heights(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "elevation" / "elbe_rosslau_dgm1_309000_5749000.tif"
    target = tmp_path / "dgm1.tif"
    target.symlink_to(source)
    facts, values, _transform = read(target, anywhere=True)
    with rasterio.open(source) as dataset:
        np.testing.assert_array_equal(values.filled(-1), dataset.read(masked=True).filled(-1))
    assert (facts["grid"]["width"], facts["grid"]["resolution"]) == (1000, 1.0)
