"""Validate plan files: safety, structure, references, semantic rules, geometry, documents. Nothing is stored, no database is asked."""

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from planning.checking import Checked, check_delivery, check_file
from planning.errors import BadVerdictList
from planning.folders import Log, Unit, files_below, run
from planning.verdicts import Outcome, compare, read_list


class Command(BaseCommand):
    help = "Validate XPlanGML files (.gml, .xml) or zip archives with plans and documents. Fails where one is not valid."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", metavar="FILE", type=Path)
        parser.add_argument(
            "--batch",
            metavar="LOG",
            type=Path,
            help="FILE may be folders; write one JSON line for each plan file to LOG, and go on from there if it exists",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object for each plan file")
        parser.add_argument(
            "--verdicts",
            nargs=2,
            metavar=("LIST.csv", "FOLDER"),
            type=Path,
            help="check the files below FOLDER that LIST.csv names (file,valid|invalid[,stage]) and print the agreement",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["files"]) == bool(options["verdicts"]):
            raise CommandError(_("Name either files or --verdicts LIST.csv FOLDER."), returncode=2)
        if options["verdicts"]:
            self._judge(*options["verdicts"], as_json=options["json"])
        elif options["batch"]:
            self._check_all(options["files"], Log(options["batch"]), as_json=options["json"])
        else:
            self._check(options["files"], as_json=options["json"])

    def _check(self, files: list[Path], *, as_json: bool) -> None:
        failed = 0
        for path in files:
            for checked in check_file(path):
                failed += not checked.report.valid
                facts = checked.as_json()
                self.stdout.write(json.dumps(facts, ensure_ascii=False) if as_json else _as_text(facts))
                self.stdout.flush()
        if failed:
            raise CommandError(_invalid(failed), returncode=1)

    def _check_all(self, paths: list[Path], log: Log, *, as_json: bool) -> None:
        """All files below the paths; what was checked before is not checked again."""
        failed = 0
        for record in run(files_below(paths), check_one, log=log):
            failed += not record.get("valid")
            line = "{file}: {verdict}".format(file=record["file"], verdict=_verdict(record))
            self.stdout.write(json.dumps(record, ensure_ascii=False) if as_json else line)
            self.stdout.flush()
        if failed:
            raise CommandError(_invalid(failed), returncode=1)

    def _judge(self, listing: Path, folder: Path, *, as_json: bool) -> None:
        try:
            with listing.open(encoding="utf-8-sig", newline="") as source:
                expected = read_list(source)
        except (OSError, UnicodeDecodeError, BadVerdictList) as error:
            raise CommandError(
                _("The list cannot be read (%s). It needs lines: file,valid or file,invalid.") % error,
                returncode=2,
            ) from error
        counts: Counter[tuple[bool, bool]] = Counter()
        for outcome in compare(expected, folder):
            counts[outcome.expected.valid, outcome.agrees] += 1
            if as_json:
                self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False))
            elif not outcome.agrees:
                self.stdout.write(_difference(outcome))
        self._sum_up(counts, as_json=as_json)

    def _sum_up(self, counts: Counter[tuple[bool, bool]], *, as_json: bool) -> None:
        agreed, total = counts[True, True] + counts[False, True], counts.total()
        facts = {
            "files": total,
            "agreed": agreed,
            "valid_refused": counts[True, False],
            "invalid_accepted": counts[False, False],
        }
        words = _("%(agreed)s of %(files)s verdicts agree; valid refused: %(valid_refused)s, invalid accepted: %(invalid_accepted)s") % facts  # fmt: skip
        self.stdout.write(json.dumps(facts) if as_json else words)
        if agreed != total:
            raise CommandError(_("%s verdicts differ.") % (total - agreed), returncode=1)


def check_one(unit: Unit) -> dict[str, Any]:
    """In the process beside; the file's own name is the log's."""
    facts = check_delivery(unit.delivery, name="", alone=unit.alone).as_json()
    del facts["file"]
    return facts


def _verdict(record: Mapping[str, Any]) -> str:
    if "crashed" in record:
        return str(record["crashed"])
    return _("valid") if record.get("valid") else _("not valid")


def _as_text(facts: dict[str, Any]) -> str:
    verdict = _("valid") if facts["valid"] else _("not valid")
    head = "{}: {} · {} · {} · {}".format(facts["file"], verdict, facts["version"], facts["type"], facts["features"])  # fmt: skip
    return "\n".join([head, *map(_line, facts["findings"])])


def _line(finding: dict[str, Any]) -> str:
    number = f" [{finding['condition']}]" if finding["condition"] else ""
    return "  {severity}: {message} ({gml_id}:{line})".format(**finding) + number


def _difference(outcome: Outcome) -> str:
    words = {True: _("valid"), False: _("not valid")}
    head = _("%(file)s: expected %(expected)s, found %(found)s") % {
        "file": outcome.expected.file,
        "expected": words[outcome.expected.valid],
        "found": words[outcome.found],
    }
    return "\n".join([head, *(line for checked in outcome.checked for line in _errors(checked))])


def _errors(checked: Checked) -> list[str]:
    found = checked.as_json()["findings"]
    return [_line(finding) for finding in found if finding["severity"] in {"fatal", "error"}]


def _invalid(count: int) -> str:
    return ngettext("%(count)s file is not valid.", "%(count)s files are not valid.", count) % {
        "count": count
    }
