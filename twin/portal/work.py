"""The one work page: what each role has to do, for one person who holds all roles, too."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from tenants.mixins import StaffPage
from tenants.models import Invitation, Job, JobState, Tenant, TenantKind
from tenants.permissions import actions, reach_of

SHOWN = 5  # rows of each task on the page; the rest is behind its link


@dataclass(frozen=True)
class Task:
    """Something to do: how many, the first few, and where it is done."""

    title: str
    count: int
    url: str
    rows: tuple[tuple[str, str], ...] = ()  # label, address


def task(title: str, rows: QuerySet[Any], *, url: str, address: str = "", key: str = "public_id") -> Task:
    """address: name of the page of one row, which takes `key`; none: rows are counted, not listed."""
    listed = (
        tuple((str(row), reverse(address, args=[getattr(row, key)])) for row in rows[:SHOWN])
        if address
        else ()
    )
    return Task(title, rows.count(), url, listed)


def jobs(tenant: Tenant, allowed: frozenset[str]) -> list[Task]:
    rows = Job.objects.filter(tenant=tenant, state__in=(JobState.QUEUED, JobState.RUNNING))
    return [task(_("Jobs running"), rows, url="", address="job")]


def invitations(tenant: Tenant, allowed: frozenset[str]) -> list[Task]:
    if "invite" not in allowed:
        return []
    rows = Invitation.objects.filter(tenant=tenant, accepted_at__isnull=True, revoked_at__isnull=True)
    return [task(_("Open invitations"), rows, url=reverse("people"))]


def onboarding(tenant: Tenant, allowed: frozenset[str]) -> list[Task]:
    if "create_tenant" not in allowed:
        return []
    towns = Tenant.objects.exclude(kind=TenantKind.COUNTY).filter(active=True, onboarded_on__isnull=True)
    found = task(
        _("Municipalities not onboarded yet"),
        towns.defer("boundary"),
        url=reverse("tenant_list"),
        address="change_tenant",
        key="slug",
    )
    return [found]


SOURCES = (jobs, invitations, onboarding)


class WorkPage(StaffPage, TemplateView):
    template_name = "portal/work_page.html"

    def check(self) -> None:
        """Who belongs to no tenant is told so by the page itself."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        active = reach_of(self.person).active
        tasks: list[Task] = []
        if active is not None:
            allowed = actions(self.person, active)
            tasks = [found for source in SOURCES for found in source(active, allowed)]
        return super().get_context_data(
            tasks=[one for one in tasks if one.count],
            done=[one for one in tasks if not one.count],
            **kwargs,
        )
