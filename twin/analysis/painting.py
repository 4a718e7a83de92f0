"""Values in classes -> colours, for the map and the report."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
import shapely
from PIL import Image, ImageColor, ImageDraw
from rasterio.windows import Window
from shapely.affinity import affine_transform

UNSEEN = 0.5  # pixels by which a line may be moved
DOT = 5.0  # pixels around a point
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


def values_at(path: Path, *, x: float, y: float) -> list[float]:
    """Of the cell that holds a place in the raster's system, by band; NaN without data, nothing outside."""
    if not (np.isfinite(x) and np.isfinite(y)):
        return []
    with rasterio.open(path, driver="GTiff") as dataset:
        column, row = map(int, np.floor(~dataset.transform * (x, y)))
        if not (0 <= column < dataset.width and 0 <= row < dataset.height):
            return []
        cell = dataset.read(window=Window(column, row, 1, 1), masked=True)[:, 0, 0]
        return [float(each) for each in cell.astype(float).filled(np.nan)]


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


def mark(image: Image.Image, features: Iterable[Mapping[str, Any]], *, grid: Mapping[str, Any]) -> None:
    """Draws features in their colours, with their numbers, over the picture of a raster with this grid."""
    brush, (west, north) = ImageDraw.Draw(image), grid["origin"]
    scale = image.width / (grid["width"] * grid["resolution"])
    place, thick = [scale, 0, 0, -scale, -scale * west, scale * north], max(2, image.width // 200)
    for each in features:
        properties = each["properties"]
        shape = affine_transform(shapely.geometry.shape(each["geometry"]), place)
        for part in shapely.get_parts(shapely.boundary(shape) if shapely.get_dimensions(shape) == 2 else shape):  # fmt: skip
            brush.line(list(part.coords), fill=properties["colour"], width=thick, joint="curve")
        at = shapely.point_on_surface(shape)
        brush.text((at.x, at.y), str(properties.get("number", "")), fill=properties["colour"], font_size=8 * thick, anchor="mm", stroke_width=thick, stroke_fill="#ffffff")  # fmt: skip


def sketch(features: Sequence[Mapping[str, Any]], *, most: int) -> tuple[bytes, float]:
    """Areas, lines and points in their own colours, north up, the longer side with so many pixels: SVG, and how many metres it is wide."""
    shapes = [shapely.geometry.shape(each["geometry"]) for each in features]
    west, south, east, north = shapely.total_bounds(shapes)
    scale = most / max(east - west, north - south)
    place = [scale, 0, 0, -scale, -scale * west, scale * north]
    plain = shapely.simplify(shapes, UNSEEN / scale)
    paths = (
        _path([affine_transform(plain[number], place) for number, _feature in group], colour, filled=filled)
        for (colour, filled, _own), group in groupby(enumerate(features), key=_look)
    )
    width, height = round(scale * (east - west)), round(scale * (north - south))
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(paths)}</svg>'
    return svg.encode(), float(east - west)


def _look(numbered: tuple[int, Mapping[str, Any]]) -> tuple[str, bool, int]:
    """Colour, whether it is filled, and a number of its own where it is: lines of a colour are one path, areas are seen one above the other."""
    number, feature = numbered
    properties = feature["properties"]
    filled = not properties.get("outline") and "Line" not in feature["geometry"]["type"]
    return properties["colour"], filled, number if filled else -1


def _path(shapes: Sequence[Any], colour: str, *, filled: bool) -> str:
    parts = shapely.get_parts(shapes)
    points = shapely.get_type_id(parts) == shapely.GeometryType.POINT
    parts[points] = shapely.buffer(parts[points], DOT)
    areas = (part for part in parts if isinstance(part, shapely.Polygon))
    rings = (ring for area in areas for ring in (area.exterior, *area.interiors))
    lines = (part for part in parts if isinstance(part, shapely.LineString))
    corners = "".join(f"{_drawn(ring)}Z" for ring in rings) + "".join(map(_drawn, lines))
    fill = colour if filled else "none"
    return f'<path d="{corners}" fill="{fill}" fill-opacity="0.35" fill-rule="evenodd" stroke="{colour}"/>'


def _drawn(line: Any) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line.coords)
