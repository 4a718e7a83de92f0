"""How many requests a minute a person or an address may send; counted in the cache, so all web processes count together."""

import time

from allauth.core.internal.httpkit import get_client_ip
from django.core.cache import cache
from django.http import HttpRequest

WINDOW = 60  # seconds
SIGNED_IN = 5  # a person with a token or a session has so many times what a stranger's address has


def is_too_often(request: HttpRequest, *, at: str, most: int) -> bool:
    """Count one request. at: the addresses that are counted together; most: of a stranger, 0 for no limit."""
    if not most:
        return False
    user = request.user
    who = f"person:{user.pk}" if user.is_authenticated else f"address:{get_client_ip(request)}"
    key = f"{at}:{who}:{int(time.time()) // WINDOW}"
    cache.add(key, 0, 2 * WINDOW)
    return bool(cache.incr(key) > most * (SIGNED_IN if user.is_authenticated else 1))
