"""The heavy rain kernel beside two peers: cell updates per second of CPU and of the clock, everything wet, single precision.

    .venv/bin/python -m benchmarks.rain_kernel [--cells 1000] [--threads 2] [--seconds 8] [--rounds 3] [--large]

Ours with all it does: limiter, friction as a vector, Manning and infiltration for each cell, open edges, rain, maxima after every
eighth step, mass balance. Peers: landlab's OverlandFlow (double precision, one Manning value, no infiltration) and itzi-core's
surface flow, which needs Python 3.12, without and with speeds, direction and Froude numbers; each reads the same terrain and water from a file and runs in
an environment of its own (`benchmarks/peers.sh`). The programs take turns in each round, so that what else the machine does
meets them alike; best of the rounds. --large: also 25 million cells, ours alone and itzi-core. --river: a river on a mostly dry grid.
"""

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.scratch import ROOT
from twin.hydro.case import Case, Curve, Edge, Inflow, Rain, Side
from twin.hydro.running import Simulation

CELL = 2.0
LANDLAB = """
from landlab import RasterModelGrid
from landlab.components import OverlandFlow
grid = RasterModelGrid(z.shape, xy_spacing=cell)
grid.add_field("topographic__elevation", z.astype(float).ravel(), at="node")
grid.add_field("surface_water__depth", h.astype(float).ravel(), at="node")
flow = OverlandFlow(grid, mannings_n=0.05, rainfall_intensity=1.4e-5, steep_slopes=False)
step = flow.overland_flow
"""
ITZI = """
from datetime import datetime, timedelta
from itzi_core import DomainData, SimulationBuilder, SimulationConfig, SurfaceFlowParameters, TemporalType
rows, columns = z.shape
config = SimulationConfig(start_time=datetime(2026, 1, 1), end_time=datetime(2026, 1, 3), record_step=timedelta(days=1),
    temporal_type=TemporalType.RELATIVE, input_map_names={}, output_map_names={}, surface_flow_parameters=SurfaceFlowParameters(theta=0.8, cfl=0.6))
place = DomainData(north=rows * cell, south=0, east=columns * cell, west=0, rows=rows, cols=columns, crs_wkt="")
simulation = SimulationBuilder(config, np.zeros(z.shape, bool)).with_domain_data(place).build()
for name, values in (("ground_elevation", z), ("friction", n), ("water_depth", h)):
    simulation.set_array(name, values)
simulation.raster_domain.update_ext_array()
surface = simulation.surface_flow
def step():
    surface.solve_dt()
    surface.step(compute_vdir=DIAGNOSTICS, compute_froude=DIAGNOSTICS)
"""
PEER = """
import json, sys, time
import numpy as np
given = np.load(sys.argv[1])
z, h, n, cell, seconds = given["z"], given["h"], given["n"], float(sys.argv[2]), float(sys.argv[3])
{setup}
step()
steps, clock, cpu = 0, time.perf_counter(), time.process_time()
while time.perf_counter() - clock < seconds:
    step()
    steps += 1
clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
print(json.dumps([steps * z.size / cpu / 1e6, steps * z.size / clock / 1e6]))
"""


def case(cells: int) -> Case:
    """Gentle hills under 0.3 to 0.8 m of water, in the rain, open all round."""
    rng = np.random.default_rng(1)
    y, x = np.mgrid[0:cells, 0:cells].astype(np.float32)
    terrain = 2 + np.sin(x / 37) * np.cos(y / 29) + np.float32(0.1) * rng.random((cells, cells), np.float32)
    part = rng.random((cells, cells), np.float32)
    return Case(
        terrain, CELL, 86400, 0.02 + np.float32(0.06) * part, 5 * part, Rain(Curve((0, 86400), (0, 1200))),
        depth=np.float32(0.3) + np.float32(0.5) * part, edges=tuple(Edge(side) for side in Side),
    )  # fmt: skip


def ours(simulation: Simulation, *, seconds: float) -> tuple[float, float]:
    """Million cell updates per second of CPU and of the clock."""
    steps, clock, cpu = simulation.state.steps, time.perf_counter(), time.process_time()
    for _share, _state in simulation.reports(every=0.001):
        if time.perf_counter() - clock > seconds:
            break
    clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
    done = (simulation.state.steps - steps) * simulation.layout.case.terrain.size / 1e6
    return done / cpu, done / clock


