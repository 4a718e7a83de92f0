"""Pictures of every kind and system become the same red rectangle on transparent paper, at its place; hostile ones are refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio

from planning.rasters import process, tiles
from planning.rasters.georeference import CANDIDATES
from planning.rasters.opening import MOST_PIXELS
from planning.rasters.refusal import RasterRefused
from tests.factories import pictures

INSIDE = (385_050.0, 5_668_225.0)  # in the middle of the red rectangle
PAPER = (385_150.0, 5_668_225.0)
OUTSIDE = (386_500.0, 5_668_225.0)


def place(srid: int = 25833) -> dict[str, Any]:
    return {"transform": list(pictures.transform_in(srid))[:6], "crs": f"EPSG:{srid}", "source": "geotiff"}


def quiet(share: float) -> None:
    assert 0 <= share <= 1


def converted(source: Path, srid: int = 25833) -> tuple[Path, dict[str, Any]]:
    target = source.with_name("picture.tif")
    arguments = {"source": str(source), "target": str(target), "place": place(srid), "srid": 25833}
    return target, process.run("warp", arguments, tell=quiet)


def colours(path: Path, *points: tuple[float, float]) -> list[list[int]]:
    with rasterio.open(path) as dataset:
        return [[int(value) for value in found] for found in dataset.sample(points)]


def is_red(colour: list[int]) -> bool:
    return bool(np.allclose(colour, (*pictures.RED, 255), atol=12))


KINDS = {
    "rgb.tif": {},
    "rgb.png": {},
    "rgb.jpg": {},
    "rgba.png": {"pixels": np.concatenate([pictures.rgb(), np.full((1, 300, 400), 255, np.uint8)])},
    "deep.tif": {"pixels": pictures.rgb().astype(np.uint16) * 257},
    "jpeg.tif": {"compress": "JPEG", "photometric": "YCBCR"},
    "palette.tif": {
        "pixels": (pictures.rgb()[1:2] < 100).astype(np.uint8),
        "colormap": {0: (255, 255, 255, 255), 1: (*pictures.RED, 255)},
    },
    "cmyk.tif": {
        "pixels": np.stack([255 - band for band in pictures.rgb()] + [np.zeros((300, 400), np.uint8)]),
        "photometric": "CMYK",
    },
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_picture_becomes_red_on_transparent_paper(name: str, tmp_path: Path) -> None:
    path, _ = converted(pictures.write(tmp_path / name, **KINDS[name]))
    red, paper = colours(path, INSIDE, PAPER)
    assert is_red(red)
    assert paper[3] == 0


def test_picture_of_one_bit_becomes_black_on_transparent_paper(tmp_path: Path) -> None:
    drawn = (pictures.rgb()[1:2] > 100).astype(np.uint8)
    path, _ = converted(pictures.write(tmp_path / "fax.tif", drawn, nbits=1, compress="CCITTFAX4"))
    assert colours(path, INSIDE) == [[0, 0, 0, 255]]
    assert colours(path, PAPER)[0][3] == 0


def test_no_data_is_transparent(tmp_path: Path) -> None:
    pixels = pictures.rgb()
    pixels[:, 250:, :] = 7
    path, _ = converted(pictures.write(tmp_path / "plan.tif", pixels, nodata=7))
    assert colours(path, (385_050, 5_668_160))[0][3] == 0


@pytest.mark.parametrize("srid", CANDIDATES)
def test_picture_in_every_system_lands_on_its_place(srid: int, tmp_path: Path) -> None:
    path, grid = converted(pictures.geotiff(tmp_path / "plan.tif", srid), srid)
    red, paper = colours(path, INSIDE, PAPER)
    assert is_red(red)
    assert paper[3] == 0
    np.testing.assert_allclose(
        grid["origin"], pictures.ORIGIN, atol=20
    )  # metres; north is not the same everywhere


def test_turned_picture_lands_on_its_place(tmp_path: Path) -> None:
    """A quarter turn about its upper left corner: what lay 50 m east and 75 m south lies 50 m south and 75 m west."""
    source = pictures.write(tmp_path / "plan.png")
    turned = {"transform": [0, -0.5, 385_000, -0.5, 0, 5_668_300], "crs": "EPSG:25833", "source": "points"}
    target = tmp_path / "picture.tif"
    process.run("warp", {"source": str(source), "target": str(target), "place": turned, "srid": 25833}, tell=quiet)  # fmt: skip
    assert is_red(colours(target, (384_925, 5_668_250))[0])


def test_result_is_a_cloud_optimized_geotiff_in_tiles(tmp_path: Path) -> None:
    large = np.repeat(np.repeat(pictures.rgb(), 3, axis=1), 3, axis=2)
    path, grid = converted(pictures.write(tmp_path / "plan.tif", large))
    with rasterio.open(path) as dataset:
        assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert dataset.block_shapes[0] == (256, 256)
        assert dataset.crs.to_epsg() == 25833
        assert grid["factors"] == [1, *dataset.overviews(1)]
        assert (grid["width"], grid["height"]) == (dataset.width, dataset.height)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_tiles_show_the_picture_and_nothing_beside_it(tmp_path: Path) -> None:
    path, grid = converted(pictures.write(tmp_path / "plan.tif"))
    finest = len(grid["factors"]) - 1
    first, last = tiles.tile(path, f"{finest}-0-0"), tiles.tile(path, f"{finest}-1-1")
    assert (first[:4], first[8:12]) == (b"RIFF", b"WEBP")
    assert is_red(drawn(first, (150, 100)))
    assert drawn(last, (255, 255))[3] == 0  # the picture has 400 x 300 pixels
    for key in ("9-0-0", f"{finest}-2-0", f"{finest}-0-2", "-1-0-0", "0-0", "", "../../x", "0-0-0-0"):
        with pytest.raises(tiles.NoTile):
            tiles.tile(path, key)


def drawn(tile: bytes, at: tuple[int, int]) -> list[int]:
    with rasterio.MemoryFile(tile) as memory, memory.open() as dataset:
        row, column = at
        return [int(value) for value in dataset.read()[:, row, column]]


@pytest.mark.parametrize("content", [b"", b"II*\0", b"geheim", b"\x89PNG\r\n\x1a\n" + b"\0" * 99])
def test_what_is_no_picture_of_ours_has_no_tiles(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(tiles.NoTile):
        tiles.tile(tmp_path / "x", "0-0-0")


# --- hostile


def refused(source: Path, srid: int = 25833) -> str:
    with pytest.raises(RasterRefused) as error:
        converted(source, srid)
    assert not source.with_name("picture.tif").exists() or not source.with_name("picture.flat.tif").exists()
    return error.value.rule


def test_bomb_is_refused_before_a_pixel_is_unpacked(tmp_path: Path) -> None:
    path = pictures.bomb(tmp_path / "bomb.png")
    assert path.stat().st_size < 100_000
    assert 60_000 * 60_000 > MOST_PIXELS
    assert refused(path) == "raster.too_large"


def test_cut_off_pictures_are_refused(tmp_path: Path) -> None:
    for name in ("rgb.tif", "rgb.png"):
        whole = pictures.write(tmp_path / name, np.random.default_rng(1).integers(0, 255, (3, 300, 400), np.uint8))  # fmt: skip
        whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
        assert refused(whole) in {"raster.broken", "raster.failed"}, name


def test_other_files_are_refused_whatever_their_name(tmp_path: Path) -> None:
    vrt = f'<VRTDataset rasterXSize="1" rasterYSize="1"><VRTRasterBand dataType="Byte" band="1"><SimpleSource><SourceFilename>{tmp_path}/geheim.tif</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>'
    for content in (b"", vrt.encode(), b"%PDF-1.7", b"<svg/>", b"GIF89a", b"\x7fELF"):
        path = tmp_path / "plan.tif"
        path.write_bytes(content)
        assert refused(path) == "raster.kind"


def test_measurements_are_no_picture(tmp_path: Path) -> None:
    assert refused(pictures.write(tmp_path / "dtm.tif", np.ones((1, 30, 40), np.float32))) == "raster.bands"
    assert refused(pictures.write(tmp_path / "many.tif", np.ones((9, 30, 40), np.uint8))) == "raster.bands"


def test_picture_that_would_cover_a_country_is_refused(tmp_path: Path) -> None:
    source = pictures.write(tmp_path / "plan.png")
    wide = {"transform": [5_000, 0, 385_000, 0, -5_000, 5_668_300], "crs": "EPSG:25833", "source": "points"}
    with pytest.raises(RasterRefused) as error:
        process.run("warp", {"source": str(source), "target": str(tmp_path / "o.tif"), "place": wide, "srid": 25833}, tell=quiet)  # fmt: skip
    assert error.value.rule == "raster.too_wide"


class Cancelled(Exception):
    pass


def test_cancel_ends_the_process_at_once(tmp_path: Path) -> None:
    started: list[int] = []

    def stop(share: float) -> None:
        started.append(1)
        raise Cancelled

    large = np.random.default_rng(1).integers(0, 255, (3, 4000, 4000), np.uint8)
    source = pictures.write(tmp_path / "plan.tif", large)
    arguments = {"source": str(source), "target": str(tmp_path / "o.tif"), "place": place(), "srid": 25833}
    with pytest.raises(Cancelled):
        process.run("warp", arguments, tell=stop)
    assert started == [1]
    assert not (tmp_path / "o.tif").exists()
