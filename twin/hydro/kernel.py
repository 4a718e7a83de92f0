"""One step of the local inertial scheme over a block of rows, compiled; what the arrays hold is said in layout.py.

Source: Bates, Horritt, Fewtrell (2010), doi:10.1016/j.jhydrol.2010.03.027; de Almeida et al. (2012), doi:10.1029/2011WR011570
(weight theta). Deviations: friction acts on the flow as a vector; a cell gives away no more than it holds; what crosses a face in a
step is cut to a multiple of the deeper cell's last digit, so that both cells book the same amount and no water is lost to rounding.

The sweep runs down the rows once, in place: raw flows of row r, then what row r - 1 can give, then the new depth of row r - 2.
Values of neighbouring blocks come from a copy made before the step, so the result doesn't depend on how rows are shared out.
Loops vectorise only with unsigned indices (signed ones may count from the end), without checks for division by zero, and without
double literals.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from twin.hydro.scheme import BAND

UNIT = np.uint64(1)
GUESS = 0x54A20000  # less a third of the bits of x: those of about x^(-1/3), as far off above as below
SLOWNESS = (
    0.99990007,
    2.33381991,
    3.96733465,
    5.6320428,
)  # (1 - off)^(-7/3) for off between -0.103 and 0.102

Reals = NDArray[Any]

compiled = njit(nogil=True, cache=True, error_model="numpy", fastmath={"contract"})


class Fields(NamedTuple):
    """(rows, columns) with the ring. z: bed; drag: g n^2 / 2; h: depth; qx, qy: flow over a cell's west and north face, m2/s."""

    z: Reals
    drag: Reals
    h: Reals
    qx: Reals
    qy: Reals
    bits: NDArray[Any]  # h seen as integers: they order alike, and their maximum vectorises


class Halo(NamedTuple):
    h: Reals
    qx: Reals
    qy: Reals


class Work(NamedTuple):
    """A block's own memory: three rows in turn of raw flows, of amounts across faces in m, of what a cell can give, of 2^exponent(h)."""

    raw_x: Reals
    raw_y: Reals
    over_x: Reals
    over_y: Reals
    give: Reals
    scale: Reals
    scale_bits: NDArray[Any]  # the same memory
    spare: Reals  # one row, written and never read


class Spans(NamedTuple):
    """Columns [first, last) that hold or may soon hold water, for each band of rows."""

    number: NDArray[np.int32]
    first: NDArray[np.int32]
    last: NDArray[np.int32]


class Block(NamedTuple):
    """Rows [top, end) and what the thread that works on them needs."""

    halo: Halo
    work: Work
    spans: Spans
    top: int
    end: int


class Step(NamedTuple):
    """Numbers of one step, of the arrays' type."""

    theta: Any
    side: Any  # (1 - theta) / 2
    slope: Any  # g dt / dx
    ratio: Any  # dt / dx
    shallow: Any  # m; below it nothing flows
    keep: Any  # m that a cell keeps back, so that rounding what crosses its four faces can't make its depth negative
    slow0: Any  # SLOWNESS times dt
    slow1: Any
    slow2: Any
    slow3: Any
    quarter: Any
    one: Any
    zero: Any
    mask: Any  # exponent bits
    lift: Any  # what makes 3p of the bits of p


@compiled
def _row(field: Reals, halo: Reals, r: int, top: int, end: int) -> Any:
    if r < top:
        return halo[r - top + 2]
    if r >= end:
        return halo[r - end + 2]
    return field[r]


