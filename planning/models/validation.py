"""What checks found in the versions of plans."""

from django.conf import settings
from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from planning.models.plans import PlanChild, PlanVersion
from planning.xplanung.stages import STAGES


class ValidationRun(PlanChild):
    """One check of one version; the findings are its rows."""

    version = models.ForeignKey(
        PlanVersion, on_delete=models.CASCADE, related_name="validation_runs", db_constraint=False
    )
    checks = models.JSONField(default=list, help_text=_("Names of the stages that ran"))
    stages = models.JSONField(default=dict, help_text=_("Stage → severity → number of findings"))
    structure_valid = models.BooleanField(_("Valid by the schema"), null=True)
    capped = models.JSONField(default=list, help_text=_("Rules with more findings than are listed"))
    left_out = models.PositiveIntegerField(_("Findings that are not kept"), default=0)
    errors = models.PositiveIntegerField(_("Errors"), default=0)
    warnings = models.PositiveIntegerField(_("Warnings"), default=0)
    infos = models.PositiveIntegerField(_("Notes"), default=0)
    seconds = models.FloatField(default=0)
    created_at = models.DateTimeField(_("Checked"), auto_now_add=True)

    class Meta:
        verbose_name = _("Check")
        verbose_name_plural = _("Checks")
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return f"{self.errors}/{self.warnings}/{self.infos}"

    @property
    def is_complete(self) -> bool:
        """Whether all stages ran; right after an import only the first ones have."""
        return set(self.checks) >= set(STAGES)


class Severity(models.TextChoices):
    FATAL = "fatal", _("Unusable")
    ERROR = "error", _("Error")
    WARNING = "warning", _("Warning")
    INFO = "info", _("Note")


class Finding(PlanChild):
    """One finding of a check; its words are made from rule and parameters when it is shown."""

    run = models.ForeignKey(
        ValidationRun, on_delete=models.CASCADE, related_name="findings", db_constraint=False
    )
    rule = models.CharField(_("Rule"), max_length=60)
    condition = models.CharField(_("Konformitätsbedingung"), max_length=20, blank=True)
    severity = models.CharField(_("Severity"), max_length=7, choices=Severity)
    params = models.JSONField(default=dict)
    gml_id = models.CharField("gml:id", max_length=300, blank=True)
    line = models.PositiveIntegerField(_("Line"), null=True)
    point = models.PointField(_("Place"), srid=settings.TWIN_SRID, null=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("Finding")
        verbose_name_plural = _("Findings")
        ordering = ("run", "order")

    def __str__(self) -> str:
        return self.rule
