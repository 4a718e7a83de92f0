"""Layers and rows through GDAL (pyogrio): GeoPackage, Shapefile, GeoJSON, FlatGeobuf, GML; NAS where the system's ogr2ogr is."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from twin.catalogue.formats import attributes, bodies, opening
from twin.catalogue.formats.model import MOST_FIELDS, Array, Chunk, Field, Layer
from twin.catalogue.formats.opening import Opened
from twin.catalogue.formats.refusal import FileRefused

CHUNK = 50_000  # rows read at once
_SECONDS = 1200  # for ogr2ogr
_ERRORS = (DataLayerError, DataSourceError, FeatureError, FieldError, UnicodeDecodeError)


class VectorFile:
    def __init__(self, opened: Opened) -> None:
        self._driver = opened.driver
        self._path = _converted(opened.path) if opened.driver == "NAS" else opened.path
        self._options: dict[str, Any] = {"IMMUTABLE": "YES"} if opened.driver == "GPKG" else {}
        self._encoding = _encoding_of(opened.path) if opened.driver == "ESRI Shapefile" else None

    def layers(self) -> list[Layer]:
        """Raises FileRefused."""
        try:
            names = self._names()
            if self._driver == "GPKG":
                plain = opening.plain_layers(self._path)
                names = [name for name in names if name in plain]
            if not names:
                raise FileRefused("file.no_layers")
            return [self._layer(name) for name in names]
        except GeometryError:
            raise FileRefused("file.bodies") from None
        except _ERRORS as error:
            raise FileRefused("file.damaged", reason=_reason(error)) from None

    def _names(self) -> list[str]:
        try:
            found = pyogrio.list_layers(self._path)
        except GeometryError:
            if self._driver != "GML" or not bodies.of_any_kind(self._path):
                raise
            found = pyogrio.list_layers(self._path)
        return [str(name) for name, _kind in found]

    def _layer(self, name: str) -> Layer:
        info = pyogrio.read_info(self._path, layer=name, encoding=self._encoding, force_feature_count=True, **self._options)  # fmt: skip
        names = [str(field) for field in info["fields"]]
        if len(names) > MOST_FIELDS:
            raise FileRefused("file.columns", count=len(names), limit=MOST_FIELDS)
        types = [
            _type_of(dtype, str(kind)) for dtype, kind in zip(info["dtypes"], info["ogr_types"], strict=True)
        ]
        fields = tuple(Field(field, field, kind) for field, kind in zip(names, types, strict=True))
        return Layer(name, info["crs"] or "", info["geometry_type"] or "", int(info["features"]), fields)

    def chunks(self, layer: Layer, *, most: int | None = None) -> Iterator[Chunk]:
        """Raises FileRefused."""
        size = min(most or CHUNK, CHUNK)
        start, wanted = 0, most or max(layer.count, 1)
        while start < wanted:
            chunk = self._chunk(layer, start, size)
            if len(chunk):
                yield chunk
            if len(chunk) < size:
                return
            start += size

    def _chunk(self, layer: Layer, start: int, size: int) -> Chunk:
        try:
            _meta, _ids, wkb, columns = pyogrio.raw.read(
                self._path,
                layer=layer.name,
                encoding=self._encoding,
                skip_features=start,
                max_features=size,
                read_geometry=bool(layer.geometry_type),
                datetime_as_string=True,
                **self._options,
            )
        except _ERRORS as error:
            raise FileRefused("file.damaged", reason=_reason(error)) from None
        columns = [
            attributes.in_utc(column) if one.type == "datetime" else _flat(column)
            for one, column in zip(layer.fields, columns, strict=True)
        ]
        count = len(columns[0]) if wkb is None and columns else len(wkb if wkb is not None else ())
        numbers = np.arange(start + 1, start + 1 + count)
        if wkb is None:
            return Chunk(numbers, None, np.zeros(count, bool), columns)
        remarks = {}
        if layer.geometry_type == "Unknown":  # no other layer may hold bodies
            wkb, remarks["geometry.body"] = bodies.outlines(wkb)
        shapes = shapely.from_wkb(wkb, on_invalid="ignore")
        broken = shapely.is_missing(shapes) & np.array([raw is not None for raw in wkb], dtype=bool)
        return Chunk(numbers, shapes, broken, columns, remarks=remarks)


def _type_of(dtype: Any, kind: str) -> str:
    """dtype: numpy's name; kind: GDAL's."""
    if kind in {"OFTDate", "OFTDateTime"}:
        return "date" if kind == "OFTDate" else "datetime"
    if str(dtype).startswith("list"):
        return "string"
    found = np.dtype(dtype).kind
    return {"b": "boolean", "i": "integer", "u": "integer", "f": "number"}.get(found, "string")


def _flat(column: Array) -> Array:
    """Lists (of GeoJSON, GML) as text with commas. A column holds lists alone or none."""
    first = next((value for value in column if value is not None), None) if column.dtype.kind == "O" else None
    if not isinstance(first, list | np.ndarray):
        return column
    return np.array([None if value is None else ", ".join(map(str, value)) for value in column], dtype=object)


def _reason(error: Exception) -> str:
    return str(error).partition(";")[0][:200]


def _encoding_of(path: Path) -> str | None:
    """Of a Shapefile without .cpg: UTF-8 where its texts are that, else Windows' Western European; None: as the file says."""
    if path.with_suffix(".cpg").exists():
        return None
    data = path.with_suffix(".dbf").read_bytes()
    records = data[int.from_bytes(data[8:10], "little") :]  # after the header (dBASE III)
    if records.isascii():
        return None
    try:
        records.decode("utf-8")
    except UnicodeDecodeError:
        return "CP1252"
    return "UTF-8"


def _converted(path: Path) -> Path:
    """A NAS file as GeoPackage: pyogrio's GDAL has no driver for it, that of a distribution does. Raises FileRefused."""
    program = shutil.which("ogr2ogr")
    if program is None:
        raise FileRefused("file.nas")
    target = path.with_name("nas.gpkg")
    command = [program, "-f", "GPKG", str(target), str(path), "-oo", "GML_ATTRIBUTES_TO_OGR_FIELDS=NO"]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)  # noqa: S603 - our own arguments
    except (subprocess.SubprocessError, OSError) as error:
        raise FileRefused("file.damaged", reason=type(error).__name__) from None
    return target


def field_values(column: Array) -> list[Any]:
    """As Python's own, None where empty."""
    if column.dtype.kind == "f":
        return [None if value != value else value for value in column.tolist()]
    return list(column.tolist())
