"""What every page shows of the ground: tenant, switcher, demo banner."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tenants.permissions import actions, memberships, reach_of

MAP = {  # for templates/_map_attributes.html
    "extent": ",".join(map(str, settings.MAP_EXTENT)),
    "basemap": settings.BASEMAP_URL,
    "attribution": settings.BASEMAP_ATTRIBUTION,
}


def page(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    reach = reach_of(user) if user is not None else None
    active = reach.active if reach else None
    return {
        "map_settings": MAP,
        "demo": settings.DEMO,
        "site_tenant": getattr(request, "site_tenant", None),
        "active_tenant": active,
        "own_tenants": SimpleLazyObject(lambda: list(memberships(user)) if user else []),
        "own_actions": SimpleLazyObject(lambda: actions(user, active) if user and active else frozenset()),
    }
