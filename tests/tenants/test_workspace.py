"""Work under way leaves nothing: not at its end, not when it fails, not when its process is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tenants.workspace import sweep, workspace

HOLDER = """
import sys, time
from django.conf import settings
settings.configure(PRIVATE_ROOT=sys.argv[1])
from tenants.workspace import workspace
with workspace() as folder:
    (folder / "half").write_bytes(b"half")
    print(folder, flush=True)
    time.sleep(60)
"""


def test_folder_is_private_and_gone_afterwards() -> None:
    with pytest.raises(ValueError, match="failed"), workspace() as folder:
        (folder / "a").write_bytes(b"a")
        assert folder.stat().st_mode & 0o077 == 0
        raise ValueError("failed")
    assert not folder.exists()


def test_living_work_stays_and_that_of_a_killed_process_goes() -> None:
    command = [sys.executable, "-c", HOLDER, str(settings.PRIVATE_ROOT)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=settings.BASE_DIR) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        with workspace():
            assert sweep() == 0
        assert (folder / "half").exists()
        os.kill(process.pid, signal.SIGKILL)
    assert (folder / "half").exists()
    with workspace() as own:
        assert list(own.parent.iterdir()) == [own]
