"""Where a computation stands, on disk beside the private files, so that the next worker goes on from there after this one was killed."""

import errno
import logging
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings

log = logging.getLogger(__name__)


def folder() -> Path:
    return Path(settings.PRIVATE_ROOT).parent / "checkpoints"


def path_of(run: UUID) -> Path:
    return folder() / f"{run}.npz"


def save(run: UUID, state: Mapping[str, Any]) -> bool:
    """Replaces the one before, at once or not at all. False where the disk is full: the run goes on without."""
    path = path_of(run)
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with part.open("wb") as sink:
            np.savez(sink, **state)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        log.warning("no room for the checkpoint of run %s", run)
        return False
    return True


def load(run: UUID) -> dict[str, Any] | None:
    """None where there is none that can be read; then the run begins anew."""
    try:
        with np.load(path_of(run), allow_pickle=False) as saved:
            return dict(saved)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, zipfile.BadZipFile):
        log.warning("the checkpoint of run %s can't be read", run)
        return None


def remove(run: UUID) -> None:
    path_of(run).unlink(missing_ok=True)


def tidy(needed: Iterable[UUID]) -> int:
    """Remove those of runs that are over; returns how many."""
    kept = {str(run) for run in needed}
    found = [path for path in folder().glob("*") if path.stem not in kept]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)
