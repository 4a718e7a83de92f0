"""CSV and Excel: encoding, separator and header found out, columns with types, points from columns of coordinates."""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import shapely
from openpyxl.utils.exceptions import InvalidFileException

from twin.catalogue.formats import attributes
from twin.catalogue.formats.model import MOST_FIELDS, Chunk, Field, Layer
from twin.catalogue.formats.opening import Opened
from twin.catalogue.formats.refusal import FileRefused

MOST_ROWS = 2_000_000
_LONGEST_CELL = 1 << 16  # characters
_SEPARATORS = ";,\t|"
_STATED = re.compile(r"sep=([;,\t|])\r?\n", re.IGNORECASE)
_LOOKED_AT = 100  # lines
_MOST_WIDE = 0.5  # share of the lines that may have more cells than the header
_CHUNK = 50_000
# Names that columns of coordinates have, without case and signs: easting first.
_SYSTEM = re.compile(r"(?<=.)(epsg\d{4,5}|\d{4,5}|utm3[23]|gk[345])$")
_EASTING = ("x", "rechtswert", "ostwert", "easting", "east", "e", "utmx", "utmost", "xkoordinate", "koordx", "lon", "lng", "long", "longitude", "laenge", "länge", "laengengrad", "längengrad", "geolaenge", "geographischelänge", "ost")  # fmt: skip
_NORTHING = ("y", "hochwert", "nordwert", "northing", "north", "n", "utmy", "utmnord", "ykoordinate", "koordy", "lat", "latitude", "breite", "breitengrad", "geobreite", "geographischebreite", "nord")  # fmt: skip


def _plain(name: str) -> str:
    """Without signs, and without a reference system that stands behind it: e_25833, x_utm33."""
    return _SYSTEM.sub("", "".join(filter(str.isalnum, unicodedata.normalize("NFC", name).lower())))


class TableFile:
    """A table in memory. x, y: names of the columns with coordinates; without them its rows have no geometry."""

    def __init__(self, opened: Opened, *, x: str = "", y: str = "") -> None:
        names, self._rows, self._numbers, self._wide = (_excel if opened.driver == "XLSX" else _text)(
            opened.path
        )
        if len(names) > MOST_FIELDS:
            raise FileRefused("file.columns", count=len(names), limit=MOST_FIELDS)
        self._names = [name.strip() for name in names]
        self.x, self.y = x, y
        if bool(x) != bool(y):
            raise FileRefused("file.one_coordinate")
        for name in filter(None, (x, y)):
            if name not in self._names:
                raise FileRefused("file.no_column", name=name)
        self._kinds = [attributes.guessed([row[at] for row in self._rows]) for at in range(len(names))]

    def layers(self) -> list[Layer]:
        fields = tuple(Field(name, name, kind) for name, kind in zip(self._names, self._kinds, strict=True))
        return [Layer("", "", "Point" if self.x else "", len(self._rows), fields)]

    def coordinates(self) -> tuple[str, str] | None:
        """The columns that are named like coordinates and hold numbers."""
        numeric = [
            name for name, kind in zip(self._names, self._kinds, strict=True) if kind in {"integer", "number"}
        ]
        plain = {_plain(name): name for name in numeric}
        x = next((plain[name] for name in _EASTING if name in plain), None)
        y = next((plain[name] for name in _NORTHING if name in plain), None)
        return (x, y) if x and y else None

    def chunks(self, layer: Layer, *, most: int | None = None) -> Iterator[Chunk]:
        for start in range(0, min(most or len(self._rows), len(self._rows)), _CHUNK):
            rows = self._rows[start : min(start + _CHUNK, most or len(self._rows))]
            columns = [
                np.array(attributes.typed([row[at] for row in rows], kind)[0], dtype=object)
                for at, kind in enumerate(self._kinds)
            ]
            numbers = np.array(self._numbers[start : start + len(rows)], dtype=np.int64)
            shapes, broken = self._points(rows) if self.x else (None, np.zeros(len(rows), bool))
            wide = np.isin(numbers, self._wide)
            yield Chunk(numbers, shapes, broken, columns, remarks={"row.width": wide} if wide.any() else {})

    def _points(self, rows: Sequence[Sequence[Any]]) -> tuple[Any, Any]:
        """One point for each row, None where a coordinate is missing; and where there is one that is no number."""
        at = (self._names.index(self.x), self._names.index(self.y))
        found = np.full((len(rows), 2), np.nan)
        stated = np.zeros((len(rows), 2), dtype=bool)
        for index, row in enumerate(rows):
            for axis in (0, 1):
                value = row[at[axis]]
                stated[index, axis] = value is not None
                number = value if isinstance(value, int | float) else attributes.number_of(str(value))
                found[index, axis] = np.nan if number is None else number
        there = np.isfinite(found).all(axis=1)
        shapes = np.full(len(rows), None, dtype=object)
        shapes[there] = shapely.points(found[there])
        return shapes, ~there & stated.any(axis=1)


