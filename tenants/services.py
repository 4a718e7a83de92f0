"""What people do with tenants, members and invitations. Every act is recorded with the values before and after."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import IO, Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model
from django.http.request import validate_host
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants import arms, events, invitations, jobs, theming
from tenants.errors import (
    AlreadyMember,
    Forbidden,
    InvitationInvalid,
    LastAdmin,
    Refused,
    RoleNotOffered,
    WrongAccount,
)
from tenants.models import (
    EmergencyAccess,
    HostName,
    Invitation,
    Job,
    Membership,
    Tenant,
    TenantKind,
    User,
)
from tenants.permissions import can, has_shares, memberships, require
from tenants.roles import ADMINS, FOR_COUNTY, FOR_MUNICIPALITY, Role
from tenants.scope import acting_for

FACTS = ("kind", "name", "slug", "ags", "ars", "association", "population", "onboarded_on", "trained_on")
BRAND = ("name", "colour", "contact", "coat_of_arms")
LONGEST_EMERGENCY = timedelta(hours=24)


def roles_offered(tenant: Tenant) -> frozenset[Role]:
    """The roles that exist in this kind of tenant."""
    return FOR_COUNTY if tenant.kind == TenantKind.COUNTY else FOR_MUNICIPALITY


def _record(
    action: str, thing: Model, *, tenant: Tenant, actor: User | None, change: tuple[Mapping[str, Any], Any]
) -> None:
    """Into the tenant's own audit, also when the actor (county, operator) has no scope there."""
    with acting_for([tenant.pk], [tenant.pk]):
        events.audit(action, tenant_id=tenant.pk, thing=thing, actor=actor, before=change[0], after=change[1])


# --- tenants


@transaction.atomic
def create_tenant(
    facts: Mapping[str, Any],
    *,
    by: Tenant,
    actor: User,
    host_names: Iterable[str] = (),
    first_admin: str = "",
) -> Tenant:
    """A new municipality or Verwaltungsgemeinschaft of the county `by`.

    facts: fields of Tenant; first_admin: mail address that is invited to administer it.
    """
    require(actor, "create_tenant", by)
    tenant = Tenant(**facts)
    tenant.full_clean(exclude=("group",))
    if tenant.kind == TenantKind.COUNTY:
        raise Refused(_("A county is set up by the operator."))
    tenant = Tenant.objects.create_with_group(**facts)
    for owner in (by, tenant):
        _record(
            "create_tenant", tenant, tenant=owner, actor=actor, change=({}, events.state_of(tenant, *FACTS))
        )
    for host in host_names:
        _add_host(tenant, host, actor=actor)
    if first_admin:
        _invite(tenant, actor=actor, email=first_admin, name="", roles={Role.MUNICIPAL_ADMIN})
    return tenant


@transaction.atomic
def change_tenant(tenant: Tenant, changes: Mapping[str, Any], *, by: Tenant, actor: User) -> None:
    """The county changes a tenant's facts: onboarded, trained, numbers, association, active."""
    require(actor, "create_tenant", by)
    before = events.state_of(tenant, *changes)
    for name, value in changes.items():
        setattr(tenant, name, value)
    tenant.full_clean(exclude=("group",))
    tenant.save(update_fields=list(changes))
    for owner in {by, tenant}:
        _record(
            "change_tenant",
            tenant,
            tenant=owner,
            actor=actor,
            change=(before, events.state_of(tenant, *changes)),
        )


def mark_onboarded(tenant: Tenant, *, by: Tenant, actor: User, on: date | None) -> None:
    change_tenant(tenant, {"onboarded_on": on}, by=by, actor=actor)


@transaction.atomic
def brand_tenant(
    tenant: Tenant,
    *,
    actor: User,
    words: Mapping[str, str],
    coat_of_arms: IO[bytes] | None = None,
    remove_arms: bool = False,
) -> None:
    """Name, colour and contact (`words`) and the coat of arms that the public sees."""
    require(actor, "brand", tenant)
    if not theming.is_readable(words["colour"]):
        raise Refused(_("White or black text can't be read on this colour. Choose a darker one."))
    before, old = events.state_of(tenant, *BRAND), tenant.coat_of_arms.name
    for name in ("name", "colour", "contact"):
        setattr(tenant, name, words.get(name, getattr(tenant, name)))
    if coat_of_arms is not None:
        picture = arms.redrawn(coat_of_arms)
        tenant.coat_of_arms.save(f"{tenant.slug}-{picture.name}", picture, save=False)
    elif remove_arms:
        tenant.coat_of_arms = ""
    tenant.full_clean(exclude=("group", "coat_of_arms"))
    tenant.save(update_fields=BRAND)
    if old and old != tenant.coat_of_arms.name:
        transaction.on_commit(lambda: default_storage.delete(old))
    _record("brand", tenant, tenant=tenant, actor=actor, change=(before, events.state_of(tenant, *BRAND)))


@transaction.atomic
def add_host_name(tenant: Tenant, host: str, *, actor: User) -> HostName:
    require(actor, "configure", tenant)
    return _add_host(tenant, host, actor=actor)


