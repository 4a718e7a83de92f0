"""Addresses from a file (CSV, GeoPackage; any reference system) -> rows and faults, each with its line. Knows no database.

The file is not trusted: its kind is told by its first bytes, and what it may hold is counted.
"""

import csv
import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from django.conf import settings
from django.utils.translation import gettext as _
from pyogrio.errors import DataLayerError, DataSourceError

from planning import vectorfiles
from planning.auskunft import spelling
from planning.xplanung import crs

MOST_BYTES = 50 * 1024**2
MOST_LINES = 100_000
SHOWN_LINES = 5  # of a look into the file
GUESSES = {  # field -> columns that registers and offices name it by, in lower case
    **spelling.COLUMNS,
    "easting": ("ostwert", "rechtswert", "easting", "east", "e", "x", "lon", "longitude", "laenge"),
    "northing": ("nordwert", "hochwert", "northing", "north", "n", "y", "lat", "latitude", "breite"),
}
_NEEDED = ("street", "number")
_AXES = ("easting", "northing")
_LENGTHS = {"street": 200, "number": 20, "suffix": 20, "place": 200}
_DEGREES = {"lon", "longitude", "laenge"}
_ZONE = 33_000_000  # some programs write the zone in front of the easting
_WGS84 = 4326
_WHOLE = re.compile(r"\.0$")  # of numbers that a spreadsheet or a database kept as such


class AddressesUnreadable(ValueError):
    """Nothing can be taken from the file; the message says why."""


@dataclass(frozen=True)
class Line:
    """One address of the file. easting, northing: in the twin's system."""

    number_in_file: int
    street: str
    number: str
    suffix: str
    postcode: str
    place: str
    easting: float
    northing: float

    @cached_property
    def keys(self) -> tuple[str, str, str]:
        return (
            spelling.key(self.street),
            spelling.key(f"{self.number}{self.suffix}"),
            spelling.key(self.place),
        )


@dataclass(frozen=True)
class Fault:
    """Why a line can't be taken."""

    line: int
    message: str


@dataclass(frozen=True)
class Reading:
    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]
    columns: Mapping[str, str]
    system: str


@dataclass(frozen=True)
class Look:
    """What a file's columns are called, its first lines, and field -> column as far as the names tell.
    placed: the points stand in no column (GeoPackage)."""

    names: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    guessed: Mapping[str, str]
    placed: bool


@dataclass(frozen=True)
class _Table:
    """The file as columns of texts. first: number of its first line; points: (n, 2) in system, NaN where there are none."""

    texts: Mapping[str, Sequence[str]]
    columns: Mapping[str, str]
    points: crs.Coordinates
    system: int
    first: int


def look(path: Path) -> Look:
    """The file's columns and first lines. Raises AddressesUnreadable."""
    with _opened(path) as placed:
        if placed:
            layer, names = _layer(path)
            meta, _ids, _shapes, data = pyogrio.raw.read(path, layer=layer, read_geometry=False, max_features=SHOWN_LINES)  # fmt: skip
            values = dict(zip(map(str, meta["fields"]), data, strict=True))
            lines = [tuple(map(_text, line)) for line in zip(*(values[name] for name in names), strict=True)]
        else:
            names, rows = _rows(path)
            lines = [tuple(cell.strip() for cell in row[: len(names)]) for row in islice(rows, SHOWN_LINES)]
        guessed = spelling.columns(names, GUESSES)
        if placed:
            guessed = {field: name for field, name in guessed.items() if field not in _AXES}
        return Look(tuple(names), tuple(lines), guessed, placed)


def read(
    path: Path,
    *,
    place: str,
    columns: Mapping[str, str] | None = None,
    system: str = "",
    most: int = MOST_LINES,
) -> Reading:
    """All addresses of the file. place: of lines that name none. columns: field -> column ("": none), where guessing is not enough.
    system: of a CSV; without, metres are in the twin's own system and longitude and latitude in WGS84.

    Raises AddressesUnreadable; a line that can't be taken is a fault instead."""
    with _opened(path) as placed:
        table = _geopackage(path, columns or {}) if placed else _csv(path, columns or {}, system)
    _count(len(table.points), most)
    return _checked(table, place)


@contextmanager
def _opened(path: Path) -> Iterator[bool]:
    """Whether it is a GeoPackage; what fails inside tells people so. Raises AddressesUnreadable."""
    if path.stat().st_size > MOST_BYTES:
        raise AddressesUnreadable(_("The file is larger than %s MB.") % (MOST_BYTES >> 20))
    with path.open("rb") as source:
        start = source.read(512)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # the driver's remarks; what matters is an error
            yield start.startswith(b"SQLite format 3\0")
    except crs.UnknownCrs as error:
        raise AddressesUnreadable(_("Unknown coordinate reference system: %s") % str(error)[:200]) from None
    except (csv.Error, UnicodeDecodeError, DataSourceError, DataLayerError, shapely.errors.ShapelyError):
        raise AddressesUnreadable(_("The file can't be read. Save it as CSV or GeoPackage.")) from None


def _rows(path: Path) -> tuple[list[str], Iterator[list[str]]]:
    """The names of a CSV's columns, and the lines below them. Raises AddressesUnreadable."""
    data = path.read_bytes()
    if b"\0" in data or data[:100].lstrip().lower().startswith((b"<!doctype", b"<html", b"pk\3\4")):
        raise AddressesUnreadable(_("Expected a CSV file or a GeoPackage."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    head = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=head.count))
    return [name.strip() for name in next(rows, [])], rows


