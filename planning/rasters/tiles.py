"""Tiles of a Cloud Optimized GeoTIFF, such as `converting` makes: the level counts from the coarsest overview, columns and rows from the upper left."""

import math
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import MemoryFile
from rasterio.windows import Window

Paint = Callable[[Any, Any], Any]
CONTENT_TYPE = "image/webp"
SIDE = 256  # pixels
_KEY = re.compile(r"(\d{1,2})-(\d{1,6})-(\d{1,6})")
_QUALITY = "90"


class NoTile(LookupError):
    """There is no tile of this key, or the file is no picture of ours."""


def tile(path: Path, key: str, *, paint: Paint | None = None) -> bytes:
    """The tile "level-column-row" as WebP, 256 x 256, transparent where there is no picture. Raises NoTile.

    paint: (dataset, masked bands) -> red, green, blue and alpha; without it the file is a picture that `converting` made."""
    with _opened(path, key) as (dataset, place):
        if paint is None and dataset.count != 4:
            raise NoTile(key)
        found = _read(dataset, place, masked=paint is not None)
        return _encoded(_whole(paint(dataset, found) if paint else found))


def numbers(path: Path, key: str) -> bytes:
    """The bands of the tile as they stand, one after the other, a byte for each of 256 x 256 pixels; 0 where there is no picture. Raises NoTile."""
    with _opened(path, key) as (dataset, place):
        return bytes(_whole(_read(dataset, place, masked=False)))


@contextmanager
def _opened(path: Path, key: str) -> Iterator[tuple[rasterio.DatasetReader, tuple[int, int, int]]]:
    found = _KEY.fullmatch(key)
    if found is None:
        raise NoTile(key)
    level, column, row = map(int, found.groups())
    try:
        with rasterio.open(path, driver="GTiff") as dataset:
            yield dataset, (level, column, row)
    except (RasterioError, rasterio.errors.RasterioIOError) as error:
        raise NoTile(key) from error


def _read(dataset: rasterio.DatasetReader, place: tuple[int, int, int], *, masked: bool) -> Any:
    level, column, row = place
    factors = [*reversed(dataset.overviews(1)), 1]
    if level >= len(factors):
        raise NoTile
    factor = factors[level]
    left, top = column * SIDE * factor, row * SIDE * factor
    if left >= dataset.width or top >= dataset.height:
        raise NoTile
    width, height = min(SIDE * factor, dataset.width - left), min(SIDE * factor, dataset.height - top)
    shape = (dataset.count, math.ceil(height / factor), math.ceil(width / factor))
    return dataset.read(window=Window(left, top, width, height), out_shape=shape, masked=masked)


def _whole(found: Any) -> Any:
    """All of the tile, also where the picture ends within it."""
    bands, rows, columns = found.shape
    pixels = np.zeros((bands, SIDE, SIDE), dtype=np.uint8)
    pixels[:, :rows, :columns] = found
    return pixels


def _encoded(pixels: Any) -> bytes:
    with MemoryFile() as memory, warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with memory.open(driver="WEBP", width=SIDE, height=SIDE, count=4, dtype="uint8", QUALITY=_QUALITY) as sink:  # fmt: skip
            sink.write(pixels)
        return bytes(memory.read())
