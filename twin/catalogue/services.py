"""What a person does with datasets."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tenants import events, files, jobs, permissions
from tenants.errors import Refused
from tenants.models import Job, JobState, PrivateFile, Tenant, User
from tenants.permissions import require
from tenants.roles import Share
from twin.catalogue import describing, importing, publishing, storing
from twin.catalogue.errors import NoDescription, VersionUnknown
from twin.catalogue.models import Dataset, DatasetVersion, Feature, Record, VersionState
from twin.catalogue.models.datasets import AREAS

_CHILDREN: tuple[Any, ...] = (Feature, DatasetVersion, Record)


@transaction.atomic
def publish_dataset(dataset: Dataset, *, actor: User, licence: str = "", description: str = "") -> Job | None:
    """Let everybody read the current version. licence: a code of Licence, description: what the data are, where the record says
    neither yet. Of a large dataset the worker does it: then its job is returned.

    Raises NoLicence, NoDescription, NothingDelivered.
    """
    require(actor, "publish_dataset", dataset)
    unready = publishing.refuse_unready(dataset, licence)
    if not (description or unready.description):
        raise NoDescription(_("Say what the data are: whoever finds them in the catalogue reads it first."))
    if description:
        record = Record.objects.select_related("tenant", "dataset").get(dataset=dataset)
        said = {name: getattr(record, name) for name in describing.ASKED} | {"description": description}
        describing.describe_record(record, said, actor=actor)
    if _is_large(dataset):
        return _start(dataset, actor=actor, visible=True, licence=licence)
    publishing.make_public(dataset, licence=licence, actor=actor)
    return None


@transaction.atomic
def withdraw_dataset(dataset: Dataset, *, actor: User) -> Job | None:
    """Take it back from the public; who it is shared with keeps it. Of a large dataset the worker does it."""
    require(actor, "publish_dataset", dataset)
    if _is_large(dataset):
        return _start(dataset, actor=actor, visible=False)
    publishing.withdraw(dataset, actor=actor)
    return None


def _is_large(dataset: Dataset) -> bool:
    version = dataset.current_version
    return version is not None and version.feature_count > publishing.AT_ONCE


def _start(dataset: Dataset, *, actor: User, visible: bool, licence: str = "") -> Job:
    """Raises Refused where one is under way."""
    open_ones = Job.objects.filter(task=publishing.TASK, params__dataset=str(dataset.public_id))
    if open_ones.filter(state__in=(JobState.QUEUED, JobState.RUNNING)).exists():
        raise Refused(_("The visibility of the dataset is being changed already. Wait until that has ended."))
    params = {"dataset": str(dataset.public_id), "visible": visible, "licence": licence}
    return jobs.start(publishing.TASK, tenant=dataset.tenant, actor=actor, title=dataset.title, params=params)


def _record(action: str, dataset: Dataset, actor: User | None, **values: Any) -> None:
    events.audit(action, tenant_id=dataset.tenant_id, thing=dataset, actor=actor, **values)


@transaction.atomic
def restore_version(dataset: Dataset, *, number: int, actor: User) -> DatasetVersion:
    """Make an old version's content the current one, as a version of its own. Raises VersionUnknown."""
    require(actor, "change_dataset", dataset)
    row = publishing.locked(dataset)
    old = DatasetVersion.objects.filter(dataset=row, number=number, state=VersionState.READY).first()
    if old is None or old.pk == row.current_version_id:
        raise VersionUnknown(
            _("This version can't be restored: it is the current one, or there is none with this number.")
        )
    following = importing.next_number(row)
    difference = storing.restore(row, old=number, version=following)
    version = DatasetVersion.objects.create(
        **{name: getattr(old, name) for name in _KEPT},
        number=following,
        restored_from=number,
        created_by=actor,
        added=difference.added,
        changed=difference.changed,
        gone=difference.gone,
    )
    importing.make_current(row, version)
    _record(
        "restore_version",
        row,
        actor,
        before={"version": following - 1},
        after={"version": following, "restored_from": number},
    )
    return version


_KEPT = ("tenant", "dataset", "state", "file", "sha256", "layer", "source_crs", "fields", "geometry_type", "feature_count", "extent", "time_start", "time_end", "raster", "grid", "report")  # fmt: skip


@transaction.atomic
def set_refresh(dataset: Dataset, *, url: str, hours: int | None, actor: User) -> None:
    """Have a dataset fetched from an address every so many hours, or, without an address, no more."""
    require(actor, "change_dataset", dataset)
    before = events.state_of(dataset, "refresh_url", "refresh_hours")
    dataset.refresh_url, dataset.refresh_hours, dataset.refreshed_at = url, hours if url else None, None
    dataset.refresh_error = ""
    dataset.save(update_fields=["refresh_url", "refresh_hours", "refreshed_at", "refresh_error"])
    after = events.state_of(dataset, "refresh_url", "refresh_hours")
    _record("set_refresh", dataset, actor, before=before, after=after)


@transaction.atomic
def set_role(dataset: Dataset, *, role: str, actor: User) -> None:
    """Say what its areas mean in law; empty: nothing. Raises Refused where it holds no areas."""
    require(actor, "change_dataset", dataset)
    version = dataset.current_version
    if role and (version is None or version.geometry_type not in AREAS):
        raise Refused(_("The dataset holds no areas: only areas have such a meaning."))
    before = events.state_of(dataset, "role")
    dataset.role = role
    dataset.save(update_fields=["role", "changed_at"])
    _record("set_role", dataset, actor, before=before, after=events.state_of(dataset, "role"))


@transaction.atomic
def share_dataset(dataset: Dataset, *, holder: User | Tenant, actor: User) -> None:
    """Let a person or another tenant read the dataset."""
    require(actor, "share", dataset)
    permissions.share(dataset, holder=holder, as_=Share.READER)
    _record("share_dataset", dataset, actor, after={"holder": str(holder)})


@transaction.atomic
def unshare_dataset(dataset: Dataset, *, holder: User | Tenant, actor: User) -> None:
    require(actor, "share", dataset)
    permissions.unshare(dataset, holder=holder, as_=Share.READER)
    _record("unshare_dataset", dataset, actor, before={"holder": str(holder)})


@transaction.atomic
def delete_dataset(dataset: Dataset, *, actor: User) -> None:
    """Remove a dataset with its versions, features, record and files."""
    require(actor, "delete_dataset", dataset)
    row = publishing.locked(dataset)
    _record("delete_dataset", row, actor, before=events.state_of(row, "title", "public_id"))
    for holder, as_ in permissions.shares_of(row):
        permissions.unshare(row, holder=holder, as_=as_)
    versions = DatasetVersion.objects.filter(dataset=row)
    kept = list(
        PrivateFile.objects.filter(
            Q(pk__in=versions.exclude(file=None).values("file"))
            | Q(pk__in=versions.exclude(raster=None).values("raster"))
        )
    )
    Dataset.objects.filter(pk=row.pk).update(current_version=None, is_public=False)
    for model in _CHILDREN:
        model.objects.filter(dataset=row)._raw_delete("default")
    row.delete()
    shared = DatasetVersion.objects.filter(file__in=kept).values_list("file_id", flat=True)
    needed = set(shared)  # by another dataset: a file with several layers
    for file in kept:
        if file.pk not in needed:
            files.remove(file)
