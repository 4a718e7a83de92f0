"""The water that a question is about: depths of an earlier analysis, a raster of depths, or the areas of a dataset."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import rasterio
import shapely
from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from tenants import files
from twin.analysis import handing, inputs, layers
from twin.analysis.errors import RunRefused
from twin.analysis.forms import DatasetField, Question, RunField, RunForm
from twin.analysis.models import Run
from twin.analysis.water import Areas, Raster, Water
from twin.catalogue import rastering
from twin.catalogue.models import DatasetVersion
from twin.catalogue.models.datasets import AREAS

OUTPUT = "depth"  # what runs call their raster of depths in m
DEPTHS, RASTER, FLOODED, ASSUMED = "depths", "raster", "flooded", "assumed"
DEEPEST = 50.0  # m; what is more is a height above sea level
LOOKED_AT = 1000  # pixels on the longer side of what a raster is judged by
SOME = DEEPEST  # stands for any depth where none is known: what lies there is in the water, and a road closed, whatever is asked with


class WaterForm(RunForm):
    """Ground of forms that ask for water. needed: one of the three must be named."""

    needed: ClassVar[bool] = True

    depths = RunField(output=OUTPUT, label=_("Depths of water of an earlier analysis"), required=False, empty_label=_("None"))  # fmt: skip
    raster = DatasetField("raster", label=_("Raster of depths"), required=False, empty_label=_("None"), help_text=_("Depths of water in metres, instead of an earlier analysis."))  # fmt: skip
    flooded = DatasetField("vector", shapes=AREAS, label=_("Areas under water"), required=False, empty_label=_("None"), help_text=_("Such as a flood area, instead of depths; how deep the water stands there is not known."))  # fmt: skip
    assumed = forms.FloatField(label=_("Depth assumed in these areas in m"), min_value=0.05, max_value=DEEPEST, required=False, localize=True, help_text=_("Left empty, what lies in them is counted without depths."))  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        named = [name for name in (DEPTHS, RASTER, FLOODED) if cleaned.get(name) is not None]
        if len(named) > 1:
            self.add_error(named[1], _("Name one source of the water, not several."))
        elif not named and self.needed and not self.errors:
            self.add_error(DEPTHS, _("Name where the water stands: an earlier analysis, a raster of depths, or areas under water."))  # fmt: skip
        if cleaned.get(ASSUMED) is not None and cleaned.get(FLOODED) is None and ASSUMED not in self.errors:
            self.add_error(ASSUMED, _("This belongs to areas under water, which are not named."))
        return cleaned


def extent_of(question: Question) -> BaseGeometry | None:
    """Where water is known, as a rectangle; None where the question names none. Raises RunRefused where it can't be meant."""
    run = question.values.get(DEPTHS)
    if run is not None:
        return _box(_grid(run))
    if question.values.get(RASTER) is not None:
        version = question.dataset(RASTER)
        _require_depths(version)
        return _box(version.grid)
    return _around(question.dataset(FLOODED)) if question.values.get(FLOODED) is not None else None


def water_of(run: Run) -> Water | None:
    """Needs `inputs.reading`. Raises RunRefused, InputGone."""
    earlier = next(iter(inputs.runs_of(run, DEPTHS)), None)
    if earlier is not None:
        found = handing.output_of(earlier, OUTPUT)
        if found is None:
            raise RunRefused(_("The analysis “%s” has no depths of water.") % earlier.title)
        return Raster(files.path_of(found[1]))
    if (version := inputs.version_of(run, RASTER)) is not None:
        return Raster(rastering.path_of(version))
    if (version := inputs.version_of(run, FLOODED)) is not None:
        return Areas(layers.read(version).shapes, float(run.parameters.get(ASSUMED, SOME)))
    return None


def are_deep(parameters: Mapping[str, Any]) -> bool:
    """Whether depths are known, or assumed."""
    return FLOODED not in parameters or ASSUMED in parameters


def _grid(run: Run) -> Mapping[str, Any]:
    return next(each["grid"] for each in run.outputs if each["name"] == OUTPUT)  # no other runs are offered


def _box(grid: Mapping[str, Any]) -> BaseGeometry:
    west, north = grid["origin"]
    side = grid["resolution"]
    found: BaseGeometry = shapely.box(west, north - grid["height"] * side, west + grid["width"] * side, north)
    return found


def _around(version: DatasetVersion) -> BaseGeometry | None:
    return shapely.box(*version.extent.extent) if version.extent is not None else None


def _require_depths(version: DatasetVersion) -> None:
    lowest, highest = _limits(rastering.path_of(version))
    if not np.isfinite(highest):
        raise RunRefused(_("The raster “%s” has no value anywhere.") % version.dataset)
    worst = lowest if lowest < 0 else highest
    if not 0 <= worst <= DEEPEST:
        raise RunRefused(_("The raster “%(title)s” has the value %(value)s. Depths of water are metres from 0 to %(most)s; heights above sea level are none, and a value that stands for “no depth” has to be declared as such in the file.") % {"title": version.dataset, "value": number_format(round(worst, 2), use_l10n=True), "most": int(DEEPEST)})  # fmt: skip


def _limits(path: Path) -> tuple[float, float]:
    """Lowest and highest value of a sample; NaN where there is none."""
    with rasterio.open(path, driver="GTiff") as source:
        factor = max(1.0, max(source.width, source.height) / LOOKED_AT)
        shape = (max(1, round(source.height / factor)), max(1, round(source.width / factor)))
        values = source.read(1, out_shape=shape, masked=True).astype(float).filled(np.nan)
    known = values[np.isfinite(values)]
    return (float(known.min()), float(known.max())) if known.size else (float("nan"), float("nan"))
