"""What the public front does when tenants, their addresses or their people change, and what the records say of its pages."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page, PageLogEntry, Site, get_page_models
from wagtail.signals import page_slug_changed, post_page_move

from tenants import kept
from tenants.events import audit
from tenants.models import HostName, Membership, Tenant, TenantKind
from tenants.scope import acting_for
from twin.portal.frames import FRAMES
from twin.portal.models import MunicipalityPage
from twin.portal.services import create_site_for, sync_editors, sync_hosts

ACTS = {  # of Wagtail's own log, which can be edited: what the public sees goes into the records that can't
    "wagtail.delete": "delete_page",
    "wagtail.move": "move_page",
    "wagtail.publish": "publish_page",
    "wagtail.unpublish": "unpublish_page",
}


@receiver(post_save, sender=PageLogEntry)
def page_act_logged(instance: PageLogEntry, created: bool, **kwargs: Any) -> None:
    """Acts of people; what the system publishes by itself is a consequence of one."""
    if created and instance.user is not None and instance.action in ACTS:
        town = MunicipalityPage.objects.ancestor_of(instance.page, inclusive=True).first()
        tenant = Tenant.objects.filter(slug=town.tenant_slug).first() if town else None
        tenant = tenant or Tenant.objects.filter(kind=TenantKind.COUNTY).first()
        if tenant is not None:
            with acting_for([tenant.pk], [tenant.pk]):
                audit(ACTS[instance.action], tenant_id=tenant.pk, thing=instance.page, actor=instance.user)


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


@receiver([page_slug_changed, post_page_move])
@receiver([post_save, post_delete], sender=Site)
@receiver([post_save, post_delete], sender=Tenant)
@receiver([post_save, post_delete], sender=HostName)
@receiver(post_delete, sender=Page)
def frame_changed(**kwargs: Any) -> None:
    kept.renew(FRAMES)


for page_type in get_page_models():
    post_save.connect(frame_changed, sender=page_type)
