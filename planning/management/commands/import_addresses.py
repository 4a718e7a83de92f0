"""Replace a tenant's addresses by those of a file; all or nothing."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from planning import addresses
from planning.addresses import GUESSES, AddressesUnreadable
from planning.addressing import replace_addresses
from tenants.errors import Refused
from tenants.models import Tenant
from tenants.scope import working_for


class Command(BaseCommand):
    help = "Replace a tenant's addresses by those of a CSV file or GeoPackage (any reference system)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--tenant", required=True, metavar="SLUG", help="short name of the tenant")
        parser.add_argument("--crs", default="", help="reference system of a CSV, e.g. EPSG:25832")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help=f"which column holds a field, where guessing fails; fields: {', '.join(GUESSES)}",
        )
        parser.add_argument("--skip-faulty", action="store_true", help="leave out lines with faults")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(_("There is no tenant “%s”.") % options["tenant"])
        report: dict[str, Any] = {"ok": False, "file": options["file"].name, "tenant": tenant.slug}
        try:
            with working_for([tenant.pk], [tenant.pk]):
                report |= _replaced(tenant, options, report)
        except (AddressesUnreadable, Refused, OSError) as error:
            report["error"] = str(error)
        self.stdout.write(json.dumps(report, ensure_ascii=False) if options["json"] else _text(report))
        if not report["ok"]:
            raise CommandError(report["error"], returncode=1)


def _replaced(tenant: Tenant, options: dict[str, Any], report: dict[str, Any]) -> dict[str, Any]:
    """What was done; faults go into the report also where it is refused."""
    columns = dict(pair.partition("=")[::2] for pair in options["map"])
    reading = addresses.read(options["file"], place=tenant.name, columns=columns, system=options["crs"])
    report |= {"crs": reading.system, "columns": dict(reading.columns), "faults": [asdict(fault) for fault in reading.faults]}  # fmt: skip
    done = replace_addresses(
        tenant, reading, actor=None, name=options["file"].name, skip=options["skip_faulty"]
    )
    return {"ok": True, **asdict(done)}


def _text(report: dict[str, Any]) -> str:
    lines = [f"{fault['line']}: {fault['message']}" for fault in report.get("faults", ())]
    if report["ok"]:
        lines.append(_("%(imported)s addresses were taken over in place of %(removed)s.") % report)
    return "\n".join(lines)
