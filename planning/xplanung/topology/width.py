"""How wide is a fault? Slivers below a tolerance are none."""

import math

import numpy as np
import shapely

from planning.xplanung.topology.shapes import Geometries


def cores(geometries: Geometries, width: float) -> Geometries:
    """What remains of each area at least half of `width` (metres) inside it: empty where no circle of that width fits in."""
    kept = np.full(len(geometries), shapely.Polygon(), dtype=object)
    roomy = shapely.area(geometries) >= math.pi * (width / 2) ** 2
    kept[roomy] = shapely.buffer(geometries[roomy], -width / 2, quad_segs=4)
    return kept
