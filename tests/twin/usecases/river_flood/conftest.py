"""A valley with a river as datasets of a town: heights, water levels as a table, the axis as points."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from tenants.models import Tenant
from tests.factories import datafiles, elevation
from tests.factories.datafiles import SOUTH, WEST
from tests.factories.elevation import CELL, SIDE
from twin.catalogue.models import Dataset

LENGTH = CELL * SIDE  # m
RIVER = SOUTH + LENGTH / 2  # m north
BED, RISE, FALL = 100.0, 0.1, 0.001  # m; of the sides, of the river
LEVELS = {"MNQ": 0.5, "MQ": 1.05, "a": 1.5, "HQ5": 2.05, "HQ100": 3.05}  # m above the bed
FLOW = {"MNQ": 10, "MQ": 50, "a": 100, "HQ5": 200, "HQ100": 500}
ZERO = 99.0  # m; of the gauge, at km 1
KILOMETRES = (1.0, 1.0 + LENGTH / 1000)


def valley() -> Any:
    """m: a V whose sides rise by 1 in 10, that is 0.2 m for each cell, and whose bed falls by 1 in 1000 to the east."""
    rows, columns = np.mgrid[0:SIDE, 0:SIDE] + 0.5
    return (BED + RISE * CELL * abs(rows - SIDE / 2) - FALL * CELL * columns).astype(np.float32)


def table(path: Path, levels: dict[str, float] | None = None, *, times: float = 1.0) -> Path:
    """As FLYS: a row for each station and class. times: to state levels in another unit."""
    lines = ["km;klasse;w_m_nhn;q_m3_s"]
    for name, height in (levels or LEVELS).items():
        for number, km in enumerate(KILOMETRES):
            level = times * (BED + height - FALL * LENGTH * number)
            lines.append(f"{km:.3f};{name};{level:.2f};{FLOW.get(name, '')}".replace(".", ","))
    path.write_text("\n".join(lines))
    return path


def axis(path: Path, *, north: float = RIVER) -> Path:
    points = shapely.points([(WEST, north), (WEST + LENGTH / 2, north), (WEST + LENGTH, north)])
    middle = sum(KILOMETRES) / 2
    return datafiles.write(path, points, km=[KILOMETRES[0], middle, KILOMETRES[1]])


@pytest.fixture
def ground(town: Tenant, tmp_path: Path) -> Dataset:
    return elevation.model(town, tmp_path, valley())


@pytest.fixture
def levels(town: Tenant, tmp_path: Path) -> Dataset:
    return elevation.delivered(town, table(tmp_path / "wsp.csv"), title="Wasserspiegellagen")


@pytest.fixture
def river(town: Tenant, tmp_path: Path) -> Dataset:
    return elevation.delivered(town, axis(tmp_path / "achse.gpkg"), title="Gewässerachse")
