"""The computation without the platform: water gathers as geometry says, and goes on from a state bit by bit."""

import subprocess
import sys
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from tests.factories.elevation import CELL, SIDE, SLOPE, bowl
from tests.twin.usecases.computing import outcome_of
from twin.hydro import storms
from twin.hydro.case import Case
from twin.hydro.classes import DEPTHS
from twin.hydro.sections import section
from twin.usecases.heavy_rain.core import compute
from twin.usecases.heavy_rain.rainfall import Inputs, Outcome, areas

DRY = np.zeros((SIDE, SIDE), bool)
NORTHERN = section(np.array([[SIDE / 2 - 10, 0], [SIDE / 2 - 10, SIDE]]))


def case(minutes: float = 120.0, *, built: Any = DRY) -> Inputs:
    ground = bowl() + np.where(built, np.float32(5), np.float32(0))
    return Inputs(Case(ground, CELL, minutes * 60, rain=storms.block(50, 60)), built, threads=1, sections=[("Nord", NORTHERN)])  # fmt: skip


def outcome(inputs: Inputs, saved: Any = None) -> Outcome:
    return outcome_of(compute(inputs, saved))


def test_rain_gathers_in_a_bowl_as_high_as_geometry_says() -> None:
    """A cone of slope s holds pi h^3 / (3 s^2) up to the height h."""
    found = outcome(case())
    rained = 0.05 * (SIDE * CELL) ** 2
    height = (3 * rained * SLOPE**2 / np.pi) ** (1 / 3)
    assert found.balance["rained"] == pytest.approx(rained, rel=1e-6)
    level = float((found.depth + bowl())[SIDE // 2, SIDE // 2]) - 100
    assert level == pytest.approx(height, rel=0.005)
    assert abs(found.balance["error"]) < 1e-6 * rained
    wet = float((found.depth >= 0.05).sum()) * CELL**2
    assert wet == pytest.approx(np.pi * (height / SLOPE) ** 2, rel=0.1)


def test_the_deepest_water_comes_first_in_the_middle() -> None:
    found = outcome(case())
    middle = SIDE // 2
    assert float(found.arrival[middle, middle]) == pytest.approx(float(np.nanmin(found.arrival)), abs=1.0)
    assert np.isnan(found.arrival[0, 0])
    np.testing.assert_array_equal(np.isnan(found.arrival), found.depth < 0.05)


def test_it_goes_on_from_a_state_bit_by_bit() -> None:
    inputs = case(90.0)
    stages = compute(inputs, None)
    for _ in range(80):
        stage = next(stages)
    saved = stage.pack()
    whole, resumed = outcome(inputs), outcome(inputs, saved)
    np.testing.assert_equal(resumed.course.pack(), whole.course.pack())
    for each in fields(Outcome):
        if each.name == "course":
            continue
        np.testing.assert_equal(getattr(resumed, each.name), getattr(whole, each.name), each.name)


def test_a_state_of_another_case_is_left_out() -> None:
    saved = {**next(compute(case(10.0), None)).pack(), "h": np.zeros((3, 3), np.float32)}
    assert outcome(case(10.0), saved).steps == outcome(case(10.0)).steps


def test_houses_stay_dry_and_their_rain_runs_off_beside_them() -> None:
    built = DRY.copy()
    built[28:32, 28:32] = True
    found = outcome(case(built=built))
    assert np.isnan(found.depth[built]).all()
    assert np.isnan(found.arrival[built]).all()
    assert found.balance["rained"] == pytest.approx(0.05 * (SIDE * CELL) ** 2, rel=1e-6)
    beside = (27, 30)  # where the water stands higher, since they take its room
    assert found.depth[beside] > outcome(case()).depth[beside] + 0.01


def test_classes_hold_their_lower_ends_and_the_last_one_is_open() -> None:
    below = np.nextafter(np.float32(0.1), np.float32(0))
    values = np.array([[0.0, 0.0499, 0.05, below], [0.1, 0.5, 1.0, 7.0], [np.nan, np.nan, 0.3, np.inf]], np.float32)  # fmt: skip
    assert areas(values, ends=DEPTHS, cell=2.0) == [8.0, 8.0, 4.0, 12.0]


def test_the_computation_knows_no_django() -> None:
    code = "import sys, twin.usecases.heavy_rain.core, twin.usecases.heavy_rain.earthworks; print(any(name.startswith('django') for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
