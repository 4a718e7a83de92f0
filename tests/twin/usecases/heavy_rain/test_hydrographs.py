"""Discharge across lines: as the rain above says, however the line is drawn; on the page, in the file and in the report."""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
import shapely
from django.test import Client

from tenants.models import JobState, Tenant, User
from tenants.permissions import reach
from tenants.scope import within
from tests.factories import elevation
from tests.factories.datafiles import SOUTH, WEST, write
from tests.factories.elevation import CELL, NORTH, SIDE
from tests.factories.tenants import TenantFactory
from tests.twin.analysis.test_pages import signed_in
from tests.twin.analysis.test_runs import ask, compute
from tests.twin.usecases.conftest import path_of
from tests.twin.usecases.heavy_rain.test_measures import feature
from tests.twin.usecases.heavy_rain.test_runs import heavy_rain, planned, question
from twin.analysis.errors import RunRefused
from twin.analysis.forms import data_of
from twin.analysis.inputs import offered_to
from twin.analysis.terrain import Frame
from twin.analysis.usecase import UseCase
from twin.catalogue.models import Dataset
from twin.usecases.heavy_rain import hydrographs
from twin.usecases.heavy_rain.hydrographs import Line

__all__ = ["heavy_rain"]
PART = Frame(WEST, NORTH, CELL, SIDE, SIDE)
EAST, MIDDLE = WEST + CELL * SIDE, SOUTH + CELL * SIDE / 2
ACROSS = [(WEST, MIDDLE), (EAST, MIDDLE)]


def delivered(town: Tenant, folder: Path, *lines: Any) -> Dataset:
    named = [f"Graben {number}" for number in range(1, len(lines) + 1)]
    path = write(folder / "linien.gpkg", [shapely.LineString(line) for line in lines], Name=named)
    return elevation.delivered(town, path, title="Messlinien")


def test_volume_peak_and_direction_come_from_the_series() -> None:
    """A minute with 1 m3/s and one with 3 are 240 m3; two with -2 are as much the other way."""
    there, back = hydrographs.told(["A", "B"], np.array([[60.0, 1.0, -2.0], [120.0, 3.0, -2.0]]))
    assert (there["number"], there["name"], there["peak"], there["at"], there["volume"], there["backwards"]) == (1, "A", 3, 2, 240, False)  # fmt: skip
    assert (back["peak"], back["at"], back["volume"], back["backwards"]) == (2, 1, 240, True)
    assert back["values"] == [[0, 0], [1, 2], [2, 2]]


def test_a_chart_has_round_ticks() -> None:
    found = hydrographs.chart([[0, 0], [60, 0.1]])
    assert (found["line"], found["digits"]) == ("60,226 708,12", 2)
    assert [(tick["at"], tick["value"]) for tick in found["ticks"]] == [(226, 0), (119, 0.05), (12, 0.1)]
    assert [moment["value"] for moment in found["moments"]] == [0, 10, 20, 30, 40, 50, 60]
    below = hydrographs.chart([[0, 0], [30, -1.0], [60, 2.0]])
    assert [tick["value"] for tick in below["ticks"]] == [-1, 0, 1, 2]
    slight = hydrographs.chart([[0, 0], [30, -0.03], [60, 2.0]])
    assert [tick["value"] for tick in slight["ticks"]] == [0, 0.5, 1, 1.5, 2]
    assert hydrographs.chart([[0, 0], [5, 0]])["line"] == "60,226 708,226"  # dry


