"""The full validation of a plan file: seconds of CPU and of the clock, stage by stage, in one process.

    .venv/bin/python -m benchmarks.validation [FILE.gml …] [--rounds 3]

Without files: the largest shared one and a new quarter of 3,002 objects. Safety, structure, references, semantic rules, geometry and documents in one reading; no database. What the reading alone takes
is measured in the same rounds. For an XQuery engine 20.9 s are published for 179 semantic rules alone on a file of this size;
that figure is quoted, it was not measured here.
"""

import argparse
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.plan_files import quarter
from benchmarks.scratch import ROOT
from planning.xplanung.reader import Reader
from planning.xplanung.stages import STAGES, stage_of
from planning.xplanung.validation import Report, validate

LARGEST = ROOT.parent / "shared/data/xplan/rub/v5_0_1/LA22.gml"
SRID = 25833
PLOTS, VERTICES = 600, 96  # 3,002 objects, 7 MB


def read(file: Path) -> float:
    """Seconds of CPU that reading with the structure check takes."""
    started = time.process_time()
    with file.open("rb") as source:
        for _batch in Reader(source, srid=SRID, check=True).batches():
            pass
    return time.process_time() - started


def check(file: Path) -> tuple[float, float, Report]:
    """Seconds of CPU and of the clock, and the report."""
    started, clock = time.process_time(), time.perf_counter()
    with file.open("rb") as source:
        report = validate(source, srid=SRID, documents={})
    return time.process_time() - started, time.perf_counter() - clock, report


def measure(file: Path, *, rounds: int) -> Iterator[str]:
    """A row of the table: best of the rounds, as other work on the machine only adds."""
    readings, processor, clock = [], [], []
    for _ in range(rounds):
        readings.append(read(file))
        cpu, wall, report = check(file)
        processor.append(cpu)
        clock.append(wall)
    found = Counter(stage_of(each.rule) for each in report.findings)
    yield f"| {file.name} | {file.stat().st_size / 1e6:.1f} MB | {report.features} "
    yield f"| {min(readings):.2f} s | {min(processor):.2f} s | {min(clock):.2f} s "
    yield f"| {', '.join(f'{stage} {found[stage]}' for stage in STAGES if found[stage])} |"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}\n")
    print("| file | size | objects | reading, CPU | all stages, CPU | all stages, clock | findings |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | --- |")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "quarter.gml")
        if not options.files:
            made.write_bytes(quarter(PLOTS, vertices=VERTICES))
        for file in options.files or [LARGEST, made]:
            print("".join(measure(file, rounds=options.rounds)))


if __name__ == "__main__":
    main()
