"""Upgrade of every valid plan file of 4.0 to 5.4 in a folder to 6.0: how many become valid against the published schema.

    .venv/bin/python -m benchmarks.upgrade FOLDER… --schemas XSD_FOLDER

Equal files count once; files without a plan are left out. XSD_FOLDER as for benchmarks.corpus. Needs no services.
"""

import argparse
import io
import time
from collections import Counter, defaultdict
from pathlib import Path

from benchmarks.corpus import Schemas, distinct, verdict
from planning.xplanung.upgrade.document import UpgradeRefused, upgrade

TARGET = "6.0"
OLD = ("4.0", "4.1", "5.0", "5.1", "5.2", "5.3", "5.4")


def outcome(path: Path, schemas: Schemas) -> str:
    """What became of one valid file: "valid", or why not."""
    target = io.BytesIO()
    try:
        with path.open("rb") as source:
            upgrade(source, target)
    except UpgradeRefused as error:
        return f"refused: {error.findings[0].rule}"
    return "valid" if schemas.valid(target.getvalue(), TARGET) else "invalid"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--schemas", required=True, type=Path)
    options = parser.parse_args()
    schemas = Schemas(options.schemas)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    start = time.perf_counter()
    for path in distinct(options.folders):
        version, structure_valid, _ = verdict(path)
        if version in OLD and structure_valid and schemas.valid(path.read_bytes(), version):
            became = outcome(path, schemas)
            found[version][became] += 1
            if became != "valid":
                print(f"{path}: {became}", flush=True)
    for version in sorted(found):
        print(version, dict(found[version]))
    files = sum(sum(each.values()) for each in found.values())
    good = sum(each["valid"] for each in found.values())
    print(
        f"{good} of {files} files are valid {TARGET} ({good / files:.1%}), {time.perf_counter() - start:.0f} s"
    )


if __name__ == "__main__":
    main()
