"""Boundaries from all three kinds of file, from broken ones too; nothing is imported half."""

import io
import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import pytest
import shapely
import shapely.affinity
from django.contrib.gis.geos import Point
from django.core.management import CommandError, call_command
from shapely.geometry import MultiPolygon, Polygon, box

from tenants.models import AuditEvent, Tenant
from tenants.scope import acting_for
from tests.factories.tenants import TenantFactory, county

pytestmark = pytest.mark.django_db
EAST, NORTH = 380_000, 5_670_000  # metres in EPSG:25833, near Meißen

Row = tuple[str, str, Any]  # AGS, name, shape


def square(column: int, *, side: float = 1000) -> Polygon:
    return box(EAST + column * 1000, NORTH, EAST + column * 1000 + side, NORTH + side)


ROWS: list[Row] = [("14627010", "Diera-Zehren", square(0)), ("14627140", "Meißen", square(1))]


def write(path: Path, rows: list[Row], **options: Any) -> Path:
    """A file as an office sends it; the driver follows from the name."""
    shapes = np.array([shapely.to_wkb(shape) for _, _, shape in rows], dtype=object)
    names = options.pop("names", ("AGS", "GEN"))
    data = [np.array([row[number] for row in rows], dtype=object) for number in (0, 1)]
    parts = {"geometry_type": "Unknown", "crs": "EPSG:25833", **options}
    if path.suffix == ".shp":
        parts["geometry_type"] = "Polygon"
    pyogrio.raw.write(path, shapes, data, list(names), **parts)
    return path


def zipped(folder: Path, rows: list[Row], *, leave_out: str = "", **options: Any) -> Path:
    write(folder / "VG250_GEM.shp", rows, encoding="UTF-8", **options)
    target = folder / "vg250.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for part in sorted(folder.glob("VG250_GEM.*")):
            if part.suffix != leave_out:
                archive.write(part, f"daten/{part.name}")
    return target


