"""`migrate` as the login that owns the tables; everything else serves as the app login."""

from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate

from tenants.database import as_owner


class Command(DjangoMigrate):
    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            super().handle(*args, **options)
