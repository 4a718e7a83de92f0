"""What is asked of a plan."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from planning.models import Plan, PlanVersion
from twin.analysis.forms import (
    PLAN,
    AreasField,
    PlanField,
    RunField,
    RunForm,
    Version,
    current,
    newest,
    shown,
)
from twin.usecases.plan_check import measuring

AREAS, DEPTHS, NEIGHBOURS = "areas", "depths", "neighbours"
_SHARE: dict[str, Any] = {"min_value": 0, "max_value": 1, "required": False, "localize": True}


class PlanCheckForm(RunForm):
    BESIDES: ClassVar[Mapping[str, Any]] = {NEIGHBOURS: _("Plans of neighbours")}

    plan = PlanField(label=_("Plan"), required=False, empty_label=_("All our current Bauleitpläne"), help_text=_("Its newest version is checked."))  # fmt: skip
    areas = AreasField(label=_("Areas it is checked against"), help_text=_("Datasets whose areas mean something in law; that is said on the page of each dataset. None chosen: all of them."))  # fmt: skip
    depths = RunField("heavy-rain", label=_("Depths of water of an earlier analysis"), required=False, empty_label=_("None"))  # fmt: skip
    near = forms.FloatField(label=_("Plans of neighbours up to … m away"), min_value=0, max_value=10_000, initial=50, required=False, localize=True, help_text=_("Public ones, and those shared with you."))  # fmt: skip
    rain = forms.FloatField(label=_("Rain for the balance in mm"), min_value=1, max_value=500, initial=30, required=False, localize=True)  # fmt: skip
    before = forms.FloatField(label=_("Runoff coefficient of the land today"), initial=0.1, help_text=_("Assumed: 0,1 for meadows and fields; choose what is there."), **_SHARE)  # fmt: skip
    sealed = forms.FloatField(label=_("Runoff coefficient of sealed ground"), initial=0.9, help_text=_("Assumed: 0,9 for roofs and asphalt."), **_SHARE)  # fmt: skip
    unsealed = forms.FloatField(label=_("Runoff coefficient of ground that stays open"), initial=0.1, help_text=_("Assumed: 0,1 for gardens and lawns."), **_SHARE)  # fmt: skip
    floor = forms.FloatField(label=_("Floor area of a dwelling in m²"), min_value=20, max_value=1000, initial=120, required=False, localize=True, help_text=_("Assumed, walls and stairs included: Geschossfläche by dwelling."))  # fmt: skip

    def asked_about(self, values: Mapping[str, Any]) -> dict[str, Sequence[Version]]:
        """Left open, all plans and all areas; and the neighbours' plans that may be near."""
        found = super().asked_about(values)
        areas: Any = self.fields[AREAS]
        found.setdefault(PLAN, [newest(each) for each in self._current()])
        found.setdefault(AREAS, [newest(each) for each in areas.queryset])
        found[NEIGHBOURS] = self._neighbours(found[PLAN], values["near"])
        return {name: versions for name, versions in found.items() if versions}

    def _current(self) -> Any:
        """Of the tenant alone, not what others share with it."""
        return current(self.offer.plans.filter(tenant=self.offer.tenant))

    def _neighbours(self, checked: Sequence[Version], near: float) -> list[Version]:
        versions = [each for each in checked if isinstance(each, PlanVersion)]
        others = self.offer.neighbours.exclude(pk__in=[each.plan_id for each in versions])
        keys = measuring.near(list(others.values_list("pk", flat=True)), versions=[each.pk for each in versions], within=near)  # fmt: skip
        return shown(Plan.objects.filter(pk__in=keys))