# --- CSV

_Table = tuple[list[str], list[list[Any]], list[int], list[int]]


def _text(path: Path) -> _Table:
    """Names, rows, the lines where those end, and which of them have more cells than there are names. Raises FileRefused where
    most have: then it is the header that is wrong."""
    text = decoded(path.read_bytes())
    stated = _STATED.match(text)  # Excel's own first line; nothing of the table
    separator = stated.group(1) if stated else separator_of(text)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        if stated:
            next(reader)
        names = next(row for row in reader if any(row))
        return names, *_rows(reader, len(names))
    except csv.Error as error:
        if "field limit" in str(error):
            raise FileRefused("file.csv_cell", line=reader.line_num, limit=_LONGEST_CELL) from None
        raise FileRefused("file.csv", line=reader.line_num, reason=str(error)[:100]) from None
    except StopIteration:
        raise FileRefused("file.empty") from None


def _rows(reader: Any, width: int) -> tuple[list[list[Any]], list[int], list[int]]:
    """As _Table, without the names. Empty cells beyond the header are what programs add."""
    rows, numbers, wide = [], [], []
    first = 0  # cells of the first line that has too many
    for row in reader:
        if not any(row):
            continue
        numbers.append(reader.line_num)
        if any(cell.strip() for cell in row[width:]):
            first = first or len(row)
            wide.append(reader.line_num)
        rows.append([cell if cell.strip() else None for cell in row[:width] + [""] * (width - len(row))])
        if len(rows) > MOST_ROWS:
            raise FileRefused("file.rows", limit=MOST_ROWS)
    if len(wide) > len(rows) * _MOST_WIDE:
        raise FileRefused("file.csv_width", line=wide[0], count=first, width=width)
    return rows, numbers, wide


def decoded(data: bytes) -> str:
    """UTF-8 or UTF-16 where it is that, else Windows' Western European, which Excel writes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def separator_of(text: str) -> str:
    """What divides the first lines most often and in the same number of cells."""
    lines = text[: _LONGEST_CELL * 4].splitlines()[:_LOOKED_AT]

    def likelihood(separator: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=separator) if row]
        alike = sum(count == counts[0] for count in counts) if counts and counts[0] > 1 else 0
        return alike, counts[0] if counts else 0

    csv.field_size_limit(len(text) + 1)
    return max(_SEPARATORS, key=likelihood)


# --- Excel


def _excel(path: Path) -> _Table:
    """The first sheet that holds something."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for sheet in book.worksheets:
            found = _sheet(sheet)
            if found is not None:
                return found
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:
        raise FileRefused("file.damaged", reason=str(error)[:200]) from None
    raise FileRefused("file.empty")


def _sheet(sheet: Any) -> _Table | None:
    names: list[str] | None = None
    rows: list[list[Any]] = []
    numbers: list[int] = []
    for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_FIELDS + 1), 1):
        values = [_cell(value) for value in cells]
        if all(value is None for value in values):
            continue
        if names is None:
            last = max(at for at, value in enumerate(values) if value is not None)
            names = [str(value or "") for value in values[: last + 1]]
            continue
        numbers.append(number)
        rows.append((values + [None] * len(names))[: len(names)])
        if len(rows) > MOST_ROWS:
            raise FileRefused("file.rows", limit=MOST_ROWS)
    return (names, rows, numbers, []) if names else None


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        at_midnight = not (value.hour or value.minute or value.second)
        return value.date().isoformat() if at_midnight else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool | int | float) or value is None:
        return value
    text = str(value)[:_LONGEST_CELL]
    return text if text.strip() else None
