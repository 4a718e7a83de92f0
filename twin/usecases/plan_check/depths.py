"""How deep an earlier run has water on areas: cells are counted whose middle lies in the area. Knows rasters, no framework."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.features import geometry_mask
from rasterio.windows import Window, from_bounds
from shapely.geometry.base import BaseGeometry

from twin.usecases.plan_check.case import Depth

SHALLOW, DEEP = 0.10, 0.50  # m; ends of the classes for heavy rain (LUBW 2016)


def depths(path: Path, shapes: Iterable[tuple[int, BaseGeometry]]) -> Iterator[tuple[int, Depth]]:
    """path: a raster of depths in m. shapes: areas by key, in its system. Areas beside the raster, or smaller than a cell, are left out."""
    with rasterio.open(path, driver="GTiff") as source:
        for key, shape in shapes:
            found = _depth(source, shape)
            if found is not None:
                yield key, found


def _depth(source: Any, shape: BaseGeometry) -> Depth | None:
    window = from_bounds(*shape.bounds, transform=source.transform)
    window = Window(
        int(np.floor(window.col_off)), int(np.floor(window.row_off)), int(np.ceil(window.width)) + 1, int(np.ceil(window.height)) + 1
    )  # fmt: skip
    part = source.read(1, window=window, boundless=True, masked=True, fill_value=np.nan)
    inside = ~geometry_mask([shape], part.shape, transform=source.window_transform(window))
    known = inside & ~np.ma.getmaskarray(part) & np.isfinite(np.ma.getdata(part))
    cells = int(known.sum())
    if not cells:
        return None
    values = np.ma.getdata(part)[known]
    deeper = {limit: float((values > limit).mean()) for limit in (SHALLOW, DEEP)}
    return Depth(cells / int(inside.sum()), deeper)
