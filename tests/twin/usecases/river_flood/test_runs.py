"""River flood from the form to the files: what is refused and why, what comes out, what page, slider and report show of it."""

import csv
import gzip
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
import rasterio
import shapely
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client

from tenants.models import JobState, Tenant, User
from tenants.permissions import reach
from tenants.scope import acting_for, within
from tests.factories import datafiles, elevation
from tests.factories.datafiles import SOUTH, WEST
from tests.factories.elevation import CELL, SIDE
from tests.factories.sensors import series_of
from tests.factories.tenants import TenantFactory, county
from tests.twin.analysis.test_pages import signed_in
from tests.twin.analysis.test_runs import ask, compute
from tests.twin.usecases.conftest import box, grid_of, path_of
from tests.twin.usecases.river_flood.conftest import LENGTH, RIVER, axis, table, valley
from tests.twin.viewer.test_results import results
from twin.analysis import registry
from twin.analysis.errors import RunRefused
from twin.analysis.forms import Question, RunField, data_of
from twin.analysis.inputs import offered_to
from twin.analysis.models import Run
from twin.analysis.usecase import UseCase
from twin.catalogue.models import Dataset
from twin.hydro.classes import RIVER_COLOURS
from twin.sensors.models import Station

pytestmark = pytest.mark.django_db(transaction=True)
GAUGE = {"gauge": "Musterstadt", "gauge_zero": "99", "gauge_station": "1"}
HECTARE = 10_000.0


@pytest.fixture
def use_case() -> UseCase:
    found = registry.find("river-flood")
    assert found is not None
    return found


@pytest.fixture
def asked(ground: Dataset, levels: Dataset, river: Dataset) -> dict[str, Any]:
    return {"elevation": str(ground.public_id), "cell": "2", "levels": str(levels.public_id), "axis": str(river.public_id), **GAUGE}  # fmt: skip


def rows_wet(height: float) -> int:
    """Rows whose middles, each 2 m further from the river on both sides, lie below water of this height."""
    return 2 * sum(0.2 * (number + 0.5) < height for number in range(SIDE // 2))


def test_a_valley_from_the_form_to_files_page_and_report(client: Client, use_case: UseCase, planner: User, asked: dict[str, Any]) -> None:  # fmt: skip
    done = compute(ask(use_case, planner, **asked)[0])
    assert done.state == JobState.DONE, done.job and done.job.error
    assert done.title.startswith("HQ100, Musterstadt, ")
    steps = done.summary["steps"]
    assert [(row["name"], row["stage"], row["discharge"]) for row in steps] == [("MQ", 205, 50), ("HQ5", 305, 200), ("HQ100", 405, 500)]  # fmt: skip
    wanted = [rows_wet(height) * SIDE * CELL**2 / HECTARE for height in (1.05, 2.05, 3.05)]
    assert [row["flooded"] for row in steps] == pytest.approx(wanted, abs=0.011)
    assert (done.summary["asked"], done.summary["stage"], done.summary["flooded"]) == ("HQ100", 405, steps[2]["flooded"])  # fmt: skip
    assert done.summary["deepest"] == pytest.approx(3.05 - 0.1, abs=0.02)
    assert sum(each["area"] for each in steps[2]["classes"]) == pytest.approx(steps[2]["flooded"], abs=0.03)
    assert [each["name"] for each in done.outputs] == ["steps", "depth", "table"]
    depth = grid_of(done, "depth")
    level = 103.05 - 0.001 * CELL * (np.arange(SIDE) + 0.5)
    np.testing.assert_allclose(depth, np.maximum(level - valley(), 0), atol=0.02)
    with rasterio.open(path_of(done, "steps")) as raster:
        assert (raster.count, raster.dtypes[0]) == (6, "uint8")
        first = raster.read()
    np.testing.assert_array_equal(first[1] > 0, depth > 0)
    _require_said(client, planner, done)


def _require_said(client: Client, planner: User, done: Run) -> None:
    signed_in(client, planner)
    page = " ".join(client.get(done.get_absolute_url()).content.decode().split())
    wanted = ["HQ100", f"405 cm am Pegel Musterstadt, 500 m³/s, im Mittel einmal in 100 Jahren · {done.summary['flooded']:.1f} ha unter Wasser".replace(".", ","), "mittlerer Abfluss", "data-kz-steps", '<option value="3" data-title="HQ100"', 'min="1" max="3"', "0–0,5 m", "Tiefer als das Wasser, aber nicht mit dem Fluss verbunden", 'href="?karte=steps&amp;stufe=1#map"', "Prüfhinweis", 'id="result">Ergebnis: HQ100</h2>']  # fmt: skip
    assert [each for each in wanted if each not in page] == []
    rows = list(csv.reader(io.StringIO(path_of(done, "table").read_text("utf-8-sig")), delimiter=";"))
    assert (rows[0][0], rows[0][-1]) == ("Stufe", "Nicht verbunden in ha")
    assert [row[:2] for row in rows[1:]] == [["MQ", "205,0"], ["HQ5", "305,0"], ["HQ100", "405,0"]]
    report = pypdfium2.PdfDocument(client.get(f"{done.get_absolute_url()}bericht.pdf").content)
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in report).split())
    assert [each for each in ("Flusshochwasser", "Ergebnis: HQ100", "Wassertiefe, wie gefragt", "hyd1d", "HQ5") if each not in text] == []  # fmt: skip
    assert "Stufe für Stufe" not in text


