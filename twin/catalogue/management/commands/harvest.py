"""Register a foreign service or catalogue and read it, or read a document that lies here; works without a running worker."""

import json
import time
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.models import Tenant
from tenants.scope import working_for
from twin.catalogue import gathering, harvesting, registering
from twin.catalogue.gathering import Gathered
from twin.catalogue.models import Source, SourceKind
from twin.catalogue.refusals import SourceRefused


class Command(BaseCommand):
    help = "Harvest a WMS, WFS, WMTS, OGC API, CSW, DCAT, ArcGIS FeatureServer or SensorThings service, or its document."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("place", metavar="URL_OR_FILE")
        parser.add_argument("--tenant", required=True, metavar="SLUG", help="short name of the tenant")
        parser.add_argument("--kind", default="", choices=SourceKind.values, help="refuse anything else")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(_("There is no tenant “%s”.") % options["tenant"])
        started = time.monotonic()
        report: dict[str, Any] = {"ok": False, "tenant": tenant.slug, "place": options["place"]}
        try:
            with working_for([tenant.pk], [tenant.pk]):
                report |= _harvested(tenant, options["place"], options["kind"])
        except (SourceRefused, OSError) as error:
            report["error"] = str(error)
        report["seconds"] = round(time.monotonic() - started, 3)
        self.stdout.write(json.dumps(report, ensure_ascii=False) if options["json"] else _text(report))
        if not report["ok"]:
            raise CommandError(report["error"], returncode=1)


def _harvested(tenant: Tenant, place: str, kind: str) -> dict[str, Any]:
    gathered = _gathered(place, kind)
    found = gathered.description
    source = registering.register_source(tenant, found, actor=None)
    if "://" not in place and source.active:
        # Who read a file wants no server asked behind their back.
        source.active = False
        source.save(update_fields=["active"])
    run = harvesting.write(source, gathered, at=timezone.now())
    return {
        "ok": True,
        "source": str(source.public_id),
        "kind": source.kind,
        "title": Source.objects.get(pk=source.pk).title,
        "url": source.url,
        "entries": len(found.entries),
        "added": run.added,
        "changed": run.changed,
        "gone": run.gone,
        "whole": gathered.whole,
    }


def _gathered(place: str, kind: str) -> Gathered:
    if "://" not in place:
        gathered = gathering.gather_file(Path(place), kind=kind)
        found = gathered.description
        named = replace(found, url=found.url or f"{harvesting.FILE}{Path(place).name}")
        return replace(gathered, description=named)
    found = gathering.look(place)
    if kind and found.kind != kind:
        raise SourceRefused(_("The service is of another kind: %s") % found.kind)
    gathered = gathering.gather(found.kind, found.url)
    return replace(gathered, description=replace(gathered.description, url=found.url))


def _text(report: dict[str, Any]) -> str:
    if not report["ok"]:
        return "{place}: {error}".format(**report)
    return "{kind} {title}: {entries} (+{added} ~{changed} -{gone})".format(**report)
