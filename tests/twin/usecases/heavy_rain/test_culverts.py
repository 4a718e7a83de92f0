"""Openings below embankments: cut straight between their ends, without a gap; water passes where it was held."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.test import Client

from tenants.models import JobState, Tenant, User
from tenants.permissions import reach
from tenants.scope import within
from tests.factories import elevation
from tests.factories.datafiles import SOUTH, WEST, write
from tests.factories.elevation import CELL, NORTH, SIDE, ramp
from tests.factories.tenants import TenantFactory
from tests.twin.analysis.test_pages import signed_in
from tests.twin.analysis.test_runs import ask, compute
from tests.twin.usecases.conftest import grid_of
from tests.twin.usecases.heavy_rain.test_runs import heavy_rain, question
from twin.analysis import terrain
from twin.analysis.errors import RunRefused
from twin.analysis.forms import data_of
from twin.analysis.inputs import offered_to
from twin.analysis.terrain import Frame
from twin.analysis.usecase import UseCase
from twin.catalogue.models import Dataset
from twin.hydro.case import Pipe
from twin.usecases.heavy_rain import culverts
from twin.usecases.heavy_rain.culverts import Culvert

__all__ = ["heavy_rain"]
PART = Frame(WEST, NORTH, CELL, SIDE, SIDE)
DRY = np.zeros((SIDE, SIDE), bool)


def banked() -> Any:
    """A ramp to the south with a bank of 2 m across it."""
    found = ramp()
    found[30:33] += 2
    return found


def at(row: float, column: float) -> tuple[float, float]:
    """The middle of a cell."""
    return WEST + (column + 0.5) * CELL, NORTH - (row + 0.5) * CELL


PIPE = shapely.LineString([at(29, 20), at(33, 24)])  # slanted, from the foot of the bank to the other


def delivered(town: Tenant, folder: Path, lines: Any, **columns: Any) -> Dataset:
    path = write(folder / "durchlass.gpkg", lines, **columns or {"nummer": list(range(len(lines)))})
    return elevation.delivered(town, path, title="Durchlässe")


def cut(*found: Culvert, ground: Any = None, built: Any = DRY) -> tuple[Any, dict[str, Any]]:
    heights = banked() if ground is None else ground
    return heights, culverts.cut(heights, found, part=PART, closed=built)[0]


def test_a_slanted_pipe_is_cut_straight_between_its_ends_without_a_gap() -> None:
    ground, told = cut(Culvert(PIPE))
    rows, columns = terrain.along(PIPE, PART).T
    assert set((abs(np.diff(rows)) + abs(np.diff(columns))).tolist()) == {
        1
    }  # each shares a side with the next
    bed = np.linspace(ramp()[29, 0], ramp()[33, 0], len(rows))
    np.testing.assert_array_less(ground[rows, columns], bed + 1e-4)
    untouched = np.ones_like(DRY)
    untouched[rows, columns] = False
    np.testing.assert_array_equal(ground[untouched], banked()[untouched])
    assert told == {"lines": 1, "pipes": 0, "left_out": 0, "cells": int((ground < banked()).sum()), "deepest": pytest.approx(2, abs=0.15), "names": []}  # fmt: skip


def test_a_stated_bed_counts_and_nothing_is_raised() -> None:
    ground, told = cut(Culvert(shapely.LineString([at(29, 20), at(33, 20)]), 106.0, 105.0))
    np.testing.assert_allclose(ground[29:34, 20], [106, 105.75, 105.5, 105.25, 105])
    assert (told["cells"], told["deepest"]) == (5, round(float(banked()[32, 20]) - 105.25, 2))
    high, told = cut(Culvert(PIPE, 200.0, 200.0))
    np.testing.assert_array_equal(high, banked())
    assert (told["cells"], told["deepest"]) == (0, 0)


def test_what_leaves_the_model_has_no_height_or_meets_a_house_is_left_out() -> None:
    houses, holed = DRY.copy(), banked()
    houses[31, 40] = True
    holed[31, 50] = np.nan
    lines = [shapely.LineString([at(29, column), at(33, column)]) for column in (40, 50, 10)]
    ground, told = cut(*map(Culvert, [*lines, shapely.LineString([at(58, 5), at(70, 5)])]), ground=holed, built=houses)  # fmt: skip
    assert (told["lines"], told["left_out"], told["cells"]) == (4, 3, 3)
    assert float(ground[31, 40]) == float(banked()[31, 40])


def test_several_lines_in_one_have_the_same_bed() -> None:
    both = shapely.MultiLineString([[at(29, 1), at(33, 1)], [at(29, 9), at(33, 9)]])
    values = np.array([[105.0, np.nan, np.nan, np.nan], [1.0, 2.0, np.nan, np.nan]])
    found = culverts.lines([both, shapely.LineString()], values)
    assert [(each.first, np.isnan(each.last)) for each in found] == [(105, True), (105, True)]


def test_a_line_with_a_size_is_a_pipe_below_houses_and_cuts_nothing() -> None:
    houses, ground = DRY.copy(), banked()
    houses[31, 20] = True
    line = shapely.LineString([at(28, 20), at(35, 20)])
    short = shapely.LineString([at(28, 5), at(28.2, 5)])
    found = [Culvert(short, diameter=1.0, name="fällt weg"), Culvert(line, diameter=0.5, name="Rohr A"), Culvert(line, 106.0, 105.0, most=0.1)]  # fmt: skip
    told, pipes = culverts.cut(ground, found, part=PART, closed=houses)
    np.testing.assert_array_equal(ground, banked())
    assert (told["lines"], told["pipes"], told["left_out"], told["cells"]) == (0, 3, 1, 0)
    assert told["names"] == ["Rohr A", ""]  # of those that lead water
    ends, natural = ((28, 20), (35, 20)), (float(ramp()[28, 0]), float(ramp()[35, 0]))
    assert pipes == [Pipe(ends, natural, 0.5), Pipe(ends, (106.0, 105.0), most=0.1)]


@pytest.mark.django_db(transaction=True)
def test_no_more_passes_than_a_pipe_takes(client: Client, heavy_rain: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    """Below a bank that is not topped: one pipe of 20 cm, one that takes 1 l/s at most."""
    heights = ramp()
    heights[30:33] = heights[29] + 1.5
    bank = elevation.model(town, tmp_path, heights)
    lines = [shapely.LineString([at(29, column), at(33, column)]) for column in (20, 40)]
    both = delivered(
        town, tmp_path, lines, dn=["200", None], Q_max=[None, "0,001"], Bezeichnung=["Schulweg", None]
    )
    done = compute(
        ask(heavy_rain, planner, **question(bank, depth=5, after=60, culverts=str(both.public_id)))[0]
    )
    assert done.state == JobState.DONE, done.job and done.job.error
    first, second = done.summary["pipes"]
    assert (first["diameter"], first["most"], second["diameter"], second["most"]) == (0.2, None, None, 0.001)
    assert (first["name"], second["name"], second["peak"]) == ("Schulweg", "", 0.001)
    assert second["volume"] <= 0.001 * 2 * 3600
    deepest = float(grid_of(done, "depth")[29, 20])
    assert 0.001 < first["peak"] <= 0.6 * np.pi / 4 * 0.2**2 * np.sqrt(2 * 9.81 * deepest)
    assert done.summary["error"] < 1e-6
    signed_in(client, planner)
    page = " ".join(client.get(done.get_absolute_url()).content.decode().split())
    assert [
        each
        for each in ("Rohre", "1 Schulweg</th>", "Durchmesser in m", "entlang der Linie", "0,001")
        if each not in page
    ] == []
    assert "aufgeschnitten entlang" not in page and "Das Gelände ist entlang" not in page  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_the_bank_lets_go_of_its_water(heavy_rain: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    """A bank of 40 cm, which the rain above does not top without an opening: then below stands only its own."""
    heights = ramp()
    heights[30:33] = heights[29]  # level with the ground above it
    heights[30:33] += 0.4
    bank = elevation.model(town, tmp_path, heights)
    pipe = delivered(town, tmp_path, [PIPE, shapely.LineString([at(50, 5), at(90, 5)])])
    asked = question(bank, depth=5, after=60)
    held = compute(ask(heavy_rain, planner, **asked)[0])
    done = compute(ask(heavy_rain, planner, **asked, culverts=str(pipe.public_id))[0])
    assert done.state == JobState.DONE, done.job and done.job.error
    told = done.summary["culverts"]
    assert (told["lines"], told["left_out"], told["deepest"]) == (2, 1, pytest.approx(0.7, abs=0.1))
    assert told["source"].startswith("Durchlässe, Version 1")
    last = [float(grid_of(run, "depth")[-1].mean()) for run in (held, done)]
    assert last[1] > 1.5 * last[0]


@pytest.mark.django_db(transaction=True)
def test_lines_that_are_no_culverts_are_refused_before(heavy_rain: UseCase, planner: User, town: Tenant, ground: Dataset, tmp_path: Path) -> None:  # fmt: skip
    road = delivered(town, tmp_path, [shapely.LineString([(WEST, SOUTH + 5), (WEST + 501, SOUTH + 5)])])
    deep = delivered(town, tmp_path, [PIPE], sohle=["10510,5"])
    thick = delivered(town, tmp_path, [PIPE], durchmesser=["800"])
    none = delivered(town, tmp_path, [PIPE], q_max=["0"])
    for lines, words in (
        (thick, "„Durchlässe“ hat ein Rohr mit 800 m Durchmesser."),
        (none, "„Durchlässe“ hat ein Rohr, das höchstens 0 m³/s fasst."),
        (road, "„Durchlässe“ hat eine Linie von 501 m."),
        (deep, "„Durchlässe“ hat eine Sohle auf 10510 m."),
    ):
        with pytest.raises(RunRefused) as refused:
            ask(heavy_rain, planner, **question(ground, culverts=str(lines.public_id)))
        assert str(refused.value).startswith(words)
    other = delivered(TenantFactory.create(), tmp_path, [PIPE])  # another town's, not public
    planner.reach = reach(planner)
    with within(planner.reach.scope):
        form = heavy_rain.form(data_of(question(ground, culverts=str(other.public_id))), offer=offered_to(planner, town))  # fmt: skip
        assert list(form.errors) == ["culverts"]
