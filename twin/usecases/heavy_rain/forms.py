"""What is asked about heavy rain."""

import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from twin.analysis import layers
from twin.analysis.cells import CellField, TerrainForm
from twin.analysis.forms import DatasetField, Group
from twin.catalogue.models.datasets import AREAS, LINES
from twin.hydro.errors import BadCurve
from twin.hydro.storms import STEP
from twin.usecases.heavy_rain import measures, raining, roughness, wording
from twin.usecases.heavy_rain.kostra import YEARS as KOSTRA_YEARS
from twin.usecases.heavy_rain.kostra import BadTable
from twin.usecases.heavy_rain.measures import BadMeasure
from twin.usecases.heavy_rain.raining import BLOCK, CELLS, EULER, RASTER, TABLE, YEARS
from twin.usecases.heavy_rain.roughness import BadLandUse
from twin.usecases.heavy_rain.surfaces import COLUMN, LAND_USE

MEASURED = "#1b7837"  # of measures on the map: far from the colours of all classes
_LINE = re.compile(r"\s*(\d+)\s*[;:\s]\s*(\d+(?:[.,]\d+)?)\s*")  # minutes and mm


class TableField(forms.CharField):
    """Depths of rain by duration: a line for each, as they are copied from a table; or a JSON object. {minutes as text: mm}."""

    widget = forms.Textarea(attrs={"rows": 8, "spellcheck": "false"})
    schema: ClassVar[dict[str, Any]] = {"type": "object", "additionalProperties": {"type": "number"}}

    def clean(self, value: Any) -> dict[str, float]:
        text = super().clean(value)
        try:
            return _depths(text)
        except (ValueError, AttributeError, TypeError, RecursionError) as error:
            raise forms.ValidationError(
                _("Write a line for each duration: minutes and mm, such as 60; 36,5."), code="table"
            ) from error

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return "\n".join(f"{minutes}; {depth:g}" for minutes, depth in value.items())


def _depths(text: str) -> dict[str, float]:
    """Raises ValueError, AttributeError or TypeError for what is no table."""
    if text.lstrip().startswith("{"):
        return {str(int(minutes)): float(depth) for minutes, depth in json.loads(text).items()}
    found = {}
    for line in text.splitlines():
        if line.strip():
            match = _LINE.fullmatch(line)
            if match is None or match[1] in found:
                raise ValueError(line)
            found[match[1]] = float(match[2].replace(",", "."))
    return found


