"""Who there is: people, tenants, their host names, memberships, invitations, emergency access."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager, Group
from django.contrib.gis.db import models
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.roles import Role

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
    name = models.CharField(_("Name"), max_length=120, db_collation="de-x-icu")  # Gröditz before Großenhain
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

    @property
    def extent(self) -> str:
        """West, south, east and north of the boundary, where a map of the town begins; empty without one."""
        return ",".join(f"{edge:.0f}" for edge in self.boundary.extent) if self.boundary else ""


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


class ApiToken(models.Model):
    """With it a program reads what its person reads in one tenant, and does what they may where `may_write` says so.

    The token itself is shown once, here is its SHA-256.
    """

    user = models.ForeignKey(
        User, verbose_name=_("Person"), on_delete=models.PROTECT, related_name="access_tokens"
    )
    tenant = models.ForeignKey(
        Tenant, verbose_name=_("Tenant"), on_delete=models.PROTECT, related_name="+", null=True
    )
    name = models.CharField(_("What it is for"), max_length=80)
    may_write = models.BooleanField(_("May change things"), default=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("Made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("Expires at"))
    last_used_at = models.DateTimeField(_("Last used"), null=True, editable=False)

    class Meta:
        verbose_name = _("Access token")
        verbose_name_plural = _("Access tokens")
        ordering = ("-created_at", "-pk")

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
