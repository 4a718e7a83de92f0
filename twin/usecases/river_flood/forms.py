"""What is asked about a flood of a river."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from twin.analysis.cells import CellField, TerrainForm
from twin.analysis.forms import DatasetField, Group, plain
from twin.catalogue.models.datasets import AREAS
from twin.usecases.river_flood.scenarios import CLASS, DISCHARGE, GAUGE

SCENARIOS = (
    (CLASS, _("A class of discharge, such as HQ100")),
    (GAUGE, _("A level at a gauge in cm")),
    (DISCHARGE, _("A discharge in m³/s")),
)
NEEDED = {CLASS: ("discharge_class",), GAUGE: ("stage", "gauge_zero", "gauge_station"), DISCHARGE: ("discharge", "gauge_station")}  # fmt: skip
UNITS = {GAUGE: "cm", DISCHARGE: "m³/s"}
OWN = {CLASS: "discharge_class", GAUGE: "stage", DISCHARGE: "discharge"}


class RiverFloodForm(TerrainForm):
    GROUPS = (
        Group(_("Question"), ("scenario", "discharge_class", "stage", "discharge")),
        Group(
            pgettext_lazy("river", "Gauge"), ("gauge", "gauge_zero", "gauge_station", "rating"), closed=True
        ),
        Group(_("Levees, official areas"), ("levees", "levee_height", "official"), closed=True),
        Group(
            _("Reach, columns of the table"),
            ("reach", "station_column", "class_column", "level_column"),
            closed=True,
        ),  # fmt: skip
    )

    elevation = DatasetField("raster", label=_("Elevation model"), help_text=_("Heights of the ground in metres, without buildings (DGM)."))  # fmt: skip
    cell = CellField(least=5, help_text=_("Levees show at 1 m or 2 m; where cells are larger, choose the levees as a dataset."))  # fmt: skip
    levels = DatasetField("vector", "table", label=_("Water levels along the river"), help_text=_("A table or points with station in km, class of discharge (MQ, HQ100 …) and level in metres above sea level; or a column for each class. Columns are recognised by their names."))  # fmt: skip
    axis = DatasetField("vector", shapes=("Point",), label=_("Axis of the river"), required=False, help_text=_("Points with their station in km, as the levels count it; not needed where the levels themselves are points."))  # fmt: skip
    scenario = forms.ChoiceField(label=_("What is asked for"), choices=SCENARIOS, initial=CLASS, required=False, help_text=_("All classes from MQ on are computed; this one is shown first and compared."))  # fmt: skip
    discharge_class = forms.CharField(label=_("Class of discharge"), max_length=40, initial="HQ100", required=False)  # fmt: skip
    stage = forms.FloatField(label=_("Level at the gauge in cm"), min_value=-1000, max_value=5000, required=False, localize=True)  # fmt: skip
    discharge = forms.FloatField(label=_("Discharge in m³/s"), min_value=0, max_value=50_000, required=False, localize=True)  # fmt: skip
    gauge = forms.CharField(label=pgettext_lazy("river", "Gauge"), max_length=80, required=False, help_text=_("With its zero and station each step says what the gauge would show."))  # fmt: skip
    gauge_zero = forms.FloatField(label=_("Zero of the gauge in m above sea level"), min_value=-50, max_value=3000, required=False, localize=True)  # fmt: skip
    gauge_station = forms.FloatField(label=_("Station of the gauge in km"), min_value=0, max_value=3000, required=False, localize=True)  # fmt: skip
    rating = DatasetField("table", "vector", label=_("Discharges by level of the gauge"), required=False, help_text=_("A table with cm and m³/s; where it holds several gauges, the one named above counts."))  # fmt: skip
    levees = DatasetField("vector", shapes=("LineString", "MultiLineString"), label=_("Levees and walls"), required=False, help_text=_("Lines with the height of the crest in metres above sea level (column krone or crest), or raised as said below."))  # fmt: skip
    levee_height = forms.FloatField(label=_("Levees without a crest: m above the ground"), min_value=0.1, max_value=20, required=False, localize=True)  # fmt: skip
    official = DatasetField("vector", shapes=AREAS, label=_("Official flood areas to compare with"), required=False, help_text=_("Areas for the same discharge as is asked for: festgesetzte Überschwemmungsgebiete are those of HQ100."))  # fmt: skip
    reach = forms.FloatField(label=_("Up to … m from the river"), min_value=50, max_value=50_000, initial=5000, required=False, localize=True)  # fmt: skip
    station_column = forms.CharField(label=_("Column with the station"), max_length=63, required=False, help_text=_("Only where it is not recognised."))  # fmt: skip
    class_column = forms.CharField(label=_("Column with the class of discharge"), max_length=63, required=False)  # fmt: skip
    level_column = forms.CharField(label=_("Column with the level"), max_length=63, required=False)  # fmt: skip

    def called(self, values: Mapping[str, Any]) -> str:
        asked = values[OWN[values["scenario"]]]
        said = asked if isinstance(asked, str) else f"{plain(asked)} {UNITS[values['scenario']]}"
        return ", ".join(each for each in (said, values["gauge"], super().called(values)) if each)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        for kind, name in OWN.items():
            if kind != cleaned["scenario"]:
                cleaned[name] = None  # of another scenario: no part of the question
        if cleaned["rating"] is not None and cleaned["gauge_zero"] is None:
            self.add_error("gauge_zero", _("Discharges by level need the zero of the gauge."))
        for name in (*NEEDED[cleaned["scenario"]], *(("gauge_station",) if cleaned["gauge_zero"] is not None else ())):  # fmt: skip
            if cleaned[name] in (None, "") and name not in self.errors:
                self.add_error(name, _("This is needed for what is asked for."))
        return cleaned