@compiled
def _slowed(q: Any, brake: Any, depth: Any, step: Any) -> Any:
    """Flow after friction: q / (1 + dt brake / depth^(7/3)), brake = g n^2 |q|.

    A guess y of depth^(-1/3) from the bits is up to 3.5 % off; with off = 1 - depth y^3, depth^(-7/3) = y^7 (1 - off)^(-7/3), the last
    by a polynomial, to 1.1e-4: as if Manning's n were 0.005 % another."""
    bits = np.float32(np.float32(depth).view(np.int32))
    y = step.one * np.int32(np.float32(GUESS) - bits * np.float32(1 / 3)).view(np.float32)
    y3 = y * y * y
    off = step.one - depth * y3
    power = y3 * y3 * y * (step.slow0 + off * (step.slow1 + off * (step.slow2 + off * step.slow3)))
    return q / (step.one + brake * power)


@compiled
def _raw_x(out: Reals, bed: Any, flow: Any, step: Any, cut: Any) -> None:
    z, h, drag = bed
    x, y, y_below = flow
    for i in range(cut[0], cut[1]):
        left = i - UNIT
        el, er = z[left] + h[left], z[i] + h[i]
        depth = max(el, er) - max(z[left], z[i])
        across = step.quarter * (y[left] + y[i] + y_below[left] + y_below[i])
        speed = np.sqrt(x[i] * x[i] + across * across)
        pushed = step.theta * x[i] + step.side * (x[left] + x[i + UNIT]) - step.slope * depth * (er - el)
        value = _slowed(pushed, (drag[left] + drag[i]) * speed, depth, step)
        out[i] = value if depth > step.shallow else step.zero


@compiled
def _raw_y(out: Reals, beds: Any, flow: Any, step: Any, cut: Any) -> None:
    (z_above, h_above, drag_above, x_above), (z, h, drag, x) = beds
    y_above, y, y_below = flow
    for i in range(cut[0], cut[1]):
        el, er = z_above[i] + h_above[i], z[i] + h[i]
        depth = max(el, er) - max(z_above[i], z[i])
        across = step.quarter * (x_above[i] + x_above[i + UNIT] + x[i] + x[i + UNIT])
        speed = np.sqrt(y[i] * y[i] + across * across)
        pushed = step.theta * y[i] + step.side * (y_above[i] + y_below[i]) - step.slope * depth * (er - el)
        value = _slowed(pushed, (drag_above[i] + drag[i]) * speed, depth, step)
        out[i] = value if depth > step.shallow else step.zero


@compiled
def _give(out: Reals, h: Reals, flow: Any, step: Any, cut: Any) -> None:
    """The share of what a cell would lose that it can give."""
    x, y, y_below = flow
    for i in range(cut[0], cut[1]):
        leaving = max(x[i + UNIT], step.zero) - min(x[i], step.zero)
        leaving = leaving + max(y_below[i], step.zero) - min(y[i], step.zero)
        wanted, held = leaving * step.ratio, max(h[i] - step.keep, step.zero)
        out[i] = held / wanted if wanted > held else step.one


@compiled
def _cross(out: Any, raw: Reals, sides: Any, step: Any, cut: Any) -> None:
    """Limits a row of raw flows and cuts what crosses to a multiple of the deeper cell's last digit."""
    kept, over = out
    give_before, give, scale_before, scale = sides
    shift = cut[2]
    for i in range(cut[0], cut[1]):
        before, after, big = give_before[i - shift], give[i], max(scale_before[i - shift], scale[i])
        value = raw[i] * (before if raw[i] > step.zero else after)
        kept[i] = value
        over[i] = (value * step.ratio + big) - big


@compiled
def _fill(h: Reals, bits: Any, over: Any, cut: Any, deepest: Any) -> Any:
    x, north, south = over
    for i in range(cut[0], cut[1]):
        h[i] = h[i] + ((x[i] - x[i + UNIT]) + (north[i] - south[i]))
    for i in range(cut[0], cut[1]):
        deepest = max(deepest, bits[i])
    return deepest


@compiled
def _scale(out: Any, bits: Any, cut: Any, mask: Any, lift: Any) -> None:
    for i in range(cut[0], cut[1]):
        out[i] = (bits[i] & mask) + lift


