"""Django's admin site, for operators of the platform alone; one signs in at /konto/ like everybody (lock-out, second factor)."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenants.errors import Forbidden


class OperatorSite(AdminSite):
    site_header = site_title = _("Administration of the platform")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only pages of this package, which record what they change. Those of libraries (groups, second factors with their keys,
        labels) would pass by the record."""
        if admin_class is not None and admin_class.__module__.startswith("tenants."):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_superuser

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise Forbidden("operator")
        return redirect_to_login(request.GET.get("next", reverse("admin:index")), reverse("account_login"))