def peer(name: str, setup: str, *, file: Path, seconds: float, threads: int) -> tuple[float, float] | None:
    python = ROOT / ".local/peers" / name / "bin/python"
    if not python.exists():
        return None
    code = PEER.format(setup=setup)
    command = [str(python), "-W", "ignore", "-c", code, str(file), str(CELL), str(seconds)]
    said = subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        env={"OMP_NUM_THREADS": str(threads), "HOME": str(file.parent)},
    )
    cpu, clock = json.loads(said.stdout.splitlines()[-1])
    return float(cpu), float(clock)


def measure(cells: int, *, threads: int, seconds: float, rounds: int) -> dict[str, tuple[float, float]]:
    water = case(cells)
    best: dict[str, tuple[float, float]] = {}

    def note(name: str, rate: tuple[float, float] | None) -> None:
        if rate is not None:
            old = best.get(name, (0.0, 0.0))
            best[name] = (max(old[0], rate[0]), max(old[1], rate[1]))

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "case.npz"
        np.savez(file, z=water.terrain, h=water.depth, n=water.manning)
        simulations = [(count, Simulation(water, threads=count)) for count in sorted({1, threads})]
        for _, simulation in simulations:
            ours(simulation, seconds=0)
        for _ in range(rounds):
            for count, simulation in simulations:
                note(f"ours, {count} thread{'s' * (count > 1)}", ours(simulation, seconds=seconds))
            if cells <= 2000:
                note("landlab 2.11", peer("landlab", LANDLAB, file=file, seconds=seconds, threads=1))
            for count, _ in simulations:
                off, on = (ITZI.replace("DIAGNOSTICS", value) for value in ("False", "True"))
                name = f"itzi-core 0.8.0, {count} thread{'s' * (count > 1)}"
                note(name, peer("itzi", off, file=file, seconds=seconds, threads=count))
                note(f"{name}, diagnostics", peer("itzi", on, file=file, seconds=seconds, threads=count))
    return best


def river(*, seconds: float) -> tuple[float, float]:
    """Share of wet cells, and how many times less a step costs on a mostly dry plain than on the same plain under water."""
    y, x = np.mgrid[0:2000, 0:2000].astype(np.float32)
    valley = np.abs(x - 1000 - 100 * np.sin(y / 150)) * np.float32(0.02) + (2000 - y) * np.float32(0.001)
    flow = Inflow(tuple([1999] * 20), tuple(range(990, 1010)), Curve((0,), (300.0,)))
    plain = Case(
        valley,
        5.0,
        86400,
        0.03,
        inflows=(flow,),
        edges=(Edge(Side.NORTH),),
        depth=np.where(valley < 2, 2 - valley, 0.0),
    )
    wet = Case(valley, 5.0, 86400, 0.03, inflows=(flow,), edges=(Edge(Side.NORTH),), depth=0.5)
    rates = [ours(Simulation(each), seconds=seconds)[0] for each in (plain, wet, plain, wet)]
    share = float((np.asarray(plain.depth) > 0).mean())
    return share, max(rates[0], rates[2]) / max(rates[1], rates[3])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cells", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--river", action="store_true")
    asked = parser.parse_args()
    if asked.river:
        share, times = river(seconds=asked.seconds)
        print(
            f"A river on {share:.0%} of the plain costs {times:.1f} times less a step than the plain under water."
        )
        return
    print(
        "| grid | program | Mcells per CPU second | per second | ours, 1 thread, per CPU second is |\n|---|---|---|---|---|"
    )
    for cells in (asked.cells, *([5000] if asked.large else [])):
        rates = measure(cells, threads=asked.threads, seconds=asked.seconds, rounds=asked.rounds)
        for name, (cpu, clock) in rates.items():
            print(
                f"| {cells} x {cells} | {name} | {cpu:.1f} | {clock:.1f} | {rates['ours, 1 thread'][0] / cpu:.1f} x |",
                flush=True,
            )


if __name__ == "__main__":
    main()
