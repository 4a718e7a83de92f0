"""Which buildings stay dry, but lose their way: roads under water are closed. Pure."""

import numpy as np
import shapely

from twin.analysis import network
from twin.analysis.network import Network
from twin.usecases.exposure.case import Flags, Inputs

MEETING = 1.0  # m within which roads meet
REACH = 100.0  # m from a building to its road
ANY = 50.0  # km/h; no time is told


def cut_off(inputs: Inputs, wet: Flags) -> Flags:
    """Dry buildings from which the largest part of the roads that hang together is reached today, but with the water no longer."""
    given = inputs.roads
    assert given is not None  # noqa: S101 - asked before
    roads = network.build(given.shapes, np.full(len(given.shapes), ANY), tolerance=MEETING, stops=np.zeros((0, 2)), reach=REACH)  # fmt: skip
    found = np.zeros(len(wet), bool)
    closed = network.closed(roads, inputs.water, depth=given.closing) & ~given.bridges[roads.lines]
    if not closed.any():
        return found
    dry = np.flatnonzero(~wet)
    at = shapely.get_coordinates(shapely.point_on_surface(inputs.buildings.shapes[dry]))
    piece = network.anchored(roads, at, reach=REACH).pieces
    dry, piece = dry[piece >= 0], piece[piece >= 0]
    joined, left = _largest(roads), _largest(roads.without(closed))
    start = roads.starts[piece]
    found[dry] = joined[start] & (closed[piece] | ~left[start])
    return found


def _largest(roads: Network) -> Flags:
    """The nodes of the largest part that hangs together."""
    of, lengths = network.groups(roads)
    return np.equal(of, lengths.argmax())
