"""What pages of the lower packages show of the front, by template name alone: the town's menu, and editors' texts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from participation.models import Phase, Procedure
from participation.phases import Moment
from participation.queries import version_at
from planning.models import Plan
from planning.papers import information_kinds
from planning.presenting import edition, edition_of
from tenants.models import Tenant, TenantKind
from twin.portal import queries
from twin.portal.frames import Frame, frame_of
from twin.portal.models import ProcedurePage, menu_of_services
from twin.portal.qr import picture

register = template.Library()


@register.simple_tag(takes_context=True)
def town_menu(context: dict[str, Any]) -> list[dict[str, Any]]:
    """The page's own `navigation`, else the menu of its `tenant`, else of the host's."""
    own: list[dict[str, Any]] | None = context.get("navigation")
    tenant = context.get("tenant") or context.get("site_tenant")
    if own or not tenant:
        return own or []
    frame = _frame(context, tenant)
    return [*frame.entries, *menu_of_services(tenant, context["request"].path)] if frame.path else []


@register.simple_tag(takes_context=True)
def legal_links(context: dict[str, Any]) -> Sequence[dict[str, str]]:
    """The legal pages of the page's `tenant`, else of the host's."""
    own: list[dict[str, str]] | None = context.get("legal")
    return own or _frame(context, context.get("tenant") or context.get("site_tenant")).legal


@register.simple_tag(takes_context=True)
def town_address(context: dict[str, Any], town: Tenant | None) -> str:
    """A town's start page, where its name and arms lead; empty for one without pages, and for the county, whose is the home page."""
    return _frame(context, town).url if town and town.kind != TenantKind.COUNTY else ""


def _frame(context: dict[str, Any], tenant: Tenant | None) -> Frame:
    """Asked for once per request."""
    request = context.get("request")
    if request is None or not tenant:
        return Frame()
    known: dict[str, Frame] = request.__dict__.setdefault("_portal_frames", {})
    if tenant.slug not in known:
        known[tenant.slug] = frame_of(tenant.slug, request)
    return known[tenant.slug]


@register.simple_tag(takes_context=True)
def editors_text(context: dict[str, Any], procedure: Procedure) -> ProcedurePage | None:
    """The page on which editors wrote more about the procedure; only the town's own, and only once published."""
    town = _frame(context, procedure.tenant)
    if not town.path:
        return None
    found: ProcedurePage | None = (
        ProcedurePage.objects.live().filter(path__startswith=town.path, procedure=procedure.public_id).first()
    )
    return found


@register.simple_tag(takes_context=True)
def qr_code(context: dict[str, Any], path: str) -> str:
    """A picture (data address) of the QR code of a path, with this host; a sign on the building fence leads here."""
    return picture(context["request"].build_absolute_uri(path))


@register.simple_tag
def standing(procedure: Procedure, at: datetime) -> queries.Listed:
    """Where the procedure stands for the public: state, days, days left."""
    return queries.listed(procedure, at=at)


@register.simple_tag
def procedures_on(plan: Plan) -> list[queries.Listed]:
    """Public procedures about a plan, the newest first."""
    rows = queries.public_procedures().filter(plan=plan).order_by("-published_at", "-pk")
    return [queries.listed(procedure, at=timezone.now()) for procedure in rows]


@register.simple_tag
def phase_steps(phases: list[Phase], at: datetime) -> list[dict[str, str]]:
    """Phases for _timeline.html, in the order of time; each leads to the plan as it was then."""
    state = {Moment.AFTER: "done", Moment.DECIDED: "done", Moment.IN: "current", Moment.BEFORE: ""}
    return [
        {
            "when": f"{date_format(phase.first_day)} – {date_format(phase.last_day)}",
            "title": f"{phase} ({phase.rule.paragraph} BauGB)" if phase.rule.formal else str(phase),
            "text": _("to be checked") if not phase.rule.verified else "",
            "state": state[phase.moment(at)],
            **_edition(phase),
        }
        for phase in sorted(phases, key=lambda one: one.period.lower)
    ]


def _edition(phase: Phase) -> dict[str, str]:
    plan, version = phase.procedure.plan, phase.plan_version
    if plan is None or version is None or not version.is_public:
        return {}
    return {
        "link": _("The plan in this phase: %(edition)s") % {"edition": edition(version, phase.fassung)},
        "url": f"{plan.get_absolute_url()}?version={version.number}",
    }


@register.simple_tag
def public_plan(procedure: Procedure, at: datetime) -> dict[str, Any] | None:
    """Map addresses and documents of the version that the phase of that moment is about, while it is public."""
    plan = procedure.plan
    version = version_at(procedure, at=at) if plan and plan.is_public else None
    if plan is None or version is None or not version.is_public:
        return None
    place, query = {"public_id": plan.public_id}, f"?version={version.number}"
    return {
        "plan": plan,
        "edition": edition_of(version),
        "url": plan.get_absolute_url() + query,
        "is_newest": version.pk == plan.published_version_id,
        "documents": version.documents.filter(is_public=True, is_companion=False).order_by("order"),
        "features_url": reverse("planning:features", kwargs=place) + query,
        "info_url": reverse("planning:object", kwargs={**place, "key": "__id__"}) + f"{query}&part=1",
        "rasters_url": reverse("planning:rasters", kwargs=place) + query,
        "information": information_kinds(version),
    }
