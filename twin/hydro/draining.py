"""Where water goes over ground whose depressions are full, compiled: directions, catchments, depressions, flow paths.

Directions: the steepest of eight neighbours (D8; O'Callaghan, Mark 1984, doi:10.1016/S0734-189X(84)80011-0); on flats and filled depressions
back the way the flood came. Depressions that stand at one level and touch each other through level ground are one.
"""

from collections.abc import Generator
from typing import NamedTuple

import numpy as np

from twin.hydro import filling
from twin.hydro.case import Grid
from twin.hydro.filling import NOWHERE, OUT, Flat, Flood, compiled

FAR = np.array([1, 1, 1, 1, *[np.sqrt(2)] * 4], np.float32)  # cells to the neighbours
STRIDE = 500_000  # cells between two words of how far the flood is
FLOODED = 0.8  # share of the work
CLIMB = 0.02  # that the bed of a stream may rise downstream: steeper than any, so what stands across it is an embankment


def drain(heights: Grid) -> Generator[float, None, tuple[Flood, Flat]]:
    """The ground with its depressions full and the way from each cell, and how many cells drain through each (flat, itself included); gives
    the share of the work that is done. heights: (rows, columns) m, NaN where there is none."""
    flood = filling.begin(heights)
    bits, cells = flood.z.view(np.uint32), max(1, flood.order.size)
    while filling.rise(flood, bits, STRIDE):
        yield FLOODED * int(flood.counts[1]) / cells
    descend(flood, FAR)
    yield FLOODED
    gathered = np.isfinite(flood.z).astype(np.int32)
    gather(flood, gathered)
    yield 1.0
    return flood, gathered


class Lakes(NamedTuple):
    """Of each depression, by its label; nothing stands at 0. deepest: m; cells; depths: m, summed over the cells; level: m; gathered: cells
    that drain through it; spill: the cell to which most of that goes."""

    deepest: Flat
    cells: Flat
    depths: Flat
    level: Flat
    gathered: Flat
    spill: Flat
    most: Flat  # cells that drain to the spill


@compiled
def descend(flood: Flood, far: Flat) -> None:
    """The direction of each cell that has a lower neighbour becomes that of the steepest fall; of two alike, of the first one."""
    for cell in range(flood.level.size):
        if flood.toward[cell] == NOWHERE:
            continue
        steepest = np.float32(0)
        for way in range(8):
            beside = cell + flood.steps[way]
            if flood.toward[beside] != NOWHERE:
                fall = (flood.level[cell] - flood.level[beside]) / far[way]
                if fall > steepest:
                    steepest = fall
                    flood.toward[cell] = way


@compiled
def gather(flood: Flood, gathered: Flat) -> None:
    """gathered: 1 for each cell, then how many cells drain through it, itself included. What is lower was reached earlier."""
    for number in range(flood.order.size - 1, -1, -1):
        cell = np.int64(flood.order[number])
        if flood.toward[cell] < OUT:
            gathered[cell + flood.steps[flood.toward[cell]]] += gathered[cell]


@compiled
def _still(flood: Flood, cell: int) -> bool:
    """Whether it drains over level ground."""
    way = flood.toward[cell]
    level: bool = way < OUT and flood.level[cell + flood.steps[way]] == flood.level[cell]
    return level


@compiled
def label(flood: Flood, labels: Flat, stack: Flat) -> int:
    """labels: 0, then the number of the depression that a cell belongs to, with the level ground that connects it; how many there are.
    stack: room for the cells. Neighbours over level ground have one level: else the higher one would drain to the lower one."""
    count = 0
    for first in range(flood.level.size):
        if not flood.level[first] > flood.z[first] or labels[first] != 0:
            continue
        count += 1
        labels[first] = count
        stack[0], size = first, 1
        while size > 0:
            size -= 1
            cell = np.int64(stack[size])
            for step in flood.steps:
                if labels[cell + step] == 0 and _still(flood, cell + step):
                    labels[cell + step] = count
                    stack[size] = cell + step
                    size += 1
    return count


def no_lakes(count: int) -> Lakes:
    sums, counts = np.zeros(count + 1), np.zeros(count + 1, np.int64)
    return Lakes(np.zeros(count + 1, np.float32), counts, sums, np.zeros(count + 1, np.float32), counts.copy(), counts.copy(), counts.copy())  # fmt: skip


