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


MORE = (
    "#fddbc7",
    "#f4a582",
    "#d6604d",
    "#b2182b",
)  # ColorBrewer RdBu, told apart by all kinds of colour vision
LESS = ("#d1e5f0", "#92c5de", "#4393c3", "#2166ac")


def changes(ends: Sequence[float]) -> list[tuple[float, str, int]]:
    """Classes of a difference, from the greatest loss to the greatest gain: end, colour, sign. ends: of the classes of the values."""
    steps = [end for end in ends if end > 0]
    last = len(MORE) - 1
    gains = [(end, MORE[min(number, last)], 1) for number, end in enumerate(steps)]
    losses = [(end, LESS[min(number, last)], -1) for number, end in enumerate(steps)]
    return [*reversed(losses), *gains]


def difference(first: Path, second: Path, *, ends: Sequence[float], most: int) -> Image.Image:
    """Where the second has more than the first, in reds, and where less, in blues; white where both are alike or one has no value."""
    before, after = (_values(path, most) for path in (first, second))
    found = np.where(np.isfinite(after - before), after - before, 0.0)
    pixels = np.full((*found.shape, 3), 255, np.uint8)
    for end, colour, sign in sorted(changes(ends)):
        pixels[sign * found >= end] = ImageColor.getrgb(colour)[:3]
    return Image.fromarray(pixels, "RGB")


def _values(path: Path, most: int) -> npt.NDArray[np.floating[Any]]:
    with rasterio.open(path, driver="GTiff") as dataset:
        found: npt.NDArray[np.floating[Any]] = dataset.read(
            1, out_shape=_shape(dataset, most), masked=True
        ).filled(np.nan)
    return found


def _shape(dataset: Any, most: int) -> tuple[int, int]:
    """Rows and columns, the longer side with at most so many."""
    factor = max(1.0, max(dataset.width, dataset.height) / most)
    return max(1, round(dataset.height / factor)), max(1, round(dataset.width / factor))


def picture(path: Path, *, legend: Legend, most: int) -> Image.Image:
    """The whole raster on white, its longer side with at most so many pixels."""
    with rasterio.open(path, driver="GTiff") as dataset:
        bands = dataset.read(out_shape=(1, *_shape(dataset, most)), masked=True)
        pixels = paint(dataset, bands, legend=legend)
    drawn = Image.fromarray(np.moveaxis(pixels, 0, -1), "RGBA")
    paper = Image.new("RGBA", drawn.size, "#ffffff")
    paper.alpha_composite(drawn)
    return paper.convert("RGB")
