"""Changing the database login of this process: the owner migrates, the app login serves."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


def become(login: Mapping[str, object]) -> dict[str, object]:
    """Close the connection and use another login from now on; returns the login used before."""
    before = {key: connection.settings_dict[key] for key in login}
    connection.close()
    connection.settings_dict.update(login)
    return before


@contextmanager
def as_owner() -> Iterator[None]:
    """Work as the login that owns the tables (migrations, restore, tests' flush)."""
    before = become(settings.OWNER_LOGIN)
    try:
        yield
    finally:
        become(before)
