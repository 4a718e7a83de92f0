"""What happens between steps, compiled: rain, infiltration and maxima after every eighth step, boundaries and inflows at every one."""

from typing import Any, NamedTuple

import numpy as np

from twin.hydro.compiling import compiler
from twin.hydro.digits import bits_of
from twin.hydro.kernel import UNIT, Block, Fields, Reals, Spans, compiled, place
from twin.hydro.scheme import BAND, HALO, TILE

# Sums of doubles may be reordered: what is summed lies the same whatever the threads, so the order is the same too.
summing = compiler("contract", "reassoc")


class Sources(NamedTuple):
    """Flat, like Fields: share of the rain that falls on a cell, and infiltration in m/s; both 0 outside the area."""

    rain: Reals
    infiltration: Reals


class Peaks(NamedTuple):
    """Flat, like Fields. Greatest depth, speed squared and flow squared so far; arrival: s until the depth first was `counted`, infinite if never."""

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
def _settle(h: Any, sources: Any, work: Any, lapse: Any, cut: Any) -> None:
    """Rain falls, then what can soak away does; how much in each cell is kept in the block's memory, from its beginning."""
    share, rate = sources
    at, row, first, last = cut
    for k in range(last - first):
        i = first + k
        rain = np.floor(share[at + i] * lapse.rain_is + lapse.half) * lapse.quantum
        rain = max(
            rain - np.floor(share[at + i] * lapse.rain_was + lapse.half) * lapse.quantum_was, lapse.zero
        )
        soak = np.floor(rate[at + i] * lapse.soak_is + lapse.half) * lapse.quantum
        soak = max(
            soak - np.floor(rate[at + i] * lapse.soak_was + lapse.half) * lapse.quantum_was, lapse.zero
        )
        wet = h[row + i] + rain
        soak = min(soak, wet)
        h[row + i] = wet - soak
        work.raw_x[k] = rain
        work.raw_y[k] = soak


@compiled
def _peak(fields: Fields, peaks: Peaks, lapse: Lapse, cut: Any, deepest: Any) -> Any:
    h, qx, qy = fields.h, fields.qx, fields.qy
    at, below, first, last = cut
    for i in range(first, last):
        x, y = qx[at + i] + qx[at + i + UNIT], qy[at + i] + qy[below + i]
        through = lapse.quarter * (x * x + y * y)
        depth = h[at + i]
        counts = depth >= lapse.counted
        peaks.depth[at + i] = max(peaks.depth[at + i], depth)
        peaks.flow2[at + i] = max(peaks.flow2[at + i], through)
        deep = max(depth, lapse.counted)
        peaks.speed2[at + i] = max(peaks.speed2[at + i], through / (deep * deep) if counts else lapse.zero)
        peaks.arrival[at + i] = min(peaks.arrival[at + i], lapse.time if counts else lapse.never)
        deepest = max(deepest, bits_of(depth))
    return deepest


@summing
def _total(values: Any, count: Any) -> float:
    total = 0.0
    for i in range(count):
        total += np.float64(values[i])
    return total


@compiled
def keep_up(fields: Fields, maps: Any, block: Block, lapse: Any, ledger: Any) -> Any:
    """Sources and maxima in a block's rows; returns the bits of the greatest depth there.

    maps: Sources and Peaks. ledger: flat (rows, 2) sums of rain and infiltration in m, written."""
    sources, peaks = maps
    work, spans = block.work, block.spans
    deepest = bits_of(lapse.zero)
    for r in range(block.top, block.end):
        band, at, rain, soak = r // BAND, np.uint64(r * block.width), 0.0, 0.0
        for s in range(spans.number[band]):
            first, last = np.uint64(spans.first[band, s]), np.uint64(spans.last[band, s])
            _settle(fields.h, sources, work, lapse, (at, at, first, last))
            rain += _total(work.raw_x, last - first)
            soak += _total(work.raw_y, last - first)
            deepest = _peak(
                fields, peaks, lapse, (at, np.uint64((r + 1) * block.width), first, last), deepest
            )
        ledger[2 * r], ledger[2 * r + 1] = rain, soak
    return deepest


@compiled
def _any(values: Any, first: Any, last: Any) -> Any:
    some = bits_of(values[first])
    for i in range(first, last):
        some |= bits_of(values[i])
    return some


@compiled
def look(fields: Fields, wet: Any, block: Block) -> None:
    """Writes which tiles of a block hold or move water."""
    spans = block.spans
    for r in range(block.top, block.end):
        band, at = r // BAND, r * block.width
        if r == block.top or r % BAND == 0:
            wet[band] = 0
        for s in range(spans.number[band]):
            first, last = spans.first[band, s], spans.last[band, s]
            for t in range(first // TILE, (last - 1) // TILE + 1):
                if wet[band, t] == 0:
                    a, b = np.uint64(at + max(first, t * TILE)), np.uint64(at + min(last, (t + 1) * TILE))
                    some = _any(fields.h, a, b) | _any(fields.qx, a, b) | _any(fields.qy, a, b)
                    wet[band, t] = some != 0


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
def join(spans: Spans, seams: Spans) -> None:
    """Seams between bands: for each band its spans and those of the band above it, as one."""
    for band in range(spans.first.shape[0]):
        i = j = n = 0
        own, above = spans.number[band], spans.number[band - 1] if band else np.int32(0)
        while i < own or j < above:
            if j >= above or (i < own and spans.first[band, i] <= spans.first[band - 1, j]):
                first, last, i = spans.first[band, i], spans.last[band, i], i + 1
            else:
                first, last, j = spans.first[band - 1, j], spans.last[band - 1, j], j + 1
            if n and first <= seams.last[band, n - 1]:
                seams.last[band, n - 1] = max(seams.last[band, n - 1], last)
            else:
                seams.first[band, n], seams.last[band, n], n = first, last, n + 1
        seams.number[band] = n


@compiled
def copy_halo(fields: Fields, block: Block) -> None:
    last = fields.z.shape[0] // block.width - 1
    for k in range(HALO):
        row = block.top - 2 + k if k < 2 else block.end - 2 + k
        here, there = min(row, last) * block.width, place(row, block)
        for i in range(block.width):
            fields.h[there + i] = fields.h[here + i]
            fields.qx[there + i] = fields.qx[here + i]
            fields.qy[there + i] = fields.qy[here + i]


@compiled
def renew(fields: Fields, ghosts: Ghosts, levels: Any) -> float:
    """Gives the cells beyond the edges their water; returns what has run into them since the last time, in m."""
    z, h, qx, qy = fields.z, fields.h, fields.qx, fields.qy
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
