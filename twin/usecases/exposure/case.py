"""What may stand in the water, and what does. Pure.

Arrays have a value for each thing. Depths in m, areas in m², lengths in m, EUR.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.analysis.water import Depths, Numbers, Shapes, Water

Flags = NDArray[np.bool_]
Classes = NDArray[np.intp]  # 1: the lowest; 0: not in the water


@dataclass(frozen=True)
class Buildings:
    """homes: people live there; storeys: at least 1."""

    keys: NDArray[np.object_]
    shapes: Shapes
    storeys: Numbers
    homes: Flags

    def __len__(self) -> int:
        return len(self.shapes)


@dataclass(frozen=True)
class People:
    """Inhabitants: of points (an address each), of areas, or, without shapes, one number for all buildings."""

    counts: Numbers
    shapes: Shapes | None = None


@dataclass(frozen=True)
class Roads:
    """bridges: water below does not reach them. closing: m of water from which on a road is closed."""

    shapes: Shapes
    bridges: Flags
    closing: float


@dataclass(frozen=True)
class Facilities:
    names: list[str]
    kinds: list[str]
    shapes: Shapes


@dataclass(frozen=True)
class Places:
    """Municipalities, or plans: areas that numbers are told for. notes: what a row says besides."""

    names: list[str]
    shapes: Shapes
    notes: list[str]


@dataclass(frozen=True)
class Worth:
    """EUR/m² of footprint that a home may lose at most; spread: share that this may be more or less."""

    most: float
    spread: float


@dataclass(frozen=True)
class Inputs:
    """ends: lower ends of the classes of depth. deep: depths are known. worth: None, where no damage is to be told."""

    water: Water
    ends: tuple[float, ...]
    deep: bool
    buildings: Buildings
    worth: Worth | None
    people: People | None
    roads: Roads | None
    facilities: Facilities | None
    farmland: Shapes | None
    towns: Places
    plans: Places | None


@dataclass(frozen=True)
class Damage:
    """EUR of each building, or of each place."""

    low: Numbers
    middle: Numbers
    high: Numbers


@dataclass(frozen=True)
class Met:
    """What of each place stands in the water, and how many of its dry buildings are cut off; farmland: m². None, where not asked."""

    buildings: NDArray[np.intp]
    people: Numbers | None
    damage: Damage | None
    roads: Numbers | None
    facilities: NDArray[np.intp] | None
    cut: NDArray[np.intp] | None
    farmland: Numbers | None = None


@dataclass(frozen=True)
class Wet:
    """Pieces of roads in the water: their lengths, classes, and both ends, (pieces, 2, 2)."""

    lengths: Numbers
    classes: Classes
    ends: NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """most, mean: of the buildings, along their walls; unknown: where no depth is known. people: of each building.
    lost: inhabitants whose place holds no home. standing: depth and class of the facilities. farmland: m² in each class.
    cut: dry buildings without a way to the rest of the roads."""

    inputs: Inputs
    most: Depths
    mean: Depths
    classes: Classes
    unknown: Flags
    people: Numbers | None
    lost: float
    damage: Damage | None
    roads: Wet | None
    standing: tuple[Depths, Classes] | None
    farmland: Numbers | None
    cut: Flags | None
    towns: Met | None = None
    plans: Met | None = None
