"""Against automata: how often one address may send, and that a proof of work counts once.

Addresses are never stored: the cache keeps a keyed hash for an hour. Who can't or won't run the proof of work (no
JavaScript) may send too, only less often: nobody loses a statement for want of a script.
"""

import hashlib
import hmac
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis import Redis

from participation.errors import TooMany

HOUR = 3600  # seconds
WITH_PROOF, WITHOUT_PROOF = (
    60,
    10,
)  # statements an hour from one address: a family, a school, a town hall's terminal
REDIS = Redis.from_url(
    settings.CACHES["default"]["LOCATION"]
)  # beside Django's cache, which knows no pipeline
GUESSES = 30  # wrong secrets an hour from one address


def address_of(request: HttpRequest) -> str:
    """The client's address; X-Forwarded-For counts only as far as our own proxies wrote it."""
    proxies: int = settings.TRUSTED_PROXIES
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if proxies and len(hops) >= proxies:
        return hops[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def _key(purpose: str, address: str) -> str:
    secret = f"{settings.SECRET_KEY}:{int(time.time()) // HOUR}".encode()
    return f"guard:{purpose}:{hmac.new(secret, address.encode(), hashlib.sha256).hexdigest()[:32]}"


def _count(purpose: str, address: str) -> int:
    """How often this hour, this time included; counted and given an end in one round trip."""
    key = _key(purpose, address)
    with REDIS.pipeline() as pipeline:
        pipeline.incr(key)
        pipeline.expire(key, HOUR, nx=True)
        return int(pipeline.execute()[0])


def admit(address: str, *, proven: bool) -> None:
    """Count one statement of an address. Raises TooMany."""
    if _count("statement", address) > (WITH_PROOF if proven else WITHOUT_PROOF):
        raise TooMany


def admit_guess(address: str) -> None:
    """Count one wrong secret of an address. Raises TooMany."""
    if _count("secret", address) > GUESSES:
        raise TooMany


def use_once(challenge: str, *, seconds: int) -> bool:
    """True for the first use of a solved challenge, also when two requests bring it at the same time."""
    return cache.add(f"altcha:{hashlib.sha256(challenge.encode()).hexdigest()}", True, timeout=seconds)
