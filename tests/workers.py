"""Real Celery workers on the test's database, and how they are killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection


def start_worker(queue: str, *, include: str) -> subprocess.Popen[bytes]:
    """include: a module that is loaded with it. Who starts one kills it."""
    parameters = connection.settings_dict
    environ = {
        **os.environ,
        "DATABASE_URL": f"postgis://{parameters['USER']}@/{parameters['HOST']}/{parameters['NAME']}",
        "PYTHONPATH": str(settings.BASE_DIR),
        "KZ_DATA_DIR": str(settings.PRIVATE_ROOT.parent),
    }
    command = [sys.executable, "-m", "celery", "-A", "twin.celery", "worker", "-Q", queue, "-c", "1"]
    command += ["-P", "prefork", "--without-gossip", "--without-mingle", "-I", include]
    return subprocess.Popen(
        command,
        env=environ,
        cwd=settings.BASE_DIR,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9 of the worker and its children, as the kernel does when memory runs out."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)
