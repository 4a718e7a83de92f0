"""One step of the local inertial scheme over a block of rows, compiled; what the arrays hold is said in layout.py.

Source: Bates, Horritt, Fewtrell (2010), doi:10.1016/j.jhydrol.2010.03.027; de Almeida et al. (2012), doi:10.1029/2011WR011570
(weight theta). Deviations: friction acts on the flow as a vector; a cell gives away no more than it holds; what crosses a face in a
step is cut to a multiple of the deeper cell's last digit, so that both cells book the same amount and no water is lost to rounding.

The sweep runs down the rows once, in place: raw flows of row r, then what row r - 1 can give, then the new depth of row r - 2.
Values of neighbouring blocks come from a copy made before the step, so the result doesn't depend on how rows are shared out.
Loops index slices from 0 and know neither division by zero checks nor f64 literals: otherwise LLVM doesn't vectorise them.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from twin.hydro.scheme import BAND

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
    dt: Any
    slope: Any  # g dt / dx
    ratio: Any  # dt / dx
    shallow: Any  # m; below it nothing flows
    keep: Any  # m that a cell keeps back, so that rounding what crosses its four faces can't make its depth negative
    third: Any
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
    """Flow after friction: q / (1 + dt brake / depth^(7/3)), brake = g n^2 |q|; depth^(-1/3) by two Newton steps, to 1e-5."""
    bits = np.float32(np.float32(depth).view(np.int32))
    y = step.one * np.int32(np.float32(0x54A2FA8C) - bits * np.float32(1 / 3)).view(np.float32)
    y = y * (step.one + step.third - step.third * depth * y * y * y)
    y = y * (step.one + step.third - step.third * depth * y * y * y)
    y2 = y * y
    return q / (step.one + step.dt * brake * (y2 * y2 * y2 * y))


@compiled
def _raw_x(out: Reals, bed: Any, flow: Any, step: Any, cut: Any) -> None:
    z_row, h_row, d_row = bed
    x_row, y_row, y_below = flow
    c0, c1 = cut
    zl, zr, hl, hr, dl, dr = (
        z_row[c0 - 1 : c1 - 1],
        z_row[c0:c1],
        h_row[c0 - 1 : c1 - 1],
        h_row[c0:c1],
        d_row[c0 - 1 : c1 - 1],
        d_row[c0:c1],
    )
    west, q, east = x_row[c0 - 1 : c1 - 1], x_row[c0:c1], x_row[c0 + 1 : c1 + 1]
    nw, ne, sw, se = y_row[c0 - 1 : c1 - 1], y_row[c0:c1], y_below[c0 - 1 : c1 - 1], y_below[c0:c1]
    o = out[c0:c1]
    for i in range(c1 - c0):
        el, er = zl[i] + hl[i], zr[i] + hr[i]
        depth = max(el, er) - max(zl[i], zr[i])
        across = step.quarter * (nw[i] + ne[i] + sw[i] + se[i])
        speed = np.sqrt(q[i] * q[i] + across * across)
        mean = step.theta * q[i] + step.side * (west[i] + east[i])
        pushed = mean - step.slope * depth * (er - el)
        value = _slowed(pushed, (dl[i] + dr[i]) * speed, max(depth, step.shallow), step)
        o[i] = value if depth > step.shallow else step.zero


@compiled
def _raw_y(out: Reals, beds: Any, flow: Any, step: Any, cut: Any) -> None:
    (za_row, ha_row, da_row, xa_row), (z_row, h_row, d_row, x_row) = beds
    y_above, y_row, y_below = flow
    c0, c1 = cut
    zl, zr, hl, hr, dl, dr = (
        za_row[c0:c1],
        z_row[c0:c1],
        ha_row[c0:c1],
        h_row[c0:c1],
        da_row[c0:c1],
        d_row[c0:c1],
    )
    north, q, south = y_above[c0:c1], y_row[c0:c1], y_below[c0:c1]
    nw, ne, sw, se = xa_row[c0:c1], xa_row[c0 + 1 : c1 + 1], x_row[c0:c1], x_row[c0 + 1 : c1 + 1]
    o = out[c0:c1]
    for i in range(c1 - c0):
        el, er = zl[i] + hl[i], zr[i] + hr[i]
        depth = max(el, er) - max(zl[i], zr[i])
        across = step.quarter * (nw[i] + ne[i] + sw[i] + se[i])
        speed = np.sqrt(q[i] * q[i] + across * across)
        mean = step.theta * q[i] + step.side * (north[i] + south[i])
        pushed = mean - step.slope * depth * (er - el)
        value = _slowed(pushed, (dl[i] + dr[i]) * speed, max(depth, step.shallow), step)
        o[i] = value if depth > step.shallow else step.zero


@compiled
def _give(out: Reals, h_row: Reals, flow: Any, step: Any, cut: Any) -> None:
    x_row, y_row, y_below = flow
    c0, c1 = cut
    h, west, east, north, south = (
        h_row[c0:c1],
        x_row[c0:c1],
        x_row[c0 + 1 : c1 + 1],
        y_row[c0:c1],
        y_below[c0:c1],
    )
    o = out[c0:c1]
    for i in range(c1 - c0):
        leaving = (
            max(east[i], step.zero)
            - min(west[i], step.zero)
            + max(south[i], step.zero)
            - min(north[i], step.zero)
        )
        wanted, held = leaving * step.ratio, max(h[i] - step.keep, step.zero)
        o[i] = held / wanted if wanted > held else step.one


@compiled
def _cross(out: Any, raw: Reals, sides: Any, step: Any, cut: Any) -> None:
    """Limits a row of raw flows and cuts what crosses to a multiple of the deeper cell's last digit."""
    kept, over = out
    give_l, give_r, scale_l, scale_r = sides
    c0, c1, shift = cut
    gl, gr, sl, sr = (
        give_l[c0 - shift : c1 - shift],
        give_r[c0:c1],
        scale_l[c0 - shift : c1 - shift],
        scale_r[c0:c1],
    )
    q, k, o = raw[c0:c1], kept[c0:c1], over[c0:c1]
    for i in range(c1 - c0):
        from_left, from_right, big = gl[i], gr[i], max(sl[i], sr[i])
        value = q[i] * (from_left if q[i] > step.zero else from_right)
        k[i] = value
        o[i] = (value * step.ratio + big) - big


