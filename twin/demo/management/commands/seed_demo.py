"""manage.py seed_demo: towns, people, plans, procedures, statements and a history, all invented. Again changes nothing."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.models import Tenant
from tenants.scope import working_for
from twin.demo.seeding.addresses import seed_addresses
from twin.demo.seeding.datasets import seed_datasets, seed_flood_area
from twin.demo.seeding.explanations import seed_explanations
from twin.demo.seeding.gauges import seed_gauges
from twin.demo.seeding.pages import seed_pages
from twin.demo.seeding.past import seed_past
from twin.demo.seeding.plans import seed_plans
from twin.demo.seeding.procedures import seed_procedures
from twin.demo.seeding.river import seed_river
from twin.demo.seeding.towns import seed_people, seed_tenants
from twin.demo.seeding.workflows import seed_workflow


class Command(BaseCommand):
    help = "Fill an empty installation with demo data; refused where KZ_DEMO is not set."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="the demo's today")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(_("This installation is no demo (KZ_DEMO is not set)."))
        now = timezone.localtime()
        on: date = options["on"] or now.date()
        self._say(_("Municipalities, people and pages …"))
        seed_tenants(on)
        seed_people()
        seed_pages(on)
        everyone = list(Tenant.objects.values_list("pk", flat=True))
        with working_for(everyone, everyone):
            seed_flood_area()
            self._say(_("Plans, which are imported and checked …"))
            plans = seed_plans()
            seed_addresses(plans)
            seed_explanations(plans)
            self._say(_("Procedures and statements …"))
            seed_procedures(plans, on=on)
            self._say(_("Datasets …"))
            seed_datasets()
            seed_gauges(now)
            seed_river()
            seed_workflow(on)
            self._say(_("14 months of use …"))
            seed_past(on, now=now)
        self.stdout.write(_("The demo is ready."))

    def _say(self, words: str) -> None:
        """At once: on a slow machine each part takes half a minute, and silence looks like a failure."""
        self.stdout.write(words)
        self.stdout.flush()