@compiled
def _flows(row: int, fields: Fields, block: Block, step: Any) -> None:
    """Raw flows over the west and north faces of a row."""
    halo, work, spans, top, end = block.halo, block.work, block.spans, block.top, block.end
    k, band = row % 3, row // BAND
    if row % BAND < 3:
        work.raw_x[k] = 0
        work.raw_y[k] = 0
    h, h_above = _row(fields.h, halo.h, row, top, end), _row(fields.h, halo.h, row - 1, top, end)
    x, x_above = _row(fields.qx, halo.qx, row, top, end), _row(fields.qx, halo.qx, row - 1, top, end)
    y, y_above = _row(fields.qy, halo.qy, row, top, end), _row(fields.qy, halo.qy, row - 1, top, end)
    y_below = _row(fields.qy, halo.qy, row + 1, top, end)
    z, d, z_above, d_above = fields.z[row], fields.drag[row], fields.z[row - 1], fields.drag[row - 1]
    for s in range(spans.number[band]):
        cut = (np.uint64(spans.first[band, s]), np.uint64(spans.last[band, s]))
        _raw_x(work.raw_x[k], (z, h, d), (x, y, y_below), step, cut)
        beds = ((z_above, h_above, d_above, x_above), (z, h, d, x))
        _raw_y(work.raw_y[k], beds, (y_above, y, y_below), step, cut)


@compiled
def _limits(row: int, fields: Fields, block: Block, step: Any) -> None:
    """What a row can give away, and with it what crosses its west and north faces."""
    halo, work, spans, top, end = block.halo, block.work, block.spans, block.top, block.end
    k, above, below, band = row % 3, (row - 1) % 3, (row + 1) % 3, row // BAND
    if row % BAND < 3:
        work.give[k] = 0
        work.scale[k] = 0
        work.over_x[k] = 0
        work.over_y[k] = 0
    h = _row(fields.h, halo.h, row, top, end)
    own = row >= top and row < end
    kept_x = fields.qx[row] if own else work.spare
    kept_y = fields.qy[row] if own else work.spare
    give, scale = work.give[k], work.scale[k]
    for s in range(spans.number[band]):
        cut = (np.uint64(spans.first[band, s]), np.uint64(spans.last[band, s]))
        _scale(work.scale_bits[k], h.view(fields.bits.dtype), cut, step.mask, step.lift)
        _give(give, h, (work.raw_x[k], work.raw_y[k], work.raw_y[below]), step, cut)
    if row < top:
        return
    for s in range(spans.number[band]):
        first, last = np.uint64(spans.first[band, s]), np.uint64(spans.last[band, s])
        beside = (give, give, scale, scale)
        _cross((kept_x, work.over_x[k]), work.raw_x[k], beside, step, (first, last, UNIT))
        over = (work.give[above], give, work.scale[above], scale)
        _cross((kept_y, work.over_y[k]), work.raw_y[k], over, step, (first, last, np.uint64(0)))


@compiled
def sweep(fields: Fields, block: Block, step: Any) -> Any:
    """Advances a block's rows by one step and returns the bits of the greatest depth in them."""
    work, spans, top, end = block.work, block.spans, block.top, block.end
    deepest = fields.bits[0, 0] * 0
    for k in range(3):
        work.raw_x[k] = 0
        work.raw_y[k] = 0
        work.over_x[k] = 0
        work.over_y[k] = 0
        work.give[k] = 0
        work.scale[k] = 0
    for r in range(top - 1, end + 2):
        _flows(r, fields, block, step)
        if r > top - 1:
            _limits(r - 1, fields, block, step)
        t = r - 2
        if t >= top:
            band = t // BAND
            for s in range(spans.number[band]):
                cut = (np.uint64(spans.first[band, s]), np.uint64(spans.last[band, s]))
                over = (work.over_x[t % 3], work.over_y[t % 3], work.over_y[(t + 1) % 3])
                deepest = _fill(fields.h[t], fields.bits[t], over, cut, deepest)
    return deepest