def shown(page: str) -> str:
    found = re.search(r'<option value="(\d+)"[^>]* selected', page)
    assert found is not None
    return found[1]


def test_slider_and_tiles_answer_from_the_steps_for_whoever_may_see_them(client: Client, use_case: UseCase, planner: User, asked: dict[str, Any]) -> None:  # fmt: skip
    done = compute(ask(use_case, planner, **asked)[0])
    address = done.get_absolute_url()
    closed = [f"{address}{rest}" for rest in ("?stufe=1", "karte/steps/?stufe=1", "karte/steps/0-0-0.bin")]  # fmt: skip
    assert [client.get(each).status_code for each in closed] == [404, 404, 404]
    signed_in(client, planner)
    _require_steps_by_address(client, address)
    _require_steps_in_tiles(client, f"{address}karte/steps/")
    client.post(f"{address}veroeffentlichen/")
    client.logout()
    assert [client.get(each).status_code for each in closed] == [200, 200, 200]


def _require_steps_by_address(client: Client, address: str) -> None:
    """By its number, by the level at the gauge that is nearest; else the one that was asked for."""
    wanted = {"": "3", "?stufe=1": "1", "?wert=240": "1", "?wert=260": "2", "?wert=9999": "3", "?wert=-5": "1", "?wert=260,5": "2", "?stufe=7": "3", "?stufe=x&wert=nan": "3", "?stufe=2&wert=405": "2"}  # fmt: skip
    found = {query: shown(client.get(f"{address}{query}").content.decode()) for query in wanted}
    assert found == wanted
    told = client.get(f"{address}karte/steps/?wert=300").json()["rasters"][0]
    assert (told["step"], told["tiles"], told["colours"][1:]) == (
        2,
        f"{address}karte/steps/__tile__.bin",
        list(RIVER_COLOURS),
    )
    plain = client.get(f"{address}karte/depth/").json()["rasters"][0]
    assert ("step" in plain, plain["tiles"].endswith("__tile__.webp")) == (False, True)


