"""Parcels as files: every format, every system; and what must not get through."""

import io
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from planning.auskunft import parcels
from planning.auskunft.errors import PlaceRefused
from planning.auskunft.places import Extent, Place
from planning.xplanung import crs
from tests.factories.vectorfiles import shapefile as zipped_shapefile
from tests.factories.vectorfiles import zipped

COUNTY = Extent(370_000, 5_648_000, 424_000, 5_705_000)
PARCEL = shapely.box(385_000, 5_668_000, 385_040, 5_668_025)


def read(content: bytes) -> Place:
    return parcels.from_file(io.BytesIO(content), extent=COUNTY)


def refusal(content: bytes) -> str:
    with pytest.raises(PlaceRefused) as refused:
        read(content)
    return refused.value.code


def in_system(code: int) -> BaseGeometry:
    return shapely.transform(PARCEL, lambda points: crs.transform(points, source=25833, target=code))


def geojson(shape: BaseGeometry, **more: Any) -> bytes:
    feature = {
        "type": "Feature",
        "id": "f1",
        "geometry": json.loads(shapely.to_geojson(shape)),
        "properties": {"flstkennz": "143127___00012"},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature], **more}).encode()


def gml(shape: BaseGeometry, srs: str, *, prolog: str = "") -> bytes:
    points = " ".join(f"{x:.9f} {y:.9f}" for x, y in shapely.get_coordinates(shape))
    return (
        f'<?xml version="1.0"?>{prolog}<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2">'
        f'<wfs:member><AX_Flurstueck gml:id="DESN1" xmlns="http://www.adv-online.de/namespaces/adv/gid/6.0"><position>'
        f'<gml:Surface srsName="{srs}" gml:id="g"><gml:patches><gml:PolygonPatch><gml:exterior><gml:LinearRing><gml:posList>{points}'
        "</gml:posList></gml:LinearRing></gml:exterior></gml:PolygonPatch></gml:patches></gml:Surface></position></AX_Flurstueck></wfs:member></wfs:FeatureCollection>"
    ).encode()


def written(folder: Path, name: str, code: int = 25833) -> Path:
    path = folder / name
    wkb = np.array([shapely.to_wkb(in_system(code))], dtype=object)
    fields = np.array(["143127___00012"], dtype=object)
    pyogrio.raw.write(path, wkb, [fields], ["flstkennz"], geometry_type="Polygon", crs=f"EPSG:{code}")
    return path


def geopackage(folder: Path) -> bytes:
    return written(folder, "x.gpkg").read_bytes()


def shapefile(folder: Path) -> bytes:
    return zipped_shapefile(folder, [PARCEL], code=31469, labels=["143127___00012"]).read_bytes()


