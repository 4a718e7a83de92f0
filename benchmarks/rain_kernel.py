"""The heavy rain kernel beside two peers: cell updates per second of CPU and of the clock, everything wet, single precision.

    .venv/bin/python -m benchmarks.rain_kernel [--seconds 4] [--rounds 3] [--threads 2] [--only speed threads linear river town agreement large county]

Ours with all it does: limiter, friction as a vector, Manning and infiltration for each cell, open edges, rain, maxima after every
eighth step, mass balance. Peers as in `benchmarks/rain_peers.py`. The programs take turns in each round, so that what else the machine does
meets them alike; medians of the rounds.

speed: 1000 x 1000 cells. large: 25 million. threads: what two threads reach, beside what this machine gives two programs that share
nothing. linear: cost per cell of the area. river: a river on a mostly dry grid. town: 10 km2 at 2 m, two hours to their end. agreement: depths beside itzi-core's. county: 58 million
cells at 5 m in the rain, memory and the time for two hours, from some minutes of computing.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from benchmarks import rain_peers
from benchmarks.rain_peers import CELL, LANDLAB
from twin.hydro.case import Case, Curve, Edge, Inflow, Rain, Side
from twin.hydro.running import Simulation, run

Rate = tuple[float, float]
PARTS = ("county", "speed", "threads", "linear", "river", "town", "agreement", "large")
COUNTY = (
    9886,
    9373,
    58_184_400,
)  # rows and columns at 5 m round the Landkreis Meißen, cells of its 1454.61 km2


def case(cells: int, area: NDArray[np.bool_] | None = None) -> Case:
    """Gentle hills under 0.3 to 0.8 m of water, in the rain, open all round."""
    rng = np.random.default_rng(1)
    y, x = np.mgrid[0:cells, 0:cells].astype(np.float32)
    terrain = 2 + np.sin(x / 37) * np.cos(y / 29) + np.float32(0.1) * rng.random((cells, cells), np.float32)
    part = rng.random((cells, cells), np.float32)
    return Case(
        terrain, CELL, 86400, 0.02 + np.float32(0.06) * part, 5 * part, Rain(Curve((0, 86400), (0, 1200))),
        depth=np.float32(0.3) + np.float32(0.5) * part, edges=tuple(Edge(side) for side in Side), area=area,
    )  # fmt: skip


def ours(simulation: Simulation, *, seconds: float) -> Rate:
    """Million cell updates per second of CPU and of the clock; cells of the area count."""
    steps, clock, cpu = simulation.state.steps, time.perf_counter(), time.process_time()
    for _share, _state in simulation.reports(every=0.001):
        if time.perf_counter() - clock > seconds:
            break
    clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
    done = (simulation.state.steps - steps) * float(simulation.layout.case.active.sum()) / 1e6
    return done / cpu, done / clock


def in_turn(programs: dict[str, Callable[[], Rate | None]], *, rounds: int) -> dict[str, Rate]:
    """Medians of the rounds; programs that aren't there are left out."""
    rates: dict[str, list[Rate]] = {}
    for _ in range(rounds):
        for name, program in programs.items():
            rate = program()
            if rate is not None:
                rates.setdefault(name, []).append(rate)
    return {name: (median(r[0] for r in each), median(r[1] for r in each)) for name, each in rates.items()}


def speed(cells: int, *, threads: int, seconds: float, rounds: int) -> None:
    water = case(cells)
    small = cells <= 2000
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "case.npz"
        np.savez(file, z=water.terrain, h=water.depth, n=water.manning)

        def peer(name: str, setup: str, count: int = 1) -> Callable[[], Rate | None]:
            return partial(rain_peers.speed, name, setup, file=file, seconds=seconds, threads=count)

        programs: dict[str, Callable[[], Rate | None]] = {}
        for count in sorted({1, threads}) if small else [1]:
            simulation = Simulation(water, threads=count)
            ours(simulation, seconds=0)
            programs[f"ours, {count} thread{'s' * (count > 1)}"] = partial(ours, simulation, seconds=seconds)
        programs["itzi-core 0.8.0, 1 thread"] = peer("itzi", rain_peers.itzi(diagnostics=False))
        if small:
            programs["landlab 2.11"] = peer("landlab", LANDLAB)
            programs["itzi-core 0.8.0, 1 thread, diagnostics"] = peer(
                "itzi", rain_peers.itzi(diagnostics=True)
            )
            programs[f"itzi-core 0.8.0, {threads} threads"] = peer(
                "itzi", rain_peers.itzi(diagnostics=False), threads
            )
        table(cells, in_turn(programs, rounds=rounds))


def table(cells: int, rates: dict[str, Rate]) -> None:
    print(
        "| grid | program | Mcells per CPU second | per second | ours, 1 thread, per CPU second is |\n|---|---|---|---|---|"
    )
    for name, (cpu, clock) in rates.items():
        times = rates["ours, 1 thread"][0] / cpu
        print(f"| {cells} x {cells} | {name} | {cpu:.1f} | {clock:.1f} | {times:.1f} x |", flush=True)