def _require_steps_in_tiles(client: Client, address: str) -> None:
    """Bytes: of each class the first step at which a cell has reached it."""
    answer = client.get(f"{address}0-0-0.bin")
    assert client.get(f"{address}0-0-0.bin", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    numbers = np.frombuffer(gzip.decompress(answer.content), np.uint8).reshape(6, 256, 256)
    column = numbers[:, :SIDE, 30]
    assert [int(((column[1] > 0) & (column[1] <= step)).sum()) for step in (1, 2, 3)] == [rows_wet(1.05), rows_wet(2.05), rows_wet(3.05)]  # fmt: skip
    assert column[:, SIDE // 2].tolist() == [1, 1, 1, 2, 3, 0]  # 0.95, 1.95 and 2.95 m
    assert not numbers[:, SIDE:].any()
    assert client.get(f"{address}9-0-0.bin").status_code == 404


def test_a_level_at_the_gauge_is_a_step_of_its_own_and_compared(client: Client, use_case: UseCase, planner: User, asked: dict[str, Any]) -> None:  # fmt: skip
    done = compute(ask(use_case, planner, **asked, scenario="gauge", stage="355")[0])
    assert [row["name"] for row in done.summary["steps"]] == ["MQ", "HQ5", "355 cm", "HQ100"]
    assert done.title.startswith("355 cm, Musterstadt, ")
    assert (done.summary["level"], done.summary["discharge"]) == (102.55, pytest.approx(350))
    assert done.summary["flooded"] == pytest.approx(rows_wet(2.55) * SIDE * CELL**2 / HECTARE, abs=0.011)
    assert "discharge_class" not in done.parameters
    other = compute(ask(use_case, planner, **asked)[0])
    signed_in(client, planner)
    page = client.get(f"{done.get_absolute_url()}vergleich/?mit={other.public_id}").content.decode()
    assert "Wassertiefe, wie gefragt" in page
    picture = client.get(f"{done.get_absolute_url()}vergleich/karte.png?mit={other.public_id}")
    assert picture["Content-Type"] == "image/png"


def test_who_asks_about_its_water_reads_of_which_step(use_case: UseCase, planner: User, asked: dict[str, Any]) -> None:  # fmt: skip
    done = compute(ask(use_case, planner, **asked)[0])
    field = RunField(output="depth")
    assert field.label_from_instance(done).startswith(f"{done.title}, HQ100 (")
    (kept,) = Question({}, {}, {"depths": [done]}).inputs()
    assert (kept["run"], kept["title"]) == (str(done.public_id), f"{done.title}, HQ100")


def test_a_published_answer_is_on_the_map_of_the_town(client: Client, use_case: UseCase, planner: User, asked: dict[str, Any]) -> None:  # fmt: skip
    """Its layers ask the same addresses as its page; once it is withdrawn they are gone."""
    done = compute(ask(use_case, planner, **asked)[0])
    county()
    assert results(client) == {}
    staff = signed_in(Client(), planner)
    staff.post(f"{done.get_absolute_url()}veroeffentlichen/")
    layers = results(client)
    assert set(layers) == {"Stufe für Stufe", "Wassertiefe, wie gefragt"}
    steps, depth = (layers[title] for title in sorted(layers))
    assert (steps["grid"]["step"], steps["steps"]) == (3, ["MQ", "HQ5", "HQ100"])
    assert [words for _colour, words, _shapes in depth["signs"]][0] == "0–0,5 m"
    shallow = f"at={WEST + 31},{RIVER + 10.5 * CELL}"  # 2.1 m above the bed
    places = {f"{steps['value']}?{shallow}": "0,5–1 m", f"{steps['value']}?{shallow}&stufe=1": "", f"{depth['value']}?{shallow}": "0,95 m (0,5–1 m)", f"{depth['value']}?at=0,0": "", f"{depth['value']}?at=nan,1": ""}  # fmt: skip
    assert {address: client.get(address).json()["text"] for address in places} == places
    assert [client.get(f"{depth['value']}?at={wrong}").status_code for wrong in ("", "1", "x,y")] == [400] * 3
    tiles = [each["address"].replace("__tile__", "0-0-0") for each in (steps, depth)]
    assert {client.get(address).status_code for address in [*tiles, *places]} == {200}
    staff.post(f"{done.get_absolute_url()}zurueckziehen/")
    assert (results(client), {client.get(address).status_code for address in [*tiles, *places]}) == (
        {},
        {404},
    )


def test_the_answer_leads_back_to_its_gauge(client: Client, use_case: UseCase, planner: User, town: Tenant, asked: dict[str, Any]) -> None:  # fmt: skip
    """To one that the reader may see alone: whoever else has one of this name."""
    series_of(TenantFactory.create(), name="Musterstadt")
    station = series_of(town, name="MUSTERSTADT").station
    done = compute(ask(use_case, planner, **asked)[0])
    signed_in(client, planner)
    link = f'href="{station.get_absolute_url()}"'
    assert link in client.get(done.get_absolute_url()).content.decode()
    client.post(f"{done.get_absolute_url()}veroeffentlichen/")
    client.logout()
    assert "Wie der Pegel" not in client.get(done.get_absolute_url()).content.decode()
    with acting_for([town.pk], [town.pk]):
        Station.objects.filter(pk=station.pk).update(is_public=True)
    assert link in client.get(done.get_absolute_url()).content.decode()


def test_a_discharge_by_the_table_of_the_gauge(use_case: UseCase, planner: User, town: Tenant, asked: dict[str, Any], tmp_path: Path) -> None:  # fmt: skip
    path = tmp_path / "wq.csv"
    path.write_text("pegel;w_cm;q_m3_s\nMusterstadt;200;40\nMusterstadt;400;1040\nAnderswo;1;1\n")
    curve = elevation.delivered(town, path, title="Abflusskurve")
    done = compute(ask(use_case, planner, **asked, scenario="discharge", discharge="790", rating=str(curve.public_id))[0])  # fmt: skip
    assert done.summary["stage"] == 350
    with pytest.raises(RunRefused, match="Abflusskurve reicht von 40 bis 1040 m³/s; gefragt sind 2000"):
        ask(use_case, planner, **asked, scenario="discharge", discharge="2000", rating=str(curve.public_id))


def test_levees_hold_and_what_is_behind_is_told_apart(use_case: UseCase, planner: User, town: Tenant, asked: dict[str, Any], tmp_path: Path) -> None:  # fmt: skip
    """Seven cells north of the river, the ground 1.5 m above its bed: free it is flooded from HQ5 on, with a crest of 102.5 m from HQ100 on."""
    line = shapely.LineString([(WEST - 5, RIVER + 15), (WEST + LENGTH + 5, RIVER + 15)])
    dyke = elevation.delivered(town, datafiles.write(tmp_path / "deich.gpkg", [line], krone=[102.5]), title="Deich")  # fmt: skip
    done = compute(ask(use_case, planner, **asked, levees=str(dyke.public_id))[0])
    steps = done.summary["steps"]
    behind = rows_wet(2.05) // 2 - 7 - 1  # and the levee itself is higher
    assert [row["behind"] for row in steps] == pytest.approx([0, behind * SIDE * CELL**2 / HECTARE, 0], abs=0.011)  # fmt: skip
    raised = elevation.delivered(town, datafiles.write(tmp_path / "deich2.gpkg", [line], art=["Deich"]), title="Deich 2")  # fmt: skip
    with pytest.raises(RunRefused, match="Die Deiche haben keine Spalte mit der Höhe der Krone"):
        ask(use_case, planner, **asked, levees=str(raised.public_id))
    gap = elevation.delivered(town, datafiles.write(tmp_path / "deich3.gpkg", [line, line], krone=["102,5", "k.A."]), title="Deich 3")  # fmt: skip
    with pytest.raises(RunRefused, match="Ein Deich hat keine Kronenhöhe"):
        ask(use_case, planner, **asked, levees=str(gap.public_id))
    higher = compute(ask(use_case, planner, **asked, levees=str(raised.public_id), levee_height="2")[0])
    assert higher.summary["steps"][2]["behind"] > 0  # 103.5 m, above HQ100


def test_official_areas_are_compared_with(client: Client, use_case: UseCase, planner: User, town: Tenant, asked: dict[str, Any], tmp_path: Path) -> None:  # fmt: skip
    """30 rows are flooded at HQ100, 15 to each side; the official area has the southern ones and ten more."""
    wet = rows_wet(3.05)
    assert wet == 30
    zone = shapely.box(WEST, RIVER - 25 * CELL, WEST + LENGTH, RIVER)
    official = elevation.delivered(town, datafiles.write(tmp_path / "zone.gpkg", [zone]), title="ÜSG")
    done = compute(ask(use_case, planner, **asked, official=str(official.public_id))[0])
    found = done.summary
    assert (found["hits"], found["false_alarms"], found["csi"]) == (60.0, 50.0, 37.5)
    row = SIDE * CELL**2 / HECTARE
    assert (found["both"], found["official"], found["computed"]) == pytest.approx((15 * row, 10 * row, 15 * row), abs=0.01)  # fmt: skip
    signed_in(client, planner)
    page = client.get(f"{done.get_absolute_url()}?karte=agreement").content.decode()
    assert [
        each for each in ("Trefferquote", "37,5 %", "Nur in der amtlichen Karte") if each not in page
    ] == []


def test_levels_that_are_points_need_no_axis(use_case: UseCase, planner: User, town: Tenant, asked: dict[str, Any], tmp_path: Path) -> None:  # fmt: skip
    points = shapely.points([(WEST, RIVER), (WEST + LENGTH, RIVER)])
    wide = datafiles.write(tmp_path / "punkte.gpkg", points, station=[1.0, 1.12], W_MQ=[101.05, 100.93], W_HQ100=[103.05, 102.93])  # fmt: skip
    levels = elevation.delivered(town, wide, title="Wasserspiegel als Punkte")
    done = compute(ask(use_case, planner, **{**asked, "levels": str(levels.public_id), "axis": ""})[0])
    assert [row["name"] for row in done.summary["steps"]] == ["MQ", "HQ100"]
    assert done.summary["flooded"] == pytest.approx(rows_wet(3.05) * SIDE * CELL**2 / HECTARE, abs=0.011)


# --- what is refused, before anything is computed


def refused(use_case: UseCase, planner: User, words: str, **parameters: Any) -> None:
    with pytest.raises(RunRefused, match=words):
        ask(use_case, planner, **parameters)


def test_what_can_not_be_is_refused_in_words(use_case: UseCase, planner: User, asked: dict[str, Any]) -> None:
    refused(use_case, planner, "Es gibt keine Klasse „HQ500“. Es gibt: MQ, HQ5, HQ100, MNQ, a", **asked, discharge_class="HQ500")  # fmt: skip
    for stage in ("700", "4,05"):
        words = f"Am Pegel reichen die Wasserspiegellagen von 150 cm .MNQ. bis 405 cm .HQ100.; gefragt sind {stage} cm"
        refused(use_case, planner, words, **asked, scenario="gauge", stage=stage)
    refused(use_case, planner, "Der Pegel liegt bei km 7; die Wasserspiegellagen reichen von km 1 bis km 1,12", **{**asked, "gauge_station": "7"})  # fmt: skip
    refused(use_case, planner, "Es gibt keine Spalte „ort“. Es gibt: ", **asked, station_column="ort")
    refused(use_case, planner, "Die Wasserspiegellagen haben keinen Ort. Wählen Sie die Gewässerachse", **{**asked, "axis": ""})  # fmt: skip
    refused(use_case, planner, "Das Geländemodell deckt 50 % des Gebiets ab", **asked, area=box(WEST + 60, SOUTH, WEST + 180, SOUTH + 120))  # fmt: skip
    refused(use_case, planner, "Der Fluss liegt nicht im Gebiet", **asked, area=box(WEST, SOUTH, WEST + 120, SOUTH + 20))  # fmt: skip
    refused(use_case, planner, "Wählen Sie Zellen von 2 m oder mehr", **{**asked, "cell": "1"})


WRONG: tuple[tuple[float, dict[str, float] | None, str], ...] = (
    (100.0, None, "passen nicht zum Gelände am Fluss .etwa 100,04 m."),
    (0.01, None, "Nötig sind Meter über NHN, keine Zentimeter und keine Pegelstände"),
    (1.0, {"MQ": 2.0, "HQ5": 1.0, "HQ100": 1.95}, "MQ steht höher als HQ100"),
    (1.0, {"MQ": 1.0}, "Es gibt keine Klasse „HQ100“"),
)


def test_levels_that_can_not_be_meant_are_refused(use_case: UseCase, planner: User, town: Tenant, asked: dict[str, Any], tmp_path: Path) -> None:  # fmt: skip
    for times, stated, words in WRONG:
        wrong = elevation.delivered(town, table(tmp_path / "falsch.csv", stated, times=times), title="Falsch")
        refused(use_case, planner, words, **{**asked, "levels": str(wrong.public_id)})


def test_levels_that_rise_downstream_and_an_axis_elsewhere_are_refused(use_case: UseCase, planner: User, town: Tenant, asked: dict[str, Any], tmp_path: Path) -> None:  # fmt: skip
    path = tmp_path / "berg.csv"
    path.write_text("km;klasse;w\n1,0;HQ100;103\n1,05;HQ100;104\n1,12;HQ100;102\n")
    uphill = elevation.delivered(town, path, title="Bergauf")
    refused(use_case, planner, "HQ100 steigt bis km 1,05 um 1 m flussabwärts: Wasser fließt nicht bergauf", **{**asked, "levels": str(uphill.public_id)})  # fmt: skip
    path.write_text("ort;w\na;1\n")
    nothing = elevation.delivered(town, path, title="Ohne Kilometer")
    refused(use_case, planner, "Keine Spalte ist zu erkennen, die Kilometer enthält. Sagen Sie, welche es ist: w, ort", **{**asked, "levels": str(nothing.public_id)})  # fmt: skip
    away = elevation.delivered(town, axis(tmp_path / "weg.gpkg", north=SOUTH + 5000), title="Weit weg")
    refused(use_case, planner, "Der Fluss liegt nicht im Gebiet", **{**asked, "axis": str(away.public_id)})


def test_what_does_not_fit_is_refused_and_holes_are_named(use_case: UseCase, planner: User, town: Tenant, asked: dict[str, Any], tmp_path: Path, settings: LazySettings) -> None:  # fmt: skip
    holed = valley()
    holed[0:6, 0:6] = np.nan
    model = elevation.model(town, tmp_path, holed)
    run, _ = ask(use_case, planner, **{**asked, "elevation": str(model.public_id)})
    assert run.summary["notes"] == ["1,0 % des Gebiets haben keine Höhe; dort wird keine Tiefe genannt."]
    settings.ANALYSIS_MEMORY = 100_000
    refused(use_case, planner, "Wählen Sie Zellen von 5 m", **asked)


AT_FIELDS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"scenario": "gauge"}, "stage"),
    ({"scenario": "gauge", "stage": "k.A."}, "stage"),
    ({"scenario": "discharge"}, "discharge"),
    ({"gauge_station": ""}, "gauge_station"),
    ({"levels": "bd0ca6cf-8a0e-4de7-94fd-ab4a56bd6ba4"}, "levels"),
    ({"reach": "1"}, "reach"),
    ({"levee_height": "100"}, "levee_height"),
)


