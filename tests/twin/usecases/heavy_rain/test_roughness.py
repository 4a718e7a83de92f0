"""Friction by land use: which column, what its values mean, and what it does to the water."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from tenants.models import JobState, Tenant, User
from tenants.permissions import reach
from tenants.scope import within
from tests.factories import elevation
from tests.factories.datafiles import SOUTH, WEST, write
from tests.factories.elevation import CELL, SIDE
from tests.factories.tenants import TenantFactory
from tests.twin.analysis.test_runs import ask, compute
from tests.twin.usecases.conftest import grid_of
from tests.twin.usecases.heavy_rain.test_runs import heavy_rain, question
from twin.analysis.errors import RunRefused
from twin.analysis.forms import data_of
from twin.analysis.inputs import offered_to
from twin.analysis.usecase import UseCase
from twin.catalogue.models import Dataset
from twin.usecases.heavy_rain import roughness
from twin.usecases.heavy_rain.roughness import BadLandUse, Column

__all__ = ["heavy_rain"]
WIDTH = CELL * SIDE  # m of the model


def uses(town: Tenant, folder: Path, **columns: Any) -> Dataset:
    """A quarter of the model in the west, and a quarter in the east."""
    strips = [shapely.box(WEST + x, SOUTH, WEST + x + WIDTH / 4, SOUTH + WIDTH) for x in (0, WIDTH * 3 / 4)]
    return elevation.delivered(town, write(folder / "nutzung.gpkg", strips, **columns), title="Landnutzung")


@pytest.mark.parametrize(
    ("names", "stated", "wanted"),
    [
        (["fid", "Nutzung"], "", Column("Nutzung", "use")),
        (["nutzung", "MANNING"], "", Column("MANNING", "manning")),
        (["art", "kSt"], "", Column("kSt", "strickler")),
        (["fid", "veg"], "veg", Column("veg", "use")),
        (["kst", "nutzung"], "nutzung", Column("nutzung", "use")),
    ],
)
def test_the_column_is_the_one_that_is_stated_or_known(names: list[str], stated: str, wanted: Column) -> None:
    assert roughness.column(names, stated) == wanted


@pytest.mark.parametrize(
    ("text", "manning"),
    [
        ("Wald", 0.10), ("Waldweg", 0.10), ("Straßenverkehr", 0.016), ("Platz", 0.016), ("Sportplatz", 0.035), ("Parkplatz", 0.016),
        ("Landwirtschaft: Grünland", 0.03), ("Landwirtschaft: Ackerland", 0.035), ("Fließgewässer", 0.03), ("WOHNBAUFLÄCHE", 0.05),
        ("Bahnverkehr", 0.025), ("Unland", None),
    ],
)  # fmt: skip
def test_words_mean_a_roughness(text: str, manning: float | None) -> None:
    assert roughness.frictions(Column("nutzung", "use"), [text, "Wald", None, ""])[text] == manning


def test_strickler_is_one_over_manning() -> None:
    assert roughness.frictions(Column("kst", "strickler"), ["25", "12,5"]) == {"25": 0.04, "12,5": 0.08}


@pytest.mark.parametrize(
    ("kind", "texts", "code"),
    [("manning", ["0.05", "30"], "value"), ("manning", ["rau"], "value"), ("strickler", ["0"], "value"), ("use", ["Unland", "12"], "unknown"), ("use", [None], "unknown")],
)  # fmt: skip
def test_what_is_no_roughness_is_refused(kind: str, texts: list[str | None], code: str) -> None:
    with pytest.raises(BadLandUse, match=code):
        roughness.frictions(Column("x", kind), texts)


def test_shares_are_told_by_value() -> None:
    numbers = np.array([[0, 0, 1, 1], [1, 1, 2, 2]], np.int32)
    active = np.array([[False, True, True, True], [True, True, True, True]])
    found = {"Wald": 0.1, "Unland": None}
    assert [(each["name"], each["manning"], each["percent"]) for each in roughness.told(numbers, active, found, 0.05)] == [("Wald", 0.1, 57.14), ("Unland", 0.05, 28.57), (None, 0.05, 14.29)]  # fmt: skip
    np.testing.assert_array_equal(roughness.grid(numbers, list(found.values()), 0.05), np.array([[0.05, 0.05, 0.1, 0.1], [0.1, 0.1, 0.05, 0.05]], np.float32))  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_water_runs_slower_through_a_wood_than_over_asphalt(heavy_rain: UseCase, planner: User, town: Tenant, tmp_path: Path) -> None:  # fmt: skip
    """On a ramp of five in a hundred, each strip alike but for its friction."""
    slope = elevation.model(town, tmp_path, elevation.ramp())
    land = uses(town, tmp_path, nutzung=["Wald", "Straßenverkehr"])
    run, _ = ask(heavy_rain, planner, **question(slope, landuse=str(land.public_id), after=0, edges="open"))
    assert "notes" not in run.summary
    done = compute(run)
    assert done.state == JobState.DONE, done.job and done.job.error
    told = done.summary["friction"]
    assert [(row["name"], row["manning"], row["percent"]) for row in told["shares"]] == [(None, 0.05, 50.0), ("Straßenverkehr", 0.016, 25.0), ("Wald", 0.1, 25.0)]  # fmt: skip
    depth = grid_of(done, "depth")[30]
    wood, middle, road = (float(depth[column]) for column in (7, 30, 52))
    # steady flow of the same rain: depth goes by n^(3/5)
    assert wood / middle == pytest.approx(2**0.6, rel=0.02)
    assert middle / road == pytest.approx((0.05 / 0.016) ** 0.6, rel=0.02)


@pytest.mark.django_db(transaction=True)
def test_land_use_that_says_nothing_is_refused_before(heavy_rain: UseCase, planner: User, town: Tenant, ground: Dataset, tmp_path: Path) -> None:  # fmt: skip
    partly, none, wrong = (uses(town, tmp_path, **columns) for columns in ({"nutzung": ["Wald", "Unland"]}, {"nutzung": ["Unland", "12"]}, {"manning": [0.05, 30.0]}))  # fmt: skip
    run, _ = ask(heavy_rain, planner, **question(ground, landuse=str(partly.public_id)))
    assert run.summary["notes"] == ["Für diese Landnutzung ist keine Rauheit bekannt, dort gilt die angegebene: Unland"]  # fmt: skip
    for land, words in (
        (
            none,
            "Für die Landnutzung, die „Landnutzung“ im Gebiet nennt, ist keine Rauheit bekannt: 12, Unland",
        ),
        (wrong, "„Landnutzung“ hat die Rauheit „30.0“."),
    ):
        with pytest.raises(RunRefused) as refused:
            ask(heavy_rain, planner, **question(ground, landuse=str(land.public_id)))
        assert str(refused.value).startswith(words)


@pytest.mark.django_db(transaction=True)
def test_a_column_that_is_not_there_is_said_at_its_field(heavy_rain: UseCase, planner: User, town: Tenant, ground: Dataset, tmp_path: Path) -> None:  # fmt: skip
    land, bare = uses(town, tmp_path, nutzung=["Wald", "Wald"]), uses(town, tmp_path, nummer=[1, 2])
    other = uses(TenantFactory.create(), tmp_path, nutzung=["Wald", "Wald"])  # another town's, not public
    planner.reach = reach(planner)
    faults: list[tuple[dict[str, Any], str, str]] = [
        ({"landuse": str(other.public_id)}, "landuse", ""),
        ({"landuse": str(bare.public_id)}, "landuse", "„Landnutzung“ hat keine Spalte, die die Rauheit nennt"),
        ({"landuse": str(land.public_id), "landuse_column": "n'; --"}, "landuse_column", "keine Spalte „n'; --“ für die Rauheit"),
        ({"landuse_column": "nutzung"}, "landuse_column", "Das gehört zu einem Datensatz der Landnutzung"),
    ]  # fmt: skip
    with within(planner.reach.scope):
        for changes, field, words in faults:
            form = heavy_rain.form(data_of(question(ground) | changes), offer=offered_to(planner, town))
            assert list(form.errors) == [field], (changes, form.errors)
            assert words in str(form.errors[field][0])
