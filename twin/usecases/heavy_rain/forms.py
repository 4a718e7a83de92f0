"""What is asked about heavy rain."""

import json
import re
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from twin.analysis.elevation import SIZES
from twin.analysis.forms import AreaForm, DatasetField
from twin.hydro import storms
from twin.hydro.case import Rain
from twin.hydro.errors import BadCurve
from twin.usecases.heavy_rain import measures, wording
from twin.usecases.heavy_rain.measures import BadMeasure

BLOCK, EULER = "block", "euler2"
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
            (f"measure-{each.number}", feature["geometry"], {"label": wording.told(each), "colour": MEASURED})
            for each, feature in zip(measures.of(value), value["features"], strict=True)
        ]


class HeavyRainForm(AreaForm):
    WITH_MAP = frozenset({*AreaForm.WITH_MAP, "measures"})

    elevation = DatasetField("raster", label=_("Elevation model"), help_text=_("Heights of the ground in metres, without buildings (DGM)."))  # fmt: skip
    cell = forms.TypedChoiceField(label=_("Side of a cell in m"), choices=SIZES, coerce=int, initial="5", required=False, help_text=_("Half the cells take eight times as long."))  # fmt: skip
    rain = forms.ChoiceField(label=_("Course of the rain"), choices=[(BLOCK, _("Block rain: equally strong all the time")), (EULER, _("Model rain Euler type II: strongest after three tenths"))], initial=BLOCK, required=False)  # fmt: skip
    minutes = forms.IntegerField(label=_("Duration of the rain in minutes"), min_value=5, max_value=4320, initial=60, required=False)  # fmt: skip
    depth = forms.FloatField(label=_("Depth of block rain in mm"), min_value=0.1, max_value=2000, required=False, localize=True, help_text=_("For example from KOSTRA-DWD: 60 minutes, once in a hundred years, about 49 mm in Meißen."))  # fmt: skip
    table = TableField(label=_("Depths for Euler type II"), required=False, help_text=_("A column of KOSTRA-DWD from 5 minutes up to the duration; on each line minutes and mm, such as 60; 36,5."))  # fmt: skip
    after = forms.IntegerField(label=_("Minutes computed after the rain"), min_value=0, max_value=1440, initial=60, required=False, help_text=_("Hollows are often deepest some time after the rain."))  # fmt: skip
    manning = forms.FloatField(label=_("Roughness (Manning) in s/m^(1/3)"), min_value=0.01, max_value=0.5, initial=0.05, required=False, localize=True, help_text=_("0,02 asphalt, 0,05 lawn and gardens, 0,1 and more woods."))  # fmt: skip
    infiltration = forms.FloatField(label=_("Infiltration in mm/h"), min_value=0, max_value=300, initial=0, required=False, localize=True, help_text=_("0: all rain runs off, as German guidance asks for extreme rain."))  # fmt: skip
    buildings = DatasetField("vector", label=_("Buildings"), required=False, help_text=_("Areas that water flows around; rain on their roofs runs off beside them."))  # fmt: skip
    edges = forms.ChoiceField(label=_("Edge of the area"), choices=[("open", _("Water leaves the area")), ("closed", _("Water stays in the area"))], initial="open", required=False)  # fmt: skip
    measures = MeasuresField(label=_("Measures"), required=False, help_text=_("GeoJSON in EPSG:25833, as the map above writes it; it can be taken from another analysis or a GIS."))  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        if cleaned["rain"] == BLOCK:
            cleaned["table"] = None
            if cleaned["depth"] is None:
                self.add_error("depth", _("Say how much rain falls."))
        else:
            cleaned["depth"] = None
            self._check_table(cleaned)
        return cleaned

    def _check_table(self, cleaned: dict[str, Any]) -> None:
        try:
            storm(cleaned)
        except BadCurve:
            self.add_error("table", _("The depths must reach from 5 minutes to the duration and rise with it; the duration is a multiple of 5 minutes."))  # fmt: skip


def storm(parameters: Any) -> Rain:
    """Raises BadCurve."""
    if parameters["rain"] == BLOCK:
        return storms.block(parameters["depth"], parameters["minutes"])
    table = {int(minutes): depth for minutes, depth in (parameters.get("table") or {}).items()}
    return storms.euler2(table, parameters["minutes"])
