"""The showcase writes nothing to the database, so its server needs no flush after each test."""

from collections.abc import Iterator

import pytest
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker


@pytest.fixture(scope="session")
def address(_static_root: None, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with django_db_blocker.unblock():
        server = LiveServer("localhost")
        yield server.url
        server.stop()
