"""A delivered file -> what it is, by content, under a name of our own that its one driver opens.

The name is a link in a folder for the work: GDAL writes beside some files (.gfs, -wal), and that must not be where files are kept.
"""

import re
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal
from urllib.parse import quote

from planning.xplanung.archive import Archive, ArchiveLimits
from planning.xplanung.findings import UnreadableFile
from twin.catalogue.formats.refusal import FileRefused

Kind = Literal["vector", "table", "raster"]
LIMITS = ArchiveLimits(members=500, member=4 << 30, total=6 << 30, ratio=400)
_CHUNK = 1 << 20
_START = 1 << 16  # bytes looked at to tell what a file is
_SHAPE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_INSIDE = (
    ".gpkg",
    ".geojson",
    ".json",
    ".fgb",
    ".gml",
    ".xml",
    ".csv",
    ".txt",
    ".tsv",
    ".xlsx",
    ".tif",
    ".tiff",
    ".xyz",
    ".asc",
)
_TILES = (".xyz", ".asc", ".tif", ".tiff")  # several of one kind make one raster
_REMARKS = (".txt", ".xml", ".csv", ".prj")  # which may lie beside tiles
_SIGNATURES: tuple[tuple[bytes, Kind, str], ...] = (
    (b"SQLite format 3\0", "vector", "GPKG"),
    (b"fgb\x03fgb", "vector", "FlatGeobuf"),
    (b"II*\0", "raster", "GTiff"),
    (b"MM\0*", "raster", "GTiff"),
    (b"II+\0", "raster", "GTiff"),
    (b"MM\0+", "raster", "GTiff"),
)
_SUFFIXES = {"GPKG": ".gpkg", "FlatGeobuf": ".fgb", "GTiff": ".tif", "GeoJSON": ".geojson", "GML": ".gml", "NAS": ".xml", "AAIGrid": ".asc", "XYZ": ".xyz"}  # fmt: skip
_DOCUMENTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SHAPES = b"\x00\x00\x27\x0a"  # a Shapefile's own .shp (ESRI white paper, 1998)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_NO_TEXT = re.compile(
    rb"[\x00-\x08\x0b\x0e-\x19\x1c-\x1f]"
)  # control characters; not \x1a, with which old programs end a file
_THREE_NUMBERS = re.compile(rb"\s*([-+]?\d+(\.\d+)?)([ \t;,]+[-+]?\d+(\.\d+)?){2}\s*")
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True)
class Opened:
    """path: to open with this driver (GDAL's name, or CSV and XLSX, which we read ourselves); tiles: name and path of each file of
    a raster that comes in several, of which path is the first."""

    kind: Kind
    driver: str
    path: Path
    tiles: tuple[tuple[str, Path], ...] = ()


def open_file(source: Path, *, folder: Path, inside: bool = False) -> Opened:
    """inside: it comes from an archive. Raises FileRefused."""
    with source.open("rb") as stream:
        start = stream.read(_START)
    if not start.strip(b"\0 \r\n\t"):
        raise FileRefused("file.empty")
    if start.startswith(b"PK"):
        return _from_archive(source, folder=folder, inside=inside)
    kind, driver = _kind_of(start)
    if driver == "GPKG":
        refuse_no_geopackage(source)
    return Opened(kind, driver, _linked(source, folder / f"source{_SUFFIXES.get(driver, '.txt')}"))


def _kind_of(start: bytes) -> tuple[Kind, str]:
    for signature, kind, driver in _SIGNATURES:
        if start.startswith(signature):
            return kind, driver
    if start.startswith(_SHAPES):
        raise FileRefused("file.bare_shapes")
    if start.startswith(_OLD_OFFICE):
        raise FileRefused("file.old_office")
    _refuse_document(start)
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<"):
        return "vector", _xml(text)
    if text.startswith((b"{", b"[")) and b'"Topology"' not in text[:1000]:
        return "vector", "GeoJSON"
    return _of_text(text)


def _refuse_document(start: bytes) -> None:
    for signature, name in _DOCUMENTS:
        if start.startswith(signature):
            raise FileRefused("file.document", kind=name)


def _of_text(text: bytes) -> tuple[Kind, str]:
    if text[:5].lower() == b"ncols":
        return "raster", "AAIGrid"
    if _THREE_NUMBERS.fullmatch(text.split(b"\n", 1)[0]):
        return "raster", "XYZ"
    if text.startswith(b"{") or (_NO_TEXT.search(text.split(b"\n", 1)[0]) and not text.startswith(_UTF_16)):
        raise FileRefused("file.kind")
    return "table", "CSV"


