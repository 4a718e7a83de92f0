"""What the town says of a file that somebody delivered for one of its plans."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from planning.models.plans import PlanChild, PlanVersion
from tenants.models import User


class Verdict(models.TextChoices):
    ACCEPTED = "accepted", pgettext_lazy("delivery", "Accepted")
    RETURNED = "returned", pgettext_lazy("delivery", "Sent back")


class PlanReview(PlanChild):
    """One verdict on one version; never changed: the last one counts, all of them are the record of the acceptance."""

    version = models.ForeignKey(
        PlanVersion, on_delete=models.CASCADE, related_name="reviews", db_constraint=False
    )
    verdict = models.CharField(_("Verdict"), max_length=8, choices=Verdict)
    reason = models.TextField(_("Reasons"), blank=True, max_length=5000)
    errors = models.PositiveIntegerField(_("Errors at that time"), null=True)
    warnings = models.PositiveIntegerField(_("Warnings at that time"), null=True)
    created_at = models.DateTimeField(_("On"), auto_now_add=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("By")
    )

    class Meta:
        verbose_name = _("Verdict on a delivery")
        verbose_name_plural = _("Verdicts on deliveries")
        ordering = ("created_at", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(verdict="accepted") | ~Q(reason=""), name="review_returned_with_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} · {self.version_id}"
