"""Straight lines in place of circular arcs, with a stated tolerance."""

import math

import numpy as np

from planning.xplanung.crs import Coordinates

TOLERANCE = (
    0.001  # metres between arc and chord (sagitta); half of the 2 mm at which neighbours count as touching
)
_MOST = 20_000  # points of one arc
_STRAIGHT = 1e-9  # relative area of the triangle below which three points count as collinear


def arc(points: Coordinates, tolerance: float = TOLERANCE) -> Coordinates:
    """Arc through (3, 2) points -> (n, 2); the three points themselves are kept exactly. Collinear points stay a line."""
    start, middle, end = points
    centre = _centre(points)
    if centre is None:
        return points
    radius = float(np.hypot(*(start - centre)))
    first, second, third = (
        math.atan2(point[1] - centre[1], point[0] - centre[0]) for point in (start, middle, end)
    )
    turn = _turn(points)
    half = _between(centre, radius, (first, second, turn), tolerance)
    rest = _between(centre, radius, (second, third, turn), tolerance)
    return np.vstack([start, half, middle, rest, end])


def circle(points: Coordinates, tolerance: float = TOLERANCE) -> Coordinates:
    """Circle through (3, 2) points -> closed (n, 2) that starts and ends in the first point."""
    centre = _centre(points)
    if centre is None:
        return points
    start, middle, end = points
    back = _arc_back(centre, end, start, _turn(points), tolerance)
    return np.vstack([arc(np.array([start, middle, end]), tolerance), back])


def circle_around(centre: Coordinates, radius: float, tolerance: float = TOLERANCE) -> Coordinates:
    """Circle around a (2,) point -> closed (n, 2)."""
    start = centre + np.array([radius, 0.0])
    inner = _between(centre, radius, (0.0, 2 * math.pi, 1), tolerance)
    return np.vstack([start, inner, start])


def arc_around(
    centre: Coordinates, radius: float, bearings: tuple[float, float], tolerance: float = TOLERANCE
) -> Coordinates:
    """Arc around a (2,) point between two angles in radians, counter-clockwise from the easting axis."""
    first, last = bearings
    ends = [centre + radius * np.array([math.cos(angle), math.sin(angle)]) for angle in bearings]
    inner = _between(centre, radius, (first, last, 1 if last >= first else -1), tolerance)
    return np.vstack([ends[0], inner, ends[1]])


def _centre(points: Coordinates) -> Coordinates | None:
    (ax, ay), (bx, by), (cx, cy) = points - points[0]
    doubled = 2 * (bx * cy - by * cx)
    reach = max(bx * bx + by * by, cx * cx + cy * cy)
    if reach == 0 or abs(doubled) <= _STRAIGHT * reach:
        return None
    b2, c2 = bx * bx + by * by, cx * cx + cy * cy
    offset = np.array([(cy * b2 - by * c2) / doubled, (bx * c2 - cx * b2) / doubled])
    centre: Coordinates = points[0] + offset
    return centre


def _turn(points: Coordinates) -> int:
    (bx, by), (cx, cy) = points[1:] - points[0]
    return 1 if bx * cy - by * cx > 0 else -1


def _arc_back(
    centre: Coordinates, start: Coordinates, end: Coordinates, turn: int, tolerance: float
) -> Coordinates:
    angles = [math.atan2(point[1] - centre[1], point[0] - centre[0]) for point in (start, end)]
    inner = _between(centre, float(np.hypot(*(start - centre))), (angles[0], angles[1], turn), tolerance)
    return np.vstack([inner, end])


def _between(
    centre: Coordinates, radius: float, sweep: tuple[float, float, int], tolerance: float
) -> Coordinates:
    """Points strictly between two angles in the given turn (1 counter-clockwise, -1 clockwise)."""
    first, last, turn = sweep
    angle = (last - first) * turn
    if not (angle == 2 * math.pi or 0 <= angle < 2 * math.pi):
        angle %= 2 * math.pi
    step = 2 * math.acos(max(1 - tolerance / radius, 0.0)) if radius > tolerance else math.pi / 2
    count = min(max(math.ceil(angle / step), 1), _MOST) if step > 0 else _MOST
    angles = first + turn * angle * np.arange(1, count) / count
    return centre + radius * np.column_stack([np.cos(angles), np.sin(angles)])
