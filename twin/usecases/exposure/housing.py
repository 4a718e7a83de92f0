"""Where people live: inhabitants of areas or addresses -> inhabitants of buildings. Pure."""

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.analysis.water import Numbers, Shapes
from twin.usecases.exposure.case import Buildings, People

NEAR = 25.0  # m between an address and its building


def housed(buildings: Buildings, people: People) -> tuple[Numbers, float]:
    """Inhabitants of each building, and how many found none."""
    room = np.where(buildings.homes, shapely.area(buildings.shapes) * buildings.storeys, 0.0)
    if people.shapes is None:
        return _shared(room, np.zeros(len(room), np.intp), people.counts)
    if shapely.get_dimensions(people.shapes).max(initial=0) == 0:
        return _addressed(buildings, people.shapes, people.counts)
    inside = shapely.point_on_surface(buildings.shapes)
    area, number = shapely.STRtree(inside).query(people.shapes, predicate="intersects").astype(np.intp)
    of = np.full(len(room), -1, np.intp)
    of[number[::-1]] = area[::-1]  # where two areas overlap the first counts
    return _shared(room, of, people.counts)


def _shared(room: Numbers, of: NDArray[np.intp], counts: Numbers) -> tuple[Numbers, float]:
    """The inhabitants of each area go to its homes by their floor area. of: the area of each building, -1 for none."""
    known = of >= 0
    whole = np.bincount(of[known], room[known], minlength=len(counts))
    each = np.divide(counts, whole, out=np.zeros(len(counts)), where=whole > 0)
    return np.where(known, room * each[of], 0.0), float(counts[whole == 0].sum())


def _addressed(buildings: Buildings, points: Shapes, counts: Numbers) -> tuple[Numbers, float]:
    """Those of an address live in the nearest building."""
    tree = shapely.STRtree(buildings.shapes)
    address, number = tree.query_nearest(points, max_distance=NEAR, all_matches=False)
    found = np.bincount(number, counts[address], minlength=len(buildings)).astype(float)
    return found, float(counts.sum() - counts[address].sum())