def test_what_can_not_be_computed_is_said_at_its_field(use_case: UseCase, planner: User, town: Tenant, asked: dict[str, Any], tmp_path: Path) -> None:  # fmt: skip
    lines = datafiles.write(tmp_path / "linie.gpkg", [shapely.LineString([(WEST, RIVER), (WEST + 9, RIVER)])], km=[1.0])  # fmt: skip
    line = elevation.delivered(town, lines, title="Nur eine Linie")
    planner.reach = reach(planner)
    with within(planner.reach.scope):
        for changes, field in (*AT_FIELDS, ({"axis": str(line.public_id)}, "axis")):
            form = use_case.form(data_of(asked | changes), offer=offered_to(planner, town))
            assert list(form.errors) == [field]


def test_the_command_answers(town: Tenant, ground: Dataset, levels: Dataset, river: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    path = tmp_path / "frage.json"
    path.write_text(json.dumps({"elevation": ground.slug, "cell": 2, "levels": levels.slug, "axis": river.slug}))  # fmt: skip
    call_command("run_usecase", "river-flood", tenant=town.slug, params=path, wait=True, json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["summary"]["asked"], "stage" in told["summary"]) == ("done", "HQ100", False)
    assert [each["file_name"] for each in told["outputs"]] == ["stufen.tif", "wassertiefe.tif", "flaechen.csv"]  # fmt: skip