def test_a_line_counts_where_it_lies_on_the_part() -> None:
    beyond = Line("", shapely.LineString([(WEST - 50, MIDDLE), (EAST + 50, MIDDLE)]))
    found = hydrographs.faces(beyond, PART)
    assert found is not None
    assert (len(found.y_faces), len(found.x_faces), set(found.y_faces[:, 0].tolist())) == (
        SIDE,
        0,
        {SIDE // 2},
    )
    assert hydrographs.faces(Line("", shapely.LineString([(WEST - 50, MIDDLE), (WEST - 9, MIDDLE)])), PART) is None  # fmt: skip
    assert hydrographs.faces(Line("", shapely.LineString([(WEST + 20.1, MIDDLE), (WEST + 20.4, MIDDLE)])), PART) is None  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_discharge_is_the_rain_above(client: Client, heavy_rain: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    """50 mm/h on the 7200 m2 of a ramp above the line: 0.1 m3/s once it runs steadily, 360 m3 in all; edges are closed. Drawn from west and from east."""
    slope = elevation.model(town, tmp_path, elevation.ramp())
    lines = delivered(town, tmp_path, ACROSS[::-1], [(EAST + 500, MIDDLE), (EAST + 600, MIDDLE)])
    asked = question(slope, measures=planned(feature("section", ACROSS)), sections=str(lines.public_id))  # fmt: skip
    done = compute(ask(heavy_rain, planner, **asked)[0])
    assert done.state == JobState.DONE, done.job and done.job.error
    drawn, stored = done.summary["hydrographs"]
    assert [drawn["name"], stored["name"]] == ["1 Messquerschnitt", "Graben 1"]
    assert (drawn["backwards"], stored["backwards"]) == (False, True)
    assert drawn["peak"] == pytest.approx(0.1, rel=0.01)
    assert drawn["volume"] == pytest.approx(360, rel=0.01)
    assert (stored["peak"], stored["volume"]) == (drawn["peak"], drawn["volume"])
    assert "measures" not in done.summary  # nothing is built
    rows = list(csv.reader(io.StringIO(path_of(done, "hydrographs").read_text("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Minuten", "1 1 Messquerschnitt (m³/s)", "2 Graben 1 (m³/s)"]
    assert (len(rows), rows[1]) == (202, ["0,0000"] * 3)
    signed_in(client, planner)
    page = " ".join(client.get(done.get_absolute_url()).content.decode().split())
    wanted = ["Abfluss im Lauf der Zeit", "Graben 1: Abfluss in m³/s", "von rechts nach links", "<polyline", "Dieselben Zahlen als Tabelle"]  # fmt: skip
    assert [each for each in wanted if each not in page] == []
    report = pypdfium2.PdfDocument(client.get(f"{done.get_absolute_url()}bericht.pdf").content)
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in report).split())
    assert [each for each in ("Abfluss im Lauf der Zeit", "Graben 1") if each not in text] == []


@pytest.mark.django_db(transaction=True)
def test_lines_that_tell_nothing_are_refused_before(heavy_rain: UseCase, planner: User, town: Tenant, ground: Dataset, tmp_path: Path) -> None:  # fmt: skip
    away = delivered(town, tmp_path, [(EAST + 500, MIDDLE), (EAST + 600, MIDDLE)])
    many = delivered(town, tmp_path, *[ACROSS] * (hydrographs.MOST + 1))
    far = delivered(town, tmp_path, [(WEST, MIDDLE), (EAST + 10_000, MIDDLE)])
    for lines, words in (
        (away, "Keine der Linien von „Messlinien“ liegt im Gebiet."),
        (many, "Das sind 51 Linien, für die der Abfluss gefragt ist, erlaubt sind 50."),
        (
            far,
            "„Messlinien“ hat eine Linie von 10.1 km; Abfluss wird über Linien von höchstens 10 km genannt.",
        ),
    ):
        with pytest.raises(RunRefused) as refused:
            ask(heavy_rain, planner, **question(ground, sections=str(lines.public_id)))
        assert str(refused.value) == words
    short = feature("section", [(WEST + 20.1, MIDDLE), (WEST + 20.4, MIDDLE)])
    with pytest.raises(RunRefused, match=r"Maßnahme 1 \(Messquerschnitt\)"):
        ask(heavy_rain, planner, **question(ground, measures=planned(short)))
    other = delivered(TenantFactory.create(), tmp_path, ACROSS)  # another town's, not public
    planner.reach = reach(planner)
    with within(planner.reach.scope):
        form = heavy_rain.form(data_of(question(ground, sections=str(other.public_id))), offer=offered_to(planner, town))  # fmt: skip
        assert list(form.errors) == ["sections"]
