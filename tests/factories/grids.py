"""Rasters as towns deliver them: GeoTIFF and XYZ, with a slope that can be computed."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine, from_origin

from tests.factories.datafiles import SOUTH, WEST

NORTH = SOUTH + 100.0
SIDE = 100  # metres and pixels


def slope(side: int = SIDE) -> Any:
    """Metres: 100 and a decimetre more with each column, 1 m more with each row."""
    rows, columns = np.mgrid[0:side, 0:side]
    return (100 + columns / 10 + rows).astype(np.float32)


def geotiff(path: Path, values: Any = None, *, code: int | None = 25833, transform: Affine | None = None, **profile: Any) -> Path:  # fmt: skip
    found = slope() if values is None else values
    bands = found if found.ndim == 3 else found[None]
    count, height, width = bands.shape
    options = {"driver": "GTiff", "count": count, "height": height, "width": width, "dtype": bands.dtype, "crs": f"EPSG:{code}" if code else None, **profile}  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # a test may want just that
        with rasterio.open(path, "w", transform=transform or from_origin(WEST, NORTH, 1, 1), **options) as sink:  # fmt: skip
            sink.write(bands)
    return path


def xyz(path: Path, values: Any = None, *, step: float = 1.0) -> Path:
    """As surveying offices write a terrain model: a point in the middle of each cell, from the south west."""
    found = slope() if values is None else values
    height, width = found.shape
    lines = [
        f"{WEST + step * (column + 0.5):.1f} {NORTH - step * (row + 0.5):.1f} {found[row, column]:.2f}\n"
        for row in reversed(range(height))
        for column in range(width)
    ]
    path.write_text("".join(lines))
    return path
