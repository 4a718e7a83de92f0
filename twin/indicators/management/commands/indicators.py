"""manage.py indicators --month YYYY-MM [--json]: compute a month's figures, keep them, print them."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant, TenantKind
from twin.indicators.exporting import county_figures, municipality_figures
from twin.indicators.formulas import Month
from twin.indicators.models import CountySnapshot, MunicipalitySnapshot
from twin.indicators.tasks import take_month


def month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r}: YYYY-MM") from None


class Command(BaseCommand):
    help = str(_("Compute the county's indicators of a month, keep them and print them."))

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--month", type=month, required=True, metavar="YYYY-MM")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        if not Tenant.objects.filter(kind=TenantKind.COUNTY).exists():
            raise CommandError(str(_("No county has been set up yet.")))
        wanted = str(options["month"])
        take_month(month=wanted)
        county = CountySnapshot.objects.get(month=wanted)
        towns = (
            MunicipalitySnapshot.objects.filter(month=wanted).select_related("tenant").order_by("tenant__ags")
        )
        figures = county_figures(county) | {"by_municipality": [municipality_figures(row) for row in towns]}
        if options["as_json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False, indent=2))
            return
        for key, value in county_figures(county).items():
            self.stdout.write(f"{key}: {value}")
