"""What a raster of measured values says at a place."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from rasterio.enums import ColorInterp
from rasterio.windows import Window

_MEASURED = {ColorInterp.gray, ColorInterp.undefined}


@dataclass(frozen=True)
class Sample:
    """unit: as the file names it, or nothing."""

    value: float
    unit: str


def value_at(path: Path, *, x: float, y: float) -> Sample | None:
    """Of the cell in the first band that holds the place, in the raster's own system; none outside, without data, and of pictures."""
    with rasterio.open(path, driver="GTiff") as dataset:
        column, row = map(int, np.floor(~dataset.transform * (x, y)))
        inside = 0 <= column < dataset.width and 0 <= row < dataset.height
        if not inside or dataset.colorinterp[0] not in _MEASURED:
            return None
        cell = dataset.read(1, window=Window(column, row, 1, 1), masked=True)[0, 0]
        if np.ma.is_masked(cell) or not np.isfinite(cell):
            return None
        return Sample(
            float(str(cell)), dataset.units[0] or ""
        )  # 123.45, not the 123.4499969 of a short float
