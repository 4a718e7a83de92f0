from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "twin.portal"
    label = "portal"
    verbose_name = _("Public pages")

    def ready(self) -> None:
        from twin.portal import receivers  # noqa: F401, PLC0415 - connects once the apps are loaded
