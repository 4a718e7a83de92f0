"""Pixels of a dataset's raster -> colours for a map: pictures as they are, measured values on a scale."""

from typing import Any

import numpy as np
import numpy.typing as npt
from rasterio.enums import ColorInterp

Pixels = npt.NDArray[np.uint8]
# From low to high, told apart by all kinds of colour vision and by lightness alone: cividis (Nuñez, Anderton, Renslow 2018).
_SCALE = np.array([(0, 34, 78), (53, 69, 108), (102, 105, 112), (148, 142, 119), (200, 184, 102), (254, 232, 56)], dtype=float)  # fmt: skip


def paint(dataset: Any, bands: Any, *, low: float, high: float) -> Pixels:
    """(n, h, w) masked bands of a dataset -> (4, h, w). low, high: values at the ends of the scale."""
    kinds = dataset.colorinterp
    outside = np.ma.getmaskarray(bands)[0] | ~np.isfinite(np.ma.getdata(bands)[0])
    alpha = np.where(outside, 0, 255).astype(np.uint8)
    values = np.ma.getdata(bands)
    if kinds[0] == ColorInterp.palette:
        colours = _of_palette(values[0], dataset.colormap(1))
    elif kinds[:3] == (ColorInterp.red, ColorInterp.green, ColorInterp.blue):
        most = 255.0 if dataset.dtypes[0] == "uint8" else max(high, 1.0)
        colours = np.clip(values[:3] * (255.0 / most), 0, 255).astype(np.uint8)
    else:
        colours = _on_scale(values[0], low, high)
    if ColorInterp.alpha in kinds:
        alpha = np.where(values[kinds.index(ColorInterp.alpha)] > 0, alpha, 0).astype(np.uint8)
    return np.concatenate([colours, alpha[None]]).astype(np.uint8)


def _of_palette(values: Any, colours: Any) -> Pixels:
    table = np.zeros((256, 3), dtype=np.uint8)
    for index, colour in colours.items():
        table[index % 256] = colour[:3]
    found: Pixels = np.moveaxis(table[values.astype(np.uint8)], -1, 0)
    return found


def _on_scale(values: Any, low: float, high: float) -> Pixels:
    share = np.clip((values.astype(float) - low) / max(high - low, 1e-12), 0, 1)
    share = np.nan_to_num(share)
    steps = np.linspace(0, 1, len(_SCALE))
    found: Pixels = np.stack([np.interp(share, steps, _SCALE[:, band]) for band in range(3)]).astype(np.uint8)
    return found
