"""Elevation models as towns deliver them, small enough to compute on."""

from pathlib import Path
from typing import Any

import numpy as np
from rasterio.transform import from_origin

from tenants.models import Tenant, User
from tenants.scope import acting_for
from tests.factories import grids
from tests.factories.datafiles import SOUTH, WEST
from twin.catalogue import importing
from twin.catalogue.formats.reading import Wishes
from twin.catalogue.importing import Order
from twin.catalogue.models import Dataset

CELL = 2.0  # m
SIDE = 60  # cells
NORTH = SOUTH + CELL * SIDE
SLOPE = 0.05


def bowl(side: int = SIDE, cell: float = CELL) -> Any:
    """Metres: a cone on its tip in the middle, 100 m high there."""
    rows, columns = np.mgrid[0:side, 0:side] + 0.5 - side / 2
    return (100 + SLOPE * cell * np.hypot(rows, columns)).astype(np.float32)


def ramp(side: int = SIDE, cell: float = CELL) -> Any:
    """Metres: falls to the south by five in a hundred."""
    rows = np.mgrid[0:side, 0:side][0]
    return (110 - SLOPE * cell * rows).astype(np.float32)


def delivered(
    tenant: Tenant, path: Path, *, title: str, actor: User | None = None, anywhere: bool = False
) -> Dataset:
    with acting_for([tenant.pk], [tenant.pk]):
        order = Order(tenant, actor, path.name, title=title, wishes=Wishes(anywhere=anywhere))
        return importing.import_file(path, order=order).dataset


def model(
    tenant: Tenant, folder: Path, heights: Any = None, *, cell: float = CELL, **profile: Any
) -> Dataset:
    """A dataset with these heights, from WEST and NORTH on."""
    values = bowl() if heights is None else heights
    path = grids.geotiff(
        folder / "dgm.tif", values, transform=from_origin(WEST, NORTH, cell, cell), **profile
    )
    return delivered(tenant, path, title="Geländemodell")
