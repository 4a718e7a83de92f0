"""What happened to a plan in law: steps with their documents, the Fassungen they were about, and who reads the dates elsewhere."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from planning.models.plans import PlanChild, PlanVersion
from planning.steps import Entry, Step
from tenants.models import PrivateFile, TenantOwned, User


class StepKind(models.TextChoices):
    """The steps in the order of the law."""

    INITIATION = Step.INITIATION.value, _("Aufstellungsbeschluss")
    EARLY_BODIES = Step.EARLY_BODIES.value, _("Frühzeitige Beteiligung der Behörden")
    EARLY_PUBLIC = Step.EARLY_PUBLIC.value, _("Frühzeitige Beteiligung der Öffentlichkeit")
    DRAFT_DECISION = Step.DRAFT_DECISION.value, _("Entwurfs- und Veröffentlichungsbeschluss")
    BODIES = Step.BODIES.value, _("Beteiligung der Behörden")
    PUBLICATION = Step.PUBLICATION.value, _("Veröffentlichung im Internet")
    AFFECTED_BODIES = Step.AFFECTED_BODIES.value, _("Beteiligung der berührten Behörden")
    AFFECTED_PUBLIC = Step.AFFECTED_PUBLIC.value, _("Beteiligung der betroffenen Öffentlichkeit")
    WEIGHING = Step.WEIGHING.value, _("Abwägungsbeschluss")
    REPEATED_BODIES = Step.REPEATED_BODIES.value, _("Erneute Beteiligung der Behörden")
    REPEATED_PUBLICATION = Step.REPEATED_PUBLICATION.value, _("Erneute Veröffentlichung")
    CONTRACT = Step.CONTRACT.value, _("Durchführungsvertrag")
    ADOPTION = Step.ADOPTION.value, _("Satzungs- oder Feststellungsbeschluss")
    SUBMISSION = Step.SUBMISSION.value, _("Eingang des Genehmigungsantrags")
    APPROVAL = Step.APPROVAL.value, _("Genehmigung")
    ACCESSION = Step.ACCESSION.value, _("Beitrittsbeschluss")
    EXECUTION = Step.EXECUTION.value, _("Ausfertigung")
    ANNOUNCEMENT = Step.ANNOUNCEMENT.value, _("Bekanntmachung")
    REPORT = Step.REPORT.value, _("Anzeige der Satzung bei der Rechtsaufsicht")
    REPAIR = Step.REPAIR.value, _("Beginn des ergänzenden Verfahrens")
    REPEAL = Step.REPEAL.value, _("Außerkrafttreten")
    DISCONTINUED = Step.DISCONTINUED.value, _("Einstellung des Verfahrens")


class Source(models.TextChoices):
    RECORDED = "recorded", _("Seen in the file or the minutes")
    HEARSAY = "hearsay", _("By hearsay: to be checked")


class ProcedureStep(PlanChild):
    """One revision of a step of the plan's legal procedure. A correction is a new row of the same `entry`: the table itself
    lets the serving login move `is_current` and `is_public` alone."""

    entry = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    is_current = models.BooleanField(default=True, editable=False)
    is_void = models.BooleanField(_("Recorded by mistake"), default=False)
    kind = models.CharField(_("Step"), max_length=30, choices=StepKind)
    on = models.DateField(_("On"))
    until = models.DateField(_("Until"), null=True, blank=True)
    announced_on = models.DateField(_("Announced on"), null=True, blank=True)
    number = models.CharField(_("Number of the decision"), max_length=100, blank=True)
    body = models.CharField(_("Responsible body"), max_length=200, blank=True)
    note = models.TextField(_("Note"), blank=True, max_length=2000)
    source = models.CharField(_("Known"), max_length=8, choices=Source, default=Source.RECORDED)
    reason = models.TextField(_("Reason for the correction"), blank=True, max_length=1000)
    created_at = models.DateTimeField(_("Recorded"), auto_now_add=True, null=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Recorded by")
    )
    is_public = models.BooleanField(_("Public"), default=False)

    class Meta:
        verbose_name = _("Step of the procedure")
        verbose_name_plural = _("Steps of the procedure")
        ordering = ("on", "id")
        constraints = (
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("on")), name="step_ends_after_start"),
            models.CheckConstraint(condition=Q(is_public=False) | Q(is_current=True, is_void=False), name="step_public_is_current"),
            models.UniqueConstraint(fields=("tenant", "entry", "revision"), name="step_revision"),
            models.UniqueConstraint(fields=("tenant", "entry"), condition=Q(is_current=True), name="step_one_current"),
        )  # fmt: skip
        indexes = (models.Index(fields=("tenant", "on"), name="step_by_day"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.on}"

    @property
    def as_entry(self) -> Entry:
        return Entry(
            key=str(self.entry),
            step=Step(self.kind),
            on=self.on,
            until=self.until,
            announced=self.announced_on,
            certain=self.source == Source.RECORDED,
        )


class StepDocument(PlanChild):
    """A paper of a step: a decision, a notice, an approval, the executed plan."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    step = models.ForeignKey(
        ProcedureStep, on_delete=models.CASCADE, related_name="documents", db_constraint=False
    )
    title = models.CharField(_("Title"), max_length=200)
    file = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("File"))
    sha256 = models.CharField("SHA-256", max_length=64)
    is_internal = models.BooleanField(_("Internal"), default=True)
    is_public = models.BooleanField(_("Public"), default=False)
    created_at = models.DateTimeField(_("Added"), auto_now_add=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Added by")
    )

    class Meta:
        verbose_name = _("Document of a step")
        verbose_name_plural = _("Documents of steps")
        ordering = ("created_at", "id")
        constraints = (models.UniqueConstraint(fields=("tenant", "public_id"), name="stepdocument_public_id"),)  # fmt: skip

    def __str__(self) -> str:
        return self.title


class FassungKind(models.TextChoices):
    PRELIMINARY = "preliminary", _("Vorentwurf")
    DRAFT = "draft", _("Entwurf")
    ADOPTED = "adopted", _("Satzung oder festgestellter Plan")


class Fassung(PlanChild):
    """What the town means to have decided or published: a file revision under its legal name. Frozen (by the database) once
    it was published; editing goes on in a new one."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(_("Fassung"), max_length=11, choices=FassungKind)
    number = models.PositiveIntegerField(_("Number"), default=1, editable=False)
    dated_on = models.DateField(_("As of"))
    version = models.ForeignKey(
        PlanVersion, on_delete=models.PROTECT, related_name="fassungen", db_constraint=False, verbose_name=_("Version")
    )  # fmt: skip
    frozen_at = models.DateTimeField(_("Frozen"), null=True, editable=False)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Created by")
    )
    is_public = models.BooleanField(_("Public"), default=False, editable=False)

    class Meta:
        verbose_name = "Fassung"
        verbose_name_plural = "Fassungen"
        ordering = ("-dated_on", "-id")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "public_id"), name="fassung_public_id"),
            models.UniqueConstraint(fields=("tenant", "plan", "kind", "number"), name="fassung_number"),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.get_kind_display()}" if self.number > 1 else self.get_kind_display()


class CalendarKey(TenantOwned):
    """Lets a calendar program of one person read the dates of the tenant; removed, its address is dead."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", verbose_name=_("Person"))
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)

    class Meta:
        verbose_name = _("Key of a calendar")
        verbose_name_plural = _("Keys of calendars")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "public_id"), name="calendarkey_public_id"),
            models.UniqueConstraint(fields=("tenant", "user"), name="calendarkey_of_person"),
        )

    def __str__(self) -> str:
        return str(self.user)
