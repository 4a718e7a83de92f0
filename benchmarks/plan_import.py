"""Import of plans into PostGIS, beside xplan-tools' parse alone: objects per second and memory, in one run, turn by turn.

    .venv/bin/python -m benchmarks.plan_import [FILE.gml …] [--rounds 3]

Ours is the whole `import_plan` (read, check, store, references, search) into a throw-away database, seconds as the
command itself reports them; the peer only reads. Without files: the largest shared one and a new quarter of 3,002 objects.
Peer: `benchmarks/peers.sh`. Needs the services (`scripts/services.sh start`). Prints a table in Markdown, best of the rounds.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.plan_files import quarter
from benchmarks.scratch import ROOT, environment, scratch_database

PEER = ROOT / ".local/peers/xplan-tools/bin/python"
PEER_CODE = """
import json, sys, time
from xplan_tools.interface import repo_factory
start = time.perf_counter()
features = len(repo_factory(sys.argv[1]).get_all().features)
print(json.dumps({"features": features, "seconds": time.perf_counter() - start}))
"""
LARGEST = ROOT.parent / "shared/data/xplan/rub/v5_0_1/LA22.gml"
PLOTS, VERTICES = 600, 96  # 3,002 objects, 7 MB
KB_PER_MB = 1024


@dataclass(frozen=True)
class Measured:
    """One run over one file. peak: resident memory, MB."""

    features: int
    seconds: float
    peak: float

    @property
    def rate(self) -> float:
        return self.features / self.seconds


def ours(file: Path, tenant: str) -> Measured:
    """One import into a fresh tenant."""
    command = [sys.executable, "manage.py", "import_plan", str(file), "--tenant", tenant, "--json"]
    return _measure(command)


def peer(file: Path) -> Measured:
    return _measure([str(PEER), "-c", PEER_CODE, str(file)])


def _measure(command: Sequence[str]) -> Measured:
    """Run it; its last line says how many features in how many seconds."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=output)
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        lines = output.read().decode().splitlines()
    if process.returncode:
        raise SystemExit(f"{command[:3]} failed: {lines}")
    answer = json.loads(lines[-1])
    return Measured(answer["features"], answer["seconds"], usage.ru_maxrss / KB_PER_MB)


def compare(files: Sequence[Path], *, rounds: int) -> None:
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    print(
        "| File | Objects | Stored, objects/s | Peak MB | xplan-tools parsed, objects/s | Peak MB | Ratio |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|")
    for number, file in enumerate(files):
        runs = [(ours(file, f"round-{number}-{turn}"), peer(file)) for turn in range(rounds)]
        mine, theirs = (max(side, key=lambda run: run.rate) for side in zip(*runs, strict=True))
        size = file.stat().st_size / KB_PER_MB**2
        print(
            f"| {file.name} ({size:.1f} MB) | {mine.features:,} | {mine.rate:,.0f} | {mine.peak:.0f} | {theirs.rate:,.0f} | "
            f"{theirs.peak:.0f} | {mine.rate / theirs.rate:.1f} |",
            flush=True,
        )
    print(f"\nload {os.getloadavg()[0]:.1f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if not PEER.exists():
        raise SystemExit("The peer is missing: run benchmarks/peers.sh first.")
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / "quarter.gml"
        new.write_bytes(quarter(PLOTS, vertices=VERTICES))
        files = options.files or [*([LARGEST] if LARGEST.exists() else []), new]
        tenants = [f"round-{file}-{turn}" for file in range(len(files)) for turn in range(options.rounds)]
        with scratch_database(tenants=tenants):
            compare(files, rounds=options.rounds)


if __name__ == "__main__":
    main()
