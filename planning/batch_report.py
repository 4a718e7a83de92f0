"""The report of a batch: one verdict for each plan file; rows for the page, JSON, CSV."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from planning import uploads
from planning.messages import text_of
from planning.models import Batch, BatchItem, Plan, ValidationRun
from tenants import tables
from tenants.models import JobState

WORDS = {
    "waiting": _("waits"),
    "running": _("is being imported"),
    "asks": _("waits for your decision"),
    "imported": _("imported"),
    "unchanged": _("imported before"),
    "refused": _("refused"),
    "failed": _("failed"),
    "cancelled": _("cancelled"),
    "discarded": _("discarded"),
}
KINDS = {
    "asks": "warning",
    "imported": "success",
    "unchanged": "info",
    "refused": "danger",
    "failed": "danger",
}
OPEN = ("waiting", "running")
COLUMNS = (
    "file",
    "verdict",
    "version",
    "type",
    "features",
    "valid",
    "errors",
    "warnings",
    "messages",
    "plan",
)


@dataclass(frozen=True)
class Row:
    """One plan file. run: the newest full check of the version that the file became; findings: of the import."""

    item: BatchItem
    verdict: str
    report: dict[str, Any]
    findings: list[dict[str, Any]]
    plan: Plan | None
    run: ValidationRun | None

    @property
    def words(self) -> str:
        return str(WORDS[self.verdict])

    @property
    def kind(self) -> str:
        return KINDS.get(self.verdict, "info")

    @property
    def errors(self) -> int | None:
        return self.run.errors if self.run else None

    @property
    def warnings(self) -> int | None:
        return self.run.warnings if self.run else None

    @property
    def valid(self) -> bool | None:
        """None while the check has not ended."""
        return not self.run.errors if self.run and self.run.is_complete else None

    @property
    def messages(self) -> list[str]:
        """Why a file was refused, or what is odd about it."""
        error = [self.item.job.error] if self.item.job and self.item.job.error and not self.findings else []
        return error + [text_of(each["rule"], each["params"]) for each in self.findings]


def rows(batch: Batch) -> list[Row]:
    """In the order of the delivery, in a number of queries that does not grow with it."""
    items = list(batch.items.select_related("job").order_by("pk"))
    reports = {item.pk: (item.job.result.get("reports") or [{}])[0] if item.job else {} for item in items}
    keys = {item.pk: (reports[item.pk].get("plan_ids") or [None])[0] for item in items}
    plans = {str(plan.public_id): plan for plan in Plan.objects.filter(tenant=batch.tenant, public_id__in=filter(None, keys.values())).defer("area")}  # fmt: skip
    runs = _runs(plans.values())
    found = []
    for item in items:
        plan = plans.get(keys[item.pk] or "")
        findings = item.findings or reports[item.pk].get("findings", [])
        found.append(
            Row(item, verdict_of(item), reports[item.pk], findings, plan, runs.get(plan.pk) if plan else None)
        )
    return found


def _runs(plans: Iterable[Plan]) -> dict[int, ValidationRun]:
    versions = [plan.current_version_id for plan in plans]
    newest = ValidationRun.objects.filter(version__in=versions).order_by("created_at", "pk")
    return {run.plan_id: run for run in newest}


def verdict_of(item: BatchItem) -> str:
    """Key of WORDS."""
    job = item.job
    if job is None:
        return "refused"
    if not job.is_over:
        return "waiting" if job.state == JobState.QUEUED else "running"
    if job.state == JobState.CANCELLED:
        return "cancelled"
    reports = job.result.get("reports", [])
    if job.state == JobState.FAILED:
        return "refused" if reports else "failed"
    if uploads.awaits_decision(job):
        return "asks"
    if not any(report["ok"] for report in reports):
        return "discarded"
    said = {finding["rule"] for report in reports for finding in report["findings"]}
    return "unchanged" if "file.unchanged" in said else "imported"


def tally(found: Iterable[Row]) -> dict[str, int]:
    """Verdict -> how many, in the order of WORDS."""
    counts = Counter(row.verdict for row in found)
    return {verdict: counts[verdict] for verdict in WORDS if counts[verdict]}


def share_done(batch: Batch) -> float:
    """0 to 1: taking apart is a tenth of it, each file that has ended adds its part."""
    if batch.job is None or not batch.job.is_over:
        return 0.1 * (batch.job.share_done if batch.job else 0.0)
    verdicts = [verdict_of(item) for item in batch.items.select_related("job")]
    over = sum(verdict not in OPEN for verdict in verdicts)
    return 0.1 + 0.9 * (over / len(verdicts) if verdicts else 1.0)


def is_over(batch: Batch) -> bool:
    return share_done(batch) >= 1.0


def as_dict(row: Row) -> dict[str, Any]:
    return {
        "file": row.item.name,
        "verdict": row.verdict,
        "version": row.report.get("version", ""),
        "type": row.report.get("type", ""),
        "features": row.report.get("features"),
        "valid": row.valid,
        "errors": row.errors,
        "warnings": row.warnings,
        "messages": row.messages,
        "plan": settings.BASE_URL + row.plan.get_absolute_url() if row.plan else None,
    }


def told(batch: Batch) -> dict[str, Any]:
    """How far it is, and what became of each file."""
    found, share = rows(batch), share_done(batch)
    return {
        "percent": round(100 * share),
        "over": share >= 1.0,
        "counts": tally(found),
        "files": [as_dict(row) for row in found],
    }


def as_json(batch: Batch) -> str:
    facts = {
        "batch": str(batch.public_id),
        "title": batch.title,
        "created_at": batch.created_at.isoformat(),
        **told(batch),
    }
    return json.dumps(facts, ensure_ascii=False, indent=1)


def write_csv(batch: Batch, target: tables.Writable) -> None:
    cells = ({**as_dict(row), "messages": " | ".join(row.messages)} for row in rows(batch))
    tables.write_csv(target, COLUMNS, cells)
