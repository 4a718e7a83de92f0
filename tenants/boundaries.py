"""Municipal boundaries from a file (GeoPackage, zipped Shapefile, GeoJSON; any reference system). Knows no database.

The file is not trusted: its kind is told by its first bytes, so that no other driver (a VRT that names further files or
addresses) opens it; archives are unpacked under names of our own.
"""

import tempfile
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyogrio
import pyproj
import shapely
from django.utils.translation import gettext as _
from pyogrio.errors import DataSourceError
from shapely.geometry import MultiPolygon, Polygon

from tenants.errors import BoundariesUnreadable

GUESSES = {  # fields of VG250, of its older editions, and of what offices make of them; compared in lower case
    "ags": ("ags", "gemeindeschluessel", "gemeindeschlüssel", "schluessel", "ags_0"),
    "ars": ("ars", "rs", "regionalschluessel", "regionalschlüssel", "ars_0", "rs_0"),
    "name": ("gen", "name", "gemeinde", "gemeindename"),
    "population": ("ewz", "einwohner", "population"),
}
WATER = {1, 3}  # VG250's field GF: parts of sea and lake
UNPACKED_MAX = 2 * 1024**3  # bytes; all of VG250 as Shapefiles is below 400 MB
SHAPE_PARTS = {".shp", ".shx", ".dbf", ".prj", ".cpg"}
GERMANY_UTM33 = (0.0, 5_200_000.0, 1_000_000.0, 6_200_000.0)  # metres; zone 33 stretched to all of Germany


@dataclass(frozen=True)
class Boundary:
    """One municipality. area: MultiPolygon in the target system, valid, metres. notes: what was done to it, for people."""

    ags: str
    ars: str
    name: str
    population: int | None
    area: MultiPolygon
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What a file gave: its boundaries by AGS, the columns used, and rows left out with the reason."""

    boundaries: tuple[Boundary, ...]
    columns: Mapping[str, str]
    crs: str
    left_out: tuple[str, ...]


def read(
    path: Path, *, srid: int, columns: Mapping[str, str] | None = None, county: str = "", crs: str = ""
) -> Reading:
    """All municipalities in the file whose AGS starts with `county`.

    columns: field -> name of the file's column, where guessing is not enough. crs: for files that name none.
    Raises BoundariesUnreadable with the reason; nothing is read half.
    """
    with _source(path) as source, warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", RuntimeWarning
        )  # the driver's remarks on a file; what matters is an error
        try:
            return _read(source, srid=srid, columns=columns or {}, county=county, crs=crs)
        except (DataSourceError, shapely.errors.ShapelyError, UnicodeDecodeError) as error:
            raise BoundariesUnreadable(_("The file can't be read: %s") % error) from None


@contextmanager
def _source(path: Path) -> Iterator[Path]:
    """The file to open, by its first bytes."""
    if not path.is_file():
        raise BoundariesUnreadable(_("There is no file %s.") % path)
    with path.open("rb") as file:
        start = file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"PK"):
        with tempfile.TemporaryDirectory() as folder:
            yield _unpacked(path, Path(folder))
    elif start.startswith((b"SQLite format 3\0", b"{")):
        yield path
    elif start[:100].lower().startswith((b"<!doctype html", b"<html")):
        raise BoundariesUnreadable(
            _("This is a web page, not a file with boundaries. Was the download complete?")
        )
    else:
        raise BoundariesUnreadable(_("Expected a GeoPackage, a zipped Shapefile or GeoJSON."))


def _unpacked(path: Path, folder: Path) -> Path:
    """The archive's municipal Shapefile, unpacked as `areas.*`."""
    try:
        with zipfile.ZipFile(path) as archive:
            stem = _shapefile_in(archive)
            if sum(member.file_size for member in archive.infolist()) > UNPACKED_MAX:
                raise BoundariesUnreadable(_("The archive would unpack to more than 2 GB."))
            for member in archive.infolist():
                name = PurePosixPath(member.filename)
                if str(name.with_suffix("")) == stem and name.suffix.lower() in SHAPE_PARTS:
                    (folder / f"areas{name.suffix.lower()}").write_bytes(archive.read(member))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise BoundariesUnreadable(_("The archive is damaged: %s") % error) from None
    return folder / "areas.shp"


