"""Plans and the files they were delivered in. See docs/adr for: raw XML kept, generic objects."""

import uuid
from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from planning.lifecycle import State
from planning.steps import Standing, Track
from tenants.models import PrivateFile, Tenant, TenantOwned, TenantQuerySet, User
from tenants.permissions import SHARE_PERMISSIONS


class PlanType(models.TextChoices):
    BP = "BP", _("Bebauungsplan")
    FP = "FP", _("Flächennutzungsplan")
    RP = "RP", _("Regionalplan")
    LP = "LP", _("Landschaftsplan")
    SO = "SO", _("Sonstiger Plan")


class PlanState(models.TextChoices):
    DRAFT = State.DRAFT.value, _("Draft")
    PUBLISHED = State.PUBLISHED.value, _("Published")
    WITHDRAWN = State.WITHDRAWN.value, _("Withdrawn")


class TrackKind(models.TextChoices):
    FULL = Track.FULL.value, _("Regelverfahren")
    SIMPLIFIED = Track.SIMPLIFIED.value, _("Vereinfachtes Verfahren (§ 13 BauGB)")
    ACCELERATED = Track.ACCELERATED.value, _("Beschleunigtes Verfahren (§ 13a BauGB)")
    BY_LAW = Track.BY_LAW.value, _("Satzung nach § 34 Abs. 4 oder § 35 Abs. 6 BauGB")


class StandingChoice(models.TextChoices):
    PREPARED = Standing.PREPARED.value, pgettext_lazy("standing", "In preparation")
    INITIATED = Standing.INITIATED.value, pgettext_lazy("standing", "Initiated")
    EARLY = Standing.EARLY.value, pgettext_lazy("standing", "Early participation")
    DRAFT = Standing.DRAFT.value, pgettext_lazy("standing", "Draft decided")
    PUBLISHED = Standing.PUBLISHED.value, pgettext_lazy("standing", "Participation")
    WEIGHED = Standing.WEIGHED.value, pgettext_lazy("standing", "Weighed")
    ADOPTED = Standing.ADOPTED.value, pgettext_lazy("standing", "Adopted")
    SUBMITTED = Standing.SUBMITTED.value, pgettext_lazy("standing", "Approval requested")
    APPROVED = Standing.APPROVED.value, pgettext_lazy("standing", "Approved")
    EXECUTED = Standing.EXECUTED.value, pgettext_lazy("standing", "Executed")
    IN_FORCE = Standing.IN_FORCE.value, pgettext_lazy("standing", "In force")
    REPAIRING = Standing.REPAIRING.value, pgettext_lazy("standing", "Being repaired")
    REPEALED = Standing.REPEALED.value, pgettext_lazy("standing", "Out of force")
    DISCONTINUED = Standing.DISCONTINUED.value, pgettext_lazy("standing", "Discontinued")


class Development(models.TextChoices):
    """How a Bebauungsplan stands to the Flächennutzungsplan; the last three need an approval (§ 10 Abs. 2 BauGB)."""

    DEVELOPED = "developed", _("Developed from it (§ 8 Abs. 2 Satz 1 BauGB)")
    PARALLEL = "parallel", _("Parallelverfahren, announced after it (§ 8 Abs. 3 Satz 1 BauGB)")
    AHEAD = "ahead", _("Parallelverfahren, announced before it (§ 8 Abs. 3 Satz 2 BauGB)")
    STANDALONE = "standalone", _("Without one (§ 8 Abs. 2 Satz 2 BauGB)")
    EARLY = "early", _("Vorzeitiger Bebauungsplan (§ 8 Abs. 4 BauGB)")


class Amendment(models.TextChoices):
    CHANGE = "change", _("Änderung")
    SUPPLEMENT = "supplement", _("Ergänzung")
    REPEAL = "repeal", _("Aufhebung")


class PlanQuerySet(TenantQuerySet["Plan"]):
    share_column = "id"
    share_kind = "plan"

    def covering(self, ags: str) -> Self:
        return self.filter(ags__contains=[ags])

    def in_force(self, on: date) -> Self:
        return self.filter(valid_from__lte=on).exclude(valid_until__lt=on)


