"""The only module that sets the database scope: which rows this transaction or task may read and write."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

SETTINGS = (
    "app.read",
    "app.write",
    "app.shared_plan",
    "app.shared_procedure",
    "app.shared_dataset",
    "app.shared_run",
    "app.shared_person",
)


@dataclass(frozen=True)
class Scope:
    """Ids of tenants readable and writable, and of single shared rows. Empty: what is public, nothing else."""

    read: tuple[int, ...] = ()
    write: tuple[int, ...] = ()
    plans: tuple[int, ...] = ()
    procedures: tuple[int, ...] = ()
    datasets: tuple[int, ...] = ()
    runs: tuple[int, ...] = ()
    persons: tuple[int, ...] = ()  # the person itself: rows that it started stay in its sight


def _set(values: Iterable[str], *, local: bool) -> tuple[str, ...]:
    """Set all of them in one round trip; returns what they were. The values before are read first: a CTE feeds the calls."""
    before = ", ".join(f"coalesce(current_setting('{name}', true), '')" for name in SETTINGS)
    calls = ", ".join(f"set_config('{name}', %s, {'true' if local else 'false'})" for name in SETTINGS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH before AS MATERIALIZED (SELECT {before}) SELECT before.*, {calls} FROM before",  # noqa: S608 - our own names
            list(values),
        )
        row = cursor.fetchone() or ()
    return tuple(row[: len(SETTINGS)])


def _texts(scope: Scope) -> tuple[str, ...]:
    shared = (scope.plans, scope.procedures, scope.datasets, scope.runs, scope.persons)
    groups = (scope.read, scope.write, *shared)
    return tuple(",".join(str(int(number)) for number in group) for group in groups)


@contextmanager
def within(scope: Scope) -> Iterator[None]:
    """A transaction that sees what `scope` says; the scope before is restored (a local setting survives savepoint release).

    The outermost needs no restoring: its settings end with its transaction.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        before = _set(_texts(scope), local=True)
        yield
        if not outermost and not connection.needs_rollback:
            _set(before, local=True)


@contextmanager
def acting_for(read: Iterable[int], write: Iterable[int] = ()) -> Iterator[None]:
    """For requests and services: a transaction that reads rows of the tenants `read` and writes rows of `write`."""
    with within(Scope(read=tuple(read), write=tuple(write))):
        yield


@contextmanager
def working_for(read: Iterable[int], write: Iterable[int] = ()) -> Iterator[None]:
    """For the worker: session-level, so that a task can commit progress in short transactions; fails closed on reconnect."""
    if connection.in_atomic_block:
        raise RuntimeError("working_for opens the scope of a whole session, not of a transaction")
    _set(_texts(Scope(read=tuple(read), write=tuple(write))), local=False)
    try:
        yield
    finally:
        if connection.connection is not None and connection.is_usable():
            _set(("",) * len(SETTINGS), local=False)