def _shapefile_in(archive: zipfile.ZipFile) -> str:
    names = [PurePosixPath(member.filename) for member in archive.infolist()]
    if any(name.is_absolute() or ".." in name.parts or "\\" in str(name) for name in names):
        raise BoundariesUnreadable(
            _("The archive holds paths that lead out of it; it is refused as a whole.")
        )
    shapes = [str(name.with_suffix("")) for name in names if name.suffix.lower() == ".shp"]
    if len(shapes) > 1:  # VG250 comes with states, counties and more; its municipalities are VG250_GEM
        shapes = [name for name in shapes if "gem" in PurePosixPath(name).name.lower()]
    if len(shapes) != 1:
        raise BoundariesUnreadable(
            _("The archive must hold exactly one Shapefile with municipalities (found %s).") % len(shapes)
        )
    return shapes[0]


def _read(source: Path, *, srid: int, columns: Mapping[str, str], county: str, crs: str) -> Reading:
    layer, available = _layer(source, columns)
    used = _columns(available, columns)
    wanted = sorted({*used.values(), *(name for name in available if name.lower() == "gf")})
    meta, _fids, shapes, data = pyogrio.raw.read(source, layer=layer, columns=wanted)
    named = dict(zip(list(meta["fields"]), data, strict=True))
    to_target, system = _transformer(meta["crs"] or crs, srid)
    rows = _Rows(named, used, county)
    merged: dict[str, list[int]] = {}
    for index in range(len(shapes)):
        if ags := rows.key(index):
            merged.setdefault(ags, []).append(index)
    if not merged:
        raise BoundariesUnreadable(
            _("No row has an AGS of 8 digits%s.") % (f" ({county}…)" if county else "")
        )
    found = tuple(rows.boundary(ags, indices, shapes, to_target) for ags, indices in sorted(merged.items()))
    return Reading(found, used, system, tuple(rows.left_out))


def _layer(source: Path, columns: Mapping[str, str]) -> tuple[str, list[str]]:
    """The first layer with areas and an AGS, and its columns."""
    layers = [
        str(name)
        for name, kind in pyogrio.list_layers(source)
        if kind is None or "Polygon" in str(kind) or kind == "Unknown"
    ]
    seen: list[str] = []
    for name in sorted(layers, key=lambda name: "gem" not in name.lower()):
        available = [str(field) for field in pyogrio.read_info(source, layer=name)["fields"]]
        seen += available
        if "ags" in _columns(available, columns, strict=False):
            return name, available
    if layers:
        _columns(seen, columns)  # a column named by hand that is nowhere gets its own answer
    raise BoundariesUnreadable(
        _("No column with the AGS was found. Name it with --map ags=COLUMN; there are: %s.") % ", ".join(seen)
        if layers
        else _("The file holds no areas.")
    )


def _columns(available: Sequence[str], given: Mapping[str, str], *, strict: bool = True) -> dict[str, str]:
    """Field -> column: as given, else guessed."""
    lower = {name.lower(): name for name in available}
    found: dict[str, str] = {}
    for field, guesses in GUESSES.items():
        if field in given:
            if given[field] in available:
                found[field] = given[field]
            elif strict:
                raise BoundariesUnreadable(
                    _("There is no column %(column)s; there are: %(available)s.")
                    % {"column": given[field], "available": ", ".join(available)}
                )
        elif match := next((lower[guess] for guess in guesses if guess in lower), ""):
            found[field] = match
    if strict and "name" not in found:
        raise BoundariesUnreadable(
            _("No column with the name was found. Name it with --map name=COLUMN; there are: %s.")
            % ", ".join(available)
        )
    return found


