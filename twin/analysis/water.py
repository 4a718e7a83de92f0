"""How deep water stands at walls, at points and over areas: by a raster of depths, or inside areas. No Django.

Depths are float32 metres, 0 where it is dry, NaN where nothing is known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.windows import Window

TILE = 2048  # cells on a side that are read at once
BESIDE = 0.71  # cells outside a wall where its water is looked for: no cell whose middle lies in the building holds that point
AROUND = 5.0  # m around a point in which water is looked for
Shapes = NDArray[np.object_]
Depths = NDArray[np.float32]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Walls:
    """An array of each for the buildings. most, mean: m along all walls, NaN where none is known."""

    most: Depths
    mean: Depths


class Water(Protocol):
    """spacing: m between two points of a line at which it is worth looking."""

    @property
    def spacing(self) -> float: ...

    def walls(self, buildings: Shapes) -> Walls: ...

    def at(self, points: Numbers) -> Depths:
        """points: (n, 2) in the twin's system."""

    def over(self, areas: Shapes, ends: Sequence[float]) -> Numbers:
        """m² of each area in each class of depth: (areas, classes). What lies in two areas counts in one of them."""


def classed(depths: Depths, ends: Sequence[float]) -> NDArray[np.intp]:
    """Numbers of the classes with these lower ends, from 1 on; 0: dry, less than the lowest, or unknown."""
    wet = np.nan_to_num(depths, nan=0.0)
    return np.where(wet > 0, np.digitize(wet, np.asarray(ends, wet.dtype)), 0)


def around(water: Water, shapes: Shapes) -> Depths:
    """Greatest depth at the walls of areas, and around what has none."""
    flat = shapely.get_dimensions(shapes) < 2
    return water.walls(np.where(flat, shapely.buffer(shapes, AROUND), shapes)).most


def points_of(at: Numbers) -> Shapes:
    """at: (n, 2)."""
    return np.asarray(shapely.points(at), object).reshape(-1)


def lines_of(ends: Numbers) -> Shapes:
    """Straight ones. ends: (n, 2, 2)."""
    return np.asarray(shapely.linestrings(ends), object).reshape(-1)


