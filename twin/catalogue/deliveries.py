"""What a person does to deliver data: upload a file in pieces, say what is meant, have it imported."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from tenants import files, jobs
from tenants.errors import QuotaExceeded, Refused
from tenants.models import Job, PrivateFile, Tenant, User
from tenants.permissions import require
from twin.catalogue import uploads
from twin.catalogue.errors import TooLarge, WrongOffset
from twin.catalogue.formats.reading import Wishes
from twin.catalogue.models import DataFormat, Dataset, Upload

MB = 1 << 20


@dataclass(frozen=True)
class Wanted:
    """What is to become of an upload: a dataset with this title, or a version of one."""

    title: str = ""
    dataset: Dataset | None = None
    data_format: DataFormat | None = None
    wishes: Wishes = field(default_factory=Wishes)


@transaction.atomic
def begin_upload(name: str, *, size: int, tenant: Tenant, actor: User) -> Upload:
    """Announce a file. Raises TooLarge and QuotaExceeded before a byte is sent."""
    require(actor, "import_dataset", tenant)
    if size > settings.DATASET_MAX_BYTES:
        raise TooLarge(_("The file is larger than %(limit_mb)s MB. Split it, or ask the operator to import it.") % {"limit_mb": settings.DATASET_MAX_BYTES // MB})  # fmt: skip
    if size < 1:
        raise Refused(_("The file is empty. Choose the file again, or export it again from your program."))
    used = PrivateFile.objects.filter(tenant=tenant).aggregate(total=Sum("size"))["total"] or 0
    if used + size > files.QUOTA_BYTES:
        raise QuotaExceeded(tenant.name)
    found: Upload = Upload.objects.create(tenant=tenant, name=name[:255] or "upload", size=size, actor=actor)
    return found


@transaction.atomic
def append(upload: Upload, chunks: Iterable[bytes], *, offset: int, actor: User) -> Upload:
    """Take the next bytes; with the last ones the worker begins to look into the file. Raises WrongOffset."""
    require(actor, "import_dataset", upload.tenant)
    row: Upload = (
        Upload.objects.select_for_update(of=("self",)).select_related("tenant", "actor").get(pk=upload.pk)
    )
    if offset != row.received or row.file_id is not None:
        raise WrongOffset
    row.received = uploads.append(row, chunks)
    if row.received == row.size:
        row.file = uploads.keep(row)
        row.job = jobs.start(
            uploads.LOOK, tenant=row.tenant, actor=actor, title=row.name, params={"upload": row.pk}
        )
    row.save(update_fields=["received", "file", "job"])
    return row


@transaction.atomic
def request_import(upload: Upload, wanted: Wanted, *, actor: User) -> Job:
    """Have an upload imported. Raises Refused where it is not whole, or at work already."""
    require(actor, "import_dataset", upload.tenant)
    row = Upload.objects.select_for_update(of=("self",)).select_related("job", "tenant").get(pk=upload.pk)
    if row.file_id is None or (row.job is not None and not row.job.is_over):
        raise Refused(_("The file is still being worked on. Wait until that has ended."))
    job = jobs.start(
        uploads.IMPORT,
        tenant=row.tenant,
        actor=actor,
        title=row.name,
        params={
            "upload": row.pk,
            "title": wanted.title,
            "dataset": str(wanted.dataset.public_id) if wanted.dataset else None,
            "data_format": str(wanted.data_format.public_id) if wanted.data_format else None,
            "wishes": asdict(wanted.wishes),
        },
    )
    row.job = job
    row.save(update_fields=["job"])
    return job


def cancel(upload: Upload, *, actor: User) -> None:
    """Stop what the worker does with an upload."""
    require(actor, "import_dataset", upload.tenant)
    if upload.job is not None:
        jobs.cancel(upload.job, actor=actor)