@njit(error_model="numpy")
def spin(rounds: int) -> float:
    """Multiplications and additions in registers alone: enough independent ones to fill a core, no memory."""
    a = b = c = d = e = f = g = h = i = j = k = m = 1.0
    for _ in range(rounds):
        a, b, c, d = a * 0.99 + 0.01, b * 0.98 + 0.02, c * 0.97 + 0.03, d * 0.96 + 0.04
        e, f, g, h = e * 0.95 + 0.05, f * 0.94 + 0.06, g * 0.93 + 0.07, h * 0.92 + 0.08
        i, j, k, m = i * 0.91 + 0.09, j * 0.90 + 0.10, k * 0.89 + 0.11, m * 0.88 + 0.12
    return a + b + c + d + e + f + g + h + i + j + k + m


def alone(what: str, *, seconds: float) -> float:
    """In a process of its own: rounds of arithmetic, or million cell updates, per second of the clock."""
    if what == "cells":
        simulation = Simulation(case(1000))
        ours(simulation, seconds=0.5)
    spin(1)
    print("ready", flush=True)
    sys.stdin.readline()
    if what == "cells":
        return ours(simulation, seconds=seconds)[1]
    clock, done = time.perf_counter(), 0
    while time.perf_counter() - clock < seconds:
        spin(1_000_000)
        done += 1
    return done / (time.perf_counter() - clock)


def beside(what: str, count: int, *, seconds: float) -> float:
    """What so many processes that share nothing reach together at once."""
    command = [sys.executable, "-m", "benchmarks.rain_kernel", "--alone", what, "--seconds", str(seconds)]
    programs = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    for each in programs:
        assert each.stdout is not None
        each.stdout.readline()
    return sum(float(said) for said in _go(programs))


def _go(programs: list[subprocess.Popen[str]]) -> list[str]:
    for each in programs:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    return [each.communicate()[0] for each in programs]


def threads_part(*, threads: int, seconds: float, rounds: int) -> None:
    water = case(1000)
    simulations = {count: Simulation(water, threads=count) for count in (1, threads)}
    for each in simulations.values():
        ours(each, seconds=0.2)
    shares: dict[str, list[float]] = {}
    for _ in range(rounds):
        one, more = (ours(each, seconds=seconds)[1] for each in simulations.values())
        shares.setdefault("threads", []).append(more / one)
        for what in ("arithmetic", "cells"):
            one, more = (beside(what, count, seconds=seconds) for count in (1, threads))
            shares.setdefault(what, []).append(more / one)
    told = {name: median(each) for name, each in shares.items()}
    print(
        f"{threads} threads reach {told['threads']:.2f} times one. On this machine {threads} processes that share nothing reach "
        f"{told['arithmetic']:.2f} times one with arithmetic in registers, {told['cells']:.2f} times with a run of the kernel each."
    )


def linear(*, seconds: float, rounds: int) -> None:
    """The same cost for each cell of the area, however many there are and whatever lies round them."""
    y, x = np.mgrid[0:4000, 0:4000]
    disc = (y - 2000) ** 2 + (x - 2000) ** 2 < 1128**2
    cases = {
        "1 M": case(1000),
        "4 M": case(2000),
        "4 M in a disc on 16 M": case(4000, disc),
        "16 M": case(4000),
    }
    simulations = {name: Simulation(each) for name, each in cases.items()}
    for each in simulations.values():
        ours(each, seconds=0)
    rates = in_turn(
        {name: partial(ours, each, seconds=seconds) for name, each in simulations.items()}, rounds=rounds
    )
    print(
        "ns of CPU for a step of a cell of the area: "
        + "; ".join(f"{n} {1e3 / r[0]:.2f}" for n, r in rates.items())
    )


def river(*, seconds: float, rounds: int) -> None:
    """How many times less a step costs where a river takes a tenth or a twentieth of a plain than on the same plain under water."""
    for side, deep in ((2000, 2.0), (2000, 1.0), (4000, 4.0), (4000, 2.0)):
        share, times = _dry(side, deep, seconds=seconds, rounds=rounds)
        print(
            f"A river on {share:.0%} of a plain of {side} x {side} cells costs {times:.1f} times less a step than the plain under water.",
            flush=True,
        )


