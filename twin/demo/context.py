"""The demo's logins for the login page; nothing anywhere else and nothing outside a demo."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from twin.demo.people import logins


def demo(request: HttpRequest) -> dict[str, Any]:
    return {"demo_logins": SimpleLazyObject(logins)} if settings.DEMO else {}
