"""Answers to the process supervisor (/healthz) and to the load balancer (/readyz).

A middleware in front of all others, because these two must answer when host names, the session or the database do not.
"""

import time
from collections.abc import Callable

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from redis.exceptions import RedisError

from tenants import bucket
from tenants.errors import FilesUnreachable
from tenants.rls import weaknesses
from twin.celery import HEARTBEAT

SILENCE = (
    60  # seconds without a heartbeat until the worker counts as gone; Celery sends one every two seconds
)


def database() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return None


def migrations() -> str | None:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(missing)} not applied" if missing else None


def redis() -> str | None:
    cache.get(HEARTBEAT)
    return None


def files() -> str | None:
    bucket.ask()
    return None


def worker() -> str | None:
    seen = cache.get(HEARTBEAT)
    if seen is None:
        return "no heartbeat yet"
    silent = time.time() - float(seen)
    return f"silent for {silent:.0f} s" if silent > SILENCE else None


def login() -> str | None:
    return "too strong" if weaknesses() else None


PARTS: tuple[Callable[[], str | None], ...] = (database, migrations, login, redis, files, worker)


def state(part: Callable[[], str | None]) -> str:
    """``ok`` or what is wrong; an unreachable service says no more than that, its message may hold an address."""
    try:
        return part() or "ok"
    except (DatabaseError, RedisError, FilesUnreachable, OSError):
        return "unreachable"


def alive() -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def ready() -> JsonResponse:
    parts = {part.__name__: state(part) for part in PARTS}
    fine = all(text == "ok" for text in parts.values())
    return JsonResponse({"ready": fine, "parts": parts}, status=200 if fine else 503)


class HealthMiddleware:
    answers: dict[str, Callable[[], HttpResponse]] = {"/healthz": alive, "/readyz": ready}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.answers.get(request.path)
        if answer is None:
            return self.get_response(request)
        response = answer()
        response["Cache-Control"] = "no-store"
        return response
