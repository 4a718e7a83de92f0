"""Foreign services and catalogues that a tenant registered: harvested and watched."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenants.models import TenantOwned, TenantQuerySet


class SourceKind(models.TextChoices):
    WMS = "WMS", "WMS"
    WFS = "WFS", "WFS"
    WMTS = "WMTS", "WMTS"
    OAF = "OAF", "OGC API Features"
    CSW = "CSW", "CSW"
    DCAT = "DCAT", "DCAT"
    ARCGIS = "ArcGIS", "ArcGIS FeatureServer"
    STA = "STA", "SensorThings"


class Source(TenantOwned):
    """A service by its address. settled: SHA-256 of what was read last, so that what did not change is not compared again."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(_("Kind"), max_length=8, choices=SourceKind)
    url = models.URLField(_("Address"), max_length=1000)
    title = models.CharField(_("Title"), max_length=500, blank=True)
    use = models.CharField(
        _("Use on maps"),
        max_length=8,
        default="overlay",
        choices=[("base", _("Base map")), ("overlay", _("Overlay")), ("none", _("Not on maps"))],
    )
    is_public = models.BooleanField(_("Public"), default=False)
    active = models.BooleanField(_("Harvested and watched"), default=True)
    harvest_hours = models.PositiveIntegerField(_("Harvested every … hours"), default=24)
    probe_minutes = models.PositiveIntegerField(_("Watched every … minutes"), default=60)
    settled = models.CharField(max_length=64, blank=True)
    harvested_at = models.DateTimeField(_("Last harvested"), null=True)
    probed_at = models.DateTimeField(_("Last watched"), null=True)
    is_up = models.BooleanField(_("Answers"), null=True)
    failures = models.PositiveIntegerField(_("Failures in a row"), default=0)
    told_at = models.DateTimeField(null=True, help_text=_("When somebody was told of the failure"))
    error = models.TextField(_("Last error"), blank=True)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)

    class Meta:
        verbose_name = _("Source")
        verbose_name_plural = _("Sources")
        ordering = ("title", "id")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "public_id"), name="source_public_id"),
            models.UniqueConstraint(fields=("tenant", "kind", "url"), name="source_address"),
        )

    def __str__(self) -> str:
        return self.title or self.url

    def get_absolute_url(self) -> str:
        return reverse("catalogue:source", args=[self.public_id])


class SourceChild(TenantOwned):
    """Abstract: a row of a source."""

    source = models.ForeignKey(
        Source, on_delete=models.CASCADE, related_name="%(class)ss", verbose_name=_("Source")
    )
    is_public = models.BooleanField(_("Public"), default=False)
    objects: ClassVar[Any] = TenantQuerySet.as_manager()

    class Meta:
        abstract = True


class Harvest(SourceChild):
    """One run: what it found and what was different. changes: {"added": [titles], "changed": […], "gone": […]}."""

    at = models.DateTimeField(_("When"))
    ok = models.BooleanField(_("Succeeded"))
    error = models.TextField(_("Error"), blank=True)
    added = models.PositiveIntegerField(_("Added"), default=0)
    changed = models.PositiveIntegerField(_("Changed"), default=0)
    gone = models.PositiveIntegerField(_("Gone"), default=0)
    changes = models.JSONField(_("Changes"), default=dict)

    class Meta:
        verbose_name = _("Harvest")
        verbose_name_plural = _("Harvests")
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("source", "-at"), name="harvest_recent"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class Probe(SourceChild):
    """One look whether the service answers with what it should."""

    at = models.DateTimeField(_("When"))
    check_name = models.CharField(_("Check"), max_length=60)
    ok = models.BooleanField(_("Succeeded"))
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    milliseconds = models.PositiveIntegerField(_("Milliseconds"))
    message = models.TextField(_("Message"), blank=True)

    class Meta:
        verbose_name = _("Probe")
        verbose_name_plural = _("Probes")
        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=("source", "-at"), name="probe_recent"),
            models.Index(fields=("source",), condition=Q(ok=False), name="probe_failed"),
        )

    def __str__(self) -> str:
        return f"{self.check_name} {self.at:%Y-%m-%d %H:%M}"
