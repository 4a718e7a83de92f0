"""Files that arrive in pieces, and what the worker does with them once they are whole: look into them, import them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from planning.auskunft import addressbook
from tenants import files
from tenants.errors import JobFailed, QuotaExceeded
from tenants.jobs import Progress
from tenants.models import Job, PrivateFile, Tenant
from tenants.workspace import workspace
from twin.catalogue import importing
from twin.catalogue.errors import ImportRefused
from twin.catalogue.formats import process
from twin.catalogue.formats.reading import REGISTER, Wishes
from twin.catalogue.formats.refusal import FileRefused
from twin.catalogue.importing import Order
from twin.catalogue.models import DataFormat, Dataset, DatasetVersion, Upload

LOOK = "twin.catalogue.tasks.look_into_upload"
IMPORT = "twin.catalogue.tasks.import_upload"
KEPT = timedelta(days=14)  # an upload after which nobody asked; what was imported of it stays
_UNFINISHED = timedelta(days=1)
SHOWN = 20  # of those not imported yet


def part_of(upload: Upload) -> Path:
    """Where the bytes lie until there are all. What is not gone on with for a day goes with the nightly orphans; see tidy."""
    return Path(settings.PRIVATE_ROOT) / str(upload.tenant_id) / f"{upload.public_id}.upload"


def append(upload: Upload, chunks: Iterable[bytes]) -> int:
    """Put bytes behind those that are there; returns how many there are now. More than announced are left out.

    upload.received counts what was committed: what a broken connection left behind it is written over.
    """
    path = part_of(upload)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    received = upload.received
    with path.open("r+b" if path.exists() else "w+b") as sink:
        sink.seek(received)
        for chunk in chunks:
            piece = chunk[: upload.size - received]
            sink.write(piece)
            received += len(piece)
        sink.truncate()
    return received


def keep(upload: Upload) -> PrivateFile:
    """The whole file as one of the tenant's. Raises QuotaExceeded."""
    return files.adopt(
        part_of(upload),
        tenant=upload.tenant,
        name=upload.name,
        content_type="application/octet-stream",
        by=upload.actor,
    )


def pending(tenant: Tenant) -> QuerySet[Upload]:
    """Whole files that nobody had imported yet, the newest ones."""
    rows = Upload.objects.filter(tenant=tenant, file__isnull=False).exclude(job__result__has_key="url")
    return rows.select_related("actor").order_by("-created_at")[:SHOWN]


def tidy(at: datetime) -> int:
    """Remove uploads whose bytes went with the nightly orphans before they were whole, and old ones that are done with, their file
    too unless a version names it; returns how many."""
    removed = 0
    unfinished = Upload.objects.filter(file=None, created_at__lt=at - _UNFINISHED)
    for upload in unfinished:
        if not part_of(upload).exists():
            removed += upload.delete()[0]
    for upload in (
        Upload.objects.filter(created_at__lt=at - KEPT).exclude(file=None).select_related("file", "job")
    ):
        if upload.job is None or upload.job.is_over:
            removed += _remove(upload)
    return removed


@transaction.atomic
def _remove(upload: Upload) -> int:
    file = upload.file
    upload.delete()
    if file is not None and not DatasetVersion.objects.filter(file=file).exists():
        files.remove(file)
    return 1


def look(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Find out what is in an upload, for its page. Raises JobFailed."""
    upload = Upload.objects.select_related("file", "tenant").get(pk=job.params["upload"])
    if upload.file is None:
        raise JobFailed(_("The uploaded file is no longer there. Upload it again."))
    try:
        found = _found(upload.file, tell=progress)
        if any(layer["address"] for layer in found["layers"]) and addressbook.is_filled():
            found = _found(upload.file, tell=progress, register_of=upload.tenant)
    except FileRefused as error:
        raise _failed([importing.finding_of(error)]) from None
    Upload.objects.filter(pk=upload.pk).update(preview=found)
    return {}


def _found(file: PrivateFile, *, tell: Progress, register_of: Tenant | None = None) -> dict[str, Any]:
    """register_of: with the addresses that are known to this town, which are only written down where the file has some.

    Raises FileRefused."""
    with workspace() as folder:
        if register_of is not None:
            addressbook.write(folder / REGISTER, tenant=register_of)
        arguments = {
            "source": str(files.path_of(file)),
            "folder": str(folder),
            "srid": settings.TWIN_SRID,
            "extent": settings.MAP_EXTENT,
        }
        return process.run("look", arguments, tell=tell)


def import_(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Import an upload as its job says. Raises JobFailed."""
    upload = Upload.objects.select_related("file").get(pk=job.params["upload"])
    if upload.file is None:
        raise JobFailed(_("The uploaded file is no longer there. Upload it again."))
    order = Order(
        job.tenant,
        job.actor,
        upload.name,
        title=job.params["title"],
        dataset=Dataset.objects.filter(public_id=job.params["dataset"]).first(),
        data_format=DataFormat.objects.filter(public_id=job.params["data_format"]).first(),
        wishes=Wishes(**job.params["wishes"]),
        stored=upload.file,
        job=str(job.public_id),
        progress=lambda share: progress(share, upload.name),
    )
    try:
        version = importing.import_file(files.path_of(upload.file), order=order)
    except ImportRefused as error:
        raise _failed(error.findings) from None
    except QuotaExceeded as error:
        raise JobFailed(_("The storage space of %s would not suffice.") % error) from error
    address = reverse("catalogue:version", args=[version.dataset.public_id, version.number])
    return {"url": address, "version": version.pk}


def _failed(findings: Sequence[Mapping[str, Any]]) -> JobFailed:
    return JobFailed(_("The file could not be imported."), report={"findings": list(findings)})
