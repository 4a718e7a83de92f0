"""Parcels from files of every kind and system; what is hostile or holds nothing is refused by name."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import Transformer

from planning.areas import MOST_AREAS, AreasUnreadable, read
from tests.factories.vectorfiles import shapefile, zipped
from tests.factories.xplanung import polygon

SQUARES = [shapely.box(385_000 + x, 5_668_000, 385_050 + x, 5_668_100) for x in (0, 50)]


def geojson(path: Path, shapes: list[Any], *, crs: str = "EPSG:25833", **properties: Any) -> Path:
    features = [{"type": "Feature", "properties": {"flstkennz": f"14-{n}", **properties}, "geometry": json.loads(shapely.to_geojson(shape))} for n, shape in enumerate(shapes)]  # fmt: skip
    document: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if crs:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(document))
    return path


def same(found: list[Any], tolerance: float = 0.01) -> bool:
    return [bool(shapely.hausdorff_distance(area.shape, square) < tolerance) for area, square in zip(found, SQUARES, strict=True)] == [True, True]  # fmt: skip


def test_geojson_names_its_parcels(tmp_path: Path) -> None:
    found = read(geojson(tmp_path / "a", SQUARES), srid=25833)
    assert [area.label for area in found] == ["14-0", "14-1"]
    assert same(found)


def test_geojson_without_a_system_is_in_degrees(tmp_path: Path) -> None:
    to = Transformer.from_crs(25833, 4326, always_xy=True)
    degrees = [shapely.transform(s, lambda p: np.column_stack(to.transform(p[:, 0], p[:, 1]))) for s in SQUARES]  # fmt: skip
    assert same(read(geojson(tmp_path / "a", degrees, crs=""), srid=25833))


def test_geopackage_of_another_system_is_transformed(tmp_path: Path) -> None:
    to = Transformer.from_crs(25833, 25832, always_xy=True)
    moved = [shapely.transform(s, lambda p: np.column_stack(to.transform(p[:, 0], p[:, 1]))) for s in SQUARES]
    path = tmp_path / "a.gpkg"
    pyogrio.raw.write(path, shapely.to_wkb(np.array(moved)), [np.array(["7", "8"])], np.array(["Flurstueck"]), geometry_type="Polygon", crs="EPSG:25832", driver="GPKG")  # fmt: skip
    found = read(path, srid=25833)
    assert [area.label for area in found] == ["7", "8"]
    assert same(found)


@pytest.mark.parametrize("turned", [False, True])
def test_gml_is_read_whichever_way_round_its_axes_are(turned: bool, tmp_path: Path) -> None:
    members = ""
    for number, square in enumerate(SQUARES):
        points = [reversed(p) if turned else p for p in square.exterior.coords]
        text = " ".join(f"{value:.3f}" for point in points for value in point)
        shape = polygon(text, gml_id=f"P{number}", srs="urn:ogc:def:crs:EPSG::25833")
        members += f'<member><ax:Flurstueck gml:id="F{number}"><ax:flurstueckskennzeichen>14{number}</ax:flurstueckskennzeichen><ax:position>{shape}</ax:position></ax:Flurstueck></member>'
    (tmp_path / "a").write_text(f'<?xml version="1.0"?><C xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:ax="urn:x">{members}</C>')  # fmt: skip
    found = read(tmp_path / "a", srid=25833)
    assert [area.label for area in found] == ["140", "141"]
    assert same(found)


def test_metres_without_a_system_are_the_twin_s_own(tmp_path: Path) -> None:
    assert same(read(geojson(tmp_path / "a", SQUARES, crs=""), srid=25833))


@pytest.mark.parametrize("code", [25832, 31469])
def test_a_zipped_shapefile_is_transformed(code: int, tmp_path: Path) -> None:
    found = read(shapefile(tmp_path, SQUARES, code=code), srid=25833)
    assert [area.label for area in found] == ["0", "1"]
    assert same(found, 0.01 if code == 25832 else 5)  # metres; between Datums PROJ has several ways


def test_what_crosses_itself_is_mended_and_says_so(tmp_path: Path) -> None:
    bow = shapely.Polygon(
        [(385_000, 5_668_000), (385_100, 5_668_100), (385_100, 5_668_000), (385_000, 5_668_100)]
    )
    found = read(geojson(tmp_path / "a", [bow, SQUARES[0]]), srid=25833)
    assert [(area.mended, area.shape.is_valid) for area in found] == [(True, True), (False, True)]


def test_a_layer_of_points_beside_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    options: dict[str, Any] = {"crs": "EPSG:25833", "driver": "GPKG"}
    pyogrio.raw.write(path, shapely.to_wkb(np.array([shapely.Point(385_000, 5_668_000)])), [], np.array([]), layer="a", geometry_type="Point", **options)  # fmt: skip
    pyogrio.raw.write(path, shapely.to_wkb(np.array(SQUARES)), [], np.array([]), layer="b", geometry_type="Polygon", append=True, **options)  # fmt: skip
    assert same(read(path, srid=25833))


def gpkg_of_lines(path: Path) -> None:
    pyogrio.raw.write(path, shapely.to_wkb(np.array([shapely.LineString([(0, 0), (1, 1)])])), [], np.array([]), geometry_type="LineString", crs="EPSG:25833", driver="GPKG")  # fmt: skip


HOSTILE: dict[str, tuple[Any, str]] = {
    "empty": (b"", "kind"),
    "picture": (b"\x89PNG", "kind"),
    "web page": (b"<!DOCTYPE html><html></html>", "kind"),
    "vrt": (b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>', "none"),
    "entities": (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "kind"),
    "zip without a shapefile": (zipped(a=b"x"), "kind"),
    "zip with two": (zipped(**{"a.shp": b"x", "b.shp": b"x"}), "kind"),
    "zip with rubbish": (zipped(**{"a.shp": b"x"}), "broken"),
    "zip that leads out": (zipped(**{"../a.shp": b"x"}), "broken"),
    "half a zip": (zipped(**{"a.shp": b"x" * 999})[:90], "broken"),
    "half json": (b'{"type": "FeatureCollection", "features": [', "broken"),
    "no features": (b'{"type": "FeatureCollection", "features": []}', "none"),
    "list": (b'{"type": "FeatureCollection", "features": 7}', "broken"),
    "points": (b'{"type": "Point", "coordinates": [13, 51]}', "none"),
    "deep": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "broken"),
    "half xml": (b"<a><b></a>", "broken"),
    "half geopackage": (b"SQLite format 3\0" + b"\0" * 200, "broken"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_holds_nothing_is_refused_by_name(name: str, tmp_path: Path) -> None:
    content, code = HOSTILE[name]
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(AreasUnreadable) as refused:
        read(tmp_path / "a", srid=25833)
    assert refused.value.code == code


def test_lines_too_many_areas_and_unknown_systems_are_refused(tmp_path: Path) -> None:
    gpkg_of_lines(tmp_path / "lines.gpkg")
    cases = {
        tmp_path / "lines.gpkg": "none",
        geojson(tmp_path / "many", [SQUARES[0]] * (MOST_AREAS + 1)): "many",
        geojson(tmp_path / "unknown", SQUARES, crs="EPSG:999999"): "system",
        geojson(tmp_path / "nowhere", [shapely.box(1e12, 1e12, 2e12, 2e12)], crs="EPSG:25832"): "system",
    }
    for path, code in cases.items():
        with pytest.raises(AreasUnreadable) as refused:
            read(path, srid=25833)
        assert refused.value.code == code, path.name
