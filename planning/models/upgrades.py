"""What an upgrade to the newest XPlanung made of a version."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from planning.models.plans import PlanChild, PlanVersion
from tenants.models import PrivateFile


class PlanUpgrade(PlanChild):
    """The upgraded file of one version and the report on it; the version itself stays as it came. Without `file` it was refused,
    and `findings` say why."""

    version = models.ForeignKey(
        PlanVersion, on_delete=models.CASCADE, related_name="upgrades", db_constraint=False
    )
    file = models.ForeignKey(
        PrivateFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Upgraded file")
    )
    losses = models.ForeignKey(
        PrivateFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Report"),
        help_text=_("Of every value, as JSON"),
    )  # fmt: skip
    counts = models.JSONField(default=dict, help_text=_("What became of values → how many"))
    groups = models.JSONField(default=list, help_text=_("The report in short"))
    findings = models.JSONField(default=list, help_text=_("Why the version was refused"))
    created_at = models.DateTimeField(_("Upgraded"), auto_now_add=True)

    class Meta:
        verbose_name = _("Upgrade of a version")
        verbose_name_plural = _("Upgrades of versions")
        constraints = (models.UniqueConstraint(fields=("tenant", "version"), name="upgrade_once"),)

    def __str__(self) -> str:
        return f"{self.version_id} · {self.created_at:%Y-%m-%d}"
