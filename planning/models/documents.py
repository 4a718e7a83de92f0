"""Documents of plans, and what they tell of the environment."""

import uuid
from typing import Any, ClassVar, Self

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.utils.translation import gettext_lazy as _

from planning.models.plans import PlanChild, PlanChildQuerySet, PlanVersion
from planning.xplanung.documents import is_remote
from planning.xplanung.schema import value_label
from tenants.models import PrivateFile, User

_LABELS = "6.0"  # version of the standard whose words are used where no version is at hand


class Schutzgut(models.TextChoices):
    """What a document says something about (§ 1 Abs. 6 Nr. 7 BauGB, § 2 Abs. 1 UVPG): the kinds of environmental information that
    the notice of a publication names."""

    PEOPLE = "people", _("Menschen und menschliche Gesundheit")
    ANIMALS = "animals", _("Tiere")
    PLANTS = "plants", _("Pflanzen")
    DIVERSITY = "diversity", _("Biologische Vielfalt")
    LAND = "land", _("Fläche")
    SOIL = "soil", _("Boden")
    WATER = "water", _("Wasser")
    AIR = "air", _("Luft")
    CLIMATE = "climate", _("Klima")
    LANDSCAPE = "landscape", _("Landschaft")
    HERITAGE = "heritage", _("Kulturelles Erbe und sonstige Sachgüter")
    INTERACTION = "interaction", _("Wechselwirkungen")
    NONE = "none", _("No environmental information")


class PlanDocumentQuerySet(PlanChildQuerySet):
    def current(self) -> Self:
        """Without those that another took the place of."""
        return self.filter(superseded_by__isnull=True)

    def untagged(self) -> Self:
        """What everybody may read once the version is public, with nobody having said what it tells of the environment.

        A picture of the plan and its world file are no documents in this sense."""
        return self.current().filter(
            file__isnull=False, goods=[], is_internal=False, is_companion=False, rasters__isnull=True
        )


class PlanDocument(PlanChild):
    """A document that a version refers to, that came in its archive, or that somebody added to it."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    version = models.ForeignKey(
        PlanVersion, on_delete=models.CASCADE, related_name="documents", db_constraint=False
    )
    title = models.CharField(_("Title"), max_length=500)
    kind = models.CharField(
        _("Kind"), max_length=20, blank=True, help_text=_("Code of XP_SpezExterneReferenz.typ")
    )
    href = models.TextField(_("Reference in the plan"), blank=True)
    file = models.ForeignKey(
        PrivateFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("File")
    )
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    order = models.PositiveIntegerField(default=0)
    dated_on = models.DateField(_("As of"), null=True, blank=True)
    goods = ArrayField(
        models.CharField(max_length=11, choices=Schutzgut),
        verbose_name="Schutzgüter",
        default=list,
        blank=True,
    )
    is_added = models.BooleanField(default=False, help_text=_("By hand, not with the plan file"))
    is_picture = models.BooleanField(default=False, help_text=_("The plan itself calls it its picture"))
    is_companion = models.BooleanField(default=False, help_text=_("A world file, of use to its raster alone"))
    georeference = models.CharField(max_length=500, blank=True, help_text=_("georefURL in the plan"))
    superseded_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="supersedes", db_constraint=False
    )
    created_at = models.DateTimeField(_("Added"), auto_now_add=True, null=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Added by")
    )
    is_internal = models.BooleanField(
        _("Internal"), default=False, help_text=_("Stays closed when the plan is published")
    )
    is_public = models.BooleanField(_("Public"), default=False)
    objects: ClassVar[Any] = PlanDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("Document")
        verbose_name_plural = _("Documents")
        ordering = ("version", "order")
        constraints = (models.UniqueConstraint(fields=("tenant", "public_id"), name="document_public_id"),)

    def __str__(self) -> str:
        return self.title

    @property
    def is_remote(self) -> bool:
        """It lies with somebody else and is never fetched."""
        return self.file_id is None and is_remote(self.href)

    @property
    def kind_label(self) -> str:
        return value_label(_LABELS, "XP_SpezExterneReferenz.typ", self.kind) if self.kind else ""
