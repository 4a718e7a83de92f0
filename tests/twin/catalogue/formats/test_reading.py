"""Files as people deliver them -> rows in the twin's system and a report that says what to do."""

import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from tests.factories import datafiles as files
from tests.factories.vectorfiles import zipped
from twin.catalogue.formats import looking, process, reading
from twin.catalogue.formats.reading import Wishes
from twin.catalogue.formats.refusal import FileRefused


def read(path: Path, **wishes: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What is said of the file, and its rows: key, properties, the point or first corner in metres."""
    folder = path.parent / f"work-{path.name}"
    folder.mkdir()
    parts = folder / "parts"
    parts.mkdir()
    facts = reading.read(path, parts, wishes=Wishes(**wishes), srid=25833, extent=files.EXTENT)
    return facts, [row_of(row) for part in sorted(parts.iterdir()) for row in tuples_of(part.read_bytes())]


def tuples_of(data: bytes) -> Iterator[list[bytes | None]]:
    """The fields of each row of PostgreSQL's binary COPY."""
    at = 0
    while at < len(data):
        (count,) = struct.unpack_from(">h", data, at)
        at += 2
        row: list[bytes | None] = []
        for _field in range(count):
            (length,) = struct.unpack_from(">i", data, at)
            at += 4
            row.append(None if length < 0 else data[at : at + length])
            at += max(length, 0)
        yield row


def row_of(row: list[bytes | None]) -> dict[str, Any]:
    key, _digest, properties, own, tiles, body = row
    assert key is not None
    assert properties is not None
    assert body is not None
    return {
        "key": key.decode(),
        "properties": json.loads(properties[1:]),  # behind the version of jsonb
        "shape": None if own is None else shapely.from_wkb(own),
        "tiles": None if tiles is None else shapely.from_wkb(tiles),
        "geojson": json.loads(b"{" + body + b"}")["geometry"],
    }


def rules(facts: dict[str, Any]) -> list[tuple[str, str, int]]:
    return [(note["rule"], note["severity"], note["count"]) for note in facts["findings"]]


def arts(rows: list[dict[str, Any]]) -> list[Any]:
    return [row["properties"]["art"] for row in rows]


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".fgb", ".gml"])
def test_each_format_gives_the_same_rows(tmp_path: Path, suffix: str) -> None:
    facts, rows = read(files.write(tmp_path / f"baeume{suffix}", files.points()))
    assert sorted(arts(rows)) == ["Eiche", "Linde", "Rotbuche"]
    assert (facts["rows"], facts["kept"], facts["geometry_type"], facts["source_crs"]) == (3, 3, "Point", "EPSG:25833")  # fmt: skip
    places = sorted(shapely.get_coordinates(row["shape"])[0].tolist() for row in rows)
    np.testing.assert_allclose(places, [[files.WEST + 10 * n, files.SOUTH] for n in range(3)], atol=0.02)


def test_zipped_shapefile_is_read_with_its_umlauts(tmp_path: Path) -> None:
    _facts, rows = read(files.shapefile(tmp_path, art=["Ölbaum", "Süßkirsche", "Linde"]))
    assert arts(rows) == ["Ölbaum", "Süßkirsche", "Linde"]


@pytest.mark.parametrize("encoding", ["UTF-8", "CP1252"])
def test_shapefile_that_hides_its_encoding_is_read_right(tmp_path: Path, encoding: str) -> None:
    wkb = shapely.to_wkb(files.points(1))
    pyogrio.raw.write(tmp_path / "Bäume.shp", wkb, [np.array(["Süßkirsche"], dtype=object)], ["art"], geometry_type="Point", crs="EPSG:25833", encoding=encoding)  # fmt: skip
    path = tmp_path / "baeume.zip"
    path.write_bytes(zipped(**{part.name: part.read_bytes() for part in tmp_path.glob("Bäume.*") if part.suffix != ".cpg"}))  # fmt: skip
    assert arts(read(path)[1]) == ["Süßkirsche"]


def test_geometry_is_placed_for_maps_tiles_and_answers(tmp_path: Path) -> None:
    """Against PROJ's own transformation of the same point (cs2cs EPSG:25832 -> 25833, 3857, 4326)."""
    _facts, (row,) = read(files.write(tmp_path / "b.gpkg", files.points(1, code=25832), code=25832))
    np.testing.assert_allclose(shapely.get_coordinates(row["shape"]), [[files.WEST, files.SOUTH]], atol=1e-3)
    (lon, lat) = row["geojson"]["coordinates"]
    expected = shapely.get_coordinates(files.points(1, code=4326))[0]
    np.testing.assert_allclose([lon, lat], expected, atol=5e-8)
    np.testing.assert_allclose(
        shapely.get_coordinates(row["tiles"]), shapely.get_coordinates(files.points(1, code=3857)), atol=1e-3
    )


