"""What a file is, is told by its content; what is no data is refused with a sentence that helps."""

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.factories import datafiles as files
from tests.factories.vectorfiles import zipped
from twin.catalogue.formats.messages import MESSAGES
from twin.catalogue.formats.opening import open_file
from twin.catalogue.formats.reading import Wishes, layer_of, source_of
from twin.catalogue.formats.refusal import FileRefused

VRT = b"<OGRVRTDataSource><!-- http://www.opengis.net/gml --><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"


def refused(path: Path, folder: Path) -> str:
    with pytest.raises(FileRefused) as error:
        layer_of(source_of(open_file(path, folder=folder), Wishes()), "")
    assert MESSAGES[error.value.rule] % error.value.params
    return error.value.rule


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "file.empty"),
        (b"  \n", "file.empty"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "file.html"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "file.old_office"),
        (b"\0\0\x27\x0a" + b"\0" * 100, "file.bare_shapes"),
        (b"\x7fELF\2\1\1\0\0\0\0", "file.kind"),
        (b"\xff\xd8\xff\xe1\x12Exif;\x8f\n\x05;\x91\n", "file.document"),  # a picture without a zero byte
        (b"%PDF-1.4\n%\xe2\xe3\nA4;B5\n", "file.document"),
        (b"\x89PNG\r\n\x1a\n;;", "file.document"),
        (b'<xplan:XPlanAuszug xmlns:gml="http://www.opengis.net/gml/3.2">', "file.plan"),
        (VRT, "file.kind"),
        (b"<!-- http://www.opengis.net/gml --><kml/>", "file.kind"),
        (b'{"type":"Topology","objects":{}}', "file.kind"),
        (b'{"type":"FeatureCollection","features":[{', "file.damaged"),
        (b"SQLite format 3\0" + b"x" * 200, "file.damaged"),
        (b"PK\x03\x04 cut off", "archive.broken"),
    ],
)
def test_what_is_no_data_is_refused_with_its_reason(tmp_path: Path, content: bytes, rule: str) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content)
    assert refused(path, tmp_path) == rule


def test_database_that_is_no_geopackage_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE a (b)")
        database.commit()
    assert refused(path, tmp_path) == "file.no_geopackage"


def test_archive_without_data_or_with_two_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(zipped(**{"lies.pdf": b"%PDF"}))
    assert refused(path, tmp_path) == "file.archive"
    path.write_bytes(zipped(**{"a.csv": b"a;b", "b.csv": b"a;b"}))
    assert refused(path, tmp_path) == "file.several"


def test_shapefile_without_dbf_is_refused(tmp_path: Path) -> None:
    assert refused(files.shapefile(tmp_path, without=(".dbf",)), tmp_path) == "file.no_dbf"


def test_shapefile_without_index_is_read(tmp_path: Path) -> None:
    opened = open_file(files.shapefile(tmp_path, without=(".shx",)), folder=tmp_path)
    assert opened.driver == "ESRI Shapefile"


def test_bomb_in_an_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 50_000_000)
    assert refused(path, tmp_path) == "archive.bomb"


def test_only_file_of_an_archive_is_read_as_itself(tmp_path: Path) -> None:
    inner = files.write(tmp_path / "b.gpkg", files.points())
    path = tmp_path / "upload"
    path.write_bytes(zipped(**{"b.gpkg": inner.read_bytes(), "lies.txt.pdf": b"x"}))
    folder = tmp_path / "work"
    folder.mkdir()
    assert open_file(path, folder=folder).driver == "GPKG"


def test_nothing_is_written_beside_the_delivered_file(tmp_path: Path) -> None:
    kept, work = tmp_path / "kept", tmp_path / "work"
    kept.mkdir()
    work.mkdir()
    path = files.write(kept / "b.gml", files.points())
    for other in kept.iterdir():
        if other != path:
            other.unlink()
    layer_of(source_of(open_file(path, folder=work), Wishes()), "")
    assert list(kept.iterdir()) == [path]
