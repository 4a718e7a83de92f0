"""Generations of what is kept in the cache: everything kept under a name is read anew once the name's generation is another."""

from functools import partial
from uuid import uuid4

from django.core.cache import cache
from django.db import transaction


def generation(name: str) -> str:
    """Asked for before the rows are read, so that what is kept under it is never older than it says."""
    return str(cache.get_or_set(_key(name), _another, None))


def renew(name: str) -> None:
    """Everybody reads anew: this transaction at once, and all after it is committed, when others see its rows."""
    cache.set(_key(name), _another(), None)
    transaction.on_commit(partial(cache.set, _key(name), _another(), None), robust=True)


def _key(name: str) -> str:
    return f"generation:{name}"


def _another() -> str:
    return uuid4().hex
