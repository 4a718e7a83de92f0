"""Access tokens: with one, a program reads what its person reads, and with some does what its person may.

Kept as a hash, so that who reads the database can't use one.
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants import events
from tenants.errors import Refused
from tenants.invitations import hashed
from tenants.models import ApiToken, Membership, Tenant, User
from tenants.scope import acting_for

PREFIX = "kz_"  # tells people and secret scanners what it is
MOST = 20  # of one person
LIFETIMES = (30, 90, 365)  # days
_RECENT = timedelta(hours=1)  # the last use is written down no oftener, or each request would write


@transaction.atomic
def make_token(user: User, *, tenant: Tenant | None, name: str, days: int, may_write: bool = False) -> str:
    """A new token of the person for this tenant; returned once and never again. Raises Refused."""
    User.objects.select_for_update().get(pk=user.pk)  # two requests at once come one by one
    if user.access_tokens.count() >= MOST:
        raise Refused(_("You have twenty access tokens. Please revoke one that you need no more."))
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        tenant=tenant,
        name=name,
        may_write=may_write,
        token_hash=hashed(secret),
        expires_at=timezone.now() + timedelta(days=days),
    )
    if tenant:
        with acting_for([tenant.pk], [tenant.pk]):
            told = events.state_of(token, "name", "expires_at", "may_write")
            events.audit("make_token", tenant_id=tenant.pk, thing=token, actor=user, before={}, after=told)
    return secret


@transaction.atomic
def revoke_token(token: ApiToken, *, actor: User) -> None:
    """The token opens nothing any more."""
    if tenant := token.tenant:
        with acting_for([tenant.pk], [tenant.pk]):
            told = events.state_of(token, "name", "expires_at", "may_write")
            events.audit("revoke_token", tenant_id=tenant.pk, thing=token, actor=actor, before=told, after={})
    token.delete()


def find(secret: str, *, at: datetime) -> ApiToken | None:
    """The token if it opens anything now: not expired, its person active and still a member of its tenant, which is active."""
    member = Membership.objects.filter(user=OuterRef("user"), tenant=OuterRef("tenant"), tenant__active=True)
    token = (
        ApiToken.objects.select_related("user")
        .filter(Q(tenant=None) | Exists(member), user__is_active=True, expires_at__gt=at)
        .filter(token_hash=hashed(secret))
        .first()
    )
    if token is None:
        return None
    if token.last_used_at is None or at - token.last_used_at > _RECENT:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
    return token
