"""Who may do what: roles in tenants and single shares. The only module that imports guardian."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.utils import timezone
from guardian.models import GroupObjectPermission, UserObjectPermission
from guardian.shortcuts import assign_perm, remove_perm

from tenants.errors import Forbidden
from tenants.models import EmergencyAccess, Job, Tenant, TenantKind, TenantOwned, User
from tenants.roles import SHARE_ACTIONS, Role, Share, actions_of
from tenants.scope import Scope

Person = User | AnonymousUser
NOBODY = frozenset[Role]()


@dataclass(frozen=True)
class Reach:
    """What a person reaches while one tenant is active: roles by tenant id, and the database scope that follows."""

    active: Tenant | None = None
    tenants: tuple[Tenant, ...] = ()  # the person's own, by name
    roles: Mapping[int, frozenset[Role]] = field(default_factory=dict)
    scope: Scope = field(default_factory=Scope)


def memberships(user: Person) -> dict[Tenant, frozenset[Role]]:
    """The person's tenants with the roles in each, by name; emergency accesses of an operator count as municipal admin."""
    if not user.is_authenticated or not user.is_active:
        return {}
    rows = (
        Tenant.objects.filter(active=True, memberships__user=user)
        .annotate(held=ArrayAgg("memberships__role"))
        .defer("boundary")  # thousands of corners that few pages need
        .order_by("name")
    )
    found: dict[Tenant, set[Role]] = {tenant: {Role(role) for role in tenant.held} for tenant in rows}
    if user.is_superuser:
        for access in _emergencies(user, timezone.now()):
            found.setdefault(access.tenant, set()).add(Role.MUNICIPAL_ADMIN)
    return {tenant: frozenset(roles) for tenant, roles in found.items()}


def _emergencies(user: User, at: datetime) -> models.QuerySet[EmergencyAccess]:
    return EmergencyAccess.objects.filter(operator=user, opened_at__lte=at, expires_at__gt=at).select_related(
        "tenant"
    )


def reach(user: Person, *, active_id: int | None = None, exactly: bool = False) -> Reach:
    """What the person reaches with the tenant `active_id` active; where it is none of theirs, the first by name, or `exactly` none.

    A Verwaltungsgemeinschaft acts for its members: its roles hold in each of them.
    """
    own = memberships(user)
    first = None if exactly else next(iter(own), None)
    active = next((tenant for tenant in own if tenant.pk == active_id), first)
    roles: dict[int, frozenset[Role]] = {}
    if active is not None:
        roles[active.pk] = own[active]
        if active.kind == TenantKind.ASSOCIATION:
            roles.update(
                dict.fromkeys(
                    Tenant.objects.filter(association=active, active=True).values_list("pk", flat=True),
                    own[active],
                )
            )
    readable = tuple(roles)
    writable = tuple(pk for pk, held in roles.items() if actions_of(held) - {"view", "see_indicators"})
    shared = _shared(user, active)
    scope = Scope(
        read=readable,
        write=writable,
        plans=shared.get("plan", ()),
        procedures=shared.get("procedure", ()),
        datasets=shared.get("dataset", ()),
        runs=shared.get("run", ()),
        persons=(user.pk,) if user.is_authenticated and user.is_active else (),
    )
    return Reach(active=active, tenants=tuple(own), roles=roles, scope=scope)


def _shared(user: Person, active: Tenant | None) -> dict[str, tuple[int, ...]]:
    """Ids of rows shared with the person, or with the active tenant as a whole, by model name."""
    if not user.is_authenticated or not user.is_active:
        return {}
    rows = UserObjectPermission.objects.filter(user=user).values_list("content_type__model", "object_pk")
    if active is not None:
        rows = rows.union(
            GroupObjectPermission.objects.filter(group_id=active.group_id).values_list(
                "content_type__model", "object_pk"
            )
        )
    return _by_model(rows)


