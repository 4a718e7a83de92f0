"""Hint map from the form to the files: what is refused and why, what comes out, what page and report show of it."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
import shapely
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client

from tenants.models import JobState, Tenant, User
from tenants.permissions import reach
from tenants.scope import within
from tests.factories import datafiles, elevation
from tests.factories.elevation import CELL, NORTH, SIDE
from tests.twin.analysis.test_pages import signed_in
from tests.twin.analysis.test_runs import ask, compute
from tests.twin.usecases.conftest import box, grid_of, path_of
from twin.analysis import registry
from twin.analysis.errors import RunRefused
from twin.analysis.forms import data_of
from twin.analysis.inputs import offered_to
from twin.analysis.models import Run
from twin.analysis.usecase import UseCase
from twin.catalogue.models import Dataset

pytestmark = pytest.mark.django_db(transaction=True)
WEST, EAST, SOUTH = datafiles.WEST, datafiles.WEST + CELL * SIDE, datafiles.SOUTH
BOWL = elevation.bowl()
RIM = float(
    min(BOWL[0].min(), BOWL[:, 0].min())
)  # where the cone overflows: the middles of its sides are its lowest rim


@pytest.fixture
def flow_paths() -> UseCase:
    found = registry.find("flow-paths")
    assert found is not None
    return found


def question(ground: Dataset, **changes: Any) -> dict[str, Any]:
    return {"elevation": str(ground.public_id), "cell": "2", "catchment": "0,1"} | changes


def features_of(run: Run, kind: str) -> list[dict[str, Any]]:
    found = json.loads(path_of(run, "features").read_text())
    assert found["crs"]["properties"]["name"] == "EPSG:25833"
    return [each for each in found["features"] if each["properties"]["kind"] == kind]


def test_a_bowl_from_the_form_to_the_files(flow_paths: UseCase, planner: User, ground: Dataset) -> None:
    """The cone stands full up to the lowest point of its rim: what lies below it is water."""
    run, _ = ask(flow_paths, planner, **question(ground))
    assert (run.estimate["cells"], run.parameters["depth"], run.parameters["volume"]) == (SIDE * SIDE, 10, 10)
    done = compute(run)
    assert done.state == JobState.DONE, done.job and done.job.error
    below = np.maximum(RIM - BOWL.astype(float), 0)
    (row,) = done.summary["rows"]
    assert row["volume"] == done.summary["volume"] == pytest.approx(below.sum() * CELL**2, abs=0.1)
    assert (row["depth"], row["area"], row["level"]) == (round(float(below.max()), 2), (below > 0).sum() * CELL**2, round(RIM, 2))  # fmt: skip
    assert row["catchment"] == pytest.approx((SIDE * CELL) ** 2 / 10_000, abs=0.1)
    assert row["fills"] == pytest.approx(row["volume"] / row["catchment"] / 10, rel=0.01)
    assert (done.summary["depressions"], done.summary["walled"], done.summary["left_out"]) == (1, 0, 0)
    assert [each["name"] for each in done.outputs] == ["depth", "catchment", "features", "table"]
    np.testing.assert_allclose(grid_of(done, "depth"), below, atol=1e-4)
    assert float(grid_of(done, "catchment").max()) == pytest.approx(done.summary["largest"], abs=0.01)
    first, second = done.outputs[:2]
    assert first["grid"]["origin"] == second["grid"]["origin"] == [WEST, NORTH]
    assert [row[2] for row in first["legend"]] == ["5–10 cm", "10–50 cm", "50–100 cm", "> 100 cm"]
    assert [row[2] for row in second["legend"]] == ["0,1–1 ha", "1–5 ha", "5–20 ha", "20–100 ha", "> 100 ha"]


def test_features_and_table_say_the_same(flow_paths: UseCase, planner: User, ground: Dataset) -> None:
    done = compute(ask(flow_paths, planner, **question(ground))[0])
    (row,) = done.summary["rows"]
    (drawn,) = features_of(done, "depression")
    assert (drawn["id"], drawn["properties"]["volume"]) == ("s1", row["volume"])
    assert shapely.geometry.shape(drawn["geometry"]).area == pytest.approx(row["area"])
    paths = features_of(done, "flow_path")
    assert sum(each["count"] for each in done.summary["paths"]) == len(paths) > 0
    lengths = sum(shapely.geometry.shape(each["geometry"]).length for each in paths)
    assert done.summary["length"] == pytest.approx(lengths / 1000, abs=1e-3)
    assert paths[0]["properties"]["label"].startswith("Fließweg, Einzugsgebiet ")
    table = list(csv.reader(io.StringIO(path_of(done, "table").read_text("utf-8-sig")), delimiter=";"))
    assert table[0][:3] == ["Nummer", "Größte Tiefe in m", "Fläche in m²"]
    assert (len(table), table[1][0], table[1][3], table[1][7]) == (2, "s1", str(row["volume"]).replace(".", ","), "nein")  # fmt: skip


def test_page_and_report_show_what_lies_above_the_raster(client: Client, flow_paths: UseCase, planner: User, ground: Dataset) -> None:  # fmt: skip
    done = compute(ask(flow_paths, planner, **question(ground), title="Ganze Kommune")[0])
    signed_in(client, planner)
    page = " ".join(client.get(done.get_absolute_url()).content.decode().split())
    wanted = ['data-kz-feature="s1"', "Größte Senken", "10–50 cm", "Fließweg, Einzugsgebiet 0,1–1 ha", "Größe des Einzugsgebiets", "Keine Kanäle", f'data-rasters="{done.get_absolute_url()}karte/depth/"']  # fmt: skip
    assert [each for each in wanted if each not in page] == []
    assert "Fließweg, Einzugsgebiet 1–5 ha" not in page  # the legend says what the map draws
    shown = client.get(f"{done.get_absolute_url()}gebiet.geojson").json()["features"]
    assert {each["properties"]["kind"] for each in shown} == {"area", "depression", "flow_path"}
    report = pypdfium2.PdfDocument(client.get(f"{done.get_absolute_url()}bericht.pdf").content)
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in report).split())
    assert [each for each in ("Senken und Fließwege", "Größte Senken", "Priority-Flood", "keine Vorhersage") if each not in text] == []  # fmt: skip


def test_a_slope_has_no_depression_and_says_so(client: Client, flow_paths: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    slope = elevation.model(town, tmp_path, elevation.ramp())
    done = compute(ask(flow_paths, planner, **question(slope, catchment=100))[0])
    assert (done.summary["depressions"], done.summary["rows"], done.summary["length"]) == (0, [], 0)
    assert done.summary["largest"] == pytest.approx(
        SIDE * CELL**2 / 10_000, abs=0.01
    )  # straight down, column by column
    signed_in(client, planner)
    assert (
        "Keine Senke ist so tief und so groß wie gefragt."
        in client.get(done.get_absolute_url()).content.decode()
    )
    assert client.get(f"{done.get_absolute_url()}bericht.pdf").status_code == 200


def test_houses_stand_in_the_way_where_a_dataset_says(flow_paths: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    """A block on a slope with a yard inside: water runs round it, the yard has no way out but over the roof."""
    slope = elevation.model(town, tmp_path, elevation.ramp())
    block = shapely.box(WEST + 20, SOUTH + 40, WEST + 60, SOUTH + 80).difference(shapely.box(WEST + 30, SOUTH + 50, WEST + 50, SOUTH + 70))  # fmt: skip
    houses = elevation.delivered(town, datafiles.write(tmp_path / "haus.gpkg", [block]), title="Häuser")
    done = compute(ask(flow_paths, planner, **question(slope, buildings=str(houses.public_id)))[0])
    assert (done.summary["depressions"], done.summary["walled"], done.summary["rows"], done.summary["volume"]) == (1, 1, [], 0)  # fmt: skip
    (yard,) = features_of(done, "depression")
    assert (yard["properties"]["area"], yard["properties"]["walled"]) == (400, True)
    assert yard["properties"]["label"] == "Senke, die nur über Gebäude überläuft"
    assert int(np.isnan(grid_of(done, "catchment")).sum()) == (1600 - 400) / CELL**2
    assert [each["name"] for each in done.inputs] == ["buildings", "elevation"]


def test_a_part_of_the_model_is_computed(flow_paths: UseCase, planner: User, ground: Dataset) -> None:
    area = box(WEST + 20, SOUTH + 20, WEST + 60, SOUTH + 50)
    done = compute(ask(flow_paths, planner, **question(ground, area=area))[0])
    assert done.summary["area"] == 40 * 30
    assert done.outputs[0]["grid"]["origin"] == [WEST + 20, SOUTH + 50]
    (drawn,) = features_of(done, "area")
    assert shapely.geometry.shape(drawn["geometry"]).equals(shapely.geometry.shape(area))


# --- what is refused, before anything is computed


def test_an_area_outside_and_cells_too_fine_are_refused(flow_paths: UseCase, planner: User, ground: Dataset) -> None:  # fmt: skip
    with pytest.raises(RunRefused, match="Das Geländemodell deckt 50 % des Gebiets ab"):
        ask(flow_paths, planner, **question(ground, area=box(WEST + 60, SOUTH, EAST + 60, NORTH)))
    with pytest.raises(RunRefused, match="Wählen Sie Zellen von 2 m oder mehr"):
        ask(flow_paths, planner, **question(ground, cell="1"))


def test_what_does_not_fit_is_refused_with_cells_that_do(flow_paths: UseCase, planner: User, ground: Dataset, settings: LazySettings) -> None:  # fmt: skip
    settings.ANALYSIS_MEMORY = 100_000
    with pytest.raises(RunRefused, match="MB Arbeitsspeicher, 0 MB sind erlaubt. Wählen Sie Zellen von 5 m"):
        ask(flow_paths, planner, **question(ground))
    settings.ANALYSIS_MEMORY, settings.ANALYSIS_SECONDS = 10**9, 0.005
    with pytest.raises(RunRefused, match="0 sind erlaubt. Wählen Sie Zellen von 5 m"):
        ask(flow_paths, planner, **question(ground))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda heights: heights * 100, "Es passt mit Zentimeter"),
        (lambda heights: np.where(np.eye(SIDE, dtype=bool), -9999, heights), "Höhe von -9999 m"),
        (lambda heights: np.where(np.eye(SIDE, dtype=bool), 0, heights), "1,7 % der Höhen sind genau 0"),
        (lambda heights: np.where(np.eye(SIDE, dtype=bool), heights, np.nan), "98 % des Gebiets haben keine Höhe"),
    ],
)  # fmt: skip
def test_heights_that_are_none_are_refused(flow_paths: UseCase, planner: User, town: Tenant, tmp_path: Path, change: Any, words: str) -> None:  # fmt: skip
    broken = elevation.model(town, tmp_path, change(elevation.bowl()).astype(np.float32))
    with pytest.raises(RunRefused, match=words):
        ask(flow_paths, planner, **question(broken))


def test_holes_are_named_and_water_leaves_there(flow_paths: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    heights = elevation.bowl()
    heights[27:33, 27:33] = np.nan
    done = compute(ask(flow_paths, planner, **question(elevation.model(town, tmp_path, heights)))[0])
    assert done.summary["notes"] == [
        "1,0 % des Gebiets haben keine Höhe; dort verlässt das Wasser die Analyse."
    ]
    assert (done.summary["depressions"], done.summary["area"]) == (0, (SIDE**2 - 36) * CELL**2)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"depth": 1e6}, "depth"),
        ({"depth": "k.A."}, "depth"),
        ({"depth": "0"}, "depth"),
        ({"volume": -1}, "volume"),
        ({"volume": "nan"}, "volume"),
        ({"catchment": "0"}, "catchment"),
        ({"catchment": "inf"}, "catchment"),
        ({"catchment": "0,02", "cell": "5"}, "catchment"),
        ({"cell": "3"}, "cell"),
        ({"elevation": "bd0ca6cf-8a0e-4de7-94fd-ab4a56bd6ba4"}, "elevation"),
        ({"area": {"type": "Point", "coordinates": [1, 2]}}, "area"),
        ({"area": {"type": "Polygon", "coordinates": [[[0, 0], [10, 10], [10, 0], [0, 10], [0, 0]]]}}, "__all__"),
    ],
)  # fmt: skip
def test_what_can_not_be_computed_is_said_at_its_field(flow_paths: UseCase, planner: User, town: Tenant, ground: Dataset, changes: dict[str, Any], field: str) -> None:  # fmt: skip
    planner.reach = reach(planner)
    with within(planner.reach.scope):
        form = flow_paths.form(data_of(question(ground, **changes)), offer=offered_to(planner, town))
        assert list(form.errors) == [field]
        assert "0.0" not in str(form.errors)  # limits have commas


def test_paths_of_a_few_cells_are_refused_with_the_least(flow_paths: UseCase, planner: User, town: Tenant, ground: Dataset) -> None:  # fmt: skip
    planner.reach = reach(planner)
    with within(planner.reach.scope):
        form = flow_paths.form(data_of(question(ground, cell="5", catchment="0,02")), offer=offered_to(planner, town))  # fmt: skip
        assert form.errors["catchment"] == ["Bei Zellen von 5 m beginnen Fließwege frühestens ab 0,025 ha."]


# --- by the command


def test_the_command_answers_and_says_what_is_wrong(town: Tenant, ground: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    asked = tmp_path / "frage.json"
    asked.write_text(json.dumps({"elevation": ground.slug, "cell": 2, "depth": 20}))
    call_command("run_usecase", "flow-paths", tenant=town.slug, params=asked, wait=True, json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["summary"]["depressions"]) == ("done", 1)
    assert [each["file_name"] for each in told["outputs"]] == ["senkentiefe.tif", "einzugsgebietsgroesse.tif", "senken-und-fliesswege.geojson", "senken.csv"]  # fmt: skip
    asked.write_text(json.dumps({"elevation": ground.slug, "depth": "tief"}))
    with pytest.raises(CommandError, match="depth: "):
        call_command("run_usecase", "flow-paths", tenant=town.slug, params=asked, wait=True, json=True)


# --- a real model


@pytest.fixture
def real(town: Tenant, shared_data: Path) -> Iterator[Dataset]:
    """One square kilometre at the Elbe near Roßlau in metres (GeoBasis-DE, DGM1)."""
    path = shared_data / "elevation" / "elbe_rosslau_dgm1_309000_5749000.tif"
    yield elevation.delivered(town, path, title="DGM1", anywhere=True)


@pytest.mark.slow
def test_on_a_real_square_kilometre_files_agree(flow_paths: UseCase, planner: User, real: Dataset) -> None:
    done = compute(ask(flow_paths, planner, elevation=str(real.public_id), cell="1")[0])
    assert done.state == JobState.DONE, done.job and done.job.error
    assert done.summary["area"] == 1_000_000
    depth, drawn = grid_of(done, "depth"), features_of(done, "depression")
    assert len(drawn) == done.summary["depressions"] > 1
    areas = [shapely.geometry.shape(each["geometry"]).area for each in drawn]
    assert sum(areas) == (depth > 0).sum()
    assert sum(each["properties"]["volume"] for each in drawn) == pytest.approx(float(depth.sum()), rel=1e-3)
    assert all(each["properties"]["depth"] >= 0.1 and each["properties"]["volume"] >= 10 for each in drawn)
    lines = [shapely.geometry.shape(each["geometry"]) for each in features_of(done, "flow_path")]
    ends = {line.coords[0] for line in lines}
    loose = [line for line in lines if line.coords[-1] not in ends]
    west, south, east, north = 309_000, 5_749_000, 310_000, 5_750_000
    at_edge = [min(x - west, east - x, y - south, north - y) for x, y in (line.coords[-1] for line in loose)]
    assert max(at_edge) == 0.5  # a path goes on in another one until it leaves the area
