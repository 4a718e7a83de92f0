"""Streams and heights above them for a whole municipality, and the hint map, beside pyflwdir (Deltares): seconds.

    .venv/bin/python -m benchmarks.hand [--cells 4000] [--rounds 2]

Rough ground of cells x cells at 2 m, generated (sums of random waves, falling to one side); streams from 50 ha on. Ours: the whole computation of
`small-streams` with its steps, depths and lines, and that of `flow-paths`, without reading and writing. pyflwdir: depressions filled, directions, upstream
area, streams, height above the nearest drainage, nothing else (it drains to the lowest neighbour, ours to the steepest way down; given the same
directions both tell the same heights); in an environment of its own (`benchmarks/peers.sh`). Both compile before. One thread each,
in turns, best of the rounds. These runs keep no checkpoint: what is told here is what a killed worker loses at most.
"""

import argparse
import subprocess
import tempfile
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.scratch import ROOT
from twin.analysis.terrain import Frame
from twin.usecases.flow_paths import core as hint
from twin.usecases.flow_paths.case import HECTARE, Least
from twin.usecases.flow_paths.case import Inputs as Hint
from twin.usecases.small_streams import core as streams
from twin.usecases.small_streams.case import Inputs, steps

CELL, CATCHMENT = 2.0, 50 * HECTARE
PEER = """
import sys, time
import numpy as np, pyflwdir
from affine import Affine
ground, cell, least = np.load(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
def whole(z):
    network = pyflwdir.from_dem(z, nodata=-9999, transform=Affine(cell, 0, 0, 0, -cell, 0), latlon=False, outlets="edge")
    area = network.upstream_area("cell")
    return network.hand(area >= least / cell**2, z)
whole(ground[:200, :200])
began = time.perf_counter()
whole(ground)
print(time.perf_counter() - began)
"""


def ground(cells: int) -> Any:
    """m: waves from 20 km down to 20 m, the longer the higher."""
    rng = np.random.default_rng(11)
    y, x = np.mgrid[0:cells, 0:cells].astype(np.float32) * np.float32(CELL)
    found = 200 - x / 200
    for length in 20_000 / 2 ** np.arange(11):
        for _ in range(3):
            turn, shift = rng.uniform(0, 2 * np.pi, 2)
            found += np.float32(length / 150) * np.sin((x * np.cos(turn) + y * np.sin(turn)) * (2 * np.pi / length) + shift).astype(np.float32)  # fmt: skip
    return found.astype(np.float32)


def result(stages: Generator[Any, None, Any]) -> Any:
    while True:
        try:
            next(stages)
        except StopIteration as end:
            return end.value


def timed(compute: Any, inputs: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    found = result(compute(inputs, None))
    return time.perf_counter() - began, found


def ours(heights: Any) -> tuple[float, float, Any]:
    part = Frame(0, heights.shape[0] * CELL, CELL, *heights.shape)
    seconds, found = timed(streams.compute, Inputs(part, heights, CATCHMENT, steps(1.0), 4))
    hinted, _ = timed(
        hint.compute, Hint(part, heights, np.zeros(heights.shape, bool), Least(0.1, 10, HECTARE))
    )
    return seconds, hinted, found


def peer(heights: Any, folder: Path) -> float:
    given = folder / "ground.npy"
    np.save(given, heights)
    python = ROOT / ".local/peers/pyflwdir/bin/python"
    return float(subprocess.run([python, "-c", PEER, given, str(CELL), str(CATCHMENT)], capture_output=True, text=True, check=True).stdout)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    heights = ground(options.cells)
    ours(heights[:200, :200])
    best = [np.inf, np.inf, np.inf]
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.rounds):
            seconds, hinted, found = ours(heights)
            best = [
                min(pair) for pair in zip(best, (seconds, hinted, peer(heights, Path(folder))), strict=True)
            ]
    print(f"{heights.size / 1e6:.0f} million cells, {found.streams.lines.size} sections of streams")
    print(f"ours      {best[0]:6.2f} s with steps, depths and lines; hint map {best[1]:.2f} s")
    print(f"pyflwdir  {best[2]:6.2f} s  ({best[2] / best[0]:.1f} times)")


if __name__ == "__main__":
    main()