FORMATS: dict[str, Callable[[Path], bytes]] = {
    "geojson_degrees": lambda _: geojson(in_system(4326)),
    "geojson_swapped": lambda _: geojson(shapely.transform(in_system(4326), lambda points: points[:, ::-1])),
    "geojson_metres": lambda _: geojson(PARCEL),
    "geojson_named": lambda _: geojson(
        in_system(25832), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    ),
    "geojson_geometry": lambda _: shapely.to_geojson(in_system(4326)).encode(),
    "gml": lambda _: gml(PARCEL, "urn:ogc:def:crs:EPSG::25833"),
    "gml_adv": lambda _: gml(in_system(25832), "urn:adv:crs:ETRS89_UTM32"),
    "gml_northing_first": lambda _: gml(
        shapely.transform(in_system(4258), lambda points: points[:, ::-1]), "urn:ogc:def:crs:EPSG::4258"
    ),
    "geopackage": geopackage,
    "shapefile": shapefile,
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_parcel_is_read_in_every_format(name: str, tmp_path: Path) -> None:
    found = read(FORMATS[name](tmp_path))
    assert shapely.hausdorff_distance(found.shape, PARCEL) < (
        5 if name == "shapefile" else 0.01
    )  # Gauß-Krüger without grid: metres
    assert found.area == pytest.approx(1000, rel=1e-3)


def test_the_parcel_keeps_its_number(tmp_path: Path) -> None:
    assert read(geojson(PARCEL)).label == "143127___00012"
    assert read(geopackage(tmp_path)).label == "143127___00012"


def many(count: int) -> bytes:
    features = [
        {"type": "Feature", "geometry": json.loads(shapely.to_geojson(PARCEL)), "properties": {}}
    ] * count
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def round_parcel(corners: int) -> shapely.Polygon:
    angles = np.linspace(0, 2 * math.pi, corners, endpoint=False)
    return shapely.Polygon(np.column_stack([385_000 + 50 * np.cos(angles), 5_668_000 + 50 * np.sin(angles)]))


DTD = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
HOSTILE = {
    "nothing": (b"", "file_kind"),
    "text": (b"Flurstueck 12/3", "file_kind"),
    "vrt": (b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>", "no_area"),
    "dtd": (gml(PARCEL, "EPSG:25833", prolog=DTD), "file_broken"),
    "broken_xml": (b"<a><b></a>", "file_broken"),
    "gml_without_system": (gml(PARCEL, ""), "file_crs"),
    "gml_unknown_system": (gml(PARCEL, "EPSG:999999"), "file_crs"),
    "nan": (b'{"type": "Polygon", "coordinates": [[[NaN, 1], [2, 3], [4, 5], [NaN, 1]]]}', "finite"),
    "strings": (b'{"type": "Polygon", "coordinates": [[["a", "b"]]]}', "file_broken"),
    "open_ring": (b'{"type": "Polygon", "coordinates": [[[13.3, 51.1], [13.4, 51.1]]]}', "file_broken"),
    "no_geometry": (b'{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": null}, 7]}', "no_area"),
    "features_no_list": (b'{"type": "FeatureCollection", "features": 7}', "no_area"),
    "unknown_crs": (geojson(PARCEL, crs={"properties": {"name": "EPSG:999999"}}), "file_crs"),
    "deep": (b'{"type": "GeometryCollection", "geometries": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "file_broken"),
    "point": (b'{"type": "Point", "coordinates": [13.36, 51.15]}', "no_area"),
    "far_off": (b'{"type": "Polygon", "coordinates": [[[2, 48], [2.001, 48], [2.001, 48.001], [2, 48]]]}', "outside"),
    "berlin": (b'{"type": "Polygon", "coordinates": [[[13.4, 52.5], [13.401, 52.5], [13.401, 52.501], [13.4, 52.5]]]}', "outside"),
    "vertices": (geojson(round_parcel(100_000)), "vertices"),
    "many": (many(21), "file_several"),
    "sqlite": (b"SQLite format 3\0" + b"\0" * 200, "file_kind"),
    "broken_geopackage": (b"SQLite format 3\0" + b"\0" * 52 + b"GPKG" + b"\0" * 200, "file_broken"),
    "broken_zip": (b"PK\x03\x04 not really", "file_broken"),
    "zip_without_shapefile": (zipped(**{"a.txt": b"x"}), "file_kind"),
    "zip_with_two": (zipped(**{"a.shp": b"x", "b.shp": b"x"}), "file_kind"),
    "zip_with_rubbish": (zipped(**{"a.shp": b"x"}), "file_broken"),
    "zip_bomb": (zipped(**{"a.shp": b"\0" * (80 << 20)}), "file_broken"),
    "zip_that_leads_out": (zipped(**{"../a.shp": b"x"}), "file_broken"),
    "too_long": (b"{" + b" " * (parcels.MOST_BYTES + 1), "file_size"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_reason(name: str) -> None:
    content, code = HOSTILE[name]
    assert refusal(content) == code


def test_a_shapefile_without_its_system_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "x.shp")
    path.with_suffix(".prj").unlink()
    members = {part.name: part.read_bytes() for part in tmp_path.glob("x.*")}
    assert refusal(zipped(**members)) == "file_crs"


def test_neighbouring_parcels_are_one_place() -> None:
    both = shapely.MultiPolygon([PARCEL, shapely.box(385_040, 5_668_000, 385_060, 5_668_025)])
    assert read(geojson(both)).area == pytest.approx(1500)
