"""Rain of a place from cells and a table, as the DWD delivers them: figures computed by hand, and what is said where they can't be used."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.utils.timezone import localtime

from tenants.models import JobState, Tenant, User
from tenants.permissions import reach
from tenants.scope import within
from tests.factories import elevation
from tests.factories.datafiles import SOUTH, WEST, write
from tests.factories.elevation import CELL, SIDE
from tests.factories.tenants import TenantFactory
from tests.twin.analysis.test_runs import ask, compute
from tests.twin.usecases.heavy_rain.test_runs import heavy_rain, question
from twin.analysis.errors import RunRefused
from twin.analysis.forms import data_of
from twin.analysis.inputs import offered_to
from twin.analysis.usecase import UseCase
from twin.catalogue.models import Dataset
from twin.usecases.heavy_rain import kostra
from twin.usecases.heavy_rain.kostra import BadTable, Entry

__all__ = ["heavy_rain"]
WIDTH = CELL * SIDE  # m of the bowl
COLUMNS = ("INDEX_RC", "DAUER_MIN", "HN_010A", "HN_100A")
TABLE = [(cell, minutes, depth / 2, depth) for cell, depths in (("081118", (12, 20, 40)), ("081119", (14, 24, 60))) for minutes, depth in zip((5, 30, 60), depths, strict=True)]  # fmt: skip


def cells() -> list[Any]:
    """Two: a quarter of the bowl lies in the first."""
    middle = WEST + WIDTH / 4
    return [shapely.box(WEST - 500, SOUTH - 500, middle, SOUTH + 500), shapely.box(middle, SOUTH - 500, WEST + 500, SOUTH + 500)]  # fmt: skip


def areas(town: Tenant, folder: Path, rows: Iterable[Any] = TABLE, names: Iterable[str] = COLUMNS) -> Dataset:
    """As the DWD's shapefiles joined: an area for each cell and duration."""
    listed = list(rows)
    shapes = [cells()[int(str(row[0]).endswith("9"))] for row in listed]
    columns: dict[str, Any] = dict(zip(names, zip(*listed, strict=True), strict=True))
    return elevation.delivered(town, write(folder / "kostra.gpkg", shapes, **columns), title="KOSTRA")


def table(town: Tenant, folder: Path, text: str) -> Dataset:
    path = folder / "kostra.csv"
    path.write_text(text)
    return elevation.delivered(town, path, title="KOSTRA-Tabelle")


def asked(ground: Dataset, cells: Dataset, **changes: Any) -> dict[str, Any]:
    return question(ground, depth=None, kostra=str(cells.public_id), years="100", after=0) | changes


# --- pure


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (("INDEX_RC", "HN_100A_", "layer"), ("INDEX_RC", "INDEX_RC", "layer", "HN_100A_")),
        (("index_rc", "duration_min", "hn_mm_T001", "hn_mm_T100"), ("index_rc", "index_rc", "duration_min", "hn_mm_T100")),
    ],
)  # fmt: skip
def test_columns_are_found_as_they_are_delivered(names: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    assert kostra.columns(names, None, 100) == kostra.Columns(*wanted)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("60", 60), ("60.0", 60), ("StatRR_KOSTRA-DWD-2020_D00060", 60), ("1 h", None), ("9" * 5000, None), (None, None)],
)  # fmt: skip
def test_durations_are_read_as_they_are_written(text: str | None, minutes: int | None) -> None:
    assert kostra.minutes_of(text) == minutes


def test_a_number_that_lost_its_zero_is_the_same_cell() -> None:
    assert {kostra.cell_name(text) for text in ("081118", "81118", "81118.0")} == {"81118"}


def test_the_mean_goes_by_the_shares_of_the_area() -> None:
    parts = kostra.shares(shapely.box(0, 0, 4, 1), ["1", "2", "3", "1"], np.array([shapely.box(-9, -9, 1, 9), shapely.box(1, -9, 9, 9), shapely.box(50, 0, 60, 9), shapely.box(-9, -9, 1, 9)], object))  # fmt: skip
    assert parts == {"1": 0.25, "2": 0.75}
    rows = [Entry("1", 60, 40.0), Entry("2", 60, 60.0), Entry("1", 5, 8.0), Entry("2", 5, 12.0), Entry("3", 60, 1.0), Entry("1", 60, 40.0)]  # fmt: skip
    assert kostra.storm(parts, rows, minutes=60, course=False).depths == {60: 55}
    found = kostra.storm(parts, rows, minutes=60, course=True)
    assert found.depths == {5: 11, 60: 55}
    assert found.cells == ({"cell": "2", "share": 0.75, "depth": 60.0}, {"cell": "1", "share": 0.25, "depth": 40.0})  # fmt: skip


