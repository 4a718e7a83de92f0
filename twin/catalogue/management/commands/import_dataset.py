"""Import a file as a dataset of a tenant, or as a new version of one; works without a running worker."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from tenants.errors import QuotaExceeded, Refused
from tenants.models import Tenant
from tenants.scope import working_for
from twin.catalogue import importing, publishing, reporting
from twin.catalogue.errors import ImportRefused
from twin.catalogue.formats.reading import Wishes
from twin.catalogue.importing import Order
from twin.catalogue.models import DataFormat, Dataset, DatasetVersion, Licence


class Command(BaseCommand):
    help = "Import a GeoPackage, zipped Shapefile, GeoJSON, FlatGeobuf, GML, CSV, XLSX, GeoTIFF, ASCII grid or XYZ file as a dataset."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--tenant", required=True, metavar="SLUG", help="short name of the tenant that owns the data"
        )
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--title", default="", help="of a new dataset")
        which.add_argument(
            "--dataset", default="", metavar="SLUG", help="short name of the dataset this is a new version of"
        )
        parser.add_argument("--layer", default="", help="which layer of the file")
        parser.add_argument(
            "--srs", type=int, metavar="EPSG", help="coordinate reference system, instead of the file's own"
        )
        parser.add_argument(
            "--swap", action="store_true", help="coordinates stand the other way round (latitude first)"
        )
        parser.add_argument("--anywhere", action="store_true", help="take data that lie outside the county")
        parser.add_argument(
            "--key", default="", metavar="ATTRIBUTE", help="attribute that names each feature"
        )
        parser.add_argument("--time", default="", metavar="ATTRIBUTE", help="attribute that holds the time")
        parser.add_argument(
            "--x", default="", metavar="COLUMN", help="column of a table with the easting or longitude"
        )
        parser.add_argument(
            "--y", default="", metavar="COLUMN", help="column of a table with the northing or latitude"
        )
        parser.add_argument(
            "--address",
            action="append",
            default=[],
            metavar="COLUMN",
            help="column of a table with the address, or a part of it (street, house number, postcode, place): once for each",
        )
        parser.add_argument(
            "--format",
            default="",
            metavar="SLUG",
            help="short name of the declared data format to hold it against",
        )
        parser.add_argument("--public", action="store_true", help="publish it; needs a licence")
        parser.add_argument(
            "--licence", default="", choices=Licence.values, help="code of the DCAT-AP.de list"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(_("There is no tenant “%s”.") % options["tenant"])
        with working_for([tenant.pk], [tenant.pk]):
            try:
                version = self._import(tenant, options)
            except ImportRefused as error:
                facts: dict[str, Any] = {"ok": False, "findings": reporting.worded(error.findings)}
            except (QuotaExceeded, Refused, OSError) as error:
                raise CommandError(str(error)) from None
            else:
                facts = {"ok": True, **reporting.outcome(version)}
        self.stdout.write(json.dumps(facts, ensure_ascii=False) if options["json"] else _as_text(facts))
        if not facts["ok"]:
            raise CommandError(_("The file could not be imported."), returncode=1)

    def _import(self, tenant: Tenant, options: dict[str, Any]) -> DatasetVersion:
        order = Order(
            tenant,
            None,
            options["file"].name,
            title=options["title"],
            dataset=_dataset(tenant, options["dataset"]),
            data_format=_format(options["format"]),
            wishes=Wishes(
                layer=options["layer"],
                srs=options["srs"],
                key=options["key"],
                time=options["time"],
                x=options["x"],
                y=options["y"],
                address=options["address"],
                swapped=options["swap"],
                anywhere=options["anywhere"],
            ),
        )
        version = importing.import_file(options["file"], order=order)
        if options["public"] or options["licence"]:
            with transaction.atomic():
                publishing.make_public(version.dataset, licence=options["licence"], actor=None)
        return version


def _dataset(tenant: Tenant, slug: str) -> Dataset | None:
    if not slug:
        return None
    found: Dataset | None = Dataset.objects.filter(tenant=tenant, slug=slug).first()
    if found is None:
        raise CommandError(_("There is no dataset “%s”.") % slug)
    return found


def _format(slug: str) -> DataFormat | None:
    if not slug:
        return None
    found: DataFormat | None = DataFormat.objects.filter(slug=slug).first()
    if found is None:
        raise CommandError(_("There is no data format “%s”.") % slug)
    return found


def _as_text(facts: dict[str, Any]) -> str:
    head = []
    if facts["ok"]:
        head = ["{title}: {kept}/{rows} · {geometry} · {crs} · +{added} ~{changed} -{gone}".format(**facts)]
    lines = [
        "  {severity}: {attribute} {message} ({count})".format(**finding) for finding in facts["findings"]
    ]
    return "\n".join([*head, *lines])