@compiled
def measure(flood: Flood, labels: Flat, built: Flat, gathered: Flat, lakes: Lakes) -> None:
    """built: cells that count for no depth."""
    for cell in range(labels.size):
        number = labels[cell]
        if number == 0:
            continue
        depth = flood.level[cell] - flood.z[cell]
        if depth > 0 and not built[cell]:
            lakes.cells[number] += 1
            lakes.depths[number] += depth
            lakes.deepest[number] = max(lakes.deepest[number], depth)
        lakes.level[number] = flood.level[cell]
        after = cell + flood.steps[flood.toward[cell]]
        if labels[after] != number:
            lakes.gathered[number] += gathered[cell]
            if gathered[cell] > lakes.most[number]:
                lakes.most[number], lakes.spill[number] = gathered[cell], after


@compiled
def _class(gathered: int, ends: Flat) -> int:
    """0 below the first end."""
    found = 0
    while found < ends.size and gathered >= ends[found]:
        found += 1
    return found


@compiled
def begins(flood: Flood, gathered: Flat, ends: Flat) -> Flat:
    """1 where a line begins: at the head of a path, where two meet, and where another class begins. ends: cells, rising."""
    feeders, found = np.zeros(gathered.size, np.uint8), np.zeros(gathered.size, np.uint8)
    for cell in range(gathered.size):
        if gathered[cell] >= ends[0] and flood.toward[cell] < OUT:
            after = cell + flood.steps[flood.toward[cell]]
            feeders[after] += 1
            if feeders[after] > 1 or _class(gathered[cell], ends) != _class(gathered[after], ends):
                found[after] = 1
    for cell in range(gathered.size):
        if gathered[cell] >= ends[0] and feeders[cell] == 0:
            found[cell] = 1
    return found


@compiled
def trace(flood: Flood, begin: Flat, points: Flat, lengths: Flat) -> int:
    """Cells of the lines one after the other into points, how many of each into lengths; how many lines. A line ends where another begins."""
    count, at = 0, 0
    for first in range(begin.size):
        if begin[first] == 0 or flood.toward[first] >= OUT:
            continue
        start, cell = at, first
        points[at] = cell
        at += 1
        while flood.toward[cell] < OUT and (cell == first or begin[cell] == 0):
            cell += flood.steps[flood.toward[cell]]
            points[at] = cell
            at += 1
        lengths[count] = at - start
        count += 1
    return count


def paths(flood: Flood, gathered: Flat, ends: Flat) -> tuple[Flat, Flat, Flat]:
    """Cells of the lines one after the other, how many of each, and how many cells drain through its lower end. ends: cells, rising; what less
    than the first drain through is no line."""
    begin = begins(flood, gathered, ends)
    heads = int(begin.sum())
    points, lengths = np.empty(int((gathered >= ends[0]).sum()) + heads, np.int64), np.empty(heads, np.int64)
    count = trace(flood, begin, points, lengths)
    lengths = lengths[:count]
    points = points[: int(lengths.sum())]
    last = np.cumsum(lengths) - 1
    own = last - begin[points[last]]  # where another line begins, the cell before it is the last one of this
    return points, lengths, gathered[points[own]]


@compiled
def carve(flood: Flood, gathered: Flat, least: int, climb: Flat) -> Flat:
    """m: the bed of each stream, that is where so many cells drain through, NaN beside. No higher than it may rise from what lies above:
    an embankment without its culvert is no bed. climb: m that it may rise on the way to each neighbour."""
    bed = np.full(gathered.size, np.nan, np.float32)
    for number in range(flood.order.size - 1, -1, -1):
        cell = np.int64(flood.order[number])
        if gathered[cell] < least:
            continue
        if not bed[cell] <= flood.z[cell]:
            bed[cell] = flood.z[cell]
        way = flood.toward[cell]
        if way < OUT:
            after = cell + flood.steps[way]
            risen = bed[cell] + climb[way]
            if not bed[after] <= risen:
                bed[after] = risen
    return bed


@compiled
def nearest(flood: Flood, bed: Flat, sill: Flat) -> None:
    """bed: of the streams, becomes for each cell that of the stream it drains to, NaN where it drains to none (HAND: Rennó and others 2008,
    doi:10.1016/j.rse.2008.03.018). sill: the highest ground on the way from there to the cell. What is lower was reached earlier."""
    for number in range(flood.order.size):
        cell = np.int64(flood.order[number])
        if not np.isnan(bed[cell]):
            sill[cell] = bed[cell]
        elif flood.toward[cell] < OUT:
            after = cell + flood.steps[flood.toward[cell]]
            bed[cell] = bed[after]
            sill[cell] = max(flood.z[cell], sill[after])
