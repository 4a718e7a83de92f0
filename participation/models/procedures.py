"""Procedures, their phases by time, their topics and the counter of their receipts."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participation import phases
from tenants.models import TenantOwned, TenantQuerySet, User
from tenants.permissions import SHARE_PERMISSIONS


class PhaseKind(models.TextChoices):
    EARLY_PUBLIC = phases.Kind.EARLY_PUBLIC.value, _("Frühzeitige Beteiligung der Öffentlichkeit")
    EARLY_BODIES = phases.Kind.EARLY_BODIES.value, _("Frühzeitige Beteiligung der Behörden")
    DRAFT_PUBLIC = phases.Kind.DRAFT_PUBLIC.value, _("Veröffentlichung im Internet")
    DRAFT_BODIES = phases.Kind.DRAFT_BODIES.value, _("Beteiligung der Behörden")
    REPEATED_PUBLIC = phases.Kind.REPEATED_PUBLIC.value, _("Erneute Veröffentlichung")
    REPEATED_BODIES = phases.Kind.REPEATED_BODIES.value, _("Erneute Beteiligung der Behörden")
    SIMPLIFIED_PUBLIC = (
        phases.Kind.SIMPLIFIED_PUBLIC.value,
        _("Beteiligung der betroffenen Öffentlichkeit im vereinfachten Verfahren"),
    )
    SIMPLIFIED_BODIES = (
        phases.Kind.SIMPLIFIED_BODIES.value,
        _("Beteiligung der berührten Behörden im vereinfachten Verfahren"),
    )
    ACCELERATED_PUBLIC = phases.Kind.ACCELERATED_PUBLIC.value, _("Unterrichtung im beschleunigten Verfahren")
    CONSENT_HEARING = (
        phases.Kind.CONSENT_HEARING.value,
        _("Anhörung zur Zustimmung der Gemeinde"),
    )
    BY_LAW_PUBLIC = phases.Kind.BY_LAW_PUBLIC.value, _("Beteiligung zur Satzung")
    BY_LAW_BODIES = phases.Kind.BY_LAW_BODIES.value, _("Beteiligung der Behörden zur Satzung")
    IDEAS = phases.Kind.IDEAS.value, _("Collection of ideas")
    CONSULTATION = phases.Kind.CONSULTATION.value, _("Informal consultation")


class AudienceChoice(models.TextChoices):
    PUBLIC = phases.Audience.PUBLIC.value, pgettext_lazy("audience", "Public")
    BODIES = phases.Audience.BODIES.value, "Träger öffentlicher Belange"


class ProcedureQuerySet(TenantQuerySet["Procedure"]):
    share_column = "id"
    share_kind = "procedure"

    def open_to_public(self, at: datetime) -> Self:
        """With a phase for the public that runs at this moment."""
        running = Phase.objects.filter(
            procedure=OuterRef("pk"), audience=phases.Audience.PUBLIC.value, period__contains=at
        )
        return self.filter(Exists(running), decided_at__isnull=True)


class Procedure(TenantOwned):
    """A participation on a plan, or on a free topic when `plan` is empty. Phases bind it to one version of the plan."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    title = models.CharField(_("Title"), max_length=200)
    summary = models.TextField(_("What it is about"), blank=True, max_length=5000)
    plan = models.ForeignKey(
        "planning.Plan",
        verbose_name=_("Plan"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="procedures",
    )
    plan_version = models.ForeignKey(
        "planning.PlanVersion",
        verbose_name=_("Version of the plan"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    is_public = models.BooleanField(_("Public"), default=False)
    published_at = models.DateTimeField(_("Published"), null=True, blank=True)
    decided_at = models.DateTimeField(_("Decided or closed"), null=True, blank=True)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    created_by = models.ForeignKey(
        User, verbose_name=_("Created by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    objects: ClassVar[Any] = ProcedureQuerySet.as_manager()

    class Meta:
        verbose_name = _("Participation procedure")
        verbose_name_plural = _("Participation procedures")
        ordering = ("-created_at", "-id")
        permissions = SHARE_PERMISSIONS
        constraints = (
            models.UniqueConstraint(fields=("tenant", "public_id"), name="procedure_public_id"),
            models.CheckConstraint(
                condition=Q(plan__isnull=True, plan_version__isnull=True)
                | Q(plan__isnull=False, plan_version__isnull=False),
                name="procedure_plan_with_version",
            ),
        )
        indexes = (
            models.Index(fields=("tenant", "id"), include=("is_public",), name="procedure_of_tenant"),
            models.Index(fields=("public_id",), name="procedure_address"),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("participation:procedure", args=[self.public_id])


class ProcedureChildQuerySet(TenantQuerySet[Any]):
    share_column = "procedure_id"
    share_kind = "procedure"


class ProcedureChild(TenantOwned):
    """Abstract: a row of a procedure. The composite key (tenant, procedure) in the migration is the constraint."""

    procedure = models.ForeignKey(
        Procedure,
        verbose_name=_("Participation procedure"),
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        db_constraint=False,
    )
    objects: ClassVar[Any] = ProcedureChildQuerySet.as_manager()

    class Meta:
        abstract = True


class ReceiptCounterQuerySet(ProcedureChildQuerySet):
    def next_number(self, procedure: Procedure) -> int:
        """The next receipt number. Its row stays locked until commit, so a number that is rolled back is given again."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE participation_receiptcounter SET last = last + 1"
                " WHERE tenant_id = %s AND procedure_id = %s RETURNING last",
                [procedure.tenant_id, procedure.pk],
            )
            row = cursor.fetchone()
        if row is None:
            raise self.model.DoesNotExist
        return int(row[0])


class ReceiptCounter(ProcedureChild):
    """The last receipt number given out in a procedure. A row of its own, so that saving the procedure can't set it back."""

    last = models.PositiveIntegerField(default=0)
    objects: ClassVar[Any] = ReceiptCounterQuerySet.as_manager()

    class Meta:
        verbose_name = _("Counter of receipts")
        verbose_name_plural = _("Counters of receipts")
        constraints = (models.UniqueConstraint(fields=("tenant", "procedure"), name="counter_of_procedure"),)

    def __str__(self) -> str:
        return str(self.last)


class PhaseQuerySet(ProcedureChildQuerySet):
    def with_edition(self) -> Self:
        """With the version and Fassung of the plan; None where the wall hides them from who reads."""
        hidden = ("area", "frame", "header")
        rows = self.select_related("fassung", "plan_version")
        return rows.defer(*(f"plan_version__{name}" for name in hidden))


class Phase(ProcedureChild):
    """A span of time in which an audience may speak: [start, end); never two of one audience at once."""

    kind = models.CharField(_("Kind"), max_length=20, choices=PhaseKind)
    audience = models.CharField(_("Audience"), max_length=6, choices=AudienceChoice, editable=False)
    period = DateTimeRangeField(_("Period"))
    fassung = models.ForeignKey(
        "planning.Fassung", verbose_name="Fassung", on_delete=models.PROTECT, null=True, editable=False, related_name="phases"
    )  # fmt: skip
    plan_version = models.ForeignKey(
        "planning.PlanVersion",
        verbose_name=_("Version of the plan"),
        help_text=_("What the phase is about; until it is bound, that of its procedure"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    step = models.UUIDField(
        null=True, editable=False, help_text=_("Entry of the plan's legal procedure that this phase is")
    )
    is_public = models.BooleanField(default=False, editable=False)
    objects: ClassVar[Any] = PhaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("Phase")
        verbose_name_plural = _("Phases")
        ordering = ("period", "id")
        constraints = (
            ExclusionConstraint(
                name="phase_no_overlap",
                expressions=(
                    ("tenant", RangeOperators.EQUAL),
                    ("procedure", RangeOperators.EQUAL),
                    ("audience", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ),
            ),
            models.CheckConstraint(
                condition=Q(
                    period__startswith__isnull=False, period__endswith__isnull=False, period__isempty=False
                ),
                name="phase_is_bounded",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"

    @property
    def rule_kind(self) -> phases.Kind:
        return phases.Kind(self.kind)

    @property
    def rule(self) -> phases.Rule:
        return phases.RULES[self.rule_kind]

    @property
    def span(self) -> phases.Span:
        return phases.Span(self.pk, self.rule_kind, self.period.lower, self.period.upper)

    @property
    def first_day(self) -> date:
        return timezone.localtime(self.period.lower).date()

    @property
    def last_day(self) -> date:
        """The last day that belongs to the phase, in full or in part."""
        return timezone.localtime(self.period.upper - timedelta(microseconds=1)).date()

    def moment(self, at: datetime) -> phases.Moment:
        decided_at = self.procedure.decided_at
        return phases.moment_of(
            at,
            start=self.period.lower,
            end=self.period.upper,
            decided=decided_at is not None and decided_at <= at,
        )


class Category(ProcedureChild):
    """A topic that submitters or moderators may choose."""

    name = models.CharField(_("Name"), max_length=80)
    is_public = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("Category")
        verbose_name_plural = _("Categories")
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("tenant", "procedure", "name"), name="category_name"),)

    def __str__(self) -> str:
        return self.name