def test_answers_turn_outer_rings_counter_clockwise(tmp_path: Path) -> None:
    """RFC 7946, section 3.1.6."""
    clockwise = shapely.Polygon(list(files.squares(1)[0].exterior.coords)[::1])
    _facts, (row,) = read(files.write(tmp_path / "b.gpkg", [clockwise]))
    assert shapely.LinearRing(row["geojson"]["coordinates"][0]).is_ccw


def test_attributes_keep_their_types_and_emptiness(tmp_path: Path) -> None:
    path = files.write(
        tmp_path / "b.gpkg",
        files.points(2),
        zahl=[7, 8],
        hoehe=[1.5, float("nan")],
        text=['mit "Zeichen"\tund \\', ""],
    )
    facts, rows = read(path)
    assert [(one["name"], one["type"]) for one in facts["fields"]] == [("zahl", "integer"), ("hoehe", "number"), ("text", "string")]  # fmt: skip
    assert [row["properties"] for row in rows] == [
        {"zahl": 7, "hoehe": 1.5, "text": 'mit "Zeichen"\tund \\'},
        {"zahl": 8, "hoehe": None, "text": ""},
    ]


def test_same_row_has_the_same_key_whatever_the_order_of_its_attributes(tmp_path: Path) -> None:
    one = files.write(tmp_path / "a.gpkg", files.points(1), art=["Linde"], nr=[1])
    other = files.write(tmp_path / "b.gpkg", files.points(1), nr=[1], art=["Linde"])
    assert read(one)[1][0]["key"] == read(other)[1][0]["key"]


# --- wrong systems


