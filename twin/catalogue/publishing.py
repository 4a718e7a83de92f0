"""Who sees a dataset stands on each of its rows: on itself, its current version with the features, its record. All of them change together."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants import events
from tenants.errors import JobFailed, Refused
from tenants.jobs import Progress
from tenants.models import Job, PrivateFile, User
from twin.catalogue.errors import NoLicence, NothingDelivered
from twin.catalogue.importing import PUBLISHED
from twin.catalogue.models import Dataset, DatasetVersion, Feature, Licence, Record

TASK = "twin.catalogue.tasks.set_visibility"
AT_ONCE = 20_000  # features that change inside a request; a second
_STEP = 20_000  # features between two reports

Tell = Callable[[float], None]


def _silent(share: float) -> None:
    return None


def work(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Publish or withdraw the job's dataset. Raises JobFailed."""
    dataset = Dataset.objects.filter(public_id=job.params["dataset"]).first()
    if dataset is None:
        raise JobFailed(_("The dataset is no longer there."))
    progress(0.0, str(dataset))
    try:
        with transaction.atomic():
            if job.params["visible"]:
                make_public(dataset, licence=job.params["licence"], actor=job.actor, tell=progress)
            else:
                withdraw(dataset, actor=job.actor, tell=progress)
    except Refused as refused:
        raise JobFailed(str(refused)) from refused
    return {"url": dataset.get_absolute_url()}


def refuse_unready(dataset: Dataset, licence: str) -> Record:
    """The dataset's record, with this licence where one is named. Raises NoLicence, NothingDelivered."""
    record: Record = Record.objects.get(dataset=dataset)
    if licence:
        record.licence = Licence(licence)
    if not (record.licence or record.licence_url):
        raise NoLicence(_("Choose a licence first: what is public says how it may be used."))
    if dataset.current_version_id is None:
        raise NothingDelivered(_("The dataset holds no data yet."))
    return record


def make_public(dataset: Dataset, *, licence: str, actor: User | None, tell: Tell = _silent) -> None:
    """Without asking who does it; see services.publish_dataset. Needs an open transaction."""
    row = locked(dataset)
    record = refuse_unready(row, licence)
    before = events.state_of(row, "is_public")
    row.is_public, row.published_at = True, row.published_at or timezone.now()
    record.issued = record.issued or timezone.localdate()
    record.save()
    _show(row, tell)
    after = {"licence": record.licence}
    events.audit(
        "publish_dataset", tenant_id=row.tenant_id, thing=row, actor=actor, before=before, after=after
    )
    events.used(PUBLISHED, tenant=row.tenant, actor=actor)


def withdraw(dataset: Dataset, *, actor: User | None, tell: Tell = _silent) -> None:
    """Without asking who does it; see services.withdraw_dataset. Needs an open transaction."""
    row = locked(dataset)
    before = events.state_of(row, "is_public")
    row.is_public = False
    _show(row, tell)
    events.audit("withdraw_dataset", tenant_id=row.tenant_id, thing=row, actor=actor, before=before)


def locked(dataset: Dataset) -> Dataset:
    rows = Dataset.objects.select_for_update(of=("self",)).select_related("current_version", "tenant")
    found: Dataset = rows.get(pk=dataset.pk)
    return found


def _show(dataset: Dataset, tell: Tell) -> None:
    visible = dataset.is_public
    dataset.save(update_fields=["is_public", "published_at", "changed_at"])
    versions = DatasetVersion.objects.filter(dataset=dataset)
    current = (
        versions.filter(pk=dataset.current_version_id) if dataset.current_version_id else versions.none()
    )
    versions.update(is_public=False)
    current.update(is_public=visible)
    Record.objects.filter(dataset=dataset).update(is_public=visible)
    PrivateFile.objects.filter(pk__in=versions.exclude(raster=None).values("raster")).update(is_public=False)
    PrivateFile.objects.filter(pk__in=current.exclude(raster=None).values("raster")).update(is_public=visible)
    _show_features(dataset, tell)


def _show_features(dataset: Dataset, tell: Tell) -> None:
    """In steps by id, so that a long one tells how far it is and can be stopped."""
    rows = Feature.objects.filter(dataset=dataset, until__isnull=True)
    total = dataset.current_version.feature_count if dataset.current_version else 0
    last = done = 0
    while True:
        ids = rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)
        end = ids[_STEP - 1 : _STEP].first()
        step = rows.filter(pk__gt=last) if end is None else rows.filter(pk__gt=last, pk__lte=end)
        done += step.update(is_public=dataset.is_public)
        if end is None:
            return
        tell(min(done / max(total, 1), 1.0))
        last = end
