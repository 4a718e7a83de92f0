"""Heavy rain from the form to the files: what is refused and why, what comes out, and that it is the same on a real model."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from tenants import files
from tenants.models import JobState, Tenant, User
from tenants.permissions import reach
from tenants.scope import acting_for, within
from tests.factories import datafiles, elevation
from tests.factories.elevation import CELL, NORTH, SIDE, SLOPE
from tests.twin.analysis.test_runs import ask, compute
from tests.twin.usecases.conftest import box, grid_of, path_of
from tests.twin.usecases.heavy_rain.test_measures import POND, WALL, feature, shaped, with_
from tests.twin.usecases.heavy_rain.test_measures import box as corners
from twin.analysis import registry, terrain
from twin.analysis.errors import RunRefused
from twin.analysis.forms import data_of
from twin.analysis.inputs import offered_to
from twin.analysis.usecase import UseCase
from twin.catalogue.models import Dataset

pytestmark = pytest.mark.django_db(transaction=True)
WEST, EAST, SOUTH = datafiles.WEST, datafiles.WEST + CELL * SIDE, datafiles.SOUTH


@pytest.fixture
def heavy_rain() -> UseCase:
    found = registry.find("heavy-rain")
    assert found is not None
    return found


def question(ground: Dataset, **changes: Any) -> dict[str, Any]:
    return {"elevation": str(ground.public_id), "cell": "2", "depth": 50, "minutes": 60, "after": 120, "edges": "closed"} | changes  # fmt: skip


def test_a_storm_over_a_bowl_from_the_form_to_the_files(heavy_rain: UseCase, planner: User, ground: Dataset) -> None:  # fmt: skip
    run, _ = ask(heavy_rain, planner, **question(ground))
    assert run.estimate["cells"] == SIDE * SIDE
    done = compute(run)
    assert done.state == JobState.DONE, done.job and done.job.error
    rained = 0.05 * (SIDE * CELL) ** 2
    height = (3 * rained * SLOPE**2 / np.pi) ** (1 / 3)
    summary = done.summary
    assert summary["rained"] == pytest.approx(rained, rel=1e-5)
    lowest = float(elevation.bowl().min()) - 100  # its middle lies between four cells
    assert summary["deepest"] == pytest.approx(height - lowest, rel=0.01)
    assert summary["volume"] == pytest.approx(rained, rel=1e-5)
    assert (summary["left"], summary["soaked"], summary["error"] < 1e-6) == (0, 0, True)
    assert summary["area"] == (SIDE * CELL) ** 2
    assert [(row["from"], row["to"]) for row in summary["depth_classes"]] == [(0.05, 0.1), (0.1, 0.5), (0.5, 1.0), (1.0, None)]  # fmt: skip
    assert sum(row["area"] for row in summary["depth_classes"]) == summary["wet"]
    depth = grid_of(done, "depth")
    assert depth.shape == (SIDE, SIDE)
    assert float(depth.max()) == pytest.approx(summary["deepest"], abs=1e-3)
    assert [each["name"] for each in done.outputs] == ["depth", "speed", "arrival", "flow", "course"]
    film = done.outputs[-1]
    assert (film["frames"], len(film["steps"]), film["steps"][0]["title"]) == (True, 20, "Nach 9 Minuten")
    with rasterio.open(path_of(done, "course")) as pictures:
        last = pictures.read(20)
        assert (pictures.count, last.max()) == (20, np.digitize(summary["deepest"], (0.05, 0.1, 0.5, 1.0)))
    rise = [(row["minutes"], row["wet"]) for row in summary["course"]]
    assert (rise[0][0], rise[-1]) == (9, (180, float((last > 0).sum()) * CELL**2))
    assert rise[0][1] < rise[6][1] < rise[-1][1]
    first = done.outputs[0]
    assert first["grid"]["origin"] == [WEST, NORTH]
    assert [row[2] for row in first["legend"]] == ["5–10 cm", "10–50 cm", "50–100 cm", "> 100 cm"]


def test_water_leaves_over_an_open_edge_and_soaks_in(heavy_rain: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    slope = elevation.model(town, tmp_path, elevation.ramp())
    asked = question(slope, edges="open", infiltration=10, manning=0.03)
    summary = compute(ask(heavy_rain, planner, **asked)[0]).summary
    assert summary["left"] > 0.5 * summary["rained"]
    assert 0.1 * summary["rained"] < summary["soaked"] < 0.5 * summary["rained"]
    assert summary["rained"] == pytest.approx(summary["left"] + summary["soaked"] + summary["volume"], rel=1e-5)  # fmt: skip


def test_houses_stand_in_the_way_where_a_dataset_says(heavy_rain: UseCase, planner: User, ground: Dataset, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    west, south = WEST + 20, SOUTH + 20
    shapes = [shapely.box(west, south, west + 12, south + 8), shapely.box(WEST + 5000, SOUTH, WEST + 5010, SOUTH + 10)]  # fmt: skip
    houses = elevation.delivered(town, datafiles.write(tmp_path / "haus.gpkg", shapes), title="Häuser")
    done = compute(ask(heavy_rain, planner, **question(ground, buildings=str(houses.public_id)))[0])
    assert done.state == JobState.DONE
    depth = grid_of(done, "depth")
    assert int(np.isnan(depth).sum()) == 6 * 4
    assert [each["name"] for each in done.inputs] == ["buildings", "elevation"]


def test_a_part_of_the_model_is_computed(heavy_rain: UseCase, planner: User, ground: Dataset) -> None:
    area = box(WEST + 20, SOUTH + 20, WEST + 60, SOUTH + 50)
    done = compute(ask(heavy_rain, planner, **question(ground, area=area))[0])
    assert done.summary["area"] == 40 * 30
    assert done.outputs[0]["grid"]["origin"] == [WEST + 20, SOUTH + 50]


def test_euler_rain_comes_from_a_table(heavy_rain: UseCase, planner: User, ground: Dataset) -> None:
    table = "5; 12,0\n10; 18,0\n15; 22,0\n30; 31,0\n60; 40,0"
    run, _ = ask(heavy_rain, planner, **question(ground, rain="euler2", table=table, depth=None))
    assert run.parameters["table"] == {"5": 12.0, "10": 18.0, "15": 22.0, "30": 31.0, "60": 40.0}
    done = compute(run)
    assert done.summary["rained"] == pytest.approx(0.04 * (SIDE * CELL) ** 2, rel=1e-5)
    assert ask(heavy_rain, planner, **run.parameters) == (run, False)  # as JSON it is the same question


def test_questions_without_a_title_are_told_apart_by_their_rain(heavy_rain: UseCase, planner: User, ground: Dataset) -> None:  # fmt: skip
    wall = {"type": "FeatureCollection", "features": [feature("wall", [(WEST + 10, SOUTH + 60), (WEST + 110, SOUTH + 60)], height=1.5)]}  # fmt: skip
    table = {"rain": "euler2", "table": "5; 12,5\n60; 40,5", "depth": None}
    titles = [ask(heavy_rain, planner, **question(ground, **changes))[0].title for changes in ({}, table, {"scenario": "extreme_128", "depth": None, "measures": wall})]  # fmt: skip
    name = ground.title
    assert titles == [f"50 mm in 60 min, {name}", f"40,5 mm in 60 min, {name}", f"128 mm in 60 min, {name}, mit Maßnahmen"]  # fmt: skip


# --- what is refused, before anything is computed


def test_an_area_outside_the_model_is_refused_with_where_it_reaches(heavy_rain: UseCase, planner: User, ground: Dataset) -> None:  # fmt: skip
    away = box(WEST + 60, SOUTH, EAST + 60, NORTH)
    with pytest.raises(RunRefused) as refused:
        ask(heavy_rain, planner, **question(ground, area=away))
    assert str(refused.value) == (
        "Das Geländemodell deckt 50 % des Gebiets ab; es reicht von 385000 bis 385120 Ost und von 5668000 bis 5668120 Nord. "
        "Zeichnen Sie das Gebiet darin, oder lassen Sie es leer: dann gilt das ganze Modell."
    )


def test_cells_finer_than_the_model_are_refused(heavy_rain: UseCase, planner: User, ground: Dataset) -> None:
    with pytest.raises(RunRefused, match="Wählen Sie Zellen von 2 m oder mehr"):
        ask(heavy_rain, planner, **question(ground, cell="1"))


def test_what_does_not_fit_is_refused_with_cells_that_do(heavy_rain: UseCase, planner: User, ground: Dataset, settings: LazySettings) -> None:  # fmt: skip
    settings.ANALYSIS_MEMORY = 100_000
    with pytest.raises(RunRefused, match="Wählen Sie Zellen von 5 m"):
        ask(heavy_rain, planner, **question(ground))
    settings.ANALYSIS_MEMORY, settings.ANALYSIS_SECONDS = 10**9, 0.05
    with pytest.raises(RunRefused, match="0 sind erlaubt"):
        ask(heavy_rain, planner, **question(ground))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda heights: heights * 100, "Es passt mit Zentimeter"),
        (lambda heights: np.where(np.eye(SIDE, dtype=bool), -9999, heights), "Höhe von -9999 m"),
        (lambda heights: np.where(np.eye(SIDE, dtype=bool), 0, heights), "1,7 % der Höhen sind genau 0"),
    ],
)
def test_heights_that_are_none_are_refused(heavy_rain: UseCase, planner: User, town: Tenant, tmp_path: Path, change: Any, words: str) -> None:  # fmt: skip
    broken = elevation.model(town, tmp_path, change(elevation.bowl()).astype(np.float32))
    with pytest.raises(RunRefused, match=words):
        ask(heavy_rain, planner, **question(broken))


def test_holes_are_named_and_water_does_not_flow_there(heavy_rain: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    heights = elevation.bowl()
    heights[:6] = np.nan
    holed = elevation.model(town, tmp_path, heights)
    run, _ = ask(heavy_rain, planner, **question(holed))
    done = compute(run)
    assert done.summary["notes"] == ["10,0 % des Gebiets haben keine Höhe; dort fließt kein Wasser."]
    assert done.summary["area"] == SIDE * (SIDE - 6) * CELL**2
    heights[:] = np.nan
    heights[0, 0] = 100
    with pytest.raises(RunRefused, match="99 % des Gebiets haben keine Höhe"):
        ask(heavy_rain, planner, **question(elevation.model(town, tmp_path, heights)))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"depth": 1e6}, "depth"),
        ({"depth": None}, "depth"),
        ({"depth": "k.A."}, "depth"),
        ({"minutes": -60}, "minutes"),
        ({"after": -1}, "after"),
        ({"manning": 5}, "manning"),
        ({"cell": "3"}, "cell"),
        ({"elevation": "bd0ca6cf-8a0e-4de7-94fd-ab4a56bd6ba4"}, "elevation"),
        ({"rain": "euler2", "table": "5; 10\n60; 5"}, "table"),
        ({"rain": "euler2", "table": "5; 10\nviel Regen"}, "table"),
        ({"rain": "euler2"}, "table"),
        ({"rain": "euler2", "table": '{"5":' * 90_000}, "table"),
        ({"area": {"type": "Point", "coordinates": [1, 2]}}, "area"),
        (
            {"area": {"type": "Polygon", "coordinates": [[[0, 0], [10, 10], [10, 0], [0, 10], [0, 0]]]}},
            "__all__",
        ),  # fmt: skip
    ],
)
def test_what_can_not_be_computed_is_said_at_its_field(heavy_rain: UseCase, planner: User, town: Tenant, ground: Dataset, changes: dict[str, Any], field: str) -> None:  # fmt: skip
    planner.reach = reach(planner)
    with within(planner.reach.scope):
        form = heavy_rain.form(data_of(question(ground, **changes)), offer=offered_to(planner, town))  # fmt: skip
        assert list(form.errors) == [field]


def test_decimal_commas_are_read(heavy_rain: UseCase, planner: User, ground: Dataset) -> None:
    run, _ = ask(heavy_rain, planner, **question(ground, depth="48,9", manning="0,03"))
    assert (run.parameters["depth"], run.parameters["manning"]) == (48.9, 0.03)


# --- with what would be built


def planned(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def test_a_wall_and_a_basin_change_where_the_water_stands(heavy_rain: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    slope = elevation.model(town, tmp_path, elevation.ramp())
    middle = SOUTH + CELL * SIDE / 2
    wall = feature("wall", [(WEST, middle), (EAST, middle)], height=2.0)  # from edge to edge
    basin = feature("basin", corners(40, 70, 80, 90), depth=1.0)
    free = compute(ask(heavy_rain, planner, **question(slope))[0])
    run, _ = ask(heavy_rain, planner, **question(slope, measures=planned(wall, basin)))
    done = compute(run)
    assert done.state == JobState.DONE, done.job and done.job.error
    assert [each["kind"] for each in done.summary["measures"]] == ["wall", "basin"]
    assert (done.summary["measures"][0]["length"], done.summary["measures"][1]["volume"]) == (120, 800)
    before, after = (float(grid_of(each, "depth")[-1].mean()) for each in (free, done))
    assert after < 0.75 * before
    assert done.summary["rained"] == pytest.approx(done.summary["volume"], rel=1e-5)
    assert ask(heavy_rain, planner, **run.parameters) == (done, False)  # as JSON it is the same question
    assert "measures" not in free.summary


def test_no_measures_are_the_question_without_them(heavy_rain: UseCase, planner: User, ground: Dataset) -> None:  # fmt: skip
    run, _ = ask(heavy_rain, planner, **question(ground))
    assert "measures" not in run.parameters
    for nothing in ("", planned(), None):
        assert ask(heavy_rain, planner, **question(ground, measures=nothing)) == (run, False)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (with_(WALL, kind="mauer"), "Maßnahme 2: die Art muss eine von diesen sein: wall, ditch, basin, unsealing, section."),
        (with_(WALL, height="1,5"), "Maßnahme 2 (Mauer): „Höhe über dem Gelände in m“ muss eine Zahl sein."),
        (with_(WALL, height=40), "Maßnahme 2 (Mauer): „Höhe über dem Gelände in m“ muss zwischen 0,05 und 10 liegen."),
        (with_(POND, depth=None), "Maßnahme 2 (Rückhaltebecken): „Tiefe unter dem tiefsten Rand in m“ muss eine Zahl sein."),
        ({**POND, "geometry": None}, "Maßnahme 2 (Rückhaltebecken): es fehlt eine Fläche mit mindestens drei Ecken, die auseinander liegen."),
        (shaped(WALL, "LineString", [(0, 0), (10, 10), (10, 0), (0, 10)]), "Maßnahme 2 (Mauer): sie kreuzt sich selbst. Bitte zeichnen Sie neu."),
    ],
)  # fmt: skip
def test_a_measure_that_can_not_be_is_named(heavy_rain: UseCase, planner: User, town: Tenant, ground: Dataset, bad: Any, words: str) -> None:  # fmt: skip
    planner.reach = reach(planner)
    with within(planner.reach.scope):
        form = heavy_rain.form(data_of(question(ground, measures=planned(WALL, bad))), offer=offered_to(planner, town))  # fmt: skip
        assert form.errors == {"measures": [words]}


def test_a_measure_that_can_not_be_is_named_by_the_command(ground: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    path = tmp_path / "frage.json"
    path.write_text(json.dumps(question(ground, measures=planned(WALL, with_(WALL, height=40)))))
    with pytest.raises(CommandError):
        call_command("run_usecase", "heavy-rain", "--tenant", "meissen", "--params", str(path), "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["state"] == "refused"
    assert told["errors"]["measures"][0].startswith("Maßnahme 2 (Mauer): ")


def test_a_measure_outside_the_area_is_refused_before(heavy_rain: UseCase, planner: User, ground: Dataset) -> None:  # fmt: skip
    area = box(WEST + 40, SOUTH + 40, WEST + 100, SOUTH + 100)
    for away in (WALL, with_(shaped(WALL, "LineString", [(13.4, 51.1), (13.5, 51.2)]))):  # degrees, too
        with pytest.raises(RunRefused) as refused:
            ask(heavy_rain, planner, **question(ground, area=area, measures=planned(away)))
        assert str(refused.value) == (
            "Maßnahme 1 (Mauer): sie liegt nicht in dem Gebiet, das gerechnet wird (Koordinaten in EPSG:25833)."
        )
    tiny = feature("basin", corners(60.1, 60.1, 60.4, 60.4), depth=1.0)
    with pytest.raises(RunRefused, match="keine Zelle mit einer Höhe"):
        ask(heavy_rain, planner, **question(ground, measures=planned(tiny)))


def test_a_measure_in_a_hole_of_the_model_is_said_by_the_run(heavy_rain: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    heights = elevation.bowl()
    heights[-30:] = np.nan
    holed = elevation.model(town, tmp_path, heights)
    done = compute(ask(heavy_rain, planner, **question(holed, measures=planned(WALL)))[0])
    assert (done.state, done.job and done.job.error) == (JobState.FAILED, "Maßnahme 1 (Mauer): sie nimmt keine Zelle mit einer Höhe ein. Zeichnen Sie größer, oder wählen Sie kleinere Zellen.")  # fmt: skip


# --- a real model


@pytest.fixture
def real(town: Tenant, shared_data: Path) -> Iterator[Dataset]:
    """One square kilometre at the Elbe near Roßlau in metres (GeoBasis-DE, DGM1)."""
    path = shared_data / "elevation" / "elbe_rosslau_dgm1_309000_5749000.tif"
    yield elevation.delivered(town, path, title="DGM1", anywhere=True)


@pytest.mark.slow
def test_a_real_square_kilometre_keeps_its_water(heavy_rain: UseCase, planner: User, real: Dataset) -> None:
    done = compute(ask(heavy_rain, planner, elevation=str(real.public_id), cell="5", depth=48.9, after=30)[0])
    assert done.state == JobState.DONE, done.job and done.job.error
    summary = done.summary
    assert summary["area"] == 1_000_000
    assert summary["rained"] == pytest.approx(48_900, rel=1e-4)
    assert summary["error"] < 1e-6
    assert summary["rained"] == pytest.approx(summary["left"] + summary["volume"], rel=1e-5)
    assert 0.3 < summary["deepest"] < 6
    depth = grid_of(done, "depth")
    with acting_for([done.tenant_id]):
        version = real.datasetversions.select_related("raster").get()
        assert version.raster is not None
        heights = terrain.heights(files.path_of(version.raster), terrain.frame((309_000, 5_749_000, 310_000, 5_750_000), 5.0))  # fmt: skip
    assert (
        float(np.corrcoef(heights[depth > 0.3], depth[depth > 0.3])[0, 1]) < 0
    )  # low ground is where it stands
