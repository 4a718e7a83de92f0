"""The part of an elevation model that is computed: where its cells lie, their heights, and what is suspicious about them. No Django."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.features import rasterize
from rasterio.transform import Affine, from_origin
from rasterio.vrt import WarpedVRT
from shapely.geometry.base import BaseGeometry

from twin.catalogue.formats import grids
from twin.hydro.case import HEIGHTS, Grid
from twin.hydro.errors import TooLarge
from twin.hydro.sections import staircase

Mask = NDArray[np.bool_]
CELLS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)  # m that are offered
EMPTY = -99999.0  # stands for no height while a model is read
RAISED = 5.0  # m that a building stands above its ground: no flood in a street reaches its roof
LOOKED_AT = 250_000  # cells that a model is judged by
ZEROS = 0.001  # share of heights that are exactly 0 which is suspicious
STEP = 0.2  # m by which tiles may differ unnoticed
ALIKE = 100  # cells along which a step is the same where tiles meet
ABOVE = 5.0  # m above 0 that the middle height must lie for that


@dataclass(frozen=True)
class Frame:
    """Cells in the twin's system: west and north are the corner of the first one."""

    west: float
    north: float
    cell: float
    rows: int
    columns: int

    @property
    def transform(self) -> Affine:
        return from_origin(self.west, self.north, self.cell, self.cell)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        east, south = self.west + self.columns * self.cell, self.north - self.rows * self.cell
        return self.west, south, east, self.north

    def coarser(self, most: int) -> "Frame":
        """The same part with at most about so many cells."""
        factor = max(1.0, math.sqrt(self.rows * self.columns / most))
        rows, columns = (max(1, math.ceil(n / factor)) for n in (self.rows, self.columns))
        return replace(self, cell=self.cell * factor, rows=rows, columns=columns)


def frame(box: tuple[float, float, float, float], cell: float) -> Frame:
    """That covers west, south, east, north; edges lie on whole multiples of the cell, so that two runs fit together."""
    west, north = math.floor(box[0] / cell + 1e-9) * cell, math.ceil(box[3] / cell - 1e-9) * cell
    columns = math.ceil((box[2] - west) / cell - 1e-9)
    rows = math.ceil((north - box[1]) / cell - 1e-9)
    return Frame(west, north, cell, rows, columns)


def heights(path: Path, part: Frame, *, exact: bool = False) -> Grid:
    """(rows, columns) float32 m, NaN where there is none: the mean of what lies in a cell. exact: one of them as it stands, for looking at."""
    options: dict[str, Any] = {"transform": part.transform, "width": part.columns, "height": part.rows, "nodata": EMPTY, "dtype": "float32"}  # fmt: skip
    with rasterio.open(path, driver="GTiff") as source:
        finer = part.cell > abs(source.transform.a) * 1.001
        means = Resampling.average if finer else Resampling.bilinear
        options["resampling"] = Resampling.nearest if exact or _same_cells(source, part) else means
        with WarpedVRT(source, src_nodata=source.nodata, **options) as cut:
            found: Grid = cut.read(1)
        found[(found == EMPTY) | ~np.isfinite(found) | _beside(source.bounds, part)] = np.nan
    return found


def at(path: Path, points: NDArray[np.float64]) -> Grid:
    """(n,) float32 m at (n, 2) places, as they stand; NaN where there is none."""
    with rasterio.open(path, driver="GTiff") as source:
        found = np.array(
            [values.astype(np.float32).filled(np.nan)[0] for values in source.sample(points, masked=True)],
            np.float32,
        )
    return found


def _beside(bounds: Any, part: Frame) -> Mask:
    """Cells whose middle lies outside: the mean of one that only touches the model would be that of its edge."""
    east = part.west + (np.arange(part.columns) + 0.5) * part.cell
    north = part.north - (np.arange(part.rows) + 0.5) * part.cell
    columns = (east < bounds.left) | (east > bounds.right)
    rows = (north < bounds.bottom) | (north > bounds.top)
    found: Mask = rows[:, None] | columns
    return found


def _same_cells(source: Any, part: Frame) -> bool:
    """Then every height is taken as it is."""
    a, _b, west, _d, _e, north = tuple(source.transform)[:6]
    beside = ((part.west - west) / part.cell, (part.north - north) / part.cell)
    return math.isclose(a, part.cell, rel_tol=1e-6) and all(abs(each - round(each)) < 1e-3 for each in beside)


def covered(shapes: list[BaseGeometry], part: Frame) -> Mask:
    """Cells whose middle lies in one of the polygons."""
    if not shapes:
        return np.zeros((part.rows, part.columns), bool)
    burnt: Mask = rasterize(shapes, (part.rows, part.columns), transform=part.transform, dtype="uint8").astype(bool)  # fmt: skip
    return burnt


def numbered(shapes: Iterable[BaseGeometry], numbers: Iterable[int], part: Frame) -> NDArray[np.int32]:
    """The number of the polygon that the middle of a cell lies in, of the last one where there are several; 0 where none does."""
    pairs = [(shape, number) for shape, number in zip(shapes, numbers, strict=True) if not shape.is_empty]
    if not pairs:
        return np.zeros((part.rows, part.columns), np.int32)
    found: NDArray[np.int32] = rasterize(pairs, (part.rows, part.columns), transform=part.transform, dtype="int32")  # fmt: skip
    return found


