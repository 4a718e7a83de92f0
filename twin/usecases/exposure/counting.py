"""What stands in the water, counted by place: municipalities, plans. Pure.

A building and a facility count where a point inside them lies, a piece of road where its middle does. Agricultural land is cut at boundaries;
it is counted for municipalities alone, which don't lie over each other: of two areas at one place the water is told for one.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.analysis.water import Numbers, Shapes, points_of
from twin.usecases.exposure.case import Damage, Flags, Met, Outcome, Places, Wet


def met(outcome: Outcome, places: Places) -> Met:
    wet, count = outcome.classes > 0, len(places.names)
    shapes = outcome.inputs.buildings.shapes
    place, number = _inside(places, shapes[wet])
    damage, people, roads = outcome.damage, outcome.people, outcome.roads
    return Met(
        buildings=np.bincount(place, minlength=count),
        people=_sums(place, people[wet][number], count) if people is not None else None,
        damage=Damage(*(_sums(place, each[wet][number], count) for each in (damage.low, damage.middle, damage.high))) if damage else None,
        roads=_lengths(roads, places) if roads else None,
        facilities=_number(places, outcome.inputs.facilities.shapes, outcome.standing[1] > 0) if outcome.inputs.facilities and outcome.standing else None,
        cut=_number(places, shapes, outcome.cut) if outcome.cut is not None else None,
    )  # fmt: skip


def with_farmland(found: Met, outcome: Outcome, places: Places) -> Met:
    """Of places that don't lie over each other."""
    fields, water = outcome.inputs.farmland, outcome.inputs.water
    if fields is None:
        return found
    place, field = shapely.STRtree(fields).query(places.shapes, predicate="intersects")
    pieces = shapely.intersection(fields[field], places.shapes[place])
    areas = shapely.get_dimensions(pieces) == 2
    wet = water.over(pieces[areas], outcome.inputs.ends).sum(axis=1)
    return replace(found, farmland=_sums(place[areas], wet, len(places.names)))


def _inside(places: Places, shapes: Shapes) -> Any:
    """Pairs of a place and what lies in it."""
    return shapely.STRtree(shapely.point_on_surface(shapes)).query(places.shapes, predicate="intersects")


def _number(places: Places, shapes: Shapes, chosen: Flags) -> NDArray[np.intp]:
    return np.bincount(_inside(places, shapes[chosen])[0], minlength=len(places.names))


def _lengths(roads: Wet, places: Places) -> Numbers:
    middles = points_of(roads.ends.mean(axis=1))
    place, number = shapely.STRtree(middles).query(places.shapes, predicate="intersects")
    return _sums(place, roads.lengths[number], len(places.names))


def _sums(place: Any, values: Numbers, count: int) -> Numbers:
    return np.bincount(place, values, minlength=count).astype(float)
