"""Discharge over time through lines: on the faces of cells, and what the series say. No Django."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from twin.analysis.terrain import Frame
from twin.hydro.case import Grid
from twin.hydro.sections import Section, section

MOST = 50  # lines of a question
WIDTH, HEIGHT = 720, 260  # SVG user units; whole ones, so that no locale writes a comma into a coordinate
LEFT, RIGHT, TOP, BOTTOM = 60, 12, 12, 34
TICKS = 4  # of the axis of discharge, about
MOMENTS, MINUTES = 6, (1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 360, 720, 1440)
SLIGHT = 0.02  # of the peak: so little runs back at first in places; the axis has no tick for it
LEAST = 1e-4  # m3/s that the highest value of an axis is


@dataclass(frozen=True)
class Line:
    name: str
    shape: BaseGeometry


def faces(line: Line, part: Frame) -> Section | None:
    """What of it lies on the part; None where that is not as long as the side of a cell."""
    inside = shapely.clip_by_rect(line.shape, *part.bounds)
    pieces = [_faces(piece, part) for piece in shapely.get_parts(inside) if piece.geom_type == "LineString"]
    if not any(len(each.x_faces) + len(each.y_faces) for each in pieces):
        return None
    return Section(*(np.concatenate([getattr(each, name) for each in pieces]) for name in ("x_faces", "y_faces")))  # fmt: skip


def _faces(line: BaseGeometry, part: Frame) -> Section:
    corners = shapely.get_coordinates(line)
    return section(np.column_stack([part.north - corners[:, 1], corners[:, 0] - part.west]) / part.cell)


def told(names: Iterable[str], series: Grid) -> list[dict[str, Any]]:
    """series: (n, 1 + lines) s and m3/s in the mean since the row before, from left to right as the lines are drawn. Of each line number,
    name, peak (m3/s) and when (min), volume (m3), backwards (most of it runs from right to left, which counts as positive then)."""
    minutes = np.concatenate([[0.0], series[:, 0] / 60])
    found = []
    for number, name in enumerate(names, 1):
        flow = np.concatenate([[0.0], series[:, number]])
        volume = float(flow[1:] @ np.diff(minutes)) * 60
        flow = -flow if volume < 0 else flow
        at = int(flow.argmax())
        found.append({"number": number, "name": name, "peak": round(float(flow[at]), 4), "at": round(float(minutes[at]), 1), "volume": round(abs(volume), 1), "backwards": volume < 0, "values": (np.round(np.column_stack([minutes, flow]), 4) + 0.0).tolist()})  # fmt: skip
    return found


def chart(values: list[list[float]]) -> dict[str, Any]:
    """values: minutes and m3/s. line: corners of a polyline; ticks, moments: of both axes, with where they are and what they say; digits: of ticks behind the comma."""
    points = np.array(values)
    low, high = min(0.0, float(points[:, 1].min())), max(float(points[:, 1].max()), LEAST)
    low = 0.0 if low > -SLIGHT * high else low
    end, step, bottom = float(points[-1, 0]), _step(high - low), HEIGHT - BOTTOM
    floor, top = math.floor(low / step) * step, math.ceil(high / step) * step
    across, up = (WIDTH - LEFT - RIGHT) / end, (bottom - TOP) / (top - floor)
    line = " ".join(f"{round(LEFT + minute * across)},{round(bottom - (flow - floor) * up)}" for minute, flow in points.tolist())  # fmt: skip
    ticks = [{"at": round(bottom - number * step * up), "value": round(floor + number * step, 6)} for number in range(round((top - floor) / step) + 1)]  # fmt: skip
    along = next(each for each in (*MINUTES, end) if each >= end / MOMENTS)
    moments = [{"at": round(LEFT + number * along * across), "value": round(number * along, 2)} for number in range(math.floor(end / along) + 1)]  # fmt: skip
    return {"line": line, "ticks": ticks, "moments": moments, "digits": max(0, -math.floor(math.log10(step)))}


def _step(span: float) -> float:
    """A round one, of which about TICKS make the span."""
    size = 10.0 ** math.floor(math.log10(span / TICKS))
    return next(size * each for each in (1, 2, 5, 10) if size * each >= span / TICKS * 0.999)


def thinned(values: list[list[float]], most: int) -> list[list[float]]:
    """Of a table that is read: so many rows at most, equally far apart, with the last one."""
    kept: NDArray[np.intp] = np.unique(np.linspace(0, len(values) - 1, most).round().astype(int))
    return [values[number] for number in kept]
