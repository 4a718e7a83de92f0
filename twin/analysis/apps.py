from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalysisConfig(AppConfig):
    name = "twin.analysis"
    label = "analysis"
    verbose_name = _("Analyses")

    def ready(self) -> None:
        from twin.analysis import receivers  # noqa: F401, PLC0415 - connects once the apps are loaded
