"""Facilities and roads that are asked about, and how they are reached. Pure.

Arrays have a value for each thing. Times in seconds, inf where there is no way.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.analysis.network import Network
from twin.analysis.water import Numbers, Shapes, Water

Flags = NDArray[np.bool_]
Ids = NDArray[np.intp]
STEPS = (0.0, 0.5, 1.0, 1.5, 2.0)  # lower ends of the classes of time, times the minutes that were asked with


@dataclass(frozen=True)
class Roads:
    """speeds: km/h; bridges: a flood below does not close them; conditions, bodies: "" where the data say nothing."""

    keys: NDArray[np.object_]
    shapes: Shapes
    speeds: Numbers
    bridges: Flags
    conditions: list[str]
    bodies: list[str]


@dataclass(frozen=True)
class Facilities:
    """places: how many there is room for, NaN where the data say nothing."""

    names: list[str]
    kinds: list[str]
    conditions: list[str]
    bodies: list[str]
    places: Numbers
    shapes: Shapes


@dataclass(frozen=True)
class Homes:
    """Addresses, buildings or districts; people: how many live there, one for each where the data say nothing."""

    keys: NDArray[np.object_]
    shapes: Shapes
    people: Numbers
    counted: bool  # the data say how many


@dataclass(frozen=True)
class Estate:
    """A new area; people: who will live there."""

    name: str
    shape: Shapes  # one
    people: float


@dataclass(frozen=True)
class Inputs:
    """minutes: in which a facility is to be reached. tolerance, reach: m within which lines meet, and up to which things lie at a road.
    closing: m of water from which on a road is closed."""

    roads: Roads
    facilities: Facilities
    homes: Homes | None
    estate: Estate | None
    water: Water | None
    minutes: float
    tolerance: float
    reach: float
    closing: float

    @property
    def ends(self) -> tuple[float, ...]:
        """Of the classes, in minutes."""
        return tuple(self.minutes * step for step in STEPS)


@dataclass(frozen=True)
class Reached:
    """From the nearest facility: pieces of road (their middles) and homes; nearest: the facility of each home, -1 for none."""

    pieces: Numbers
    homes: Numbers
    nearest: Ids


@dataclass(frozen=True)
class Kind:
    """Facilities of one kind. People who reach one in the minutes asked, today and with the water; where the new area would go."""

    name: str
    facilities: int
    within: float
    within_flooded: float | None
    estate: tuple[int, float] | None  # facility, seconds
    estate_flooded: tuple[int, float] | None


@dataclass(frozen=True)
class Load:
    """People whose nearest facility of its kind each one is: today, with the water, and with the new area."""

    today: Numbers
    flooded: Numbers | None
    added: Numbers


@dataclass(frozen=True)
class Outcome:
    """closed: pieces of the network under water; drowned: facilities there; lost: homes that are cut off by it; apart: how many lie at no road; far: facilities without a road."""

    inputs: Inputs
    network: Network
    today: Reached
    flooded: Reached | None
    closed: Flags
    drowned: Flags
    lost: Flags
    apart: int
    far: Flags
    kinds: list[Kind]
    load: Load
