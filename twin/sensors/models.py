"""Gauges and sensors with their series; values in the millions."""

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenants.models import TenantOwned, TenantQuerySet, User


class FeedKind(models.TextChoices):
    PEGELONLINE = "pegelonline", "PEGELONLINE"
    LFULG = "lfulg", "LfULG Sachsen"
    OWN = "own", _("Own sensor")
    DEMO = "demo", _("Demo")


class QuantityKind(models.TextChoices):
    """Keys of quantities.QUANTITIES."""

    LEVEL = "W", _("Water level")
    DISCHARGE = "Q", _("Discharge")
    RAIN = "rain", _("Rain")
    SOIL = "soil", _("Soil moisture")


class Station(TenantOwned):
    """A place where something is measured. number: the source's; pause_minutes: until it is asked again, longer after each failure."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    feed = models.CharField(_("Source"), max_length=12, choices=FeedKind)
    number = models.CharField(_("Number of the gauge"), max_length=60, blank=True)
    stages_number = models.CharField(_("Number for alarm stages"), max_length=60, blank=True)
    name = models.CharField(_("Name"), max_length=200)
    water = models.CharField(_("Water"), max_length=200, blank=True)
    place = models.PointField(_("Place"), srid=settings.TWIN_SRID, null=True)
    is_public = models.BooleanField(_("Public"), default=False)
    active = models.BooleanField(_("Asked regularly"), default=True)
    pause_minutes = models.PositiveIntegerField(default=15)
    polled_at = models.DateTimeField(_("Last asked"), null=True)
    failures = models.PositiveIntegerField(_("Failures in a row"), default=0)
    failing_since = models.DateTimeField(_("Failing since"), null=True)
    told_at = models.DateTimeField(null=True, help_text=_("When somebody was told of the failure"))
    error = models.TextField(_("Last error"), blank=True)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)

    class Meta:
        verbose_name = _("Station")
        verbose_name_plural = _("Stations")
        ordering = ("water", "name", "id")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "public_id"), name="station_public_id"),
            models.UniqueConstraint(
                fields=("tenant", "feed", "number"), condition=~Q(number=""), name="station_number"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.water})" if self.water else self.name

    def get_absolute_url(self) -> str:
        return reverse("sensors:station", args=[self.public_id])


class Series(TenantOwned):
    """One quantity at a station. zero: of the gauge, metres above `datum`; minutes: between two values as a rule.

    Of an own sensor a value is `factor` x what it sends as `field`, + `shift`. latest_*: the last believed value; rise: units an hour over the
    last three hours; placeholder: the source names alarm stages that mean nothing. stage: reached now, judged up to `judged_until`.
    forecast: [[moment, value, whether it is an estimate]], computed at `forecast_at`.
    """

    station = models.ForeignKey(
        Station, on_delete=models.CASCADE, related_name="series", verbose_name=_("Station")
    )
    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    quantity = models.CharField(_("Quantity"), max_length=8, choices=QuantityKind)
    unit = models.CharField(_("Unit"), max_length=20)
    zero = models.FloatField(_("Gauge zero"), null=True)
    datum = models.CharField(_("Height reference"), max_length=60, blank=True)
    minutes = models.PositiveIntegerField(_("Minutes between two values"), default=15)
    field = models.CharField(_("Name in what the sensor sends"), max_length=60, blank=True)
    factor = models.FloatField(_("Factor"), default=1.0)
    shift = models.FloatField(_("Then added"), default=0.0)
    is_public = models.BooleanField(_("Public"), default=False)
    latest_at = models.DateTimeField(_("Last measured"), null=True)
    latest_value = models.FloatField(_("Last value"), null=True)
    rise = models.FloatField(_("Rise an hour"), null=True)
    placeholder = models.BooleanField(default=False)
    stage = models.PositiveSmallIntegerField(_("Alarm stage"), default=0)
    judged_until = models.DateTimeField(null=True)
    forecast = models.JSONField(_("Forecast"), default=list)
    forecast_at = models.DateTimeField(_("Forecast made"), null=True)

    class Meta:
        verbose_name = _("Series")
        verbose_name_plural = _("Series")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("tenant", "public_id"), name="series_public_id"),
            models.UniqueConstraint(fields=("tenant", "station", "quantity"), name="series_quantity"),
        )

    def __str__(self) -> str:
        return str(self.get_quantity_display())


class SeriesChild(TenantOwned):
    """Abstract: a row of a series."""

    series = models.ForeignKey(
        Series, on_delete=models.CASCADE, related_name="%(class)ss", verbose_name=_("Series")
    )
    is_public = models.BooleanField(_("Public"), default=False)
    objects: ClassVar[Any] = TenantQuerySet.as_manager()

    class Meta:
        abstract = True


class ObservationQuerySet(TenantQuerySet["Observation"]):
    def believed(self) -> Self:
        return self.filter(is_suspect=False)


class Observation(SeriesChild):
    """One measured value. is_suspect: a jump that nothing bears out; kept, but neither drawn nor judged."""

    series = models.ForeignKey(
        Series,
        on_delete=models.CASCADE,
        related_name="observations",
        db_index=False,
        db_constraint=False,  # the wall looks for the series once in each statement, see rls.of_own
        verbose_name=_("Series"),
    )
    at = models.DateTimeField(_("Measured"))
    value = models.FloatField(_("Value"))
    is_suspect = models.BooleanField(_("In doubt"), default=False)
    objects: ClassVar[Any] = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Observation")
        verbose_name_plural = _("Observations")
        ordering = ("series", "at")
        constraints = (
            # by time within a series, with all that a chart reads: the rows themselves are not looked at
            models.UniqueConstraint(
                fields=("series", "at", "tenant"),
                include=("value", "is_suspect", "is_public"),
                name="observation_moment",
            ),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.value:g}"


class DayValue(SeriesChild):
    """What a day (Europe/Berlin) brought, of believed values: years are drawn from these."""

    day = models.DateField(_("Day"))
    low = models.FloatField(_("Lowest"))
    high = models.FloatField(_("Highest"))
    total = models.FloatField(_("Sum"))
    number = models.PositiveIntegerField(_("Values"))

    class Meta:
        verbose_name = _("Value of a day")
        verbose_name_plural = _("Values of days")
        ordering = ("series", "day")
        constraints = (models.UniqueConstraint(fields=("series", "day", "tenant"), name="dayvalue_day"),)

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"


class AlarmStage(SeriesChild):
    """A level that means alarm, as the source says."""

    number = models.PositiveSmallIntegerField(_("Alarm stage"))
    level = models.FloatField(_("From"))

    class Meta:
        verbose_name = _("Alarm stage")
        verbose_name_plural = _("Alarm stages")
        ordering = ("series", "number")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "series", "number"), name="alarmstage_number"),
        )

    def __str__(self) -> str:
        return f"{self.number}"


class SensorToken(TenantOwned):
    """With it a sensor sends values of its station; shown once, here is its SHA-256."""

    station = models.ForeignKey(
        Station, on_delete=models.CASCADE, related_name="tokens", verbose_name=_("Station")
    )
    name = models.CharField(_("What it is for"), max_length=80)
    token_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("Made"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("Last used"), null=True, editable=False)

    class Meta:
        verbose_name = _("Token of a sensor")
        verbose_name_plural = _("Tokens of sensors")
        ordering = ("created_at", "id")
        constraints = (models.UniqueConstraint(fields=("tenant", "token_hash"), name="sensortoken_hash"),)

    def __str__(self) -> str:
        return self.name


class Subscription(TenantOwned):
    """A person who gets a mail when the water at a station rises through an alarm stage."""

    station = models.ForeignKey(
        Station, on_delete=models.CASCADE, related_name="subscriptions", verbose_name=_("Station")
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("Person"))

    class Meta:
        verbose_name = _("Subscription of alarms")
        verbose_name_plural = _("Subscriptions of alarms")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "station", "user"), name="subscription_person"),
        )

    def __str__(self) -> str:
        return str(self.user)
