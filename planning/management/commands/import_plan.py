"""Import XPlanGML files or zip archives into a tenant; works without a running worker."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from planning.importing import Order, Report, import_file
from planning.matching import AUTO, NEW
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
        parser.add_argument("--new", action="store_true", help="never a new version of a plan that exists")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(_("There is no tenant “%s”.") % options["tenant"])
        order = Order(tenant, None, decision=NEW if options["new"] else AUTO)
        failed = 0
        with working_for([tenant.pk], [tenant.pk]):
            for path in options["files"]:
                for report in _import(path, order):
                    failed += not report.ok
                    self.stdout.write(_as_json(report) if options["json"] else _as_text(report))
        if failed:
            raise CommandError(_("%s files could not be imported.") % failed, returncode=1)


def _import(path: Path, order: Order) -> list[Report]:
    try:
        return import_file(path, name=str(path), order=order)
    except OSError as error:
        finding = Finding("file.unreadable", "fatal", {"reason": error.strerror or str(error)})
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
