"""The demo county's geography, generated: no foreign geometry is shipped.

Municipalities are the cells of a power diagram (weighted Voronoi) in a rounded hull; the weights are found by the damped
Newton method for semi-discrete optimal transport, so that each cell has its official area. Metres in EPSG:25833.
Source of the figures in municipalities.csv: Destatis, GV-ISys 2025-08-31 (name, AGS, ARS, inhabitants of 2024-12-31,
area of 2023-12-31, midpoint). Source of elbe.csv: BfG, river stations of the Elbe (km, axis point) and FLYS (levels by class of discharge, m above NHN).
Method: Kitagawa, Mérigot, Thibert, "Convergence of a Newton algorithm for semi-discrete optimal transport" (2019).
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely
from shapely import LineString, MultiPoint, Point, Polygon

Array = npt.NDArray[np.float64]

HERE = Path(__file__).parent
SQUARE_METRES = 1e6  # per square kilometre
SAME_POINT = 0.05  # metres; two cells compute their common corner with rounding errors far below this
AREA_TOLERANCE = 1.0  # square metres


@dataclass(frozen=True, slots=True)
class Place:
    """One municipality by its official figures. association: its Verwaltungsgemeinschaft, or empty."""

    ags: str
    ars: str
    name: str
    kind: str
    association: str
    population: int
    area: float  # square metres
    midpoint: tuple[float, float]


@cache
def places() -> tuple[Place, ...]:
    """The 28 municipalities, ordered by AGS."""
    with (HERE / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            Place(
                ags=row["ags"],
                ars=row["ars"],
                name=row["name"],
                kind=row["kind"],
                association=row["association"],
                population=int(row["population"]),
                area=float(row["area_km2"]) * SQUARE_METRES,
                midpoint=(float(row["easting"]), float(row["northing"])),
            )
            for row in csv.DictReader(file)
        ]
    return tuple(sorted(rows, key=lambda place: place.ags))


@cache
def boundaries() -> dict[str, Polygon]:
    """AGS -> cell. Neighbours share their corners exactly; the cells fill the hull without gap or overlap."""
    listed = places()
    seeds = np.array([place.midpoint for place in listed])
    areas = np.array([place.area for place in listed])
    outline = hull(seeds, areas.sum())
    cells = _power_cells(seeds, outline, _weights(seeds, areas, outline))
    return {place.ags: cell for place, cell in zip(listed, _with_common_corners(cells), strict=True)}


def county() -> Polygon:
    """The outline of all municipalities."""
    outline = shapely.coverage_union_all(list(boundaries().values()))
    if not isinstance(outline, Polygon):
        raise ValueError(outline.geom_type)
    return outline


@cache
def elbe(step: float = 50.0) -> LineString:
    """The river axis, downstream: a centripetal Catmull-Rom spline through the stations, a vertex about every `step` metres."""
    with (HERE / "elbe.csv").open(encoding="utf-8", newline="") as file:
        stations = np.array([(float(row["easting"]), float(row["northing"])) for row in csv.DictReader(file)])
    ends = np.vstack([2 * stations[0] - stations[1], stations, 2 * stations[-1] - stations[-2]])
    pieces = [_catmull_rom(ends[i : i + 4], step) for i in range(len(stations) - 1)]
    return LineString(np.vstack([*pieces, stations[-1:]]).round(2))


def hull(seeds: Array, area: float) -> Array:
    """The rounded convex hull of the seeds whose area is `area`, in square metres; corners (n, 2), anticlockwise."""
    core = MultiPoint(seeds).convex_hull
    near, far = 0.0, float(np.sqrt(area))
    while far - near > 1e-6:
        middle = (near + far) / 2
        near, far = (middle, far) if core.buffer(middle, quad_segs=16).area < area else (near, middle)
    return np.asarray(shapely.orient_polygons(core.buffer(far, quad_segs=16)).exterior.coords)[:-1]


def _weights(seeds: Array, targets: Array, outline: Array) -> Array:
    """Weights, in square metres, for which cell i of the power diagram has area targets[i]."""
    diagram = partial(_power_cells, seeds, outline)
    weights = np.zeros(len(seeds))
    floor = min(_areas(diagram(weights)).min(), targets.min()) / 2
    while np.abs(lack := targets - _areas(cells := diagram(weights))).max() > AREA_TOLERANCE:
        step = np.linalg.lstsq(_area_derivative(seeds, weights, cells), lack, rcond=None)[0].astype(
            np.float64
        )
        weights = _damped(diagram, weights=weights, step=step, targets=targets, floor=floor)
    return weights


def _damped(
    diagram: Callable[[Array], list[Array]], *, weights: Array, step: Array, targets: Array, floor: float
) -> Array:
    """The weights after the longest of the steps 1, 1/2, 1/4 … that keeps every cell above `floor` and comes nearer."""
    error = float(np.linalg.norm(targets - _areas(diagram(weights))))
    share = 1.0
    while True:
        areas = _areas(diagram(weights + share * step))
        if areas.min() >= floor and np.linalg.norm(targets - areas) <= (1 - share / 2) * error:
            return weights + share * step
        share /= 2


def _power_cells(seeds: Array, outline: Array, weights: Array) -> list[Array]:
    """Cell i: the points p of the outline with |p - seed_i|² - weight_i <= |p - seed_j|² - weight_j for all j."""
    power = (seeds**2).sum(axis=1) - weights
    cells = []
    for i in range(len(seeds)):
        cell = outline
        for j in np.flatnonzero(np.arange(len(seeds)) != i):
            cell = _clip(cell, 2 * (seeds[j] - seeds[i]), power[j] - power[i])
        cells.append(cell)
    return cells


def _clip(corners: Array, normal: Array, limit: float) -> Array:
    """The part of a convex polygon with normal · p <= limit (Sutherland-Hodgman)."""
    if not len(corners):
        return corners
    excess = corners @ normal - limit
    if (excess <= 0).all():
        return corners
    following, next_excess = np.roll(corners, -1, axis=0), np.roll(excess, -1)
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = corners + (excess / (excess - next_excess))[:, None] * (following - corners)
    kept = np.column_stack([excess <= 0, (excess < 0) & (next_excess > 0) | (excess > 0) & (next_excess < 0)])
    return np.stack([corners, crossing], axis=1)[kept]


def _areas(cells: Sequence[Array]) -> Array:
    return np.array([shapely.area(Polygon(cell)) if len(cell) > 2 else 0.0 for cell in cells])


def _area_derivative(seeds: Array, weights: Array, cells: Sequence[Array]) -> Array:
    """(n, n): d area_i / d weight_j = -(length of the common edge) / (2 · distance of the seeds); rows sum to zero."""
    power = (seeds**2).sum(axis=1) - weights
    derivative = np.zeros((len(seeds), len(seeds)))
    for i, cell in enumerate(cells):
        towards = seeds - seeds[i]
        distance = np.hypot(*towards.T)
        distance[i] = 1.0
        off_edge = np.abs(2 * cell @ towards.T - (power - power[i])) / (2 * distance)
        for j in np.flatnonzero((off_edge < SAME_POINT).sum(axis=0) == 2):
            length = np.hypot(*np.subtract(*cell[off_edge[:, j] < SAME_POINT]))
            derivative[i, j] = -length / (2 * distance[j]) if i != j else 0.0
    return derivative - np.diag(derivative.sum(axis=1))


def _with_common_corners(cells: Sequence[Array]) -> list[Polygon]:
    """Polygons in which a corner common to several cells has one and the same coordinate, in full centimetres."""
    corners = np.vstack(cells)
    near = np.hypot(*(corners[:, None] - corners[None]).T) < SAME_POINT
    common = corners[near.argmax(axis=0)].round(2)
    parts = np.split(common, np.cumsum([len(cell) for cell in cells])[:-1])
    return [Polygon(part) for part in parts]


def _catmull_rom(points: Array, step: float) -> Array:
    """Points from points[1] up to, but without, points[2] on the centripetal Catmull-Rom spline; points: (4, 2)."""
    knots = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T) ** 0.5)])
    count = max(1, round(Point(points[1]).distance(Point(points[2])) / step))
    at = np.linspace(knots[1], knots[2], count, endpoint=False)[:, None]

    def between(a: Array, b: Array, i: int, j: int) -> Array:
        mixed: Array = (knots[j] - at) / (knots[j] - knots[i]) * a + (at - knots[i]) / (
            knots[j] - knots[i]
        ) * b
        return mixed

    first, second, third = (between(points[i], points[i + 1], i, i + 1) for i in range(3))
    curve: Array = between(between(first, second, 0, 2), between(second, third, 1, 3), 1, 2)
    return curve
