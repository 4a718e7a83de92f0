"""Private files in an S3 bucket, for operators who keep files there (KZ_FILES_URL). What was used last stays on disk beside it.

Programs that draw maps or read archives need a file on disk: the bucket holds every file, the folder PRIVATE_ROOT a copy of
those in use. Without a bucket the folder is all there is, and nothing here does anything. A file's name in the bucket is
its folder's and its own: <tenant>/<public_id>.
"""

import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages

from tenants.errors import FilesUnreachable

log = logging.getLogger(__name__)

ALIAS = "private"  # in STORAGES
HOUR = 3600  # seconds


def bucket() -> Storage | None:
    return storages[ALIAS] if ALIAS in settings.STORAGES else None


def ask() -> None:
    """Raises FilesUnreachable where the bucket would take nothing from us."""
    if (store := bucket()) is not None:
        with _told():
            store.exists("readyz")


def keep(path: Path) -> None:
    """Put a file on disk into the bucket. Raises FilesUnreachable."""
    if (store := bucket()) is not None:
        with _told(), path.open("rb") as source:
            store.save(_name(path), File(source))


def bring(path: Path) -> None:
    """Get a file that is not on disk from the bucket. Raises FilesUnreachable, FileNotFoundError."""
    if (store := bucket()) is None:
        return
    if path.exists():
        if path.stat().st_mtime < time.time() - HOUR:
            path.touch()  # in use; see settle
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as target, _told(), store.open(_name(path)) as source:
            shutil.copyfileobj(source, target)
        os.replace(part, path)  # whole or not at all, whoever else brings it
    finally:
        Path(part).unlink(missing_ok=True)


def drop(path: Path) -> None:
    """Raises FilesUnreachable."""
    if (store := bucket()) is not None:
        with _told():
            store.delete(_name(path))


def settle(folder: Path, *, names: set[str], older_than: float) -> None:
    """Put files on disk that the bucket lacks into it, and take copies off the disk that nobody used since the timestamp.

    names: of files that rows name. Raises FilesUnreachable."""
    if (store := bucket()) is None:
        return
    with _told():
        held = set(store.listdir(folder.name)[1])
    for path in [folder / name for name in names]:
        if path.exists() and path.name not in held:
            keep(path)
        elif path.exists() and path.stat().st_mtime < older_than:
            path.unlink(missing_ok=True)


def changed(folder: Path, *, but: set[str]) -> Iterator[tuple[Path, float]]:
    """Files of a folder in the bucket whose names are not in `but`, with the timestamp of their last change. Raises FilesUnreachable."""
    if (store := bucket()) is not None:
        with _told():
            for name in set(store.listdir(folder.name)[1]) - but:
                yield folder / name, store.get_modified_time(f"{folder.name}/{name}").timestamp()


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        log.error("The bucket with the private files: %s", error)
        raise FilesUnreachable(str(error)) from error
