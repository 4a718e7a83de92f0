"""Roads as a network: lines -> nodes and pieces, and the ways over it from the nearest of some places. No Django.

Lines meet where they share a corner, or where one ends on another, within a tolerance. Where they only cross they don't: one of them is a bridge.
Pieces are straight and can be gone both ways.
"""

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from twin.analysis.water import Numbers, Shapes, Water, lines_of, points_of

LONGEST = 50.0  # m of a piece; so far does a flood close a road, and a class of minutes reach
SHORTEST = 1e-3  # m; ways of no length would be none
Ids = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Network:
    """nodes: (n, 2) in the twin's system. An array of each for the pieces: the nodes at both ends, m, seconds, the line that it is of.
    stops: nodes of the places that were given, -1 where no road is near."""

    nodes: Numbers
    starts: Ids
    ends: Ids
    lengths: Numbers
    seconds: Numbers
    lines: Ids
    stops: Ids

    def __len__(self) -> int:
        return len(self.starts)

    def drawn(self) -> Shapes:
        found: Shapes = lines_of(np.stack((self.nodes[self.starts], self.nodes[self.ends]), axis=1))
        return found

    def without(self, closed: Flags) -> "Network":
        """All nodes, without the pieces that are closed."""
        left = ~closed
        kept = {name: getattr(self, name)[left] for name in ("starts", "ends", "lengths", "seconds", "lines")}
        return replace(self, **kept)


@dataclass(frozen=True)
class Anchors:
    """Where points join the road: the piece next to each, -1 where none is near, and the share of it that lies before."""

    pieces: Ids
    shares: Numbers


@dataclass(frozen=True)
class Ways:
    """For each node: seconds from the nearest place, inf where there is no way, and the number of that place, -1."""

    seconds: Numbers
    nearest: Ids


# --- lines to a network


def build(lines: Shapes, speeds: Numbers, *, tolerance: float, stops: Numbers, reach: float) -> Network:
    """speeds: km/h of each line. tolerance: m. stops: (n, 2), places that join the road next to them, up to `reach` m away."""
    whole = _straight(lines, tolerance)
    loose, on = _loose(whole, tolerance)
    stopping, at = _next_to(stops, whole.shapes, reach)
    long, shares = _divided(np.ceil(shapely.length(whole.shapes) / LONGEST).astype(np.intp), 0.0)
    cut = np.concatenate((on, at, long))
    places = points_of(np.concatenate((whole.nodes[loose], stops[stopping])))
    positions = np.concatenate(
        (
            shapely.line_locate_point(whole.shapes[cut[: len(places)]], places),
            shares * shapely.length(whole.shapes[long]),
        )
    )
    entries = shapely.line_interpolate_point(whole.shapes[cut[len(on) :]], positions[len(on) :])
    added = len(whole.nodes) + np.arange(len(entries))
    nodes = np.concatenate((whole.nodes, shapely.get_coordinates(entries)))
    numbers = np.full(len(stops), -1, np.intp)
    numbers[stopping] = added[: len(stopping)]
    starts, ends, lengths, of = _cut(whole, cut, positions, np.concatenate((loose, added)))
    owners = whole.lines[of]
    return Network(nodes, starts, ends, lengths, lengths / (speeds[owners] / 3.6), owners, numbers)


def _divided(counts: Ids, at: float) -> tuple[Ids, Numbers]:
    """Points on things that are divided into so many equal parts, one at this share of each part, but none at the very beginning of a thing:
    the numbers of the things, and the shares of them that lie before the points."""
    thing = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(thing)) - np.repeat(np.cumsum(counts) - counts, counts)
    shares = (within + at) / counts[thing]
    return thing[shares > 0], shares[shares > 0]


@dataclass(frozen=True)
class _Straight:
    """Straight pieces of lines, before those that end on them cut them."""

    nodes: Numbers
    starts: Ids
    ends: Ids
    lines: Ids
    shapes: Shapes


def _straight(lines: Shapes, tolerance: float) -> _Straight:
    parts, line = shapely.get_parts(lines, return_index=True)
    corners, part = shapely.get_coordinates(parts, return_index=True)
    numbers, nodes = _met(corners, part, tolerance)
    same = (part[1:] == part[:-1]) & (numbers[1:] != numbers[:-1])
    starts, ends = numbers[:-1][same], numbers[1:][same]
    shapes = lines_of(np.stack((nodes[starts], nodes[ends]), axis=1))
    return _Straight(nodes, starts, ends, line[part[:-1][same]], shapes)


def _met(corners: Numbers, part: Ids, tolerance: float) -> tuple[Ids, Numbers]:
    """The node of each corner, and the nodes: equal corners are one, and an end with all corners within the tolerance."""
    flat = np.round(corners[:, 0], 3) + 1j * np.round(corners[:, 1], 3)
    _values, first, numbers = np.unique(flat, return_index=True, return_inverse=True)
    nodes = corners[first]
    change = np.flatnonzero(np.diff(part)) if len(part) else np.zeros(0, np.intp)
    tips = np.unique(numbers[np.concatenate(([0], change, change + 1, [len(part) - 1]))])
    points = points_of(nodes)
    tip, near = shapely.STRtree(points).query(points[tips], predicate="dwithin", distance=tolerance)
    count, of = _parts(tips[tip], near, len(nodes))
    _of, one = np.unique(of, return_index=True)
    return of[numbers], nodes[one]


