"""Water in three strips, and a village small enough to be counted by hand."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from tenants.models import Tenant
from tests.factories import elevation
from tests.factories.datafiles import SOUTH, WEST, write
from twin.analysis import terrain


def box(west: float, south: float, east: float, north: float) -> Any:
    return shapely.box(WEST + west, SOUTH + south, WEST + east, SOUTH + north)


def depths(folder: Path) -> Path:
    """100 m by 100 m in cells of 1 m: 30 cm of water up to x = 40 m, 1.2 m up to 60 m, dry up to 90 m, nothing known beyond."""
    found = np.zeros((100, 100), np.float32)
    found[:, :40], found[:, 40:60], found[:, 90:] = 0.3, 1.2, np.nan
    terrain.write(
        found, folder / "tiefe.tif", part=terrain.Frame(WEST, SOUTH + 100, 1.0, 100, 100), srid=25833
    )
    return folder / "tiefe.tif"


HOUSES = [
    box(10, 10, 20, 20),
    box(35, 10, 45, 20),
    box(70, 10, 80, 20),
    box(92, 10, 98, 20),
    box(10, 40, 14, 44),
]


def sample(town: Tenant, folder: Path) -> dict[str, str]:
    """Public ids by parameter: water, and what may stand in it."""
    files = {
        "raster": depths(folder),
        "buildings": write(folder / "haus.gpkg", HOUSES, geschosse=[2, 1, 1, 1, 1], nutzung=["Wohnen", "Gemischte Nutzung", "Wohnhaus", "Wohnen", "Wohnen"]),
        "roads": write(folder / "weg.gpkg", [shapely.LineString([(WEST, SOUTH + 50), (WEST + 100, SOUTH + 50)])]),
        "facilities": write(folder / "ort.gpkg", list(shapely.points([(WEST + 15, SOUTH + 15), (WEST + 75, SOUTH + 15)])), name=["Kita Elbkinder", "Feuerwehr"], art=["Kita", "Feuerwehr"]),
        "farmland": write(folder / "acker.gpkg", [box(20, 60, 80, 90)]),
    }  # fmt: skip
    return {name: str(elevation.delivered(town, path, title=name.title()).public_id) for name, path in files.items()}  # fmt: skip


@pytest.fixture
def data(town: Tenant, tmp_path: Path) -> dict[str, str]:
    return sample(town, tmp_path)
