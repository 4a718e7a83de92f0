"""What is asked about depressions and flow paths."""

from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from twin.analysis.cells import CellField, TerrainForm
from twin.analysis.forms import DatasetField
from twin.catalogue.models.datasets import AREAS
from twin.usecases.flow_paths.case import FEWEST, HECTARE


class FlowPathsForm(TerrainForm):
    elevation = DatasetField("raster", label=_("Elevation model"), help_text=_("Heights of the ground in metres, without buildings (DGM)."))  # fmt: skip
    cell = CellField(least=2, help_text=_("Ditches show at 1 m; for a whole municipality 2 m or 5 m do."))  # fmt: skip
    buildings = DatasetField("vector", shapes=AREAS, label=_("Buildings"), required=False, help_text=_("Areas that water flows around."))  # fmt: skip
    depth = forms.FloatField(label=_("Depressions from … cm of depth"), min_value=1, max_value=1000, initial=10, required=False, localize=True)  # fmt: skip
    volume = forms.FloatField(label=_("Depressions from … m³ of volume"), min_value=0, max_value=1_000_000, initial=10, required=False, localize=True)  # fmt: skip
    catchment = forms.FloatField(label=_("Flow paths from … ha of catchment"), min_value=0.01, max_value=10_000, initial=1, required=False, localize=True, help_text=_("1 ha is usual; smaller ones show how water runs between houses."))  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and cleaned["catchment"] * HECTARE < FEWEST * cleaned["cell"] ** 2:
            least = number_format(FEWEST * cleaned["cell"] ** 2 / HECTARE)
            self.add_error("catchment", _("With cells of %(cell)s m flow paths begin at %(least)s ha at least.") % {"cell": cleaned["cell"], "least": least})  # fmt: skip
        return cleaned
