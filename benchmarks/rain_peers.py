"""Peers of the heavy rain kernel, each in an environment of its own (`benchmarks/peers.sh`): what they are asked, and how ours agrees with one.

landlab's OverlandFlow (double precision, one Manning value, no infiltration) and itzi-core's surface flow, which needs Python 3.12. Each reads
terrain, water and roughness from a file.
"""

import json
import subprocess
from pathlib import Path
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from benchmarks.scratch import ROOT
from twin.hydro import running
from twin.hydro.case import Case, Curve, Rain

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
    temporal_type=TemporalType.RELATIVE, input_map_names={}, output_map_names={}, surface_flow_parameters=SurfaceFlowParameters(PARAMETERS))
place = DomainData(north=rows * cell, south=0, east=columns * cell, west=0, rows=rows, cols=columns, crs_wkt="")
simulation = SimulationBuilder(config, np.zeros(z.shape, bool)).with_domain_data(place).build()
for name, values in (("ground_elevation", z), ("friction", n), ("water_depth", h), ("inflow", rain)):
    simulation.set_array(name, values)
simulation.raster_domain.update_ext_array()
surface = simulation.surface_flow
def step():
    surface.solve_dt()
    surface.step(compute_vdir=DIAGNOSTICS, compute_froude=DIAGNOSTICS)
"""
BEGIN = """
import json, sys, time
import numpy as np
given = np.load(sys.argv[1])
z, h, n, cell, seconds = given["z"], given["h"], given["n"], float(sys.argv[2]), float(sys.argv[3])
rain = np.zeros_like(h)
"""
SPEED = """
step()
steps, clock, cpu = 0, time.perf_counter(), time.process_time()
while time.perf_counter() - clock < seconds:
    step()
    steps += 1
clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
print(json.dumps([steps * z.size / cpu / 1e6, steps * z.size / clock / 1e6]))
"""
DEPTHS = """
passed = 0.0
while passed < seconds - 1e-3:
    surface.solve_dt()
    surface.dt = timedelta(seconds=min(surface.dt.total_seconds(), seconds - passed))
    surface.step(compute_vdir=False, compute_froude=False)
    passed += surface.dt.total_seconds()
np.save(sys.argv[4], simulation.raster_domain.get_array("water_depth"))
"""


def _program(name: str) -> Path:
    return ROOT / ".local/peers" / name / "bin/python"


def _ask(name: str, code: str, *arguments: str, threads: int, home: Path) -> str:
    said = subprocess.run(
        [str(_program(name)), "-W", "ignore", "-c", code, *arguments],
        check=True, capture_output=True, text=True, env={"OMP_NUM_THREADS": str(threads), "HOME": str(home)},
    )  # fmt: skip
    return said.stdout


def itzi(*, diagnostics: bool) -> str:
    return ITZI.replace("DIAGNOSTICS", str(diagnostics)).replace("PARAMETERS", "theta=0.8, cfl=0.6")


def speed(name: str, setup: str, *, file: Path, seconds: float, threads: int) -> tuple[float, float] | None:
    """Million cell updates of a peer per second of CPU and of the clock; None where it isn't installed."""
    if not _program(name).exists():
        return None
    said = _ask(name, BEGIN + setup + SPEED, str(file), str(CELL), str(seconds), threads=threads, home=file.parent)  # fmt: skip
    cpu, clock = json.loads(said.splitlines()[-1])
    return float(cpu), float(clock)


def agreement(folder: Path, *, cells: int = 300, minutes: float = 30.0) -> str | None:
    """60 mm/h on gentle hills in a closed box, both at the same theta, alpha and least depth of flow: how far the depths lie apart at the end."""
    if not _program("itzi").exists():
        return None
    rng = np.random.default_rng(2)
    y, x = np.mgrid[0:cells, 0:cells]
    terrain = (2 + np.sin(x / 37) * np.cos(y / 29) + 0.05 * rng.random(x.shape)).astype(np.float32)
    manning = (0.02 + 0.06 * rng.random(x.shape)).astype(np.float32)
    file, found, seconds = folder / "hills.npz", folder / "itzi.npy", minutes * 60
    np.savez(file, z=terrain, h=np.zeros_like(terrain), n=manning)
    rainy = BEGIN.replace("rain = np.zeros_like(h)", "rain = np.full_like(h, 0.060 / 3600)")
    setup = ITZI.replace("DIAGNOSTICS", "False").replace("PARAMETERS", "theta=0.8, cfl=0.6, hmin=1e-5")
    _ask(
        "itzi", rainy + setup + DEPTHS, str(file), str(CELL), str(seconds), str(found), threads=2, home=folder
    )
    theirs = np.load(found)
    case = Case(terrain, CELL, seconds, manning, rain=Rain(Curve((0, seconds), (0, minutes))))
    ours, finer = _depths(case, 0.6), _depths(case, 0.3)
    return (
        f"Agreement with itzi-core on {cells} x {cells} cells after {minutes:.0f} minutes: CSI(> 5 cm) {_csi(ours, theirs):.3f} "
        f"(ours at alpha against alpha/2: {_csi(ours, finer):.3f}), RMSE {_rmse(ours, theirs) * 100:.2f} cm "
        f"({_rmse(ours, finer) * 100:.2f} cm); water {theirs.mean() * 1000:.2f} mm in the mean, ours {ours.mean() * 1000:.2f} mm."
    )


def _depths(case: Case, courant: float) -> NDArray[np.floating]:
    with mock.patch.object(running, "COURANT", courant):
        return running.run(case).depth


def _csi(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    both, any_ = (one > 0.05) & (other > 0.05), (one > 0.05) | (other > 0.05)
    return float(both.sum() / any_.sum())


def _rmse(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    return float(np.sqrt(np.mean((one - other) ** 2)))
