"""Folders for work under way, under the data folder; what a killed process left is removed by the next one that needs a folder.

A folder is alive while its process holds the lock on it: the kernel frees it at once when the process dies, however it dies.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


@contextmanager
def workspace() -> Iterator[Path]:
    """An empty folder for the block, of nobody else."""
    with _one_at_a_time() as root:
        _sweep(root)
        folder = Path(tempfile.mkdtemp(dir=root))
        alive = _locked(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if alive is not None:
            os.close(alive)


@contextmanager
def as_file(chunks: Iterable[bytes]) -> Iterator[Path]:
    """An upload as a file under a name of our own, for the block."""
    with workspace() as folder:
        path = folder / "upload"
        with path.open("wb") as sink:
            for chunk in chunks:
                sink.write(chunk)
        yield path


def sweep() -> int:
    """Remove the folders whose processes are gone; returns how many."""
    with _one_at_a_time() as root:
        return _sweep(root)


def _sweep(root: Path) -> int:
    removed = 0
    for folder in root.iterdir():
        handle = _locked(folder)
        if handle is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(handle)
            removed += 1
    return removed


@contextmanager
def _one_at_a_time() -> Iterator[Path]:
    """Between making a folder and locking it nobody may sweep."""
    root = Path(settings.PRIVATE_ROOT).parent / "work"
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield root
    finally:
        os.close(handle)


def _locked(folder: Path) -> int | None:
    """A handle that holds the folder's lock until it is closed; None where another process does, or the folder is gone."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle
