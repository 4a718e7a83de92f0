"""What the indicators are computed from besides usage events, and the monthly figures: aggregates only, no people."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant, TenantOwned
from twin.analysis.models import StepKind
from twin.indicators.formulas import Missing, Month
from twin.indicators.targets import Goal

MONTH = RegexValidator(r"^\d{4}-(0[1-9]|1[0-2])$", _("A month such as 2026-09."))
CODES = [(code.value, code.value) for code in Missing]


class DeliveryCheck(TenantOwned):
    """One check of one catalogue record of the municipality `tenant`; append-only, a later check replaces an earlier one."""

    record = models.CharField(_("Catalogue record"), max_length=200)
    checked_on = models.DateField(_("Checked on"))
    violations = models.PositiveIntegerField(_("SHACL violations"))
    reachable = models.BooleanField(_("Distribution can be reached"))
    data_version = models.DateField(_("Date of the data"))
    frequency_days = models.PositiveIntegerField(_("Stated update frequency in days"), null=True, blank=True)
    in_force = models.BooleanField(_("Plan in force"), default=False)
    confirmed_on = models.DateField(_("Confirmed on"), null=True, blank=True)
    by_county = models.BooleanField(_("Delivered by the county on behalf"), default=False)

    class Meta:
        verbose_name = _("Check of a delivery")
        verbose_name_plural = _("Checks of deliveries")
        indexes = (models.Index(fields=("tenant", "checked_on"), name="delivery_checked"),)

    def __str__(self) -> str:
        return f"{self.record} · {self.checked_on:%Y-%m-%d}"


class Snapshot(TenantOwned):
    """Abstract: figures of one month, public. computed_at of the running month is younger than its figures will stay."""

    month = models.CharField(_("Month"), max_length=7, validators=[MONTH])
    computed_at = models.DateTimeField(_("Computed at"))
    is_public = models.BooleanField(_("Public"), default=True, editable=False)

    class Meta:
        abstract = True
        ordering = ("month",)


class CountySnapshot(Snapshot):
    """The county's three figures of a month. `tenant` is the county; `users` is NULL where it was suppressed."""

    municipalities = models.PositiveIntegerField(_("Municipalities"))
    use_reached = models.PositiveIntegerField(_("Use: reached in 90 days"))
    use_year_reached = models.PositiveIntegerField(_("Use: reached in 12 months"))
    onboarded = models.PositiveIntegerField(_("Onboarded"))
    trained = models.PositiveIntegerField(_("Trained"))
    users = models.PositiveIntegerField(_("People"), null=True)
    delivery_reached = models.PositiveIntegerField(_("Delivery: reached"))
    delivery_by_county = models.PositiveIntegerField(_("Delivery by the county"))
    pairs = models.PositiveIntegerField(_("Use cases in use"))
    pairs_year_before = models.PositiveIntegerField(_("Use cases in use a year before"))
    growth = models.FloatField(_("Growth"), null=True)
    new_pairs = models.PositiveIntegerField(_("New uses"))
    use_cases = models.PositiveIntegerField(_("Distinct use cases"))
    cross_municipal = models.PositiveIntegerField(_("Use cases across municipalities"))

    class Meta(Snapshot.Meta):
        verbose_name = _("Figures of the county")
        verbose_name_plural = _("Figures of the county")
        constraints = (models.UniqueConstraint(fields=("tenant", "month"), name="county_month"),)

    def __str__(self) -> str:
        return self.month


class MunicipalitySnapshot(Snapshot):
    """The same month for one municipality: what it lacks, by code; no number of people."""

    use_missing = ArrayField(
        models.CharField(max_length=12, choices=CODES), verbose_name=_("Missing for use")
    )
    use_year_missing = ArrayField(
        models.CharField(max_length=12, choices=CODES), verbose_name=_("Missing for use in 12 months")
    )
    delivery_missing = ArrayField(
        models.CharField(max_length=12, choices=CODES), verbose_name=_("Missing for delivery")
    )
    use_cases = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("Names of the use cases in use"),
        default=list,
        blank=True,
    )

    class Meta(Snapshot.Meta):
        verbose_name = _("Figures of a municipality")
        verbose_name_plural = _("Figures of municipalities")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("tenant", "month"), name="municipality_month")
        ]

    def __str__(self) -> str:
        return self.month

    @property
    def pairs(self) -> int:
        """How many use cases are in use: each is a pair with this municipality."""
        return len(self.use_cases)


class Kind(models.TextChoices):
    """The three indicators."""

    USE = "use", _("Use")
    DELIVERY = "delivery", _("Delivery")
    GROWTH = "growth", _("Growth")


class Target(TenantOwned):
    """What the county wants to have reached: at least `percent` within `months` months after the month `start`. `tenant` is the county."""

    indicator = models.CharField(_("Indicator"), max_length=8, choices=Kind.choices)
    percent = models.PositiveSmallIntegerField(
        _("Percent"), validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    months = models.PositiveSmallIntegerField(
        _("Months"), validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    start = models.CharField(_("Set in"), max_length=7, validators=[MONTH])
    is_public = models.BooleanField(_("Public"), default=True, editable=False)

    class Meta:
        verbose_name = _("Target")
        verbose_name_plural = _("Targets")
        constraints = (models.UniqueConstraint(fields=("tenant", "indicator"), name="target_once"),)

    def __str__(self) -> str:
        return f"{self.get_indicator_display()} · {self.percent} %"

    @property
    def goal(self) -> Goal:
        return Goal(self.percent, Month.parse(self.start), self.months)


class WorkflowState(TenantOwned):
    """How far a municipality is with a use case: the step and its days, nothing of the question or of what was found. `tenant` is the county."""

    municipality = models.ForeignKey(
        Tenant, on_delete=models.CASCADE, related_name="+", verbose_name=_("Municipality")
    )
    workflow = models.UUIDField()
    use_case = models.SlugField(_("Use case"), db_index=False)
    step = models.CharField(_("Step"), max_length=12, blank=True)
    begun_on = models.DateField(_("Begun"))
    since = models.DateField(_("In this step since"))
    due = models.DateField(_("Due on"), null=True)

    class Meta:
        verbose_name = _("State of a workflow")
        verbose_name_plural = _("States of workflows")
        ordering = ("due", "pk")
        constraints = (models.UniqueConstraint(fields=("tenant", "workflow"), name="workflow_state_once"),)

    def __str__(self) -> str:
        return f"{self.municipality} · {self.use_case}"

    @property
    def step_label(self) -> str:
        return str(StepKind(self.step).label) if self.step else ""