@pytest.mark.parametrize(
    ("row", "code"),
    [(("2", 60, "-99.9"), "value"), (("2", 60, "1e9"), "value"), (("2", 60, "k.A."), "value"), (("2", 60, None), "value"), (("1", 60, "41"), "twice"), (("2", 59, "5"), "value")],
)  # fmt: skip
def test_what_is_no_depth_of_rain_is_refused(row: Any, code: str) -> None:
    with pytest.raises(BadTable, match=code):
        kostra.storm({"1": 0.5, "2": 0.5}, kostra.entries([("1", "60", "40"), (row[0], str(row[1]), row[2])]), minutes=60, course=False)  # fmt: skip


# --- from the form to the report


@pytest.mark.django_db(transaction=True)
def test_the_rain_of_the_place_falls(heavy_rain: UseCase, planner: User, town: Tenant, ground: Dataset, tmp_path: Path) -> None:  # fmt: skip
    """A quarter of the bowl in a cell with 40 mm, the rest in one with 60: 55 mm."""
    run, _ = ask(heavy_rain, planner, **asked(ground, areas(town, tmp_path)))
    done = compute(run)
    assert done.state == JobState.DONE, done.job and done.job.error
    assert done.summary["rained"] == pytest.approx(0.055 * WIDTH**2, rel=1e-5)
    storm = done.summary["storm"]
    assert (storm["depth"], storm["years"], storm["minutes"]) == (55, 100, 60)
    assert storm["cells"] == [{"cell": "081119", "share": 75.0, "depth": 60.0}, {"cell": "081118", "share": 25.0, "depth": 40.0}]  # fmt: skip
    assert storm["sources"] == [f"KOSTRA, Version 1 vom {localtime(done.created_at):%d.%m.%Y}"]
    assert "depth" not in run.parameters
    assert ask(heavy_rain, planner, **run.parameters) == (done, False)


@pytest.mark.django_db(transaction=True)
def test_a_table_beside_the_cells_shapes_a_model_rain(heavy_rain: UseCase, planner: User, town: Tenant, ground: Dataset, tmp_path: Path) -> None:  # fmt: skip
    """Ten years, half as much: 27.5 mm; numbers of cells have lost their zero in the table, and depths have commas."""
    bare = areas(town, tmp_path, [("081118",), ("081119",)], ["index_rc"])
    lines = "\n".join(f"{int(cell)};{minutes};{str(ten).replace('.', ',')};{depth}" for cell, minutes, ten, depth in TABLE)  # fmt: skip
    beside = table(town, tmp_path, f"{';'.join(COLUMNS)}\n{lines}\n")
    done = compute(ask(heavy_rain, planner, **asked(ground, bare, years="10", rain="euler2", kostra_table=str(beside.public_id)))[0])  # fmt: skip
    assert done.state == JobState.DONE, done.job and done.job.error
    assert done.summary["rained"] == pytest.approx(0.0275 * WIDTH**2, rel=1e-5)
    assert [each.split(",")[0] for each in done.summary["storm"]["sources"]] == ["KOSTRA", "KOSTRA-Tabelle"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"minutes": 45}, "„KOSTRA“ hat in den Rasterfeldern des Gebiets keine Höhen für 45 Minuten, wohl aber für: 5, 30, 60."),
        ({"area": {"type": "Polygon", "coordinates": [[[WEST, SOUTH], [WEST + 40, SOUTH], [WEST + 40, SOUTH + 20], [WEST, SOUTH]]]}}, "Die Rasterfelder von „KOSTRA“ decken 56 % des Gebiets ab. Wählen Sie ein Gebiet darin, oder geben Sie den Regen an."),
    ],
)  # fmt: skip
def test_a_rain_that_is_not_there_is_refused_before(heavy_rain: UseCase, planner: User, town: Tenant, ground: Dataset, tmp_path: Path, changes: Any, words: str) -> None:  # fmt: skip
    known = (
        TABLE[:3] if "area" in changes else TABLE
    )  # the first cell alone: 30 of the 40 m, of a triangle (3 / 4) ** 2
    with pytest.raises(RunRefused) as refused:
        ask(heavy_rain, planner, **asked(ground, areas(town, tmp_path, known), **changes))
    assert str(refused.value) == words


