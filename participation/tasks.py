"""The worker's side: reminders for moderators, emptying of personal data whose time is over."""

from celery import shared_task
from django.utils import timezone

from participation import notifications, retention
from tenants.models import Tenant
from tenants.tasks import CountyTask


@shared_task(base=CountyTask)
def remind_moderators() -> None:
    """Hourly on working days; one mail a day and moderator comes of it, also when hours were missed."""
    for tenant in Tenant.objects.filter(active=True):
        notifications.remind_moderators(tenant, on=timezone.localdate())


@shared_task(base=CountyTask)
def purge() -> None:
    """Each night."""
    retention.purge(timezone.localdate())
