"""Small streams from the form to the files: what is refused, what page, slider and report show."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from django.test import Client

from tenants.models import JobState, Tenant, User
from tenants.permissions import reach
from tenants.scope import within
from tests.factories import elevation
from tests.factories.elevation import CELL, SIDE
from tests.twin.analysis.test_pages import signed_in
from tests.twin.analysis.test_runs import ask, compute
from tests.twin.usecases.conftest import grid_of, path_of
from tests.twin.usecases.small_streams.test_core import MIDDLE, valley
from tests.twin.usecases.small_streams.test_core import SIDE as RISE
from twin.analysis import registry
from twin.analysis.errors import RunRefused
from twin.analysis.forms import data_of
from twin.analysis.inputs import offered_to
from twin.analysis.usecase import UseCase
from twin.catalogue.models import Dataset

pytestmark = pytest.mark.django_db(transaction=True)
ROWS, COLUMNS = valley().shape


@pytest.fixture
def use_case() -> UseCase:
    return registry.use_cases()["small-streams"]


@pytest.fixture
def ground(town: Tenant, tmp_path: Path) -> Dataset:
    return elevation.model(town, tmp_path, valley(), cell=5.0)


def question(ground: Dataset, **changes: Any) -> dict[str, Any]:
    return {"elevation": str(ground.public_id), "catchment": "1", "height": "1,2"} | changes


def test_a_valley_from_the_form_to_the_files(client: Client, use_case: UseCase, planner: User, ground: Dataset) -> None:  # fmt: skip
    done = compute(ask(use_case, planner, **question(ground))[0])
    assert done.state == JobState.DONE, done.job and done.job.error
    assert [each["name"] for each in done.outputs] == ["steps", "depth", "above", "features", "table"]
    rows = [row for row in range(ROWS) if RISE * abs(row - MIDDLE) < 1.2]
    depth = grid_of(done, "depth")
    assert np.flatnonzero(depth[:, 40] > 0).tolist() == rows
    assert done.summary["deepest"] == pytest.approx(1.2, abs=0.01)
    assert done.summary["flooded"] == pytest.approx((depth > 0).sum() * 25 / 10_000, abs=0.006)
    (asked,) = (row for row in done.summary["steps"] if row["asked"])
    assert (asked["number"], asked["name"], asked["flooded"]) == (5, "1,2 m", done.summary["flooded"])
    assert sum(each["area"] for each in asked["classes"]) == pytest.approx(asked["flooded"], abs=0.03)
    assert grid_of(done, "above")[MIDDLE + 3, 40] == pytest.approx(3 * RISE, abs=0.01)
    streams = [each for each in json.loads(path_of(done, "features").read_text())["features"] if each["properties"]["kind"] == "stream"]  # fmt: skip
    assert max(each["properties"]["catchment"] for each in streams) == done.summary["largest"] == pytest.approx(ROWS * COLUMNS * 25 / 10_000, abs=0.01)  # fmt: skip
    table = list(csv.reader(io.StringIO(path_of(done, "table").read_text("utf-8-sig")), delimiter=";"))
    assert (table[0][0], table[5][0], len(table)) == ("Höhe über der Sohle in m", "1,2", 13)
    signed_in(client, planner)
    page = " ".join(client.get(done.get_absolute_url()).content.decode().split())
    wanted = ["1,2 m", "über der Bachsohle", "data-kz-steps", 'min="1" max="12"', "Höhe über dem Bach", "Prüfhinweis", 'href="?karte=steps&amp;stufe=1#map"', "Bach"]  # fmt: skip
    assert [each for each in wanted if each not in page] == []
    assert '<option value="7"' in client.get(f"{done.get_absolute_url()}?wert=150").content.decode()
    report = pypdfium2.PdfDocument(client.get(f"{done.get_absolute_url()}bericht.pdf").content)
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in report).split())
    assert [each for each in ("Flächen nach Stufe", "HAND", "über der Sohle") if each not in text] == []


def test_too_small_an_area_is_refused_and_no_stream_is_said(client: Client, use_case: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    slope = elevation.model(town, tmp_path, elevation.ramp())
    with pytest.raises(RunRefused, match="Das Gebiet hat 1,4 ha, und Bäche beginnen bei 2 ha"):
        ask(use_case, planner, **question(slope, cell="2", catchment="2"))
    done = compute(ask(use_case, planner, **question(slope, cell="2", catchment="0,5"))[0])
    assert (done.summary["streams"], done.summary["flooded"]) == (0, 0)
    assert done.summary["beside"] == done.summary["area"] == pytest.approx((SIDE * CELL) ** 2 / 10_000)
    signed_in(client, planner)
    assert "kein Bach so viel Land" in client.get(done.get_absolute_url()).content.decode()


def test_streams_of_less_than_ten_cells_are_refused_at_their_field(use_case: UseCase, planner: User, town: Tenant, ground: Dataset) -> None:  # fmt: skip
    planner.reach = reach(planner)
    with within(planner.reach.scope):
        form = use_case.form(
            data_of(question(ground, cell="20", catchment="0,3")), offer=offered_to(planner, town)
        )
        assert list(form.errors) == ["catchment"]
