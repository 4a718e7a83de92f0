"""What can't be computed is refused before anything runs, with the numbers that a person needs to mend it."""

from typing import Any

import numpy as np
import pytest

from twin.hydro.case import Case, Curve, Edge, Inflow, Rain, Side
from twin.hydro.errors import BadCurve, Holes, HydroError, NothingToCompute, OutOfRange, WrongShape

FLAT = np.zeros((4, 5))
DRIZZLE = Curve((0, 60), (0, 1))


def with_value(value: float) -> np.ndarray:
    terrain = FLAT + 110.0
    terrain[2, 3] = value
    return terrain


def test_a_hole_in_the_area_is_named() -> None:
    with pytest.raises(Holes) as refused:
        Case(with_value(np.nan), 1.0, 60, area=FLAT == 0)
    assert (refused.value.name, refused.value.count, refused.value.at) == ("terrain", 1, (2, 3))


def test_a_hole_bounds_the_area_if_none_is_given() -> None:
    assert Case(with_value(np.nan), 1.0, 60).active.sum() == 19


@pytest.mark.parametrize("value", [-9999.0, 11234.0, np.inf])
def test_a_height_that_is_none_is_refused(value: float) -> None:
    with pytest.raises(OutOfRange) as refused:
        Case(with_value(value), 1.0, 60, area=FLAT == 0)
    assert (refused.value.value, refused.value.at) == (value, (2, 3))


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("duration", {"duration": -3600}),
        ("duration", {"duration": float("nan")}),
        ("cell", {"cell": 0.0}),
        ("manning", {"manning": -0.03}),
        ("manning", {"manning": 30.0}),
        ("infiltration", {"infiltration": -1.0}),
        ("depth", {"depth": -0.1}),
        ("rain", {"rain": Rain(Curve((0, 60), (0, 1e6)))}),
        ("inflow", {"inflows": (Inflow((0,), (0,), Curve((0,), (-1.0,))),)}),
    ],
)
def test_a_number_that_can_not_be_true_is_refused(name: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(OutOfRange) as refused:
        Case(**{"terrain": FLAT, "cell": 1.0, "duration": 60, **wrong})
    assert refused.value.name == name


@pytest.mark.parametrize(
    "wrong",
    [
        {"terrain": np.zeros(5)},
        {"terrain": np.zeros((0, 3))},
        {"manning": np.zeros((5, 4)) + 0.03},
        {"depth": np.zeros(5)},
        {"area": np.ones((5, 4), bool)},
        {"rain": Rain(DRIZZLE, np.ones((5, 4)))},
        {"inflows": (Inflow((4,), (0,), DRIZZLE),)},
        {"edges": (Edge(Side.EAST, np.ones((5, 4), bool)),)},
    ],
)
def test_an_array_of_another_shape_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(WrongShape):
        Case(**{"terrain": FLAT, "cell": 1.0, "duration": 60, **wrong})


@pytest.mark.parametrize(
    "points",
    [
        ((), ()),
        ((0, 1), (0,)),
        ((0, 0), (0, 1)),
        ((1, 0), (0, 1)),
        ((0, np.nan), (0, 1)),
        ((0, 1), (0, np.nan)),
    ],
)
def test_a_curve_that_is_none_is_refused(points: tuple[tuple[float, ...], tuple[float, ...]]) -> None:
    with pytest.raises(BadCurve):
        Curve(*points)


def test_rain_that_is_taken_back_is_refused() -> None:
    with pytest.raises(BadCurve):
        Case(FLAT, 1.0, 60, rain=Rain(Curve((0, 60, 120), (0, 5, 4))))


@pytest.mark.parametrize(
    "wrong",
    [
        {"area": np.zeros((4, 5), bool)},
        {"terrain": FLAT + np.nan},
        {"inflows": (Inflow((), (), DRIZZLE),)},
        {"area": np.eye(4, 5) > 0, "inflows": (Inflow((0,), (1,), DRIZZLE),)},
    ],
)
def test_a_case_without_cells_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(NothingToCompute):
        Case(**{"terrain": FLAT, "cell": 1.0, "duration": 60, **wrong})


def test_every_refusal_is_of_one_kind_and_says_what_is_wrong() -> None:
    with pytest.raises(HydroError, match="row 2, column 3; allowed is -500 to 9000"):
        Case(with_value(-9999.0), 1.0, 60)
