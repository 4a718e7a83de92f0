"""Upgrade an XPlanGML file of version 4.0 to 5.4 to 6.0, and say what became of each value."""

import io
import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from planning.messages import finding_as_json, refused_by_system, text_of
from planning.xplanung.upgrade.document import UpgradeRefused, upgrade
from planning.xplanung.upgrade.report import FATES, REASONS, Loss, UpgradeReport


class Command(BaseCommand):
    help = "Upgrade an XPlanGML file of version 4.0 to 5.4 to 6.0. Exit code 1: refused, nothing written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("-o", "--output", required=True, metavar="OUT", type=Path)
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        upgraded = io.BytesIO()
        try:
            with options["file"].open("rb") as source:
                report = upgrade(source, upgraded)
            options["output"].write_bytes(upgraded.getvalue())
        except OSError as error:
            raise CommandError(refused_by_system(error), returncode=1) from None
        except UpgradeRefused as error:
            if options["json"]:
                said = [finding_as_json(finding) for finding in error.findings]
                self.stdout.write(json.dumps({"refused": True, "findings": said}, ensure_ascii=False))
            lines = [
                f"{each.line or ''} {each.gml_id} {text_of(each.rule, each.params)}".strip()
                for each in error.findings
            ]
            raise CommandError("\n".join(lines), returncode=1) from None
        self.stdout.write(_as_json(report) if options["json"] else _as_text(report))


def _as_json(report: UpgradeReport) -> str:
    facts = {"source_version": report.source_version, "version": report.version, "objects": report.objects}
    return json.dumps(facts | {"losses": [asdict(loss) for loss in report.losses]}, ensure_ascii=False)


def _as_text(report: UpgradeReport) -> str:
    head = f"XPlanGML {report.source_version} → {report.version} · {report.objects}"
    return "\n".join([head, *map(_line, report.losses)])


def _line(loss: Loss) -> str:
    fate = " ".join(
        filter(None, (_(FATES[loss.fate]), loss.became, _(REASONS[loss.reason]) if loss.reason else ""))
    )
    return f"  {loss.line} {loss.feature_type} {loss.gml_id} {loss.property} “{loss.value}”: {fate}"
