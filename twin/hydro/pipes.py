"""Water that passes below the ground from one cell to another, compiled: culverts with a diameter, or with a discharge they take at most.

The inlet controls (orifice: Q = 0.6 A sqrt(2 g H), H above the middle of a full inlet; FHWA HDS-5, 2012, chapter 1): A is the wetted part of
the circle; H is no more than the water falls to the other end. Friction in the pipe is left out. In one step no more passes than would level the two ends.
"""

from typing import Any, NamedTuple

import numpy as np

from twin.hydro.kernel import compiled
from twin.hydro.scheme import GRAVITY

CONTRACTED = 0.6  # share of an inlet's area that the jet fills; sharp edges


class Pipes(NamedTuple):
    """One by one: cell (n, 2) in the flat arrays; bed: (n, 2) m, in the layout's heights; diameter m, most m3/s, both may be infinite."""

    cell: Any
    bed: Any
    diameter: Any
    most: Any


@compiled
def _wetted(diameter: float, depth: float) -> Any:
    """m2 of a circle that is filled so deep."""
    if depth >= diameter:
        return np.pi * diameter**2 / 4
    half = np.arccos(1 - 2 * depth / diameter)
    return diameter**2 / 4 * (half - np.sin(half) * np.cos(half))


@compiled
def discharge(pipes: Pipes, k: int, surface: Any) -> Any:
    """m3/s from the first end of a pipe to the second. surface: m of the water at the ends."""
    from_ = 0 if surface[0] >= surface[1] else 1
    bed, low = pipes.bed[k, from_], max(surface[1 - from_], pipes.bed[k, 1 - from_])
    depth, fall = surface[from_] - bed, surface[from_] - low
    if depth <= 0 or fall <= 0:
        return 0.0
    flow, diameter = pipes.most[k], pipes.diameter[k]
    if diameter < np.inf:
        head = min(fall, max(depth - diameter / 2, depth / 2))
        flow = min(flow, CONTRACTED * _wetted(diameter, depth) * np.sqrt(2 * GRAVITY * head))
    return flow if from_ == 0 else -flow


@compiled
def _most(h: Any, z: Any, pipes: Pipes, k: int, first: int) -> Any:
    """m that may leave the cell at an end: what stands there, and no more than levels the two."""
    source, sink = pipes.cell[k, first], pipes.cell[k, 1 - first]
    high = np.float64(z[source]) + np.float64(h[source])
    low = max(np.float64(z[sink]) + np.float64(h[sink]), pipes.bed[k, 1 - first])
    return min(np.float64(h[source]), max(high - low, 0.0) / 2)


@compiled
def look(water: Any, pipes: Pipes, flow: Any, lapse: Any) -> None:
    """water: h and z of all cells, m; flow: (n) m3/s as the water stands now, written. lapse: s of a step, m2 of a cell."""
    h, z = water
    seconds, area = lapse
    for k in range(flow.shape[0]):
        one, other = pipes.cell[k, 0], pipes.cell[k, 1]
        surface = (np.float64(z[one]) + np.float64(h[one]), np.float64(z[other]) + np.float64(h[other]))
        found = discharge(pipes, k, surface)
        most = _most(h, z, pipes, k, 0 if found >= 0 else 1) * area / seconds
        flow[k] = min(max(found, -most), most)


@compiled
def conduct(water: Any, pipes: Pipes, flow: Any, lapse: Any, owed: Any) -> None:
    """Moves water for so many s between cells of so many m2, and says in flow what really passed, in m3/s. What rounding keeps back is owed."""
    h, z = water
    seconds, area = lapse
    for k in range(flow.shape[0]):
        ahead = flow[k] >= 0
        first, second = (0, 1) if ahead else (1, 0)
        source, sink = pipes.cell[k, first], pipes.cell[k, second]
        before, there = np.float64(h[source]), np.float64(h[sink])
        wanted = min(abs(flow[k]) * seconds / area, _most(h, z, pipes, k, first))
        h[source] = before - wanted
        taken = before - np.float64(h[source])
        h[sink] = there + taken + owed[k]
        owed[k] += taken - (np.float64(h[sink]) - there)
        flow[k] = (1 if ahead else -1) * taken * area / seconds
