"""Whether the heights of a model are metres above sea level: what speaks for another unit, and how surely. No Django."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.hydro.case import Grid

METRE = "m"
UNITS = {METRE: 1.0, "dm": 0.1, "cm": 0.01, "mm": 0.001, "ft": 0.3048}  # metres; the foot of 1959
SPELLINGS = {
    "dm": ("dm", "decimetre", "decimeter", "dezimeter"),
    "cm": ("cm", "centimetre", "centimeter", "zentimeter"),
    "mm": ("mm", "millimetre", "millimeter"),
    "ft": ("ft", "foot", "feet", "us survey foot", "ftus", "us-ft", "fuß"),
}
RANGE, MODEL, GAUGE, FILE = "range", "model", "gauge", "file"  # what may speak

MOST, FEW = 0.9, 0.1  # shares of the heights that lie within a range, and that may by chance
CELLS = 100  # that two models have in common, at least
RELIEF = 0.5  # m of standard deviation: flat ground looks alike in every unit
ALIKE = 0.95  # correlation of two models of the same ground
NEAR = 3.0  # m in the middle, between models of different years, with trees or without
SLOPE = 0.1  # share by which one may rise faster than the other
BELOW, OVER = (
    5.0,
    10.0,
)  # m that the lowest ground at a gauge lies below its zero (a dug bed) or above it (water, bank)


@dataclass(frozen=True)
class Vote:
    """kind: of what speaks; units: keys of UNITS that it allows, METRE alone where metres fit; name: of what was compared with, where it may
    be told; shown: (heights in the model, m above sea level there)."""

    kind: str
    units: tuple[str, ...]
    name: str = ""
    shown: tuple[float, float] | None = None


@dataclass(frozen=True)
class Doubt:
    """units: that the heights may have, the likeliest first; pro, contra: what speaks for them, and for metres; certain: no other reading is left."""

    units: tuple[str, ...]
    pro: tuple[Vote, ...]
    contra: tuple[Vote, ...]
    certain: bool


def by_range(heights: NDArray[np.float32], ground: tuple[float, float]) -> Vote | None:
    """heights: (n,) as they stand; ground: lowest and highest of the county, m."""
    shares = {unit: float(np.mean((heights * size >= ground[0]) & (heights * size <= ground[1]))) for unit, size in UNITS.items()}  # fmt: skip
    if shares[METRE] >= MOST:
        return Vote(RANGE, (METRE,), shown=ground)
    fitting = tuple(unit for unit in UNITS if shares[unit] >= MOST)
    return Vote(RANGE, fitting, shown=ground) if fitting and shares[METRE] <= FEW else None


def by_model(heights: Grid, other: Grid, *, name: str = "") -> Vote | None:
    """heights as they stand, other: m, on the same cells, NaN where there is none. Two models of the same ground rise and fall together."""
    known = np.isfinite(heights) & np.isfinite(other)
    ours, theirs = heights[known].astype(np.float64), other[known].astype(np.float64)
    if ours.size < CELLS or theirs.std() < RELIEF or ours.std() == 0:
        return None
    if np.corrcoef(ours, theirs)[0, 1] < ALIKE:
        return None
    ratio, middle = theirs.std() / ours.std(), (float(np.median(ours)), float(np.median(theirs)))
    for unit, size in UNITS.items():
        if abs(ratio / size - 1) <= SLOPE and np.median(np.abs(size * ours - theirs)) <= NEAR:
            return Vote(MODEL, (unit,), name, middle)
    return None


def by_gauge(lowest: float, zero: float, *, name: str = "") -> Vote | None:
    """lowest: of the heights around a gauge, as they stand; zero: of the gauge, m above sea level."""
    fitting = tuple(unit for unit, size in UNITS.items() if -BELOW <= size * lowest - zero <= OVER)
    allowed = (METRE,) if METRE in fitting else fitting
    return Vote(GAUGE, allowed, name, (lowest, zero)) if allowed else None


def by_file(said: str) -> Vote | None:
    """said: the unit that the file names. That it says metres proves nothing: programs write it by themselves."""
    found = next((unit for unit, words in SPELLINGS.items() if said.strip().lower() in words), None)
    return Vote(FILE, (found,)) if found else None


def judge(votes: Sequence[Vote]) -> Doubt | None:
    """Two different witnesses of which none speaks for metres leave no doubt; where a gauge speaks for metres, the range of the county alone
    says nothing."""
    contra = tuple(each for each in votes if METRE in each.units)
    pro = [each for each in votes if METRE not in each.units]
    kinds = {unit: {each.kind for each in pro if unit in each.units} for unit in UNITS}
    most = max(map(len, kinds.values()))
    told = {each.kind for each in contra}
    if not most or ({each.kind for each in pro} == {RANGE} and GAUGE in told):
        return None
    units = tuple(unit for unit in UNITS if len(kinds[unit]) == most)
    speaking = tuple(each for each in pro if set(each.units) & set(units))
    return Doubt(units, speaking, contra, certain=most > 1 and not contra)
