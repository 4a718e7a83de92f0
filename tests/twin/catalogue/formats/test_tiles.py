"""Elevation tiles of one archive become one raster: each value where it was; what does not fit together is refused by name."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasterio.transform import from_origin

from tests.factories import datafiles as files
from tests.factories import grids
from tests.factories.vectorfiles import zipped
from tests.twin.catalogue.formats.test_grids import read, refusal
from twin.catalogue.formats import looking

SIDE = 40


def tile(column: int, row: int, values: Any = None, *, step: float = 1.0, shift: float = 0.0) -> bytes:
    """A tile of SIDE x SIDE cells as XYZ, from the south west; row counts from the north. Its values are those of the whole slope."""
    found = part(column, row) if values is None else values
    height, width = found.shape
    west, north = files.WEST + column * SIDE + shift, grids.NORTH - row * SIDE
    lines = [
        f"{west + step * (x + 0.5):.2f} {north - step * (y + 0.5):.2f} {found[y, x]:.2f}\n"
        for y in reversed(range(height))
        for x in range(width)
    ]
    return "".join(lines).encode()


def part(column: int, row: int) -> Any:
    return grids.slope(2 * SIDE)[row * SIDE : (row + 1) * SIDE, column * SIDE : (column + 1) * SIDE]


def archive(folder: Path, **members: bytes) -> Path:
    path = folder / "dgm.zip"
    path.write_bytes(zipped(**{name.replace("__", "."): content for name, content in members.items()}))
    return path


def rules(facts: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(note["rule"], dict(note["params"])) for note in facts["findings"]]


def test_four_tiles_become_one_raster_with_every_value_at_its_place(tmp_path: Path) -> None:
    members = {f"dgm1_{x}_{y}__xyz": tile(x, y) for x in (0, 1) for y in (0, 1)}
    path = archive(tmp_path, **members, liesmich__txt=b"DGM1", dgm1_0_0__xml=b"<m/>")
    facts, (values,), transform = read(path, srs=25833)
    np.testing.assert_allclose(values.filled(-1), grids.slope(2 * SIDE), atol=0.006)
    assert tuple(transform)[:6] == (1, 0, files.WEST, 0, -1, grids.NORTH)
    assert (facts["grid"]["width"], facts["grid"]["height"], facts["findings"]) == (80, 80, [])


@pytest.mark.parametrize("name", ["a__tif", "a__asc"])
def test_tiles_of_other_kinds_are_joined_too(tmp_path: Path, name: str) -> None:
    suffix = name.partition("__")[2]
    members = {}
    for column in (0, 1):
        path = tmp_path / f"{column}.{suffix}"
        driver = {"tif": "GTiff", "asc": "AAIGrid"}[suffix]
        tif = grids.geotiff(tmp_path / f"{column}.tif", part(column, 0), transform=from_origin(files.WEST + column * SIDE, grids.NORTH, 1, 1))  # fmt: skip
        if driver == "AAIGrid":
            rows = "\n".join(" ".join(f"{value:.2f}" for value in row) for row in part(column, 0))
            path.write_text(f"ncols {SIDE}\nnrows {SIDE}\nxllcorner {files.WEST + column * SIDE}\nyllcorner {grids.NORTH - SIDE}\ncellsize 1\n{rows}\n")  # fmt: skip
        members[f"{column}__{suffix}"] = (path if driver == "AAIGrid" else tif).read_bytes()
    _facts, (values,), _transform = read(archive(tmp_path, **members), srs=25833)
    np.testing.assert_allclose(values.filled(-1), grids.slope(2 * SIDE)[:SIDE], atol=0.006)


def test_holes_between_and_inside_tiles_stay_empty_and_are_said(tmp_path: Path) -> None:
    gap = tile(1, 1).replace(b"\n", b"\n", 1).splitlines(keepends=True)
    path = archive(tmp_path, a__xyz=tile(0, 0), b__xyz=b"".join(gap[:-100] + gap[-40:]))
    facts, (values,), _transform = read(path, srs=25833)
    mask = np.ma.getmaskarray(values)
    assert mask[:SIDE, SIDE:].all()
    assert mask[SIDE:, :SIDE].all()
    assert not mask[:SIDE, :SIDE].any()
    assert mask.sum() == 2 * SIDE * SIDE + 60
    ((rule, params),) = rules(facts)
    assert (rule, params["percent"]) == ("raster.gaps", 51)


def test_tiles_that_overlap_alike_are_one_and_those_that_differ_are_said(tmp_path: Path) -> None:
    wide = grids.slope(2 * SIDE)[:SIDE, : SIDE + 5]
    facts, (values,), _transform = read(archive(tmp_path, a__xyz=tile(0, 0, wide), b__xyz=tile(1, 0)), srs=25833)  # fmt: skip
    np.testing.assert_allclose(values.filled(-1), grids.slope(2 * SIDE)[:SIDE], atol=0.006)
    assert facts["findings"] == []
    other = tmp_path / "other"
    other.mkdir()
    facts, (values,), _transform = read(
        archive(other, a__xyz=tile(0, 0, wide + 7), b__xyz=tile(1, 0)), srs=25833
    )
    assert rules(facts) == [("raster.overlap", {"count": 5 * SIDE})]
    np.testing.assert_allclose(values[:, SIDE : SIDE + 5], wide[:, SIDE:] + 7, atol=0.006)
    np.testing.assert_allclose(values[:, SIDE + 5 :], part(1, 0)[:, 5:], atol=0.006)


FAR = {"a__xyz": tile(0, 0), "b__xyz": tile(5000, 5000, part(0, 0))}
HOSTILE: dict[str, tuple[dict[str, bytes], str]] = {
    "spacing": ({"a__xyz": tile(0, 0), "b__xyz": tile(1, 0, step=2.0)}, "raster.tiles_step"),
    "shifted": ({"a__xyz": tile(0, 0), "b__xyz": tile(1, 0, shift=0.4)}, "raster.tiles_beside"),
    "far": (FAR, "raster.pixels"),
    "points": ({"a__xyz": tile(0, 0), "b__xyz": b"1 2 3\n1.7 9 3\n8 8 8\n"}, "file.no_grid"),
    "empty": ({"a__xyz": tile(0, 0), "b__xyz": b""}, "raster.tiles_kind"),
    "words": ({"a__xyz": tile(0, 0), "b__xyz": b"keine Daten\n"}, "raster.tiles_kind"),
    "page": ({"a__xyz": tile(0, 0), "b__xyz": b"<!doctype html><html></html>"}, "file.html"),
    "mixed": ({"a__xyz": tile(0, 0), "b__tif": b"II*\0"}, "file.several"),
    "false": ({"a__tif": b"II*\0" + bytes(500), "b__tif": b"II*\0" + bytes(500)}, "file.damaged"),
    "features": ({"a__geojson": b"{}", "b__geojson": b"{}"}, "file.several"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_set_of_tiles_is_refused(tmp_path: Path, name: str) -> None:
    members, rule = HOSTILE[name]
    assert refusal(archive(tmp_path, **members), srs=25833).rule == rule


def test_tiles_with_colours_are_refused_by_name(tmp_path: Path) -> None:
    picture = np.zeros((3, 9, 9), dtype=np.uint8)
    members = {f"{n}__tif": grids.geotiff(tmp_path / f"{n}.tif", picture, photometric="RGB").read_bytes() for n in "ab"}  # fmt: skip
    found = refusal(archive(tmp_path, **members))
    assert (found.rule, found.params) == ("raster.tiles_kind", {"name": "a.tif"})


def test_tiles_in_different_systems_are_refused(tmp_path: Path) -> None:
    members = {f"{code}__tif": grids.geotiff(tmp_path / f"{code}.tif", code=code).read_bytes() for code in (25832, 25833)}  # fmt: skip
    assert refusal(archive(tmp_path, **members)).rule == "raster.tiles_system"


def test_preview_shows_the_whole_that_the_tiles_make(tmp_path: Path) -> None:
    folder = tmp_path / "look"
    folder.mkdir()
    path = archive(tmp_path, a__xyz=tile(0, 0), b__xyz=tile(1, 1))
    (layer,) = looking.look(path, folder=folder, srid=25833, extent=files.EXTENT)["layers"]
    assert (layer["raster"]["width"], layer["raster"]["height"], layer["srs"]) == (80, 80, 25833)
    assert f"[{files.WEST}, {grids.NORTH}]" in layer["shapes"][0]
