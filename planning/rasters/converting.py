"""A placed picture -> a Cloud Optimized GeoTIFF in the twin's system: north up, red green blue alpha, paper transparent.

Bounded memory: the picture is warped strip by strip into a tiled file beside the target, which GDAL then orders with overviews.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import rasterio
import rasterio.shutil
from rasterio.control import GroundControlPoint
from rasterio.enums import ColorInterp, Resampling
from rasterio.transform import Affine
from rasterio.vrt import WarpedVRT
from rasterio.warp import calculate_default_transform
from rasterio.windows import Window

from planning.rasters.georeference import Place, corners, system
from planning.rasters.opening import MOST_PIXELS, opened, refuse_too_large
from planning.rasters.refusal import RasterRefused
from planning.xplanung.crs import Coordinates

Pixels = npt.NDArray[np.uint8]
Tell = Callable[[float], None]
Kind = Literal["palette", "grey", "rgb", "cmyk"]
BLOCK = 256  # pixels of a tile's side
WHITE = 250  # of 255: as bright as this in all three colours is paper
_STRIP = 512  # rows warped at once
_WARPED = 0.7  # share of the time that warping takes
_LONGEST_SIDE = 200_000.0  # metres: no plan is wider, a picture that seems so has a wrong pixel size
_RGBA = (ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha)
_CMYK = (ColorInterp.cyan, ColorInterp.magenta, ColorInterp.yellow, ColorInterp.black)


@dataclass(frozen=True)
class Look:
    """How bands become colours. palette: (256, 4), for kind palette; factor: what brings a band to 0-255; alpha: index of the
    picture's own alpha band."""

    kind: Kind
    factor: float = 1.0
    palette: Pixels | None = None
    alpha: int | None = None

    @property
    def is_drawing(self) -> bool:
        """Few flat colours: kept exactly, not smoothed."""
        return self.kind == "palette" or self.factor > 1


@dataclass(frozen=True)
class Grid:
    """A finished picture: origin (easting, northing of its upper left corner), metres per pixel, size, reductions of its overviews."""

    origin: tuple[float, float]
    resolution: float
    width: int
    height: int
    factors: tuple[int, ...]


def convert(source: Path, target: Path, *, place: Place, srid: int, tell: Tell = lambda share: None) -> Grid:
    """Write the picture at `place` to target, in the system `srid`. Raises RasterRefused."""
    flat = target.with_suffix(".flat.tif")
    try:
        with opened(source) as dataset:
            look = look_of(dataset)
            _warp(dataset, flat, place=place, srid=srid, tell=tell)
        _order(flat, target, exact=look.is_drawing)
    finally:
        flat.unlink(missing_ok=True)
    return grid_of(target)


def look_of(dataset: Any) -> Look:
    found = dataset.colorinterp
    alpha = found.index(ColorInterp.alpha) if ColorInterp.alpha in found else None
    if found[0] == ColorInterp.palette:
        table = np.zeros((256, 4), dtype=np.uint8)
        for index, colour in dataset.colormap(1).items():
            table[index % 256] = colour
        return Look("palette", palette=table, alpha=alpha)
    bits = int(dataset.tags(1, ns="IMAGE_STRUCTURE").get("NBITS", 16 if dataset.dtypes[0] == "uint16" else 8))
    factor = 255 / (2**bits - 1)
    colours = dataset.count - (alpha is not None)
    if colours >= 4 and found[:4] == _CMYK:
        return Look("cmyk", factor, alpha=alpha)
    return Look("rgb" if colours >= 3 else "grey", factor, alpha=alpha)


def rgba(bands: npt.NDArray[np.generic], outside: npt.NDArray[np.bool_], look: Look) -> Pixels:
    """(n, h, w) bands -> (4, h, w). outside: where there is no picture. What is paper or outside is transparent white."""
    if look.palette is not None:
        coloured = np.moveaxis(look.palette[bands[0].astype(np.uint8)], -1, 0)
        colours, alpha = coloured[:3].copy(), coloured[3]
    else:
        scaled = np.clip(bands.astype(np.float32) * look.factor + 0.5, 0, 255).astype(np.uint8)
        colours = _colours(scaled, look.kind)
        alpha = scaled[look.alpha] if look.alpha is not None else np.full(outside.shape, 255, np.uint8)
    clear = outside | (alpha == 0) | (colours.min(axis=0) >= WHITE)
    colours[:, clear] = 255
    return np.concatenate([colours, np.where(clear, 0, alpha)[None]]).astype(np.uint8)


