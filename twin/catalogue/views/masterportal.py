"""Masterportal reads its configuration from here: the same for everybody, for whatever host it runs on."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.views.generic import View

from tenants.models import Tenant
from twin.catalogue import masterportal

_CACHE = "public, max-age=300"  # seconds


class Masterportal(View):
    """document: services, config or style"""

    document: ClassVar[str] = "services"
    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
        tenant = get_object_or_404(Tenant, slug=slug, active=True)
        with translation.override("de"):  # the portal's language, not that of who opens it
            content = self._content(tenant)
        return JsonResponse(
            content,
            safe=False,
            json_dumps_params={"ensure_ascii": False},
            headers={"Access-Control-Allow-Origin": "*", "Cache-Control": _CACHE},
        )

    def _content(self, tenant: Tenant) -> Any:
        if self.document == "style":
            return masterportal.styles(tenant)
        portal = masterportal.portal_of(tenant)
        return portal.services if self.document == "services" else masterportal.config(portal)
