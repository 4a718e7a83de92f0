"""Many plan files in one go: the batch, and its files with the job that imports each."""

import uuid

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenants.models import Job, TenantOwned, User


class Batch(TenantOwned):
    """What was delivered together. job: takes the delivery apart and starts one job for each plan file."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    title = models.CharField(_("Title"), max_length=300)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    created_at = models.DateTimeField(_("Uploaded"), auto_now_add=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Uploaded by")
    )

    class Meta:
        verbose_name = _("Batch of plan files")
        verbose_name_plural = _("Batches of plan files")
        ordering = ("-created_at", "-id")
        constraints = (models.UniqueConstraint(fields=("tenant", "public_id"), name="batch_public_id"),)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("planning:batch", args=[self.public_id])


class BatchItem(TenantOwned):
    """One plan file of a batch. job: imports it; without one the file could not even be read, and `findings` says why."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items", db_constraint=False)
    source = models.CharField(_("Delivered in"), max_length=300, help_text=_("Key of the delivered file"))
    name = models.CharField(_("File"), max_length=500)
    position = models.PositiveIntegerField(_("Place in the delivery"))
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    findings = models.JSONField(default=list)

    class Meta:
        verbose_name = _("File of a batch")
        verbose_name_plural = _("Files of batches")
        ordering = ("batch", "source", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "batch", "source", "position"), name="batchitem_position"
            ),
        )

    def __str__(self) -> str:
        return self.name
