"""Cells -> lines and areas in the twin's system. No Django, no compiler."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import shapes
from shapely.geometry import shape

from twin.analysis.terrain import Frame


def lines(cells: NDArray[Any], lengths: NDArray[Any], part: Frame) -> NDArray[Any]:
    """cells: of all lines one after the other, flat, of the grid with a rim of one; lengths: how many belong to each. Through the middles of
    the cells, straightened where that moves the line by no more than a cell; both ends stay."""
    rows, columns = np.divmod(cells, part.columns + 2)
    corners = np.column_stack(
        [part.west + (columns - 0.5) * part.cell, part.north - (rows - 0.5) * part.cell]
    )
    found: Any = shapely.linestrings(corners, indices=np.repeat(np.arange(len(lengths)), lengths))
    straight: NDArray[Any] = shapely.simplify(found, part.cell, preserve_topology=False)
    return straight


def areas(numbers: NDArray[Any], count: int, part: Frame) -> NDArray[Any]:
    """numbers: (rows, columns) int32, 1 to count, 0: none. A MultiPolygon for each number, along the cells' edges."""
    found: list[list[Any]] = [[] for _ in range(count)]
    for outline, number in shapes(numbers, mask=numbers > 0, connectivity=4, transform=part.transform):
        found[int(number) - 1].append(shape(outline))
    each = np.empty(count, object)
    each[:] = [shapely.MultiPolygon(parts) for parts in found]
    return each
