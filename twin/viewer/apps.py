from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ViewerConfig(AppConfig):
    name = "twin.viewer"
    label = "viewer"
    verbose_name = _("Map")

    def ready(self) -> None:
        import_module("twin.viewer.announcing")  # its offers are registered on import
