"""What is asked about what stands in the water."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from twin.analysis.flooding import WaterForm
from twin.analysis.forms import DatasetField, Version, current, newest, shown
from twin.catalogue.models import Dataset
from twin.catalogue.models.datasets import AREAS, LINES, POINTS
from twin.usecases.exposure.damage import MOST

BUILDINGS, PEOPLE, ROADS, FACILITIES, FARMLAND, PLANS = "buildings", "people", "roads", "facilities", "farmland", "plans"  # fmt: skip
_NONE: dict[str, Any] = {"required": False, "empty_label": _("None")}


class ExposureForm(WaterForm):
    BESIDES: ClassVar[Mapping[str, Any]] = {PLANS: _("Plans")}

    scale = forms.ChoiceField(label=_("Classes of depth"), choices=[("rain", _("Heavy rain: 5, 10, 50, 100 cm")), ("river", _("Rivers: 0,5, 1, 2, 4 m"))], initial="rain", required=False)  # fmt: skip
    buildings = DatasetField("vector", shapes=AREAS, label=_("Buildings"), help_text=_("Footprints. Attributes that are used where there are any: geschosse (storeys), nutzung (use)."))  # fmt: skip
    people = DatasetField("vector", shapes=(*POINTS, *AREAS), label=_("Inhabitants"), help_text=_("Addresses as points or districts as areas, with the attribute einwohner."), **_NONE)  # fmt: skip
    inhabitants = forms.IntegerField(label=_("Inhabitants of all these buildings"), min_value=1, max_value=10_000_000, required=False, localize=True, help_text=_("Their number, where there is no dataset of them."))  # fmt: skip
    roads = DatasetField("vector", shapes=LINES, label=_("Roads"), **_NONE)
    closing = forms.FloatField(label=_("Roads are closed from … m of water on"), min_value=0.05, max_value=2, initial=0.3, required=False, localize=True)  # fmt: skip
    facilities = DatasetField("vector", shapes=(*POINTS, *AREAS), label=_("Facilities"), help_text=_("Schools, fire stations, hospitals, waterworks: with the attributes name and art (kind)."), **_NONE)  # fmt: skip
    farmland = DatasetField("vector", shapes=AREAS, label=_("Agricultural land"), **_NONE)
    smallest = forms.FloatField(label=_("Buildings below … m² are no homes"), min_value=0, max_value=1000, initial=30, required=False, localize=True, help_text=_("Garages and sheds; assumed."))  # fmt: skip
    worth = forms.FloatField(label=_("Greatest damage to a home in EUR per m² of footprint"), min_value=1, max_value=100_000, initial=MOST, required=False, localize=True, help_text=_("1450 is the value of the Joint Research Centre for Germany in prices of 2010."))  # fmt: skip
    spread = forms.FloatField(label=_("Which may be … % more or less"), min_value=0, max_value=95, initial=50, required=False, localize=True, help_text=_("Assumed, for the range of the damage."))  # fmt: skip
    by_plan = forms.BooleanField(label=_("Also by plan"), required=False, help_text=_("Our current Bauleitpläne, and those of others that we may read."))  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get(PEOPLE) is not None and cleaned.get("inhabitants") is not None:
            self.add_error("inhabitants", _("Name a dataset of inhabitants or their number, not both."))
        return cleaned

    def asked_about(self, values: Mapping[str, Any]) -> dict[str, Sequence[Version]]:
        found = super().asked_about(values)
        plans = self._plans(values[BUILDINGS]) if values.get("by_plan") else []
        return found | ({PLANS: plans} if plans else {})

    def _plans(self, buildings: Dataset) -> list[Version]:
        """Those that may hold one of the buildings."""
        extent = buildings.current_version.extent if buildings.current_version else None
        if extent is None:
            return []
        own = current(self.offer.plans.filter(tenant=self.offer.tenant, area__bboverlaps=extent))
        return [*map(newest, own), *shown(self.offer.neighbours.filter(area__bboverlaps=extent))]
