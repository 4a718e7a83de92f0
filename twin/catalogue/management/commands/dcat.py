"""manage.py dcat --output FILE: the public catalogue as one file of DCAT-AP.de; what its name ends in says the form."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rdflib.namespace import DCAT, RDF

from twin.catalogue import dcat, feeding

FORMS = {".rdf": "xml", ".xml": "xml", ".ttl": "turtle", ".jsonld": "json-ld"}


class Command(BaseCommand):
    help = "Write the public catalogue as DCAT-AP.de (.rdf, .ttl or .jsonld)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", required=True, type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["output"]
        form = FORMS.get(path.suffix.lower())
        if form is None:
            raise CommandError(_("The file's name must end in .rdf, .ttl or .jsonld."))
        graph = feeding.whole()
        try:
            graph.serialize(path, format=form, encoding="utf-8")
        except OSError as refusal:
            raise CommandError(str(refusal)) from refusal
        things = sum(
            1
            for kind in (DCAT.Dataset, DCAT.DataService, dcat.SERIES)
            for _thing in graph.subjects(RDF.type, kind)
        )
        self.stdout.write(_("%(count)s entries written to %(file)s.") % {"count": things, "file": path})
