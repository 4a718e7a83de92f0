"""Delivered files -> plans; all of a plan file or nothing of it, and a report in any case."""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from planning import matching, storing
from planning.delivery import Delivery, unpack
from planning.errors import ImportRefused, NeedsDecision
from planning.matching import AUTO
from planning.messages import finding_as_json
from planning.models import Origin, Plan, PlanVersion
from planning.signals import version_imported
from planning.staging import StagedPlan, staged
from planning.xplanung.findings import Finding
from tenants import files
from tenants.models import PrivateFile, Tenant, User
from tenants.workspace import workspace

_CHUNK = 1 << 20
_LOCK = 0x4B49  # first key of the advisory lock that serialises the storing of one tenant's plans: "KI"
_READING = 0.9  # share of the time that reading takes


@dataclass(frozen=True)
class Order:
    """For whom a file is imported, and to which plan it belongs: AUTO, ASK, NEW or the public id of a plan."""

    tenant: Tenant
    actor: User | None
    decision: str = AUTO
    base: int | None = (
        None  # the version that it was made of; where the plan has gone on since, it is refused
    )
    stored: PrivateFile | None = None  # the upload, when it is the plan file itself
    documents: Mapping[str, Path] = field(default_factory=dict)  # delivered beside the plan file
    kept: Mapping[str, PrivateFile] = field(default_factory=dict)  # documents whose files are stored already
    origin: str = Origin.DELIVERED
    progress: Callable[[float], None] = lambda share: None


@dataclass
class Report:
    """What became of one delivered plan file. proposals: plans (public id -> name) it may be a new version of."""

    file: str
    plans: list[Plan] = field(default_factory=list)
    version: str = ""
    type: str = ""
    features: int = 0
    findings: list[Finding] = field(default_factory=list)
    proposals: dict[str, str] = field(default_factory=dict)
    ok: bool = False
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "ok": self.ok,
            "plan_ids": [str(plan.public_id) for plan in self.plans],
            "version": self.version,
            "type": self.type,
            "features": self.features,
            "findings": [finding_as_json(finding) for finding in self.findings],
            "seconds": round(self.seconds, 3),
        }


def import_file(path: Path, *, name: str, order: Order) -> list[Report]:
    """Import one delivered file, a plan file or an archive with several; one report for each plan file.

    Bad files become reports that are not `ok`, and leave no row and no file. Raises what `order.progress` raises.
    """
    with workspace() as folder:
        try:
            deliveries = unpack(path, name=name, folder=folder)
        except ImportRefused as error:
            return [Report(name, findings=error.findings)]
        if [delivery.path for delivery in deliveries] != [path]:
            order = replace(order, stored=None)  # the upload is an archive
        return [import_delivery(delivery, order=order) for delivery in deliveries]


def import_delivery(delivery: Delivery, *, order: Order) -> Report:
    """Import one plan file with its documents. Bad files become reports that are not `ok`."""
    started = time.monotonic()
    report = Report(delivery.name)
    try:
        with files.kept_only_on_success():
            _import(replace(delivery, documents={**order.documents, **delivery.documents}), order, report)
    except ImportRefused as error:
        report = Report(delivery.name, findings=error.findings)
    except NeedsDecision as error:
        report = Report(delivery.name, proposals=error.proposals)
    report.seconds = time.monotonic() - started
    return report


def _import(delivery: Delivery, order: Order, report: Report) -> None:
    sha256 = _hash(delivery.path)
    if known := matching.same_file(sha256, tenant=order.tenant, decision=order.decision):
        _report_unchanged(report, known)
        return
    size = max(delivery.path.stat().st_size, 1)

    def on_progress(done: int) -> None:
        order.progress(_READING * done / size)

    with (
        delivery.path.open("rb") as source,
        staged(source, name=delivery.name, on_progress=on_progress) as content,
    ):
        _refuse_without_area(content.plans)
        order.progress(_READING)
        with transaction.atomic():
            _lock(order.tenant)
            if known := matching.same_file(sha256, tenant=order.tenant, decision=order.decision):
                _report_unchanged(report, known)  # another planner was faster
                return
            work = storing.Work(
                delivery, order.tenant, order.actor, content, sha256, kept=order.kept, origin=order.origin
            )
            report.plans = storing.store(
                work, decision=order.decision, base=order.base, original=order.stored
            )
            for plan in report.plans:
                # what fails there is logged: the import stands
                transaction.on_commit(partial(version_imported.send, sender=Plan, plan=plan), robust=True)
    report.ok, report.version, report.features = True, content.version, content.feature_count
    report.type = ",".join(sorted({plan.header.plan_type for plan in content.plans}))
    report.findings = [finding for plan in content.plans for finding in plan.findings]


def _refuse_without_area(plans: list[StagedPlan]) -> None:
    """A plan that cannot be placed on the map cannot be shown, found or compared; say all that is known about why."""
    for plan in plans:
        if plan.area is None:
            header = plan.header
            refusal = Finding("plan.no_area", "fatal", {"name": header.name}, header.gml_id, plan.line)
            errors = [finding for finding in plan.findings if finding.severity == "error"]
            raise ImportRefused([refusal, *errors])


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _lock(tenant: Tenant) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, tenant.pk])


def _report_unchanged(report: Report, known: list[PlanVersion]) -> None:
    report.ok = True
    report.plans = [version.plan for version in known]
    report.version = known[0].xplan_version
    report.type = ",".join(sorted({plan.plan_type for plan in report.plans}))
    report.features = sum(version.feature_count for version in known)
    report.findings = [Finding("file.unchanged", "info")]
