import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from tenants.database import as_owner, become
from twin.celery import HEARTBEAT, note_heartbeat

pytestmark = pytest.mark.django_db(transaction=True)  # no transaction around the test: it changes the login
FINE = {"database": "ok", "migrations": "ok", "login": "ok", "redis": "ok", "files": "ok", "worker": "ok"}


@pytest.fixture(autouse=True)
def beating_worker() -> Iterator[None]:
    note_heartbeat()
    yield
    cache.delete(HEARTBEAT)


def test_ready_when_every_part_is_fine(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"ready": True, "parts": FINE})


def test_not_ready_without_heartbeat(client: Client) -> None:
    cache.set(HEARTBEAT, time.time() - 61)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert [name for name, text in response.json()["parts"].items() if text != "ok"] == ["worker"]


def test_not_ready_with_a_migration_missing(client: Client) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE django_migrations SET name = 'away_' || name WHERE id = (SELECT max(id) FROM django_migrations WHERE app = 'axes')"
        )
    try:
        response = client.get("/readyz")
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("UPDATE django_migrations SET name = substr(name, 6) WHERE name LIKE 'away_%'")
    assert (response.status_code, response.json()["parts"]) == (503, {**FINE, "migrations": "1 not applied"})


def test_not_ready_with_a_login_that_owns_the_tables(client: Client) -> None:
    with as_owner():
        response = client.get("/readyz")
    assert (response.status_code, response.json()["parts"]) == (503, {**FINE, "login": "too strong"})


def test_alive_but_not_ready_without_database(client: Client) -> None:
    before = become({"HOST": "/nonexistent"})
    try:
        alive, ready = client.get("/healthz"), client.get("/readyz")
    finally:
        become(before)
    assert (alive.status_code, ready.status_code) == (200, 503)
    unreachable = {name for name, text in ready.json()["parts"].items() if text == "unreachable"}
    assert unreachable == {"database", "migrations", "login"}


def test_not_ready_without_redis(client: Client) -> None:
    caches_without = {"default": {**settings.CACHES["default"], "LOCATION": "unix:///nonexistent?db=1"}}
    with override_settings(CACHES=caches_without):
        response = client.get("/readyz")
    parts = response.json()["parts"]
    assert (response.status_code, parts["redis"], parts["worker"]) == (503, "unreachable", "unreachable")


def test_probes_need_neither_a_known_host_name_nor_https(client: Client) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True, ALLOWED_HOSTS=["example.de"]):
        response = client.get("/healthz", headers={"host": "10.0.0.7"})
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
