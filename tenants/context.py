"""What every page shows of the ground: tenant, switcher, demo banner."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tenants.permissions import actions, memberships, reach_of


def page(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    reach = reach_of(user) if user is not None else None
    active = reach.active if reach else None
    return {
        "demo": settings.DEMO,
        "site_tenant": getattr(request, "site_tenant", None),
        "active_tenant": active,
        "own_tenants": SimpleLazyObject(lambda: list(memberships(user)) if user else []),
        "own_actions": SimpleLazyObject(lambda: actions(user, active) if user and active else frozenset()),
    }
