"""Lines across which discharge is measured, as chains of cell faces: nothing slips through between two faces."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.hydro.case import Grid
from twin.hydro.scheme import RING


@dataclass(frozen=True)
class Section:
    """Faces by row and column of the cell south (qy) or east (qx) of them; sign 1: counted when it flows south or east."""

    x_faces: NDArray[np.int64]  # (n, 3) row, column, sign
    y_faces: NDArray[np.int64]


def section(points: NDArray[np.floating]) -> Section:
    """The section along a line of (row, column) corners of cells, rounded to whole ones.

    What crosses it from left to right, as seen when one goes along it with rows growing to the south, counts as positive."""
    corners = staircase(np.rint(points).astype(np.int64))
    x_faces, y_faces = [], []
    for (r0, c0), (r1, c1) in zip(corners, corners[1:], strict=False):
        if r0 == r1:  # along a north face, going east: left is north, so southward flow counts
            y_faces.append((r0, min(c0, c1), 1 if c1 > c0 else -1))
        else:  # along a west face, going south: left is east, so westward flow counts
            x_faces.append((min(r0, r1), c0, -1 if r1 > r0 else 1))
    return Section(np.array(x_faces, np.int64).reshape(-1, 3), np.array(y_faces, np.int64).reshape(-1, 3))


def staircase(points: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Every (row, column) on the way, one row or column at a time, never further from the straight line than a cell."""
    way = [(int(points[0, 0]), int(points[0, 1]))]
    for r1, c1 in points[1:].tolist():
        r, c = way[-1]
        rows, columns = r1 - r, c1 - c
        done_rows = done_columns = 0
        while (done_rows, done_columns) != (abs(rows), abs(columns)):
            if done_columns == abs(columns) or (
                done_rows != abs(rows) and (done_rows + 1) * abs(columns) <= (done_columns + 1) * abs(rows)
            ):
                r, done_rows = r + (1 if rows > 0 else -1), done_rows + 1
            else:
                c, done_columns = c + (1 if columns > 0 else -1), done_columns + 1
            way.append((r, c))
    return way


def discharge(qx: Grid, qy: Grid, cell: float, across: Section) -> float:
    """m3/s across a section; qx and qy with the ring."""
    total = 0.0
    for flow, faces in ((qx, across.x_faces), (qy, across.y_faces)):
        total += float((flow[faces[:, 0] + RING, faces[:, 1] + RING].astype(np.float64) * faces[:, 2]).sum())
    return total * cell
