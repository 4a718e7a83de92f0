"""The rain of a question: as it is stated, or what a dataset of KOSTRA cells says for its place."""

from collections.abc import Iterable, Mapping
from typing import Any

from shapely.geometry.base import BaseGeometry

from twin.analysis import layers
from twin.analysis.errors import RunRefused
from twin.catalogue.models import DatasetVersion
from twin.hydro import storms
from twin.hydro.case import Rain
from twin.usecases.heavy_rain import kostra, wording
from twin.usecases.heavy_rain.kostra import BadTable, Columns, Storm

BLOCK, EULER = "block", "euler2"
CELLS, TABLE, YEARS = "kostra", "kostra_table", "years"  # parameters
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


def rain(parameters: Mapping[str, Any], storm: Storm | None) -> Rain:
    """storm: of the place, where the question asks for it. Raises BadCurve."""
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