def _add_host(tenant: Tenant, host: str, *, actor: User) -> HostName:
    row = HostName(tenant=tenant, host=host.strip().lower())
    row.full_clean()
    own = settings.BASE_URL.split("://")[-1].split(":")[0]
    if row.host == own or not validate_host(row.host, settings.ALLOWED_HOSTS):
        raise Refused(_("This host name is not among those that the operator has set up for towns."))
    row.save()
    _record("add_host_name", row, tenant=tenant, actor=actor, change=({}, {"host": row.host}))
    return row


@transaction.atomic
def remove_host_name(row: HostName, *, actor: User) -> None:
    require(actor, "configure", row.tenant)
    _record("remove_host_name", row, tenant=row.tenant, actor=actor, change=({"host": row.host}, {}))
    row.delete()


# --- invitations


def admin_role(tenant: Tenant) -> Role:
    """The role that administers this kind of tenant."""
    return Role.COUNTY_ADMIN if tenant.kind == TenantKind.COUNTY else Role.MUNICIPAL_ADMIN


def may_invite(actor: User, tenant: Tenant, roles: Iterable[Role], *, by: Tenant | None = None) -> bool:
    """Who administers a tenant invites to it; while nobody does, an operator, and for a town the county `by`, invite the first."""
    if can(actor, "invite", tenant):
        return True
    if set(roles) != {admin_role(tenant)} or _admins(tenant).exists():
        return False
    of_county = by is not None and tenant.kind != TenantKind.COUNTY and can(actor, "create_tenant", by)
    return of_county or (actor.is_superuser and actor.is_active)


@transaction.atomic
def invite_member(  # noqa: PLR0913 - an invitation has these parts
    tenant: Tenant,
    *,
    actor: User,
    email: str,
    roles: Iterable[Role],
    name: str = "",
    by: Tenant | None = None,
) -> Invitation:
    """Invite somebody by mail to roles in the tenant; an earlier open invitation of the same address is withdrawn."""
    wanted = set(roles)
    if not may_invite(actor, tenant, wanted, by=by):
        raise Forbidden("invite")
    return _invite(tenant, actor=actor, email=email, name=name, roles=wanted)


def _invite(tenant: Tenant, *, actor: User, email: str, name: str, roles: set[Role]) -> Invitation:
    _require_offered(tenant, roles)
    now, address = timezone.now(), email.strip().lower()
    if Membership.objects.filter(tenant=tenant, user__email=address, user__is_active=True).exists():
        raise AlreadyMember(_("This person belongs to the tenant already. Change the roles instead."))
    Invitation.objects.filter(
        tenant=tenant, email=address, accepted_at__isnull=True, revoked_at__isnull=True
    ).update(revoked_at=now)
    invitation = Invitation(
        tenant=tenant,
        email=address,
        name=name,
        roles=sorted(roles),
        invited_by=actor,
        expires_at=now + invitations.VALID_FOR,
    )
    invitation.full_clean(exclude=("token_hash",))
    with acting_for([tenant.pk], [tenant.pk]):
        invitations.send(invitation)
    told = events.state_of(invitation, "email", "roles", "expires_at")
    _record("invite", invitation, tenant=tenant, actor=actor, change=({}, told))
    return invitation


def _require_offered(tenant: Tenant, roles: Iterable[Role]) -> None:
    wanted = set(roles)
    if not wanted or not wanted <= roles_offered(tenant):
        raise RoleNotOffered(_("Choose at least one role that exists in this tenant."))


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, actor: User) -> None:
    require(actor, "invite", invitation.tenant)
    if invitation.accepted_at is not None or invitation.revoked_at is not None:
        return
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    change = ({"email": invitation.email}, {"revoked_at": invitation.revoked_at})
    _record("revoke_invitation", invitation, tenant=invitation.tenant, actor=actor, change=change)


@transaction.atomic
def accept_invitation(token: str, *, user: User) -> Tenant:
    """An existing person joins. Raises InvitationInvalid, or WrongAccount when the mail went to somebody else."""
    invitation = invitations.find(token, at=timezone.now(), lock=True)
    if user.email.lower() != invitation.email.lower():
        raise WrongAccount(_("This invitation was sent to another mail address than that of your account."))
    return _join(invitation, user)


@transaction.atomic
def register_invited(token: str, *, name: str, password: str) -> User:
    """A person without a login gets one, by the invitation that proves the address; a deactivated one gets it back."""
    invitation = invitations.find(token, at=timezone.now(), lock=True)
    user = User.objects.filter(email=invitation.email).first()
    if user is not None and user.is_active:
        raise InvitationInvalid(_("There is an account for this address already. Please sign in to accept."))
    if user is None:
        user = User(email=invitation.email)
    user.name, user.is_active = name, True
    user.set_password(password)
    user.save()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    _join(invitation, user)
    return user


@transaction.atomic
def join_invited(user: User) -> None:
    """Accept all open invitations of somebody whose address a trusted sign-on service has verified."""
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("tenant")
    now = timezone.now()
    for invitation in rows.filter(email=user.email, accepted_at__isnull=True, tenant__active=True):
        if invitation.is_open(now):
            _join(invitation, user)