def _xml(text: bytes) -> str:
    text = _COMMENT.sub(b"", text)
    root = _ROOT.search(text)
    name = root.group(1).lower() if root else b""
    if name == b"html" or text[:14].lower() == b"<!doctype html":
        raise FileRefused("file.html")
    if name.startswith(b"xplan"):
        raise FileRefused("file.plan")
    if name.startswith(b"ogr") or b"opengis.net/gml" not in text:
        raise FileRefused("file.kind")
    return "NAS" if b"NAS-Operationen" in text or b"adv-online.de/namespaces/adv/gid" in text else "GML"


def _linked(source: Path, target: Path) -> Path:
    if source != target:
        target.symlink_to(source)
    return target


# --- archives


def _from_archive(source: Path, *, folder: Path, inside: bool) -> Opened:
    try:
        with source.open("rb") as stream:
            archive = Archive(stream, limits=LIMITS)
            names = {member.name: PurePosixPath(member.name) for member in archive.members()}
            if "xl/workbook.xml" in names:
                return Opened("table", "XLSX", _linked(source, folder / "source.xlsx"))
            if inside:
                raise FileRefused("file.kind")
            return _member(archive, names, folder)
    except UnreadableFile as error:
        raise FileRefused(error.finding.rule, **error.finding.params) from None
    except zipfile.BadZipFile:
        raise FileRefused("file.kind") from None


def _member(archive: Archive, names: dict[str, PurePosixPath], folder: Path) -> Opened:
    """The only Shapefile of an archive, or the only file of another kind that we read."""
    shapes = [name for name, path in names.items() if path.suffix.lower() == ".shp"]
    if len(shapes) > 1:
        raise FileRefused("file.several", names=", ".join(sorted(shapes))[:300])
    if shapes:
        return _shapefile(archive, names, names[shapes[0]], folder)
    known = [name for name, path in names.items() if path.suffix.lower() in _INSIDE]
    tiles = [name for name in known if names[name].suffix.lower() not in _REMARKS]
    if (
        len(tiles) > 1
        and len(kinds := {names[name].suffix.lower() for name in tiles}) == 1
        and kinds <= {*_TILES}
    ):
        return _tiles(archive, {name: names[name].name for name in sorted(tiles)}, folder)
    if len(known) != 1:
        rule = "file.several" if known else "file.archive"
        raise FileRefused(rule, names=", ".join(sorted(known))[:300])
    target = folder / "member"
    _unpack(archive, known[0], target)
    return open_file(target, folder=folder, inside=True)


def _tiles(archive: Archive, names: dict[str, str], folder: Path) -> Opened:
    """names: in the archive -> for people."""
    (folder / "tiles").mkdir()
    found: list[tuple[str, Path]] = []
    drivers = set()
    for number, (name, shown) in enumerate(names.items()):
        target = folder / "tiles" / f"{number:04}"
        _unpack(archive, name, target)
        with target.open("rb") as stream:
            kind, driver = _kind_of(stream.read(_START))
        drivers.add(driver)
        if kind != "raster" or len(drivers) > 1:
            raise FileRefused("raster.tiles_kind", name=shown)
        found.append((shown, target))
    return Opened("raster", drivers.pop(), found[0][1], tuple(found))


def _shapefile(
    archive: Archive, names: dict[str, PurePosixPath], shape: PurePosixPath, folder: Path
) -> Opened:
    stem = str(shape.with_suffix("")).lower()
    parts = {
        path.suffix.lower(): name for name, path in names.items() if str(path.with_suffix("")).lower() == stem
    }
    if ".dbf" not in parts:
        raise FileRefused("file.no_dbf", name=shape.name)
    for suffix in _SHAPE_PARTS:
        if suffix in parts:
            _unpack(archive, parts[suffix], folder / f"source{suffix}")
    return Opened("vector", "ESRI Shapefile", folder / "source.shp")


def _unpack(archive: Archive, name: str, target: Path) -> None:
    with archive.open(name) as member, target.open("wb") as sink:
        while chunk := member.read(_CHUNK):
            sink.write(chunk)


# --- GeoPackages


def refuse_no_geopackage(path: Path) -> None:
    """Raises FileRefused for a database that is none, or whose own tables are views: what a view does is up to a stranger."""
    tables = _tables(path)
    if not {"gpkg_contents", "gpkg_spatial_ref_sys"} <= tables:
        raise FileRefused("file.no_geopackage")


def plain_layers(path: Path) -> set[str]:
    """Names of a GeoPackage's layers that are tables and no views."""
    tables = _tables(path)
    with closing(_database(path)) as database:
        rows = database.execute(
            "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes')"
        )
        return {str(name) for (name,) in rows if name in tables}


def _tables(path: Path) -> set[str]:
    try:
        with closing(_database(path)) as database:
            rows = database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
            )
            return {str(name) for (name,) in rows}
    except sqlite3.Error as error:
        raise FileRefused("file.damaged", reason=str(error)[:200]) from None


def _database(path: Path) -> sqlite3.Connection:
    """Read only; immutable: nothing is written beside it."""
    return sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)