class MeasuresField(forms.CharField):
    """GeoJSON features in the twin's system, see measures.py; the map and its list write them into the text."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})
    schema: ClassVar[dict[str, Any]] = measures.schema()

    def clean(self, value: Any) -> dict[str, Any] | None:
        text = super().clean(value)
        try:
            found = measures.read(text) if text else ()
        except BadMeasure as error:
            raise forms.ValidationError(wording.said(error), code=error.code) from error
        return measures.as_geojson(found) if found else None

    def prepare_value(self, value: Any) -> Any:
        return json.dumps(value) if isinstance(value, dict) else value

    def kinds(self) -> list[dict[str, Any]]:
        """What the map offers to draw: name, title, shape, and of each value its name, label and what is proposed."""
        return [
            {"name": name, "title": wording.TITLES[name], "shape": "area" if kind.shape == measures.AREA else "line", "asked": [(value, wording.LABELS[name, value], initial) for value, initial in kind.initial.items()]}
            for name, kind in measures.KINDS.items()
        ]  # fmt: skip

    def told(self, value: Any) -> str:
        return "; ".join(wording.told(each) for each in measures.of(value))

    def marks(self, value: Any) -> list[tuple[str, Any, dict[str, Any]]]:
        return [
            (
                f"measure-{each.number}",
                feature["geometry"],
                {"label": wording.told(each), "number": each.number, "colour": MEASURED},
            )
            for each, feature in zip(measures.of(value), value["features"], strict=True)
        ]


def _return_periods() -> list[tuple[str, Any]]:
    return [("", _("None")), *((str(each), ngettext("once in %s year", "once in %s years", each) % each) for each in KOSTRA_YEARS)]  # fmt: skip


_SCENARIOS = [
    ("", _("None, as stated below")),
    ("rare", _("Rare: once in 30 years, an hour, Euler type II (LUBW)")),
    ("exceptional", _("Exceptional: once in 100 years, an hour, Euler type II (LUBW, BKG)")),
    ("extreme_100", _("Extreme: 100 mm in an hour, block rain (BKG)")),
    ("extreme_128", _("Extreme: 128 mm in an hour, block rain (LUBW)")),
]


class HeavyRainForm(TerrainForm):
    WITH_MAP = frozenset({*TerrainForm.WITH_MAP, "measures"})
    GROUPS = (
        Group(_("Rain"), ("scenario", "rain", "minutes", "depth", "after")),
        Group(
            _("Rain from data: KOSTRA, table, raster"),
            ("kostra", "kostra_table", "years", "table", "rain_raster"),
            closed=True,
        ),
        Group(_("What stands in the water’s way"), ("buildings", "culverts")),
        Group(
            _("Ground: roughness, infiltration, edge"),
            ("manning", "landuse", "landuse_column", "infiltration", "edges"),
            closed=True,
        ),  # fmt: skip
        Group(_("Discharge across lines"), ("sections",), closed=True),
    )

    elevation = DatasetField("raster", label=_("Elevation model"), help_text=_("Heights of the ground in metres, without buildings (DGM)."))  # fmt: skip
    cell = CellField(least=5, help_text=_("Half the cells take eight times as long."))  # fmt: skip
    scenario = forms.ChoiceField(label=_("Scenario of the rain"), choices=_SCENARIOS, required=False, help_text=_("Settles course, duration and depth, or the return period: then name the KOSTRA cells."))  # fmt: skip
    rain = forms.ChoiceField(label=_("Course of the rain"), choices=[(BLOCK, _("Block rain: equally strong all the time")), (EULER, _("Model rain Euler type II: strongest after three tenths"))], initial=BLOCK, required=False)  # fmt: skip
    minutes = forms.IntegerField(label=_("Duration of the rain in minutes"), min_value=5, max_value=4320, initial=60, required=False)  # fmt: skip
    depth = forms.FloatField(label=_("Depth of block rain in mm"), min_value=0.1, max_value=2000, required=False, localize=True, help_text=_("For example from KOSTRA-DWD: 60 minutes, once in a hundred years, about 49 mm in Meißen."))  # fmt: skip
    table = TableField(label=_("Depths for Euler type II"), required=False, help_text=_("A column of KOSTRA-DWD from 5 minutes up to the duration; on each line minutes and mm, such as 60; 36,5."))  # fmt: skip
    kostra = DatasetField("vector", shapes=AREAS, label=_("Rain of the place: KOSTRA cells"), required=False, empty_label=_("None"), help_text=_("Instead of depths above. Areas with the number of the cell (INDEX_RC), and, here or in a table, the duration in minutes (DAUER_MIN) and depths in mm by return period (HN_001A to HN_100A), as the DWD delivers them."))  # fmt: skip
    kostra_table = DatasetField("table", label=_("Table of the KOSTRA cells"), required=False, empty_label=_("None"), help_text=_("Where the areas hold the number of the cell alone."))  # fmt: skip
    years = forms.TypedChoiceField(label=_("Return period of the rain of the place"), choices=_return_periods, coerce=int, empty_value=None, required=False)  # fmt: skip
    rain_raster = DatasetField("raster", label=_("Rain as a raster"), required=False, empty_label=_("None"), help_text=_("Depths in mm of each place, such as sums of a radar. They count instead of the depth; duration and course stay as chosen."))  # fmt: skip
    after = forms.IntegerField(label=_("Minutes computed after the rain"), min_value=0, max_value=1440, initial=60, required=False, help_text=_("Hollows are often deepest some time after the rain."))  # fmt: skip
    manning = forms.FloatField(label=_("Roughness (Manning) in s/m^(1/3)"), min_value=0.01, max_value=0.5, initial=0.05, required=False, localize=True, help_text=_("0,02 asphalt, 0,05 lawn and gardens, 0,1 and more woods."))  # fmt: skip
    landuse = DatasetField("vector", shapes=AREAS, label=_("Roughness by land use"), required=False, empty_label=_("None"), help_text=_("Areas with a column manning, kst or nutzung; where there are none, the roughness above counts."))  # fmt: skip
    landuse_column = forms.CharField(label=_("Column of the land use"), max_length=63, required=False, help_text=_("Where it has another name. Words are turned into roughness by the table of the method."))  # fmt: skip
    infiltration = forms.FloatField(label=_("Infiltration in mm/h"), min_value=0, max_value=300, initial=0, required=False, localize=True, help_text=_("0: all rain runs off, as German guidance asks for extreme rain."))  # fmt: skip
    buildings = DatasetField("vector", shapes=AREAS, label=_("Buildings"), required=False, help_text=_("Areas that water flows around; rain on their roofs runs off beside them."))  # fmt: skip
    culverts = DatasetField("vector", shapes=LINES, label=_("Culverts and openings of bridges"), required=False, empty_label=_("None"), help_text=_("Lines from one side of the embankment to the other, along which the terrain is cut; the bed by the columns sohle, or sohle_von and sohle_bis, in m above sea level, else the ground at both ends. With a column durchmesser (m), dn (mm) or q_max (m³/s) they are pipes that let no more through."))  # fmt: skip
    edges = forms.ChoiceField(label=_("Edge of the area"), choices=[("open", _("Water leaves the area")), ("closed", _("Water stays in the area"))], initial="open", required=False)  # fmt: skip
    sections = DatasetField("vector", shapes=LINES, label=_("Discharge across lines"), required=False, empty_label=_("None"), help_text=_("Lines across which discharge is told over time, by their attribute name; cross-sections can also be drawn on the map below."))  # fmt: skip
    measures = MeasuresField(label=_("Measures"), required=False, help_text=_("GeoJSON in EPSG:25833, as the map above writes it; it can be taken from another analysis or a GIS."))  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        self._check_land_use(cleaned)
        self._take_scenario(cleaned)
        stated = "depth" if cleaned["rain"] == BLOCK else "table"
        if cleaned[RASTER] is not None and stated == "depth":
            self._check_raster(cleaned)
        elif cleaned[CELLS] is not None:
            self._check_place(cleaned, stated)
        elif cleaned[TABLE] is not None or cleaned[YEARS] is not None:
            self.add_error(CELLS, _("Name the areas that the table or the return period belongs to."))
        elif not cleaned[stated]:
            self.add_error(stated, _("Say how much rain falls."))
        elif stated == "table":
            self._check_table(cleaned)
        return cleaned | {name: None for name in ("depth", "table") if name != stated}

    def called(self, values: Mapping[str, Any]) -> str:
        of = [wording.rain(values), super().called(values), _("with measures") if values["measures"] else ""]
        return ", ".join(str(each) for each in of if each)

    def _take_scenario(self, cleaned: dict[str, Any]) -> None:
        """The course is what a scenario says; anything else that was stated must be the same."""
        for name, value in raining.SCENARIOS.get(cleaned["scenario"], {}).items():
            if name != "rain" and cleaned[name] not in (None, value):
                self.add_error(name, _("The scenario says %s here. Leave it as it is, or choose no scenario.") % f"{value:g}")  # fmt: skip
            cleaned[name] = value

    def _check_land_use(self, cleaned: dict[str, Any]) -> None:
        dataset, stated = cleaned[LAND_USE], cleaned[COLUMN]
        if dataset is None:
            if stated:
                self.add_error(COLUMN, _("This belongs to a dataset of land use, which is not named."))
            return
        try:
            roughness.column(layers.names(dataset.current_version), stated)
        except BadLandUse as error:
            self.add_error(COLUMN if stated else LAND_USE, wording.told_land_use(error, dataset.title))

    def _check_raster(self, cleaned: dict[str, Any]) -> None:
        if cleaned["depth"]:
            self.add_error(RASTER, _("State the rain or take that of the raster, not both."))
        for name in (CELLS, TABLE, YEARS):
            if cleaned[name] is not None:
                self.add_error(name, _("With block rain the raster alone says how much falls."))

    def _check_place(self, cleaned: dict[str, Any], stated: str) -> None:
        if cleaned[stated]:
            self.add_error(stated, _("State the rain or take that of the place, not both."))
        if cleaned["rain"] == EULER and cleaned["minutes"] % STEP:
            self.add_error("minutes", _("A model rain Euler type II lasts a multiple of %s minutes.") % STEP)
        if cleaned[YEARS] is None:
            self.add_error(YEARS, _("Say how often such a rain comes."))
            return
        cells, table = cleaned[CELLS], cleaned[TABLE]
        try:
            raining.columns(cells.current_version, table and table.current_version, cleaned[YEARS])
        except BadTable as error:
            of = cells if table is None or error.of_cells else table
            at = YEARS if error.code == "years" else CELLS if of is cells else TABLE
            self.add_error(at, wording.told_table(error, of.title))

    def _check_table(self, cleaned: dict[str, Any]) -> None:
        try:
            raining.rain(cleaned, None)
        except BadCurve:
            self.add_error("table", _("The depths must reach from 5 minutes to the duration and rise with it; the duration is a multiple of 5 minutes."))  # fmt: skip
