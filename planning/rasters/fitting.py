"""Fit a scan onto the map by pairs of points, least squares; residuals in metres.

Method: Gaussian least squares of the affine (6 parameters) or the similarity transformation (4 parameters: Helmert), as in
Niemeier, Ausgleichungsrechnung, ch. 10; numpy's lstsq in coordinates reduced to their centres, so that it stays well conditioned.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.rasters.georeference import Transform

Points = npt.NDArray[np.float64]
AFFINE_FROM = 3  # pairs; with two only a similarity is determined
_FLAT = 1e-3  # smallest ratio of the point cloud's extents: below, the points lie on one line


class NoFit(ValueError):
    """The pairs determine nothing. code: "few", "same" (all at one place), "line", or "mirror" (points were mixed up)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Fit:
    """transform: pixel -> metres; residuals: metres for each pair; rms: of them; stretch: how much longer one direction is than
    the other in percent (paper that was folded or scanned askew; 0 for a similarity)."""

    transform: Transform
    residuals: tuple[float, ...]
    rms: float
    stretch: float

    @property
    def metres_per_pixel(self) -> float:
        a, b, _c, d, e, _f = self.transform
        return float(np.sqrt(abs(a * e - b * d)))


def fit(scan: Sequence[tuple[float, float]], ground: Sequence[tuple[float, float]]) -> Fit:
    """scan: (column, row) of each point, row downwards; ground: (easting, northing) in metres. Raises NoFit."""
    pixels, metres = np.asarray(scan, dtype=float), np.asarray(ground, dtype=float)
    if len(pixels) < 2 or pixels.shape != metres.shape:
        raise NoFit("few")
    _refuse_degenerate(pixels)
    _refuse_degenerate(metres)
    matrix = _affine(pixels, metres) if len(pixels) >= AFFINE_FROM else _similarity(pixels, metres)
    if np.linalg.det(matrix) >= 0:  # rows run downwards: a sheet seen from its front has a negative one
        raise NoFit("mirror")
    offset = metres.mean(axis=0) - matrix @ pixels.mean(axis=0)
    misses = np.hypot(*(pixels @ matrix.T + offset - metres).T)
    longest, shortest = np.linalg.svd(matrix, compute_uv=False)
    transform = (*map(float, (*matrix[0], offset[0])), *map(float, (*matrix[1], offset[1])))
    return Fit(
        transform,  # type: ignore[arg-type]
        tuple(map(float, misses)),
        float(np.sqrt(np.mean(misses**2))),
        float(100 * (longest / shortest - 1)),
    )


def _refuse_degenerate(points: Points) -> None:
    extents = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    if extents[0] < 1e-9:
        raise NoFit("same")
    if len(points) >= AFFINE_FROM and extents[1] < _FLAT * extents[0]:
        raise NoFit("line")


def _affine(pixels: Points, metres: Points) -> Points:
    """(2, 2)."""
    reduced, target = pixels - pixels.mean(axis=0), metres - metres.mean(axis=0)
    found: Points = np.linalg.lstsq(reduced, target, rcond=None)[0].T
    return found


def _similarity(pixels: Points, metres: Points) -> Points:
    """(2, 2): rotation and one scale. Rows run downwards and northings upwards, so it mirrors."""
    reduced, target = pixels - pixels.mean(axis=0), metres - metres.mean(axis=0)
    x, y = reduced[:, 0], -reduced[:, 1]
    length = float((x**2 + y**2).sum())
    p = float((x * target[:, 0] + y * target[:, 1]).sum()) / length
    q = float((x * target[:, 1] - y * target[:, 0]).sum()) / length
    return np.array([[p, q], [q, -p]])
