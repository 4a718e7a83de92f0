"""What happens between steps, compiled: rain, infiltration and maxima after every eighth step, boundaries and inflows at every one."""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from twin.hydro.kernel import Block, Fields, Reals, Spans, compiled
from twin.hydro.scheme import BAND, HALO, TILE

# Sums of doubles may be reordered: what is summed lies the same whatever the threads, so the order is the same too.
summing = njit(nogil=True, cache=True, error_model="numpy", fastmath={"contract", "reassoc"})


class Sources(NamedTuple):
    """Like Fields: share of the rain that falls on a cell, and infiltration in m/s; both 0 outside the area."""

    rain: Reals
    infiltration: Reals


class Peaks(NamedTuple):
    """Greatest depth, speed squared and flow squared so far; arrival: s until the depth first was `counted`, infinite if never."""

    depth: Reals
    speed2: Reals
    flow2: Reals
    arrival: Reals


class Lapse(NamedTuple):
    """What a cell gets and may lose since the last time, of the arrays' type.

    Both are whole numbers of quanta, the last digit of the greatest depth, so that no cell is too deep to take them in. rain_was and
    rain_is are rain since the start in quanta of then and now; soak_was and soak_is the same for 1 m/s of infiltration."""

    rain_was: Any
    rain_is: Any
    soak_was: Any
    soak_is: Any
    quantum_was: Any
    quantum: Any
    counted: Any  # m; shallower water has no speed or arrival
    time: Any
    half: Any
    quarter: Any
    zero: Any
    never: Any


class Ghosts(NamedTuple):
    """Cells beyond an open edge, by index into the flat arrays."""

    cell: Any
    near: Any  # (n, 4) cells of the area beside it; -1: none
    level: Any  # (n) number of its level, -1: water leaves freely
    drop: Any  # (n) m that the water surface falls to it
    inner: Any  # (n) faces towards the area, and beyond; which flow they belong to
    outer: Any
    along_x: Any
    held: Any  # (n) depth it was last given


@compiled
def _settle(h: Any, given: Any, sources: Any, lapse: Any) -> None:
    """Rain falls, then what can soak away does; given[0] and given[1] say how much in each cell."""
    share, rate = sources
    fell, soaked = given
    for i in range(h.shape[0]):
        rain = np.floor(share[i] * lapse.rain_is + lapse.half) * lapse.quantum
        rain = max(rain - np.floor(share[i] * lapse.rain_was + lapse.half) * lapse.quantum_was, lapse.zero)
        soak = np.floor(rate[i] * lapse.soak_is + lapse.half) * lapse.quantum
        soak = max(soak - np.floor(rate[i] * lapse.soak_was + lapse.half) * lapse.quantum_was, lapse.zero)
        wet = h[i] + rain
        soak = min(soak, wet)
        h[i] = wet - soak
        fell[i] = rain
        soaked[i] = soak


@compiled
def _peak(h: Any, flow: Any, peaks: Any, lapse: Any) -> None:
    west, east, north, south = flow
    depth, speed2, flow2, arrival = peaks
    for i in range(h.shape[0]):
        x, y = west[i] + east[i], north[i] + south[i]
        through = lapse.quarter * (x * x + y * y)
        counts = h[i] >= lapse.counted
        depth[i] = max(depth[i], h[i])
        flow2[i] = max(flow2[i], through)
        deep = max(h[i], lapse.counted)
        speed2[i] = max(speed2[i], through / (deep * deep) if counts else lapse.zero)
        arrival[i] = min(arrival[i], lapse.time if counts else lapse.never)


@summing
def _total(values: Any) -> float:
    total = 0.0
    for i in range(values.shape[0]):
        total += np.float64(values[i])
    return total


@compiled
def _any_bits(bits: Any, positive: Any) -> Any:
    some = positive * 0
    for i in range(bits.shape[0]):
        some |= bits[i] & positive
    return some


@compiled
def keep_up(fields: Fields, maps: Any, block: Block, lapse: Any, ledger: Any) -> None:
    """Sources and maxima in a block's rows. maps: Sources and Peaks. ledger: (rows, 2) sums of rain and infiltration in m, written."""
    sources, peaks = maps
    work, spans, top, end = block.work, block.spans, block.top, block.end
    for r in range(top, end):
        ledger[r, 0] = 0.0
        ledger[r, 1] = 0.0
        band = r // BAND
        for s in range(spans.number[band]):
            a, b = spans.first[band, s], spans.last[band, s]
            h, fell, soaked = fields.h[r, a:b], work.raw_x[0, a:b], work.raw_y[0, a:b]
            _settle(h, (fell, soaked), (sources.rain[r, a:b], sources.infiltration[r, a:b]), lapse)
            ledger[r, 0] += _total(fell)
            ledger[r, 1] += _total(soaked)
            flow = (fields.qx[r, a:b], fields.qx[r, a + 1 : b + 1], fields.qy[r, a:b], fields.qy[r + 1, a:b])
            _peak(
                h,
                flow,
                (peaks.depth[r, a:b], peaks.speed2[r, a:b], peaks.flow2[r, a:b], peaks.arrival[r, a:b]),
                lapse,
            )