class Plan(TenantOwned):
    """A plan of one tenant; the municipalities it covers may be others. Its columns describe the version that its readers see."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    plan_type = models.CharField(_("Kind of plan"), max_length=2, choices=PlanType)
    number = models.CharField(_("Number"), max_length=200, blank=True)
    name = models.CharField(_("Name"), max_length=500)
    place = models.CharField(_("Municipalities as named in the plan"), max_length=500, blank=True)
    ags = ArrayField(models.CharField(max_length=8), verbose_name="AGS", default=list, blank=True)
    gml_id = models.CharField("gml:id", max_length=300, blank=True)
    xplan_version = models.CharField(_("XPlanGML version"), max_length=5)
    legal_status = models.CharField("Rechtsstand", max_length=20, blank=True)
    procedure_kind = models.CharField("Verfahren", max_length=20, blank=True)
    dates = models.JSONField(_("Dates stated in the plan"), default=dict, blank=True)
    valid_from = models.DateField(_("In force from"), null=True, blank=True)
    valid_until = models.DateField(_("In force until"), null=True, blank=True)
    track = models.CharField(_("Kind of procedure"), max_length=11, choices=TrackKind, blank=True)
    on_project = models.BooleanField(_("Vorhabenbezogen (§ 12 BauGB)"), default=False)
    development = models.CharField(
        _("Relation to the Flächennutzungsplan"), max_length=11, choices=Development, blank=True
    )
    amends = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="amendments", verbose_name=_("Changes the plan")
    )  # fmt: skip
    amendment = models.CharField(_("How it changes that plan"), max_length=10, choices=Amendment, blank=True)
    standing = models.CharField(
        _("Standing"), max_length=12, choices=StandingChoice, default=StandingChoice.PREPARED, editable=False
    )
    standing_certain = models.BooleanField(default=False, editable=False, help_text=_("Not by hearsay"))
    area = models.MultiPolygonField("Geltungsbereich", srid=settings.TWIN_SRID)
    state = models.CharField(_("State"), max_length=10, choices=PlanState, default=PlanState.DRAFT)
    is_public = models.BooleanField(_("Public"), default=False)
    published_on = models.DateField(_("Published on"), null=True, blank=True)
    portal_url = models.URLField(_("Address in the state's planning portal"), max_length=500, blank=True)
    current_version = models.ForeignKey(
        "PlanVersion",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("Newest version"),
    )
    published_version = models.ForeignKey(
        "PlanVersion",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("Public version"),
    )
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("Changed"), auto_now=True)
    search = models.GeneratedField(
        expression=SearchVector("name", "number", "place", config="german"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    objects: ClassVar[Any] = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("Plan")
        verbose_name_plural = _("Plans")
        ordering = ("-changed_at", "-id")
        permissions = SHARE_PERMISSIONS
        constraints = (
            models.UniqueConstraint(fields=("tenant", "public_id"), name="plan_public_id"),
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(published_version__isnull=False),
                name="plan_public_has_version",
            ),
        )
        indexes = (
            models.Index(fields=("tenant", "id"), include=("is_public",), name="plan_of_tenant"),
            models.Index(fields=("-changed_at", "-id"), name="plan_recent"),
            models.Index(fields=("tenant", "standing"), name="plan_on_board"),
            models.Index(fields=("tenant", "plan_type", "gml_id"), name="plan_match"),
            models.Index(fields=("public_id",), name="plan_address"),
            GinIndex(fields=("ags",), name="plan_ags"),
            GinIndex(fields=("search",), name="plan_search"),
            GinIndex(OpClass("name", "gin_trgm_ops"), name="plan_name_part"),
            GinIndex(OpClass("number", "gin_trgm_ops"), name="plan_number_part"),
        )

    def __str__(self) -> str:
        return self.name if self.number in self.name else f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("planning:plan", args=[self.public_id])


class PlanChildQuerySet(TenantQuerySet[Any]):
    share_column = "plan_id"
    share_kind = "plan"


class PlanChild(TenantOwned):
    """Abstract: a row of a plan; it carries the plan's id so that a single share opens it."""

    # The composite key (tenant, plan) in the migration is the constraint, also for the tenant, and every query comes by
    # plan or version: further keys and indexes would only cost time at each of the many rows of an import.
    tenant = models.ForeignKey(
        Tenant,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("Tenant"),
    )
    plan = models.ForeignKey(
        Plan, on_delete=models.CASCADE, related_name="%(class)ss", db_constraint=False, verbose_name=_("Plan")
    )
    objects: ClassVar[Any] = PlanChildQuerySet.as_manager()

    class Meta:
        abstract = True


class Origin(models.TextChoices):
    DELIVERED = "delivered", _("Delivered")
    LIFECYCLE = "lifecycle", _("Written from the steps of the procedure")
    EDITED = "edited", _("Edited here")
    FOUNDED = "founded", _("Begun here")
    LEGACY = "legacy", _("Made from an old plan")
    UPGRADED = "upgraded", _("Upgraded to XPlanung 6.0")


