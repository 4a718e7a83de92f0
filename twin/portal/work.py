"""The one work page: what each role has to do, for one person who holds all roles, too."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from participation.models import Procedure, Statement
from participation.queries import waiting
from planning import agenda
from planning.models import Plan, PlanState, ValidationRun
from tenants.mixins import StaffPage
from tenants.models import Invitation, Job, JobState, Tenant, TenantKind, User
from tenants.permissions import Reach, actions, reach_of
from twin.indicators.models import CountySnapshot

SOON = timedelta(days=14)
SHOWN = 5  # rows of each task on the page; the rest is behind its link


@dataclass(frozen=True)
class Desk:
    """Who works here: the person, what the roles in the active tenant allow, and the tenants that one acts for with it."""

    person: User
    reach: Reach
    allowed: frozenset[str]

    @property
    def tenants(self) -> tuple[int, ...]:
        return tuple(self.reach.roles)


@dataclass(frozen=True)
class Task:
    """Something to do: how many, the first few, and where it is done."""

    title: str
    count: int | str
    url: str
    rows: tuple[tuple[str, str], ...] = ()  # label, address


def task(
    title: str, rows: QuerySet[Any], *, url: str = "", address: str = "", key: str = "public_id"
) -> Task:
    """address: name of the page of one row, which takes `key`; none: rows are counted, not listed."""
    first = rows[:SHOWN] if address else ()
    listed = tuple((str(row), reverse(address, args=[getattr(row, key)])) for row in first)
    return Task(title, rows.count(), url, listed)


def jobs(desk: Desk) -> list[Task]:
    rows = Job.objects.visible_to(desk.person).filter(state__in=(JobState.QUEUED, JobState.RUNNING))
    return [task(_("Jobs running"), rows, address="job")]


def shared_plans(desk: Desk) -> list[Task]:
    if not desk.reach.scope.plans:
        return []
    rows = Plan.objects.filter(pk__in=desk.reach.scope.plans)
    return [task(_("Plans shared with you"), rows, url=reverse("planning:plans"), address="planning:plan")]


def shared_procedures(desk: Desk) -> list[Task]:
    """A body (TöB) has no tenant: this is where it begins."""
    if not desk.reach.scope.procedures:
        return []
    rows = Procedure.objects.filter(pk__in=desk.reach.scope.procedures)
    return [task(_("Procedures shared with you"), rows, address="participation:procedure")]


def plans(desk: Desk) -> list[Task]:
    if "publish_plan" not in desk.allowed:
        return []
    own, url = Plan.objects.filter(tenant__in=desk.tenants), reverse("planning:plans")
    errors = ValidationRun.objects.filter(version=OuterRef("current_version"), errors__gt=0)
    return [
        task(_("Plans with errors"), own.filter(Exists(errors)), url=url, address="planning:findings"),
        task(_("Draft plans"), own.filter(state=PlanState.DRAFT), url=url, address="planning:plan"),
    ]


def dates(desk: Desk) -> list[Task]:
    """Steps and ends of periods of the next two weeks."""
    if "change_plan" not in desk.allowed:
        return []
    today = timezone.localdate()
    rows = agenda.appointments(desk.tenants, first=today, last=today + SOON)
    listed = tuple(
        (
            f"{_days(row)}: {row.title}, {row.plan}",
            reverse("planning:lifecycle", args=[row.plan.public_id]),
        )
        for row in rows[:SHOWN]
    )
    return [Task(_("Dates of plans in the next two weeks"), len(rows), reverse("planning:agenda"), listed)]


def _days(row: agenda.Appointment) -> str:
    """Both ends: what began weeks ago stands here because it still runs."""
    ends = (row.on,) if row.on == row.until else (row.on, row.until)
    return " – ".join(date_format(day, "SHORT_DATE_FORMAT") for day in ends)


def moderation(desk: Desk) -> list[Task]:
    if "moderate" not in desk.allowed:
        return []
    new = waiting(Statement.objects.filter(tenant__in=desk.tenants))
    return [task(_("Statements to moderate"), new, url=reverse("participation:queue"))]


def procedures(desk: Desk) -> list[Task]:
    if "open_procedure" not in desk.allowed:
        return []
    own, url = Procedure.objects.filter(tenant__in=desk.tenants), reverse("participation:procedures")
    running = own.filter(is_public=True).open_to_public(timezone.now())
    return [
        task(
            _("Procedures not published yet"),
            own.filter(is_public=False),
            url=url,
            address="participation:procedure_work",
        ),
        task(_("Procedures running"), running, url=url, address="participation:procedure_work"),
    ]


def invitations(desk: Desk) -> list[Task]:
    if "invite" not in desk.allowed:
        return []
    rows = Invitation.objects.filter(
        tenant=desk.reach.active, accepted_at__isnull=True, revoked_at__isnull=True
    )
    return [task(_("Open invitations"), rows, url=reverse("people"))]


def onboarding(desk: Desk) -> list[Task]:
    if "create_tenant" not in desk.allowed:
        return []
    towns = Tenant.objects.filter(kind=TenantKind.MUNICIPALITY, active=True, onboarded_on__isnull=True)
    found = task(
        _("Municipalities not onboarded yet"),
        towns.defer("boundary"),
        url=reverse("tenant_list"),
        address="change_tenant",
        key="slug",
    )
    return [found]


def indicators(desk: Desk) -> list[Task]:
    if "see_indicators" not in desk.allowed:
        return []
    newest = CountySnapshot.objects.order_by("month").last()
    figure = f"{newest.use_reached} / {newest.municipalities}" if newest else 0
    return [Task(_("Municipalities that use the twin"), figure, reverse("cockpit"))]


SOURCES = (
    moderation,
    jobs,
    dates,
    plans,
    shared_plans,
    shared_procedures,
    procedures,
    invitations,
    onboarding,
    indicators,
)


class WorkPage(StaffPage, TemplateView):
    template_name = "portal/work_page.html"

    def check(self) -> None:
        """Who belongs to no tenant is told so by the page itself."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        here = reach_of(self.person)
        allowed = actions(self.person, here.active) if here.active else frozenset[str]()
        desk = Desk(self.person, here, allowed)
        tasks = [found for source in SOURCES for found in source(desk)]
        return super().get_context_data(
            tasks=[one for one in tasks if one.count],
            done=[one for one in tasks if not one.count],
            **kwargs,
        )