def test_file_without_a_system_gets_one_proposed(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as error:
        read(files.shapefile(tmp_path, without=(".prj",)))
    assert (error.value.rule, error.value.params) == ("file.no_system_proposed", {"srid": 25833})


def test_chosen_system_stands_for_the_missing_one(tmp_path: Path) -> None:
    assert read(files.shapefile(tmp_path, without=(".prj",)), srs=25833)[0]["kept"] == 3


def test_wrong_declared_system_is_detected_by_place(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as error:
        read(files.write(tmp_path / "b.gpkg", files.points(), code=25832))
    assert (error.value.rule, dict(error.value.params)) == ("file.elsewhere_proposed", {"system": "EPSG:25832", "srid": 25833})  # fmt: skip


def test_swapped_latitude_and_longitude_are_proposed_and_taken_when_confirmed(tmp_path: Path) -> None:
    degrees = shapely.get_coordinates(files.points(code=4326))
    path = files.write(tmp_path / "b.geojson", shapely.points(degrees[:, ::-1]), code=4326)
    with pytest.raises(FileRefused) as error:
        read(path)
    assert (error.value.rule, error.value.params["srid"]) == ("file.elsewhere_swapped", 4326)
    other = path.rename(tmp_path / "c.geojson")
    facts, rows = read(other, srs=4326, swapped=True)
    assert facts["kept"] == 3
    np.testing.assert_allclose(
        shapely.get_coordinates(rows[0]["shape"]), [[files.WEST, files.SOUTH]], atol=0.02
    )


def test_data_of_elsewhere_are_taken_when_they_are_meant(tmp_path: Path) -> None:
    hamburg = shapely.points([[9.99, 53.55]])
    path = files.write(tmp_path / "b.geojson", hamburg, code=4326)
    with pytest.raises(FileRefused) as error:
        read(path)
    assert error.value.rule == "file.elsewhere"
    facts, _rows = read(path.rename(tmp_path / "c.geojson"), anywhere=True)
    assert (facts["kept"], rules(facts)) == (1, [("geometry.outside", "warning", 1)])


# --- bad rows


def test_bad_geometries_are_repaired_or_named(tmp_path: Path) -> None:
    line_like = shapely.Polygon(
        [(files.WEST, files.SOUTH), (files.WEST + 5, files.SOUTH), (files.WEST, files.SOUTH)]
    )
    shapes = [files.squares(1)[0], files.BOWTIE, line_like, None]
    facts, rows = read(files.write(tmp_path / "b.gpkg", shapes, nr=[1, 2, 3, 4]))
    assert [row["properties"]["nr"] for row in rows] == [1, 2, 4]
    assert all(row["shape"] is None or row["shape"].is_valid for row in rows)
    notes = {note["rule"]: note["rows"] for note in facts["findings"]}
    assert notes["geometry.lost"][0][0] == 3
    assert notes["geometry.repaired"][0][0] == 2
    assert notes["geometry.none"] == [(4, "")]


def test_rows_that_stand_twice_are_taken_once(tmp_path: Path) -> None:
    facts, rows = read(
        files.write(tmp_path / "b.gpkg", [*files.points(2), files.points(1)[0]], art=["a", "b", "a"])
    )
    assert (arts(rows), rules(facts)) == (["a", "b"], [("row.twice", "warning", 1)])


def test_keys_must_be_there_and_single(tmp_path: Path) -> None:
    facts, rows = read(files.write(tmp_path / "b.gpkg", files.points(4), nr=["1", "2", "2", ""]), key="nr")
    assert [row["key"] for row in rows] == ["1", "2"]
    assert rules(facts) == [("key.empty", "error", 1), ("key.twice", "error", 1)]


def test_mixed_kinds_of_geometry_are_taken_and_said(tmp_path: Path) -> None:
    shapes = [files.points(1)[0], files.squares(1)[0]]
    facts, _rows = read(files.write(tmp_path / "b.gpkg", shapes, kind="Unknown"))
    assert (facts["geometry_type"], rules(facts)) == ("Geometry", [("geometry.mixed", "info", 1)])


SOLID = """<core:CityModel xmlns:core="http://www.opengis.net/citygml/1.0" xmlns:bldg="http://www.opengis.net/citygml/building/1.0" xmlns:gml="http://www.opengis.net/gml">
<core:cityObjectMember><bldg:Building gml:id="{id}"><bldg:lod1Solid><gml:Solid srsName="EPSG:25833" srsDimension="3"><gml:exterior><gml:CompositeSurface>{faces}</gml:CompositeSurface></gml:exterior></gml:Solid></bldg:lod1Solid></bldg:Building></core:cityObjectMember>
</core:CityModel>"""
FACE = "<gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>{}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>"


def body(west: float, south: float, *, side: float, height: float) -> str:
    """Faces of a block with an L as its plan: two squares beside each other and one above the first."""
    found = []
    for x, y in ((west, south), (west + side, south), (west, south + side)):
        corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
        for z in (100.0, 100.0 + height):
            found.append([(*corner, z) for corner in corners])
        for (x1, y1), (x2, y2) in zip(corners, corners[1:], strict=False):
            found.append([(x1, y1, 100), (x2, y2, 100), (x2, y2, 100 + height), (x1, y1, 100 + height), (x1, y1, 100)])  # fmt: skip
    return "".join(FACE.format(" ".join(f"{a} {b} {c}" for a, b, c in ring)) for ring in found)


def test_preview_says_before_the_import_that_the_place_is_doubtful(tmp_path: Path) -> None:
    stated = files.write(tmp_path / "fern.gpkg", [shapely.Point(12.5 + n, 7.5) for n in range(3)])
    table = tmp_path / "fern.csv"
    table.write_text("name;x;y\nA;12,5;7,5\nB;13,5;7,5\n")
    near = files.write(tmp_path / "nah.gpkg", files.points())
    found = []
    for path in (stated, table, near):
        folder = tmp_path / f"work-{path.stem}-{path.suffix[1:]}"
        folder.mkdir()
        (layer,) = looking.look(path, folder=folder, srid=25833, extent=files.EXTENT)["layers"]
        found.append(layer["doubt"])
    assert found == ["file.elsewhere", "file.no_system", ""]


def test_building_as_a_body_becomes_what_it_covers(tmp_path: Path) -> None:
    path = tmp_path / "lod1.gml"
    path.write_text(SOLID.format(id="DESN_1", faces=body(files.WEST, files.SOUTH, side=10, height=6)))
    facts, rows = read(path)
    assert (facts["kept"], facts["geometry_type"]) == (1, "Polygon")
    assert rules(facts) == [("geometry.body", "info", 1)]
    assert facts["extent"] == [files.WEST, files.SOUTH, files.WEST + 20, files.SOUTH + 20]
    (row,) = rows
    assert (round(shapely.area(row["shape"]), 3), row["shape"].geom_type) == (300.0, "Polygon")


def test_lists_of_geojson_become_text(tmp_path: Path) -> None:
    path = tmp_path / "listen.geojson"
    place = {"type": "Point", "coordinates": [13.37, 51.16]}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": place, "properties": {"arten": ["Linde", "Eiche"], "jahre": [2001, 2002]}},
        {"type": "Feature", "geometry": place, "properties": {"arten": None, "jahre": [2003]}},
    ]}))  # fmt: skip
    facts, rows = read(path)
    assert [each["type"] for each in facts["fields"]] == ["string", "string"]
    assert [row["properties"] for row in rows] == [
        {"arten": "Linde, Eiche", "jahre": "2001, 2002"},
        {"arten": None, "jahre": "2003"},
    ]