def _dry(side: int, deep: float, *, seconds: float, rounds: int) -> tuple[float, float]:
    """side: cells; deep: m of water in the middle of the river, which has a slope of 2 % to both sides."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    middle = side // 2
    across = np.abs(x - middle - 100 * np.sin(y / 150)) * np.float32(0.02)
    valley = across + (side - y) * np.float32(0.001)
    flow = Inflow(tuple([side - 1] * 20), tuple(range(middle - 10, middle + 10)), Curve((0,), (300.0,)))
    depths: dict[str, ArrayLike] = {"dry": np.maximum(deep - across, 0.0), "wet": 0.5}
    simulations = {
        name: Simulation(
            Case(valley, 5.0, 86400, 0.03, inflows=(flow,), edges=(Edge(Side.NORTH),), depth=depth)
        )
        for name, depth in depths.items()
    }
    share = float((simulations["dry"].state.h > 0).mean())
    for each in simulations.values():
        ours(each, seconds=0.2)
    rates = in_turn(
        {name: partial(ours, each, seconds=seconds) for name, each in simulations.items()}, rounds=rounds
    )
    return share, rates["dry"][0] / rates["wet"][0]


def town(*, threads: int) -> None:
    """10 km2 at 2 m with a pond of 3 m: 50 mm in an hour and an hour more, to its end."""
    side = 1581
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    hills = 20 + 2 * np.sin(x / 90) * np.cos(y / 70) + x * np.float32(0.004)
    hills += np.random.default_rng(5).random(hills.shape, np.float32) * np.float32(0.1)
    pond = np.hypot(x - side / 2, y - side / 2) < 60
    hills[pond] = hills[pond].min() - 3
    rain, edges = Rain(Curve((0, 3600), (0, 50))), tuple(Edge(each) for each in Side)
    asked = Case(hills, 2.0, 7200, 0.05, 5.0, rain, edges=edges, depth=np.where(pond, np.float32(3), 0))
    clock = time.perf_counter()
    found = run(asked, threads=threads)
    clock = time.perf_counter() - clock
    print(
        f"Town: {side}^2 cells of 2 m, {threads} threads: two hours in {clock:.0f} s, {found.steps} steps, deepest {np.nanmax(found.peak_depth):.2f} m, "
        f"{found.steps * side**2 / clock / 1e6:.0f} M cells a second, mass error {abs(found.balance.error) / found.balance.rained:.1e} of the rain."
    )


def _peak() -> float:
    """GB that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def agreement() -> None:
    with tempfile.TemporaryDirectory() as folder:
        print(rain_peers.agreement(Path(folder)) or "itzi-core is not installed.")


def county(*, threads: int, seconds: float) -> None:
    """50 mm in an hour and an hour more on the county's cells; computed for so many seconds, the rest from the steps that 3 m of water ask for."""
    rows, columns, cells = COUNTY
    y = np.abs(np.linspace(-1, 1, rows, dtype=np.float32))[:, None] ** np.float32(1.4)
    x = np.abs(np.linspace(-1, 1, columns, dtype=np.float32)) ** np.float32(1.4)
    out = y + x
    area = out <= np.float32(np.partition(out[::8, ::8].ravel(), cells // 64)[cells // 64])
    out[...] = (
        150
        + 30
        * np.sin(np.arange(columns, dtype=np.float32) / 300)
        * np.cos(np.arange(rows, dtype=np.float32) / 250)[:, None]
    )
    out += np.random.default_rng(3).random(out.shape, np.float32)
    del y, x
    rain = Rain(Curve((0, 3600), (0, 50)))
    clock = time.perf_counter()
    simulation = Simulation(
        Case(out, 5.0, 7200, 0.05, 5.0, rain, area=area, edges=tuple(Edge(side) for side in Side)),
        threads=threads,
    )
    ready, steps, (_cpu, rate) = (
        time.perf_counter() - clock,
        simulation.state.steps,
        ours(simulation, seconds=seconds),
    )
    steps, computing = simulation.state.steps - steps, _peak()
    checkpoint: dict[str, Any] = {**simulation.state.pack()}
    with tempfile.TemporaryFile() as file:
        np.savez(file, **checkpoint)
    keeping = _peak()
    simulation.result(last=True)
    peak = _peak()
    active = float(area.sum()) / 1e6
    needed = 7200 * (9.81 * 3.0) ** 0.5 / (0.6 * 5.0)
    print(
        f"County: {active:.1f} M cells of {rows} x {columns}, {threads} threads: laid out in {ready:.0f} s, {steps} steps at {rate:.0f} M cells a second; "
        f"{simulation.state.time:.0f} s of rain, deepest {simulation.state.deepest:.2f} m. Two hours with 3 m of water are {needed:.0f} steps, "
        f"{needed * active / rate / 60:.0f} minutes. Memory at most {computing:.1f} GB, with a checkpoint {keeping:.1f} GB, with the result {peak:.1f} GB."
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS)
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.alone:
        print(alone(asked.alone, seconds=asked.seconds))
        return
    often = {"seconds": asked.seconds, "rounds": asked.rounds}
    parts: dict[str, Callable[[], None]] = {
        "county": partial(county, threads=asked.threads, seconds=10 * asked.seconds),
        "speed": partial(speed, 1000, threads=asked.threads, **often),
        "threads": partial(threads_part, threads=asked.threads, **often),
        "linear": partial(linear, **often),
        "river": partial(river, **often),
        "town": partial(town, threads=asked.threads),
        "agreement": agreement,
        "large": partial(speed, 5000, threads=asked.threads, **often),
    }
    for name, part in parts.items():  # the county first, so that the memory told is its own
        if name in asked.only:
            part()


if __name__ == "__main__":
    main()
