"""`manage.py backup FILE`: database and files into one tar file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.backup import backup
from tenants.errors import BackupRefused


class Command(BaseCommand):
    help = "Write database and files into one new file; the site may go on serving."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            manifest = backup(file)
        except BackupRefused as error:
            raise CommandError(f"No backup was made. {error}") from error
        self.stdout.write(f"{file}: {len(manifest.members)} members, {file.stat().st_size} bytes.")