def test_table_whose_coordinates_were_not_chosen_says_so(tmp_path: Path) -> None:
    path = tmp_path / "orte.csv"
    path.write_text(f"name;Rechtswert;Hochwert\nA;{files.WEST};{files.SOUTH}\n")
    facts, _rows = read(path)
    assert (facts["geometry_type"], rules(facts)) == ("", [("file.unplaced", "warning", 1)])
    assert facts["findings"][0]["params"] == {"x": "Rechtswert", "y": "Hochwert"}
    plain = tmp_path / "namen.csv"
    plain.write_text("name;alter\nA;3\n")
    assert rules(read(plain)[0]) == []


def test_one_line_with_too_many_cells_is_named_and_the_others_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "orte.csv"
    path.write_text("name;x;y\n" + "".join(f"Ort {n};{files.WEST + n};{files.SOUTH}\n" for n in range(9)) + f"Ort;zwei;{files.WEST};{files.SOUTH}\nletzter;{files.WEST};{files.SOUTH}\n")  # fmt: skip
    facts, _rows = read(path, srs=25833, x="x", y="y")
    assert (facts["rows"], facts["kept"]) == (11, 10)
    (said,) = [each for each in facts["findings"] if each["rule"] == "row.width"]
    assert (said["severity"], said["rows"]) == ("error", [(11, "")])


def test_heights_stay_in_the_file(tmp_path: Path) -> None:
    high = shapely.points([[files.WEST, files.SOUTH, 123.0]])
    facts, (row,) = read(files.write(tmp_path / "b.gpkg", high, kind="Point Z"))
    assert (shapely.has_z(row["shape"]), rules(facts)) == (False, [("geometry.heights", "info", 1)])


def test_reserved_and_doubled_names_become_names_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text(f"limit;art;Art;x;y\n1;a;b;{files.WEST};{files.SOUTH}\n")
    facts, (row,) = read(path, x="x", y="y", srs=25833)
    assert list(row["properties"]) == ["limit_", "art", "Art_2", "x", "y"]
    assert rules(facts) == [("attribute.duplicate", "warning", 1), ("attribute.reserved", "info", 1)]


@pytest.mark.parametrize("wish", ["limit", "limit_"])
def test_attribute_is_named_as_the_file_does_or_as_it_is_called_here(tmp_path: Path, wish: str) -> None:
    path = tmp_path / "b.csv"
    path.write_text(f"limit;Limit;tag;x;y\n7;8;2025-01-01;{files.WEST};{files.SOUTH}\n")
    facts, (row,) = read(path, x="x", y="y", srs=25833, key=wish, time="tag")
    assert (row["key"], facts["key"], facts["time"], facts["times"]) == ("7", "limit_", "tag", ["2025-01-01"])


def test_key_is_found_where_the_format_writes_its_name_otherwise(tmp_path: Path) -> None:
    path = files.write(tmp_path / "b.gpkg", files.points(2), NR=["a", "b"])
    facts, rows = read(path, key="NR", schema={"fields": [{"name": "nr", "type": "string"}]})
    assert ([row["key"] for row in rows], facts["key"]) == (["a", "b"], "nr")


def test_attribute_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as error:
        read(files.write(tmp_path / "b.gpkg", files.points()), key="nummer")
    assert (error.value.rule, error.value.params) == ("file.no_column", {"name": "nummer"})


# --- declared formats

FORMAT = {
    "geometry_type": "Point",
    "fields": [
        {"name": "art", "type": "string", "required": True, "choices": ["Linde", "Eiche"]},
        {"name": "hoehe", "type": "number"},
    ],
}


