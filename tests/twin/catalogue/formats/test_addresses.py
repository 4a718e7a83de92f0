"""Rows of a table placed by their addresses: however people write them, never by guessing; what is not found is said."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from planning.auskunft import spelling
from tests.factories import datafiles as files
from tests.twin.catalogue.formats.test_reading import FORMAT, row_of, rules, tuples_of
from twin.catalogue.formats import addresses, looking, reading
from twin.catalogue.formats.addresses import Register
from twin.catalogue.formats.reading import REGISTER, Wishes
from twin.catalogue.formats.refusal import FileRefused

MEISSEN, RIESA = (files.WEST, files.SOUTH), (files.WEST - 5000, files.SOUTH + 9000)
KNOWN = (
    ("Ernst-Thälmann-Straße", "12", "01662", "Meißen", MEISSEN, True),
    ("Ernst-Thälmann-Straße", "12a", "01662", "Meißen", (files.WEST + 10, files.SOUTH), True),
    ("Markt", "1", "01662", "Meißen", (files.WEST + 20, files.SOUTH), True),
    ("Markt", "1", "01589", "Riesa", RIESA, False),
    ("Hafenstraße", "7", "01589", "Riesa", RIESA, False),
    ("Hafenstraße", "7", "01587", "Riesa", (files.WEST, files.SOUTH + 9000), False),
    ("Am Ring", "5", "01665", "Klipphausen OT Scharfenberg", MEISSEN, False),
)


def register(path: Path) -> Path:
    lines = [(spelling.key(street), spelling.key(house), postcode, spelling.words(place), *point, own) for street, house, postcode, place, point, own in KNOWN]  # fmt: skip
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return path


def read(path: Path, *columns: str, **wishes: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    parts = path.parent / f"work-{path.name}" / "parts"
    parts.mkdir(parents=True)
    register(parts.parent / REGISTER)
    facts = reading.read(path, parts, wishes=Wishes(address=columns, **wishes), srid=25833, extent=files.EXTENT)  # fmt: skip
    return facts, [row_of(row) for part in sorted(parts.iterdir()) for row in tuples_of(part.read_bytes())]


def table(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "orte.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def places(rows: list[dict[str, Any]]) -> list[Any]:
    return [None if row["shape"] is None else tuple(shapely.get_coordinates(row["shape"])[0]) for row in rows]


@pytest.mark.parametrize(
    "text",
    [
        "Ernst-Thälmann-Straße 12, 01662 Meißen",
        "ernst thaelmann str. 12",
        "01662 Meissen Ernst-Thälmannstr. 12",
        "12 Ernst Thalmann Straße Meißen",
    ],
)
def test_address_in_one_column_is_found_however_it_is_written(tmp_path: Path, text: str) -> None:
    facts, rows = read(table(tmp_path, "Name;Anschrift", f"Amt;{text}"), "Anschrift")
    assert places(rows) == [MEISSEN]
    assert (facts["geometry_type"], facts["source_crs"], facts["findings"]) == ("Point", "EPSG:25833", [])
    assert rows[0]["properties"] == {"Name": "Amt", "Anschrift": text}


def test_address_in_several_columns_of_a_spreadsheet_is_found(tmp_path: Path) -> None:
    """Numbers as spreadsheets keep them: a house number of 12.0, a postcode without its nought."""
    path = files.excel(tmp_path / "t.xlsx", ["PLZ", "Ort", "Straße", "Nr", "Zusatz"], [1662, "Meißen", "Ernst-Thälmann-Str.", 12, "a"], [1589, "Riesa", "Hafenstr.", 7.0, None])  # fmt: skip
    facts, rows = read(path, "PLZ", "Ort", "Straße", "Nr", "Zusatz")
    assert places(rows) == [(files.WEST + 10, files.SOUTH), RIESA]
    assert facts["findings"] == []


def test_what_is_not_found_is_kept_without_a_place_and_named_with_its_row(tmp_path: Path) -> None:
    lines = ("Markt 1", "Markt 99", "Gibtesnicht 3", "Hafenstraße 7", "", "Am Ring 5, 01665 Klipphausen OT Burkhardswalde")  # fmt: skip
    facts, rows = read(table(tmp_path, "Nummer;Adresse", *(f"{n};{line}" for n, line in enumerate(lines))), "Adresse")  # fmt: skip
    assert places(rows) == [(files.WEST + 20, files.SOUTH), None, None, None, None, None]
    found = {
        note["rule"]: (note["severity"], [tuple(row) for row in note["rows"]]) for note in facts["findings"]
    }
    assert found == {
        "address.no_house": ("warning", [(3, "Markt 99"), (7, lines[5])]),
        "address.unknown": ("warning", [(4, "Gibtesnicht 3")]),
        "address.several": ("warning", [(5, "Hafenstraße 7")]),
        "geometry.none": ("warning", [(number, "") for number in (3, 4, 5, 6, 7)]),
    }


def test_own_town_is_meant_where_several_have_the_address(tmp_path: Path) -> None:
    _facts, rows = read(table(tmp_path, "Adresse", "Markt 1", "Markt 1 Riesa"), "Adresse")
    assert places(rows) == [(files.WEST + 20, files.SOUTH), RIESA]


def test_format_that_wants_a_place_leaves_out_what_has_none(tmp_path: Path) -> None:
    path = table(tmp_path, "art;hoehe;Adresse", "Linde;1;Markt 1", "Eiche;2;Markt 99")
    facts, rows = read(path, "Adresse", schema=FORMAT)
    assert [row["properties"]["art"] for row in rows] == ["Linde"]
    assert ("format.no_geometry", "error", 1) in rules(facts)


def test_system_that_was_chosen_for_coordinates_is_not_meant_for_addresses(tmp_path: Path) -> None:
    _facts, rows = read(table(tmp_path, "Adresse", "Markt 1"), "Adresse", srs=4326, swapped=True)
    assert places(rows) == [(files.WEST + 20, files.SOUTH)]


@pytest.mark.parametrize(
    ("columns", "wishes", "rule"),
    [
        (("Adresse",), {"x": "x", "y": "y"}, "file.not_by_address"),
        (("Adresse", "Ort"), {}, "file.no_column"),
    ],
)
def test_columns_that_can_not_be_meant_are_refused(tmp_path: Path, columns: tuple[str, ...], wishes: dict[str, str], rule: str) -> None:  # fmt: skip
    with pytest.raises(FileRefused) as error:
        read(table(tmp_path, "Adresse;x;y", "Markt 1;1;2"), *columns, **wishes)
    assert error.value.rule == rule


def test_layer_with_geometries_is_not_placed_by_address(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as error:
        read(files.write(tmp_path / "b.gpkg", files.points()), "art")
    assert error.value.rule == "file.not_by_address"


@pytest.mark.parametrize(
    "text",
    [
        "x" * 60_000,
        "1 " * 30_000,
        "Markt " * 10_000 + "1",
        "'; DROP TABLE planning_address; --",
        "\x01\x02",
        "½ ² ٣",
        "=HYPERLINK(1)",
        "-",
    ],
)
def test_hostile_texts_are_no_addresses_and_cost_nothing(tmp_path: Path, text: str) -> None:
    facts, rows = read(table(tmp_path, "nr;Adresse", f'1;"{text}"', "2;Markt 1"), "Adresse")
    assert places(rows) == [None, (files.WEST + 20, files.SOUTH)]
    assert {rule for rule, _severity, _count in rules(facts)} <= {"address.unknown", "address.no_house", "geometry.none"}  # fmt: skip


def test_many_rows_are_placed_in_seconds(tmp_path: Path) -> None:
    """100,000 different addresses, each written otherwise than the register does; linear, so well below the time that is given."""
    path = tmp_path / "register"
    with path.open("w") as sink:
        for number in range(100_000):
            line = (
                f"weg{number % 1000}str",
                str(number // 1000 + 1),
                "01662",
                ["meissen"],
                float(number),
                0.0,
                True,
            )
            sink.write(json.dumps(line) + "\n")
    found = Register(path)
    points = [
        found.find(f"Weg {n % 1000} Straße {n // 1000 + 1}, 01662 Meißen") for n in range(0, 100_000, 7)
    ]
    assert [each.point.x for each in points if isinstance(each, addresses.Known)] == list(
        range(0, 100_000, 7)
    )


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Name", "Straße", "Hausnummer", "PLZ", "Ort"], ["Straße", "Hausnummer", "PLZ", "Ort"]),
        (["PLZ", "Anschrift", "Art"], ["PLZ", "Anschrift"]),
        (["Nr", "PLZ", "Ort"], []),
    ],
)
def test_columns_of_addresses_are_proposed(names: list[str], expected: list[str]) -> None:
    assert addresses.likely(names) == expected


def test_preview_shows_where_addresses_lie_and_counts_those_that_are_not_known(tmp_path: Path) -> None:
    path = table(tmp_path, "Name;Adresse", "a;Markt 1", "b;Markt 99", "c;Markt 1, 01589 Riesa")
    found = {}
    for name in ("bare", "with"):
        folder = tmp_path / name
        folder.mkdir()
        if name == "with":
            register(folder / REGISTER)
        (found[name],) = looking.look(path, folder=folder, srid=25833, extent=files.EXTENT)["layers"]
    assert [(each["address"], each["unplaced"], len(each["shapes"])) for each in found.values()] == [(["Adresse"], 0, 0), (["Adresse"], 1, 2)]  # fmt: skip
    np.testing.assert_allclose(json.loads(found["with"]["shapes"][1])["coordinates"], RIESA)


def test_coordinates_go_before_addresses(tmp_path: Path) -> None:
    path = table(tmp_path, "Adresse;Rechtswert;Hochwert", f"Markt 1;{files.WEST};{files.SOUTH}")
    folder = tmp_path / "look"
    folder.mkdir()
    (layer,) = looking.look(path, folder=folder, srid=25833, extent=files.EXTENT)["layers"]
    assert (layer["x"], layer["address"]) == ("Rechtswert", [])