def run(path: Path, *arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("import_municipalities", str(path), "--json", *arguments, stdout=out)
    return dict(json.loads(out.getvalue()))


def refused(path: Path, *arguments: str) -> str:
    before = Tenant.objects.count()
    with pytest.raises(CommandError) as raised:
        run(path, *arguments)
    assert Tenant.objects.count() == before
    return str(raised.value)


@pytest.mark.parametrize("kind", ["gpkg", "geojson", "zip"])
@pytest.mark.parametrize("crs", ["EPSG:25833", "EPSG:25832", "EPSG:4326", "EPSG:31469"])
def test_each_kind_of_file_in_each_reference_system(tmp_path: Path, kind: str, crs: str) -> None:
    move = pyproj.Transformer.from_crs(25833, crs, always_xy=True)
    moved = [
        (ags, name, shapely.transform(shape, lambda points: np.column_stack(move.transform(*points.T))))
        for ags, name, shape in ROWS
    ]
    if kind == "geojson":
        path = write(tmp_path / "a.geojson", moved, crs=crs)
    else:
        path = (
            zipped(tmp_path, moved, crs=crs) if kind == "zip" else write(tmp_path / "a.gpkg", moved, crs=crs)
        )
    report = run(path)
    assert [(row["ags"], row["name"]) for row in report["created"]] == [row[:2] for row in ROWS]
    for ags, _, shape in ROWS:
        town = Tenant.objects.get(ags=ags)
        assert town.boundary is not None
        assert town.boundary.srid == 25833
        assert town.boundary.area == pytest.approx(1_000_000, rel=2e-3)
        assert town.boundary.centroid.distance(_point(shape)) < 2
    assert Tenant.objects.get(ags="14627140").slug == "meissen"


def _point(shape: Polygon) -> Any:
    return Point(shape.centroid.x, shape.centroid.y, srid=25833)


def test_tenants_are_matched_and_their_facts_kept(tmp_path: Path) -> None:
    known = TenantFactory.create(name="Stadt Meißen", ags="14627140", ars="146270140140")
    by_name = TenantFactory.create(name="Diera-Zehren", ags=None)
    gone = TenantFactory.create(name="Ohne Zeile", ags="14627999")
    report = run(write(tmp_path / "a.gpkg", ROWS))
    assert [row["ags"] for row in report["matched"]] == ["14627010", "14627140"]
    assert (report["created"], report["unmatched"]) == ([], [gone.name])
    for town in (known, by_name):
        town.refresh_from_db()
    assert (known.name, known.ars, by_name.ags) == ("Stadt Meißen", "146270140140", "14627010")
    again = run(write(tmp_path / "b.gpkg", [(ROWS[0][0], "D", square(0, side=1100)), ROWS[1]]))
    assert [row["area_change_percent"] for row in again["matched"]] == [21.0, 0.0]
    with acting_for([known.pk]):
        assert AuditEvent.objects.filter(action="import_boundary").count() == 2


def test_municipality_in_several_rows_is_merged_and_a_broken_one_mended(tmp_path: Path) -> None:
    bow_tie = Polygon(
        [(EAST, NORTH), (EAST + 1000, NORTH + 1000), (EAST + 1000, NORTH), (EAST, NORTH + 1000)]
    )
    rows: list[Row] = [
        ("14627010", "Teil", square(3)),
        ("14627010", "Teil", square(9)),
        ("14627140", "Schleife", bow_tie),
    ]
    parts, loop = run(write(tmp_path / "a.gpkg", rows))["created"]
    assert (parts["area_km2"], loop["area_km2"]) == (2.0, 0.5)
    assert len(parts["notes"]) == len(loop["notes"]) == 1
    assert "Self-intersection" in loop["notes"][0]
    town = Tenant.objects.get(ags="14627010")
    assert town.boundary is not None
    assert len(town.boundary) == 2


def test_dry_run_reports_and_changes_nothing(tmp_path: Path) -> None:
    report = run(write(tmp_path / "a.gpkg", ROWS), "--dry-run")
    assert (len(report["created"]), report["dry_run"]) == (2, True)
    assert not Tenant.objects.exists()


def test_only_the_county_is_taken_and_the_rest_is_told(tmp_path: Path) -> None:
    county()
    rows = [*ROWS, ("12062024", "Bad Liebenwerda", square(5)), ("--------", "Gemeindefrei", square(6))]
    report = run(write(tmp_path / "a.gpkg", rows))
    assert len(report["created"]) == 2
    assert len(report["left_out"]) == 2
    assert len(run(write(tmp_path / "b.gpkg", rows), "--county", "12062")["created"]) == 1


def test_columns_are_mapped_by_hand(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", ROWS, names=("KENNUNG", "BEZEICHNUNG"))
    assert "KENNUNG" in refused(path)
    assert "nope" in refused(path, "--map", "ags=nope", "--map", "name=BEZEICHNUNG")
    refused(path, "--map", "ags=KENNUNG")
    refused(path, "--map", "colour=KENNUNG")
    assert len(run(path, "--map", "ags=KENNUNG", "--map", "name=BEZEICHNUNG")["created"]) == 2


def test_number_that_lost_its_zero_gets_it_back(tmp_path: Path) -> None:
    shapes = np.array([shapely.to_wkb(square(0))], dtype=object)
    path = tmp_path / "a.gpkg"
    pyogrio.raw.write(
        path,
        shapes,
        [np.array([1001000.0]), np.array(["Flensburg"], dtype=object)],
        ["AGS", "GEN"],
        geometry_type="Polygon",
        crs="EPSG:25833",
    )
    assert run(path)["created"][0]["ags"] == "01001000"


def test_file_without_reference_system_asks_for_it(tmp_path: Path) -> None:
    path = zipped(tmp_path, ROWS, leave_out=".prj")
    assert "--crs" in refused(path)
    refused(path, "--crs", "EPSG:0")
    assert len(run(path, "--crs", "EPSG:25833")["created"]) == 2


def test_coordinates_that_do_not_fit_the_reference_system_are_refused(tmp_path: Path) -> None:
    refused(write(tmp_path / "a.gpkg", ROWS, crs="EPSG:4326"))
    swapped = [
        (ags, name, shapely.affinity.affine_transform(shape, [0, 1, 1, 0, 0, 0])) for ags, name, shape in ROWS
    ]
    refused(write(tmp_path / "b.gpkg", swapped))


def test_one_bad_row_refuses_the_whole_file(tmp_path: Path) -> None:
    for number, shape in enumerate((None, shapely.Point(EAST, NORTH), Polygon())):
        refused(write(tmp_path / f"{number}.gpkg", [*ROWS, ("14627150", "Moritzburg", shape)]))


def test_name_that_can_not_be_kept_takes_everything_back(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="name"):
        run(write(tmp_path / "a.gpkg", [*ROWS, ("14627150", "", square(4))]))
    assert not Tenant.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!DOCTYPE html><html><body>404</body></html>",
        b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        b"{",
        b'{"type": "FeatureCollection", "features": []}',
        b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"AGS": "14627140"}, "geometry": null}]}',
        b"SQLite format 3\0" + b"\0" * 200,
        b"PK\3\4 broken",
        b"\xff\xfe" * 50,
    ],
    ids=["empty", "html", "vrt", "cut", "no-rows", "no-geometry", "no-database", "no-archive", "noise"],
)
def test_what_is_no_boundary_file_is_refused(tmp_path: Path, content: bytes) -> None:
    for name in ("a.geojson", "a.gpkg", "a.zip"):
        path = tmp_path / name
        path.write_bytes(content)
        refused(path)


