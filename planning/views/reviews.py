"""Deliveries of a plan and what the town said of each: the loop with a bureau, and the record of the acceptance."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView

from planning import reviewing
from planning.errors import IllegalStep
from planning.forms import ReviewForm
from planning.models import Verdict
from planning.views.actions import ActionMixin
from tenants.permissions import actions, can, require


class Review(ActionMixin, FormView[ReviewForm]):
    """Whoever sees the plan reads it; who may publish it judges."""

    action = "view"
    form_class = ReviewForm
    template_name = "planning/plan_review.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated and not can(request.user, "view", self.plan):
            raise Http404  # public to everybody is the plan's own page

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require(request.user, reviewing.ACTION, self.plan)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: ReviewForm) -> HttpResponse:
        wanted = form.cleaned_data
        try:
            reviewing.judge(self.plan, actor=self.request.user, verdict=Verdict(wanted["verdict"]), reason=wanted["reason"])  # type: ignore[arg-type]  # fmt: skip
        except IllegalStep:
            messages.error(self.request, _("There is no version to judge."))
        return redirect("planning:review", self.plan.public_id)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = self.plan.planversions.select_related("created_by").prefetch_related("reviews__created_by", "validation_runs")  # fmt: skip
        return super().get_context_data(**kwargs) | {
            "versions": versions.order_by("-number"),
            "actions": actions(self.request.user, self.plan),
        }
