"""Files with data of a town, in the formats that people deliver, as good and as bad as they are."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyogrio
import shapely
from pyproj import Transformer

from tests.factories.vectorfiles import zipped

WEST, SOUTH = 385_000.0, 5_668_000.0  # EPSG:25833, in Meißen
EXTENT = (370_000.0, 5_648_000.0, 424_000.0, 5_705_000.0)
TREES = ("Linde", "Eiche", "Rotbuche")


def points(count: int = 3, *, code: int = 25833) -> Any:
    """In a row, 10 m apart."""
    found = np.array([(WEST + 10 * number, SOUTH) for number in range(count)])
    to = Transformer.from_crs(25833, code, always_xy=True)
    return shapely.points(np.column_stack(to.transform(found[:, 0], found[:, 1])))


def squares(count: int = 3) -> Any:
    return [shapely.box(WEST + 20 * n, SOUTH, WEST + 20 * n + 10, SOUTH + 10) for n in range(count)]


BOWTIE = shapely.Polygon([(WEST, SOUTH), (WEST + 10, SOUTH + 10), (WEST + 10, SOUTH), (WEST, SOUTH + 10)])


def write(
    path: Path,
    shapes: Any,
    *,
    code: int | None = 25833,
    layer: str = "baeume",
    kind: str | None = None,
    **columns: Sequence[Any],
) -> Path:
    """By the ending of the path; without columns an attribute `art`."""
    columns = columns or {"art": [TREES[number % 3] for number in range(len(shapes))]}
    values = [
        np.array(each, dtype=object if any(isinstance(one, str) for one in each) else None)
        for each in columns.values()
    ]
    options: dict[str, Any] = {"layer": layer} if path.suffix == ".gpkg" else {}
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array(shapes, dtype=object)),
        values,
        list(columns),
        geometry_type=kind or next(shape for shape in shapes if shape is not None).geom_type,
        crs=f"EPSG:{code}" if code else None,
        **options,
    )
    return path


def shapefile(folder: Path, *, without: Sequence[str] = (), code: int | None = 25833, **columns: Any) -> Path:  # fmt: skip
    write(folder / "Bäume.shp", points(), code=code, **columns)
    path = folder / "baeume.zip"
    parts = [part for part in folder.glob("Bäume.*") if part.suffix not in without]
    path.write_bytes(zipped(**{f"Export/{part.name}": part.read_bytes() for part in parts}))
    return path


def excel(path: Path, *rows: Sequence[Any]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def with_traps(path: Path) -> Path:
    """A GeoPackage with a view that never ends registered as a layer, and a trigger."""
    write(path, points())
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE VIEW endlos AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid, NULL AS geom FROM n")  # fmt: skip
        database.execute("INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('endlos', 'attributes', 'endlos')")  # fmt: skip
        database.execute("CREATE TRIGGER falle AFTER UPDATE ON baeume BEGIN DELETE FROM baeume; END")
        database.commit()
    return path
