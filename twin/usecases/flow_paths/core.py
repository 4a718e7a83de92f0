"""Depressions and flow paths of terrain: stages on the way, the outcome at the end. Loaded by the worker alone."""

from collections.abc import Generator, Mapping
from typing import Any

import numpy as np

from twin.analysis import tracing
from twin.analysis.stage import Stage, part
from twin.hydro import draining
from twin.hydro.case import Grid
from twin.hydro.draining import Lakes
from twin.hydro.filling import Flat, Flood, inner
from twin.usecases.flow_paths.case import HECTARE, Depressions, Inputs, Outcome, Paths

GATHERED, MEASURED = 0.75, 0.85  # share of the work that is done


def compute(inputs: Inputs, saved: Mapping[str, Any] | None) -> Generator[Stage, None, Outcome]:
    """saved: of no use; it takes seconds, and what would be kept is larger than the answer."""
    flood, gathered = yield from part(draining.drain(inputs.heights), end=GATHERED)
    depth, depressions = _depressions(flood, gathered, inputs)
    yield Stage(MEASURED, dict)
    paths = _paths(flood, gathered, inputs)
    catchment = inner(gathered, inputs.heights).astype(np.float32) * np.float32(inputs.part.cell**2 / HECTARE)
    return Outcome(inputs.least, _seen(depth, inputs), _seen(catchment, inputs), depressions, paths)


def _seen(values: Grid, inputs: Inputs) -> Grid:
    return np.where(inputs.built | np.isnan(inputs.heights), np.float32(np.nan), values)


def _depressions(flood: Flood, gathered: Flat, inputs: Inputs) -> tuple[Grid, Depressions]:
    """And how deep they are: (rows, columns) m."""
    labels, built = np.zeros(flood.z.size, np.int32), np.pad(inputs.built, 1).ravel()
    count = draining.label(flood, labels, np.empty(flood.order.size, np.uint32))
    lakes = draining.no_lakes(count)
    draining.measure(flood, labels, built, gathered, lakes)
    kept = _counting(lakes, inputs)
    places = np.zeros(count + 1, np.int32)
    places[kept] = np.arange(1, len(kept) + 1)
    depth = inner(flood.level - flood.z, inputs.heights)
    numbers = np.where((depth > 0) & ~inputs.built, places[inner(labels, inputs.heights)], 0)
    square = inputs.part.cell**2
    found = Depressions(
        depth=lakes.deepest[kept],
        area=lakes.cells[kept] * square,
        volume=lakes.depths[kept] * square,
        level=lakes.level[kept],
        catchment=lakes.gathered[kept] * square,
        walled=built[lakes.spill[kept]],
        shapes=tracing.areas(numbers, len(kept), inputs.part),
    )
    return np.where(numbers > 0, depth, np.float32(0)), found


def _counting(lakes: Lakes, inputs: Inputs) -> Flat:
    """Labels of those that count, the largest first."""
    volumes = lakes.depths * inputs.part.cell**2
    counts = (
        (lakes.deepest >= np.float32(inputs.least.depth))
        & (volumes >= inputs.least.volume)
        & (lakes.cells > 0)
    )
    kept = np.flatnonzero(counts)
    return kept[np.argsort(-volumes[kept], kind="stable")]


def _paths(flood: Flood, gathered: Flat, inputs: Inputs) -> Paths:
    square = inputs.part.cell**2
    ends = np.ceil([end * HECTARE / square - 1e-6 for end in inputs.least.classes]).astype(np.int64)
    points, lengths, last = draining.paths(flood, gathered, ends)
    lines = tracing.lines(points, lengths, inputs.part)
    return Paths(lines, last * square, np.searchsorted(ends, last, side="right") - 1)
