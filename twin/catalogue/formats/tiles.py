"""Several elevation tiles in one archive -> one raster: same cells on one grid, the rest is refused or said.

Bounded memory: strip by strip into one file; where nothing lies that is left empty.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.transform import from_origin
from rasterio.windows import Window

from twin.catalogue.formats import grids
from twin.catalogue.formats.model import Array
from twin.catalogue.formats.notes import Notes
from twin.catalogue.formats.opening import Opened
from twin.catalogue.formats.refusal import FileRefused

_EMPTY = -9999
_STRIP = 512  # rows read at once
_ALIKE = 1e-6  # of a cell's side, as a share of it
_BESIDE = 0.01  # of a cell may the corner of a tile lie beside the grid
JOINING = 0.4  # share of the time that it takes


@dataclass(frozen=True)
class _Tile:
    """west, north: corner in its system; size: rows and columns; step: side of a cell; upward: the file begins in the south."""

    name: str
    file: Opened
    west: float
    north: float
    size: tuple[int, int]
    step: float
    upward: bool
    type: str
    crs: Any


@dataclass(frozen=True)
class _Frame:
    """What all tiles fill together."""

    west: float
    north: float
    size: tuple[int, int]

    def window(self, tile: _Tile) -> Window:
        """Raises FileRefused where the tile's cells lie between those of the others."""
        column, row = (tile.west - self.west) / tile.step, (self.north - tile.north) / tile.step
        if max(abs(column - round(column)), abs(row - round(row))) > _BESIDE:
            raise FileRefused("raster.tiles_beside", name=tile.name)
        return Window(round(column), round(row), tile.size[1], tile.size[0])


def framed(file: Opened, target: Path) -> Opened:
    """The whole without values, to be looked at. Raises FileRefused."""
    if not file.tiles:
        return file
    tiles = _looked_at(file)
    with _begun(tiles, _frame(tiles), target):
        return Opened("raster", "GTiff", target)


def joined(file: Opened, target: Path, *, notes: Notes, tell: Callable[[float], None]) -> Opened:
    """The tiles as one file. Raises FileRefused."""
    if not file.tiles:
        return file
    tiles = _looked_at(file)
    frame = _frame(tiles)
    differing = 0
    with _begun(tiles, frame, target) as sink:
        for number, tile in enumerate(tiles):
            tell(JOINING * number / len(tiles))
            differing += _put(tile, sink, frame.window(tile))
    if differing:
        notes.of_file("raster.overlap", severity="warning", count=differing)
    return Opened("raster", "GTiff", target)


def _looked_at(file: Opened) -> list[_Tile]:
    """Raises FileRefused where they are not alike."""
    tiles = [_tile(name, Opened("raster", file.driver, path)) for name, path in file.tiles]
    first = tiles[0]
    for tile in tiles[1:]:
        if not math.isclose(tile.step, first.step, rel_tol=_ALIKE):
            raise FileRefused("raster.tiles_step", name=first.name, step=first.step, other=tile.name, other_step=tile.step)  # fmt: skip
        if tile.crs != first.crs:
            raise FileRefused("raster.tiles_system", name=first.name, other=tile.name)
    return tiles


def _tile(name: str, file: Opened) -> _Tile:
    with grids.opened(file) as dataset:
        a, b, west, d, e, top = tuple(dataset.transform)[:6]
        if dataset.count != 1 or b or d or not math.isclose(a, abs(e), rel_tol=_ALIKE):
            raise FileRefused("raster.tiles_kind", name=name)
        north = max(top, top + e * dataset.height)
        size = (dataset.height, dataset.width)
        return _Tile(name, file, west, north, size, a, e > 0, dataset.dtypes[0], dataset.crs)


def _frame(tiles: Sequence[_Tile]) -> _Frame:
    """Raises FileRefused where a tile lies far off: the pixels between count."""
    step = tiles[0].step
    west, north = min(tile.west for tile in tiles), max(tile.north for tile in tiles)
    east = max(tile.west + tile.size[1] * step for tile in tiles)
    south = min(tile.north - tile.size[0] * step for tile in tiles)
    rows, columns = round((north - south) / step), round((east - west) / step)
    if rows * columns > grids.MOST_PIXELS:
        raise FileRefused("raster.pixels", count=rows * columns // 10**6, limit=grids.MOST_PIXELS // 10**6)
    return _Frame(west, north, (rows, columns))


def _begun(tiles: Sequence[_Tile], frame: _Frame, target: Path) -> Any:
    kind = np.result_type(*(tile.type for tile in tiles), np.int16)  # which holds what stands for no value
    height, width = frame.size
    step = tiles[0].step
    return rasterio.open(
        target, "w+", driver="GTiff", width=width, height=height, count=1, dtype=kind.name, nodata=_EMPTY,
        crs=tiles[0].crs, transform=from_origin(frame.west, frame.north, step, step), tiled=True, sparse_ok=True, bigtiff="IF_SAFER",
    )  # fmt: skip


def _put(tile: _Tile, sink: Any, place: Window) -> int:
    """How many cells had another value already; that stays."""
    differing = 0
    for top, values in _strips(tile, sink.dtypes[0]):
        window = Window(place.col_off, place.row_off + top, *values.shape[::-1])
        there = sink.read(1, window=window)
        is_taken = there != _EMPTY
        differing += int((is_taken & (values != _EMPTY) & (values != there)).sum())
        sink.write(np.where(is_taken, there, values), 1, window=window)
    return differing


def _strips(tile: _Tile, kind: str) -> Iterator[tuple[int, Array]]:
    """First row, counted from the north, and values of this kind; what is no number counts as none."""
    with grids.opened(tile.file) as dataset:
        for top in range(0, dataset.height, _STRIP):
            rows = min(_STRIP, dataset.height - top)
            found = dataset.read(1, window=Window(0, top, dataset.width, rows), masked=True)
            whole: Any = np.ma.masked_invalid(found).astype(kind)
            values = whole.filled(_EMPTY)
            yield (dataset.height - top - rows, values[::-1]) if tile.upward else (top, values)
