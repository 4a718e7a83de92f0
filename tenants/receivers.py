"""What people change about their own account with allauth's pages, into the records of every tenant they belong to."""

from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.db import transaction
from django.dispatch import receiver

from tenants import events
from tenants.models import Tenant, TenantKind, User
from tenants.permissions import memberships
from tenants.scope import acting_for


@receiver([password_changed, password_set, password_reset])
def password_renewed(user: User, **kwargs: Any) -> None:
    _record("change_password", user)


@receiver(email_changed)
def mail_changed(
    user: User, from_email_address: EmailAddress | None, to_email_address: EmailAddress, **kwargs: Any
) -> None:
    before = {"email": from_email_address.email if from_email_address else ""}
    _record("change_mail", user, before=before, after={"email": to_email_address.email})


@receiver(authenticator_added)
def second_factor_added(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:  # they come with each first factor
        _record("add_second_factor", user)


@receiver(authenticator_removed)
def second_factor_removed(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        _record("remove_second_factor", user)


@receiver(authenticator_reset)
def recovery_codes_renewed(user: User, **kwargs: Any) -> None:
    _record("renew_recovery_codes", user)


@transaction.atomic
def _record(
    action: str,
    user: User,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Never with a secret. Citizens belong to no administration: nobody keeps records of their accounts."""
    for tenant in memberships(user) or _of_operators(user):
        with acting_for([tenant.pk], [tenant.pk]):
            events.audit(action, tenant_id=tenant.pk, thing=user, actor=user, before=before, after=after)


def _of_operators(user: User) -> list[Tenant]:
    """As for their other acts: the county keeps the records of who runs the platform."""
    return list(Tenant.objects.filter(kind=TenantKind.COUNTY)[:1]) if user.is_superuser else []
