"""Where a run stands: all that is needed to go on from there, bit by bit the same; and what it has found."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.hydro.case import Grid
from twin.hydro.errors import OtherCase
from twin.hydro.layout import Layout, inner
from twin.hydro.upkeep import Peaks


@dataclass
class State:
    """Arrays have the ring of layout.py. The run goes on working in them."""

    h: Grid
    qx: Grid
    qy: Grid
    peak_depth: Grid
    peak_speed2: Grid
    peak_flow2: Grid
    arrival: Grid
    held: Grid  # m given to the cells beyond the edges
    owed: Grid  # m that rounding owes the cells with an inflow, then those that pipes end in
    piped: Grid  # (pipes, 2) m3 that have passed, less what came back, and the greatest m3/s
    time: float = 0.0
    steps: int = 0
    deepest: float = 0.0
    quantum: float = 0.0
    settled: float = 0.0  # s until which rain has fallen
    start: float = 0.0  # all in m3
    rained: float = 0.0
    soaked: float = 0.0
    poured: float = 0.0
    left: float = 0.0  # over the edges, less what came in there
    series: Grid = field(
        default_factory=lambda: np.zeros((0, 0))
    )  # a line for each report: s, then m3/s through each section, in the mean since the line before

    def pack(self) -> dict[str, NDArray[Any]]:
        """Everything, as numpy.savez takes it: to be written or copied before the run goes on, for the arrays are its own."""
        return {each.name: np.asarray(getattr(self, each.name)) for each in fields(self)}

    @property
    def peaks(self) -> Peaks:
        maxima = (self.peak_depth, self.peak_speed2, self.peak_flow2, self.arrival)
        return Peaks(*(each.reshape(-1) for each in maxima))


def unpack(saved: Mapping[str, NDArray[Any]]) -> State:
    """The state that pack() gave, in these arrays or those of numpy.load. Raises OtherCase if something is missing."""
    try:
        values = {each.name: np.asarray(saved[each.name]) for each in fields(State)}
    except KeyError as error:
        raise OtherCase(f"The saved state lacks {error}.") from error
    plain: dict[str, Any] = {name: value if value.ndim else value.item() for name, value in values.items()}
    return State(**plain)


def beginning(layout: Layout) -> State:
    shape = layout.shape
    h, qx, qy = (np.zeros(shape, layout.real) for _ in range(3))
    # Maxima are stored where they rise; on pages that were never written, each attempt to store nothing takes a processor 200 ns.
    depth, speed2, flow2 = (np.full(shape, 0.0, layout.real) for _ in range(3))
    inner(h)[...] = layout.case.depth
    inner(h)[~layout.case.active] = 0
    held, owed = (
        np.zeros(len(layout.ghosts.cell)),
        np.zeros(sum(len(each.rows) for each in layout.case.inflows) + len(layout.case.pipes)),
    )
    piped = np.zeros((len(layout.case.pipes), 2))
    state = State(h, qx, qy, depth, speed2, flow2, np.full(shape, np.inf, layout.real), held, owed, piped)
    state.start = volume(layout, state)
    state.deepest = float(h.max())
    return state


def resumed(layout: Layout, state: State) -> State:
    if (
        state.h.shape != layout.shape
        or state.h.dtype != layout.real
        or len(state.held) != len(layout.ghosts.cell)
        or len(state.piped) != len(layout.case.pipes)
    ):
        raise OtherCase("The saved state was made for another terrain, other edges or another precision.")
    return state


def volume(layout: Layout, state: State) -> float:
    """m3 in the area."""
    return float(inner(state.h).sum(dtype=np.float64, where=layout.case.active)) * layout.case.cell**2


@dataclass(frozen=True)
class Balance:
    """m3; error is what is there and can't be explained."""

    start: float
    rained: float
    soaked: float
    poured: float
    left: float
    volume: float

    @property
    def error(self) -> float:
        return self.volume - (self.start + self.rained + self.poured - self.soaked - self.left)


@dataclass(frozen=True)
class Result:
    """(rows, columns) float32, NaN outside the area.

    depth, peak_depth: m at the end and at most; peak_speed: m/s; peak_flow: depth times speed at most, m2/s; arrival: s until the
    water first stood 5 cm deep (scheme.SPEED_COUNTS), infinite where it never did. Maxima are taken after every eighth step."""

    depth: Grid
    peak_depth: Grid
    peak_speed: Grid
    peak_flow: Grid
    arrival: Grid
    balance: Balance
    series: Grid
    time: float
    steps: int
    piped: Grid  # (pipes, 2) m3 that have passed from the first end to the second, and the greatest m3/s


def result_of(layout: Layout, state: State, *, last: bool = False) -> Result:
    """last: the arrays of the state become the result's, which saves a copy of each; the run can't go on."""
    outside = ~layout.case.active
    balance = Balance(
        state.start, state.rained, state.soaked, state.poured, state.left, volume(layout, state)
    )

    def seen(values: Grid) -> Grid:
        out = inner(values).astype(np.float32, copy=not last)
        out[outside] = np.nan
        return out

    def root(squares: Grid) -> Grid:
        return np.asarray(np.sqrt(squares, out=squares if last else None))

    return Result(
        depth=seen(state.h),
        peak_depth=seen(state.peak_depth),
        peak_speed=seen(root(state.peak_speed2)),
        peak_flow=seen(root(state.peak_flow2)),
        arrival=seen(state.arrival),
        balance=balance,
        series=state.series.copy(),
        time=state.time,
        steps=state.steps,
        piped=state.piped.copy(),
    )