@pytest.mark.django_db(transaction=True)
def test_what_a_dataset_lacks_is_said_at_its_field(heavy_rain: UseCase, planner: User, town: Tenant, ground: Dataset, tmp_path: Path) -> None:  # fmt: skip
    good, plain = areas(town, tmp_path), areas(town, tmp_path, [("081118",)], ["INDEX_RC"])
    other = areas(TenantFactory.create(), tmp_path)  # another town's, not public
    houses = areas(town, tmp_path, [(1,)], ["nummer"])
    planner.reach = reach(planner)
    faults: list[tuple[dict[str, Any], str, str]] = [
        ({"kostra": str(other.public_id)}, "kostra", ""),
        ({"kostra": str(houses.public_id)}, "kostra", "„KOSTRA“ sagt nicht, welches Rasterfeld eine Fläche ist"),
        ({"kostra": str(plain.public_id)}, "kostra", "„KOSTRA“ sagt nicht, für welche Dauer"),
        ({"years": "50"}, "years", "„KOSTRA“ hat keine Höhen für die Wiederkehrzeit 50 a, wohl aber für: 10, 100."),
        ({"years": "7"}, "years", ""),
        ({"years": None}, "years", "Geben Sie an, wie oft"),
        ({"depth": 5}, "depth", "Geben Sie den Regen an oder nehmen Sie den des Ortes, nicht beides."),
        ({"minutes": 62, "rain": "euler2"}, "minutes", "Ein Modellregen"),
        ({"kostra": None}, "kostra", "Nennen Sie die Rasterfelder"),
    ]  # fmt: skip
    with within(planner.reach.scope):
        for changes, field, words in faults:
            form = heavy_rain.form(data_of(asked(ground, good) | changes), offer=offered_to(planner, town))
            assert list(form.errors) == [field], (changes, form.errors)
            assert words in form.errors[field][0]


@pytest.mark.django_db(transaction=True)
def test_a_scenario_settles_the_rain(heavy_rain: UseCase, planner: User, town: Tenant, ground: Dataset, tmp_path: Path) -> None:  # fmt: skip
    place = str(areas(town, tmp_path).public_id)
    planner.reach = reach(planner)
    wanted: list[tuple[dict[str, Any], dict[str, Any], list[str]]] = [
        ({"scenario": "extreme_100"}, {"rain": "block", "minutes": 60, "depth": 100.0}, []),
        ({"scenario": "extreme_128", "depth": 128}, {"rain": "block", "depth": 128.0}, []),
        ({"scenario": "exceptional", "kostra": place}, {"rain": "euler2", "minutes": 60, "years": 100}, []),
        ({"scenario": "rare", "kostra": place}, {}, ["years"]),  # the dataset has none for 30 years
        ({"scenario": "exceptional"}, {}, ["kostra"]),
        ({"scenario": "extreme_100", "depth": 50}, {}, ["depth"]),
        ({"scenario": "extreme_100", "minutes": 30}, {}, ["minutes"]),
        ({"scenario": "extreme_100", "kostra": place}, {}, ["depth", "years"]),
        ({"scenario": "mild"}, {}, ["scenario"]),
    ]
    with within(planner.reach.scope):
        for changes, parameters, faults in wanted:
            asked = question(ground, depth=None) | changes
            form = heavy_rain.form(data_of(asked), offer=offered_to(planner, town))
            assert sorted(form.errors) == faults, (changes, form.errors)
            if not faults:
                assert parameters.items() <= form.question().parameters.items()


@pytest.mark.django_db(transaction=True)
def test_the_table_of_the_county_says_what_it_says(heavy_rain: UseCase, planner: User, town: Tenant, ground: Dataset, shared_data: Path) -> None:  # fmt: skip
    """KOSTRA-DWD-2010R (DWD, CC BY 4.0): 60 minutes, once in a hundred years, in cell 53063: 50.4 mm."""
    folder = shared_data / "flood"
    grid = elevation.delivered(town, folder / "derived_kostra_cells_lk_meissen_epsg25833.geojson", title="Felder", anywhere=True)  # fmt: skip
    values = elevation.delivered(town, folder / "derived_kostra_dwd_2010r_lk_meissen.csv", title="Höhen")
    run, _ = ask(heavy_rain, planner, **asked(ground, grid, kostra_table=str(values.public_id)))
    storm = compute(run).summary["storm"]
    assert (storm["depth"], storm["cells"]) == (50.4, [{"cell": "53063", "share": 100.0, "depth": 50.4}])
