"""Bodies as CityGML and other GML give them (PolyhedralSurface, TIN): what they cover, seen from above."""

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

_SURFACES = (15, 16)  # PolyhedralSurface and TIN (ISO 19125, OGC 06-103r4, table 7); with heights 1000 more
_HEIGHTS = 0x80000000  # flag of a kind with heights, as GDAL writes it within a body
_ORDERS = (">", "<")  # by the first byte of a WKB
_TYPE = re.compile(rb"<GeometryType>-?\d+</GeometryType>")


def of_any_kind(path: Path) -> bool:
    """Take the kind of geometry out of what GDAL has noted beside a GML file (.gfs): pyogrio opens no layer of bodies, but one of
    any kind. False where there is nothing to change."""
    noted = path.with_suffix(".gfs")
    before = noted.read_bytes() if noted.exists() else b""
    after = _TYPE.sub(b"<GeometryType>0</GeometryType>", before)
    if after == before:
        return False
    noted.write_bytes(after)
    return True


def outlines(wkb: Any) -> tuple[Any, npt.NDArray[np.bool_]]:
    """Geometries as WKB or None -> the same, with what each body covers in its place, and where one was."""
    are_bodies = np.array([raw is not None and _kind(raw) in _SURFACES for raw in wkb], dtype=bool)
    if are_bodies.any():
        wkb = wkb.copy()
        for at in np.flatnonzero(are_bodies):
            wkb[at] = shapely.to_wkb(_covered(wkb[at]))
    return wkb, are_bodies


def _kind(raw: bytes) -> int:
    (kind,) = struct.unpack_from(f"{_ORDERS[raw[0]]}I", raw, 1)
    return int(kind) % 1000


def _covered(raw: bytes) -> Any:
    """The union of the faces; what stands upright covers nothing."""
    faces = [shapely.Polygon(rings[0], rings[1:]) for rings in _faces(raw) if rings]
    flat = shapely.make_valid(np.array(faces, dtype=object))
    areas = [each for each in shapely.get_parts(flat) if shapely.get_dimensions(each) == 2 and shapely.area(each) > 0]  # fmt: skip
    return shapely.union_all(areas) if areas else shapely.MultiPolygon()


def _faces(raw: bytes) -> Iterator[list[npt.NDArray[np.float64]]]:
    """Each face's rings, outer one first, without heights."""
    order = _ORDERS[raw[0]]
    (count,) = struct.unpack_from(f"{order}I", raw, 5)
    at = 9
    for _face in range(count):
        kind, rings = struct.unpack_from(f"{order}II", raw, at + 1)
        at += 9
        axes = 3 if kind & _HEIGHTS else (2, 3, 3, 4)[kind // 1000]  # plain, Z, M, ZM
        found = []
        for _ring in range(rings):
            (points,) = struct.unpack_from(f"{order}I", raw, at)
            values = np.frombuffer(raw, f"{order}f8", points * axes, at + 4).reshape(points, axes)
            found.append(values[:, :2].astype(np.float64))
            at += 4 + points * axes * 8
        yield [ring for ring in found if len(ring) >= 4]
