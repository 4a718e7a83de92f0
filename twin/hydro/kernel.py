"""One step of the local inertial scheme over a block of rows, compiled; what the arrays hold is said in layout.py.

Source: Bates, Horritt, Fewtrell (2010), doi:10.1016/j.jhydrol.2010.03.027; de Almeida et al. (2012), doi:10.1029/2011WR011570
(weight theta). Deviations: friction acts on the flow as a vector; a cell gives away no more than it holds; what crosses a face in a
step is cut to a multiple of the deeper cell's last digit, so that both cells book the same amount and no water is lost to rounding.

The sweep runs down the rows once, in place: raw flows of row r and what row r - 1 can give, then what crosses the faces of row r - 1 and
the new depth of row r - 2. Rows of neighbouring blocks come from a copy made before the step, so the result doesn't depend on how rows
are shared out. Arrays are flat and rows are offsets. Loops vectorise only with unsigned indices (signed ones may count from the end),
without checks for division by zero, and without double literals.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.hydro.compiling import compiler
from twin.hydro.digits import bits_of, power_of_two
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

compiled = compiler("contract")


class Fields(NamedTuple):
    """Flat, row by row with the ring. z: bed; drag: g n^2 / 2; h: depth; qx, qy: flow over a cell's west and north face, m2/s.

    h, qx and qy go on after the grid with HALO rows for each block: its neighbours' as they were before the step."""

    z: Reals
    drag: Reals
    h: Reals
    qx: Reals
    qy: Reals


class Work(NamedTuple):
    """A block's own memory: three rows in turn of raw flows, of what a cell can give, of amounts across west faces in m; one of those across north faces."""

    raw_x: Reals
    raw_y: Reals
    give: Reals
    over_x: Reals
    over_y: Reals


class Spans(NamedTuple):
    """Columns [first, last) that hold or may soon hold water, for each band of rows."""

    number: NDArray[np.int32]
    first: NDArray[np.int32]
    last: NDArray[np.int32]


class Block(NamedTuple):
    """Rows [top, end) and what the thread that works on them needs."""

    work: Work
    spans: Spans
    seams: Spans  # those of a band or of the one above it: where the first row of a band is computed
    top: int
    end: int
    halo: int  # row of the fields where the copies of its neighbours' begin
    width: int  # of a row


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
    three: Any


@compiled
def place(row: int, block: Block) -> Any:
    """Where a row of h, qx and qy begins, as a block sees it."""
    if row < block.top:
        row = block.halo + row - block.top + 2
    elif row >= block.end:
        row = block.halo + row - block.end + 2
    return np.uint64(row * block.width)


@compiled
def _slowness(depth: Any, step: Any) -> Any:
    """dt / depth^(7/3): with brake = g n^2 |q|, friction leaves q / (1 + brake dt / depth^(7/3)) of a flow.

    A guess y of depth^(-1/3) from the bits is up to 3.5 % off; with off = 1 - depth y^3, depth^(-7/3) = y^7 (1 - off)^(-7/3), the last
    by a polynomial, to 1.1e-4: as if Manning's n were 0.005 % another."""
    bits = np.float32(np.float32(depth).view(np.int32))
    y = step.one * np.int32(np.float32(GUESS) - bits * np.float32(1 / 3)).view(np.float32)
    y3 = y * y * y
    off = step.one - depth * y3
    return y3 * y3 * y * (step.slow0 + off * (step.slow1 + off * (step.slow2 + off * step.slow3)))


