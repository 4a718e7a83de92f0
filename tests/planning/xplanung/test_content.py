"""What a file is by its bytes, and whether a raster knows its place."""

import struct
from pathlib import Path

import pytest

from planning.xplanung.content import canonical, is_georeferenced, type_of
from tests.factories.rasters import big_tiff, tiff


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\0" * 100 + b"%PDF-1.4", "application/pdf"),
        (tiff(), "image/tiff"),
        (tiff(order=">"), "image/tiff"),
        (big_tiff(), "image/tiff"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html>", "text/html"),
        (b"PK\x03\x04", ""),
        (b"Begr\xc3\xbcndung", ""),
        (b"", ""),
    ],
)
def test_bytes_give_the_type_away(data: bytes, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    assert type_of(path) == kind


@pytest.mark.parametrize(
    ("data", "placed"),
    [
        (tiff(), False),
        (tiff(33550, 33922), True),
        (tiff(34264, order=">"), True),
        (big_tiff(), False),
        (big_tiff(34735), True),
        (tiff(33550)[:12], False),  # cut off
        (b"II*\0" + struct.pack("<L", 0xFFFFFFFF), False),  # the directory lies outside of the file
        (b"II+\0" + b"\x08\0\0\0" + struct.pack("<Q", 2**64 - 1), False),
        (b"%PDF-1.7", False),
    ],
)
def test_geotiff_is_told_from_a_plain_one(data: bytes, placed: bool, tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    path.write_bytes(data)
    assert is_georeferenced(path) is placed


def test_media_types_lose_parameters_and_nicknames() -> None:
    assert [canonical(kind) for kind in (" image/JPG ", "text/html; charset=utf-8", "image/tif", "")] == [
        "image/jpeg",
        "text/html",
        "image/tiff",
        "",
    ]
