"""Import of a plan into PostGIS, beside xplan-tools' parse alone: objects per second, in one run, turn by turn.

    .venv/bin/python -m benchmarks.plan_import [FILE.gml] [--rounds 3]

Ours is the whole `import_plan` (read, check, store, references, search) into a throw-away database, seconds as the
command itself reports them; the peer only reads. Peer: `benchmarks/peers.sh`. Needs the services (`scripts/services.sh start`).
"""

import argparse
import json
import subprocess
from pathlib import Path
from statistics import median

from benchmarks.scratch import ROOT, manage, scratch_database

PEER = ROOT / ".local/peers/xplan-tools/bin/python"
PEER_CODE = """
import json, sys, time
from xplan_tools.interface import repo_factory
start = time.perf_counter()
features = len(repo_factory(sys.argv[1]).get_all().features)
print(json.dumps({"features": features, "seconds": time.perf_counter() - start}))
"""
LARGEST = ROOT.parent / "shared/data/xplan/rub/v5_0_1/LA22.gml"


def ours(file: Path, tenant: str) -> dict[str, float]:
    """One import into a fresh tenant."""
    line = manage("import_plan", str(file), "--tenant", tenant, "--json").splitlines()[-1]
    found: dict[str, float] = json.loads(line)
    return found


def peer(file: Path) -> dict[str, float]:
    answer = subprocess.run([PEER, "-c", PEER_CODE, file], check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", nargs="?", type=Path, default=LARGEST)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if not PEER.exists():
        raise SystemExit("The peer is missing: run benchmarks/peers.sh first.")
    rates: dict[str, list[float]] = {"ours": [], "xplan-tools": []}
    with scratch_database(tenants=[f"round-{n}" for n in range(options.rounds)]):
        for number in range(options.rounds):
            mine, theirs = ours(options.file, f"round-{number}"), peer(options.file)
            rates["ours"].append(mine["features"] / mine["seconds"])
            rates["xplan-tools"].append(theirs["features"] / theirs["seconds"])
    best = {name: median(values) for name, values in rates.items()}
    print(
        f"{options.file.name}: ours {best['ours']:.0f} objects/s stored, xplan-tools {best['xplan-tools']:.0f} objects/s parsed, "
        f"ratio {best['ours'] / best['xplan-tools']:.1f}"
    )


if __name__ == "__main__":
    main()
