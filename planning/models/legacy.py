"""Old plans on their way from a sheet of paper to XPlanGML."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from planning.models.plans import Plan
from tenants.models import PrivateFile, TenantOwned, TenantQuerySet, User


class LegacyState(models.TextChoices):
    OPEN = "open", pgettext_lazy("old plan", "Open")
    SCANNED = "scanned", pgettext_lazy("old plan", "Scan there")
    PLACED = "placed", pgettext_lazy("old plan", "Georeferenced")
    DONE = "done", pgettext_lazy("old plan", "Done")


class LegacyKind(models.TextChoices):
    BP = "BP", _("Bebauungsplan")
    FP = "FP", _("Flächennutzungsplan")


class LegacyPlan(TenantOwned):
    """One line of the list of a town's old plans, and all that was entered of it so far: nothing waits in a browser alone."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    plan_type = models.CharField(_("Kind of plan"), max_length=2, choices=LegacyKind, default=LegacyKind.BP)
    number = models.CharField(_("Number"), max_length=200, blank=True)
    name = models.CharField(_("Name"), max_length=500)
    year = models.CharField(_("Year"), max_length=40, blank=True)
    note = models.CharField(_("Note"), max_length=1000, blank=True)
    state = models.CharField(_("State"), max_length=7, choices=LegacyState, default=LegacyState.OPEN)
    scan = models.ForeignKey(
        PrivateFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Scan")
    )
    page = models.PositiveIntegerField(_("Page of the PDF"), default=1)
    sheet = models.ForeignKey(
        PrivateFile, on_delete=models.PROTECT, null=True, related_name="+", help_text=_("The scan in its own pixels")
    )  # fmt: skip
    sheet_grid = models.JSONField(default=dict)
    problem = models.JSONField(default=dict, help_text=_("Why the scan could not be prepared"))
    points = models.JSONField(default=list, help_text=_("[column, row, easting, northing] of each pair"))
    picture = models.ForeignKey(
        PrivateFile, on_delete=models.PROTECT, null=True, related_name="+", help_text=_("The scan on the ground")
    )  # fmt: skip
    picture_grid = models.JSONField(default=dict)
    areas = models.JSONField(default=list, help_text=_("Parcels to choose from: [label, GeoJSON]"))
    outline = models.MultiPolygonField("Geltungsbereich", srid=settings.TWIN_SRID, null=True)
    facts = models.JSONField(default=dict, help_text=_("What the form of the plan's facts holds"))
    plan = models.ForeignKey(
        Plan, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("Plan")
    )
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("Changed"), auto_now=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Created by")
    )
    objects: ClassVar[Any] = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("Old plan")
        verbose_name_plural = _("Old plans")
        ordering = ("number", "name", "id")
        constraints = (models.UniqueConstraint(fields=("tenant", "public_id"), name="legacy_public_id"),)
        indexes = (models.Index(fields=("tenant", "state", "number"), name="legacy_by_state"),)

    def __str__(self) -> str:
        return self.name if self.number in self.name else f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("planning:legacy", args=[self.public_id])
