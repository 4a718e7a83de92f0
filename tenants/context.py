"""What every page shows of the ground: tenant, switcher, demo banner."""

from collections.abc import Container
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant, TenantKind
from tenants.permissions import actions, reach_of

MAP = {  # for templates/_map_attributes.html
    "extent": ",".join(map(str, settings.MAP_EXTENT)),
    "basemap": settings.BASEMAP_URL,
    "attribution": settings.BASEMAP_ATTRIBUTION,
}


# Main navigation of people who work here, outside the portal's own pages: label, address name, action that opens it ("" for
# everybody). Addresses of packages above are named by string and left out while they do not exist.
NAVIGATION = (
    (_("My work"), "work", ""),
    (_("Plans"), "planning:plans", "view"),
    (_("Map"), "viewer:map", "view"),
    (_("Data"), "catalogue:records", "view"),
    (_("Our data"), "catalogue:datasets", "import_dataset"),
    (_("Services"), "catalogue:sources", "harvest"),
    (_("Analyses"), "analysis:runs", "view"),
    (_("Participation"), "participation:procedures", "read_statements"),
    (_("Moderation"), "participation:queue", "moderate"),
    (_("Web pages"), "wagtailadmin_home", "edit_pages"),
    (_("Indicators"), "cockpit", "see_indicators"),
)
ADMINISTRATION = (  # behind one word
    (_("Municipalities"), "tenant_list", "create_tenant"),
    (_("People"), "people", "invite"),
    (_("Appearance"), "brand", "brand"),
    (_("Host names"), "host_names", "configure"),
    (_("Records"), "audit_log", "audit"),
)


def navigation(request: HttpRequest, own_actions: Container[str]) -> list[dict[str, Any]]:
    """Entries of the staff navigation that lead somewhere for this person; those of the administration as one with `entries`."""
    main, administering = (_entries(row, own_actions) for row in (NAVIGATION, ADMINISTRATION))
    around = [
        entry
        for entry in (*main, *administering)
        if request.path.startswith(entry["url"]) and (entry["name"] != "work" or request.path == entry["url"])
    ]
    if around:  # of addresses that lie in each other, the innermost
        max(around, key=lambda entry: len(entry["url"]))["current"] = True
    if len(administering) > 1:
        within = any(entry["current"] for entry in administering)
        administering = [{"label": _("Administration"), "entries": administering, "current": within}]
    return main + administering


def _entries(row: tuple[tuple[Any, str, str], ...], own_actions: Container[str]) -> list[dict[str, Any]]:
    found = []
    for label, name, action in row:
        if not action or action in own_actions:
            with suppress(NoReverseMatch):
                found.append({"label": label, "name": name, "url": reverse(name), "current": False})
    return found


def _county() -> Tenant | None:
    """Whose frame a page has under a host name of nobody; the county runs the installation."""
    rows = Tenant.objects.filter(kind=TenantKind.COUNTY, active=True).defer("boundary")
    return rows.order_by("pk").first()


def page(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    reach = reach_of(user) if user is not None else None
    active = reach.active if reach else None
    own_actions = SimpleLazyObject(lambda: actions(user, active) if user and active else frozenset())
    return {
        "navigation": navigation(request, own_actions) if active else [],
        "map_settings": MAP,
        "demo": settings.DEMO,
        "site_tenant": SimpleLazyObject(lambda: getattr(request, "site_tenant", None) or _county()),
        "active_tenant": active,
        "own_tenants": reach.tenants if reach else (),
        "own_actions": own_actions,
    }
