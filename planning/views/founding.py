"""A new plan from nothing: its name and its Geltungsbereich; everything else is drawn on the board."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import FormView

from planning import editing
from planning.draft_forms import FoundForm
from planning.errors import EditRefused
from planning.matching import territory
from planning.views.editing import refusal
from planning.xplanung.palette import Founding
from tenants.mixins import StaffPage
from tenants.models import Tenant


class Found(StaffPage, FormView[FoundForm]):
    action = "import_plan"
    form_class = FoundForm
    template_name = "planning/plan_found.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        own = [tenant.pk for tenant in territory(self.tenant) if tenant.ags]
        towns = Tenant.objects.filter(pk__in=own).defer("boundary").order_by("name")
        return {**super().get_form_kwargs(), "towns": towns}

    def form_valid(self, form: FoundForm) -> HttpResponse:
        cleaned = form.cleaned_data
        town: Tenant = cleaned["town"]
        try:
            towns = ((town.ags or "", town.name),)
            plan = Founding(cleaned["name"], cleaned["number"], towns, cleaned["area"], settings.TWIN_SRID, cleaned["plan_type"])  # fmt: skip
            job = editing.found(self.tenant, plan, actor=self.person)
        except EditRefused as error:
            for sentence in refusal(error):
                form.add_error(None, sentence)
            return self.form_invalid(form)
        return redirect("planning:import", public_id=job.public_id)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {
            "cancel": reverse("planning:plans"),
            "tenant": self.tenant,
            "extent": self.tenant.extent,
        }
        return super().get_context_data(**kwargs) | words
