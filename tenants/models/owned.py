"""What every tenant's thing needs: its owner, and the jobs, mails, events and files that all packages use."""

import uuid
from typing import Any, ClassVar, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.db import models
from django.core.cache import cache
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenants.models.people import Tenant, User
from tenants.scope import Scope

Row = TypeVar("Row", bound="TenantOwned")
_TOLD_SECONDS = 3600  # that a report from inside a transaction is kept


class TenantQuerySet(models.QuerySet[Row]):
    """Rows of tenants. The wall is in the database; `visible_to` is the net before it and lets PostgreSQL use its index."""

    share_column: ClassVar[str] = ""  # the column that names the shared root, when single grants open rows
    share_kind: ClassVar[str] = (
        ""  # its kind: plan, procedure, dataset, run or person, see tenants.scope.Scope
    )

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Rows the person may read: of the active tenant, public ones, and those shared with them."""
        scope: Scope = user.reach.scope  # type: ignore[union-attr]  # set by the middleware, see permissions.reach
        return self.visible_in(scope)

    def visible_in(self, scope: "Scope") -> Self:
        condition = Q(tenant_id__in=scope.read)
        if any(field.name == "is_public" for field in self.model._meta.fields):
            condition |= Q(is_public=True)
        if self.share_column and (shared := getattr(scope, f"{self.share_kind}s")):
            condition |= Q(**{f"{self.share_column}__in": shared})
        return self.filter(condition)


class TenantOwned(models.Model):
    """Abstract: a row that belongs to a tenant and lies behind the wall (rls.protect in its migration)."""

    tenant = models.ForeignKey(Tenant, verbose_name=_("Tenant"), on_delete=models.PROTECT, related_name="+")
    objects: ClassVar[Any] = TenantQuerySet.as_manager()

    class Meta:
        abstract = True


class JobState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class JobQuerySet(TenantQuerySet["Job"]):
    share_column = "actor_id"  # who started a job follows it, also a planning bureau from outside the tenant
    share_kind = "person"


class Job(TenantOwned):
    """A long piece of work of one tenant: progress, cancel, resume. See tenants/jobs.py."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    task = models.CharField(max_length=200, help_text=_("Name of the Celery task"))
    title = models.CharField(_("Title"), max_length=300)
    params = models.JSONField(default=dict)
    state = models.CharField(_("State"), max_length=10, choices=JobState, default=JobState.QUEUED)
    share_done = models.FloatField(_("Share done"), default=0.0)
    step = models.CharField(_("Step"), max_length=300, blank=True)
    checkpoint = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error = models.TextField(_("Error"), blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    actor = models.ForeignKey(
        User, verbose_name=_("Started by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    sent_at = models.DateTimeField(null=True, help_text=_("When it was last given to the worker"))
    started_at = models.DateTimeField(_("Started"), null=True)
    finished_at = models.DateTimeField(_("Finished"), null=True)
    objects: ClassVar[Any] = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("Job")
        verbose_name_plural = _("Jobs")
        ordering = ("-created_at",)
        constraints = (models.UniqueConstraint(fields=("tenant", "public_id"), name="job_public_id"),)
        indexes = (models.Index(fields=("tenant", "-created_at"), name="job_recent"),)

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in {JobState.DONE, JobState.FAILED, JobState.CANCELLED}

    def tell(self, share_done: float) -> None:
        """Report from inside a transaction; the row follows at its end."""
        cache.set(self._told, min(max(share_done, 0.0), 1.0), _TOLD_SECONDS)

    @property
    def _told(self) -> str:
        return f"job-share-{self.pk}-{self.attempts}"

    @property
    def percent(self) -> int:
        told = cache.get(self._told, 0.0) if self.state == JobState.RUNNING else 0.0
        return round(max(self.share_done, told) * 100)


class OutboxMessage(TenantOwned):
    """A mail that is sent after commit; see tenants/outbox.py."""

    key = models.CharField(
        max_length=200, help_text=_("What the mail is about; the same key is never queued twice")
    )
    recipient = models.EmailField(pgettext_lazy("mail", "To"))
    subject = models.CharField(_("Subject"), max_length=300)
    body = models.TextField(_("Text"))
    confidential = models.BooleanField(
        default=False, help_text=_("The text holds a secret and is emptied once it is sent")
    )
    attachment = models.ForeignKey("PrivateFile", on_delete=models.PROTECT, null=True, related_name="+")
    message_id = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True, help_text=_("Not tried again before"))
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("Outgoing mail")
        verbose_name_plural = _("Outgoing mails")
        constraints = (models.UniqueConstraint(fields=("tenant", "key"), name="outbox_key"),)
        indexes = (
            models.Index(fields=("created_at",), condition=Q(sent_at__isnull=True), name="outbox_unsent"),
        )

    def __str__(self) -> str:
        return self.subject


class AuditEvent(TenantOwned):
    """Who did what and when, with the values before and after. The serving login can only add rows."""

    at = models.DateTimeField(_("When"), db_index=True)
    actor = models.ForeignKey(
        User, verbose_name=_("Who"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    actor_name = models.CharField(_("Who"), max_length=150)
    action = models.CharField(_("What"), max_length=60)
    kind = models.CharField(_("Kind of thing"), max_length=60)
    object_id = models.CharField(max_length=60)
    label = models.CharField(_("Thing"), max_length=300)
    before = models.JSONField(_("Before"), default=dict)
    after = models.JSONField(_("After"), default=dict)

    class Meta:
        verbose_name = _("Audit record")
        verbose_name_plural = _("Audit records")
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("tenant", "-at"), name="audit_recent"),)

    def __str__(self) -> str:
        return f"{self.action} · {self.label}"


class UsageEvent(TenantOwned):
    """One use of the twin; the ground of the county's indicators. `tenant` is the municipality served. Append-only."""

    at = models.DateTimeField(_("When"))
    kind = models.CharField(_("Kind"), max_length=60)
    use_case = models.CharField(_("Use case"), max_length=60, blank=True)
    user = models.ForeignKey(
        User, verbose_name=_("Who"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    by_county = models.BooleanField(_("Done by the county"), default=False)

    class Meta:
        verbose_name = _("Usage event")
        verbose_name_plural = _("Usage events")
        indexes = (models.Index(fields=("tenant", "at"), name="usage_when"),)

    def __str__(self) -> str:
        return f"{self.kind} · {self.at:%Y-%m-%d}"


class PrivateFile(TenantOwned):
    """A file outside MEDIA_ROOT; bytes lie at PRIVATE_ROOT/<tenant>/<public_id>. See tenants/files.py."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(_("File name"), max_length=255)
    content_type = models.CharField(_("Type"), max_length=100)
    size = models.PositiveBigIntegerField(_("Size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    is_public = models.BooleanField(_("Public"), default=False)
    has_script = models.BooleanField(
        _("May run something"), default=False, help_text=_("Given out as a download alone")
    )
    created_at = models.DateTimeField(_("Uploaded"), auto_now_add=True)
    created_by = models.ForeignKey(
        User, verbose_name=_("Uploaded by"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("File")
        verbose_name_plural = _("Files")
        constraints = (models.UniqueConstraint(fields=("tenant", "public_id"), name="file_public_id"),)

    def __str__(self) -> str:
        return self.name
