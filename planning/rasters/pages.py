"""A page of a PDF -> a picture, in strips, so that a sheet of A0 never lies in memory as a whole."""

import math
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import rasterio
from rasterio.windows import Window

from planning.rasters.opening import refuse_too_large
from planning.rasters.refusal import RasterRefused

DPI = 300  # of a scan worth keeping; vector PDFs are drawn so
LEAST_DPI = 100  # coarser and no letter can be read
_MOST = 200_000_000  # pixels: A0 at 300 dpi has 140 million
_POINTS = 72  # of a PDF in an inch
_STRIP = 512  # rows


def render(
    source: Path, target: Path, *, page: int, tell: Callable[[float], None] = lambda share: None
) -> int:
    """Draw the page (counted from 1) as a TIFF; returns its dpi, fewer for large sheets. Raises RasterRefused."""
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        raise RasterRefused("raster.pdf") from error
    try:
        if not 1 <= page <= len(document):
            raise RasterRefused("raster.page", page=page, pages=len(document))
        return _render(document[page - 1], target, tell)
    except pypdfium2.PdfiumError as error:
        raise RasterRefused("raster.pdf") from error
    finally:
        document.close()


def _render(page: pypdfium2.PdfPage, target: Path, tell: Callable[[float], None]) -> int:
    width, height = page.get_size()  # points
    inches = width * height / _POINTS**2
    dpi = math.floor(min(DPI, math.sqrt(_MOST / max(inches, 1e-6))))
    if dpi < LEAST_DPI:
        refuse_too_large(width * LEAST_DPI / _POINTS, height * LEAST_DPI / _POINTS)
        dpi = LEAST_DPI
    scale = dpi / _POINTS
    columns, rows = math.ceil(width * scale), math.ceil(height * scale)
    profile = {"driver": "GTiff", "width": columns, "height": rows, "count": 3, "dtype": "uint8", "compress": "LZW", "photometric": "RGB", "tiled": True}  # fmt: skip
    with rasterio.open(target, "w", **profile) as sink:
        for top in range(0, rows, _STRIP):
            high = min(_STRIP, rows - top)
            # pypdfium2 rounds what is cut off up to whole pixels: half a pixel less lands on the wanted one.
            cut = (0, max(rows - top - high - 0.5, 0) / scale, 0, max(top - 0.5, 0) / scale)
            bitmap = page.render(scale=scale, crop=cut, rev_byteorder=True, prefer_bgrx=False)
            pixels = bitmap.to_numpy()[:high, :columns, :3]
            sink.write(pixels.transpose(2, 0, 1), window=Window(0, top, columns, high))
            tell((top + high) / rows)
    return dpi
