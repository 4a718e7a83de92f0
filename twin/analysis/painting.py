"""Values in classes -> colours, for the map and the report."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
from PIL import Image, ImageColor

Pixels = npt.NDArray[np.uint8]
Legend = Sequence[Sequence[Any]]  # (lower end, colour, words), from low to high


def paint(dataset: Any, bands: Any, *, legend: Legend) -> Pixels:
    """(1, h, w) masked band -> (4, h, w); transparent below the lowest class and where there is no value."""
    values = np.ma.getdata(bands)[0]
    number = np.digitize(values, np.array([row[0] for row in legend], values.dtype))
    number[np.ma.getmaskarray(bands)[0] | ~np.isfinite(values)] = 0
    table = np.zeros((len(legend) + 1, 4), np.uint8)
    for index, row in enumerate(legend, 1):
        table[index] = (*ImageColor.getrgb(row[1])[:3], 255)
    found: Pixels = np.moveaxis(table[number], -1, 0)
    return found


def picture(path: Path, *, legend: Legend, most: int) -> Image.Image:
    """The whole raster on white, its longer side with at most so many pixels."""
    with rasterio.open(path, driver="GTiff") as dataset:
        factor = max(1.0, max(dataset.width, dataset.height) / most)
        shape = (1, max(1, round(dataset.height / factor)), max(1, round(dataset.width / factor)))
        pixels = paint(dataset, dataset.read(out_shape=shape, masked=True), legend=legend)
    drawn = Image.fromarray(np.moveaxis(pixels, 0, -1), "RGBA")
    paper = Image.new("RGBA", drawn.size, "#ffffff")
    paper.alpha_composite(drawn)
    return paper.convert("RGB")
