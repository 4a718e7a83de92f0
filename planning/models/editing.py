"""The working copy of a plan: a draft over one version, its steps, and the objects that each step left behind."""

import uuid

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from planning.models.plans import PlanChild, PlanVersion
from tenants.models import Job, User


class DraftState(models.TextChoices):
    OPEN = "open", _("Being edited")
    WRITING = "writing", _("Being written")
    FINISHED = "finished", _("Finished")
    DISCARDED = "discarded", _("Discarded")


class EditDraft(PlanChild):
    """What is being edited, over a version that itself never changes. `head`: number of the newest step that counts; undone
    steps lie behind it. Numbers are never used twice (`last_number`), so that one number always means one content."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    base = models.ForeignKey(
        PlanVersion, on_delete=models.CASCADE, related_name="drafts", db_constraint=False, verbose_name=_("Version")
    )  # fmt: skip
    state = models.CharField(_("State"), max_length=9, choices=DraftState, default=DraftState.OPEN)
    head = models.PositiveIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0, help_text=_("Moves with every change"))
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False)
    result = models.ForeignKey(
        PlanVersion, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    created_at = models.DateTimeField(_("Begun"), auto_now_add=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Begun by")
    )

    class Meta:
        verbose_name = _("Draft being edited")
        verbose_name_plural = _("Drafts being edited")
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "public_id"), name="draft_public_id"),
            models.UniqueConstraint(
                fields=("tenant", "plan"), condition=Q(state__in=("open", "writing")), name="draft_one_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.base_id} → {self.head}"


class EditKind(models.TextChoices):
    ATTRIBUTES = "attributes", _("Attributes changed")
    GEOMETRY = "geometry", _("Geometry changed")
    ADDED = "added", _("Object added")
    REMOVED = "removed", _("Object removed")
    CUT = "cut", _("Area cut in two")
    CARRIED = "carried", _("Taken along from the draft before")


class EditStep(PlanChild):
    """One change that can be undone."""

    draft = models.ForeignKey(EditDraft, on_delete=models.CASCADE, related_name="steps", db_constraint=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=EditKind)
    subject = models.CharField(max_length=300, help_text=_("What the object was called"))
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("Step of editing")
        verbose_name_plural = _("Steps of editing")
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("tenant", "draft", "number"), name="edit_step_number"),
        )

    def __str__(self) -> str:
        return f"{self.number} · {self.get_kind_display()} · {self.subject}"


class EditedObject(PlanChild):
    """An object as one step left it; the columns are those of PlanObject. Without `raw` the object is removed."""

    draft = models.ForeignKey(
        EditDraft,
        on_delete=models.CASCADE,
        related_name="edited_objects",
        db_constraint=False,
        db_index=False,
    )
    step = models.ForeignKey(
        EditStep, on_delete=models.CASCADE, related_name="edited_objects", db_constraint=False
    )
    number = models.PositiveIntegerField(help_text=_("That of the step"))
    position = models.PositiveIntegerField()
    gml_id = models.CharField("gml:id", max_length=300, blank=True)
    feature_type = models.CharField(_("Type"), max_length=100)
    properties = models.JSONField(default=dict)
    geometry = models.GeometryField(srid=settings.TWIN_SRID, null=True)
    raw = models.TextField(blank=True)

    class Meta:
        verbose_name = _("Edited object")
        verbose_name_plural = _("Edited objects")
        ordering = ("draft", "position", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "draft", "position", "number"), name="edited_object_once"
            ),
        )
        indexes = (models.Index(fields=("draft", "position", "number"), name="edited_object_in_order"),)

    def __str__(self) -> str:
        return f"{self.feature_type} {self.gml_id}"