def _loose(whole: _Straight, tolerance: float) -> tuple[Ids, Ids]:
    """Nodes where one line ends within the tolerance of another, and the piece of it that is next."""
    touched = np.concatenate((whole.starts, whole.ends))
    tips = np.flatnonzero(np.bincount(touched, minlength=len(whole.nodes)) == 1)
    points = points_of(whole.nodes[tips])
    tip, piece = shapely.STRtree(whole.shapes).query(points, predicate="dwithin", distance=tolerance)
    other = (whole.starts[piece] != tips[tip]) & (whole.ends[piece] != tips[tip])
    tip, piece = tip[other], piece[other]
    order = np.lexsort((shapely.distance(points[tip], whole.shapes[piece]), tip))
    _tips, first = np.unique(tip[order], return_index=True)
    return tips[tip[order][first]], piece[order][first]


def _next_to(points: Numbers, shapes: Shapes, reach: float) -> tuple[Ids, Ids]:
    """Numbers of the points that have a shape so near, and of the nearest one."""
    tree = shapely.STRtree(shapes)
    found, shape = tree.query_nearest(points_of(points), max_distance=reach, all_matches=False)
    return found.astype(np.intp), shape.astype(np.intp)


def _cut(whole: _Straight, cut: Ids, positions: Numbers, nodes: Ids) -> tuple[Ids, Ids, Numbers, Ids]:
    """Pieces between all nodes on each straight one: starts, ends, lengths, and what they are pieces of."""
    every = np.arange(len(whole.shapes))
    of = np.concatenate((every, every, cut))
    along = np.concatenate((np.zeros(len(every)), shapely.length(whole.shapes), positions))
    order = np.lexsort((along, of))
    of, along = of[order], along[order]
    node = np.concatenate((whole.starts, whole.ends, nodes))[order]
    same = of[1:] == of[:-1]
    lengths = np.maximum(np.diff(along)[same], SHORTEST)
    return node[:-1][same], node[1:][same], lengths, of[:-1][same]


# --- ways


def ways(network: Network, places: Ids) -> Ways:
    """places: nodes, -1 where there is none."""
    count = len(network.nodes)
    known = np.flatnonzero(places >= 0)
    if not len(known):
        return Ways(np.full(count, np.inf), np.full(count, -1, np.intp))
    seconds, _before, source = dijkstra(
        _graph(network),
        directed=False,
        indices=np.unique(places[known]),
        return_predecessors=True,
        min_only=True,
    )
    number = np.full(count, -1, np.intp)
    number[places[known][::-1]] = known[::-1]  # of two at one place the first
    return Ways(seconds, np.where(source >= 0, number[np.maximum(source, 0)], -1))


def arrivals(network: Network, found: Ways, anchors: Anchors, *, closed: Flags | None = None) -> Ways:
    """The same for the points, by the shorter way round. network: the one that the anchors are of; closed: its pieces that can't be gone."""
    piece, share = anchors.pieces, anchors.shares
    starts, ends, whole = network.starts[piece], network.ends[piece], network.seconds[piece]
    before, after = found.seconds[starts] + share * whole, found.seconds[ends] + (1 - share) * whole
    apart = piece < 0 if closed is None else (piece < 0) | closed[piece]
    seconds = np.where(apart, np.inf, np.minimum(before, after))
    nearest = np.where(before <= after, found.nearest[starts], found.nearest[ends])
    return Ways(seconds, np.where(np.isfinite(seconds), nearest, -1))


def anchored(network: Network, points: Numbers, *, reach: float) -> Anchors:
    """Where the points join the road, up to so many m away."""
    shapes = network.drawn()
    found, piece = _next_to(points, shapes, reach)
    pieces, shares = np.full(len(points), -1, np.intp), np.zeros(len(points))
    pieces[found] = piece
    shares[found] = shapely.line_locate_point(shapes[piece], points_of(points[found]), normalized=True)
    return Anchors(pieces, shares)


def groups(network: Network) -> tuple[Ids, Numbers]:
    """Of each node the group of nodes that hang together, and the m of road of each group."""
    count, of = _parts(network.starts, network.ends, len(network.nodes))
    return of, np.bincount(of[network.starts], network.lengths, minlength=count).astype(float)


def closed(network: Network, water: Water, *, depth: float) -> Flags:
    """Pieces on which the water stands so deep anywhere, m."""
    piece, shares = _divided(np.ceil(network.lengths / water.spacing).astype(np.intp), 0.5)
    share = shares[:, None]
    at = network.nodes[network.starts[piece]] * (1 - share) + network.nodes[network.ends[piece]] * share
    found = np.zeros(len(network), bool)
    found[piece[water.at(at) >= np.float32(depth)]] = True
    return found


def _graph(network: Network) -> csr_array:
    """Of several pieces between two nodes the quickest."""
    low, high = np.minimum(network.starts, network.ends), np.maximum(network.starts, network.ends)
    order = np.lexsort((network.seconds, high, low))
    low, high, seconds = low[order], high[order], network.seconds[order]
    first = np.ones(len(low), bool)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    count = len(network.nodes)
    return csr_array((seconds[first], (low[first], high[first])), shape=(count, count))


def _parts(starts: Ids, ends: Ids, count: int) -> tuple[int, Ids]:
    """How many groups of nodes hang together, and the group of each."""
    linked = csr_array((np.ones(len(starts)), (starts, ends)), shape=(count, count))
    found, of = connected_components(linked, directed=False)
    return int(found), of.astype(np.intp)