@compiled
def look(fields: Fields, wet: Any, block: Block, positive: Any) -> Any:
    """Writes which tiles of a block hold or move water, and returns the bits of the greatest depth."""
    spans, top, end = block.spans, block.top, block.end
    deepest = fields.bits[0, 0] * 0
    kind = fields.bits.dtype
    for r in range(top, end):
        band = r // BAND
        if r == top or r % BAND == 0:
            wet[band] = 0
        x, y = fields.qx[r].view(kind), fields.qy[r].view(kind)
        for s in range(spans.number[band]):
            a, b = spans.first[band, s], spans.last[band, s]
            deepest = max(deepest, _most(fields.bits[r, a:b]))
            for t in range(a // TILE, (b - 1) // TILE + 1):
                c, d = max(a, t * TILE), min(b, (t + 1) * TILE)
                if wet[band, t] == 0:
                    some = (
                        _any_bits(fields.bits[r, c:d], positive)
                        | _any_bits(x[c:d], positive)
                        | _any_bits(y[c:d], positive)
                    )
                    wet[band, t] = some != 0
    return deepest


@compiled
def _most(bits: Any) -> Any:
    top = bits[0] * 0
    for i in range(bits.shape[0]):
        top = max(top, bits[i])
    return top


@compiled
def spread(wet: Any, always: Any, spans: Spans, columns: int) -> None:
    """Spans of all tiles that are wet or touch a wet one: in eight steps water gets no further."""
    bands, tiles = wet.shape
    for band in range(bands):
        n, start = 0, -1
        for t in range(tiles + 1):
            awake = False
            if t < tiles:
                for i in range(max(band - 1, 0), min(band + 2, bands)):
                    for j in range(max(t - 1, 0), min(t + 2, tiles)):
                        awake = awake or wet[i, j] != 0 or always[i, j] != 0
            if awake and start < 0:
                start = t
            if not awake and start >= 0:
                spans.first[band, n], spans.last[band, n] = max(start * TILE, 2), min(t * TILE, columns - 2)
                n, start = n + 1, -1
        spans.number[band] = n


@compiled
def copy_halo(fields: Fields, block: Block) -> None:
    halo, top, end = block.halo, block.top, block.end
    last = fields.h.shape[0] - 1
    for k in range(HALO):
        r = min(top - 2 + k if k < 2 else end - 2 + k, last)
        halo.h[k] = fields.h[r]
        halo.qx[k] = fields.qx[r]
        halo.qy[k] = fields.qy[r]


@compiled
def renew(fields: Fields, ghosts: Ghosts, levels: Any) -> float:
    """Gives the cells beyond the edges their water; returns what has run into them since the last time, in m."""
    z, h, qx, qy = fields.z.reshape(-1), fields.h.reshape(-1), fields.qx.reshape(-1), fields.qy.reshape(-1)
    gained = 0.0
    for k in range(ghosts.cell.shape[0]):
        g = ghosts.cell[k]
        gained += np.float64(h[g]) - np.float64(ghosts.held[k])
        if ghosts.level[k] >= 0:
            surface = levels[ghosts.level[k]]
        else:
            surface = np.inf
            for j in range(4):
                n = ghosts.near[k, j]
                if n >= 0:
                    surface = min(surface, np.float64(z[n]) + np.float64(h[n]))
            surface -= ghosts.drop[k]
        h[g] = max(surface - np.float64(z[g]), 0.0)
        ghosts.held[k] = h[g]
        if ghosts.outer[k] >= 0:
            flow = qx if ghosts.along_x[k] else qy
            flow[ghosts.outer[k]] = flow[ghosts.inner[k]]
    return gained


@compiled
def pour(h: Any, cells: Any, depth: float, owed: Any) -> float:
    """Adds so many m to each cell and what rounding still owes it; returns what was added in all."""
    added = 0.0
    for k in range(cells.shape[0]):
        before = np.float64(h[cells[k]])
        h[cells[k]] = before + depth + owed[k]
        more = np.float64(h[cells[k]]) - before
        owed[k] += depth - more
        added += more
    return added