def along(line: BaseGeometry, part: Frame) -> NDArray[np.int64]:
    """(n, 2) rows and columns on the way of a line, each beside or below the last one; some may lie outside the part."""
    corners = shapely.get_coordinates(line)
    places = np.column_stack([part.north - corners[:, 1], corners[:, 0] - part.west]) / part.cell
    return np.array(staircase(np.floor(places).astype(np.int64)), np.int64)


@dataclass(frozen=True)
class Need:
    """Cells, bytes, seconds; of one cell, or of all of them."""

    cells: int
    memory: float
    seconds: float

    def times(self, cells: int) -> "Need":
        return Need(cells, cells * self.memory, cells * self.seconds)


def require_room(part: Frame, *, each: Need, memory: float, seconds: float) -> Need:
    """What all cells take, if it stays within so many bytes and seconds. Raises TooLarge with the smallest cells that do."""
    needed = _need(part, part.cell, each)
    if needed.memory <= memory and needed.seconds <= seconds:
        return needed
    fitting = (cell for cell in CELLS if cell > part.cell and _fits(_need(part, cell, each), memory, seconds))
    what, wanted, allowed = (
        ("bytes", needed.memory, memory) if needed.memory > memory else ("seconds", needed.seconds, seconds)
    )
    raise TooLarge(what=what, needed=wanted, allowed=allowed, cell=next(fitting, CELLS[-1]))


def _need(part: Frame, cell: float, each: Need) -> Need:
    return each.times(int(np.ceil(part.rows * part.columns * (part.cell / cell) ** 2)))


def _fits(need: Need, memory: float, seconds: float) -> bool:
    return need.memory <= memory and need.seconds <= seconds


@dataclass(frozen=True)
class Suspicion:
    """What is wrong with a model. kind: "empty", "range" (value: m), "zeros" (value: share of the cells)."""

    kind: str
    value: float = 0.0


def suspicion(sample: Grid, area: Mask) -> Suspicion | None:
    """Why the heights can't be meant in metres, or None."""
    known = sample[area & np.isfinite(sample)]
    if not known.size:
        return Suspicion("empty")
    for value in (float(known.min()), float(known.max())):
        if not HEIGHTS[0] <= value <= HEIGHTS[1]:
            return Suspicion("range", value)
    zeros = float(np.mean(known == 0))
    if zeros > ZEROS and float(np.median(known)) > ABOVE:
        return Suspicion("zeros", zeros)
    return None


@dataclass(frozen=True)
class Stair:
    """A step of the heights along a straight line of cells. at: m east of a line from north to south (upright), else m north; rise: m."""

    upright: bool
    at: float
    rise: float


def stair(sample: Grid, part: Frame) -> Stair | None:
    """The greatest step that runs along the sides of the cells, equally high for a hundred of them: tiles whose heights don't fit. What the
    slope on both sides rises is taken off; slopes, walls askew and rough ground have no step that is alike everywhere."""
    found = [(abs(rise), rise, index, upright) for upright, values in ((True, sample), (False, sample.T)) for index, rise in _steps(values)]  # fmt: skip
    if not found:
        return None
    _height, rise, index, upright = max(found)
    at = part.west + (index + 1) * part.cell if upright else part.north - (index + 1) * part.cell
    return Stair(upright, at, rise)


def _steps(values: Grid) -> Iterator[tuple[int, float]]:
    """(column on its left, rise) of each step between two columns; values: (rows, columns). Beside a step the rest is half as high: a bend
    of the ground and a wall have two alike instead."""
    rises = np.diff(values.astype(np.float64), axis=1)
    beyond = rises[:, 1:-1] - (rises[:, :-2] + rises[:, 2:]) / 2  # of the second side on
    for top in range(0, len(beyond) - ALIKE + 1, ALIKE // 4):
        part = beyond[top : top + ALIKE]
        low, middle, high = np.percentile(part, (25, 50, 75), axis=0)  # NaN where a height is missing
        size = np.abs(middle)
        beside = np.maximum(np.r_[0, size[:-1]], np.r_[size[1:], 0])
        for column in np.flatnonzero((size >= STEP) & (high - low <= size / 4) & (size > 1.5 * beside)):
            yield int(column) + 1, float(middle[column])


def holes(sample: Grid, area: Mask) -> float:
    """Share of the area without a height."""
    return float(np.isnan(sample[area]).mean()) if area.any() else 1.0


def write(values: NDArray[Any], target: Path, *, part: Frame, srid: int) -> None:
    """As a Cloud Optimized GeoTIFF. (rows, columns): values as float32, NaN where there is none; (bands, rows, columns) uint8: numbers, 0
    where there is none, of which the overviews hold one as it stands."""
    flat, numbered = target.with_suffix(".flat.tif"), values.ndim == 3
    bands = values if numbered else values.astype(np.float32)[None]
    profile: dict[str, Any] = {"driver": "GTiff", "width": part.columns, "height": part.rows, "count": len(bands), "dtype": str(bands.dtype), "nodata": 0 if numbered else np.nan, "crs": f"EPSG:{srid}", "transform": part.transform, "tiled": True, "blockxsize": 256, "blockysize": 256, "compress": "LZW", "bigtiff": "IF_SAFER"}  # fmt: skip
    with rasterio.open(flat, "w", **profile) as sink:
        sink.write(bands)
    grids.order(flat, target, as_it_stands=numbered)
    flat.unlink()
