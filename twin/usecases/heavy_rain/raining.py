"""The rain of a question: as it is stated, what a dataset of KOSTRA cells says for its place, or what a raster says for each cell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from twin.analysis import layers, terrain
from twin.analysis.errors import RunRefused
from twin.analysis.terrain import Frame, Mask
from twin.catalogue import rastering
from twin.catalogue.models import DatasetVersion
from twin.hydro import storms
from twin.hydro.case import Grid, Rain
from twin.hydro.errors import BadCurve
from twin.usecases.heavy_rain import kostra, wording
from twin.usecases.heavy_rain.kostra import BadTable, Columns, Storm

BLOCK, EULER = "block", "euler2"
CELLS, TABLE, YEARS, RASTER = "kostra", "kostra_table", "years", "rain_raster"  # parameters
MOST = 2000.0  # mm
SCENARIOS: dict[str, dict[str, Any]] = {  # what they say of an hour's rain; LUBW (2016): rare, exceptional, 128 mm; BKG: exceptional, 100 mm
    "rare": {"rain": EULER, "minutes": 60, YEARS: 30},
    "exceptional": {"rain": EULER, "minutes": 60, YEARS: 100},
    "extreme_100": {"rain": BLOCK, "minutes": 60, "depth": 100.0},
    "extreme_128": {"rain": BLOCK, "minutes": 60, "depth": 128.0},
}  # fmt: skip


def columns(cells: DatasetVersion, table: DatasetVersion | None, years: int) -> Columns:
    """Raises BadTable."""
    return kostra.columns(layers.names(cells), layers.names(table) if table else None, years)


def of_place(parameters: Mapping[str, Any], area: BaseGeometry, *, cells: DatasetVersion, table: DatasetVersion | None) -> Storm:  # fmt: skip
    """What falls on the area; for model rain with all shorter durations. Raises RunRefused."""
    try:
        return _of_place(parameters, area, cells, table)
    except BadTable as error:
        of = cells if table is None or error.of_cells else table
        raise RunRefused(wording.told_table(error, str(of.dataset))) from error


def _of_place(
    parameters: Mapping[str, Any], area: BaseGeometry, cells: DatasetVersion, table: DatasetVersion | None
) -> Storm:
    found = columns(cells, table, parameters[YEARS])
    wanted = (found.cell, found.duration, found.depth)
    own = () if table else wanted[1:]
    layer = layers.read(cells, (found.of_cells, *own), rows=layers.near(cells, area.bounds))
    names = [kostra.cell_name(each) for each in layer.values[found.of_cells]]
    parts = kostra.shares(area, names, layer.shapes)
    beside = layers.values(layers.features_of(table), wanted) if table else None
    rows = beside or zip(*(layer.values[name] for name in wanted), strict=True)
    storm = kostra.storm(parts, kostra.entries(rows), minutes=parameters["minutes"], course=parameters["rain"] == EULER)  # fmt: skip
    delivered = dict(
        zip(names, layer.values[found.of_cells], strict=True)
    )  # with the zeros that they have there
    return Storm(storm.depths, tuple({**each, "cell": delivered[each["cell"]]} for each in storm.cells))


@dataclass(frozen=True)
class Field:
    """Rain in mm of each cell, (rows, columns) float32; highest: of the cells that are computed; told: as the summary keeps it."""

    depths: Grid
    highest: float
    told: Mapping[str, Any]


def field(version: DatasetVersion, part: Frame, active: Mask) -> Field:
    """The mean of what lies in a cell; where the raster is coarser, its value as it stands. Raises RunRefused where it can't be meant."""
    coarser = float(version.grid["resolution"]) >= part.cell
    depths = terrain.heights(rastering.path_of(version), part, exact=coarser)
    known = depths[active]
    if not known.size:
        raise RunRefused(_("The area is smaller than a cell."))
    title, missing = version.dataset.title, float(np.isnan(known).mean())
    if missing:
        raise RunRefused(_("“%(title)s” says for %(share)s %% of the area how much rain falls. Choose an area inside it, or state the rain.") % {"title": title, "share": number_format(np.floor(1000 * (1 - missing)) / 10, 1)})  # fmt: skip
    lowest, mean, highest = (float(each) for each in (known.min(), known.mean(dtype=float), known.max()))
    if lowest < 0 or not 0 < highest <= MOST:
        raise RunRefused(_("“%(title)s” reaches from %(lowest)s to %(highest)s. It must hold depths of rain in mm.") % {"title": title, "lowest": number_format(lowest, 1), "highest": number_format(highest, 1)})  # fmt: skip
    told = {"lowest": round(lowest, 2), "mean": round(mean, 2), "highest": round(highest, 2)}
    return Field(depths, highest, told | {"source": wording.delivered(version)})


def rain(parameters: Mapping[str, Any], storm: Storm | None, place: Field | None = None) -> Rain:
    """storm: of the place, where the question asks for it; place: how much falls on each cell, in the same course. Raises BadCurve."""
    if place is None:
        return _everywhere(parameters, storm)
    course = _everywhere({**parameters, "depth": place.highest}, storm).fallen
    whole = course.values[-1]
    if not whole:
        raise BadCurve("Nothing falls, so there is no course of the rain.")
    fallen = replace(course, values=tuple(each * place.highest / whole for each in course.values))
    return Rain(fallen, np.nan_to_num(place.depths / np.float32(place.highest)).clip(0, 1))


def _everywhere(parameters: Mapping[str, Any], storm: Storm | None) -> Rain:
    minutes = parameters["minutes"]
    if parameters["rain"] == BLOCK:
        return storms.block(storm.depths[minutes] if storm else parameters["depth"], minutes)
    stated = {int(each): depth for each, depth in (parameters.get("table") or {}).items()}
    return storms.euler2(storm.depths if storm else stated, minutes)


def told(parameters: Mapping[str, Any], storm: Storm, sources: Iterable[DatasetVersion]) -> dict[str, Any]:
    """As the summary keeps it: mm, and the share of each cell in per cent."""
    cells = [{**each, "share": round(100 * each["share"], 1)} for each in storm.cells]
    depth = round(storm.depths[parameters["minutes"]], 2)
    return {"years": parameters[YEARS], "minutes": parameters["minutes"], "depth": depth, "cells": cells, "sources": [wording.delivered(each) for each in sources]}  # fmt: skip
