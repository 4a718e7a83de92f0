"""A foreign service on this machine, allowed by the operator; the real worker of the job tests, on the data folder of the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from tenants.models import Tenant
from tests.factories.services import Service, serving
from tests.factories.tenants import TenantFactory
from tests.tenants.test_jobs import queue, worker

__all__ = ["queue", "worker"]


@pytest.fixture
def service(settings: LazySettings) -> Iterator[Service]:
    with serving() as found:
        settings.TRUSTED_HOSTS = [found.host]
        yield found


@pytest.fixture
def tenant(db: None) -> Tenant:
    return TenantFactory.create()


@pytest.fixture
def _data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A worker process started by the test reads and writes the test's private files."""
    monkeypatch.setenv("KZ_DATA_DIR", str(tmp_path))
