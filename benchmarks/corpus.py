"""Plan files of a folder: our structure verdict beside lxml + XSD on each; every valid one imported, stored, exported, compared leaf by leaf.

    .venv/bin/python -m benchmarks.corpus FOLDER… --schemas XSD_FOLDER

XSD_FOLDER holds XPlanGML_4_0 … XPlanGML_6_0 with their XPlanung-Operationen.xsd. Equal files count once; files without a plan
of a version that has a schema there are left out. Needs the services (`scripts/services.sh start`) and its settings
(`eval "$(./run env)"`).
"""

import argparse
import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree

from benchmarks.scratch import manage, scratch_database
from planning.xplanung.findings import UnreadableFile
from planning.xplanung.reader import Reader
from tests.planning.xplanung.leaves import leaves

ROUND_TRIP = """
import json
from pathlib import Path
from benchmarks.corpus import round_trips
from tenants.models import Tenant
print(json.dumps(["FOUND", *round_trips([Path(name) for name in {names}], Tenant.objects.get(slug="corpus"))]))
"""


class Schemas:
    """The published schemas, compiled once each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, etree.XMLSchema] = {}

    def valid(self, data: bytes, version: str) -> bool | None:
        """None where the version has no schema here."""
        if version not in self._known:
            path = self._folder / f"XPlanGML_{version.replace('.', '_')}" / "XPlanung-Operationen.xsd"
            if not path.is_file():
                return None
            self._known[version] = etree.XMLSchema(etree.parse(path))
        try:
            return bool(
                self._known[version].validate(etree.fromstring(data, etree.XMLParser(huge_tree=True)))
            )
        except etree.XMLSyntaxError:
            return False


def distinct(folders: Iterable[Path]) -> Iterator[Path]:
    seen = set()
    for folder in folders:
        for path in sorted(folder.rglob("*.gml")):
            digest = hashlib.sha256(path.read_bytes()).digest()
            if digest not in seen:
                seen.add(digest)
                yield path


def verdict(path: Path) -> tuple[str, bool, bool]:
    """(version, structure valid, each reason with line and, where an object is meant, its id)"""
    with path.open("rb") as source:
        reader = Reader(source, srid=25833, check=True)
        try:
            for _batch in reader.batches():
                pass
        except UnreadableFile as error:
            return "", False, bool(str(error))
        wrong = [
            found for found in reader.findings if found.rule.startswith(("structure.", "safety.", "xml."))
        ]
        return reader.version, bool(reader.valid), all(found.line for found in wrong)


def round_trips(paths: list[Path], tenant: object) -> list[str]:
    """Names of the files whose export has other leaves than they have, or that were not imported, with the reason."""
    from planning import exporting  # noqa: PLC0415  needs Django, which the verdicts do not
    from planning.importing import Order, import_file  # noqa: PLC0415
    from tenants.models import Tenant  # noqa: PLC0415
    from tenants.scope import acting_for  # noqa: PLC0415

    assert isinstance(tenant, Tenant)
    failed = []
    for path in paths:
        with acting_for([tenant.pk], [tenant.pk]):
            (report,) = import_file(path, name=path.name, order=Order(tenant, None))
            versions = [plan.current_version for plan in report.plans if plan.current_version]
            if not report.ok or not versions:
                failed.append(f"{path}: not imported {report.findings[0].rule}")
                continue
            before, after = (
                Counter(leaves(path.read_bytes())),
                Counter(leaves(b"".join(exporting.gml(*versions)))),
            )
            if before != after:
                failed.append(
                    f"{path}: {sum((before - after).values())} leaves lost, {sum((after - before).values())} new"
                )
    return failed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--schemas", type=Path, required=True)
    options = parser.parse_args()
    schemas, valid, judged, unlike = Schemas(options.schemas), [], 0, []
    started = time.monotonic()
    for path in distinct(options.folders):
        version, ours, explained = verdict(path)
        theirs = schemas.valid(path.read_bytes(), version) if version else None
        if theirs is None:
            print(f"left out ({version or 'no version'}): {path}")
            continue
        judged += 1
        if ours != theirs or not (ours or explained):
            unlike.append(f"{path}: XSD {theirs}, ours {ours}, with line: {explained}")
        if theirs:
            valid.append(str(path.resolve()))
    print(
        f"structure: {judged} files, {len(valid)} valid by XSD; other verdict: {len(unlike)}; {time.monotonic() - started:.0f} s"
    )
    with scratch_database(tenants=["corpus"]):
        output = manage("shell", "-v", "0", code=ROUND_TRIP.format(names=valid))
    failed = json.loads(next(line for line in output.splitlines() if "FOUND" in line))[1:]
    print(
        f"imported and exported: {len(valid)} valid files, {len(valid) - len(failed)} leaf-exact; {time.monotonic() - started:.0f} s"
    )
    print(*unlike, *failed, sep="\n")


if __name__ == "__main__":
    main()
