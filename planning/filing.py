"""What a person does with the documents and rasters of a plan: add, describe, replace, close, take over, place. As services."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from django.db import transaction

from planning import papers, rastering
from planning.errors import IllegalStep
from planning.models import Fassung, Plan, PlanDocument, PlanRaster, PlanVersion, RasterState
from planning.papers import Entry
from planning.services import Upload
from planning.xplanung import content
from tenants import events, files
from tenants.models import Job, PrivateFile, User
from tenants.permissions import require
from tenants.scope import acting_for

ACTION = "change_plan"
DESCRIBED = ("title", "kind", "dated_on", "goods")
_TOLD = (*DESCRIBED, "sha256", "is_internal", "is_public")


def _scope(plan: Plan) -> Any:
    return acting_for([plan.tenant_id], [plan.tenant_id])


@transaction.atomic
def add_documents(plan: Plan, uploads: list[Upload], *, actor: User, entry: Entry) -> list[PlanDocument]:
    """Add files to the newest version of a plan. entry: what holds for each of them; its title for a single one.

    A picture that says where it lies, or came with its world file, is prepared for the map. Raises IllegalStep, QuotaExceeded."""
    require(actor, ACTION, plan)
    with _scope(plan), files.kept_only_on_success():
        version = _newest(plan)
        rows = [_add(version, upload, actor=actor, entry=_titled(entry, upload, of=uploads)) for upload in uploads]  # fmt: skip
        rastering.note(version)
        rastering.request(version, actor=actor)
    return rows


def _newest(plan: Plan) -> PlanVersion:
    version: PlanVersion | None = PlanVersion.objects.select_for_update(of=("self",)).filter(pk=plan.current_version_id).first()  # fmt: skip
    if version is None:
        raise IllegalStep("there is no version that documents could belong to")
    return version


def _titled(entry: Entry, upload: Upload, *, of: list[Upload]) -> Entry:
    stem = PurePosixPath(upload.name or "").stem
    return replace(entry, title=entry.title if entry.title and len(of) == 1 else stem, is_added=True)


def _add(version: PlanVersion, upload: Upload, *, actor: User, entry: Entry) -> PlanDocument:
    row = papers.keep(version, replace(entry, file=_stored(version, upload, actor)), actor=actor)
    _make_public(row)
    _record("add_document", row, actor=actor, after=events.state_of(row, *_TOLD))
    return row


def _stored(version: PlanVersion, upload: Upload, actor: User) -> PrivateFile:
    """Kept under the type that its content has, whatever the browser says."""
    upload.seek(0)
    file = files.store(
        upload.chunks(),
        tenant=version.tenant,
        name=upload.name or "",
        content_type="application/octet-stream",
        by=actor,
    )
    file.content_type = content.media_type(files.path_of(file), name=file.name)
    file.save(update_fields=["content_type"])
    return file


@transaction.atomic
def describe_document(document: PlanDocument, values: Mapping[str, Any], *, actor: User) -> None:
    """Say what a document is. values: DESCRIBED."""
    require(actor, ACTION, document.plan)
    with _scope(document.plan):
        before = events.state_of(document, *DESCRIBED)
        for name in DESCRIBED:
            setattr(document, name, values[name])
        document.save(update_fields=DESCRIBED)
        _record("describe_document", document, actor=actor, before=before, after=events.state_of(document, *DESCRIBED))  # fmt: skip


@transaction.atomic
def replace_document(document: PlanDocument, upload: Upload, *, actor: User) -> PlanDocument:
    """Put another file in the place of a document; the old one stays readable for the staff.

    Raises IllegalStep where the version was published as a frozen Fassung: people rely on it, so the change belongs into a new one."""
    plan, version = document.plan, document.version
    require(actor, ACTION, plan)
    with _scope(plan), files.kept_only_on_success():
        current = PlanDocument.objects.select_for_update(of=("self",)).get(pk=document.pk)
        if current.superseded_by_id is not None:
            raise IllegalStep("the document was replaced meanwhile")
        if Fassung.objects.filter(version=version, frozen_at__isnull=False).exists():
            raise IllegalStep("the Fassung of this version is frozen")
        entry = Entry(
            title=current.title,
            kind=current.kind,
            href=current.href,
            goods=tuple(current.goods),
            georeference=current.georeference,
            is_picture=current.is_picture,
            is_internal=current.is_internal,
            is_added=True,
        )
        row = _add(version, upload, actor=actor, entry=entry)
        PlanDocument.objects.filter(pk=row.pk).update(order=current.order)
        _retire(current, row)
        rastering.note(version)
        rastering.request(version, actor=actor)
        before, after = (events.state_of(each, "title", "sha256") for each in (current, row))
        _record("replace_document", row, actor=actor, before=before, after=after)
    return row


def _retire(old: PlanDocument, new: PlanDocument) -> None:
    rasters = PlanRaster.objects.filter(document=old)
    PrivateFile.objects.filter(pk__in=rasters.values("file")).update(is_public=False)
    rasters.update(is_public=False)
    PlanDocument.objects.filter(pk=old.pk).update(superseded_by=new, is_public=False)
    _follow(old.file_id)


@transaction.atomic
def set_document_internal(document: PlanDocument, *, actor: User, internal: bool) -> None:
    """Close one document to the public, or open it again where its version is public."""
    plan = document.plan
    require(actor, ACTION, plan)
    with _scope(plan):
        before = events.state_of(document, "is_internal", "is_public")
        document.is_internal = internal
        document.save(update_fields=["is_internal"])
        _make_public(document)
        after = events.state_of(document, "is_internal", "is_public")
        _record("change_document", document, actor=actor, before=before, after=after)


def _make_public(document: PlanDocument) -> None:
    """As public as its version, unless it is internal or another took its place; its file and raster with it."""
    document.is_public = (
        document.version.is_public and not document.is_internal and document.superseded_by_id is None
    )
    document.save(update_fields=["is_public"])
    rasters = PlanRaster.objects.filter(document=document)
    rasters.update(is_public=document.is_public)
    PrivateFile.objects.filter(pk__in=rasters.values("file")).update(is_public=document.is_public)
    _follow(document.file_id)


def _follow(file_id: int | None) -> None:
    """A file is public as long as one of the documents that share it is."""
    if file_id is None:
        return
    shown = PlanDocument.objects.filter(file=file_id, is_public=True).exists()
    PrivateFile.objects.filter(pk=file_id).update(is_public=shown)


@transaction.atomic
def take_over(plan: Plan, *, actor: User) -> list[PlanDocument]:
    """Let the newest version have the documents that a person had added to the one before."""
    require(actor, ACTION, plan)
    with _scope(plan):
        version = _newest(plan)
        taken = [_copy(row, version, actor=actor) for row in papers.left_behind(version)]
        rastering.note(version)
        rastering.request(version, actor=actor)
    return taken


def _copy(row: PlanDocument, version: PlanVersion, *, actor: User) -> PlanDocument:
    """The same file once more: files are never changed, so two versions may share one."""
    row.pk, row.version, row.created_by = None, version, actor
    row.public_id, row._state.adding = uuid.uuid4(), True
    row.order = version.documents.count()
    row.save(force_insert=True)
    _make_public(row)
    _record("take_over_document", row, actor=actor, after=events.state_of(row, *_TOLD))
    return row


@transaction.atomic
def place_raster(raster: PlanRaster, *, actor: User, srid: int) -> Job | None:
    """Say in which system a picture's coordinates are, against what it says itself; it is prepared anew."""
    plan = raster.plan
    require(actor, ACTION, plan)
    with _scope(plan):
        before = events.state_of(raster, "system", "chosen_srid")
        rows = PlanRaster.objects.filter(pk=raster.pk)
        rows.update(chosen_srid=srid, state=RasterState.WAITING, findings=[])
        events.audit("place_raster", tenant_id=plan.tenant_id, thing=raster, actor=actor, before=before, after={"chosen_srid": srid})  # fmt: skip
        return rastering.request(raster.version, actor=actor)


def files_of(plan: Plan, ids: Iterable[int | None]) -> list[PrivateFile]:
    """Files of rows that the caller was already allowed to see: a share opens the plan's rows, not the file table."""
    with _scope(plan):
        return list(PrivateFile.objects.filter(pk__in=list(ids)))


def _record(
    action: str,
    document: PlanDocument,
    *,
    actor: User,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    events.audit(
        action, tenant_id=document.tenant_id, thing=document, actor=actor, before=before, after=after
    )
