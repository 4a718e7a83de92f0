"""What is asked about floods of small streams."""

from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from twin.analysis.cells import CellField, TerrainForm
from twin.analysis.forms import DatasetField
from twin.usecases.small_streams.case import FEWEST, HECTARE


class SmallStreamsForm(TerrainForm):
    elevation = DatasetField("raster", label=_("Elevation model"), help_text=_("Heights of the ground in metres, without buildings (DGM)."))  # fmt: skip
    cell = CellField(least=5, help_text=_("Narrow beds show at 1 m or 2 m."))  # fmt: skip
    catchment = forms.FloatField(label=_("Streams from … ha of catchment"), min_value=0.1, max_value=100_000, initial=50, required=False, localize=True, help_text=_("Where water runs all year depends on the ground; 50 ha are a beginning. Compare the streams on the map with those you know."))  # fmt: skip
    height = forms.FloatField(label=_("Height of the water above the bed in m"), min_value=0.1, max_value=10, initial=1, required=False, localize=True, help_text=_("This one is shown first; the slider has others from 0.25 to 5 m."))  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and cleaned["catchment"] * HECTARE < FEWEST * cleaned["cell"] ** 2:
            least = number_format(FEWEST * cleaned["cell"] ** 2 / HECTARE)
            self.add_error("catchment", _("With cells of %(cell)s m streams begin at %(least)s ha at least.") % {"cell": cleaned["cell"], "least": least})  # fmt: skip
        return cleaned
