"""What applies at a place: the same answer as the public page, out of public plans alone."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from planning.auskunft import asking, parcels, telling, wording
from planning.auskunft.answering import Answer, answer
from planning.auskunft.errors import PlaceRefused
from planning.auskunft.places import Place
from planning.messages import refused_by_system


class Command(BaseCommand):
    help = "Plan information for a point or a parcel: plans and provisions in force, amendments resolved."

    def add_arguments(self, parser: ArgumentParser) -> None:
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument(
            "--point", metavar="E,N", help="easting,northing (EPSG:25833) or latitude,longitude"
        )
        where.add_argument(
            "--address", metavar="TEXT", help="street, number and place of an imported register"
        )
        where.add_argument(
            "--parcel", metavar="FILE", type=Path, help="GeoJSON, GML, GeoPackage or zipped Shapefile"
        )
        parser.add_argument("--on", metavar="YYYY-MM-DD", type=_day, help="on another day than today")
        parser.add_argument("--json", action="store_true", help="print the answer as JSON (docs/auskunft.md)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = answer(_place(options), on=options["on"] or timezone.localdate())
        except PlaceRefused as refused:
            raise CommandError(wording.refusal(refused), returncode=2) from None
        except OSError as error:
            raise CommandError(refused_by_system(error), returncode=2) from None
        told = json.dumps(telling.as_json(found), ensure_ascii=False) if options["json"] else _as_text(found)
        self.stdout.write(told)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(_("“%s” is no day; it is written like 2026-11-30.") % text) from None


def _place(options: dict[str, Any]) -> Place:
    if options["point"] is not None:
        return asking.by_coordinates(options["point"])
    if options["address"] is not None:
        return asking.by_words(options["address"])
    with options["parcel"].open("rb") as source:
        return parcels.from_file(source, extent=asking.extent())


def _as_text(found: Answer) -> str:
    lines = [telling.place_words(found.place)]
    for row in telling.plan_rows(found):
        lines.append(
            " · ".join(filter(None, (str(row.told.plan), row.status, row.paragraph, row.law, row.size)))
        )
        lines += [f"  {link.words}: {link.plan}" for link in row.amended_by]
        lines += [f"  {each.title} {each.size}".rstrip() for each in row.provisions]
    lines += [f"- {each.plan}" for each in found.gone]
    return "\n".join([*lines, str(wording.BINDING)])
