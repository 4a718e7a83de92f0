"""`manage.py invite_admin SLUG MAIL`: the first administrator of a tenant, above all of the county on a new platform."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants import services
from tenants.errors import TenantsError
from tenants.models import Tenant, User


class Command(BaseCommand):
    help = "Invites the first administrator of a tenant by mail, in the name of an operator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="short name of the tenant")
        parser.add_argument("mail")
        parser.add_argument("--operator", help="mail address of the operator; default: the first one")

    def handle(self, *args: Any, **options: Any) -> None:
        operators = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
        if options["operator"]:
            operators = operators.filter(email=options["operator"].lower())
        tenant, operator = Tenant.objects.filter(slug=options["slug"]).first(), operators.first()
        if tenant is None or operator is None:
            raise CommandError("There is no such tenant." if tenant is None else "There is no such operator.")
        try:
            services.invite_member(
                tenant, actor=operator, email=options["mail"], roles={services.admin_role(tenant)}
            )
        except (TenantsError, ValidationError) as error:
            raise CommandError(f"Not invited: {error}") from None
        self.stdout.write(f"An invitation to {tenant} is on its way to {options['mail']}.")
