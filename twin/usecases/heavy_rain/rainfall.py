"""What goes into a computation of heavy rain and what comes out, and what the water is judged by. Needs no compiler."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from twin.analysis.terrain import Mask
from twin.hydro.case import Case, Grid
from twin.hydro.sections import Section
from twin.usecases.heavy_rain.course import Course

SPEEDS = (
    0.2,
    0.5,
    2.0,
)  # m/s; lower ends of the classes for heavy rain (LUBW 2016, BKG): 0.2-0.5, 0.5-2, > 2


@dataclass(frozen=True)
class Inputs:
    """A case and how many threads compute it. built: cells that are raised because a building stands there; told: what the summary says besides.

    sections: lines across which discharge is recorded, by name."""

    case: Case
    built: Mask
    threads: int
    told: Mapping[str, Any] = field(default_factory=dict)
    sections: Sequence[tuple[str, Section]] = ()


@dataclass(frozen=True)
class Outcome:
    """Grids of (rows, columns) float32, NaN outside the area and in buildings: m, m/s, m2/s, minutes until 5 cm (NaN: never).

    balance: m3 rained, soaked, left and volume (what is still there), and error (what is there and can't be explained).
    hydrographs: see hydrographs.told; pipes: see culverts.passed."""

    depth: Grid
    speed: Grid
    flow: Grid
    arrival: Grid
    balance: Mapping[str, float]
    minutes: float
    steps: int
    course: Course
    told: Mapping[str, Any] = field(default_factory=dict)
    hydrographs: Sequence[Mapping[str, Any]] = ()
    pipes: Sequence[Mapping[str, Any]] = ()


def areas(values: Grid, *, ends: tuple[float, ...], cell: float) -> list[float]:
    """m2 in each class from a lower end up to the next one; the last one is open. What has no value is in none."""
    number = np.digitize(values, np.array(ends, values.dtype))
    number[np.isnan(values)] = 0  # which counts as greater than all
    counts = np.bincount(number.ravel(), minlength=len(ends) + 1)[1:]
    return [float(count) * cell**2 for count in counts]
