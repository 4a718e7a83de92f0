"""The freshly migrated database: made once per state of the migrations, copied for each run, restored after a test that commits.

Django's own way costs minutes: all migrations in every run, and a flush that empties some 150 tables and makes content types
and permissions anew. It also loses what migrations wrote (Wagtail's root page, its locale) for the tests that follow.
"""

import fcntl
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from tenants.database import as_owner

STANDING = ("django_content_type", "auth_permission", "django_migrations")  # no test changes these
PREFIX = "kz_migrated_"


def template() -> str:
    """Name of a database with all migrations applied, made where there is none. As the login that owns the tables."""
    name = PREFIX + state_of_migrations()
    with one_at_a_time(), connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        known = {known for (known,) in cursor.fetchall()}
        if name not in known:
            for outdated in known:
                cursor.execute(f'DROP DATABASE "{outdated}"')
            make(cursor, name)
    return name


def state_of_migrations() -> str:
    """Differs when any migration does, or what the database starts from."""
    folders = [Path(config.path, "migrations") for config in apps.get_app_configs()]
    files = sorted(file for folder in folders for file in folder.glob("*.py"))
    files += sorted(Path(settings.BASE_DIR, "scripts").glob("provision*.sql"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def make(cursor: CursorWrapper, name: str) -> None:
    cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{settings.DATABASES["default"]["TEST"]["TEMPLATE"]}"')
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0)
        remember()
    except BaseException:
        connection.close()
        cursor.execute(f'DROP DATABASE "{name}"')
        raise
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@contextmanager
def one_at_a_time() -> Iterator[None]:
    with Path(tempfile.gettempdir(), "kreiszwilling-tests.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def remember() -> None:
    """Keep a copy of every table that the migrations have filled."""
    with connection.cursor() as cursor:
        tables = filled(cursor, tables_of(cursor))
        cursor.execute("CREATE SCHEMA baseline")
        for table in tables:
            cursor.execute(f'CREATE TABLE baseline."{table}" AS TABLE public."{table}"')


def restore(owner: BaseDatabaseWrapper) -> None:
    """Only what has rows is emptied; every foreign key is deferrable, so the order does not matter."""
    owner.ensure_connection()
    with (
        owner.connection.transaction(),
        owner.cursor() as cursor,
    ):  # Django's own is for registered connections alone
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        # The session keeps the plans of its checks of keys: one made while a table was small would read all of it for each row later.
        cursor.execute("SET enable_seqscan = off")
        for table in filled(cursor, tables_of(cursor)):
            cursor.execute(f'DELETE FROM public."{table}"')  # noqa: S608
        for table in tables_of(cursor, schema="baseline"):
            cursor.execute(f'INSERT INTO public."{table}" SELECT * FROM baseline."{table}"')  # noqa: S608


def end_other_sessions() -> None:
    """A thread of the live server may still hold one, and a database in use cannot be dropped. As the login that they use."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )


def tables_of(cursor: CursorWrapper, *, schema: str = "public") -> list[str]:
    """Tables that belong to this login (PostGIS's do not), without those that stand as they are."""
    cursor.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tableowner = current_user AND tablename <> ALL(%s)",
        [schema, list(STANDING)],
    )
    return [name for (name,) in cursor.fetchall()]


def filled(cursor: CursorWrapper, tables: list[str]) -> list[str]:
    probes = (f"(SELECT '{table}' FROM public.\"{table}\" LIMIT 1)" for table in tables)  # noqa: S608
    cursor.execute(" UNION ALL ".join(probes))
    return [name for (name,) in cursor.fetchall()]


if __name__ == "__main__":  # ahead of the tests, beside what needs no database
    django.setup()
    with as_owner():
        template()
