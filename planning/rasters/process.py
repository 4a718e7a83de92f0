"""The work on a foreign picture in a process of its own, with limits of memory and time; it can be ended at any moment."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from planning.rasters.refusal import RasterRefused

SECONDS = 1800  # then it is given up
_LOOK = 0.5  # seconds between two looks at whether somebody cancelled
_CHUNK = 1 << 16
_ROOT = Path(__file__).resolve().parents[2]  # where the package `planning` lies
# Threads would each take address space, which is limited; the work is not arithmetic.
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}


def run(job: str, arguments: Mapping[str, Any], *, tell: Callable[[float], None]) -> dict[str, Any]:
    """Do a job of `planning.rasters.__main__` and return its result. tell: called with the share done, at least twice a second;
    what it raises ends the process. Raises RasterRefused, with rule raster.failed where the process died."""
    with subprocess.Popen(  # noqa: S603 - our own module, no shell
        [sys.executable, "-m", "planning.rasters", job, json.dumps(arguments)],
        stdout=subprocess.PIPE,
        env={**os.environ, **_ENVIRONMENT},
        cwd=_ROOT,
    ) as process:
        try:
            return _follow(process, tell)
        finally:
            process.kill()


def _follow(process: "subprocess.Popen[bytes]", tell: Callable[[float], None]) -> dict[str, Any]:
    assert process.stdout is not None  # noqa: S101 - PIPE
    last = time.monotonic() + SECONDS
    share, pending, answer = 0.0, b"", None
    while time.monotonic() < last:
        ready, _, _ = select.select([process.stdout], [], [], _LOOK)
        if ready:
            chunk = os.read(process.stdout.fileno(), _CHUNK)
            if not chunk:
                return _result(answer)
            *lines, pending = (pending + chunk).split(b"\n")
            for line in lines:
                answer = json.loads(line)
                share = answer.get("share", share)
        tell(share)
    raise RasterRefused("raster.too_slow", minutes=SECONDS // 60)


def _result(answer: Any) -> dict[str, Any]:
    """Of the last line the process wrote."""
    if answer and "result" in answer:
        found: dict[str, Any] = answer["result"]
        return found
    if answer and "refused" in answer:
        raise RasterRefused(answer["refused"], **answer["params"])
    raise RasterRefused("raster.failed")
