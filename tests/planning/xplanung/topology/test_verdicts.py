"""The checks on real files, against verdicts published by others.

Runs on the files beside this checkout. To run it on any folder, give the folder in XPLAN_VERDICT_FILES; it may hold a list
`verdicts.csv` (path, checks, valid) of its own. Without one the list beside this test is used: it names the test files of
xPlanBox 7 (github.com/gritGmbH/xplanbox, its own licence) by their paths in that repository, with the verdicts its tests state. One is left out: xplan60_Aenderungsplan_Luecke.gml is of 6.0 and judged there as if of 5.2.

checks: sound (each geometry by itself), flush (Flächenschluss), within (Geltungsbereich), once (Doppelbelegung), all.
"""

import csv
import io
import os
import zipfile
from pathlib import Path

import pytest

from planning.xplanung.findings import Finding
from planning.xplanung.reader import Reader
from planning.xplanung.topology.check import GeometryCheck

CHECKS = {
    "all": ("geometry.", "topology."),
    "sound": ("geometry.",),
    "flush": ("topology.overlap", "topology.gap", "topology.vertex", "topology.unassigned", "topology.bereich_outside"),
    "within": ("topology.outside",),
    "once": ("topology.doubled",),
}  # fmt: skip
AT_HAND = {
    ("rub/v4_0/BP2070.gml", "sound"): False,
    ("rub/v5_0_1/BP2070.gml", "sound"): False,
    ("rub/v5_0_1/BP2070.gml", "within"): False,
    ("rub/v5_0_1/BP2135.gml", "sound"): True,
    ("rub/v5_0_1/LA22.gml", "sound"): False,
    ("rub/v5_0_1/LA67.gml", "sound"): False,
}
FOLDER = os.environ.get("XPLAN_VERDICT_FILES", "")


def listed() -> list[tuple[str, str, bool]]:
    if not FOLDER:
        return []
    own = Path(FOLDER) / "verdicts.csv"
    with (own if own.exists() else Path(__file__).with_name("verdicts.csv")).open(newline="") as lines:
        return [(row["path"], row["checks"], row["valid"] == "yes") for row in csv.DictReader(lines)]


def document(path: Path) -> bytes:
    """The plan of a file or archive."""
    if path.suffix != ".zip":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return archive.read(next(name for name in archive.namelist() if name.endswith(".gml")))


def errors(data: bytes, checks: str) -> list[Finding]:
    reader = Reader(io.BytesIO(data), srid=25833)
    records = [record for batch in reader.batches() for record in batch]
    check = GeometryCheck(reader.version)
    for record in records:
        check.add(record)
    found = [*reader.findings, *check.finish()]
    return [one for one in found if one.severity == "error" and one.rule.startswith(CHECKS[checks])]


@pytest.mark.parametrize(("path", "checks"), AT_HAND)
def test_files_beside_the_checkout(shared_data: Path, path: str, checks: str) -> None:
    file = shared_data / "xplan" / path
    if not file.exists():
        pytest.skip(f"{path} is not beside this checkout")

    assert (not errors(file.read_bytes(), checks)) is AT_HAND[path, checks]


def test_published_numbers_of_one_file(shared_data: Path) -> None:
    """The list of doubled vertices published for BP2070 has one entry per ring; two of them share an object."""
    file = shared_data / "xplan" / "rub/v5_0_1/BP2070.gml"
    if not file.exists():
        pytest.skip("the file is not beside this checkout")

    assert [one.rule for one in errors(file.read_bytes(), "sound")] == ["geometry.doubled_vertex"] * 5
    assert len(errors(file.read_bytes(), "within")) == 2


@pytest.mark.skipif(not FOLDER, reason="XPLAN_VERDICT_FILES names no folder")
@pytest.mark.parametrize(("path", "checks", "valid"), listed())
def test_files_of_a_folder(path: str, checks: str, valid: bool) -> None:
    file = Path(FOLDER) / path
    if not file.exists():
        pytest.skip(f"{path} is not in the folder")

    assert (not errors(document(file), checks)) is valid