@compiled
def _fill(h_row: Reals, bits_row: Any, over: Any, cut: Any, top: Any) -> Any:
    x_row, north_row, south_row = over
    c0, c1 = cut
    h, west, east, north, south = (
        h_row[c0:c1],
        x_row[c0:c1],
        x_row[c0 + 1 : c1 + 1],
        north_row[c0:c1],
        south_row[c0:c1],
    )
    for i in range(c1 - c0):
        h[i] = h[i] + ((west[i] - east[i]) + (north[i] - south[i]))
    bits = bits_row[c0:c1]
    for i in range(c1 - c0):
        top = max(top, bits[i])
    return top


@compiled
def _scale(out: Any, bits: Any, cut: Any, mask: Any, lift: Any) -> None:
    c0, c1 = cut
    o, b = out[c0:c1], bits[c0:c1]
    for i in range(c1 - c0):
        o[i] = (b[i] & mask) + lift


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
        cut = (spans.first[band, s], spans.last[band, s])
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
        cut = (spans.first[band, s], spans.last[band, s])
        _scale(work.scale_bits[k], h.view(fields.bits.dtype), cut, step.mask, step.lift)
        _give(give, h, (work.raw_x[k], work.raw_y[k], work.raw_y[below]), step, cut)
    if row < top:
        return
    for s in range(spans.number[band]):
        first, last = spans.first[band, s], spans.last[band, s]
        beside = (give, give, scale, scale)
        _cross((kept_x, work.over_x[k]), work.raw_x[k], beside, step, (first, last, 1))
        over = (work.give[above], give, work.scale[above], scale)
        _cross((kept_y, work.over_y[k]), work.raw_y[k], over, step, (first, last, 0))


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
                cut = (spans.first[band, s], spans.last[band, s])
                over = (work.over_x[t % 3], work.over_y[t % 3], work.over_y[(t + 1) % 3])
                deepest = _fill(fields.h[t], fields.bits[t], over, cut, deepest)
    return deepest
