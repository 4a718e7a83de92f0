"""Tables as offices save them: encodings, separators, German numbers and dates, columns of coordinates."""

from datetime import date
from pathlib import Path

import pytest
import shapely

from tests.factories import datafiles as files
from twin.catalogue.formats.opening import open_file
from twin.catalogue.formats.refusal import FileRefused
from twin.catalogue.formats.tables import TableFile


def table(path: Path, **columns: str) -> TableFile:
    folder = path.parent / f"work-{path.name}"
    folder.mkdir()
    return TableFile(open_file(path, folder=folder), **columns)


def csv(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "tabelle.csv"
    path.write_bytes(text.encode(encoding))
    return path


def kinds(found: TableFile) -> dict[str, str]:
    return {field.name: field.type for field in found.layers()[0].fields}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_encoding_and_separator_are_found_out(tmp_path: Path, encoding: str, separator: str) -> None:
    text = "\n".join(separator.join(row) for row in (["Straße", "Nr"], ["Süß", "1"], ["Öl", "2"]))
    found = table(csv(tmp_path, text, encoding))
    assert kinds(found) == {"Straße": "string", "Nr": "integer"}
    (chunk,) = found.chunks(found.layers()[0])
    assert chunk.columns[0].tolist() == ["Süß", "Öl"]
    assert chunk.numbers.tolist() == [2, 3]


def test_types_are_the_narrowest_that_fit_all_rows(tmp_path: Path) -> None:
    text = "plz;zahl;komma;tausend;tag;ja;zeit;gemischt\n01662;7;1,5;1.234,5;24.12.2025;ja;2025-01-02T03:04;1\n01665;;2;7,0;2025-01-01;nein;;x\n"
    found = table(csv(tmp_path, text))
    assert list(kinds(found).values()) == ["string", "integer", "number", "number", "date", "boolean", "datetime", "string"]  # fmt: skip
    (chunk,) = found.chunks(found.layers()[0])
    assert [column[0] for column in chunk.columns] == ["01662", 7, 1.5, 1234.5, "2025-12-24", True, "2025-01-02T03:04:00", "1"]  # fmt: skip
    assert chunk.columns[1][1] is None


@pytest.mark.parametrize(
    "names", ["e_25833;n_25833", "X_UTM33;Y_UTM33", "Rechtswert EPSG:25833;Hochwert EPSG:25833", "x;y"]
)
def test_columns_are_coordinates_also_with_their_system_in_the_name(tmp_path: Path, names: str) -> None:
    path = tmp_path / "achse.csv"
    path.write_text(f"km;{names}\n1;385000,5;5668000,5\n")
    assert table(path).coordinates() == tuple(names.split(";"))


def test_columns_of_coordinates_are_proposed_and_read(tmp_path: Path) -> None:
    path = csv(tmp_path, f"Name;Rechtswert;Hochwert\na;385.000,25;5668000\nb;;\nc;Meißen;{files.SOUTH}\n")
    assert table(path).coordinates() is None  # one of them holds a word
    found = table(path.rename(tmp_path / "b.csv"), x="Rechtswert", y="Hochwert")
    (chunk,) = found.chunks(found.layers()[0])
    assert chunk.shapes is not None
    assert shapely.get_coordinates(chunk.shapes).tolist() == [[385000.25, 5668000.0]]
    assert chunk.broken.tolist() == [False, False, True]


@pytest.mark.parametrize(
    "heading", ["Breitengrad;Längengrad", "Breitengrad;La\u0308ngengrad", "Breite;Laengengrad", "LAT;LON"]
)
def test_degrees_are_found_however_they_are_spelt(tmp_path: Path, heading: str) -> None:
    north, east = heading.split(";")
    assert table(csv(tmp_path, f"Nr;{heading}\n1;51,163;13,473\n")).coordinates() == (east, north)


def test_excel_gives_numbers_dates_and_texts(tmp_path: Path) -> None:
    path = files.excel(tmp_path / "t.xlsx", ["Art", "Tag", "Höhe", "x", "y"], ["Linde", date(2025, 1, 2), 1.5, 385000, 5668000], [None] * 5, ["Eiche", None, 2, 385010, 5668000])  # fmt: skip
    found = table(path)
    assert kinds(found) == {"Art": "string", "Tag": "date", "Höhe": "number", "x": "integer", "y": "integer"}
    assert found.coordinates() == ("x", "y")
    (chunk,) = found.chunks(found.layers()[0])
    assert chunk.numbers.tolist() == [2, 4]
    assert chunk.columns[1].tolist() == ["2025-01-02", None]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a;b\n1;2;3\n", "file.csv_width"),
        (";".join(f"s{n}" for n in range(600)) + "\n", "file.columns"),
        ('a;b\n"' + "x" * 70_000 + '";1\n', "file.csv_cell"),
    ],
)
def test_tables_that_are_none_are_refused(tmp_path: Path, text: str, rule: str) -> None:
    with pytest.raises(FileRefused) as error:
        table(csv(tmp_path, text))
    assert error.value.rule == rule


def test_empty_cells_at_the_end_of_a_line_do_no_harm(tmp_path: Path) -> None:
    found = table(csv(tmp_path, "a;b\n1;2;;;\n3\n"))
    assert found.layers()[0].count == 2


def test_one_coordinate_alone_or_an_unknown_column_is_refused(tmp_path: Path) -> None:
    path = csv(tmp_path, "a;x;y\n1;2;3\n")
    for at, (columns, rule) in enumerate((({"x": "x"}, "file.one_coordinate"), ({"x": "x", "y": "z"}, "file.no_column"))):  # fmt: skip
        with pytest.raises(FileRefused) as error:
            table(path.rename(tmp_path / f"{at}.csv"), **columns)
        path = tmp_path / f"{at}.csv"
        assert error.value.rule == rule


def test_separator_that_excel_states_in_a_line_of_its_own_is_taken(tmp_path: Path) -> None:
    found = table(csv(tmp_path, "sep=|\nArt;Sorte|Nr\nLinde;Winter|1\n"))
    assert kinds(found) == {"Art;Sorte": "string", "Nr": "integer"}
    (chunk,) = found.chunks(found.layers()[0])
    assert (chunk.columns[0].tolist(), chunk.numbers.tolist()) == (["Linde;Winter"], [3])
