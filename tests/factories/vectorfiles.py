"""Zip archives and Shapefiles, as people upload them."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from pyproj import Transformer


def zipped(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as found:
        for name, content in members.items():
            found.writestr(name, content)
    return target.getvalue()


def shapefile(
    folder: Path, shapes: Sequence[shapely.Polygon], *, code: int, labels: Sequence[str] = ("0", "1")
) -> Path:
    """A zipped Shapefile in a system, in a folder of the archive; the shapes are in EPSG:25833, `flstkennz` names them."""
    to = Transformer.from_crs(25833, code, always_xy=True)
    moved = [shapely.transform(shape, lambda p: np.column_stack(to.transform(p[:, 0], p[:, 1]))) for shape in shapes]  # fmt: skip
    names = np.array(labels, dtype=object)
    pyogrio.raw.write(folder / "Fläche.shp", shapely.to_wkb(np.array(moved)), [names], ["flstkennz"], geometry_type="Polygon", crs=f"EPSG:{code}")  # fmt: skip
    path = folder / "flaeche.zip"
    path.write_bytes(zipped(**{f"Auszug/{part.name}": part.read_bytes() for part in folder.glob("Fläche.*")}))
    return path