def _by_model(rows: Iterable[tuple[str, str]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for model, key in rows:
        found.setdefault(model, set()).add(int(key))
    return {model: tuple(sorted(keys)) for model, keys in found.items()}


def scope_of(tenant: Tenant) -> Scope:
    """What a tenant reads by itself, where no person asks: its own, and what is shared with it as a whole."""
    rows = GroupObjectPermission.objects.filter(group_id=tenant.group_id)
    shared = _by_model(rows.values_list("content_type__model", "object_pk"))
    return Scope(
        read=(tenant.pk,),
        plans=shared.get("plan", ()),
        procedures=shared.get("procedure", ()),
        datasets=shared.get("dataset", ()),
        runs=shared.get("run", ()),
    )


def reach_of(user: Person) -> Reach:
    """The reach that the middleware opened for this request, or that of the first tenant outside one."""
    found: Reach | None = getattr(user, "reach", None)
    if found is None:
        found = reach(user)
        user.reach = found  # type: ignore[union-attr]  # kept for this request's user object
    return found


def actions(user: Person, thing: TenantOwned | Tenant) -> frozenset[str]:
    """All actions the person may do with a tenant or with a tenant's row."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    tenant_id = thing.pk if isinstance(thing, Tenant) else thing.tenant_id
    here = reach_of(user)
    allowed = actions_of(here.roles.get(tenant_id, NOBODY))
    if isinstance(thing, TenantOwned):
        allowed = allowed.union(*(SHARE_ACTIONS[share] for share in _shares_on(thing, user, here.active)))
    if isinstance(thing, Job) and thing.actor_id == user.pk:
        allowed |= {"view"}
    return allowed


def _shares_on(thing: TenantOwned, user: Person, active: Tenant | None) -> frozenset[Share]:
    """The grants themselves: guardian's get_perms would give an operator (superuser) every one of them."""
    if thing._meta.model_name not in SHAREABLE:
        return frozenset()
    on_thing = {"object_pk": str(thing.pk), "content_type": ContentType.objects.get_for_model(thing)}
    codes = UserObjectPermission.objects.filter(user_id=user.pk, **on_thing).values_list(
        "permission__codename", flat=True
    )
    if active is not None:
        codes = codes.union(
            GroupObjectPermission.objects.filter(group_id=active.group_id, **on_thing).values_list(
                "permission__codename", flat=True
            )
        )
    return frozenset(Share(code.removeprefix("as_")) for code in codes if code.startswith("as_"))


SHAREABLE = frozenset({"plan", "procedure", "dataset", "run"})
SHARE_PERMISSIONS = tuple(
    (f"as_{share.value}", f"Shared as {share.value}") for share in Share
)  # Meta.permissions of SHAREABLE models


def can(user: Person, action: str, thing: TenantOwned | Tenant) -> bool:
    return action in actions(user, thing)


def require(user: Person, action: str, thing: TenantOwned | Tenant) -> None:
    """Raise Forbidden unless the person may do this."""
    if not can(user, action, thing):
        raise Forbidden(f"{action} on {thing._meta.label} {thing.pk}")


def share(thing: TenantOwned, *, holder: User | Tenant, as_: Share) -> None:
    """Open one plan, procedure, dataset or run to a person or to a whole tenant (its group)."""
    assign_perm(f"as_{as_.value}", holder.group if isinstance(holder, Tenant) else holder, thing)


def unshare(thing: TenantOwned, *, holder: User | Tenant, as_: Share) -> None:
    remove_perm(f"as_{as_.value}", holder.group if isinstance(holder, Tenant) else holder, thing)


def has_shares(user: User) -> bool:
    """Whether any single row is shared with the person."""
    return UserObjectPermission.objects.filter(user=user).exists()


def shares_of(thing: TenantOwned) -> list[tuple[User | Tenant, Share]]:
    """Who holds single grants on a plan, procedure, dataset or run: persons, then tenants, by name."""
    on_thing = {"object_pk": str(thing.pk), "content_type": ContentType.objects.get_for_model(thing)}
    persons = UserObjectPermission.objects.filter(**on_thing).select_related("user", "permission")
    groups = GroupObjectPermission.objects.filter(**on_thing).select_related("group__tenant", "permission")
    found: list[tuple[User | Tenant, Share]] = [
        *((row.user, Share(row.permission.codename.removeprefix("as_"))) for row in persons),
        *((row.group.tenant, Share(row.permission.codename.removeprefix("as_"))) for row in groups),
    ]
    return sorted(found, key=lambda pair: (isinstance(pair[0], Tenant), str(pair[0])))
