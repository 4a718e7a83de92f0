"""A delivered file or archive -> one validation report for each plan file in it. Needs no database."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from planning.delivery import Delivery, unpack
from planning.errors import ImportRefused
from planning.messages import finding_as_json, unreadable
from planning.xplanung.findings import Finding
from planning.xplanung.scanner import Limits
from planning.xplanung.stages import stage_of
from planning.xplanung.validation import Report, validate


@dataclass(frozen=True)
class Checked:
    """file: the path, and for an archive the name inside it after another slash."""

    file: str
    report: Report
    seconds: float

    def as_json(self) -> dict[str, Any]:
        report = self.report
        return {
            "file": self.file,
            "valid": report.valid,
            "structure_valid": report.structure_valid,
            "version": report.version,
            "type": ",".join(report.plan_types),
            "features": report.features,
            "findings": [_as_json(finding) for finding in report.findings],
            "capped": report.capped,
            "seconds": round(self.seconds, 3),
        }


def _as_json(finding: Finding) -> dict[str, Any]:
    """With the number of the Konformitätsbedingung that is broken, and the stage that found it."""
    return {
        **finding_as_json(finding),
        "condition": finding.condition,
        "stage": stage_of(finding.rule),
    }


def check_file(path: Path) -> Iterator[Checked]:
    """Reports in the order of the archive; a file that cannot be read or is unsafe has one, too."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kz-check-") as folder:
        try:
            deliveries = unpack(path, name=str(path), folder=Path(folder))
        except ImportRefused as error:
            yield _refused(path, error.findings, started)
        except OSError as error:
            yield _refused(path, [unreadable(error)], started)
        else:
            for delivery in deliveries:
                alone = delivery.path == path
                yield check_delivery(
                    delivery, name=str(path) if alone else f"{path}/{delivery.name}", alone=alone
                )


def _refused(path: Path, findings: list[Finding], started: float) -> Checked:
    return Checked(str(path), Report(findings=findings), time.monotonic() - started)


def check_delivery(delivery: Delivery, *, name: str, alone: bool) -> Checked:
    """alone: a plan file without an archive around it; then it is not known what was delivered with it."""
    started = time.monotonic()
    with delivery.path.open("rb") as source:
        report = validate(
            source,
            srid=settings.TWIN_SRID,
            limits=Limits(file=settings.UPLOAD_MAX_BYTES),
            documents=None if alone else delivery.documents,
        )
    return Checked(name, report, time.monotonic() - started)
