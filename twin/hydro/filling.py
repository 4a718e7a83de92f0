"""Water rises from the edges of the data inwards until every cell drains, compiled.

Source: Barnes, Lehman, Mulla (2014), doi:10.1016/j.cageo.2013.04.024, improved Priority-Flood: a queue takes what lies no higher than the
water, a heap the rest. Deviation: cells of one height leave the heap together, in the order in which they lie, so that a flat drains by the
shortest way to the nearest of its outlets, and the heap orders one 64-bit number for each cell: its height's bits above its place.

All arrays are flat, of a grid with a rim of one cell that has no height, so that each cell has eight neighbours.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.hydro.case import Grid
from twin.hydro.compiling import compiler

Flat = NDArray[Any]

ROWS = (
    -1,
    0,
    1,
    0,
    -1,
    1,
    1,
    -1,
)  # to the neighbours N, E, S, W, NE, SE, SW, NW; back is the number with its second bit turned
COLUMNS = (0, 1, 0, -1, 1, 1, -1, -1)
BACK = 2
OUT, UNSEEN, NOWHERE = 8, 9, 10  # instead of a direction: water leaves the data; not reached yet; no height
_HALF, _LOW, _SIGN = np.uint64(32), np.uint64(0xFFFFFFFF), np.uint32(0x80000000)

compiled = compiler(arrays=True)


class Flood(NamedTuple):
    """z: m, NaN without height; level: m, of the water that covers the cell until it drains, the ground where it is dry; toward: number of
    the neighbour from which the water came, or OUT, UNSEEN, NOWHERE; order: cells as the water reached them, levels never fall along it;
    heap: of heights and places; counts: of heap, of cells that are done in order, of cells in order."""

    z: Flat
    level: Flat
    toward: Flat
    order: Flat
    heap: Flat
    counts: Flat
    steps: Flat  # to the neighbours in a flat array


def begin(heights: Grid) -> Flood:
    """heights: (rows, columns) float32, NaN without height. Water stands at the cells beside what has none, and at the edge of the grid."""
    z = np.pad(
        heights.astype(np.float32) + np.float32(0), 1, constant_values=np.nan
    )  # no -0.0, whose bits order otherwise
    cells, width = int(np.isfinite(heights).sum()), z.shape[1]
    steps = np.array(ROWS) * width + np.array(COLUMNS)
    toward = np.where(np.isnan(z), np.uint8(NOWHERE), np.uint8(UNSEEN)).ravel()
    flat = z.ravel()
    flood = Flood(flat, flat.copy(), toward, np.empty(cells, np.uint32), np.empty(cells, np.uint64), np.zeros(3, np.int64), steps)  # fmt: skip
    _stand_at_edges(flood, flat.view(np.uint32))
    return flood


def inner(flat: Flat, heights: Grid) -> Grid:
    """Without the rim, in the shape of the heights."""
    rows, columns = heights.shape
    found: Grid = flat.reshape(rows + 2, columns + 2)[1:-1, 1:-1]
    return found


@compiled
def _key(bits: Any, cell: Any) -> Any:
    """Orders like the height, then like the place."""
    ordered = bits ^ (_SIGN if bits < _SIGN else np.uint32(0xFFFFFFFF))
    return (np.uint64(ordered) << _HALF) | np.uint64(cell)


@compiled
def _push(heap: Flat, size: int, key: Any) -> None:
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if heap[above] <= key:
            break
        heap[at] = heap[above]
        at = above
    heap[at] = key


@compiled
def _pop(heap: Flat, size: int) -> Any:
    """The least key of so many; one less is left."""
    least, key, last, at = heap[0], heap[size - 1], size - 1, 0
    below = 1
    while below < last:
        if below + 1 < last and heap[below + 1] < heap[below]:
            below += 1
        if key <= heap[below]:
            break
        heap[at] = heap[below]
        at = below
        below = 2 * at + 1
    heap[at] = key
    return least


@compiled
def _stand_at_edges(flood: Flood, bits: Flat) -> None:
    for cell in range(flood.z.size):
        if flood.toward[cell] == UNSEEN:
            for step in flood.steps:
                if flood.toward[cell + step] == NOWHERE:
                    flood.toward[cell] = OUT
                    _push(flood.heap, flood.counts[0], _key(bits[cell], cell))
                    flood.counts[0] += 1
                    break


@compiled
def _raise(flood: Flood) -> None:
    """To the lowest cell that waits; all of its height go on."""
    height = flood.heap[0] >> _HALF
    while flood.counts[0] > 0 and flood.heap[0] >> _HALF == height:
        flood.order[flood.counts[2]] = np.uint32(_pop(flood.heap, flood.counts[0]) & _LOW)
        flood.counts[0] -= 1
        flood.counts[2] += 1


@compiled
def rise(flood: Flood, bits: Flat, most: int) -> bool:
    """Goes on over so many cells; whether there are more. bits: z seen as uint32."""
    for _ in range(most):
        if flood.counts[1] == flood.counts[2]:
            if flood.counts[0] == 0:
                return False
            _raise(flood)
        cell = np.int64(flood.order[flood.counts[1]])
        flood.counts[1] += 1
        here = flood.level[cell]
        for way in range(8):
            beside = cell + flood.steps[way]
            if flood.toward[beside] != UNSEEN:
                continue
            flood.toward[beside] = way ^ BACK
            if flood.z[beside] <= here:
                flood.level[beside] = here
                flood.order[flood.counts[2]] = np.uint32(beside)
                flood.counts[2] += 1
            else:
                _push(flood.heap, flood.counts[0], _key(bits[beside], beside))
                flood.counts[0] += 1
    return True
