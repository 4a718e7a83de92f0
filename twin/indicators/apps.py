from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "twin.indicators"
    verbose_name = _("Indicators")

    def ready(self) -> None:
        from twin.indicators import receivers  # noqa: F401, PLC0415 - connects once the apps are loaded
