"""List the use cases that this installation knows."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from twin.analysis import registry
from twin.analysis.describing import inputs_of
from twin.analysis.usecase import UseCase


class Command(BaseCommand):
    help = "List the use cases, with their parameters."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON array")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(registry.use_cases().values())
        if options["json"]:
            self.stdout.write(json.dumps([_facts(each) for each in found], ensure_ascii=False))
            return
        for each in found:
            self.stdout.write(f"{each.slug} {each.version}: {each.title}")


def _facts(use_case: UseCase) -> dict[str, Any]:
    return {
        "slug": use_case.slug,
        "title": str(use_case.title),
        "question": str(use_case.question),
        "version": use_case.version,
        "engine": use_case.engine,
        "parameters": [{"name": name, **said} for name, said in inputs_of(use_case).items()],
        "sources": [source.title for source in use_case.sources],
        "limits": [str(limit) for limit in use_case.limits],
    }
