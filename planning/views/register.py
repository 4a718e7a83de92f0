"""The public register of plans of each municipality: page and feed."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from planning import presenting, queries
from planning.auskunft import register
from planning.auskunft.gathering import Candidate
from planning.models import CaptureStatement
from tenants.models import Tenant

FEED_AGE = 300  # seconds


def _town(slug: str) -> Tenant:
    town: Tenant | None = queries.municipalities().filter(slug=slug).first()
    if town is None:
        raise Http404
    return town


class RegisterList(TemplateView):
    """All municipalities with a register."""

    template_name = "planning/register_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"towns": queries.municipalities()}


class RegisterPage(TemplateView):
    template_name = "planning/register_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        town = _town(kwargs["slug"])
        found = register.register(town, on=timezone.localdate())
        sections = [
            (_("In force"), "in_force", found.in_force),
            (_("Under way"), "under_way", found.under_way),
            (_("To be checked: the plan does not say whether it applies"), "unclear", found.unclear),
            (_("No longer in force"), "ended", found.ended),
        ]
        return super().get_context_data(**kwargs) | {
            "tenant": town,
            "sections": [
                (words, key, [_row(each) for each in rows]) for words, key, rows in sections if rows
            ],
            "captured": CaptureStatement.objects.filter(tenant=town, is_public=True).order_by("kind"),
        }


def _row(each: Candidate) -> dict[str, Any]:
    return {"plan": each.plan, "since": each.since, "status": presenting.status_of(each.plan)}


class RegisterFeed(View):
    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        town = _town(slug)
        with translation.override(settings.LANGUAGE_CODE):  # one text for everybody
            body = register.atom(
                register.plans_of(town).order_by("-changed_at", "-pk")[: register.FEED_LENGTH],
                title=_("Plans: %(town)s") % {"town": town},
                address=reverse("planning:register", args=[slug]),
                feed_address=reverse("planning:register_feed", args=[slug]),
            )
        answer = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
        patch_cache_control(answer, public=True, max_age=FEED_AGE)
        return answer
