"""The real worker of the job tests, on the data folder of the test."""

from pathlib import Path

import pytest

from tests.tenants.test_jobs import queue, worker

__all__ = ["queue", "worker"]


@pytest.fixture(autouse=True)
def _data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A worker process started by the test reads and writes the test's private files."""
    monkeypatch.setenv("KZ_DATA_DIR", str(tmp_path))
