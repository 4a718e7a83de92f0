"""Things and water -> what stands in it; pure, loaded by the worker."""

from collections.abc import Generator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from twin.analysis.stage import Stage
from twin.analysis.water import Depths, around, classed
from twin.usecases.exposure.case import Buildings, Classes, Damage, Flags, Inputs, Outcome, Wet, Worth
from twin.usecases.exposure.counting import met, with_farmland
from twin.usecases.exposure.cutting import cut_off
from twin.usecases.exposure.damage import factor
from twin.usecases.exposure.housing import housed


def compute(inputs: Inputs, saved: Mapping[str, Any] | None) -> Generator[Stage, None, Outcome]:
    """saved: of no use, it is done in a moment."""
    buildings, water = inputs.buildings, inputs.water
    walls = water.walls(buildings.shapes)
    classes = classed(walls.most, inputs.ends)
    yield Stage(0.5, dict)
    people, lost = housed(buildings, inputs.people) if inputs.people else (None, 0.0)
    damage = _damage(buildings, walls.mean, walls.most, wet=classes > 0, worth=inputs.worth) if inputs.worth else None  # fmt: skip
    roads = _roads(inputs) if inputs.roads is not None else None
    yield Stage(0.8, dict)
    cut = cut_off(inputs, classes > 0) if inputs.roads is not None else None
    yield Stage(0.9, dict)
    standing = _standing(inputs, walls.most) if inputs.facilities else None
    farmland = water.over(inputs.farmland, inputs.ends) if inputs.farmland is not None else None
    yield Stage(0.95, dict)
    found = Outcome(
        inputs=inputs,
        most=walls.most,
        mean=walls.mean,
        classes=classes,
        unknown=np.isnan(walls.most),
        people=people,
        lost=lost,
        damage=damage,
        roads=roads,
        standing=standing,
        farmland=farmland,
        cut=cut,
    )
    plans = met(found, inputs.plans) if inputs.plans else None
    towns = with_farmland(met(found, inputs.towns), found, inputs.towns)
    return replace(found, towns=towns, plans=plans)


# --- damage


def _damage(buildings: Buildings, mean: Depths, most: Depths, *, wet: Flags, worth: Worth) -> Damage:
    """low: by the mean depth along the walls and the lower value; high: by the greatest depth and the higher one."""
    value = np.where(wet & buildings.homes, shapely.area(buildings.shapes) * worth.most, 0.0)
    usual, worst = value * factor(mean), value * factor(most)
    return Damage(usual * (1 - worth.spread), usual, worst * (1 + worth.spread))


# --- roads and facilities


def _roads(inputs: Inputs) -> Wet:
    """Without bridges: the water is below them, and the widest of them cross a river that is always there."""
    assert inputs.roads is not None  # noqa: S101 - asked before
    lines = shapely.segmentize(inputs.roads.shapes[~inputs.roads.bridges], inputs.water.spacing)
    corners, owners = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    same = owners[1:] == owners[:-1]
    ends = np.stack((corners[:-1][same], corners[1:][same]), axis=1)
    classes = classed(inputs.water.at(ends.mean(axis=1)), inputs.ends)
    wet = classes > 0
    steps = ends[:, 1] - ends[:, 0]
    return Wet(np.hypot(steps[:, 0], steps[:, 1])[wet], classes[wet], ends[wet])


def _standing(inputs: Inputs, at_buildings: Depths) -> tuple[Depths, Classes]:
    """A facility is as deep in the water as the building at its place; one without a building as its own walls, or what is around it."""
    assert inputs.facilities is not None  # noqa: S101 - asked before
    shapes = inputs.facilities.shapes
    depths = around(inputs.water, shapes)
    number, building = shapely.STRtree(inputs.buildings.shapes).query(shapes, predicate="intersects")
    np.fmax.at(depths, number, at_buildings[building])
    return depths, classed(depths, inputs.ends)