def test_missing_file_and_empty_database_are_refused(tmp_path: Path) -> None:
    refused(tmp_path / "nowhere.gpkg")
    with sqlite3.connect(tmp_path / "a.gpkg") as database:
        database.execute("CREATE TABLE t (id int)")
    database.close()
    refused(tmp_path / "a.gpkg")


@pytest.mark.parametrize(
    "members",
    [
        {"../VG250_GEM.shp": b"x"},
        {"/etc/VG250_GEM.shp": b"x"},
        {"a\\..\\VG250_GEM.shp": b"x"},
        {"readme.txt": b"x"},
        {"a_gem.shp": b"x", "b_gem.shp": b"x"},
        {"VG250_GEM.shp": b"x"},
    ],
    ids=["up", "absolute", "windows", "none", "two", "broken"],
)
def test_hostile_or_wrong_archive_is_refused(tmp_path: Path, members: dict[str, bytes]) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    refused(path)
    assert {file.name for file in tmp_path.rglob("*")} == {"a.zip"}


def test_real_boundaries_of_the_county(shared_data: Path) -> None:
    folder = shared_data / "boundaries"
    if not folder.is_dir():
        pytest.skip("no boundaries in the shared test data")
    county()
    exact = run(folder / "meissen_municipalities_epsg25833.geojson")
    assert len(exact["created"]) == 28
    assert sum(row["area_km2"] for row in exact["created"]) == pytest.approx(1454.6, rel=0.005)
    official = run(folder / "vg250_2016_gemeinden_14627_epsg4326.geojson")
    assert (len(official["matched"]), official["created"], official["unmatched"]) == (28, [], [])
    assert max(abs(row["area_change_percent"]) for row in official["matched"]) < 1
    assert (
        len(run(folder / "neighbour_municipalities_epsg4326.geojson", "--dry-run", "--county", "")["created"])
        == 25
    )
    assert Tenant.objects.filter(boundary__isnull=False).count() == 28
    assert isinstance(shapely.from_wkt(Tenant.objects.get(name="Meißen").boundary.wkt), MultiPolygon)  # type: ignore[union-attr]
