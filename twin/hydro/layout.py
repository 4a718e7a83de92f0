"""A case laid out for the kernel: arrays with a ring of wall, cells beyond open edges, tiles of the area, blocks of rows."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.hydro.case import Case, Curve, Edge, Side
from twin.hydro.errors import NothingToCompute
from twin.hydro.kernel import Reals, Spans, Work
from twin.hydro.pipes import Pipes
from twin.hydro.scheme import BAND, ENOUGH, GRAVITY, HALO, RING, TILE, WALL
from twin.hydro.upkeep import Ghosts, Sources

MM_PER_HOUR = 1 / 3.6e6  # m/s


@dataclass(frozen=True)
class Layout:
    """Everything about a run that doesn't change while it goes on."""

    case: Case
    real: Any
    whole: Any
    lowest: float  # m; heights are counted from here, which leaves more digits
    z: Reals
    drag: Reals
    sources: Sources
    ghosts: Ghosts
    levels: tuple[Curve, ...]
    pipes: Pipes
    always: NDArray[np.uint8]  # tiles that water may enter from outside
    everywhere: Spans  # tiles of the area

    @property
    def shape(self) -> tuple[int, int]:
        return self.z.shape[0], self.z.shape[1]


def lay_out(case: Case) -> Layout:
    real, whole = (np.float64, np.int64) if case.double else (np.float32, np.int32)
    lowest = float(case.terrain[case.active].min())
    z = _padded(np.where(case.active, case.terrain - lowest, WALL), WALL, real)
    drag = _padded(np.broadcast_to(_drag(case), case.terrain.shape), 0.0, real)
    pattern = 1.0 if case.rain is None or case.rain.pattern is None else case.rain.pattern
    soak = np.asarray(case.infiltration) * MM_PER_HOUR
    sources = Sources(
        _padded(np.where(case.active, pattern, 0.0), 0.0, real).reshape(-1),
        _padded(np.where(case.active, soak, 0.0), 0.0, real).reshape(-1),
    )
    active = _padded(case.active, False, np.bool_)
    ghosts, levels = _ghosts(case, z, drag, active)
    always = np.zeros(_tiles(z.shape), np.uint8)
    for cell in ghosts.cell[ghosts.level >= 0]:
        row, column = divmod(int(cell), z.shape[1])
        always[row // BAND, column // TILE] = 1
    for inflow in case.inflows:
        always[(np.array(inflow.rows) + RING) // BAND, (np.array(inflow.columns) + RING) // TILE] = 1
    for pipe in case.pipes:
        for row, column in pipe.ends:
            always[(row + RING) // BAND, (column + RING) // TILE] = 1
    return Layout(
        pipes=_pipes(case, lowest, z.shape[1]), case=case, real=real, whole=whole, lowest=lowest, z=z, drag=drag, sources=sources, ghosts=ghosts, levels=tuple(Curve(each.times, tuple(v - lowest for v in each.values)) for each in levels),
        always=always, everywhere=_area_spans(active),
    )  # fmt: skip


def _pipes(case: Case, lowest: float, width: int) -> Pipes:
    ends = np.array([each.ends for each in case.pipes], np.int64).reshape(-1, 2, 2) + RING
    beds = np.array([each.beds for each in case.pipes], float).reshape(-1, 2) - lowest
    limits = [np.array([getattr(each, name) for each in case.pipes], float) for name in ("diameter", "most")]
    return Pipes(ends[..., 0] * width + ends[..., 1], beds, *limits)


def _drag(case: Case) -> NDArray[Any]:
    manning = np.where(case.active, case.manning, 0.0)
    return GRAVITY / 2 * manning**2


def _padded(values: NDArray[Any], outside: Any, dtype: Any) -> NDArray[Any]:
    out = np.full((values.shape[0] + 2 * RING, values.shape[1] + 2 * RING), outside, dtype)
    out[RING:-RING, RING:-RING] = values
    return out


def inner(values: NDArray[Any]) -> NDArray[Any]:
    return values[RING:-RING, RING:-RING]


def _tiles(shape: tuple[int, ...]) -> tuple[int, int]:
    return -(-shape[0] // BAND), -(-shape[1] // TILE)


def no_spans(shape: tuple[int, int]) -> Spans:
    bands, tiles = _tiles(shape)
    many = tiles // 2 + 1
    return Spans(
        np.zeros(bands, np.int32), np.zeros((bands, many), np.int32), np.zeros((bands, many), np.int32)
    )


def _area_spans(active: NDArray[np.bool_]) -> Spans:
    bands, tiles = _tiles(active.shape)
    whole = np.zeros((bands * BAND, tiles * TILE), bool)
    whole[: active.shape[0], : active.shape[1]] = active
    used = np.asarray(whole.reshape(bands, BAND, tiles, TILE).any(axis=(1, 3)))
    spans = no_spans((active.shape[0], active.shape[1]))
    for band in range(bands):
        edges = np.flatnonzero(np.diff(used[band].astype(np.int8), prepend=0, append=0))
        firsts, lasts = edges[::2] * TILE, edges[1::2] * TILE
        spans.number[band] = len(firsts)
        spans.first[band, : len(firsts)] = np.maximum(firsts, 2)
        spans.last[band, : len(lasts)] = np.minimum(lasts, active.shape[1] - 2)
    return spans


def _ghosts(case: Case, z: Reals, drag: Reals, active: NDArray[np.bool_]) -> tuple[Ghosts, list[Curve]]:
    """Cells beyond the open edges, and their levels; their bed and friction are written into z and drag."""
    width = z.shape[1]
    found, levels = _beyond(case, active)
    count = len(found)
    cell = np.array([each.ghost for each in found], np.int64)
    numbers = np.array([each.level for each in found], np.int64)
    along = np.array([each.edge.side in (Side.EAST, Side.WEST) for each in found], np.bool_)
    near, faces, drop = np.full((count, 4), -1, np.int64), np.full((count, 2), -1, np.int64), np.zeros(count)
    for k, each in enumerate(found):
        g = each.ghost
        beside = [n for n in (g - width, g + 1, g + width, g - 1) if active.flat[n]]
        near[k, : len(beside)] = beside
        drop[k] = 0.0 if each.level >= 0 else each.edge.fall * case.cell
        z.flat[g] = (z.flat[each.owner] if each.level >= 0 else z.flat[beside].min()) - drop[k]
        drag.flat[g] = drag.flat[each.owner]
        towards, away = _faces(each.edge.side, g, width)
        faces[k] = towards, -1 if active.flat[2 * g - each.owner] else away
    return Ghosts(
        cell, near, numbers, drop, faces[:, 0].copy(), faces[:, 1].copy(), along, np.zeros(count)
    ), levels


class _Beyond(NamedTuple):
    ghost: int
    edge: Edge
    owner: int  # the cell of the area whose edge it is
    level: int  # number of its level, -1: none


def _beyond(case: Case, active: NDArray[np.bool_]) -> tuple[list[_Beyond], list[Curve]]:
    width = active.shape[1]
    found: dict[int, _Beyond] = {}
    levels: list[Curve] = []
    for edge in case.edges:
        number = -1
        if edge.level is not None:
            number = len(levels)
            levels.append(edge.level)
        near = active if edge.cells is None else active & _padded(edge.cells, False, np.bool_)
        step = edge.side.value[0] * width + edge.side.value[1]
        cells = np.flatnonzero(near)
        cells = cells[~active.flat[cells + step]]
        if not cells.size:
            raise NothingToCompute(f"The area has no cell that is open to the {edge.side.name.lower()}.")
        for cell in cells.tolist():
            found.setdefault(cell + step, _Beyond(cell + step, edge, cell, number))
    return list(found.values()), levels


def _faces(side: Side, ghost: int, width: int) -> tuple[int, int]:
    """Faces of a cell beyond an edge: towards the area, and away from it."""
    if side is Side.EAST:
        return ghost, ghost + 1
    if side is Side.WEST:
        return ghost + 1, ghost
    if side is Side.NORTH:
        return ghost + width, ghost
    return ghost, ghost + width


def roomy(values: Reals, blocks: int) -> tuple[Reals, Reals]:
    """A copy of a field with room for the neighbours' rows of so many blocks after it: flat and whole, and the field itself in it."""
    whole = np.zeros(values.size + blocks * HALO * values.shape[1], values.dtype)
    field = whole[: values.size].reshape(values.shape)
    field[...] = values
    return whole, field


def work_of(layout: Layout) -> Work:
    width = layout.shape[1]
    return Work(*(np.zeros(n * width, layout.real) for n in (3, 3, 3, 3, 1)))


def blocks_of(spans: Spans, rows: int, threads: int) -> list[tuple[int, int]]:
    """Rows [2, rows - 2) in at most so many blocks of whole bands, each with about as much to do."""
    used = np.arange(spans.first.shape[1]) < spans.number[:, None]
    weight = np.cumsum((spans.last - spans.first).sum(axis=1, where=used))
    threads = min(threads, int(weight[-1]) * BAND // ENOUGH + 1)
    cuts = (np.searchsorted(weight, weight[-1] * np.arange(1, threads) / threads) + 1) * BAND
    edges = sorted({2, rows - 2, *(int(cut) for cut in cuts if 2 < cut < rows - 2)})
    return list(zip(edges, edges[1:], strict=False))
