from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OgcConfig(AppConfig):
    name = "twin.ogc"
    label = "ogc"
    verbose_name = _("OGC interfaces")

    def ready(self) -> None:
        import_module("twin.ogc.announcing")  # its offers are registered on import
