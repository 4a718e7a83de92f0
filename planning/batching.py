"""A batch in the worker: the delivery taken apart, one job for each plan file in it. No file stops another one.

What was taken apart is committed file by file and known by its place in the delivery, so a second attempt after a crash goes on
where the first one ended.
"""

import mimetypes
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.urls import reverse

from planning import uploads
from planning.delivery import Delivery, unpack
from planning.errors import ImportRefused
from planning.matching import ASK
from planning.models import Batch, BatchItem
from planning.storing import CONTENT_TYPE
from planning.xplanung.documents import file_name
from planning.xplanung.findings import Finding
from tenants import files, jobs
from tenants.errors import QuotaExceeded
from tenants.jobs import Progress
from tenants.models import Job, PrivateFile
from tenants.workspace import workspace

TASK = "planning.tasks.take_apart"


def work(job: Job, progress: Progress) -> Mapping[str, Any]:
    """params: batch, files (plan files and archives), documents (delivered beside them). Returns the address of the report."""
    batch = Batch.objects.get(pk=job.params["batch"])
    rows = {row.pk: row for row in PrivateFile.objects.filter(pk__in=_ids(job))}
    beside = {rows[pk].name: files.path_of(rows[pk]) for pk in job.params["documents"] if pk in rows}
    for number, pk in enumerate(job.params["files"]):
        if pk in rows:  # else it was taken apart before a crash
            _Delivered(job, batch, rows[pk], beside).take_apart(progress, number)
        progress((number + 1) / len(job.params["files"]))
    for pk in job.params["documents"]:
        if pk in rows:
            files.remove(rows[pk])
    return {"url": reverse("planning:batch", args=[batch.public_id])}


def _ids(job: Job) -> list[int]:
    return [*job.params["files"], *job.params["documents"]]


class _Delivered:
    """One delivered file: a plan file, or an archive with several."""

    def __init__(self, job: Job, batch: Batch, upload: PrivateFile, beside: Mapping[str, Path]) -> None:
        self.job, self.batch, self.upload, self.beside = job, batch, upload, beside
        known = BatchItem.objects.filter(batch=batch, source=self.source)
        self.known = set(known.values_list("position", flat=True))

    @property
    def source(self) -> str:
        return str(self.upload.public_id)

    def take_apart(self, progress: Progress, number: int) -> None:
        total = len(self.job.params["files"])
        with workspace() as folder:
            try:
                found = unpack(files.path_of(self.upload), name=self.upload.name, folder=folder)
            except ImportRefused as error:
                self._refuse(0, self.upload.name, error.findings)
                found = []
            alone = [each.path for each in found] == [files.path_of(self.upload)]
            left = _unreferenced(found)
            for position, delivery in enumerate(found):
                if position not in self.known:
                    self._start(position, delivery, left if position == 0 else {}, alone=alone)
                progress((number + position / len(found)) / total, delivery.name)
        if not alone:
            files.remove(self.upload)

    def _start(self, position: int, delivery: Delivery, left: Mapping[str, Path], *, alone: bool) -> None:
        """The job of one plan file, with the documents it names. left: what no plan names; the first one takes it."""
        documents = {**_referenced(delivery.path, {**self.beside, **delivery.documents}), **left}
        try:
            with files.kept_only_on_success(), transaction.atomic():
                plan = self.upload if alone else self._keep(delivery.name, delivery.path, kind=CONTENT_TYPE)
                params = {
                    "file": plan.pk,
                    "documents": [self._keep(name, path).pk for name, path in documents.items()],
                    "decision": ASK,
                    "plan": None,
                }
                job = jobs.start(
                    uploads.TASK,
                    tenant=self.batch.tenant,
                    actor=self.job.actor,
                    title=delivery.name,
                    params=params,
                )
                self._note(position, delivery.name, job=job)
        except QuotaExceeded as error:
            self._refuse(position, delivery.name, [Finding("file.quota", "fatal", {"tenant": str(error)})])

    def _keep(self, name: str, path: Path, *, kind: str = "") -> PrivateFile:
        guessed = kind or mimetypes.guess_type(name)[0] or "application/octet-stream"
        with path.open("rb") as source:
            return files.store(
                source,
                tenant=self.batch.tenant,
                name=PurePosixPath(name).name,
                content_type=guessed,
                by=self.job.actor,
            )

    def _refuse(self, position: int, name: str, findings: Iterable[Finding]) -> None:
        if position not in self.known:
            told = [
                {"rule": each.rule, "severity": each.severity, "params": dict(each.params)}
                for each in findings
            ]
            self._note(position, name, findings=told)

    def _note(
        self, position: int, name: str, *, job: Job | None = None, findings: list[Any] | None = None
    ) -> None:
        BatchItem.objects.create(
            tenant=self.batch.tenant,
            batch=self.batch,
            source=self.source,
            position=position,
            name=name[:500],
            job=job,
            findings=findings or [],
        )


def _referenced(plan: Path, documents: Mapping[str, Path]) -> dict[str, Path]:
    """The documents whose names stand somewhere in the plan's text; which object names them the import finds out."""
    if not documents:
        return {}
    text = plan.read_bytes().lower()
    return {name: path for name, path in documents.items() if _is_named(name, text)}


def _is_named(name: str, text: bytes) -> bool:
    bare = file_name(name)
    return bare.encode() in text or quote(bare).lower().encode() in text


def _unreferenced(found: list[Delivery]) -> dict[str, Path]:
    """Of an archive, the documents that none of its plans names."""
    if not found:
        return {}
    left = dict(found[0].documents)
    for delivery in found:
        for name in _referenced(delivery.path, left):
            del left[name]
    return left
