"""Runs a case: eight steps, then rain, infiltration and maxima, again and again; can stop at each report and go on from its state."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import sqrt
from typing import Any

import numpy as np

from twin.hydro import kernel, pipes, upkeep
from twin.hydro.case import Case
from twin.hydro.layout import blocks_of, inner, lay_out, no_spans, roomy, work_of
from twin.hydro.scheme import COURANT, EVERY, GRAVITY, HALO, POURED, SHALLOW, SHALLOWEST, SPEED_COUNTS, THETA
from twin.hydro.sections import Section, discharge
from twin.hydro.state import Result, State, beginning, result_of, resumed

ALMOST = 1e-6  # s
TRICKLE = 1e-9  # m3/s


class Simulation:
    """A case under way. Results don't depend on the number of threads, bit by bit, nor on when reports are asked for."""

    def __init__(
        self, case: Case, *, state: State | None = None, threads: int = 1, sections: Sequence[Section] = ()
    ) -> None:
        self.layout = lay_out(case)
        self.threads, self.sections = threads, sections
        self.state = beginning(self.layout) if state is None else resumed(self.layout, state)
        self.layout.ghosts.held[:] = self.state.held
        self._fields = self._take_over()
        self._peaks = self.state.peaks
        self._spans, self._seams = no_spans(self.layout.shape), no_spans(self.layout.shape)
        self._wet = np.zeros_like(self.layout.always)
        self._inflows = [self._inflow_cells(number) for number in range(len(case.inflows))]
        self._water = (self.state.h.reshape(-1), self.layout.z.reshape(-1))
        self._piped = np.zeros(len(case.pipes))  # m3/s
        self._passed = np.zeros(len(sections))  # m3 since the last line of the series
        self._memory = [work_of(self.layout) for _ in range(threads)]
        if state is None:
            self._renew()
        for block in self._cut(self.layout.everywhere):
            upkeep.look(self._fields, self._wet, block)
        self._wake()

    def reports(self, *, every: float = 60.0) -> Iterator[tuple[float, State]]:
        """Runs to the end; at the first round after each multiple of `every` seconds of simulated time gives the share done and the state, live.

        The series has a line for each; a run that goes on from one of these states makes the same ones."""
        case, state = self.layout.case, self.state
        due = _next(state.time, every)
        with ThreadPoolExecutor(self.threads) as pool:
            while case.duration - state.time > ALMOST:
                self._round(pool)
                if state.time >= due or case.duration - state.time <= ALMOST:
                    due = _next(state.time, every)
                    self._record()
                    yield min(state.time / case.duration, 1.0), state

    def _take_over(self) -> kernel.Fields:
        """The state's fields moved to where there is room for the neighbours' rows of each block."""
        state, fields = self.state, []
        for name in ("h", "qx", "qy"):
            whole, field = roomy(getattr(state, name), self.threads)
            setattr(state, name, field)
            fields.append(whole)
        return kernel.Fields(self.layout.z.reshape(-1), self.layout.drag.reshape(-1), *fields)

    def result(self, *, last: bool = False) -> Result:
        """last: nothing is asked of this run any more, so its memory becomes the result's."""
        return result_of(self.layout, self.state, last=last)

    def _round(self, pool: ThreadPoolExecutor) -> None:
        for _ in range(EVERY):
            self._step(pool)
            if self.layout.case.duration - self.state.time <= ALMOST:
                break
        self._settle(pool)

    def _step(self, pool: ThreadPoolExecutor) -> None:
        state, cell = self.state, self.layout.case.cell
        dt = COURANT * cell / sqrt(GRAVITY * max(state.deepest, SHALLOWEST))
        dt = float(self.layout.real(min(dt, self._patience(dt), self.layout.case.duration - state.time)))
        self._pour(dt)
        self._conduct(dt)
        for block in self._blocks:
            upkeep.copy_halo(self._fields, block)
        numbers = step_numbers(dt, cell=cell, deepest=state.deepest, real=self.layout.real)
        deepest = self._shared(pool, lambda block: kernel.sweep(self._fields, block, numbers), self._blocks)
        state.deepest = self._depth(max(deepest))
        state.time += dt
        state.steps += 1
        for number, section in enumerate(self.sections):
            self._passed[number] += dt * discharge(state.qx, state.qy, cell, section)
        self._renew()

    def _settle(self, pool: ThreadPoolExecutor) -> None:
        """Rain, infiltration and maxima; then the tiles that the next steps must visit."""
        state, layout = self.state, self.layout
        lapse, rains = self._lapse()
        blocks = self._cut(layout.everywhere) if rains else self._blocks
        maps, ledger = (layout.sources, self._peaks), np.zeros(2 * layout.shape[0])

        def settled(block: kernel.Block) -> Any:
            deepest = upkeep.keep_up(self._fields, maps, block, lapse, ledger)
            upkeep.look(self._fields, self._wet, block)
            return deepest

        deepest = self._shared(pool, settled, blocks)
        state.deepest = max(state.deepest, self._depth(max(deepest)))
        state.rained += float(ledger[::2].sum()) * layout.case.cell**2
        state.soaked += float(ledger[1::2].sum()) * layout.case.cell**2
        state.settled, state.quantum = state.time, float(lapse.quantum)
        self._wake()

    def _lapse(self) -> tuple[upkeep.Lapse, bool]:
        state, real, rain = self.state, self.layout.real, self.layout.case.rain
        quantum = max(state.quantum, float(np.spacing(real(max(state.deepest, 1.0)))))
        was = state.quantum or quantum
        before = now = 0.0
        if rain is not None:
            before, now = rain.fallen.at(state.settled) / 1000, rain.fallen.at(state.time) / 1000
        rains = now > before
        fallen = (before / was, now / quantum) if rains else (0.0, 0.0)
        soaked = (state.settled / was, state.time / quantum)
        numbers = (*fallen, *soaked, was, quantum, SPEED_COUNTS, state.time, 0.5, 0.25, 0.0, np.inf)
        return upkeep.Lapse(*(real(number) for number in numbers)), rains

    def _wake(self) -> None:
        """Spans of the tiles that are wet or touch a wet one, shared out among the threads."""
        upkeep.spread(self._wet, self.layout.always, self._spans, self.layout.shape[1])
        upkeep.join(self._spans, self._seams)
        self._blocks = self._cut(self._spans)

    def _cut(self, spans: kernel.Spans) -> list[kernel.Block]:
        height, width = self.layout.shape
        return [
            kernel.Block(self._memory[n], spans, self._seams, top, end, height + n * HALO, width)
            for n, (top, end) in enumerate(blocks_of(spans, height, self.threads))
        ]

    def _shared(
        self, pool: ThreadPoolExecutor, work: Callable[[kernel.Block], Any], blocks: Sequence[kernel.Block]
    ) -> list[Any]:
        others = [pool.submit(work, each) for each in blocks[1:]]
        return [work(blocks[0]), *(each.result() for each in others)]

    def _depth(self, bits: Any) -> float:
        return float(np.asarray(bits).astype(self.layout.whole).view(self.layout.real))

    def _renew(self) -> None:
        ghosts, state = self.layout.ghosts, self.state
        if not len(ghosts.cell):
            return
        levels = np.array([curve.at(state.time) for curve in self.layout.levels])
        state.left += upkeep.renew(self._fields, ghosts, levels) * self.layout.case.cell**2
        state.held[:] = ghosts.held
        state.deepest = max(state.deepest, float(ghosts.held.max()))

    def _inflow_cells(self, number: int) -> Any:
        inflow = self.layout.case.inflows[number]
        grid = np.arange(self.layout.z.size).reshape(self.layout.shape)
        return inner(grid)[list(inflow.rows), list(inflow.columns)]

    def _patience(self, dt: float) -> float:
        """The longest step in which no inflow and no pipe adds more than POURED."""
        longest = np.inf
        if self._piped.size:
            area = self.layout.case.cell**2
            pipes.look(self._water, self.layout.pipes, self._piped, (dt, area))
            longest = POURED * area / max(float(np.abs(self._piped).max()), TRICKLE)
        for inflow, cells in zip(self.layout.case.inflows, self._inflows, strict=True):
            discharge_now = inflow.discharge.at(self.state.time)
            if discharge_now > 0:
                longest = min(longest, POURED * self.layout.case.cell**2 * len(cells) / discharge_now)
        return float(longest)

    def _pour(self, dt: float) -> None:
        state, area, start = self.state, self.layout.case.cell**2, 0
        for inflow, cells in zip(self.layout.case.inflows, self._inflows, strict=True):
            depth = inflow.discharge.at(state.time + dt / 2) * dt / area / len(cells)
            state.poured += (
                upkeep.pour(state.h.reshape(-1), cells, depth, state.owed[start : start + len(cells)]) * area
            )
            start += len(cells)

    def _conduct(self, dt: float) -> None:
        state, flow = self.state, self._piped
        if not flow.size:
            return
        owed = state.owed[len(state.owed) - flow.size :]
        pipes.conduct(self._water, self.layout.pipes, flow, (dt, self.layout.case.cell**2), owed)
        state.piped[:, 0] += flow * dt
        np.maximum(state.piped[:, 1], np.abs(flow), out=state.piped[:, 1])

    def _record(self) -> None:
        series = self.state.series
        before = series[-1, 0] if series.size else 0.0
        line = np.array([[self.state.time, *self._passed / (self.state.time - before)]])
        self.state.series = np.vstack([series, line]) if series.size else line
        self._passed[:] = 0


def _next(time: float, every: float) -> float:
    """The first multiple after a time."""
    return every * (time // every + 1)


def step_numbers(dt: float, *, cell: float, deepest: float, real: Any) -> kernel.Step:
    keep = 8 * float(np.spacing(real(max(deepest, SHALLOWEST))))
    lengths = (GRAVITY * dt / cell, dt / cell, SHALLOW, keep)
    slowness = (dt * each for each in kernel.SLOWNESS)
    values = (THETA, (1 - THETA) / 2, *lengths, *slowness, 0.25, 1.0, 0.0, 3.0)
    return kernel.Step._make(real(value) for value in values)


def run(case: Case, *, threads: int = 1) -> Result:
    """Runs a case to its end."""
    simulation = Simulation(case, threads=threads)
    for _ in simulation.reports(every=case.duration):
        pass
    return simulation.result(last=True)
