"""Rain as a raster: each cell gets its own, in the course of the others."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from rasterio.transform import from_origin

from tenants.models import JobState, Tenant, User
from tenants.permissions import reach
from tenants.scope import within
from tests.factories import elevation, grids
from tests.factories.datafiles import WEST
from tests.factories.elevation import CELL, NORTH, SIDE
from tests.twin.analysis.test_pages import signed_in
from tests.twin.analysis.test_runs import ask, compute
from tests.twin.usecases.conftest import box
from tests.twin.usecases.heavy_rain.test_runs import heavy_rain, question
from twin.analysis.errors import RunRefused
from twin.analysis.forms import data_of
from twin.analysis.inputs import offered_to
from twin.analysis.usecase import UseCase
from twin.catalogue.models import Dataset

__all__ = ["heavy_rain"]
pytestmark = pytest.mark.django_db(transaction=True)
LENGTH = CELL * SIDE  # m
EULER = "5; 10\n60; 40"


def radar(town: Tenant, folder: Path, values: Any, *, cell: float = 60.0) -> Dataset:
    """From the model's corner on; two cells of 60 m are as long as the model."""
    path = grids.geotiff(folder / "regen.tif", np.array(values, np.float32), transform=from_origin(WEST, NORTH, cell, cell))  # fmt: skip
    return elevation.delivered(town, path, title="Radarsumme")


def asked(ground: Dataset, of: Dataset, /, **changes: Any) -> dict[str, Any]:
    return question(ground, rain_raster=str(of.public_id), **{"depth": None, "after": 0} | changes)


def test_each_cell_gets_its_own_rain(client: Client, heavy_rain: UseCase, planner: User, town: Tenant, ground: Dataset, tmp_path: Path) -> None:  # fmt: skip
    rain = radar(town, tmp_path, [[10, 20], [30, 0]])
    done = compute(ask(heavy_rain, planner, **asked(ground, rain))[0])
    assert done.state == JobState.DONE, done.job and done.job.error
    assert done.summary["rained"] == pytest.approx(0.015 * LENGTH**2, rel=1e-5)
    told = done.summary["rain_raster"]
    assert (told["lowest"], told["mean"], told["highest"]) == (0, 15, 30)
    signed_in(client, planner)
    page = " ".join(client.get(done.get_absolute_url()).content.decode().split())
    assert "Radarsumme, Version 1" in page
    assert "von 0,0 bis 30,0 mm im Gebiet, im Mittel 15,0 mm" in page
    quarter = box(WEST, NORTH - 60, WEST + 60, NORTH)
    part = compute(
        ask(heavy_rain, planner, **asked(ground, rain, area=quarter, rain="euler2", table=EULER))[0]
    )
    assert part.summary["rained"] == pytest.approx(0.010 * 60**2, rel=1e-4)


def test_a_finer_raster_counts_by_its_mean(heavy_rain: UseCase, planner: User, town: Tenant, ground: Dataset, tmp_path: Path) -> None:  # fmt: skip
    stripes = np.tile([[0.0, 40.0]], (120, 60))
    done = compute(ask(heavy_rain, planner, **asked(ground, radar(town, tmp_path, stripes, cell=1.0)))[0])
    assert done.summary["rained"] == pytest.approx(0.02 * LENGTH**2, rel=1e-4)
    assert done.summary["rain_raster"]["highest"] == 20


def test_what_is_no_rain_of_the_area_is_refused(heavy_rain: UseCase, planner: User, town: Tenant, ground: Dataset, tmp_path: Path) -> None:  # fmt: skip
    for values, words in (
        ([[10.0, 20.0]], "„Radarsumme“ sagt für 50,0 % des Gebiets, wie viel Regen fällt"),
        ([[10.0, 20.0], [5.0, np.nan]], "sagt für 75,0 % des Gebiets"),
        ([[10.0, 20.0], [5.0, -1.0]], "reicht von -1,0 bis 20,0. Es muss Regenhöhen in mm enthalten"),
        ([[0.0, 0.0], [0.0, 0.0]], "reicht von 0,0 bis 0,0"),
        ([[10.0, 20.0], [5.0, 2500.0]], "reicht von 5,0 bis 2.?500,0"),
    ):
        with pytest.raises(RunRefused, match=words):
            ask(heavy_rain, planner, **asked(ground, radar(town, tmp_path, values)))


def test_rain_is_said_once(heavy_rain: UseCase, planner: User, town: Tenant, ground: Dataset, tmp_path: Path) -> None:  # fmt: skip
    rain = radar(town, tmp_path, [[10, 20], [30, 0]])
    planner.reach = reach(planner)
    with within(planner.reach.scope):
        offer = offered_to(planner, town)
        for changes, fields in (
            ({"depth": "50"}, ["rain_raster"]),
            ({"scenario": "extreme_100"}, ["rain_raster"]),
            ({"years": "100"}, ["years"]),
            ({"rain": "euler2"}, ["table"]),
            ({}, []),
        ):
            form = heavy_rain.form(data_of(asked(ground, rain, **changes)), offer=offer)
            assert (changes, list(form.errors)) == (changes, fields)
