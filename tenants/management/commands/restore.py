"""`manage.py restore FILE`: database and files back to the state of a backup."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError

from tenants.backup import restore
from tenants.errors import BackupRefused


class Command(BaseCommand):
    help = "Replace database and files by those of a backup. Stop the site first."
    requires_system_checks = ()  # the database may be empty

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            manifest = restore(file)
        except BackupRefused as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        cache.clear()
        self.stdout.write(f"Restored the state of {manifest.made_at}. Now run: ./run manage migrate")
