"""Real pictures of plans: a red rectangle on white paper, in the kinds and systems that towns deliver; and hostile ones."""

import struct
import warnings
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
import rasterio
from pyproj import Transformer
from rasterio.transform import Affine

WIDTH, HEIGHT = 400, 300
BOX = (slice(100, 200), slice(50, 150))  # rows, columns of the red rectangle
RED = (200, 10, 10)
ORIGIN = (385_000.0, 5_668_300.0)  # EPSG:25833, upper left
METRES = 0.5


def rgb(width: int = WIDTH, height: int = HEIGHT) -> Any:
    """(3, height, width) uint8."""
    pixels = np.full((3, height, width), 255, dtype=np.uint8)
    for band, value in enumerate(RED):
        pixels[band][BOX] = value
    return pixels


def transform_in(srid: int) -> Affine:
    """Where the picture lies in a system: its upper left corner and its pixel size along the axes, as a scan that was
    georeferenced there would say."""
    to = Transformer.from_crs(25833, srid, always_xy=True)
    x0, y0 = to.transform(*ORIGIN)
    x1, _ = to.transform(ORIGIN[0] + WIDTH * METRES, ORIGIN[1])
    _, y2 = to.transform(ORIGIN[0], ORIGIN[1] - HEIGHT * METRES)
    return Affine((x1 - x0) / WIDTH, 0, x0, 0, (y2 - y0) / HEIGHT, y0)


def write(path: Path, pixels: Any = None, **profile: Any) -> Path:
    """A picture of the pixels; the driver follows the suffix."""
    pixels = rgb() if pixels is None else pixels
    driver = {".tif": "GTiff", ".png": "PNG", ".jpg": "JPEG"}[path.suffix]
    count, height, width = pixels.shape
    colormap = profile.pop("colormap", None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        with rasterio.open(path, "w", driver=driver, width=width, height=height, count=count, dtype=pixels.dtype, **profile) as sink:  # fmt: skip
            sink.write(pixels)
            if colormap:
                sink.write_colormap(1, colormap)
    path.with_name(f"{path.name}.aux.xml").unlink(missing_ok=True)
    return path


def geotiff(path: Path, srid: int = 25833) -> Path:
    return write(path, crs=f"EPSG:{srid}", transform=transform_in(srid))


def world_file(srid: int = 25833) -> bytes:
    """Of the same place: the centre of the upper left pixel."""
    there = transform_in(srid)
    x, y = there @ (0.5, 0.5)
    return "\r\n".join(f"{value:.12f}" for value in (there.a, there.d, there.b, there.e, x, y)).encode()


def bomb(path: Path, *, width: int = 60_000, height: int = 60_000) -> Path:
    """A PNG of a few hundred kilobytes that says it has 3.6 thousand million pixels, all of one colour."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    row = zlib.compress(bytes(1 + width) * 16)
    chunks = [(b"IHDR", header), (b"IDAT", row), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return path


def pdf(path: Path, *, width: float = 842, height: float = 595, script: str = "") -> Path:
    """One page (points) with a red rectangle whose lower left corner is at a quarter of both sides, half as large as the page."""
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(width, height)
    shape = pdfium.FPDFPageObj_CreateNewRect(width / 4, height / 4, width / 2, height / 2)
    pdfium.FPDFPageObj_SetFillColor(shape, *RED, 255)
    pdfium.FPDFPath_SetDrawMode(shape, pdfium.FPDF_FILLMODE_WINDING, False)
    pdfium.FPDFPage_InsertObject(page.raw, shape)
    page.gen_content()
    document.save(path)
    document.close()
    if script:
        path.write_bytes(path.read_bytes() + script.encode())
    return path
