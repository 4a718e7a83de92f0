"""What lies how high above its stream: stages on the way, the outcome at the end. Loaded by the worker alone."""

from collections.abc import Generator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.analysis import tracing
from twin.analysis.stage import Stage, part
from twin.hydro import draining
from twin.hydro.case import Grid
from twin.hydro.classes import RIVER_DEPTHS
from twin.hydro.filling import Flat, Flood, inner
from twin.usecases.small_streams.case import Inputs, Outcome, Streams

GATHERED, KNOWN = 0.75, 0.85  # share of the work that is done


def compute(inputs: Inputs, saved: Mapping[str, Any] | None) -> Generator[Stage, None, Outcome]:
    """saved: of no use; it takes seconds, and what would be kept is larger than the answer."""
    flood, gathered = yield from part(draining.drain(inputs.heights), end=GATHERED)
    least = int(np.ceil(inputs.catchment / inputs.part.cell**2 - 1e-6))
    bed = draining.carve(flood, gathered, least, draining.FAR * np.float32(draining.CLIMB * inputs.part.cell))
    sill = np.full(bed.size, np.nan, np.float32)
    draining.nearest(flood, bed, sill)
    above, passed = (inner(each - bed, inputs.heights) for each in (flood.z, sill))
    yield Stage(KNOWN, dict)
    first, depth = _flooded(above, passed, inputs)
    counts = [np.bincount(row.ravel(), minlength=len(inputs.steps) + 1)[1:].cumsum() for row in first]
    return Outcome(
        first, depth, above, np.array(counts), _streams(flood, gathered, least=least, inputs=inputs)
    )


def _flooded(above: Grid, passed: Grid, inputs: Inputs) -> tuple[NDArray[np.uint8], Grid]:
    """passed: m above the bed that water must stand to reach the cell."""
    first = np.zeros((len(RIVER_DEPTHS), *above.shape), np.uint8)
    depth = np.where(np.isnan(inputs.heights), np.float32(np.nan), np.float32(0))
    for number, height in enumerate(inputs.steps, 1):
        deep = np.where(passed < np.float32(height), np.float32(height) - above, np.float32(0))
        for row, least in zip(first, RIVER_DEPTHS, strict=True):
            row[(row == 0) & (deep > 0) & (deep >= np.float32(least))] = number
        if number == inputs.asked:
            np.maximum(deep, 0, out=depth, where=np.isfinite(above))
    return first, depth


def _streams(flood: Flood, gathered: Flat, *, least: int, inputs: Inputs) -> Streams:
    points, lengths, last = draining.paths(flood, gathered, np.array([least]))
    return Streams(tracing.lines(points, lengths, inputs.part), last * inputs.part.cell**2)
