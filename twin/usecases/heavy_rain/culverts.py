"""Openings below embankments and bridges as lines, which the terrain is cut along, or which are pipes. No Django.

An elevation model closes them: it shows the road above. Cells on the way of a line are lowered to the straight line between the levels of
its ends; each shares a side with the next, so that water flows through. The opening is as wide as a cell and open at the top. A line with a
diameter, or with a discharge that it takes at most, cuts nothing: it is a pipe between the cells at its ends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from twin.analysis import terrain
from twin.analysis.terrain import Frame, Mask
from twin.hydro.case import Grid, Pipe

LONGEST = 500.0  # m of a line; what is longer is a road or a stream
BOTH, FIRST, LAST = "sohle", "sohle_von", "sohle_bis"  # columns: m above sea level, of the bed
DIAMETER, WIDTH, MOST = "durchmesser", "dn", "q_max"  # columns: m, mm, m3/s
NAMES = ("name", "bezeichnung", "nummer")  # columns; the first that there is says what a pipe is called
DIAMETERS, DISCHARGES = (0.05, 10.0), (0.001, 1000.0)  # m, m3/s that can be meant


@dataclass(frozen=True)
class Culvert:
    """first, last: m of the bed at the ends of the line; NaN: the ground there. diameter: m; most: m3/s; NaN: not known."""

    line: BaseGeometry
    first: float = float("nan")
    last: float = float("nan")
    diameter: float = float("nan")
    most: float = float("nan")
    name: str = ""

    @property
    def is_pipe(self) -> bool:
        return bool(np.isfinite([self.diameter, self.most]).any())


def lines(shapes: Iterable[BaseGeometry], values: NDArray[np.float64], names: Sequence[str] = ()) -> list[Culvert]:  # fmt: skip
    """values: (n, 4) first, last, diameter, most. Of several lines in one each has them, and its name."""
    return [
        Culvert(shapely.force_2d(line), first, last, diameter, most, name)
        for shape, (first, last, diameter, most), name in zip(
            shapes, values.tolist(), names or [""] * len(values), strict=True
        )
        for line in shapely.get_parts(shape)
        if line.length > 0
    ]


@dataclass(frozen=True)
class Way:
    """Where a line runs: rows and columns of its cells, and m of the bed at its ends."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    first: float
    last: float


def way(each: Culvert, before: Grid, part: Frame, closed: Mask) -> Way | None:
    """None where it leaves the part, has no height on its way, or meets what is closed; of a pipe the ends count. before: the ground without openings."""
    rows, columns = terrain.along(each.line, part).T
    inside = (rows >= 0) & (rows < part.rows) & (columns >= 0) & (columns < part.columns)
    if not inside.all():
        return None
    if each.is_pipe:  # below ground: what lies between its ends does not matter
        rows, columns = rows[[0, -1]], columns[[0, -1]]
        if rows[0] == rows[1] and columns[0] == columns[1]:
            return None
    if np.isnan(before[rows, columns]).any() or closed[rows, columns].any():
        return None
    there = before[rows[[0, -1]], columns[[0, -1]]]
    first, last = np.where(np.isfinite([each.first, each.last]), [each.first, each.last], there)
    return Way(rows, columns, float(first), float(last))


def cut(
    ground: Grid, culverts: Iterable[Culvert], *, part: Frame, closed: Mask
) -> tuple[dict[str, Any], Sequence[Pipe]]:
    """Lowers ground in place; what a dataset of them has done: lines that cut, pipes, left_out of both (see `way`), cells, deepest: m that one was
    lowered at most, names of the pipes; and the pipes. closed: buildings, and what is no part of the area. All follow the ground as it was, so that their order
    says nothing."""
    before, pipes = ground.copy(), []
    told: dict[str, Any] = {"lines": 0, "pipes": 0, "left_out": 0, "cells": 0, "deepest": 0.0, "names": []}
    for each in culverts:
        told["pipes" if each.is_pipe else "lines"] += 1
        found = way(each, before, part, closed)
        if found is None:
            told["left_out"] += 1
        elif each.is_pipe:
            pipes.append(_pipe(each, found))
            told["names"].append(each.name)
        else:
            bed = np.linspace(found.first, found.last, found.rows.size).astype(ground.dtype)
            ground[found.rows, found.columns] = np.minimum(ground[found.rows, found.columns], bed)
    lowered = before - ground
    told["cells"] = int((lowered > 0).sum())
    told["deepest"] = round(float(np.nanmax(lowered)), 2)
    return told, pipes


def _pipe(each: Culvert, found: Way) -> Pipe:
    (row, column), (last_row, last_column) = zip(found.rows.tolist(), found.columns.tolist(), strict=True)
    diameter, most = (float("inf") if np.isnan(value) else value for value in (each.diameter, each.most))
    return Pipe(((row, column), (last_row, last_column)), (found.first, found.last), diameter, most)


def passed(pipes: Iterable[Pipe], found: Grid) -> list[dict[str, Any]]:
    """Of each pipe what the summary says. found: (n, 2) m3 that have passed in all, the greatest m3/s. None: not stated."""
    return [
        {
            "number": number,
            "diameter": None if np.isinf(pipe.diameter) else round(pipe.diameter, 3),
            "most": None if np.isinf(pipe.most) else round(pipe.most, 3),
            "volume": round(abs(volume), 1),
            "peak": round(peak, 3),
            "backwards": volume < 0,
        }
        for number, (pipe, (volume, peak)) in enumerate(zip(pipes, found.tolist(), strict=True), 1)
    ]
