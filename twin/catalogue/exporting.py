"""The current version of a dataset as a file: GeoJSON and CSV as streams, GeoPackage through a file."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from django.conf import settings
from django.contrib.gis.db.models.functions import AsGeoJSON, AsWKT
from django.db.models import QuerySet

from tenants.tables import defused
from twin.catalogue.models import Dataset, Feature

_CHUNK = 2000
_PART = 20_000  # features held in memory for a GeoPackage


def rows(dataset: Dataset) -> QuerySet[Feature]:
    """Of the current version, in the order of their ids."""
    found: QuerySet[Feature] = Feature.objects.filter(dataset=dataset, until__isnull=True).order_by("pk")
    return found


def geojson(dataset: Dataset) -> Iterator[bytes]:
    """A FeatureCollection in WGS84 (RFC 7946)."""
    yield b'{"type":"FeatureCollection","features":[\n'
    between = ""
    for key, body in rows(dataset).values_list("pk", "body").iterator(_CHUNK):
        yield f'{between}{{"type":"Feature","id":{key},{body}}}'.encode()
        between = ",\n"
    yield b"\n]}\n"


def placed(dataset: Dataset, *, most: int) -> Iterator[str]:
    """The first features for a map, as GeoJSON in the twin's system."""
    found = rows(dataset).exclude(geometry=None).annotate(text=AsGeoJSON("geometry", precision=2))
    for key, text in found.values_list("pk", "text")[:most]:
        yield f'{{"type":"Feature","id":{key},"properties":{{}},"geometry":{text}}}'


def table(dataset: Dataset) -> Iterator[bytes]:
    """Semicolons and a mark for UTF-8, as spreadsheet programs here want it; geometries as WKT in the twin's system, which the heading names."""
    names = [field["name"] for field in _fields(dataset)]
    yield b"\xef\xbb\xbf" + _line([*map(defused, names), f"geometrie_wkt_epsg{settings.TWIN_SRID}"])
    found = rows(dataset).annotate(wkt=AsWKT("geometry")).values_list("properties", "wkt")
    for properties, wkt in found.iterator(_CHUNK):
        yield _line([*(defused(properties.get(name)) for name in names), wkt or ""])


def _fields(dataset: Dataset) -> list[dict[str, Any]]:
    return list(dataset.current_version.fields) if dataset.current_version else []


def _line(cells: Iterable[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode()


def write_geopackage(
    dataset: Dataset, target: Path, *, tell: Callable[[float], None] = lambda share: None
) -> None:
    """One layer in the twin's system, whatever kinds of geometry there are."""
    fields = _fields(dataset)
    total = dataset.current_version.feature_count if dataset.current_version else 0
    last = done = 0
    while True:
        part = list(rows(dataset).filter(pk__gt=last).values_list("pk", "geometry", "properties")[:_PART])
        if part or not last:
            _write(target, dataset.slug, fields, [row[1:] for row in part])
        if len(part) < _PART:
            return
        done += len(part)
        tell(min(done / max(total, 1), 1.0))
        last = part[-1][0]


def _write(
    target: Path, layer: str, fields: list[dict[str, Any]], part: list[tuple[Any, dict[str, Any]]]
) -> None:
    taken = {"fid", "geom"}
    names = [
        f"{field['name']}_" if field["name"].casefold() in taken else str(field["name"]) for field in fields
    ]
    columns = [
        _column([properties.get(field["name"]) for _shape, properties in part], field["type"])
        for field in fields
    ]
    shapes = np.array(
        [None if shape is None else bytes(shape.wkb) for shape, _properties in part], dtype=object
    )
    pyogrio.raw.write(
        target,
        shapely.to_wkb(shapely.from_wkb(shapes)) if len(shapes) else shapes,
        [values for values, _empty in columns],
        names,
        field_mask=[empty for _values, empty in columns],
        layer=layer,
        driver="GPKG",
        geometry_type="Unknown",
        crs=f"EPSG:{settings.TWIN_SRID}",
        append=target.exists(),
    )


def _column(values: list[Any], kind: str) -> tuple[Any, Any]:
    """The values, always of the type that the attribute has, and which of them are missing."""
    empty = np.array([value is None for value in values], dtype=bool)
    if kind == "number":
        return np.array([0.0 if value is None else value for value in values], dtype=float), empty
    if kind == "integer":
        return np.array([0 if value is None else value for value in values], dtype=np.int64), empty
    return np.array([None if value is None else str(value) for value in values], dtype=object), empty
