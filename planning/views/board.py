"""Plans of the administration by standing, their dates by month, and these dates for calendar programs."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core import signing
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from planning import agenda, queries, recording
from planning.models import Plan, PlanType, StandingChoice
from tenants.mixins import StaffPage
from tenants.permissions import reach_of

PER_COLUMN = 5  # plans of each standing on the whole board
PER_PAGE = 25
SALT = "planning.feed"
YEARS = range(1900, 2200)
Counts = Mapping[tuple[str, str], int]  # of queries.by_standing
AHEAD = 400  # days that a feed looks ahead, and a third of them back


class Board(LoginRequiredMixin, TemplateView):
    """All standings with their first plans, or (?standing=) one standing in pages; of one kind of plan alone (?plan_type=)."""

    template_name = "planning/plan_board.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plans = queries.plans_for(self.request.user, site=None, own=True)
        counts = queries.by_standing(plans)
        kind = self.request.GET.get("plan_type", "")
        if kind in PlanType.values:
            plans = plans.filter(plan_type=kind)
        else:
            kind = ""
        standings: list[dict[str, Any]] = [
            {"code": code, "words": words, "count": _sum(counts, standing=code, kind=kind)}
            for code, words in StandingChoice.choices
        ]
        context = super().get_context_data(**kwargs) | {
            "kinds": _kinds(counts, kind),
            "kind": kind,
            "held": sum(counts.values()),
            "total": sum(one["count"] for one in standings),
        }
        return context | (self._one(plans) or _all(plans, standings))

    def _one(self, plans: QuerySet[Plan]) -> dict[str, Any]:
        """The standing of the address, in pages."""
        wanted = self.request.GET.get("standing", "")
        if wanted not in StandingChoice.values:
            return {}
        page = Paginator(plans.filter(standing=wanted).order_by("name", "pk"), PER_PAGE)
        return {"chosen": StandingChoice(wanted), "page": page.get_page(self.request.GET.get("page"))}


def _all(plans: QuerySet[Plan], standings: list[dict[str, Any]]) -> dict[str, Any]:
    first = queries.first_of_each_standing(plans, count=PER_COLUMN)
    columns = [(one, [plan for plan in first if plan.standing == one["code"]]) for one in standings]
    return {"columns": columns, "per_column": PER_COLUMN}


def _kinds(counts: Counts, chosen: str) -> list[tuple[str, str, int]]:
    """(code, words, how many) of the kinds of plan that there are, and of the chosen one."""
    every = [(code, str(words), _sum(counts, kind=code)) for code, words in PlanType.choices]
    return [one for one in every if one[2] or one[0] == chosen]


def _sum(counts: Counts, *, standing: str = "", kind: str = "") -> int:
    return sum(count for (at, of), count in counts.items() if standing in ("", at) and kind in ("", of))


class Agenda(StaffPage, TemplateView):
    """The dates of one month (?month=2026-11) of the tenants that the person acts for."""

    template_name = "planning/plan_agenda.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        first = _month(self.request.GET.get("month", ""), today)
        following = _later(first, 1)
        rows = agenda.appointments(
            reach_of(self.request.user).scope.read,
            first=first,
            last=date.fromordinal(following.toordinal() - 1),
        )
        return super().get_context_data(**kwargs) | {
            "month": first,
            "before": _later(first, -1),
            "after": following,
            "rows": rows,
            "today": today,
        }


def _month(text: str, today: date) -> date:
    """The month of the address, or this one where it is none or lies beyond all plans."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return found if found.year in YEARS else today.replace(day=1)


def _later(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


class CalendarAddress(StaffPage, TemplateView):
    """The address for one's calendar program; POST makes it, and makes a new one where there is one."""

    template_name = "planning/calendarkey_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key = recording.calendar_key_of(self.tenant, self.person)
        path = reverse("planning:feed", args=[_token(self.tenant.pk, key.public_id)]) if key else ""
        return super().get_context_data(**kwargs) | {
            "address": self.request.build_absolute_uri(path) if path else "",
            "tenant": self.tenant,
        }

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if recording.calendar_key_of(self.tenant, self.person):
            recording.renew_calendar_key(self.tenant, actor=self.person)
        else:
            recording.calendar_key(self.tenant, actor=self.person)
        return redirect("planning:calendar_address")


def _token(tenant_id: int, key: Any) -> str:
    return signing.dumps([tenant_id, key.hex], salt=SALT, compress=False)


class Feed(View):
    """The dates for who holds the address: no sign-in, calendar programs can't."""

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        try:
            tenant_id, key = signing.loads(token, salt=SALT)
        except signing.BadSignature:
            raise Http404 from None
        body = recording.feed(tenant_id, key, at=timezone.now(), days=AHEAD)
        if body is None:
            raise Http404
        answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
        answer["Cache-Control"] = "private, max-age=900"
        return answer
