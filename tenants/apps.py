from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = _("Municipalities and people")

    def ready(self) -> None:
        # Once the apps are loaded: registers the system checks and listens to allauth.
        from tenants import checks, receivers  # noqa: F401, PLC0415


class OperatorsConfig(admin_apps.AdminConfig):
    default = False  # of this module's two, "tenants" means the one above
    default_site = "tenants.operators.OperatorSite"
