"""A check as a report to take along: rows in words, JSON, CSV, PDF."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from planning.explaining import STAGE_LABELS, text_of_stage, title_of
from planning.messages import LEVELS, text_of
from planning.models import Finding, Plan, PlanVersion, Severity, ValidationRun
from planning.xplanung.stages import STAGES, Stage, stage_of
from tenants import tables
from tenants.printing import pdf

STYLE = Path(__file__).with_name("report.css")
PRINTED = 500  # findings in a PDF; more pages are read by nobody, and JSON and CSV hold them all
COLUMNS = ("severity", "stage", "rule", "condition", "title", "message", "gml_id", "line", "easting", "northing")  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A finding in words. title: what the broken Konformitätsbedingung demands, if it is one."""

    finding: Finding
    words: str
    title: str
    stage: str
    level: str


@dataclass(frozen=True)
class StageRow:
    """What one stage found. kind: of the badge; ran: whether it has been checked yet."""

    stage: Stage
    label: str
    text: str
    ran: bool
    errors: int
    warnings: int
    infos: int

    @property
    def kind(self) -> str:
        if not self.ran:
            return "info"
        return "danger" if self.errors else "warning" if self.warnings else "success"

    @property
    def verdict(self) -> str:
        words = {
            "info": _("not checked yet"),
            "danger": _("faulty"),
            "warning": _("with warnings"),
            "success": _("passed"),
        }
        return words[self.kind]


@dataclass(frozen=True)
class Verdict:
    """The whole in a sentence and a colour."""

    kind: str
    words: str
    text: str


def verdict_of(run: ValidationRun) -> Verdict:
    if run.errors and run.structure_valid is False:
        return Verdict("danger", _("Not valid"), _("The file breaks the schema of its XPlanGML version; others may refuse it."))  # fmt: skip
    if run.errors:
        return Verdict("danger", _("Not conformant"), _("The file has errors that must be corrected before the plan is passed on."))  # fmt: skip
    if not run.is_complete:
        return Verdict("info", _("Not checked completely"), _("No errors so far; the remaining stages follow."))  # fmt: skip
    if run.warnings:
        return Verdict("warning", _("Valid, with warnings"), _("The file keeps the standard. Look at the warnings before the plan is passed on."))  # fmt: skip
    return Verdict("success", _("Valid"), _("The file keeps the standard in all stages."))


def stage_rows(run: ValidationRun) -> list[StageRow]:
    rows = []
    for stage in STAGES:
        counts = run.stages.get(stage, {})
        errors = counts.get("fatal", 0) + counts.get("error", 0)
        label, text = str(STAGE_LABELS[stage]), text_of_stage(stage, run.version.xplan_version)
        rows.append(StageRow(stage, label, text, stage in run.checks, errors, counts.get("warning", 0), counts.get("info", 0)))  # fmt: skip
    return rows


def told(findings: Iterable[Finding], *, version: str) -> Iterator[Told]:
    """version: of XPlanGML; the same number may demand something else in another one."""
    for finding in findings:
        yield Told(
            finding,
            text_of(finding.rule, finding.params),
            title_of(finding.rule, finding.condition, version),
            str(STAGE_LABELS[stage_of(finding.rule)]),
            LEVELS[finding.severity],
        )


def _rows(run: ValidationRun) -> Iterator[dict[str, Any]]:
    for each in told(run.findings.order_by("order").iterator(1000), version=run.version.xplan_version):
        finding = each.finding
        yield {
            "severity": finding.severity,
            "stage": stage_of(finding.rule),
            "rule": finding.rule,
            "condition": finding.condition,
            "title": each.title,
            "message": each.words,
            "gml_id": finding.gml_id,
            "line": finding.line,
            "easting": round(finding.point.x, 3) if finding.point else None,
            "northing": round(finding.point.y, 3) if finding.point else None,
        }


def as_json(run: ValidationRun, plan: Plan, version: PlanVersion) -> str:
    facts = {
        "plan": str(plan.public_id),
        "name": plan.name,
        "version": version.number,
        "sha256": version.sha256,
        "xplan_version": version.xplan_version,
        "checked_at": run.created_at.isoformat(),
        "stages_checked": run.checks,
        "structure_valid": run.structure_valid,
        "valid": run.is_complete and not run.errors,
        "counts": run.stages,
        "capped": run.capped,
        "left_out": run.left_out,
        "findings": list(_rows(run)),
    }
    return json.dumps(facts, ensure_ascii=False, indent=1)


def write_csv(run: ValidationRun, target: tables.Writable) -> None:
    tables.write_csv(target, COLUMNS, _rows(run))


def as_pdf(run: ValidationRun, plan: Plan, version: PlanVersion) -> bytes:
    """The worst findings first, at most PRINTED."""
    order = [Severity.FATAL, Severity.ERROR, Severity.WARNING, Severity.INFO]
    listed: list[Finding] = []
    for severity in order:
        rows = run.findings.filter(severity=severity).order_by("order")
        listed += rows[: PRINTED - len(listed)]
    total = run.errors + run.warnings + run.infos
    context = {
        "plan": plan,
        "version": version,
        "run": run,
        "verdict": verdict_of(run),
        "stages": stage_rows(run),
        "rows": list(told(listed, version=version.xplan_version)),
        "left_out": total - len(listed),
        "printed": timezone.localtime(),
    }
    return pdf("planning/validationrun_pdf.html", context, style=STYLE)