def test_rows_are_held_against_the_declared_format(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    values = ["Linde;12,5", "Eiche;hoch", ";3", "Palme;4"]
    lines = [f"{value};{files.WEST + at};{files.SOUTH}" for at, value in enumerate(values)]
    path.write_text("\n".join(["ART;hoehe;x;y", *lines]))
    facts, rows = read(path, x="x", y="y", srs=25833, schema=FORMAT)
    assert [row["properties"]["hoehe"] for row in rows] == [12.5]
    notes = {note["rule"]: (note["attribute"], note["rows"]) for note in facts["findings"]}
    assert notes == {
        "format.type": ("hoehe", [(3, "hoch")]),
        "format.required": ("art", [(4, "")]),
        "format.choice": ("art", [(5, "Palme")]),
    }


def test_file_without_the_columns_of_the_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as error:
        read(files.write(tmp_path / "b.gpkg", files.points(), nr=[1, 2, 3]), schema=FORMAT)
    assert (error.value.rule, error.value.params) == ("format.columns", {"names": "art"})


def test_geometry_of_another_kind_than_the_format_wants_is_named(tmp_path: Path) -> None:
    facts, rows = read(
        files.write(tmp_path / "b.gpkg", files.squares(2), art=["Linde", "Eiche"]), schema=FORMAT
    )
    assert (rows, rules(facts)) == ([], [("format.geometry", "error", 2)])


# --- layers


def test_layer_must_be_named_where_there_are_several(tmp_path: Path) -> None:
    path = files.write(tmp_path / "b.gpkg", files.points(), layer="baeume")
    wkb = shapely.to_wkb(files.points(2))
    pyogrio.raw.write(path, wkb, [np.array([1, 2])], ["nr"], layer="baenke", geometry_type="Point", crs="EPSG:25833", append=True)  # fmt: skip
    with pytest.raises(FileRefused) as error:
        read(path)
    assert (error.value.rule, error.value.params) == ("file.layers", {"names": "baeume, baenke"})
    assert read(path.rename(tmp_path / "c.gpkg"), layer="baenke")[0]["kept"] == 2


def test_geopackage_with_endless_view_and_trigger_is_read_without_them(tmp_path: Path) -> None:
    assert read(files.with_traps(tmp_path / "b.gpkg"))[0]["layer"] == "baeume"


def test_work_is_done_in_a_process_with_the_drivers_named_and_no_others(tmp_path: Path) -> None:
    path = files.write(tmp_path / "b.gpkg", files.points())
    shares: list[float] = []
    arguments = {"source": str(path), "parts": str(tmp_path), "wishes": {}, "srid": 25833, "extent": files.EXTENT}  # fmt: skip
    assert process.run("read", arguments, tell=shares.append)["kept"] == 3
    assert shares[-1] == 1.0
    found = set(process.run("drivers", {}, tell=shares.append)["names"])
    assert found == {"ESRI Shapefile", "FlatGeobuf", "GML", "GPKG", "GeoJSON", "MEM"}


def test_many_rows_are_read_in_parts_without_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twin.catalogue.formats.vectors.CHUNK", 7)
    facts, rows = read(files.write(tmp_path / "b.gpkg", files.points(50), nr=list(range(50))))
    assert (facts["rows"], [row["properties"]["nr"] for row in rows]) == (50, list(range(50)))


def test_moments_are_kept_in_utc(tmp_path: Path) -> None:
    """The same moment with three offsets; one without is left as it is."""
    moments = [
        "2026-03-01T12:00:00+01:00",
        "2026-03-01T11:00:00Z",
        "2026-03-01T06:00:00-05:00",
        "2026-03-01T11:00:00",
    ]
    utc = "2026-03-01T11:00:00+00:00"
    table = tmp_path / "t.csv"
    table.write_text("nr;zeit\n" + "".join(f"{number};{moment}\n" for number, moment in enumerate(moments)))
    facts, rows = read(table, time="zeit")
    assert [row["properties"]["zeit"] for row in rows] == [utc, utc, utc, "2026-03-01T11:00:00"]
    path = tmp_path / "t.geojson"
    features = [{"type": "Feature", "properties": {"nr": number, "zeit": moment}, "geometry": {"type": "Point", "coordinates": [13.47, 51.16]}} for number, moment in enumerate(moments[:3])]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    facts, rows = read(path)
    assert [field["type"] for field in facts["fields"]] == ["integer", "datetime"]
    assert [row["properties"]["zeit"] for row in rows] == [utc] * 3