def _colours(bands: Pixels, kind: Kind) -> Pixels:
    if kind == "grey":
        return np.repeat(bands[:1], 3, axis=0)
    if kind == "cmyk":
        light = (255 - bands[:3].astype(np.uint16)) * (255 - bands[3].astype(np.uint16))
        found: Pixels = (light // 255).astype(np.uint8)
        return found
    return bands[:3].copy()


def _warp(dataset: Any, flat: Path, *, place: Place, srid: int, tell: Tell) -> None:
    look = look_of(dataset)
    transform, width, height = _target_grid(dataset, place, srid)
    options: dict[str, Any] = {
        "src_crs": system(place.crs),
        "src_transform": Affine(*place.transform),
        "crs": f"EPSG:{srid}",
        "transform": transform,
        "width": width,
        "height": height,
        "resampling": Resampling.nearest if look.is_drawing else Resampling.bilinear,
        "add_alpha": look.alpha is None,
        "warp_mem_limit": 128,  # MB
    }
    try:
        with WarpedVRT(dataset, **options) as warped:
            with rasterio.open(flat, "w", **_profile(warped)) as sink:
                sink.colorinterp = _RGBA
                for window in _strips(warped.width, warped.height):
                    sink.write(_pixels(warped, window, look), window=window)
                    tell(_WARPED * (window.row_off + window.height) / warped.height)
    except rasterio.errors.CRSError as error:
        raise RasterRefused("raster.system") from error


def north_up(ground: Coordinates, size: tuple[int, int], *, crs: Any, srid: int) -> tuple[Affine, int, int]:
    """A grid in `srid` for a raster of this size (width, height) whose corners, clockwise from the upper left, lie at `ground`,
    with about as many pixels. Raises rasterio's errors."""
    width, height = size
    pixels = [(0, 0), (width, 0), (width, height), (0, height)]
    points = [
        GroundControlPoint(row=row, col=column, x=x, y=y, z=0)
        for (column, row), (x, y) in zip(pixels, ground, strict=True)
    ]
    found: tuple[Affine, int, int] = calculate_default_transform(
        crs, f"EPSG:{srid}", width, height, gcps=points
    )
    return found


def _target_grid(dataset: Any, place: Place, srid: int) -> tuple[Affine, int, int]:
    """North up, with about as many pixels as the picture has. Raises RasterRefused."""
    ground = corners(place.transform, dataset.width, dataset.height)
    try:
        transform, width, height = north_up(
            ground, (dataset.width, dataset.height), crs=system(place.crs), srid=srid
        )
    except rasterio.errors.RasterioError as error:
        raise RasterRefused("raster.system") from error
    refuse_too_large(width, height)
    longest = max(width, height) * abs(transform.a)
    if longest > _LONGEST_SIDE:
        raise RasterRefused("raster.too_wide", km=round(longest / 1000), limit=round(_LONGEST_SIDE / 1000))
    return transform, width, height


def _profile(warped: Any) -> dict[str, Any]:
    return {
        "driver": "GTiff",
        "width": warped.width,
        "height": warped.height,
        "count": 4,
        "dtype": "uint8",
        "crs": warped.crs,
        "transform": warped.transform,
        "tiled": True,
        "blockxsize": BLOCK,
        "blockysize": BLOCK,
        "compress": "LZW",
        "photometric": "RGB",
        "bigtiff": "IF_SAFER",
    }


def _strips(width: int, height: int) -> Iterator[Window]:
    for row in range(0, height, _STRIP):
        yield Window(0, row, width, min(_STRIP, height - row))


def _pixels(warped: Any, window: Window, look: Look) -> Pixels:
    bands = warped.read(window=window)
    if look.alpha is None:
        return rgba(bands[:-1], bands[-1] == 0, look)
    return rgba(bands, np.zeros(bands.shape[1:], dtype=bool), look)


def _order(flat: Path, target: Path, *, exact: bool) -> None:
    """WebP keeps alpha and needs a tenth of the room; 100 means without loss."""
    rasterio.shutil.copy(
        flat,
        target,
        driver="COG",
        COMPRESS="WEBP",
        QUALITY="100" if exact else "85",
        BLOCKSIZE=str(BLOCK),
        OVERVIEW_RESAMPLING="AVERAGE",
        BIGTIFF="IF_SAFER",
        NUM_THREADS="2",
    )


def grid_of(path: Path) -> Grid:
    """Of a picture that we made."""
    with rasterio.open(path, driver="GTiff") as dataset:
        left, top = dataset.transform.c, dataset.transform.f
        factors = (1, *dataset.overviews(1))
        return Grid((left, top), dataset.transform.a, dataset.width, dataset.height, factors)


__all__ = ["MOST_PIXELS", "Grid", "Look", "convert", "grid_of", "look_of", "north_up", "rgba"]
