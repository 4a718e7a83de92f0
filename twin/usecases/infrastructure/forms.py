"""What is asked about facilities and the roads to them."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from twin.analysis.flooding import WaterForm
from twin.analysis.forms import DatasetField, PlanField
from twin.catalogue.models.datasets import AREAS, LINES, POINTS

ROADS, FACILITIES, HOMES = "roads", "facilities", "homes"
BY_CAR = "car"
SPEEDS = {"bike": 15.0, "foot": 5.0}  # km/h, assumed, wherever the road leads


class InfrastructureForm(WaterForm):
    needed: ClassVar[bool] = False
    field_order = ("title", "facilities", "kind", "roads", "mode", "speed", "minutes", "homes", "tolerance", "reach", "depths", "raster", "flooded", "assumed", "closing", "plan", "units", "persons")  # fmt: skip

    facilities = DatasetField("vector", shapes=(*POINTS, *AREAS), label=_("Facilities"), help_text=_("With the attributes name and art (kind); traeger (responsible body), zustand (condition) and plaetze (places), where there are any."))  # fmt: skip
    kind = forms.CharField(label=_("Of these one kind alone"), max_length=60, required=False, help_text=_("As the attribute art says it, such as “Feuerwehr”."))  # fmt: skip
    roads = DatasetField("vector", shapes=LINES, label=_("Roads"), help_text=_("Attributes that are used where there are any: tempo (km/h), bruecke (a bridge is not closed by water below it), zustand (condition), baulast (responsible body)."))  # fmt: skip
    mode = forms.ChoiceField(label=_("How people go"), choices=[(BY_CAR, _("By car or fire engine, as fast as the road says")), ("bike", _("By bicycle, 15 km/h")), ("foot", _("On foot, 5 km/h"))], initial=BY_CAR, required=False)  # fmt: skip
    speed = forms.FloatField(label=_("Speed in km/h where the road says none"), min_value=1, max_value=150, initial=40, required=False, localize=True, help_text=_("Assumed."))  # fmt: skip
    minutes = forms.FloatField(label=_("To be reached in … minutes"), min_value=0.5, max_value=240, initial=10, required=False, localize=True, help_text=_("On the way alone. For fire stations: what your Brandschutzbedarfsplan leaves of the Hilfsfrist after alarm and turning out; which one holds in Saxony was not verified."))  # fmt: skip
    homes = DatasetField("vector", shapes=(*POINTS, *AREAS), label=_("Homes"), required=False, empty_label=_("None"), help_text=_("Addresses or buildings; with the attribute einwohner people are counted, else each as one."))  # fmt: skip
    tolerance = forms.FloatField(label=_("Roads meet within … m"), min_value=0.01, max_value=20, initial=1, required=False, localize=True, help_text=_("So far an end may lie beside the road that it belongs to. Where roads only cross they don't meet."))  # fmt: skip
    reach = forms.FloatField(label=_("Facilities and homes up to … m from a road"), min_value=1, max_value=2000, initial=200, required=False, localize=True)  # fmt: skip
    closing = forms.FloatField(label=_("Roads are closed from … m of water on"), min_value=0.05, max_value=2, initial=0.3, required=False, localize=True)  # fmt: skip
    plan = PlanField(label=_("A new area"), required=False, empty_label=_("None"), help_text=_("The Geltungsbereich of a plan: how far its people would have it, and to which facilities they would go."))  # fmt: skip
    units = forms.IntegerField(label=_("Dwellings in the new area"), min_value=1, max_value=100_000, required=False, localize=True)  # fmt: skip
    persons = forms.FloatField(label=_("People in a dwelling"), min_value=0.5, max_value=10, initial=2, required=False, localize=True, help_text=_("Assumed."))  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("units") and cleaned.get("plan") is None and "plan" not in self.errors:
            self.add_error("units", _("Choose the plan of the new area."))
        return cleaned
