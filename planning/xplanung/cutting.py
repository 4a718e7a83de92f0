"""What a person does with the areas of a plan: move shared corners, snap, cut, fill gaps. Planar geometry in metres; nothing of a
file is known here. Corners meet when they are less than MEETING apart."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

MEETING = 0.002  # metres: the tolerance of the Flächenschluss (Konformitätsbedingung 2.2.1.1)
SNAPPING = 0.25  # metres within which a corner typed or drawn is put onto one that is there
DIGITS = 3  # millimetres
_SLIVER = 0.01  # square metres: no area anybody meant

Corner = tuple[float, float]


class NotCut(ValueError):
    """The line does not cut the area in two."""


def rounded(geometry: BaseGeometry) -> BaseGeometry:
    """On full millimetres, two-dimensional."""
    flat = shapely.force_2d(geometry)
    return shapely.transform(flat, lambda points: np.round(points, DIGITS))


def moved(geometry: BaseGeometry, moves: Mapping[Corner, Corner]) -> BaseGeometry:
    """The geometry with corners moved: every corner that meets a key goes where that points. Itself when there is none."""
    if not moves:
        return geometry
    old, new = np.array(list(moves)), np.array(list(moves.values()))

    def move(points: np.ndarray) -> np.ndarray:
        apart = np.linalg.norm(points[:, None, :] - old[None, :, :], axis=2)
        nearest = apart.argmin(axis=1)
        hit = apart[np.arange(len(points)), nearest] < MEETING
        return np.where(hit[:, None], new[nearest], points)

    return shapely.transform(geometry, move)


def moves_between(before: Sequence[Corner], after: Sequence[Corner]) -> dict[Corner, Corner]:
    """Corners that are not where they were, of two lists of the same length."""
    pairs = zip(before, after, strict=True)
    return {old: new for old, new in pairs if np.hypot(old[0] - new[0], old[1] - new[1]) >= MEETING / 2}


def snapped(corner: Corner, others: Iterable[BaseGeometry], *, within: float = SNAPPING) -> Corner:
    """The nearest corner of the others, else the nearest place on their edges; itself where none is near enough."""
    point = Point(corner)
    near = [shape for shape in others if shape.distance(point) <= within]
    corners = np.vstack([shapely.get_coordinates(shape) for shape in near]) if near else np.empty((0, 2))
    if len(corners):
        apart = np.hypot(*(corners - np.array(corner)).T)
        if apart.min() <= within:
            return _corner(corners[apart.argmin()])
    edges = [shape.boundary if shapely.get_dimensions(shape) == 2 else shape for shape in near]
    close = [edge for edge in edges if edge.distance(point) <= within]
    if not close:
        return corner
    edge = min(close, key=point.distance)
    return _corner(shapely.get_coordinates(edge.interpolate(edge.project(point)))[0] if edge.geom_type != "MultiLineString" else shapely.get_coordinates(shapely.shortest_line(edge, point))[0])  # fmt: skip


def all_snapped(
    geometry: BaseGeometry, others: Sequence[BaseGeometry], *, within: float = SNAPPING
) -> BaseGeometry:
    """Every corner snapped; consecutive corners that fell together are one."""
    tree = shapely.STRtree(others) if others else None
    found = shapely.transform(
        geometry,
        lambda points: np.array([_snap(point, others, tree, within) for point in points]).reshape(-1, 2),
    )
    return shapely.remove_repeated_points(found)


def _snap(
    point: np.ndarray, others: Sequence[BaseGeometry], tree: shapely.STRtree | None, within: float
) -> Corner:
    if tree is None:
        return _corner(point)
    near = tree.query(Point(point).buffer(within * 2))
    return snapped(_corner(point), [others[int(index)] for index in near], within=within)


def with_corner(geometry: BaseGeometry, corner: Corner) -> BaseGeometry:
    """The geometry with one more corner where it lies on an edge; itself where it has that corner or lies elsewhere.

    Where two neighbours share an edge and one is given a corner there, the other needs it too."""
    point = Point(corner)
    if geometry.distance(point) >= MEETING:
        return geometry
    if isinstance(geometry, MultiPolygon):
        whole: BaseGeometry = shapely.multipolygons([with_corner(part, corner) for part in geometry.geoms])  # type: ignore[assignment]
        return whole
    if isinstance(geometry, Polygon):
        return Polygon(_line(geometry.exterior, corner), [_line(hole, corner) for hole in geometry.interiors])
    return LineString(_line(geometry, corner)) if isinstance(geometry, LineString) else geometry


def _line(line: BaseGeometry, corner: Corner) -> np.ndarray:
    points = shapely.get_coordinates(line)
    if np.hypot(*(points - np.array(corner)).T).min() < MEETING:
        return points
    edges = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1))
    apart = np.atleast_1d(shapely.distance(edges, Point(corner)))
    place = int(apart.argmin())
    return np.insert(points, place + 1, corner, axis=0) if apart[place] < MEETING else points


def cut(area: BaseGeometry, line: LineString) -> list[Polygon]:
    """The pieces of an area on both sides of a line, largest first; each with the same corners along the cut. Raises NotCut."""
    if not isinstance(area, Polygon):
        raise NotCut
    pieces = [piece for piece in split(area, line).geoms if piece.area > _SLIVER]
    if len(pieces) < 2:
        raise NotCut
    made = [piece for piece in map(rounded, pieces) if isinstance(piece, Polygon)]
    return sorted(made, key=lambda piece: -piece.area)


def new_corners(pieces: Iterable[BaseGeometry], area: BaseGeometry) -> list[Corner]:
    """Corners of the pieces that the area did not have: its neighbours need those on their edges."""
    known = {tuple(np.round(point, DIGITS)) for point in shapely.get_coordinates(area)}
    found = [tuple(np.round(point, DIGITS)) for piece in pieces for point in shapely.get_coordinates(piece)]
    return [_corner(np.array(point)) for point in dict.fromkeys(found) if point not in known]


def gap_at(frame: BaseGeometry, areas: Sequence[BaseGeometry], point: Corner) -> Polygon | None:
    """The piece of the frame around a point that none of the areas covers; None where there is none."""
    around = Point(point)
    if not frame.contains(around) or any(area.contains(around) for area in areas):
        return None
    left = frame.difference(shapely.union_all(list(areas))) if areas else frame
    pieces = [part for part in shapely.get_parts(left) if isinstance(part, Polygon) and part.contains(around)]
    found = rounded(pieces[0]) if pieces else None
    return found if isinstance(found, Polygon) else None


def _corner(point: np.ndarray) -> Corner:
    return float(point[0]), float(point[1])