@dataclass(frozen=True)
class Raster:
    """A raster of depths in m, in the twin's system."""

    path: Path

    @property
    def spacing(self) -> float:
        with rasterio.open(self.path, driver="GTiff") as source:
            return float(source.transform.a)

    def walls(self, buildings: Shapes) -> Walls:
        """Looked at every cell along the walls, just outside them: inside it is dry, or nothing is known."""
        cell, count = self.spacing, len(buildings)
        points, lengths, owners = _beside_walls(buildings, spacing=cell, beside=BESIDE * cell)
        depths = self.at(points)
        known = np.isfinite(depths)
        most = np.full(count, -np.inf, np.float32)
        np.maximum.at(most, owners[known], depths[known])
        weights = np.bincount(owners[known], lengths[known], minlength=count)
        sums = np.bincount(owners[known], lengths[known] * depths[known], minlength=count)
        mean = np.full(count, np.nan)
        np.divide(sums, weights, out=mean, where=weights > 0)
        return Walls(np.where(np.isfinite(most), most, np.float32(np.nan)), mean.astype(np.float32))

    def at(self, points: Numbers) -> Depths:
        """Of the cells that hold the points; tile by tile, so that a county's raster needs no memory of its own."""
        found = np.full(len(points), np.nan, np.float32)
        with rasterio.open(self.path, driver="GTiff") as source:
            columns, rows = ~source.transform * (points[:, 0], points[:, 1])
            columns, rows = np.floor(columns).astype(np.int64), np.floor(rows).astype(np.int64)
            inside = (columns >= 0) & (rows >= 0) & (columns < source.width) & (rows < source.height)
            across = -(-source.width // TILE)
            tiles = np.where(inside, rows // TILE * across + columns // TILE, -1)
            order = np.argsort(tiles, kind="stable")
            edges = np.flatnonzero(np.diff(tiles[order])) + 1
            for group in np.split(order, edges):
                if len(group) and tiles[group[0]] >= 0:
                    window = _tile(source, *divmod(int(tiles[group[0]]), across))
                    block = _read(source, window)
                    found[group] = block[rows[group] - window.row_off, columns[group] - window.col_off]
        return found

    def over(self, areas: Shapes, ends: Sequence[float]) -> Numbers:
        """Cells whose middle lies in an area."""
        found = np.zeros((len(areas), len(ends) + 1))
        tree = shapely.STRtree(areas)
        with rasterio.open(self.path, driver="GTiff") as source:
            for window in _windows(source):
                touching = tree.query(shapely.box(*source.window_bounds(window)))
                if len(touching):
                    found += _counted(source, window, areas, touching, ends)
            return found[:, 1:] * float(source.transform.a) ** 2


def _counted(
    source: Any, window: Window, areas: Shapes, touching: NDArray[np.intp], ends: Sequence[float]
) -> Numbers:
    """Cells of a tile by area and class."""
    shape = (int(window.height), int(window.width))
    pairs = zip(areas[touching], (touching + 1).tolist(), strict=True)
    owners = rasterize(pairs, shape, transform=source.window_transform(window), dtype="int32")
    numbers = classed(_read(source, window), ends)
    columns = len(ends) + 1
    both = (owners.astype(np.int64) - 1) * columns + numbers
    counts = np.bincount(both[owners > 0], minlength=len(areas) * columns)
    return counts.reshape(len(areas), columns).astype(float)


def _tile(source: Any, row: int, column: int) -> Window:
    top, left = row * TILE, column * TILE
    return Window(left, top, min(TILE, source.width - left), min(TILE, source.height - top))


def _windows(source: Any) -> Iterator[Window]:
    for row in range(-(-source.height // TILE)):
        for column in range(-(-source.width // TILE)):
            yield _tile(source, row, column)


def _read(source: Any, window: Window) -> Depths:
    found: Depths = source.read(1, window=window, masked=True).astype(np.float32).filled(np.nan)
    return found


def _beside_walls(
    areas: Shapes, *, spacing: float, beside: float
) -> tuple[Numbers, Numbers, NDArray[np.intp]]:
    """Points beside the middles of pieces of walls at most so long: (n, 2), their lengths, and the numbers of the areas."""
    parts, owners = shapely.get_parts(areas, return_index=True)
    rings, of_part = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    corners, of_ring = shapely.get_coordinates(shapely.segmentize(rings, spacing), return_index=True)
    steps = np.diff(corners, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    whole = (of_ring[1:] == of_ring[:-1]) & (lengths > 0)
    steps, lengths = steps[whole], lengths[whole]
    outward = (
        np.column_stack((steps[:, 1], -steps[:, 0])) / lengths[:, None]
    )  # outer rings run against the clock
    points = corners[:-1][whole] + steps / 2 + outward * beside
    return points, lengths, owners[of_part[of_ring[:-1][whole]]]


@dataclass(frozen=True)
class Areas:
    """Areas under water, everywhere equally deep. depth: m."""

    shapes: Shapes
    depth: float
    spacing: float = 5.0

    def walls(self, buildings: Shapes) -> Walls:
        """A building that is touched stands in the water."""
        depths = self._where(buildings)
        return Walls(depths, depths)

    def at(self, points: Numbers) -> Depths:
        return self._where(points_of(points))

    def over(self, areas: Shapes, ends: Sequence[float]) -> Numbers:
        found = np.zeros((len(areas), len(ends)))
        own, met = shapely.STRtree(areas).query(self.shapes, predicate="intersects")
        number = int(classed(np.array([self.depth], np.float32), ends)[0])
        for area in np.unique(met) if number else ():
            wet = shapely.intersection(shapely.union_all(self.shapes[own[met == area]]), areas[area])
            found[area, number - 1] = shapely.area(wet)
        return found

    def _where(self, shapes: Shapes) -> Depths:
        """The large areas are asked, not the many shapes: what is asked is made ready for many answers."""
        found = np.zeros(len(shapes), np.float32)
        _areas, met = shapely.STRtree(shapes).query(self.shapes, predicate="intersects")
        found[met] = self.depth
        return found
