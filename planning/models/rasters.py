"""Pictures of plans on the map."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from planning.models.documents import PlanDocument
from planning.models.plans import PlanChild, PlanVersion
from tenants.models import PrivateFile


class RasterState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("raster", "Being prepared")
    READY = "ready", pgettext_lazy("raster", "On the map")
    UNPLACED = "unplaced", pgettext_lazy("raster", "Without a place")
    REFUSED = "refused", pgettext_lazy("raster", "Cannot be shown")


class GeoreferenceSource(models.TextChoices):
    GEOTIFF = "geotiff", _("GeoTIFF")
    WORLD_FILE = "world_file", _("World file")
    POINTS = "points", _("Pairs of points")


class PlanRaster(PlanChild):
    """The picture in a document of a version, made ready for the map. `file` is ours (a Cloud Optimized GeoTIFF in the twin's
    system); what was delivered is the document's."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    version = models.ForeignKey(
        PlanVersion, on_delete=models.CASCADE, related_name="rasters", db_constraint=False
    )
    document = models.ForeignKey(
        PlanDocument, on_delete=models.CASCADE, related_name="rasters", db_constraint=False
    )
    state = models.CharField(_("State"), max_length=8, choices=RasterState, default=RasterState.WAITING)
    source = models.CharField(_("Place from"), max_length=10, choices=GeoreferenceSource, blank=True)
    system = models.CharField(_("Reference system"), max_length=60, blank=True)
    chosen_srid = models.IntegerField(
        null=True, help_text=_("The system that a person says instead of the stated one")
    )
    file = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, null=True, related_name="+")
    grid = models.JSONField(default=dict, help_text=_("Origin, metres per pixel, size, reductions"))
    footprint = models.PolygonField(srid=settings.TWIN_SRID, null=True)
    findings = models.JSONField(default=list)
    is_public = models.BooleanField(_("Public"), default=False)

    class Meta:
        verbose_name = _("Raster of a plan")
        verbose_name_plural = _("Rasters of plans")
        ordering = ("version", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("tenant", "public_id"), name="raster_public_id"),
            models.UniqueConstraint(fields=("tenant", "document"), name="raster_of_document"),
        ]

    def __str__(self) -> str:
        return self.document.title