@compiled
def _flow(fields: Fields, work: Work, step: Any, at: Any, cut: Any) -> None:
    """Raw flows over the west and north faces of a row; and the share of what each cell of the row above would lose that it can give."""
    z, drag, h, qx, qy = fields.z, fields.drag, fields.h, fields.qx, fields.qy
    bed, bed_above, row, above, below, new, old = at
    for i in range(cut[0], cut[1]):
        left, right = i - UNIT, i + UNIT
        ground, level = z[bed + i], z[bed + i] + h[row + i]
        x, x_right, y = qx[row + i], qx[row + right], qy[row + i]

        level_left = z[bed + left] + h[row + left]
        depth = max(level_left, level) - max(z[bed + left], ground)
        across = step.quarter * (qy[row + left] + y + qy[below + left] + qy[below + i])
        brake = (drag[bed + left] + drag[bed + i]) * np.sqrt(x * x + across * across)
        pushed = (
            step.theta * x
            + step.side * (qx[row + left] + x_right)
            - step.slope * depth * (level - level_left)
        )
        value = pushed / (step.one + brake * _slowness(depth, step))
        work.raw_x[new + i] = value if depth > step.shallow else step.zero

        level_above = z[bed_above + i] + h[above + i]
        depth = max(level_above, level) - max(z[bed_above + i], ground)
        across = step.quarter * (qx[above + i] + qx[above + right] + x + x_right)
        brake = (drag[bed_above + i] + drag[bed + i]) * np.sqrt(y * y + across * across)
        pushed = (
            step.theta * y
            + step.side * (qy[above + i] + qy[below + i])
            - step.slope * depth * (level - level_above)
        )
        value = pushed / (step.one + brake * _slowness(depth, step))
        value = value if depth > step.shallow else step.zero
        work.raw_y[new + i] = value

        leaving = max(work.raw_x[old + right], step.zero) - min(work.raw_x[old + i], step.zero)
        leaving = leaving + max(value, step.zero) - min(work.raw_y[old + i], step.zero)
        wanted, held = leaving * step.ratio, max(h[above + i] - step.keep, step.zero)
        work.give[old + i] = held / wanted if wanted > held else step.one


@compiled
def _cut(amount: Any, depth: Any, step: Any) -> Any:
    """A multiple of the last digit that a depth has."""
    big = step.three * power_of_two(depth)
    return (amount + big) - big


@compiled
def _book(fields: Fields, work: Work, step: Any, at: Any, cut: Any) -> Any:
    """Limits a row of raw flows, cuts what crosses to a multiple of the deeper cell's last digit, and fills the row above; its deepest bits."""
    h, give, over_x, over_y = fields.h, work.give, work.over_x, work.over_y
    row, above, new, old = at
    deepest = bits_of(step.zero)
    for i in range(cut[0], cut[1]):
        left = i - UNIT
        depth, depth_above, own = h[row + i], h[above + i], give[new + i]
        x = work.raw_x[new + i]
        x = x * (give[new + left] if x > step.zero else own)
        fields.qx[row + i] = x
        over_x[new + i] = _cut(x * step.ratio, max(h[row + left], depth), step)
        y = work.raw_y[new + i]
        y = y * (give[old + i] if y > step.zero else own)
        fields.qy[row + i] = y
        south = _cut(y * step.ratio, max(depth_above, depth), step)
        filled = depth_above + ((over_x[old + i] - over_x[old + i + UNIT]) + (over_y[i] - south))
        over_y[i] = south
        h[above + i] = filled
        deepest = max(deepest, bits_of(filled))
    return deepest


@compiled
def sweep(fields: Fields, block: Block, step: Any) -> Any:
    """Advances a block's rows by one step and returns the bits of the greatest depth in them.

    Beyond its spans a row's memory holds what an earlier row left there: zeros, for water gets no further than EVERY rows into a band that
    its neighbours don't wake."""
    work, top, end, width = block.work, block.top, block.end, block.width
    for i in range(work.raw_x.shape[0]):
        work.raw_x[i] = work.raw_y[i] = work.give[i] = work.over_x[i] = step.zero
    for i in range(width):
        work.over_y[i] = step.zero
    deepest = bits_of(step.zero)
    for r in range(top - 1, end + 2):
        here, above = place(r, block), place(r - 1, block)
        new, old, older = _turn(r, width), _turn(r - 1, width), _turn(r - 2, width)
        at = (np.uint64(r * width), np.uint64((r - 1) * width), here, above, place(r + 1, block), new, old)
        for s in range(_spans(r, block)):
            _flow(fields, work, step, at, _span(r, s, block))
        if r == top - 1:
            continue
        for s in range(_spans(r - 1, block)):
            most = _book(fields, work, step, (above, place(r - 2, block), old, older), _span(r - 1, s, block))
            if r - 2 >= top:  # the row above the block's first is a copy
                deepest = max(deepest, most)
    return deepest


@compiled
def _turn(row: int, width: int) -> Any:
    """Where a row has its place in a block's own memory."""
    return np.uint64(row % 3 * width)


@compiled
def _spans(row: int, block: Block) -> Any:
    return block.spans.number[row // BAND] if row % BAND else block.seams.number[row // BAND]


@compiled
def _span(row: int, s: int, block: Block) -> Any:
    spans, seams, band = block.spans, block.seams, row // BAND
    if row % BAND:
        return np.uint64(spans.first[band, s]), np.uint64(spans.last[band, s])
    return np.uint64(seams.first[band, s]), np.uint64(seams.last[band, s])
