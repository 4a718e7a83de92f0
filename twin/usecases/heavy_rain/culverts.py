"""Openings below embankments and bridges as lines, which the terrain is cut along. No Django.

An elevation model closes them: it shows the road above. Cells on the way of a line are lowered to the straight line between the levels of
its ends; each shares a side with the next, so that water flows through. The opening is as wide as a cell and open at the top."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from twin.analysis import terrain
from twin.analysis.terrain import Frame, Mask
from twin.hydro.case import Grid

LONGEST = 500.0  # m of a line; what is longer is a road or a stream
BOTH, FIRST, LAST = "sohle", "sohle_von", "sohle_bis"  # columns: m above sea level, of the bed


@dataclass(frozen=True)
class Culvert:
    """first, last: m of the bed at the ends of the line; NaN: the ground there."""

    line: BaseGeometry
    first: float = float("nan")
    last: float = float("nan")


def lines(
    shapes: Iterable[BaseGeometry], first: NDArray[np.float64], last: NDArray[np.float64]
) -> list[Culvert]:
    """Of several lines in one each has the levels."""
    return [
        Culvert(shapely.force_2d(line), float(start), float(end))
        for shape, start, end in zip(shapes, first, last, strict=True)
        for line in shapely.get_parts(shape)
        if line.length > 0
    ]


def cut(ground: Grid, culverts: Iterable[Culvert], *, part: Frame, built: Mask) -> dict[str, Any]:
    """Lowers ground in place; what a dataset of them has done: lines, left_out (an end has no height, or a building stands on the way),
    cells, deepest: m that one was lowered at most. All follow the ground as it was, so that their order says nothing."""
    before = ground.copy()
    told: dict[str, Any] = {"lines": 0, "left_out": 0, "cells": 0, "deepest": 0.0}
    for each in culverts:
        rows, columns = terrain.along(each.line, part).T
        inside = (rows >= 0) & (rows < part.rows) & (columns >= 0) & (columns < part.columns)
        told["lines"] += 1
        if not inside.all() or np.isnan(before[rows, columns]).any() or built[rows, columns].any():
            told["left_out"] += 1
            continue
        ground_there = before[rows[[0, -1]], columns[[0, -1]]]
        first, last = np.where(np.isfinite([each.first, each.last]), [each.first, each.last], ground_there)
        bed = np.linspace(first, last, rows.size).astype(ground.dtype)
        ground[rows, columns] = np.minimum(ground[rows, columns], bed)
    lowered = before - ground
    told["cells"] = int((lowered > 0).sum())
    told["deepest"] = round(float(np.nanmax(lowered)), 2)
    return told
