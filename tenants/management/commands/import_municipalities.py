"""`manage.py import_municipalities FILE`: municipal boundaries into tenants, with a report; all or nothing."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.boundaries import GUESSES
from tenants.errors import BoundariesUnreadable
from tenants.importing import Report, import_boundaries
from tenants.models import Tenant, TenantKind


class Command(BaseCommand):
    help = "Takes municipal boundaries (GeoPackage, zipped Shapefile, GeoJSON; any reference system) into the tenants."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help=f"which column holds a field, where guessing fails; fields: {', '.join(GUESSES)}",
        )
        parser.add_argument(
            "--county", help="AGS of the county whose municipalities are taken; default: the county tenant's"
        )
        parser.add_argument(
            "--crs", default="", help="reference system of a file that names none, e.g. EPSG:25832"
        )
        parser.add_argument("--dry-run", action="store_true", help="report only, change nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_boundaries(
                options["file"],
                columns=_columns(options["map"]),
                county=_county(options["county"]),
                crs=options["crs"],
                dry_run=options["dry_run"],
            )
        except BoundariesUnreadable as error:
            if options["json"]:
                told = {"ok": False, "file": options["file"].name, "error": str(error)}
                self.stdout.write(json.dumps(told, ensure_ascii=False))
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
        else:
            self.stdout.write(_text(report))


def _columns(pairs: list[str]) -> dict[str, str]:
    found = dict(pair.partition("=")[::2] for pair in pairs)
    if unknown := sorted(name for name in found if name not in GUESSES or not found[name]):
        raise CommandError(
            f"--map takes FIELD=COLUMN with a field of {', '.join(GUESSES)}; got {', '.join(unknown)}"
        )
    return found


def _county(given: str | None) -> str:
    if given is not None:
        return given
    county = Tenant.objects.filter(kind=TenantKind.COUNTY).first()
    return (county.ags or "") if county else ""


def _text(report: Report) -> str:
    lines = [
        f"{report.file}: {report.crs}; columns {', '.join(f'{k}={v}' for k, v in report.columns.items())}"
    ]
    for title, rows in (("matched", report.matched), ("created", report.created)):
        lines.append(f"{title}: {len(rows)}")
        for row in rows:
            change = row["area_change_percent"]
            shown = f", {change:+.2f} %" if change is not None else ""
            notes = f" ({'; '.join(row['notes'])})" if row["notes"] else ""
            lines.append(f"  {row['ags']} {row['name']}: {row['area_km2']} km²{shown}{notes}")
    lines += [f"not in the file: {name}" for name in report.unmatched]
    lines += [f"left out: {text}" for text in report.left_out]
    if report.dry_run:
        lines.append("Dry run: nothing was changed.")
    return "\n".join(lines)
