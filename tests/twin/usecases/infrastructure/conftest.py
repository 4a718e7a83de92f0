"""A square of roads of 1 km with a house road, a fire station and a school at opposite corners, three homes."""

from pathlib import Path
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon

from planning.models import Plan
from tenants.models import Tenant
from tests.factories import elevation
from tests.factories.datafiles import SOUTH, WEST, write
from tests.factories.planning import make_plan


def at(*corners: tuple[float, float]) -> Any:
    """A point, or a line."""
    placed = [(WEST + x, SOUTH + y) for x, y in corners]
    return shapely.Point(placed[0]) if len(placed) == 1 else shapely.LineString(placed)


ROADS = [at((0, 0), (1000, 0)), at((1000, 0), (1000, 1000)), at((1000, 1000), (0, 1000)), at((0, 1000), (0, 0)), at((500, 1000), (500, 1300))]  # fmt: skip
FLOODED = [shapely.box(WEST - 10, SOUTH + 400, WEST + 10, SOUTH + 600), shapely.box(WEST + 480, SOUTH + 990, WEST + 520, SOUTH + 1010)]  # fmt: skip


def sample(town: Tenant, folder: Path) -> dict[str, str]:
    """Public ids by parameter. The south side goes at 18 km/h, the others at 36."""
    files = {
        "roads": write(folder / "weg.gpkg", ROADS, tempo=[18, 36, 36, 36, 36], zustand=["schlecht", *["gut"] * 4], baulast=["Landkreis", *["Stadt"] * 4]),
        "facilities": write(folder / "ort.gpkg", [at((0, 5)), at((1005, 1000))], name=["Wache Mitte", "Schule am Anger"], art=["Feuerwehr", "Grundschule"], traeger=["Stadt", "Stadt"], zustand=["gut", "schlecht"], plaetze=[0, 120]),
        "homes": write(folder / "wohnen.gpkg", [at((200, 5)), at((1005, 900)), at((505, 1250))], einwohner=[10, 20, 30]),
        "flooded": write(folder / "wasser.gpkg", FLOODED),
    }  # fmt: skip
    return {name: str(elevation.delivered(town, path, title=name.title()).public_id) for name, path in files.items()}  # fmt: skip


def estate(town: Tenant, *, south: float = -50) -> Plan:
    """Around a point on the south side, 50 m from its east end."""
    area = shapely.box(WEST + 900, SOUTH + south, WEST + 1000, SOUTH + south + 100)
    return make_plan(town, number="9/26", name="Am Anger", area=MultiPolygon(GEOSGeometry(area.wkt, srid=25833), srid=25833))  # fmt: skip


@pytest.fixture
def data(town: Tenant, tmp_path: Path) -> dict[str, str]:
    return sample(town, tmp_path)
