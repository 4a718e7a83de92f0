"""Who there is (people, tenants, memberships) and what every tenant's thing needs (owner, jobs, mails, events, files)."""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser, BaseUserManager, Group
from django.contrib.gis.db import models
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenants.roles import Role
from tenants.scope import Scope

AGS = RegexValidator(r"^(\d{5}|\d{8})$", _("The AGS has 8 digits (a county's 5)."))
ARS = RegexValidator(
    r"^(\d{5}|\d{9}|\d{12})$", _("The ARS has 12 digits (an association's 9, a county's 5).")
)
COLOUR = RegexValidator(r"^#[0-9a-f]{6}$", _("A colour such as #1a5f8a."))
HOST = RegexValidator(
    r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", _("A host name in lower case such as beteiligung.example.de.")
)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractUser):
    """A person with a login. Deactivated, never deleted: events and statements name them."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("E-mail"), unique=True)
    name = models.CharField(_("Name"), max_length=150)
    is_service = models.BooleanField(_("Service account"), default=False)
    reach: Any  # permissions.Reach of this request, set by the middleware
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Person")
        verbose_name_plural = _("People")

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    get_short_name = get_full_name


class TenantKind(models.TextChoices):
    COUNTY = "county", _("County")
    ASSOCIATION = "association", _("Verwaltungsgemeinschaft")
    MUNICIPALITY = "municipality", _("Municipality")


class TenantManager(models.Manager["Tenant"]):
    def group_for(self, slug: str) -> Group:
        """A new group: single shares with the whole tenant hang on it."""
        return Group.objects.create(name=f"tenant:{slug}")

    def create_with_group(self, **fields: Any) -> "Tenant":
        return self.create(group=self.group_for(fields["slug"]), **fields)


class Tenant(models.Model):
    """A municipality, a Verwaltungsgemeinschaft or the county. AGS and ARS are kept apart: neither follows from the other."""

    kind = models.CharField(_("Kind"), max_length=12, choices=TenantKind)
    name = models.CharField(_("Name"), max_length=120)
    slug = models.SlugField(_("Short name in addresses"), unique=True)
    ags = models.CharField("AGS", max_length=8, unique=True, null=True, blank=True, validators=[AGS])
    ars = models.CharField("ARS", max_length=12, unique=True, null=True, blank=True, validators=[ARS])
    association = models.ForeignKey(
        "self",
        verbose_name=_("Verwaltungsgemeinschaft"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        limit_choices_to={"kind": TenantKind.ASSOCIATION},
    )
    boundary = models.MultiPolygonField(_("Boundary"), srid=settings.TWIN_SRID, null=True, blank=True)
    population = models.PositiveIntegerField(_("Inhabitants"), null=True, blank=True)
    colour = models.CharField(_("Colour"), max_length=7, default="#1a4b7a", validators=[COLOUR])
    coat_of_arms = models.ImageField(_("Coat of arms"), upload_to="wappen/", blank=True)
    contact = models.TextField(_("Contact shown to the public"), blank=True)
    active = models.BooleanField(_("Active"), default=True)
    onboarded_on = models.DateField(_("Onboarded on"), null=True, blank=True)
    trained_on = models.DateField(_("Staff trained on"), null=True, blank=True)
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="tenant", editable=False)
    objects: ClassVar[TenantManager] = TenantManager()

    class Meta:
        verbose_name = _("Tenant")
        verbose_name_plural = _("Tenants")
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=Q(association__isnull=True) | Q(kind=TenantKind.MUNICIPALITY),
                name="tenant_only_municipality_in_association",
            ),
        )

    def __str__(self) -> str:
        return self.name


class HostName(models.Model):
    """A host name under which a tenant's public pages are served."""

    tenant = models.ForeignKey(
        Tenant, verbose_name=_("Tenant"), on_delete=models.CASCADE, related_name="host_names"
    )
    host = models.CharField(_("Host name"), max_length=253, unique=True, validators=[HOST])

    class Meta:
        verbose_name = _("Host name")
        verbose_name_plural = _("Host names")

    def __str__(self) -> str:
        return self.host


ROLES = (
    (Role.COUNTY_ADMIN.value, _("County administrator")),
    (Role.COUNTY_ANALYST.value, _("County analyst")),
    (Role.MUNICIPAL_ADMIN.value, _("Municipal administrator")),
    (Role.PLANNER.value, _("Planner")),
    (Role.EDITOR.value, _("Editor")),
    (Role.MODERATOR.value, _("Moderator")),
)


class Membership(models.Model):
    """One role of one person in one tenant; several rows make several roles."""

    user = models.ForeignKey(
        User, verbose_name=_("Person"), on_delete=models.PROTECT, related_name="memberships"
    )
    tenant = models.ForeignKey(
        Tenant, verbose_name=_("Tenant"), on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("Role"), max_length=16, choices=ROLES)
    since = models.DateTimeField(_("Since"), auto_now_add=True)

    class Meta:
        verbose_name = _("Membership")
        verbose_name_plural = _("Memberships")
        constraints = (models.UniqueConstraint(fields=("user", "tenant", "role"), name="membership_unique"),)

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.tenant}"


class Invitation(models.Model):
    """An invitation by mail; the token itself is only in the mail, here is its SHA-256."""

    tenant = models.ForeignKey(
        Tenant, verbose_name=_("Tenant"), on_delete=models.PROTECT, related_name="invitations"
    )
    email = models.EmailField(_("E-mail"))
    name = models.CharField(_("Name"), max_length=150, blank=True)
    roles = models.JSONField(_("Roles"), default=list)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        User, verbose_name=_("Invited by"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("Invited at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("Expires at"))
    accepted_at = models.DateTimeField(_("Accepted at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("Revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("Invitation")
        verbose_name_plural = _("Invitations")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.email} · {self.tenant}"

    def is_open(self, at: datetime) -> bool:
        return self.accepted_at is None and self.revoked_at is None and at < self.expires_at


Row = TypeVar("Row", bound="TenantOwned")


class TenantQuerySet(models.QuerySet[Row]):
    """Rows of tenants. The wall is in the database; `visible_to` is the net before it and lets PostgreSQL use its index."""

    share_column: ClassVar[str] = ""  # the column that names the shared root, when single grants open rows
    share_kind: ClassVar[str] = ""  # its kind: plan, procedure, dataset or person, see tenants.scope.Scope

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Rows the person may read: of the active tenant, public ones, and those shared with them."""
        scope: Scope = user.reach.scope  # type: ignore[union-attr]  # set by the middleware, see permissions.reach
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

    @property
    def percent(self) -> int:
        return round(self.share_done * 100)


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


class EmergencyAccess(models.Model):
    """An operator's break-glass access to one tenant: with a reason, for a short time, visible in the tenant's audit."""

    tenant = models.ForeignKey(Tenant, verbose_name=_("Tenant"), on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey(User, verbose_name=_("Operator"), on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("Reason"))
    opened_at = models.DateTimeField(_("Opened"))
    expires_at = models.DateTimeField(_("Expires"))

    class Meta:
        verbose_name = _("Emergency access")
        verbose_name_plural = _("Emergency accesses")

    def __str__(self) -> str:
        return f"{self.operator} · {self.tenant} · {self.expires_at:%Y-%m-%d %H:%M}"
