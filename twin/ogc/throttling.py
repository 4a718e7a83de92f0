"""How many requests a minute a token or an address may send; counted in the cache, so all web processes count together."""

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tenants.adapters import client_ip
from twin.ogc.errors import TooMany

WINDOW = 60  # seconds


def count(request: HttpRequest) -> None:
    """Raises TooMany. A person with a token or a session has five times what a stranger's address has."""
    most = settings.OGC_PER_MINUTE
    if not most:
        return
    user = request.user
    who = f"person:{user.pk}" if user.is_authenticated else f"address:{client_ip(request)}"
    key = f"ogc:{who}:{int(time.time()) // WINDOW}"
    cache.add(key, 0, 2 * WINDOW)
    if cache.incr(key) > most * (5 if user.is_authenticated else 1):
        raise TooMany(_("At most %(most)s requests a minute. Please wait a little.") % {"most": most})
