"""Roads and facilities -> how far it is to the nearest one, today and with water on the roads; pure, loaded by the worker."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from twin.analysis import network
from twin.analysis.network import Anchors, Network, Ways
from twin.analysis.stage import Stage
from twin.analysis.water import Numbers, Shapes, around
from twin.usecases.infrastructure.case import Facilities, Flags, Ids, Inputs, Kind, Load, Outcome, Reached


def compute(inputs: Inputs, saved: Mapping[str, Any] | None) -> Generator[Stage, None, Outcome]:
    """saved: of no use, it is done in a moment."""
    roads = lay_out(inputs)
    yield Stage(0.3, dict)
    closed, drowned = _closed(inputs, roads), _drowned(inputs)
    homes = middles(inputs.homes.shapes) if inputs.homes else np.zeros((0, 2))
    estate = middles(inputs.estate.shape) if inputs.estate else np.zeros((0, 2))
    anchors = network.anchored(roads, np.concatenate((homes, estate)), reach=inputs.reach)
    views = [_View(roads, None, np.zeros_like(drowned), anchors, len(homes))]
    if inputs.water:
        views.append(_View(roads, closed, drowned, anchors, len(homes)))
    yield Stage(0.5, dict)
    reached = [view.reached(roads.stops) for view in views]
    today, flooded = reached[0], reached[1] if inputs.water else None
    lost = np.zeros(len(today.homes), bool) if flooded is None else np.isfinite(today.homes) & np.isinf(flooded.homes)  # fmt: skip
    yield Stage(0.7, dict)
    kinds, load = _by_kind(inputs, roads, views)
    apart = int((anchors.pieces[: len(homes)] < 0).sum())
    return Outcome(inputs, roads, today, flooded, closed, drowned, lost, apart, roads.stops < 0, kinds, load)


def lay_out(inputs: Inputs) -> Network:
    """The network with the facilities as its stops."""
    given = inputs.roads
    return network.build(
        given.shapes,
        given.speeds,
        tolerance=inputs.tolerance,
        stops=middles(inputs.facilities.shapes),
        reach=inputs.reach,
    )


def middles(shapes: Shapes) -> Numbers:
    """(n, 2): the points themselves, of areas one inside."""
    return shapely.get_coordinates(shapely.point_on_surface(shapes))


def _closed(inputs: Inputs, roads: Network) -> Flags:
    if inputs.water is None:
        return np.zeros(len(roads), bool)
    return network.closed(roads, inputs.water, depth=inputs.closing) & ~inputs.roads.bridges[roads.lines]


def _drowned(inputs: Inputs) -> Flags:
    """Facilities that nobody is served at: the water stands at them as deep as it closes a road."""
    if inputs.water is None:
        return np.zeros(len(inputs.facilities.names), bool)
    return around(inputs.water, inputs.facilities.shapes) >= np.float32(inputs.closing)


@dataclass(frozen=True)
class _View:
    """The roads and facilities as they are, or with pieces and facilities closed. anchors: of the homes, so many, and the new area at the end."""

    roads: Network
    closed: Flags | None
    drowned: Flags
    anchors: Anchors
    homes: int

    def ways(self, places: Ids) -> tuple[Ways, Ways]:
        """To the nodes, and to the anchors. places: nodes of the facilities."""
        roads = self.roads if self.closed is None else self.roads.without(self.closed)
        found = network.ways(roads, np.where(self.drowned, -1, places))
        return found, network.arrivals(self.roads, found, self.anchors, closed=self.closed)

    def reached(self, places: Ids) -> Reached:
        found, arrived = self.ways(places)
        middle = Anchors(np.arange(len(self.roads)), np.full(len(self.roads), 0.5))
        pieces = network.arrivals(self.roads, found, middle, closed=self.closed).seconds
        return Reached(pieces, arrived.seconds[: self.homes], arrived.nearest[: self.homes])


@dataclass
class _Sums:
    today: Numbers
    flooded: Numbers
    added: Numbers


def _by_kind(inputs: Inputs, roads: Network, views: Sequence[_View]) -> tuple[list[Kind], Load]:
    """A school is no substitute for a fire station: each kind is asked alone."""
    count = len(inputs.facilities.names)
    sums = _Sums(np.zeros(count), np.zeros(count), np.zeros(count))
    kinds = []
    for name, members in _members(inputs.facilities):
        stops = np.where(members, roads.stops, -1)
        arrived = [view.ways(stops)[1] for view in views]
        _add(sums, inputs, arrived)
        within = [_within(inputs, each) for each in arrived]
        nearest = [_estate(inputs, each) for each in arrived]
        flooded = len(views) > 1
        kinds.append(Kind(name, int(members.sum()), within[0], within[1] if flooded else None, nearest[0], nearest[1] if flooded else None))  # fmt: skip
    return kinds, Load(sums.today, sums.flooded if len(views) > 1 else None, sums.added)


def _members(facilities: Facilities) -> list[tuple[str, Flags]]:
    return [(kind, np.array([each == kind for each in facilities.kinds], bool)) for kind in sorted(set(facilities.kinds))]  # fmt: skip


def _add(sums: _Sums, inputs: Inputs, arrived: Sequence[Ways]) -> None:
    count = len(sums.today)
    people = inputs.homes.people if inputs.homes else np.zeros(0)
    for total, each in zip((sums.today, sums.flooded), arrived, strict=False):
        nearest = each.nearest[: len(people)]
        total += np.bincount(nearest[nearest >= 0], people[nearest >= 0], minlength=count)
    nearest_to = _estate(inputs, arrived[0])
    if inputs.estate and nearest_to:
        sums.added[nearest_to[0]] += inputs.estate.people


def _within(inputs: Inputs, arrived: Ways) -> float:
    if inputs.homes is None:
        return 0.0
    people = inputs.homes.people
    return float(people[arrived.seconds[: len(people)] <= inputs.minutes * 60].sum())


def _estate(inputs: Inputs, arrived: Ways) -> tuple[int, float] | None:
    """The facility that the new area goes to, and how far it is."""
    if inputs.estate is None or arrived.nearest[-1] < 0:
        return None
    return int(arrived.nearest[-1]), float(arrived.seconds[-1])
