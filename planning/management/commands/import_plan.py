"""Import XPlanGML files or zip archives into a tenant; works without a running worker."""

import json
from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from planning.folders import Log, Unit, files_below, run
from planning.importing import Order, Report, import_delivery, import_file
from planning.matching import AUTO, NEW
from planning.messages import unreadable
from planning.xplanung.findings import Finding
from tenants.errors import QuotaExceeded
from tenants.models import Tenant
from tenants.scope import working_for


class Command(BaseCommand):
    help = "Import XPlanGML files (.gml, .xml) or zip archives with plans and documents."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument(
            "--tenant", required=True, metavar="SLUG", help="short name of the tenant that owns the plans"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object for each plan file")
        parser.add_argument(
            "--batch",
            metavar="LOG",
            type=Path,
            help="FILE may be folders; write one JSON line for each plan file to LOG, and go on from there if it exists",
        )
        parser.add_argument("--new", action="store_true", help="never a new version of a plan that exists")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(_("There is no tenant “%s”.") % options["tenant"])
        decision = NEW if options["new"] else AUTO
        if options["batch"]:
            self._import_all(options["files"], tenant, decision, log=Log(options["batch"]))
            return
        order = Order(tenant, None, decision=decision)
        failed = 0
        with working_for([tenant.pk], [tenant.pk]):
            for path in options["files"]:
                for report in _import(path, order):
                    failed += not report.ok
                    self.stdout.write(_as_json(report) if options["json"] else _as_text(report))
        if failed:
            raise CommandError(_("%s files could not be imported.") % failed, returncode=1)

    def _import_all(self, paths: list[Path], tenant: Tenant, decision: str, *, log: Log) -> None:
        """All files below the paths; what was imported before is left out."""
        failed = 0
        for record in run(
            files_below(paths), partial(import_one, slug=tenant.slug, decision=decision), log=log
        ):
            failed += not record.get("ok")
            self.stdout.write(json.dumps(record, ensure_ascii=False))
            self.stdout.flush()
        if failed:
            raise CommandError(_("%s files could not be imported.") % failed, returncode=1)


def import_one(unit: Unit, *, slug: str, decision: str) -> dict[str, Any]:
    """In the process beside; the file's own name is the log's."""
    tenant = Tenant.objects.get(slug=slug)
    with working_for([tenant.pk], [tenant.pk]):
        try:
            report = import_delivery(unit.delivery, order=Order(tenant, None, decision=decision))
        except QuotaExceeded as error:
            report = Report(unit.name, findings=[Finding("file.quota", "fatal", {"tenant": str(error)})])
    facts = report.as_json()
    del facts["file"]
    return facts


def _import(path: Path, order: Order) -> list[Report]:
    try:
        return import_file(path, name=str(path), order=order)
    except OSError as error:
        finding = unreadable(error)
    except QuotaExceeded as error:
        finding = Finding("file.quota", "fatal", {"tenant": str(error)})
    return [Report(str(path), findings=[finding])]


def _as_json(report: Report) -> str:
    return json.dumps(report.as_json(), ensure_ascii=False)


def _as_text(report: Report) -> str:
    facts = report.as_json()
    head = "{}: {} · {} · {}".format(facts["file"], facts["version"], facts["type"], facts["features"])
    lines = ["  {severity}: {message} ({gml_id}:{line})".format(**finding) for finding in facts["findings"]]
    return "\n".join([head, *(f"  {plan}" for plan in facts["plan_ids"]), *lines])