def _transformer(crs: str | None, srid: int) -> tuple[Any, str]:
    if not crs:
        raise BoundariesUnreadable(
            _(
                "The file names no coordinate reference system (is the .prj missing?). Give it with --crs EPSG:…."
            )
        )
    try:
        system = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError:
        raise BoundariesUnreadable(_("Unknown coordinate reference system: %s") % crs[:200]) from None
    return pyproj.Transformer.from_crs(system, srid, always_xy=True), system.name


class _Rows:
    """The file's rows by column; collects what is left out."""

    def __init__(self, data: Mapping[str, Any], used: Mapping[str, str], county: str) -> None:
        self.data, self.used, self.county = data, used, county
        self.left_out: list[str] = []
        self.water = next((data[name] for name in data if name.lower() == "gf"), None)

    def text(self, field: str, index: int) -> str:
        value = self.data[self.used[field]][index] if field in self.used else None
        if value is None or (isinstance(value, float | np.floating) and np.isnan(value)):
            return ""
        if isinstance(value, float | np.floating) and float(value).is_integer():
            return str(int(value))
        return str(value).strip()

    def key(self, index: int) -> str:
        """The AGS of a row to be taken, else nothing. A number that lost its leading zero gets it back."""
        raw = self.text("ags", index)
        ags = raw.zfill(8) if raw.isdigit() and len(raw) == 7 else raw
        if not (ags.isdigit() and len(ags) == 8):
            self.left_out.append(_("row %(row)s: AGS “%(ags)s”") % {"row": index + 1, "ags": raw})
        elif not ags.startswith(self.county):
            self.left_out.append(_("row %(row)s: AGS %(ags)s lies outside") % {"row": index + 1, "ags": ags})
        elif self.water is not None and self.water[index] in WATER:
            self.left_out.append(_("row %(row)s: %(ags)s, water") % {"row": index + 1, "ags": ags})
        else:
            return ags
        return ""

    def boundary(self, ags: str, indices: list[int], shapes: Any, to_target: Any) -> Boundary:
        notes: list[str] = []
        parts = [_area(shapes[index], to_target, notes, label=ags) for index in indices]
        if len(parts) > 1:
            notes.append(_("merged from %s rows") % len(parts))
        area = shapely.union_all(parts)
        first = indices[0]
        ars, people = self.text("ars", first), self.text("population", first)
        return Boundary(
            ags=ags,
            ars=ars if ars.isdigit() and len(ars) == 12 else "",
            name=self.text("name", first),
            population=int(people) if people.isdigit() else None,
            area=MultiPolygon(_polygons(area)),
            notes=tuple(notes),
        )


def _area(wkb: bytes | None, to_target: Any, notes: list[str], *, label: str) -> shapely.Geometry:
    """One row's area in the target system; mended when it crosses itself, which `notes` then says."""
    shape = shapely.force_2d(shapely.from_wkb(wkb)) if wkb is not None else None
    if shape is None or shape.is_empty:
        raise BoundariesUnreadable(_("%s has no geometry.") % label)
    moved = shapely.transform(shape, to_target.transform, interleaved=False)
    west, south, east, north = GERMANY_UTM33
    bounds = moved.bounds
    if not (west < bounds[0] and south < bounds[1] and bounds[2] < east and bounds[3] < north):
        raise BoundariesUnreadable(
            _("%s does not lie in Germany: the coordinates do not fit the file's reference system.") % label
        )
    if not moved.is_valid:
        reason, before = shapely.is_valid_reason(moved), moved.area
        moved = MultiPolygon(_polygons(shapely.make_valid(moved)))
        difference = abs(moved.area - before) / 10_000
        notes.append(
            _("mended (%(reason)s; area changed by %(difference).1f ha)")
            % {"reason": reason, "difference": difference}
        )
    if not _polygons(moved):
        raise BoundariesUnreadable(_("%s is no area.") % label)
    return moved


def _polygons(shape: shapely.Geometry) -> list[Polygon]:
    return [part for part in shapely.get_parts(shapely.get_parts(shape)) if isinstance(part, Polygon)]
