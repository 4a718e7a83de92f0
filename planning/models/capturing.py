"""What a town says about how much of its plans the twin holds: only with it does an empty answer mean anything."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models import TenantOwned


class CaptureKind(models.TextChoices):
    BP = "bp", _("Bebauungspläne")
    FP = "fp", _("Flächennutzungsplan")
    STATUTES = "statutes", _("Satzungen (§§ 14, 25, 34, 35, 142, 172 BauGB)")


class Captured(models.TextChoices):
    NO = "no", _("not captured")
    PARTLY = "partly", _("captured in part")
    YES = "yes", _("captured completely")


class CaptureStatement(TenantOwned):
    """One kind of plans of one town; where there is no row, the town has said nothing."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(_("Kind of plans"), max_length=8, choices=CaptureKind)
    captured = models.CharField(_("Captured"), max_length=6, choices=Captured)
    as_of = models.DateField(_("As of"))
    note = models.CharField(_("Note"), max_length=500, blank=True)
    is_public = models.BooleanField(_("Public"), default=True)

    class Meta:
        verbose_name = _("Statement of completeness")
        verbose_name_plural = _("Statements of completeness")
        ordering = ("tenant", "kind")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "public_id"), name="capture_public_id"),
            models.UniqueConstraint(fields=("tenant", "kind"), name="capture_kind"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_captured_display()}"