def _join(invitation: Invitation, user: User) -> Tenant:
    tenant = invitation.tenant
    held = _roles(user, tenant)
    for role in invitation.roles:
        Membership.objects.get_or_create(user=user, tenant=tenant, role=role)
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    change = ({"roles": held}, {"roles": _roles(user, tenant)})
    _record("accept_invitation", user, tenant=tenant, actor=user, change=change)
    return tenant


# --- members


def _roles(user: User, tenant: Tenant) -> list[str]:
    return sorted(Membership.objects.filter(user=user, tenant=tenant).values_list("role", flat=True))


def _admins(tenant: Tenant) -> Any:
    return Membership.objects.filter(tenant=tenant, role__in=ADMINS, user__is_active=True)


@transaction.atomic
def change_role(user: User, *, tenant: Tenant, roles: Iterable[Role], actor: User) -> None:
    """Give a member exactly these roles. Raises LastAdmin when nobody would be left to administer the tenant."""
    wanted = set(roles)
    _require_offered(tenant, wanted)
    _set_roles(user, tenant, wanted, actor=actor, action="change_role")


def _set_roles(user: User, tenant: Tenant, wanted: set[Role], *, actor: User, action: str) -> None:
    require(actor, "change_role", tenant)
    Tenant.objects.select_for_update().get(pk=tenant.pk)  # two admins who remove each other come one by one
    held, had_admin = _roles(user, tenant), _admins(tenant).exists()
    if not held:
        raise Forbidden(action)
    Membership.objects.filter(user=user, tenant=tenant).exclude(role__in=wanted).delete()
    for role in wanted:
        Membership.objects.get_or_create(user=user, tenant=tenant, role=role)
    if had_admin and not _admins(tenant).exists():
        raise LastAdmin(_("Somebody must remain who administers the tenant."))
    _record(action, user, tenant=tenant, actor=actor, change=({"roles": held}, {"roles": sorted(wanted)}))


@transaction.atomic
def deactivate_member(user: User, *, tenant: Tenant, actor: User) -> None:
    """Take all roles in the tenant; who then belongs nowhere can't sign in any more. Nobody is deleted: records name them."""
    _set_roles(user, tenant, set(), actor=actor, action="deactivate_member")
    if not (user.is_superuser or user.memberships.exists() or has_shares(user)):
        user.is_active = False
        user.save(update_fields=["is_active"])


@transaction.atomic
def change_profile(user: User, *, name: str) -> None:
    """A person's own name, as every tenant they belong to reads it."""
    before = {"name": User.objects.select_for_update().get(pk=user.pk).name}
    user.name = name
    user.full_clean()
    user.save(update_fields=["name"])
    for tenant in memberships(user):
        _record("change_profile", user, tenant=tenant, actor=user, change=(before, {"name": name}))


@transaction.atomic
def switch_tenant(user: User, *, left: Tenant | None, entered: Tenant) -> None:
    """Record for whom a person acts from now on, in either tenant's own audit without the other's name. Raises Forbidden."""
    if entered not in memberships(user):
        raise Forbidden("switch_tenant")
    if left is not None and left != entered:
        _record("switch_tenant", user, tenant=left, actor=user, change=({"tenant": left}, {}))
    if left != entered:
        _record("switch_tenant", user, tenant=entered, actor=user, change=({}, {"tenant": entered}))


# --- operators and jobs


@transaction.atomic
def open_emergency_access(
    tenant: Tenant, *, operator: User, reason: str, duration: timedelta
) -> EmergencyAccess:
    """Break-glass: an operator reaches one tenant for a short time; its own audit shows who, why and until when."""
    if not (operator.is_superuser and operator.is_active):
        raise Forbidden("open_emergency_access")
    if len(reason.strip()) < 10 or not timedelta() < duration <= LONGEST_EMERGENCY:
        raise Refused(_("Give a reason of ten characters or more, and at most 24 hours."))
    now = timezone.now()
    access = EmergencyAccess.objects.create(
        tenant=tenant, operator=operator, reason=reason.strip(), opened_at=now, expires_at=now + duration
    )
    told = events.state_of(access, "reason", "opened_at", "expires_at")
    _record("open_emergency_access", access, tenant=tenant, actor=operator, change=({}, told))
    return access


@transaction.atomic
def close_emergency_access(access: EmergencyAccess, *, operator: User) -> None:
    """End an access before its time."""
    if access.operator_id != operator.pk:
        raise Forbidden("close_emergency_access")
    now, before = timezone.now(), events.state_of(access, "expires_at")
    if access.expires_at <= now:
        return
    access.expires_at = now
    access.save(update_fields=["expires_at"])
    change = (before, events.state_of(access, "expires_at"))
    _record("close_emergency_access", access, tenant=access.tenant, actor=operator, change=change)


def cancel_job(job: Job, *, actor: User) -> None:
    """Who started a job cancels it, and who administers the tenant."""
    if job.actor_id != actor.pk and not can(actor, "configure", job.tenant):
        raise Forbidden("cancel_job")
    jobs.cancel(job, actor=actor)