def _csv(path: Path, given: Mapping[str, str], system: str) -> _Table:
    names, rows = _rows(path)
    used = _columns(names, given, needed=(*_NEEDED, *_AXES))
    cells: dict[str, list[str]] = {field: [] for field in used}
    for number, row in enumerate(rows, 1):
        _count(number)
        for field, name in used.items():
            place = names.index(name)
            cells[field].append(row[place].strip() if place < len(row) else "")
    degrees = used["easting"].lower() in _DEGREES
    source = crs.epsg_of(system) if system else _WGS84 if degrees else settings.TWIN_SRID
    points = np.array([[_metres(one) for one in cells[axis]] for axis in _AXES], dtype=float)
    return _Table(cells, used, points.reshape(2, -1).T, source, 2)


def _count(number: int, most: int = MOST_LINES) -> None:
    if number > most:
        raise AddressesUnreadable(_("The file holds more than %s addresses.") % most)


def _metres(text: str) -> float:
    """NaN for what is no number. The comma may be a German decimal point."""
    try:
        value = float(text.replace(",", ".") if "." not in text else text)
    except ValueError:
        return float("nan")
    return value - _ZONE if _ZONE < value < _ZONE + 1_000_000 else value


def _geopackage(path: Path, given: Mapping[str, str]) -> _Table:
    layer, names = _layer(path)
    used = _columns(names, given, needed=_NEEDED)
    used = {field: name for field, name in used.items() if field not in _AXES}
    wanted = sorted(set(used.values()))
    meta, _ids, shapes, data = pyogrio.raw.read(path, layer=layer, columns=wanted, force_2d=True, max_features=MOST_LINES + 1)  # fmt: skip
    _count(len(shapes))
    values = dict(zip(map(str, meta["fields"]), data, strict=True))
    cells = {field: [_text(value) for value in values[name]] for field, name in used.items()}
    centres = shapely.centroid(shapely.from_wkb(shapes))
    points = np.column_stack([shapely.get_x(centres), shapely.get_y(centres)])
    return _Table(cells, used, points, crs.epsg_of_system(str(meta["crs"] or "")), 1)


def _layer(path: Path) -> tuple[str, list[str]]:
    """The first layer of points with the names of its columns. Raises AddressesUnreadable."""
    layers = vectorfiles.layers(path, "Point")
    if not layers:
        raise AddressesUnreadable(_("The GeoPackage has no layer of points."))
    return layers[0], [str(name) for name in pyogrio.read_info(path, layer=layers[0])["fields"]]


def _text(value: object) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    return _WHOLE.sub("", str(value).strip())


def _columns(names: Sequence[str], given: Mapping[str, str], *, needed: Sequence[str]) -> dict[str, str]:
    """Field -> column: as given, else guessed."""
    found = {field: name for field, name in {**spelling.columns(names, GUESSES), **given}.items() if name}
    if missing := [field for field in needed if found.get(field) not in names]:
        words = {"missing": ", ".join(missing), "columns": ", ".join(names)[:500]}
        raise AddressesUnreadable(_("No column was found for: %(missing)s. There are: %(columns)s.") % words)
    return {field: name for field, name in found.items() if name in names}


def _checked(table: _Table, place: str) -> Reading:
    moved = crs.transform(table.points, source=table.system, target=settings.TWIN_SRID)
    lines: list[Line] = []
    faults: list[Fault] = []
    seen: dict[tuple[str, ...], int] = {}
    for index, (easting, northing) in enumerate(moved):
        cell = {field: texts[index] for field, texts in table.texts.items()}
        if not any(cell.values()):
            continue  # an empty line at the end of a list
        line = Line(
            number_in_file=table.first + index,
            street=cell["street"],
            number=cell["number"],
            suffix=cell.get("suffix", ""),
            postcode=cell.get("postcode", ""),
            place=cell.get("place", "") or place,
            easting=float(easting),
            northing=float(northing),
        )
        if message := _fault(line) or _twice(line, seen):
            faults.append(Fault(line.number_in_file, message))
        else:
            lines.append(line)
    if not lines and not faults:
        raise AddressesUnreadable(_("The file holds no address."))
    return Reading(tuple(lines), tuple(faults), table.columns, f"EPSG:{table.system}")


def _fault(line: Line) -> str:
    west, south, east, north = settings.MAP_EXTENT
    street, house, _place = line.keys
    if not street:
        return _("There is no street.")
    if not house[:1].isdigit():
        return _("“%s” is no house number.") % f"{line.number}{line.suffix}"
    if line.postcode and not re.fullmatch(r"\d{5}", line.postcode):
        return _("“%s” is no postcode.") % line.postcode
    if long := next((name for name, most in _LENGTHS.items() if len(getattr(line, name)) > most), ""):
        return _("More than %(most)s characters: %(text)s…") % {"most": _LENGTHS[long], "text": getattr(line, long)[:40]}  # fmt: skip
    if not (np.isfinite(line.easting) and np.isfinite(line.northing)):
        return _("The coordinates are no numbers.")
    if not (west < line.easting < east and south < line.northing < north):
        return _("The coordinates lie outside the county. Is it another reference system?")
    return ""


def _twice(line: Line, seen: dict[tuple[str, ...], int]) -> str:
    first = seen.setdefault((*line.keys, line.postcode), line.number_in_file)
    return _("The same address stands in line %s.") % first if first != line.number_in_file else ""
