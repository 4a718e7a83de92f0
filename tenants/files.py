"""Private files: stored outside MEDIA_ROOT, counted against a quota, served only after access.fetch."""

import hashlib
import os
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.http import FileResponse

from tenants import bucket
from tenants.errors import FilesUnreachable, QuotaExceeded
from tenants.models import PrivateFile, Tenant, User
from tenants.scope import acting_for
from tenants.scripts import has_script

QUOTA_BYTES = 50 * 1024**3  # per tenant
CHUNK = 1024 * 1024
KEPT_ON_DISK = 7 * 86_400  # seconds a copy of what is in the bucket stays unused
INLINE = frozenset(
    {"application/pdf", "image/png", "image/jpeg", "image/webp"}
)  # never HTML, SVG or XML: they could carry script


@dataclass
class _Written:
    """Bytes on disk; once the row's transaction is committed, the row stands and so must they."""

    path: Path
    committed: bool = False

    def commit(self) -> None:
        self.committed = True


_written: ContextVar[list[_Written] | None] = ContextVar("files_written", default=None)


def path_of(file: PrivateFile) -> Path:
    """Where its bytes lie on disk, got from the bucket where it is needed. Raises FilesUnreachable."""
    path = _place(file)
    bucket.bring(path)
    return path


def _place(file: PrivateFile) -> Path:
    return Path(settings.PRIVATE_ROOT) / str(file.tenant_id) / str(file.public_id)


@contextmanager
def kept_only_on_success() -> Iterator[None]:
    """Files stored inside are removed again when the block raises, but for those whose rows were committed meanwhile."""
    outer = _written.get()
    own: list[_Written] = []
    token = _written.set(own)
    try:
        yield
    except BaseException:
        for written in own:
            if not written.committed:
                _forget(written.path)
        raise
    finally:
        _written.reset(token)
    if outer is not None:
        outer.extend(own)


def store(
    source: BinaryIO | Iterable[bytes],
    *,
    tenant: Tenant,
    name: str,
    content_type: str,
    by: User | None = None,
) -> PrivateFile:
    """Write the bytes to disk and return the saved row. Raises QuotaExceeded before anything is kept."""
    row = _new(tenant, name=name, content_type=content_type, by=by)
    used = _used(tenant)
    path = _place(row)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".part")
    digest, size = hashlib.sha256(), 0
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            for chunk in chunks(source):
                size += len(chunk)
                if used + size > QUOTA_BYTES:
                    raise QuotaExceeded(tenant.name)
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    return _saved(row, size=size, sha256=digest.hexdigest())


def adopt(path: Path, *, tenant: Tenant, name: str, content_type: str, by: User | None = None) -> PrivateFile:
    """Take over a file of ours that lies below PRIVATE_ROOT, without copying it; its old name goes with the commit.

    Raises QuotaExceeded."""
    row = _new(tenant, name=name, content_type=content_type, by=by)
    size = path.stat().st_size
    if _used(tenant) + size > QUOTA_BYTES:
        raise QuotaExceeded(tenant.name)
    with path.open("rb") as source:
        os.fsync(source.fileno())
        sha256 = hashlib.file_digest(source, "sha256").hexdigest()
    os.link(path, _place(row))
    transaction.on_commit(partial(path.unlink, missing_ok=True))
    return _saved(row, size=size, sha256=sha256)


def _used(tenant: Tenant) -> int:
    return PrivateFile.objects.filter(tenant=tenant).aggregate(total=Sum("size"))["total"] or 0


def _new(tenant: Tenant, *, name: str, content_type: str, by: User | None) -> PrivateFile:
    return PrivateFile(
        tenant=tenant,
        public_id=uuid.uuid4(),
        name=Path(name).name[:255] or "file",
        content_type=content_type,
        created_by=by,
    )


def _saved(row: PrivateFile, *, size: int, sha256: str) -> PrivateFile:
    """The row of bytes that lie at their place."""
    written = _Written(_place(row))
    if (block := _written.get()) is not None:
        block.append(written)
    bucket.keep(written.path)
    row.size, row.sha256, row.has_script = size, sha256, has_script(written.path)
    row.save()
    transaction.on_commit(written.commit)
    return row


def remove(row: PrivateFile) -> None:
    """Remove a file: the row now, the bytes after commit."""
    transaction.on_commit(partial(_forget, _place(row)))
    row.delete()


def _forget(path: Path) -> None:
    """What the bucket can't remove now is an orphan, and goes at night."""
    path.unlink(missing_ok=True)
    with suppress(FilesUnreachable):
        bucket.drop(path)


def chunks(source: BinaryIO | Iterable[bytes]) -> Iterable[bytes]:
    """Of an open file, or those that are given."""
    if hasattr(source, "read"):
        return iter(lambda: source.read(CHUNK), b"")
    return source


def etag_of(file: PrivateFile) -> str:
    return f'"{file.sha256}"'


def serve(file: PrivateFile, *, download: bool = True) -> FileResponse:
    """Answer with the bytes. Call it only with a file that access.fetch returned.

    Caches in between may keep a public file but ask each time: a withdrawn document is gone at once.
    """
    inline = not download and file.content_type in INLINE and not file.has_script
    response = FileResponse(
        path_of(file).open("rb"), as_attachment=not inline, filename=file.name, content_type=file.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["ETag"] = etag_of(file)
    response["Cache-Control"] = "public, no-cache" if file.is_public else "private, no-store"
    return response


def remove_orphans(tenant_id: int, *, older_than: float) -> int:
    """Remove files of a tenant that no row names, last changed before the timestamp; returns how many. Disk and bucket are settled.

    Raises FilesUnreachable."""
    folder = Path(settings.PRIVATE_ROOT) / str(tenant_id)
    with acting_for(
        [tenant_id]
    ):  # own scope: with an empty one no row would be seen and every file be an orphan
        rows = PrivateFile.objects.filter(tenant_id=tenant_id)
        known = {str(public_id) for public_id in rows.values_list("public_id", flat=True)}
    orphans = [
        path for path in folder.glob("*") if path.name not in known and path.stat().st_mtime < older_than
    ]
    orphans += [path for path, changed in bucket.changed(folder, but=known) if changed < older_than]
    for path in orphans:
        _forget(path)
    bucket.settle(folder, names=known, older_than=time.time() - KEPT_ON_DISK)
    return len(set(orphans))