class PlanVersion(PlanChild):
    """One file (file revision), exact and never changed; `is_public` and `superseded_by` alone move."""

    number = models.PositiveIntegerField(_("Version"))
    file = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("File"))
    sha256 = models.CharField("SHA-256", max_length=64)
    xplan_version = models.CharField(_("XPlanGML version"), max_length=5)
    origin = models.CharField(_("Origin"), max_length=9, choices=Origin, default=Origin.DELIVERED)
    frame = models.JSONField(default=dict, help_text=_("All of the file that is no object"))
    is_whole_file = models.BooleanField(default=True, help_text=_("The file holds this plan alone"))
    header = models.JSONField(default=dict, help_text=_("The plan's columns as this version states them"))
    area = models.MultiPolygonField("Geltungsbereich", srid=settings.TWIN_SRID)
    feature_count = models.PositiveIntegerField(_("Objects"), default=0)
    superseded_by = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        related_name="supersedes",
        verbose_name=_("Superseded by"),
    )
    is_public = models.BooleanField(_("Public"), default=False)
    created_at = models.DateTimeField(_("Imported"), auto_now_add=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Imported by")
    )

    class Meta:
        verbose_name = _("Version of a plan")
        verbose_name_plural = _("Versions of plans")
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("tenant", "plan", "sha256"), name="version_hash"),
            models.UniqueConstraint(fields=("tenant", "plan", "number"), name="version_number"),
        )

    def __str__(self) -> str:
        return f"{self.plan_id} · {self.number}"

    @property
    def is_sent_back(self) -> bool:
        """By the last verdict on it."""
        last = self.reviews.order_by("created_at", "pk").last()
        return last is not None and last.verdict == "returned"


# What says something about the whole plan: few of the many objects of a version, read for every answer about a place.
FRAME = (
    Q(feature_type__endswith="_Plan")
    | Q(feature_type__endswith="_Bereich")
    | Q(feature_type__endswith="_TextAbschnitt")
)


class PlanObject(PlanChild):
    """One object of a delivered file, as it came (`raw`) and as the twin works with it."""

    version = models.ForeignKey(
        PlanVersion,
        on_delete=models.CASCADE,
        related_name="plan_objects",
        db_constraint=False,
        db_index=False,  # object_in_order begins with it
    )
    position = models.PositiveIntegerField(_("Place in the file"))
    gml_id = models.CharField("gml:id", max_length=300, blank=True)
    feature_type = models.CharField(_("Type"), max_length=100)
    bereich = models.CharField("Bereich", max_length=300, blank=True)
    ebene = models.SmallIntegerField("Ebene", null=True)
    rechtscharakter = models.CharField("Rechtscharakter", max_length=20, blank=True)
    flaechenschluss = models.BooleanField("Flächenschluss", null=True)
    properties = models.JSONField(default=dict)
    geometry = models.GeometryField(srid=settings.TWIN_SRID, null=True)
    source_srid = models.IntegerField(null=True)
    raw = models.TextField(help_text=_("The object's XML, verbatim"))
    before = models.TextField(blank=True, help_text=_("What stands between the object before and this one"))
    line = models.PositiveIntegerField(_("Line in the file"))
    is_public = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("Plan object")
        verbose_name_plural = _("Plan objects")
        ordering = ("version", "position")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "version", "position"), name="object_position"),
        )
        indexes = (
            models.Index(fields=("version", "position"), name="object_in_order"),
            models.Index(fields=("version", "gml_id"), name="object_by_gml_id"),
            models.Index(fields=("version",), condition=FRAME, name="object_frame"),
        )

    def __str__(self) -> str:
        return f"{self.feature_type} {self.gml_id}"


class PlanReference(PlanChild):
    """A reference from one object of a version, in the order of the file; `target` is NULL where it dangles or leads outside."""

    version = models.ForeignKey(
        PlanVersion, on_delete=models.CASCADE, related_name="references", db_constraint=False
    )
    source = models.ForeignKey(
        PlanObject, on_delete=models.CASCADE, related_name="references", db_constraint=False
    )
    property = models.CharField(max_length=300)
    href = models.TextField()
    order = models.PositiveIntegerField()
    target = models.ForeignKey(
        PlanObject, on_delete=models.SET_NULL, null=True, related_name="referenced_by", db_constraint=False
    )
    is_public = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("Reference")
        verbose_name_plural = _("References")
        ordering = ("source", "property", "order")

    def __str__(self) -> str:
        return f"{self.property} → {self.href}"
