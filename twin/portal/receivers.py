"""What the public front does when tenants, their addresses or their people change."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from tenants.models import HostName, Membership, Tenant, TenantKind
from twin.portal.services import create_site_for, sync_editors, sync_hosts


@receiver(post_save, sender=Tenant)
def tenant_saved(instance: Tenant, raw: bool, **kwargs: Any) -> None:
    if not raw:
        transaction.on_commit(partial(create_site_for, instance))


@receiver([post_save, post_delete], sender=HostName)
def host_changed(instance: HostName, **kwargs: Any) -> None:
    sync_hosts(instance.tenant)


@receiver([post_save, post_delete], sender=Membership)
def membership_changed(instance: Membership, **kwargs: Any) -> None:
    tenant = instance.tenant
    for each in tenant.members.all() if tenant.kind == TenantKind.ASSOCIATION else [tenant]:
        sync_editors(each)
