"""Design storms: the order of an Euler storm by hand, and a real column of KOSTRA-DWD where the shared files are there."""

import csv
from pathlib import Path

import numpy as np
import pytest

from twin.hydro.errors import BadCurve
from twin.hydro.storms import block, euler2

TABLE = {
    5: 10.0,
    10: 16.0,
    15: 20.0,
    20: 23.0,
    30: 27.0,
    45: 31.5,
    60: 34.5,
}  # increments 10 6 4 3 2 2 1.5 1.5 1.5 1 1 1


def steps(minutes: int) -> list[float]:
    return np.diff(euler2(TABLE, minutes).fallen.values).round(9).tolist()


def test_euler_two_begins_its_strongest_step_at_three_tenths_rounded_down() -> None:
    """60 minutes: 18 become 15, so three steps come before the strongest."""
    assert steps(60) == [3.0, 4.0, 6.0, 10.0, 2.0, 2.0, 1.5, 1.5, 1.5, 1.0, 1.0, 1.0]


def test_euler_two_of_other_durations() -> None:
    assert steps(15) == [10.0, 6.0, 4.0]
    assert steps(20) == [6.0, 10.0, 4.0, 3.0]
    assert steps(5) == [10.0]


def test_a_storm_brings_the_depth_of_its_duration() -> None:
    assert euler2(TABLE, 45).fallen.values[-1] == pytest.approx(31.5)
    assert euler2(TABLE, 45).fallen.times[-1] == 45 * 60
    assert block(31.5, 45).fallen.at(45 * 30) == pytest.approx(31.5 / 2)
    assert block(31.5, 45).fallen.at(90 * 60) == 31.5


@pytest.mark.parametrize(
    ("table", "minutes"),
    [
        ({}, 60),
        (TABLE, 0),
        (TABLE, 62),
        (TABLE, -5),
        (TABLE, 90),
        ({10: 5.0, 60: 9.0}, 60),
        ({5: 9.0, 60: 5.0}, 60),
        ({5: np.nan, 60: 5.0}, 60),
    ],
)
def test_a_table_that_does_not_serve_is_refused(table: dict[int, float], minutes: int) -> None:
    with pytest.raises(BadCurve):
        euler2(table, minutes)


def test_kostra_at_meissen(shared_data: Path) -> None:
    with (shared_data / "flood" / "derived_kostra_dwd_2010r_lk_meissen.csv").open() as source:
        rows = list(csv.DictReader(source))
    hundred = {
        int(row["duration_min"]): float(row["hn_mm_T100"]) for row in rows if row["index_rc"] == "49061"
    }
    storm = np.diff(euler2(hundred, 60).fallen.values)
    assert storm.sum() == pytest.approx(hundred[60])
    assert storm.argmax() == 3
    assert storm.max() == hundred[5]
