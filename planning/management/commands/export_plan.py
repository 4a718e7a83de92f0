"""Export plans as they were delivered; an operator's command, it reads drafts of all tenants."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from planning.errors import NotOneFile
from planning.exporting import gml
from planning.models import Plan, PlanVersion
from tenants.models import Tenant
from tenants.scope import working_for


class Command(BaseCommand):
    help = "Export a plan, or several plans of one delivered file together, as XPlanGML."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", nargs="+", metavar="ID", type=UUID)
        parser.add_argument("-o", "--output", required=True, metavar="FILE", type=Path)
        parser.add_argument("--version-number", type=int, metavar="N", help="default: the newest version")

    def handle(self, *args: Any, **options: Any) -> None:
        with working_for(Tenant.objects.values_list("pk", flat=True)):
            versions = [_version(public_id, options["version_number"]) for public_id in options["ids"]]
            part = options["output"].with_name(f".{options['output'].name}.part")
            try:
                with part.open("wb") as target:
                    target.writelines(gml(*versions))
                part.replace(options["output"])
            except NotOneFile as error:
                raise CommandError(_("These plans were not delivered in one file.")) from error
            finally:
                part.unlink(missing_ok=True)


def _version(public_id: UUID, number: int | None) -> PlanVersion:
    plan = Plan.objects.filter(public_id=public_id).select_related("current_version").first()
    version = plan and (plan.planversions.filter(number=number).first() if number else plan.current_version)
    if not version:
        raise CommandError(_("There is no such plan or version: %s") % public_id)
    found: PlanVersion = version
    return found
