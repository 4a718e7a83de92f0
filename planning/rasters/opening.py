"""Open a picture that a stranger made: kind by content, one driver, sizes looked at before a pixel is read."""

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import rasterio
from rasterio.errors import NotGeoreferencedWarning, RasterioError, RasterioIOError

from planning.rasters.refusal import RasterRefused
from planning.xplanung import content

# A0 (0.84 x 1.19 m) at 600 dpi has 558 million pixels; what is larger is no scan of a plan but an attack or a mistake.
MOST_PIXELS = 600_000_000
# Bytes of one strip or tile after decompression: GDAL holds a whole one in memory.
MOST_BLOCK = 512 * 1024**2
MOST_BANDS = 5  # CMYK and an alpha channel
DRIVERS = {"image/tiff": "GTiff", "image/png": "PNG", "image/jpeg": "JPEG"}
# No files beside the picture are looked for (.aux.xml, .ovr, .tfw): what belongs to it is named by the caller alone.
SAFE = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO", "GDAL_CACHEMAX": 128}
_KINDS = frozenset({"uint8", "uint16"})


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """The picture as a rasterio dataset, for the block. Raises RasterRefused, also for what turns up while it is read."""
    driver = DRIVERS.get(content.type_of(path))
    if driver is None:
        raise RasterRefused("raster.kind")
    with rasterio.Env(**SAFE), warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        try:
            with rasterio.open(path, driver=driver) as dataset:
                check(dataset)
                yield dataset
        except RasterioError as error:
            raise RasterRefused("raster.broken") from error
        except RasterioIOError as error:
            raise RasterRefused("raster.broken") from error


def check(dataset: Any) -> None:
    """Raise RasterRefused where the picture is too large, or nothing that shows a plan."""
    refuse_too_large(dataset.width, dataset.height)
    if dataset.count not in range(1, MOST_BANDS + 1) or not set(dataset.dtypes) <= _KINDS:
        raise RasterRefused("raster.bands", bands=dataset.count, kind=", ".join(sorted(set(dataset.dtypes))))
    for rows, columns in dataset.block_shapes:
        bands = dataset.count if dataset.interleaving and dataset.interleaving.value == "PIXEL" else 1
        if rows * columns * bands * (2 if "uint16" in dataset.dtypes else 1) > MOST_BLOCK:
            raise RasterRefused("raster.block", limit_mb=MOST_BLOCK >> 20)


def refuse_too_large(width: float, height: float) -> None:
    if not (math.isfinite(width) and math.isfinite(height)) or width * height > MOST_PIXELS:
        raise RasterRefused("raster.too_large", width=int(min(width, 1e12)), height=int(min(height, 1e12)), limit=MOST_PIXELS // 1_000_000)  # fmt: skip
