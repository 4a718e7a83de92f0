"""Buildings and measures put into the cells of a run. No Django.

What is narrower than a cell takes whole cells, each beside or below the last one: flow between cells, which share a side, neither passes
through a wall nor is interrupted in a ditch. Dug is first, walls are raised last, so that nothing leads through a wall."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from twin.analysis import terrain
from twin.analysis.terrain import Frame, Mask
from twin.hydro.case import Grid
from twin.usecases.heavy_rain.measures import AREA, KINDS, BadMeasure, Measure

DUG = ("ditch", "basin")
Cells = NDArray[np.int64]  # places in a grid that is laid out row by row


@dataclass(frozen=True)
class Works:
    """ground: m; infiltration: mm/h, a number where it is everywhere the same; facts: of each measure, as the summary tells them."""

    ground: Grid
    infiltration: Grid | float
    facts: tuple[dict[str, Any], ...]


def build(
    ground: Grid, measures: Sequence[Measure], *, part: Frame, built: Mask, infiltration: float
) -> Works:
    """ground: m, NaN where there is no height; changed in place. Buildings stand as they are: nothing is dug or unsealed below them.

    Raises BadMeasure for one that has no cell with a height."""
    flat, standing = ground.reshape(-1), built.reshape(-1)
    takes = [_usable(measure, cells_of(measure, part), flat, standing) for measure in measures]
    heights = [_height(*each, flat, part) for each in zip(measures, takes, strict=True)]
    facts = tuple(_facts(*each, flat, part.cell) for each in zip(measures, takes, heights, strict=True))
    for measure, cells, wanted in zip(measures, takes, heights, strict=True):
        if measure.kind in DUG:
            flat[cells] = np.minimum(flat[cells], wanted)
    flat[standing] += terrain.RAISED
    for measure, cells, wanted in zip(measures, takes, heights, strict=True):
        if measure.kind == "wall":
            flat[cells] = np.maximum(flat[cells], wanted)
    return Works(ground, _soaking(measures, takes, part, infiltration), facts)


def cells_of(measure: Measure, part: Frame) -> Cells:
    """The cells of the part that it takes. Raises BadMeasure where there are none."""
    cells = _inside(np.concatenate([_within(measure, part), _along(measure, part)]), part)
    if not cells.size:
        raise BadMeasure("cells", measure.number, measure.kind)
    return cells


def _usable(measure: Measure, cells: Cells, ground: Grid, standing: Mask) -> Cells:
    """Those with a height, and, but for a wall, without a building. Raises BadMeasure where there are none."""
    usable = cells[np.isfinite(ground[cells]) & ((measure.kind == "wall") | ~standing[cells])]
    if not usable.size:
        raise BadMeasure("cells", measure.number, measure.kind)
    return usable


def _within(measure: Measure, part: Frame) -> NDArray[np.int64]:
    """(n, 2) rows and columns of cells by their middles, looked for around the measure alone."""
    if measure.kind == "wall":
        return np.empty((0, 2), np.int64)
    areas = _strips(measure) if measure.kind == "ditch" else [measure.shape]
    west, south, east, north = (float(side) for side in shapely.total_bounds(areas))
    window = terrain.frame((west, south, east, north), part.cell)
    found = np.argwhere(terrain.covered(areas, window))
    away = (round((part.north - window.north) / part.cell), round((window.west - part.west) / part.cell))
    return found + away


def _strips(measure: Measure) -> list[BaseGeometry]:
    """What a ditch covers, piece by piece: a single outline of a winding one takes seconds to find."""
    half, corners = measure.values["width"] / 2, shapely.get_coordinates(measure.shape)
    pieces: Any = shapely.linestrings(np.stack([corners[:-1], corners[1:]], axis=1))
    joints: Any = shapely.points(corners[1:-1])
    return [*shapely.buffer(pieces, half, cap_style="flat"), *shapely.buffer(joints, half)]


def _along(measure: Measure, part: Frame) -> NDArray[np.int64]:
    """(n, 2) rows and columns on the way of a line."""
    if KINDS[measure.kind].shape == AREA:
        return np.empty((0, 2), np.int64)
    return terrain.along(measure.shape, part)


def _height(measure: Measure, cells: Cells, ground: Grid, part: Frame) -> Grid:
    """m that the cells have with it: a crest and the bed of a ditch follow the ground, the bed of a basin is level.

    A basin is its depth below the lowest ground at its edge: there it runs over, so its area times depth is what it holds. Cells that are
    wider than a ditch are lowered by less than its depth, so that they hold what it would hold."""
    bare, values = ground[cells], measure.values
    if measure.kind == "wall":
        return bare + np.float32(values["height"])
    if measure.kind == "basin":
        around = _with_neighbours(cells, part)
        return np.full_like(bare, np.nanmin(ground[around]) - values["depth"])
    if measure.kind == "ditch":
        holds = measure.shape.length * values["width"] * values["depth"]
        return bare - np.float32(min(values["depth"], holds / (cells.size * part.cell**2)))
    return bare


def _with_neighbours(cells: Cells, part: Frame) -> Cells:
    """And those of the part that share a side with one of them."""
    places = np.column_stack(np.divmod(cells, part.columns))
    steps = ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1))
    return _inside(np.concatenate([places + step for step in steps]), part)


def _inside(places: NDArray[np.int64], part: Frame) -> Cells:
    """(n, 2) rows and columns -> cells, each once."""
    rows, columns = places.T
    inside = (rows >= 0) & (rows < part.rows) & (columns >= 0) & (columns < part.columns)
    found: Cells = np.sort(rows[inside] * part.columns + columns[inside])
    return found[np.diff(found, prepend=-1) > 0]  # np.unique takes fifty times as long


def _facts(measure: Measure, cells: Cells, height: Grid, ground: Grid, cell: float) -> dict[str, Any]:
    """m or m2 as drawn, m3 as computed: what it holds, and of a basin also what has to be dug for it."""
    shape = measure.shape
    size = {"area": shape.area} if KINDS[measure.kind].shape == AREA else {"length": shape.length}
    if measure.kind in DUG:
        dug = float((ground[cells] - height).sum(dtype=np.float64)) * cell**2
        size["volume"] = dug
        if measure.kind == "basin":
            size |= {"volume": cells.size * cell**2 * measure.values["depth"], "dug": dug}
    told = {"number": measure.number, "kind": measure.kind, "cells": cells.size, **measure.values}
    return told | {name: round(value, 2) for name, value in size.items()}


def _soaking(
    measures: Sequence[Measure], takes: Sequence[Cells], part: Frame, infiltration: float
) -> Grid | float:
    """mm/h; where two areas lie on each other, the later one."""
    unsealed = [each for each in zip(measures, takes, strict=True) if each[0].kind == "unsealing"]
    if not unsealed:
        return infiltration
    found = np.full(part.rows * part.columns, infiltration, np.float32)
    for measure, cells in unsealed:
        found[cells] = measure.values["infiltration"]
    return found.reshape(part.rows, part.columns)
